"""Rates as a file: every unit of a branch with its own people and with all below (rule R32)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ledger.sheets import CSV_TYPE, XLSX_TYPE, Cell, Table, write_csv, write_xlsx
from pledges.coverage import Coverage
from pledges.rates import Node, Rates, categories
from vietnamese.numbers import SMALL_COUNT, percent


@dataclass(frozen=True)
class Format:
    content_type: str
    write: Callable[[Table], bytes]


FORMATS = {"xlsx": Format(XLSX_TYPE, write_xlsx), "csv": Format(CSV_TYPE, write_csv)}
COUNTS = (
    ("Phải ký", "people"),
    ("Đã ký", "signed"),
    ("Đủ xác nhận", "complete"),
    ("Chờ người đứng đầu", "at_head"),
    ("Chờ công đoàn", "at_union"),
    ("Chưa ký lần nào", "none"),
    ("Bị trả lại", "returned"),
    ("Đã rút", "withdrawn"),
    ("Phải ký lại", "stale"),
    ("Không ký", "refused"),
    ("Trong đó bản giấy", "on_paper"),
    ("Trong đó tệp ký số", "in_file"),
    ("Được miễn, nghỉ dài ngày", "relieved"),
)
HEADINGS = (
    "Cấp",
    "Đơn vị",
    "Phạm vi",
    "Đối tượng",
    "Tại ngày",
    *(label for label, _name in COUNTS),
    "Tỷ lệ đã ký",
    "Tỷ lệ đủ xác nhận",
    "Đã ký, cùng ngày năm trước",
    "Phải ký, cùng ngày năm trước",
)
WIDTHS = (6, 52, 22, 18, 12)


def rate_file(found: Rates, unit_id: int, kind: str) -> bytes:
    table = Table("Tỷ lệ ký cam kết", HEADINGS, _rows(found, unit_id), widths=WIDTHS)
    return FORMATS[kind].write(table)


def _rows(found: Rates, unit_id: int) -> Iterator[list[Cell]]:
    """Each unit with all below it, and by category; where units stand below it, also its own people."""
    for node in found.branch(unit_id):
        if not (node.total.people or node.total.relieved):
            continue
        yield _row(
            node, "Cả các đơn vị bên dưới" if node.has_below else "Đơn vị", "Tất cả", node.total, node.last
        )
        for label, part in categories(node):
            if part.people or part.relieved:
                yield _row(node, "Cả các đơn vị bên dưới" if node.has_below else "Đơn vị", label, part, None)
        if node.has_below and (node.own.people or node.own.relieved):
            yield _row(node, "Riêng đơn vị", "Tất cả", node.own, found.own_last(node.unit.pk))


def _row(node: Node, scope: str, label: str, found: Coverage, last: Coverage | None) -> list[Cell]:
    counts = [getattr(found, name) for _label, name in COUNTS]
    before = [last.signed, last.people] if last else [None, None]
    rates = [_rate(found.signed, found.people), _rate(found.complete, found.people)]
    return [node.depth + 1, node.unit.name, scope, label, found.on, *counts, *rates, *before]


def _rate(part: int, whole: int) -> str:
    """Empty under ten people: counts say it all."""
    return percent(part, whole) if whole >= SMALL_COUNT else ""
