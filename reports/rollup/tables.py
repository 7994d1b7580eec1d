"""The tables in the text: results beside last year's, pledges by block, targets."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from documents.layout import Column, Row, Table
from reports.rollup.facts import DATE, YES_NO, Facts, Total
from reports.rollup.targets import Outcome, aim
from vietnamese.numbers import SMALL_COUNT, percent

BLOCKS = {"agencies": "Sở, ban, ngành", "communes": "Xã, phường", "services": "Đơn vị sự nghiệp"}
COVERAGE = "Số đơn vị có số liệu"
NO_RATE = "–"
PART_OF = "Trong đó"
NOTHING_HAPPENED = "Nội dung, hình thức không phát sinh thì không nêu trong bảng."


def results(facts: Facts, codes: Sequence[str]) -> Table:
    """These indicators, this year and last, each with n/N đơn vị."""
    years = [f"Năm {facts.year}", f"Năm {facts.last_year}"]
    columns = [Column("Chỉ tiêu", 69, heading=True), Column("Đơn vị tính", 18, "center")]
    for year in years[: 2 if facts.last else 1]:
        columns += [Column("Kết quả", 18, "right", group=year), Column(COVERAGE, 21, "center", group=year)]
    shown = [code for code in codes if not _is_an_empty_part(facts, code)]
    note = "" if len(shown) == len(codes) else NOTHING_HAPPENED
    return Table(caption="", columns=tuple(columns), rows=tuple(_result_rows(facts, shown)), note=note)


def _is_an_empty_part(facts: Facts, code: str) -> bool:
    """A breakdown (“Trong đó …”) with nothing in it, this year or last; the annex has it all the same."""
    is_part = facts.indicators[code]["label"].startswith(PART_OF)
    return is_part and not (facts.total(code).value or facts.last_total(code).value)


def _result_rows(facts: Facts, codes: Sequence[str]) -> Iterable[Row]:
    for code in codes:
        indicator = facts.indicators[code]
        totals = [facts.total(code), facts.last_total(code)][: 2 if facts.last else 1]
        cells = [indicator["label"], measure(indicator)]
        for total in totals:
            cells += [total.figure, total.coverage]
        yield Row(tuple(cells))


def measure(indicator: Mapping[str, Any]) -> str:
    return "đơn vị" if indicator["kind"] in (YES_NO, DATE) else indicator["unit"]


def pledges(facts: Facts, target: Mapping[str, Any]) -> Table:
    """Who has pledged, by block, beside last year's whole; both sums are of the units that have both figures."""
    shown = [block for block in BLOCKS if facts.branches(block)]
    rows = [
        Row((BLOCKS[block], *_pledge_cells(facts.rate(target["code"], block), facts, block)))
        for block in shown
    ]
    rows.append(
        Row(("Toàn thành phố", *_pledge_cells(facts.rate(target["code"], *shown), facts, *shown)), "total")
    )
    if facts.last:
        part, whole, having = facts.last["rates"][target["code"]]
        cells = _cells(part, whole, having, facts.last["owing"])
        rows.append(Row((f"Năm {facts.last_year}, toàn thành phố", *cells)))
    return Table(
        caption="Kết quả ký cam kết theo khối",
        unit="Đơn vị tính: người",
        columns=(
            Column("Khối", 55, heading=True),
            Column("Tổng số", 25, "right"),
            Column("Đã có bản cam kết", 30, "right"),
            Column("Tỷ lệ", 25, "right"),
            Column(COVERAGE, 30, "center"),
        ),
        rows=tuple(rows),
    )


def _pledge_cells(rate: list[int], facts: Facts, *blocks: str) -> tuple[str, ...]:
    part, whole, having = rate
    return _cells(part, whole, having, sum(row["owing"] for block in blocks for row in facts.branches(block)))


def _cells(part: int, whole: int, having: int, owing: int) -> tuple[str, ...]:
    total, pledged = Total(whole, having, owing), Total(part, having, owing)
    return total.figure, pledged.figure, ratio(part, whole), total.coverage


def ratio(part: int, whole: int) -> str:
    """A percentage, unless the whole is a small count: then the counts beside it say more."""
    return percent(part, whole) if whole >= SMALL_COUNT else NO_RATE


def targets(facts: Facts, outcomes: Sequence[Outcome]) -> Table:
    columns = [
        Column("Chỉ tiêu", 37, heading=True),
        Column("Mức phấn đấu", 25),
        Column(f"Năm {facts.year}", 28),
    ]
    if facts.last:
        columns.append(Column(f"Năm {facts.last_year}", 28))
    columns += [Column("Thay đổi", 20), Column("Đánh giá", 29)]
    return Table(
        caption="",
        columns=tuple(columns),
        rows=tuple(_target_row(facts, outcome) for outcome in outcomes),
        note=(
            "Tử số và mẫu số được cộng từ các đơn vị có đủ cả hai số liệu. Chỉ đánh giá mức tăng, giảm khi ít nhất 80% "
            "đơn vị có số liệu ở cả hai năm và số đếm của năm trước từ 10 trở lên."
        ),
    )


def _target_row(facts: Facts, outcome: Outcome) -> Row:
    verdict = f"{outcome.word} ({outcome.why})" if outcome.why else str(outcome.word)
    last = (outcome.last.in_full,) if facts.last else ()
    return Row(
        (
            outcome.target["indicator"],
            aim(outcome.target),
            outcome.this.in_full,
            *last,
            outcome.change or "–",
            verdict,
        )
    )
