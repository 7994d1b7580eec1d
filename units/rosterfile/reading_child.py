"""The process that reads a roster file, alone: no Django, no database, no network, no file of the portal.

It reads one job from standard input (a line of JSON, then the file's bytes), writes the grid to standard output as JSON
and leaves. Standard error carries one line of JSON saying why it could not. See `units.rosterfile.reading`.
"""

import ctypes
import gc
import io
import json
import math
import os
import resource
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from datetime import date, datetime
from itertools import islice
from typing import Any, NamedTuple

from units.rosterfile import columns, delimited, shape, workbook
from units.rosterfile.grid import Refused

CLONE_NEWNET = 0x40000000
COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
NOT_A_SHEET = "Tệp không phải là bảng tính hay tệp CSV. Hãy tải lên tệp .xlsx (hoặc .csv) chứa danh sách."
NO_HEADINGS = (
    "Không tìm thấy dòng tiêu đề của bảng trong 20 dòng đầu. Dòng tiêu đề cần có ít nhất “Số hiệu”, “Họ và tên”, "
    "“Đối tượng”; hãy dùng tệp mẫu của cổng."
)


class Candidate(NamedTuple):
    """A sheet that may be the roster: its rows from the first one on, and where its headings stand."""

    part: workbook.SheetPart
    sheet: Any
    headings_at: int
    known: int
    shape: Future[shape.Shape]


class Grid:
    """Rows as indexes into a list of distinct values: names of units repeat, and JSON has one way to say each."""

    def __init__(self, limits: dict):
        self.limits = limits
        self.values: list = [None]
        self.rows: list[list[int]] = []
        self.marks: list[list] = []
        # 1, 1.0 and True are one key of a dictionary, but not one value of a cell.
        self._index: dict = {"": 0, 1: _TWINS, 0: _TWINS}
        self._twins: dict[tuple[type, Any], int] = {}
        self._long: set[int] = set()

    def add(self, line: int, cells: list) -> None:
        codes: list[Any] = list(map(self._index.get, cells))
        for unknown in (None, _TWINS):
            while unknown in codes:
                at = codes.index(unknown)
                codes[at] = self._code(cells[at])
        while codes and not codes[-1]:
            codes.pop()
        if not codes:
            return
        if self._long and not self._long.isdisjoint(codes):
            self.marks += [[line, column, "long", ""] for column, at in enumerate(codes) if at in self._long]
        self.rows.append([line, *codes])
        if len(self.rows) > self.limits["rows"]:
            raise Refused(too_many_rows(self.limits))

    def _code(self, value) -> int:
        at = self._index.get(value)
        if at is None:
            at = self._index[value] = self._new(value)
        elif at == _TWINS:
            key = (type(value), value)
            at = self._twins[key] = self._twins[key] if key in self._twins else self._new(value)
        return at

    def _new(self, value) -> int:
        plain = as_json(value)
        if plain is None:
            return 0
        if isinstance(plain, str) and len(plain) > self.limits["text"]:
            plain = plain[: self.limits["text"]]
            self._long.add(len(self.values))
        self.values.append(plain)
        return len(self.values) - 1


_TWINS = -1


