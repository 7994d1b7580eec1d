"""Reads the files of units and of kinds of contract, row by row; writing is `load_units` in services."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from units.models import ContractKind, Unit
from vietnamese.letters import nfc

COLUMNS = [
    "source_key", "name", "area_name", "abbr", "kind", "gso_code", "since", "place", "superior_lines",
    "header_lines", "head_title", "deputy_title", "base_union", "source_note",
]  # fmt: skip

CONTRACT_COLUMNS = ["code", "name", "counts", "pledges", "order", "note"]
YES_NO = {"co": True, "khong": False}
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
    """All rows, checked: one of them is the province. Raises BrokenFile naming file, line and fault."""
    rows = described(path)
    if sum(row.is_root for row in rows) != 1:
        raise BrokenFile(f"{path.name}: phải có đúng một đơn vị cấp tỉnh, thành phố.")
    return rows


def described(path: Path) -> list[UnitRow]:
    """Rows of authorities and agencies with their titles and letterheads, whether they live or have ended."""
    rows = [_row(cells, path.name, line) for line, cells in table(path, COLUMNS)]
    _refuse_repeats(rows, path.name)
    return rows


def read_contracts(path: Path) -> list[ContractKind]:
    """Kinds of contract, unsaved. Raises BrokenFile naming file, line and fault."""
    found: dict[str, ContractKind] = {}
    for line, cells in table(path, CONTRACT_COLUMNS):
        fault = _contract_fault(cells, found)
        if fault:
            raise BrokenFile(f"{path.name}, dòng {line}: {fault}.")
        found[cells["code"]] = ContractKind(
            code=cells["code"],
            name=cells["name"],
            counts=YES_NO[cells["counts"]],
            pledges=YES_NO[cells["pledges"]],
            order=int(cells["order"]),
        )
    return list(found.values())


def _contract_fault(cells: dict[str, str], found: dict[str, ContractKind]) -> str:
    if not cells["code"] or not cells["name"] or not cells["order"].isdecimal():
        return "phải có mã, tên và số thứ tự"
    if cells["code"] in found:
        return f"mã {cells['code']} đã có ở dòng trên"
    if not {cells["counts"], cells["pledges"]} <= YES_NO.keys():
        return f"cột counts và pledges phải là một trong {', '.join(YES_NO)}"
    if cells["counts"] == "khong" and cells["pledges"] == "co":
        return "ai phải ký cam kết thì phải được tính vào số người"
    return ""


def table(path: Path, columns: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and cells of every row, NFC. Raises BrokenFile where the file is no such table."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            if reader.fieldnames != columns:
                raise BrokenFile(f"{path.name}, dòng 1: các cột phải là {', '.join(columns)}.")
            for cells in reader:
                if None in cells or None in cells.values():
                    raise BrokenFile(
                        f"{path.name}, dòng {reader.line_num}: số ô không khớp với dòng tiêu đề."
                    )
                yield reader.line_num, {key: nfc(value) for key, value in cells.items()}
    except UnicodeDecodeError as error:
        raise BrokenFile(f"{path.name}: không phải văn bản UTF-8 (byte thứ {error.start}).") from error
    except csv.Error as error:
        raise BrokenFile(f"{path.name}: tệp CSV hỏng: {error}.") from error


def day_of(cell: str) -> date:
    """Raises ValueError with what is wrong, to stand in a sentence."""
    try:
        return date.fromisoformat(cell)
    except ValueError as error:
        raise ValueError(f"“{cell}” không phải ngày (năm-tháng-ngày)") from error


def _row(cells: dict[str, str], name: str, line: int) -> UnitRow:
    def wrong(what: str) -> BrokenFile:
        return BrokenFile(f"{name}, dòng {line}: {what}.")

    for required in ("source_key", "name", "abbr", "head_title"):
        if not cells[required]:
            raise wrong(f"cột {required} để trống")
    if cells["kind"] not in Unit.Kind.values:
        raise wrong(f"không có loại đơn vị “{cells['kind']}”")
    if cells["base_union"] not in UNION_WORDS:
        raise wrong(f"cột base_union phải là một trong {', '.join(UNION_WORDS)}")
    try:
        since = day_of(cells["since"])
    except ValueError as error:
        raise wrong(str(error)) from error
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
