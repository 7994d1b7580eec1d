"""The annexes: figures of every first-level unit, who is missing, the units' words, and the source of every figure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from documents.layout import Annex, Block, Column, Paragraph, Row, Table
from reports.rollup import coverage, quotes
from reports.rollup.draft import Draft
from reports.rollup.facts import DATE, NO_VALUE, YES_NO, Facts, Total
from reports.rollup.tables import BLOCKS, measure
from vietnamese.dates import short_date
from vietnamese.numbers import grouped, roman

# Columns of figures that fit beside the units' names on a page turned across.
ACROSS = 8
NOT_APPLICABLE = "x"
LEGEND = (
    "Ghi chú: số trong ngoặc là số đơn vị có số liệu/số đơn vị phải báo cáo, ghi ở mọi dòng cộng "
    "và ở đơn vị chưa đủ số liệu. "
    "Dấu “…”: chưa có số liệu từ báo cáo được tiếp nhận. "
    "Ở cột “Có”, “Không”, đơn vị có báo cáo riêng của đơn vị trực thuộc ghi số trả lời “Có”/số đã trả lời. "
    "Dấu “x”: không phân theo đối tượng. Tổng số chỉ cộng báo cáo đã được tiếp nhận."
)


def keys(facts: Facts) -> list[str]:
    """Which annexes this roll-up has, in their order."""
    wanted = {
        "figures": True,
        "standing": coverage.needs_annex(facts),
        "words": bool(quotes.long_headings(facts)),
        "sources": True,
    }
    return [key for key, is_wanted in wanted.items() if is_wanted]


def names(facts: Facts) -> dict[str, str]:
    """The printed names, as `StatutoryPaper.annex_name` will give them."""
    return {key: f"Phụ lục {roman(place)}" for place, key in enumerate(keys(facts), start=1)}


def annexes(draft: Draft) -> tuple[Annex, ...]:
    makers = {"figures": figures, "standing": coverage.annex, "words": quotes.annex, "sources": sources}
    return tuple(makers[key](draft.facts) for key in draft.annexes)


def figures(facts: Facts) -> Annex:
    """First the whole by category, then every first-level unit, one table for each group of indicators."""
    blocks: list[Block] = [Paragraph(LEGEND, italic=True), _by_category(facts)]
    for title, codes in _groups(facts):
        happened = [code for code in codes if facts.total(code).value]
        blocks += (_by_branch(facts, title, part) for part in _chunks(happened))
        blocks += _nothing(facts, title, [code for code in codes if code not in happened])
    return Annex(f"Số liệu thực hiện Cuộc vận động năm {facts.year}", tuple(blocks))


def _nothing(facts: Facts, title: str, codes: Sequence[str]) -> list[Block]:
    """Columns in which nothing stands but zeros are said in one line."""
    if not codes:
        return []
    labels = "; ".join(
        f"{facts.indicators[code]['label']} ({facts.total(code).coverage} đơn vị)" for code in codes
    )
    return [Paragraph(f"{title}, không phát sinh hoặc chưa có số liệu: {labels}.", italic=True)]


def _by_category(facts: Facts) -> Table:
    categories = facts.manifest["categories"]
    columns = [
        Column("TT", 13, "center"),
        Column("Chỉ tiêu", 70, heading=True),
        Column("Đơn vị tính", 20, "center"),
        Column("Tổng số", 22, "right", group=f"Năm {facts.year}"),
        *(Column(row["label"], 20, "right", group=f"Năm {facts.year}") for row in categories),
        Column("Số đơn vị có số liệu", 20, "center", group=f"Năm {facts.year}"),
    ]
    if facts.last:
        columns += [
            Column("Tổng số", 20, "right", group=f"Năm {facts.last_year}"),
            Column("Số đơn vị có số liệu", 20, "center", group=f"Năm {facts.last_year}"),
        ]
    rows: list[Row] = []
    for title, codes in _groups(facts):
        rows.append(Row((title,), "group"))
        rows += (_whole_row(facts, code) for code in codes)
    return Table("Tổng hợp toàn thành phố", tuple(columns), tuple(rows), numbered=True)


def _whole_row(facts: Facts, code: str) -> Row:
    indicator, total, last = facts.indicators[code], facts.total(code), facts.last_total(code)
    parts = [
        facts.total(code, row["code"]).figure if indicator["by_category"] else NOT_APPLICABLE
        for row in facts.manifest["categories"]
    ]
    then = (last.figure, last.coverage) if facts.last else ()
    label, unit = indicator["label"], measure(indicator)
    return Row((indicator["number"], label, unit, total.figure, *parts, total.coverage, *then))


def _groups(facts: Facts) -> Iterator[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for code, row in facts.indicators.items():
        found.setdefault(row["annex_title"], []).append(code)
    yield from found.items()


def _chunks(codes: Sequence[str]) -> Iterator[Sequence[str]]:
    """Nearly equal parts of at most ACROSS columns."""
    if not codes:
        return
    parts = -(-len(codes) // ACROSS)
    size = -(-len(codes) // parts)
    yield from (codes[at : at + size] for at in range(0, len(codes), size))


def _by_branch(facts: Facts, title: str, codes: Sequence[str]) -> Table:
    columns = [
        Column("TT", 10, "center"),
        Column("Cơ quan, đơn vị, địa phương", 58, heading=True),
        *(_column(facts.indicators[code]) for code in codes),
    ]
    rows: list[Row] = []
    place = 0
    for block, name in BLOCKS.items():
        if members := facts.branches(block):
            rows.append(Row((name,), "group"))
            rows += (
                Row(_branch_cells(facts, row, codes, place + at)) for at, row in enumerate(members, start=1)
            )
            place += len(members)
            sums = (facts.block(block, code) for code in codes)
            rows.append(
                Row(("", f"Cộng {name.lower()}", *map(_sum, _indicators(facts, codes), sums)), "total")
            )
    whole = map(_sum, _indicators(facts, codes), (facts.total(code) for code in codes))
    rows.append(Row(("", "Toàn thành phố", *whole), "total"))
    return Table(title, tuple(columns), tuple(rows))


def _indicators(facts: Facts, codes: Sequence[str]) -> Iterable[Mapping[str, Any]]:
    return (facts.indicators[code] for code in codes)


def _column(indicator: Mapping[str, Any]) -> Column:
    unit = f" ({indicator['unit']})" if indicator["unit"] else ""
    return Column(
        f"{indicator['label']}{unit}", 23, "center" if indicator["kind"] in (YES_NO, DATE) else "right"
    )


def _branch_cells(facts: Facts, row: Mapping[str, Any], codes: Sequence[str], place: int) -> tuple[str, ...]:
    return str(place), row["name"], *(_cell(facts, row, code) for code in codes)


def _cell(facts: Facts, row: Mapping[str, Any], code: str) -> str:
    """The branch's figure; with n/N where some of its units have none."""
    total, kind = facts.branch(row, code), facts.indicators[code]["kind"]
    if not total.having:
        return NO_VALUE
    if kind == DATE:
        return _day(facts, row, code)
    if kind == YES_NO:
        return _yes_or_no(total)
    return total.in_full if total.having < total.owing else total.figure


