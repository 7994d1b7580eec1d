"""Who sent, who did not, who was late: the first page, and the annex when the lists are long."""

from collections.abc import Iterable, Mapping
from typing import Any

from documents.layout import Annex, Column, Paragraph, Row, Table
from reports.rollup.facts import EXCUSED, Facts
from vietnamese.numbers import grouped

# Up to this many units are named where they are counted; more of them stand in an annex.
NAMED = 10
STATES = {
    "accepted": "Đã tiếp nhận",
    "submitted": "Đã gửi, chờ tiếp nhận",
    "returned": "Bị trả lại, chưa gửi lại",
    "missing": "Chưa gửi",
    EXCUSED: "Được miễn trong kỳ này",
}
UnitRow = Mapping[str, Any]


def needs_annex(facts: Facts) -> bool:
    """Whether some list is too long for the text, or units below the first level have something to say."""
    below = [
        *facts.units("missing", "submitted", "returned", first_level=False),
        *facts.late(first_level=False),
    ]
    lists = [facts.units(state, first_level=True) for state in ("missing", "submitted", "returned", EXCUSED)]
    return bool(below) or any(len(rows) > NAMED for rows in [*lists, facts.late(first_level=True)])


def paragraphs(facts: Facts, annex: str) -> tuple[Paragraph, ...]:
    """The state of reporting, for the first page. `annex` is the name of the annex with the lists."""
    first = facts.owing(first_level=True)
    accepted = facts.units("accepted", first_level=True)
    said = [
        f"Có {grouped(len(first))} cơ quan, đơn vị, địa phương trực tiếp báo cáo qua "
        f"{facts.manifest['author']['name']}, hạn gửi hết ngày {facts.due_on}. Số liệu dưới đây tổng hợp từ báo cáo "
        f"đã được tiếp nhận của {grouped(len(accepted))}/{grouped(len(first))} đơn vị."
    ]
    said += [
        f"{label}: {named(facts.units(state, first_level=True), annex)}."
        for state, label in (
            ("missing", "Chưa gửi báo cáo"),
            ("submitted", "Đã gửi, đang chờ tiếp nhận, chưa đưa vào số liệu"),
            ("returned", "Bị trả lại, chưa gửi lại, chưa đưa vào số liệu"),
        )
        if state == "missing" or facts.units(state, first_level=True)
    ]
    if excused := facts.units(EXCUSED, first_level=True):
        said.append(
            f"Được miễn báo cáo trong kỳ này, không tính vào số đơn vị trên: {named(excused, annex)}."
        )
    said.append(f"Gửi sau hạn: {named(facts.late(first_level=True), annex)}.")
    said += _below(facts, annex)
    return tuple(Paragraph(text) for text in said)


def _below(facts: Facts, annex: str) -> list[str]:
    below = facts.owing(first_level=False)
    if not below:
        return []
    accepted = f"{grouped(len(facts.units('accepted', first_level=False)))}/{grouped(len(below))}"
    where = f" Đơn vị chưa có báo cáo được tiếp nhận và gửi sau hạn: {annex}." if annex else ""
    return [
        f"Trong {grouped(len(below))} đơn vị trực thuộc lập báo cáo riêng, {accepted} đơn vị có báo cáo "
        f"đã được tiếp nhận.{where} Số đơn vị có số liệu dưới đây tính trên {grouped(len(facts.owing()))} đơn vị "
        "của cả hai nhóm."
    ]


def named(rows: list[UnitRow], annex: str) -> str:
    """“3 đơn vị: A; B; C”; “không có”; or the number and the annex."""
    if not rows:
        return "không có"
    if len(rows) > NAMED:
        return f"{grouped(len(rows))} đơn vị (danh sách tại {annex})"
    return f"{grouped(len(rows))} đơn vị ({'; '.join(_with_days(row) for row in rows)})"


def _with_days(row: UnitRow) -> str:
    if reason := row.get("reason"):
        return f"{row['name']}: {reason}"
    return f"{row['name']}, muộn {row['days_late']} ngày" if row["days_late"] else row["name"]


def annex(facts: Facts) -> Annex:
    """All units, of every level, whose report is not accepted or came late."""
    wanted = [row for row in facts.units() if row["state"] != "accepted" or row["days_late"]]
    table = Table(
        caption="",
        columns=(
            Column("TT", 12, "center"),
            Column("Cơ quan, đơn vị, địa phương", 78, heading=True),
            Column("Tình trạng báo cáo", 47),
            Column("Gửi muộn (ngày)", 28, "right"),
        ),
        rows=tuple(_rows(facts, wanted)),
        note=f"Hạn gửi báo cáo: hết ngày {facts.due_on}; số ngày gửi muộn tính theo lần gửi đầu tiên.",
    )
    return Annex("Đơn vị chưa gửi, gửi muộn, chờ tiếp nhận báo cáo", (table,), landscape=False)


def _rows(facts: Facts, wanted: list[UnitRow]) -> Iterable[Row]:
    for place, row in enumerate(wanted, start=1):
        days = grouped(row["days_late"]) if row["days_late"] else ""
        yield Row((str(place), facts.full_name(row), STATES[row["state"]], days))