def as_json(value) -> Any:
    """A cell's value, None for an empty one; days as {"d": …}. A time of day alone is text: no column asks for one."""
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, float):
        if not math.isfinite(value):
            return str(value)
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, datetime):
        return {"d": value.date().isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    return value if value is None or isinstance(value, bool | int) else str(value)


def too_many_rows(limits: dict) -> str:
    return (
        f"Bảng có quá {limits['rows']} dòng. Hãy chia danh sách theo đơn vị thành nhiều tệp rồi tải từng tệp."
    )


def read_xlsx(content: bytes, limits: dict) -> dict:
    # The engine is loaded after the limits are set, and never in the portal's own processes.
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415

    book = workbook.open_workbook(content)
    try:
        opened = CalamineWorkbook.from_object(io.BytesIO(book.content))
        # The engine leaves the interpreter to others while it parses.
        with ThreadPoolExecutor(1) as beside:
            chosen, hidden = choose(list(candidates(book, opened, beside)))
            seen = chosen.shape.result()
    except CalamineError as error:
        raise Refused(workbook.NOT_WHOLE, repr(error)) from error
    first_line, last, width = chosen.sheet.start[0] + 1, chosen.sheet.end[0] + 1, chosen.sheet.end[1] + 1
    if last > limits["rows"] + columns.HEADING_ROWS:
        raise Refused(too_many_rows(limits))
    if width > limits["columns"]:
        raise Refused(
            f"Bảng có {width} cột, quá mức cho phép ({limits['columns']}). Hãy xóa các cột thừa bên phải bảng."
        )
    margin = [""] * chosen.sheet.start[1]
    rows = map(margin.__add__, own_rows(chosen.sheet)) if margin else own_rows(chosen.sheet)
    answer = grid_of(rows, first_line, chosen.headings_at, limits)
    merged = (chosen.sheet.merged_cell_ranges or [])[: shape.MOST]
    answer["marks"] += [[*place, *mark] for place, mark in seen.marks.items()]
    answer["merged"] = [[top + 1, left, bottom + 1, right] for (top, left), (bottom, right) in merged]
    return answer | {
        "name": chosen.part.name,
        "hidden_rows": seen.hidden_rows,
        "hidden_columns": seen.hidden_columns,
        "hidden_sheets": [candidate.part.name for candidate in hidden],
    }


def own_rows(sheet) -> Iterator[list]:
    """From the first row that holds anything; what the reader pads above it is left out."""
    rows = sheet.iter_rows()
    for _ in range(sheet.start[0]):
        next(rows)
    return rows


def candidates(book: workbook.Workbook, opened, beside: Executor) -> Iterator[Candidate]:
    readable = set(opened.sheet_names)
    for part in book.sheets:
        if part.name not in readable:
            continue
        shaped = beside.submit(shape_of, book, part)
        sheet = opened.get_sheet_by_name(part.name)
        if sheet.start is None:
            continue
        top = [[as_json(value) for value in row] for row in sheet.to_python(nrows=columns.HEADING_ROWS)]
        at = columns.find_headings(top)
        if at is not None:
            yield Candidate(part, sheet, at, len(columns.guess(columns.heading_texts(top[at]))), shaped)


def shape_of(book: workbook.Workbook, sheet: workbook.SheetPart) -> shape.Shape:
    return shape.shape_of(book.part(sheet.part))


def choose(found: list[Candidate]) -> tuple[Candidate, list[Candidate]]:
    """The one sheet whose headings are known, else the only one with headings; and rosters on hidden sheets."""
    visible = [candidate for candidate in found if not candidate.part.hidden]
    known = [candidate for candidate in visible if candidate.known >= 2]
    hidden = [candidate for candidate in found if candidate.part.hidden and candidate.known >= 3]
    if not known and hidden:
        names = listed(hidden)
        raise Refused(
            f"Danh sách nằm ở trang tính đang bị ẩn ({names}). Hãy bỏ ẩn (Unhide) rồi lưu và tải lại."
        )
    usable = known or visible
    if len(usable) > 1:
        raise Refused(
            f"Tệp có {len(usable)} trang tính cùng chứa bảng: {listed(usable)}. Hãy gộp thành một trang, hoặc lưu "
            "mỗi trang thành một tệp rồi tải từng tệp."
        )
    if not usable:
        raise Refused(NO_HEADINGS)
    return usable[0], hidden


def listed(found: list[Candidate]) -> str:
    names = [f"“{candidate.part.name[:40]}”" for candidate in found[:5]]
    return ", ".join(names) + (", …" if len(found) > 5 else "")


def grid_of(rows: Iterable[list], first_line: int, headings_at: int, limits: dict) -> dict:
    rows, grid = iter(rows), Grid(limits)
    *_title, heading = islice(rows, headings_at + 1)
    line = first_line + headings_at + 1
    for under in islice(rows, 1):
        if not columns.numbers_columns([as_json(value) for value in under]):
            grid.add(line, under)
    for below, row in enumerate(rows, line + 1):
        grid.add(below, row)
    headings = [text[: limits["text"]] for text in columns.heading_texts(map(as_json, heading))]
    while not headings[-1]:
        headings.pop()
    return {
        "name": "",
        "headings_row": first_line + headings_at,
        "headings": headings,
        "values": grid.values,
        "rows": grid.rows,
        "marks": grid.marks,
    }


def read_csv(content: bytes, limits: dict) -> dict:
    rows = delimited.read_delimited(content)
    top = [[as_json(value) for value in row] for row in rows[: columns.HEADING_ROWS]]
    at = columns.find_headings(top)
    if at is None:
        raise Refused(NO_HEADINGS)
    if max(map(len, rows)) > limits["columns"]:
        raise Refused(f"Bảng có hơn {limits['columns']} cột. Hãy xóa các cột thừa bên phải bảng.")
    return grid_of(rows, 1, at, limits)


def read(content: bytes, filename: str, limits: dict) -> dict:
    """By what the bytes are; the name only says what was meant."""
    if content.startswith(COMPOUND_FILE):
        old = f"Tệp ở kiểu Excel cũ (.xls), không phải .xlsx. {workbook.RESAVE}"
        raise Refused(workbook.LOCKED if ENCRYPTED in content else old)
    if content.startswith(b"PK"):
        return read_xlsx(content, limits)
    if content.startswith(b"%PDF-"):
        raise Refused(f"Tệp là bản PDF được đổi đuôi. {NOT_A_SHEET}")
    if filename.lower().endswith((".xlsx", ".xlsm")):
        raise Refused(workbook.NOT_WHOLE, "no zip")
    return read_csv(content, limits)


def confine(limits: dict) -> None:
    """Limits that the kernel holds; without a network where the system allows that to an ordinary process."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["cpu_seconds"], limits["cpu_seconds"]))
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory_bytes"], limits["memory_bytes"]))
    ctypes.CDLL(None).unshare(CLONE_NEWNET)
    gc.disable()


def main() -> None:
    job = json.loads(sys.stdin.buffer.readline())
    limits = job["limits"]
    confine(limits)
    try:
        answer = read(sys.stdin.buffer.read(), job["filename"], limits)
        body = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()
    except Refused as refusal:
        sys.stderr.write(json.dumps({"refused": [str(refusal), refusal.detail[:500]]}))
        sys.exit(3)
    except MemoryError:
        sys.stderr.write("MemoryError")
        sys.exit(4)
    sys.stdout.buffer.write(body)
    sys.stdout.buffer.flush()
    # Nothing to tidy: taking the grid apart costs more than it gives back.
    os._exit(0)


if __name__ == "__main__":
    main()
