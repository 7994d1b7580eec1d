"""A grid becomes people: one entry for each row, or the faults of its cells."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from units.rosterfile import cells, days
from units.rosterfile.cells import Wrong
from units.rosterfile.columns import missing
from units.rosterfile.doubles import Doubles
from units.rosterfile.entries import Context, Entry, Known, Understood
from units.rosterfile.grid import Fault, Row, Sheet, Value, address
from units.rosterfile.habits import Typed, lost_zeros, turned_days
from units.rosterfile.places import Places
from units.rosterfile.surroundings import Surroundings
from vietnamese.keys import person_sort_key, search_key

__all__ = ["Context", "Entry", "Known", "Understood", "understand"]

# A file with more faults than this is put right column by column; the rest is told as a number.
MOST_FAULTS = 1000
NAME_PARTS = ("family_name", "middle_name", "given_name")
FAR_AHEAD = 60

_FOOT = re.compile(
    r"tong (cong|so)|cong( cong)?:?$|nguoi lap|thu truong|ghi chu|xac nhan|ky ten|noi nhan|danh sach|lap bieu"
    r"|ngay .{1,6} thang"
)
_NOT_READ = object()


def understand(sheet: Sheet, columns: Mapping[str, int], context: Context) -> Understood:
    """`columns` says in which column (from 0) each field of `columns.FIELDS` stands; see `columns.guess`."""
    if lacking := missing(columns, one_unit=context.own_unit is not None):
        listed = ", ".join(f"“{heading}”" for heading in lacking)
        line = sheet.headings_row
        fault = Fault(address(line, 0), line, "column_missing", f"Dòng tiêu đề thiếu cột {listed}.")
        return Understood([], [fault])
    if not sheet.rows:
        return Understood([], [Fault("", 0, "no_people", "Bảng chưa có người nào dưới dòng tiêu đề.")])
    return _Table(sheet, columns, context).understood()


class _Table:
    """One file on its way to people. Each distinct value of a column is worked out once."""

    def __init__(self, sheet: Sheet, columns: Mapping[str, int], context: Context):
        self.sheet, self.columns, self.context = sheet, dict(columns), context
        around = Surroundings(sheet, columns)
        self.faults, self.excused = around.faults, around.excused
        self.entries: list[Entry] = []
        self.keys: dict[str, tuple[str, str]] = {}
        self.readers: list[tuple[str, int | None, Callable[[Value], Any], dict]] = [
            (field, self.columns.get(field), read, {}) for field, read in self._readers(context).items()
        ]
        self.parts = [self.columns[part] for part in NAME_PARTS if part in self.columns]
        self.names: dict[tuple, str | Wrong] = {}

    @staticmethod
    def _readers(context: Context) -> dict[str, Callable[[Value], Any]]:
        """In the order of `Entry`, as `_entry` takes them."""
        places, on = Places(context), context.on
        ahead = date(on.year + FAR_AHEAD, 12, 31)
        return {
            "code": cells.personnel_code,
            "full_name": cells.name,
            "birth": lambda value: days.birth_year(value, on),
            "job_title": cells.job_title,
            "category": cells.category,
            "contract": places.contract,
            "contract_until": lambda value: days.day(value, on, ahead, what="Ngày hết hạn hợp đồng"),
            "since": lambda value: days.day(value, days.FIRST_SINCE, on, what="Ngày vào đơn vị"),
            "unit": places.unit,
        }

    def understood(self) -> Understood:
        for row in self.sheet.rows:
            self._read(row)
        self._judge_columns()
        raw = {row.line: row.cells for row in self.sheet.rows} if self.entries else {}
        birth = self.columns.get("birth")

        def raw_birth(line: int) -> Value:
            return raw[line][birth] if birth is not None and birth < len(raw[line]) else None

        self.faults += Doubles(self.context, self.columns, raw_birth).check(self.entries)
        bad = {fault.line for fault in self.faults}
        return Understood([entry for entry in self.entries if entry.line not in bad], self._told())

    def _told(self) -> list[Fault]:
        faults = sorted(self.faults, key=lambda fault: (fault.line, len(fault.cell), fault.cell))
        if len(faults) <= MOST_FAULTS:
            return faults
        more = f"Còn {len(faults) - MOST_FAULTS} lỗi khác. Hãy sửa các lỗi trên theo từng cột rồi tải lại."
        return [*faults[:MOST_FAULTS], Fault("", 0, "more_faults", more)]

    def _read(self, row: Row) -> None:
        values, width = row.cells, len(row.cells)
        found: list[Any] = []
        wrong: list[tuple[int, Wrong]] = []
        for field, column, read, cache in self.readers:
            if column is None:
                result = self._name_in_parts(row, wrong) if field == "full_name" else self._absent(field)
            else:
                value = values[column] if column < width else None
                key = value if type(value) is str else (type(value), value)
                result = cache.get(key, _NOT_READ)
                if result is _NOT_READ:
                    result = cache[key] = read(value)
                if type(result) is Wrong:
                    wrong.append((column, result))
            found.append(result)
        if not wrong:
            self._check_row(row, found)
        elif not self._strays(row, wrong):
            self._blame(row.line, wrong)

    def _absent(self, field: str) -> Any:
        if field == "unit":
            return self.context.own_unit
        return "" if field in ("code", "job_title") else None

    def _name_in_parts(self, row: Row, wrong: list[tuple[int, Wrong]]) -> str | Wrong:
        """The name of two or three columns; what is wrong stands at the part that is, else at the given name."""
        parts = tuple(row.cells[column] if column < len(row.cells) else None for column in self.parts)
        if (name := self.names.get(parts)) is not None and isinstance(name, str):
            return name
        for column, part in zip(self.parts, parts, strict=True):
            middle = column == self.columns.get("middle_name")
            if not (middle and part is None) and isinstance(result := cells.name(part), Wrong):
                wrong.append((column, result))
                return result
        whole = cells.name(" ".join(str(part) for part in parts if part is not None))
        if isinstance(whole, Wrong):
            wrong.append((self.columns["given_name"], whole))
        self.names[parts] = whole
        return whole

    def _blame(self, line: int, wrong: list[tuple[int, Wrong]]) -> None:
        excused = self.excused.get(line, ())
        for column, (code, message) in wrong:
            if column not in excused:
                self.faults.append(Fault(address(line, column), line, code, message))

    def _strays(self, row: Row, wrong: list[tuple[int, Wrong]]) -> bool:
        """A row that is no person: numbers prepared for more rows are passed over, a note is told once."""
        if not any(result.code == "required" for _column, result in wrong):
            return False
        filled = [(column, value) for column, value in enumerate(row.cells) if value is not None]
        if not any(column in self.columns.values() for column, _value in filled) and all(
            str(value).strip(" .").isdigit() for _column, value in filled
        ):
            return True
        texts = [search_key(value) for _column, value in filled if isinstance(value, str)]
        if len(filled) == 1 or (len(filled) <= 3 and any(map(_FOOT.search, texts))):
            column, value = filled[0]
            self.faults.append(
                Fault(
                    address(row.line, column),
                    row.line,
                    "note_row",
                    f"Dòng này (“{str(value)[:40]}”) không phải là một người. Xóa tiêu đề phụ, dòng cộng, ghi "
                    "chú khỏi bảng.",
                )
            )
            return True
        return False

    def _check_row(self, row: Row, found: list[Any]) -> None:
        code, name, birth, title, category, contract, contract_until, since, unit = found
        line = row.line
        if contract_until is not None and contract is None and "contract" in self.columns:
            alone = Wrong("contract_without_kind", "Có ngày hết hạn nhưng chưa ghi loại hợp đồng.")
            return self._blame(line, [(self.columns["contract"], alone)])
        if (keys := self.keys.get(name)) is None:
            keys = self.keys[name] = (search_key(name), person_sort_key(name))
        self.entries.append(
            Entry(line, code, name, *keys, birth, title, category, contract, contract_until, since, unit)
        )
        return None

    def _judge_columns(self) -> None:
        column = self.columns["code"]
        codes = {entry.line: entry.code for entry in self.entries}
        for line, wrong in lost_zeros(codes, self.context.people):
            self._blame(line, [(column, wrong)])
        for field in ("since", "contract_until"):
            if (column := self.columns.get(field, -1)) < 0:
                continue
            cache = next(cache for name, _column, _read, cache in self.readers if name == field)
            if not any(isinstance(key, str) and isinstance(day, date) for key, day in cache.items()):
                continue
            typed = [
                Typed(row.line, value, cache.get(value if type(value) is str else (type(value), value)))
                for row in self.sheet.rows
                if len(row.cells) > column and (value := row.cells[column]) is not None
            ]
            for line, wrong in turned_days(typed):
                self._blame(line, [(column, wrong)])
