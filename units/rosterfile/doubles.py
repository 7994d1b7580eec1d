"""Two rows that may be one person: nothing is merged, the file is asked."""

from collections.abc import Iterable, Iterator
from datetime import date

from units.rosterfile.entries import Context, Entry
from units.rosterfile.grid import Fault, Value, address


class Doubles:
    """`cells(line, field)` is what the file holds there; `columns` says where a fault stands."""

    def __init__(self, context: Context, columns, raw_birth):
        self.context, self.columns, self.raw_birth = context, columns, raw_birth

    def check(self, entries: Iterable[Entry]) -> Iterator[Fault]:
        by_code: dict[str, Entry] = {}
        by_name: dict[tuple, Entry] = {}
        for entry in entries:
            if entry.code and (first := by_code.setdefault(entry.code, entry)) is not entry:
                yield self._same_code(first, entry)
                continue
            key = (entry.search_key, entry.birth_year)
            namesake = by_name.setdefault(key, entry)
            if namesake is not entry and (fault := self._same_name(namesake, entry)):
                yield fault

    def _cell(self, entry: Entry, field: str) -> str:
        return address(entry.line, self.columns[field])

    def _name_cell(self, entry: Entry) -> str:
        return self._cell(entry, "full_name" if "full_name" in self.columns else "given_name")

    def _same_code(self, first: Entry, second: Entry) -> Fault:
        here, there = self._cell(second, "code"), self._cell(first, "code")
        return Fault(
            here,
            second.line,
            "code_twice",
            f"Số hiệu {second.code} ghi hai lần: ô {there} ({first.full_name}) và ô {here} ({second.full_name}). "
            "Sửa hoặc xóa một dòng.",
        )

    def _same_name(self, first: Entry, second: Entry) -> Fault | None:
        if self._told_apart(first, second):
            return None
        here, there = self._name_cell(second), self._name_cell(first)
        if first.code and second.code:
            return Fault(
                here,
                second.line,
                "person_twice",
                f"{second.full_name} trùng họ tên, năm sinh, đơn vị và chức danh với ô {there}, chỉ khác số hiệu. "
                "Nếu là một người, xóa một dòng; nếu là hai người, ghi ngày sinh đầy đủ ở cột năm sinh của cả hai.",
            )
        nameless = second if not second.code else first
        other = there if nameless is second else here
        return Fault(
            self._cell(nameless, "code"),
            nameless.line,
            "namesake_without_code",
            f"{nameless.full_name} không có số hiệu và trùng họ tên, năm sinh với ô {other}. Ghi số hiệu, hoặc xóa một "
            "dòng nếu là một người; nếu là hai người, ghi ngày sinh đầy đủ của cả hai.",
        )

    def _told_apart(self, first: Entry, second: Entry) -> bool:
        """By codes the portal knows, by full days of birth, by place; codes that are both new tell less."""
        if _differ(self.raw_birth(first.line), self.raw_birth(second.line)):
            return True
        same_unit = first.unit_id == second.unit_id
        if first.code and second.code:
            known = first.code in self.context.people and second.code in self.context.people
            same = same_unit and first.job_title == second.job_title and first.birth_year is not None
            return known or not same
        return not same_unit and first.birth_year is None


def _differ(first: Value, second: Value) -> bool:
    """Both are whole days, and not the same."""
    whole = all(
        isinstance(value, date) or (isinstance(value, str) and len(value) > 7) for value in (first, second)
    )
    return whole and first != second
