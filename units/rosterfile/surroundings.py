"""Faults of a sheet's shape, where it matters: merged and calculated cells, hidden rows and columns, twin headings."""

from collections.abc import Iterator, Mapping

from units.rosterfile.columns import heading_key
from units.rosterfile.grid import Fault, Merged, Sheet, address

_MARKS = {
    "formula": "Ô chứa công thức. Chép cột rồi dán lại dạng giá trị (Paste Special → Values).",
    "error": "Ô chứa lỗi của Excel ({detail}). Ghi lại giá trị đúng hoặc để trống.",
    "long": "Ô có quá 500 ký tự. Ghi gọn lại.",
}


class Surroundings:
    """`faults` stand at the cells; `excused` are the cells (by line) of which nothing more is said."""

    def __init__(self, sheet: Sheet, columns: Mapping[str, int]):
        self.sheet = sheet
        self.used = set(columns.values())
        self.excused: dict[int, set[int]] = {}
        self.faults = list(sheet.faults)
        self.faults += self._twin_headings()
        self.faults += self._hidden_columns()
        self.faults += self._hidden_rows()
        self.faults += self._merged()
        self.faults += self._marked()

    def _twin_headings(self) -> Iterator[Fault]:
        line = self.sheet.headings_row
        first: dict[str, int] = {}
        for column, heading in enumerate(self.sheet.headings):
            key = heading_key(heading)
            twin = first.setdefault(key, column)
            if key and twin != column and twin in self.used:
                yield Fault(
                    address(line, column),
                    line,
                    "heading_twice",
                    f"Hai cột cùng tên “{heading[:60]}” (ô {address(line, twin)} và {address(line, column)}). Xóa hoặc "
                    "đổi tên một cột.",
                )

    def _hidden_columns(self) -> Iterator[Fault]:
        line = self.sheet.headings_row
        for column in sorted(self.used & self.sheet.hidden_columns):
            yield Fault(
                address(line, column),
                line,
                "hidden_column",
                "Cột này đang bị ẩn. Bỏ ẩn (Unhide), kiểm tra rồi lưu lại.",
            )

    def _hidden_rows(self) -> Iterator[Fault]:
        if not self.sheet.hidden_rows:
            return
        lines = [row.line for row in self.sheet.rows]
        for first, last in self.sheet.hidden_rows:
            held = [line for line in lines if first <= line <= last]
            if held:
                block = (
                    address(held[0], 0) if len(held) == 1 else f"{address(held[0], 0)}:{address(held[-1], 0)}"
                )
                yield Fault(
                    block,
                    held[0],
                    "hidden_row",
                    f"{len(held)} dòng đang bị ẩn (do lọc hoặc ẩn dòng). Bỏ lọc, bỏ ẩn, kiểm tra rồi lưu lại.",
                )

    def _merged(self) -> Iterator[Fault]:
        """A title above the headings may be merged; what is merged in the table has one value for several cells."""
        last_row = self.sheet.rows[-1].line if self.sheet.rows else 0
        for block in self.sheet.merged:
            columns = set(range(block.first_column, block.last_column + 1)) & self.used
            if not columns or block.last_line < self.sheet.headings_row or block.first_line > last_row:
                continue
            if self._is_a_note(block):
                continue
            for line in range(block.first_line, min(block.last_line, last_row) + 1):
                self.excused.setdefault(line, set()).update(columns)
            first = address(block.first_line, block.first_column)
            last = address(block.last_line, block.last_column)
            yield Fault(
                f"{first}:{last}",
                block.first_line,
                "merged",
                f"Các ô {first}:{last} bị gộp. Bỏ gộp (Unmerge) và ghi giá trị vào từng ô.",
            )

    def _is_a_note(self, block: Merged) -> bool:
        """One line that holds nothing but this block is a note among the rows: said once, as that."""
        if block.first_line != block.last_line or block.first_line <= self.sheet.headings_row:
            return False
        row = next((row for row in self.sheet.rows if row.line == block.first_line), None)
        return row is None or sum(value is not None for value in row.cells) <= 1

    def _marked(self) -> Iterator[Fault]:
        for (line, column), mark in self.sheet.marks.items():
            if (
                column not in self.used
                or line <= self.sheet.headings_row
                or column in self.excused.get(line, ())
            ):
                continue
            self.excused.setdefault(line, set()).add(column)
            message = _MARKS[mark.kind].format(detail=mark.detail)
            yield Fault(address(line, column), line, mark.kind, message)
