"""Reads the file of units in force and compares it with what is there; writing is `load_units` in services."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from units.models import Unit
from vietnamese.letters import nfc

COLUMNS = [
    "source_key", "name", "area_name", "abbr", "kind", "gso_code", "since", "place", "superior_lines",
    "header_lines", "head_title", "deputy_title", "base_union", "source_note",
]  # fmt: skip

# Not verified: recorded in the source note, and no union until Sở Nội vụ confirms one.
UNION_WORDS = ("co", "khong", "chua_xac_minh")


class BrokenFile(Exception):
    """One sentence: file, line, what is wrong. Nothing of the file has been loaded."""


@dataclass(frozen=True)
class UnitRow:
    line: int
    source_key: str
    name: str
    area_name: str
    abbr: str
    kind: str
    gso_code: str
    since: date
    place: str
    superior_lines: list[str]
    header_lines: list[str]
    head_title: str
    deputy_title: str
    has_union: bool
    source_note: str

    @property
    def is_root(self) -> bool:
        return self.kind == Unit.Kind.PROVINCE


def read(path: Path) -> list[UnitRow]:
    """All rows, checked. Raises BrokenFile naming file, line and fault."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(_rows(csv.DictReader(file, strict=True), path.name))
    except UnicodeDecodeError as error:
        raise BrokenFile(f"{path.name}: không phải văn bản UTF-8 (byte thứ {error.start}).") from error
    except csv.Error as error:
        raise BrokenFile(f"{path.name}: tệp CSV hỏng: {error}.") from error
    _refuse_repeats(rows, path.name)
    if sum(row.is_root for row in rows) != 1:
        raise BrokenFile(f"{path.name}: phải có đúng một đơn vị cấp tỉnh, thành phố.")
    return rows


def _rows(reader: csv.DictReader, name: str) -> Iterator[UnitRow]:
    if reader.fieldnames != COLUMNS:
        raise BrokenFile(f"{name}, dòng 1: các cột phải là {', '.join(COLUMNS)}.")
    for cells in reader:
        yield _row(
            {key: nfc(value or "") for key, value in cells.items() if key}, name, reader.line_num, cells
        )


def _row(cells: dict[str, str], name: str, line: int, raw: dict) -> UnitRow:
    def wrong(what: str) -> BrokenFile:
        return BrokenFile(f"{name}, dòng {line}: {what}.")

    if None in raw or None in raw.values():
        raise wrong("số ô không khớp với dòng tiêu đề")
    for required in ("source_key", "name", "abbr", "head_title"):
        if not cells[required]:
            raise wrong(f"cột {required} để trống")
    if cells["kind"] not in Unit.Kind.values:
        raise wrong(f"không có loại đơn vị “{cells['kind']}”")
    if cells["base_union"] not in UNION_WORDS:
        raise wrong(f"cột base_union phải là một trong {', '.join(UNION_WORDS)}")
    try:
        since = date.fromisoformat(cells["since"])
    except ValueError as error:
        raise wrong(f"“{cells['since']}” không phải ngày (năm-tháng-ngày)") from error
    known = {
        key: cells[key] for key in ("source_key", "name", "area_name", "abbr", "kind", "gso_code", "place")
    }
    return UnitRow(
        line=line,
        since=since,
        superior_lines=_lines(cells["superior_lines"]),
        header_lines=_lines(cells["header_lines"]),
        head_title=cells["head_title"],
        deputy_title=cells["deputy_title"],
        has_union=cells["base_union"] == "co",
        source_note=cells["source_note"],
        **known,
    )


def _lines(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("|") if part.strip()]


def _refuse_repeats(rows: list[UnitRow], name: str) -> None:
    first: dict[str, int] = {}
    for row in rows:
        if row.source_key in first:
            raise BrokenFile(
                f"{name}, dòng {row.line}: mã {row.source_key} đã có ở dòng {first[row.source_key]}."
            )
        first[row.source_key] = row.line
