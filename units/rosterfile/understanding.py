"""A grid becomes people: one entry for each row, or the faults of its cells."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import compress
from typing import Any

from units.rosterfile import cells, days
from units.rosterfile.cells import Wrong
from units.rosterfile.columns import missing
from units.rosterfile.doubles import Doubles
from units.rosterfile.entries import Context, Entry, Understood
from units.rosterfile.grid import Fault, Row, Sheet, Value, address
from units.rosterfile.habits import Typed, lost_zeros, turned_days
from units.rosterfile.places import Places
from units.rosterfile.surroundings import Surroundings
from vietnamese.keys import person_sort_key, search_key

__all__ = ["Context", "Entry", "Understood", "understand"]

# A file with more faults than this is put right column by column; the rest is told as a number.
MOST_FAULTS = 1000
NAME_PARTS = ("family_name", "middle_name", "given_name")
FAR_AHEAD = 60

_FOOT = re.compile(
    r"tong (cong|so)|cong( cong)?:?$|nguoi lap|thu truong|ghi chu|xac nhan|ky ten|noi nhan|danh sach|lap bieu"
    r"|ngay .{1,6} thang"
)
# Of these no two values of different types are equal, so each is a key of its own.
_TOLD_APART = {str, int, date, type(None)}


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
    """One file on its way to people, column by column: each distinct value of a column is worked out once."""

    def __init__(self, sheet: Sheet, columns: Mapping[str, int], context: Context):
        self.sheet, self.columns, self.context = sheet, dict(columns), context
        around = Surroundings(sheet, columns)
        self.faults, self.excused = around.faults, around.excused
        self.entries: list[Entry] = []
        # By the row's place in the sheet: the columns that are wrong in it.
        self.wrong: dict[int, list[tuple[int, Wrong]]] = {}

    @staticmethod
    def _readers(context: Context) -> dict[str, Callable[[Value], Any]]:
        """In the order of `Entry`, which has the keys of the name besides."""
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
        found = {field: self._column(field, read) for field, read in self._readers(self.context).items()}
        self._without_kind(found["contract"], found["contract_until"])
        self._enter(list(found.values()))
        for at, wrong in self.wrong.items():
            if not self._strays(row := self.sheet.rows[at], wrong):
                self._blame(row.line, wrong)
        self._judge_columns(found)
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

    def _column(self, field: str, read: Callable[[Value], Any]) -> list[Any]:
        """What each row says in this field; `Wrong` where it says it wrongly."""
        column = self.columns.get(field)
        if column is None:
            return self._names_in_parts() if field == "full_name" else self._absent(field)
        found = _each_once(self._values(column), read)
        if Wrong in set(map(type, found)):
            for at, result in enumerate(found):
                if type(result) is Wrong:
                    self._mark(at, column, result)
        return found

    def _values(self, column: int) -> list[Value]:
        return [cells[column] if column < len(cells) else None for _line, cells in self.sheet.rows]

    def _mark(self, at: int, column: int, wrong: Wrong) -> None:
        self.wrong.setdefault(at, []).append((column, wrong))

    def _absent(self, field: str) -> list[Any]:
        nothing = "" if field in ("code", "job_title") else None
        return [self.context.own_unit if field == "unit" else nothing] * len(self.sheet.rows)

    def _names_in_parts(self) -> list[str | Wrong]:
        """Names of two or three columns; what is wrong stands at the part that is, else at the given name."""
        fields = [part for part in NAME_PARTS if part in self.columns]
        rows = list(zip(*(self._values(self.columns[part]) for part in fields), strict=True))
        names = {parts: _whole_name(dict(zip(fields, parts, strict=True))) for parts in set(rows)}
        for at, parts in enumerate(rows):
            part, name = names[parts]
            if isinstance(name, Wrong):
                self._mark(at, self.columns[part], name)
        return [names[parts][1] for parts in rows]

    def _without_kind(self, kinds: list[Any], ends: list[Any]) -> None:
        if "contract" not in self.columns:
            return
        alone = Wrong("contract_without_kind", "Có ngày hết hạn nhưng chưa ghi loại hợp đồng.")
        for at, (kind, end) in enumerate(zip(kinds, ends, strict=True)):
            if end is not None and kind is None and at not in self.wrong:
                self._mark(at, self.columns["contract"], alone)

    def _enter(self, columns: list[list[Any]]) -> None:
        """An entry for each row without fault; `columns` are those of `_readers`."""
        columns = [[row.line for row in self.sheet.rows], *columns]
        if self.wrong:
            sound = [at not in self.wrong for at in range(len(columns[0]))]
            columns = [list(compress(column, sound)) for column in columns]
        keys = _each_once(columns[2], self._keys_of)
        columns[3:3] = [key[0] for key in keys], [key[1] for key in keys]
        self.entries = list(map(Entry, *columns))

    def _keys_of(self, name: str) -> tuple[str, str]:
        return self.context.keys.get(name) or (search_key(name), person_sort_key(name))

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

    def _judge_columns(self, found: Mapping[str, list[Any]]) -> None:
        codes = {entry.line: entry.code for entry in self.entries}
        for line, wrong in lost_zeros(codes, self.context.people):
            self._blame(line, [(self.columns["code"], wrong)])
        for field in ("since", "contract_until"):
            column = self.columns.get(field)
            if column is None or str not in set(map(type, values := self._values(column))):
                continue
            cells_of_column = zip(self.sheet.rows, values, found[field], strict=True)
            typed = [Typed(row.line, raw, day) for row, raw, day in cells_of_column if raw is not None]
            for line, wrong in turned_days(typed):
                self._blame(line, [(column, wrong)])


def _each_once(values: Sequence[Any], read: Callable[[Any], Any]) -> list[Any]:
    """`read` of each value, called once for those that are the same: 1 and True are not, though equal."""
    if set(map(type, values)) <= _TOLD_APART:
        found = {value: read(value) for value in dict.fromkeys(values)}
        return [found[value] for value in values]
    keys = [(type(value), value) for value in values]
    found = {key: read(key[1]) for key in dict.fromkeys(keys)}
    return [found[key] for key in keys]


def _whole_name(parts: Mapping[str, Value]) -> tuple[str, str | Wrong]:
    """The name, or what is wrong and in which part."""
    for part, value in parts.items():
        nothing = part == "middle_name" and value is None
        if not nothing and isinstance(result := cells.name(value), Wrong):
            return part, result
    return "given_name", cells.name(" ".join(str(value) for value in parts.values() if value is not None))