def _yes_or_no(total: Total) -> str:
    """The one unit's answer; of several, how many of those that answered said yes."""
    if total.owing == 1:
        return "Có" if total.value else "Không"
    return f"{grouped(total.value)}/{grouped(total.having)}"


def _day(facts: Facts, row: Mapping[str, Any], code: str) -> str:
    """The first-level unit's own date; how many gave one where it gave none itself."""
    days = facts.days.get(row["key"], {})
    return short_date(days[code]) if code in days else facts.branch(row, code).coverage


def _sum(indicator: Mapping[str, Any], total: Total) -> str:
    return total.coverage if indicator["kind"] == DATE else total.in_full


def sources(facts: Facts) -> Annex:
    """Which version of which report every figure comes from."""
    columns = (
        Column("TT", 12, "center"),
        Column("Báo cáo của", 75, heading=True),
        Column("Bản gửi", 16, "center"),
        Column("Mã nội dung", 34),
        Column("Số ô có số liệu", 14, "right"),
        Column("Số ô đơn vị tự điền thay số hệ thống đếm", 24, "right"),
    )
    names = {row["key"]: facts.full_name(row) for row in facts.units()}
    rows = tuple(
        Row(
            (
                str(place),
                names[row["unit"]],
                str(row["version"]),
                " ".join(row["sha256"][at : at + 4] for at in range(0, 12, 4)),
                grouped(row["figures"]),
                grouped(row["typed"]),
            )
        )
        for place, row in enumerate(facts.manifest["sources"], start=1)
    )
    note = "Mã nội dung: 12 ký tự đầu của mã băm SHA-256 niêm phong nội dung báo cáo khi gửi."
    return Annex("Nguồn số liệu", (Table("", columns, rows, note=note),), landscape=False)
