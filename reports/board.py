"""Where every unit stands in a round: who owes a report, who has sent one, who is late. Constant queries."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from reports.deadlines import days_late, days_overdue
from reports.models import ReportingRound, UnitReport
from units import tree
from units.models import Placement, Post, Unit, User

NOT_BEGUN = "none"
SENT = frozenset({UnitReport.Status.SUBMITTED, UnitReport.Status.ACCEPTED})
TONES = {
    NOT_BEGUN: "none",
    UnitReport.Status.DRAFT: "waiting",
    UnitReport.Status.PRESENTED: "waiting",
    UnitReport.Status.SUBMITTED: "done",
    UnitReport.Status.RETURNED: "late",
    UnitReport.Status.ACCEPTED: "done",
}
LEGEND = {"done": "đã gửi", "waiting": "đang lập", "late": "quá hạn hoặc bị trả lại", "none": "chưa bắt đầu"}
BLOCKS = [
    ("Sở, ban, ngành", {Unit.Kind.PROVINCE, Unit.Kind.SPECIALISED, Unit.Kind.ADMINISTRATIVE}),
    ("Đơn vị sự nghiệp", {Unit.Kind.PUBLIC_SERVICE}),
    ("Phường", {Unit.Kind.WARD}),
    ("Xã", {Unit.Kind.COMMUNE}),
    ("Đơn vị khác", set()),
]


@dataclass(frozen=True, kw_only=True)
class Owed:
    """A report one unit owes in one round, begun or not.

    `days_late` counts to the first sending, which a return does not undo; for one never sent, to the day asked about.
    """

    unit: Unit
    report: UnitReport | None
    days_late: int

    @property
    def state(self) -> str:
        """A UnitReport.Status, or NOT_BEGUN."""
        return self.report.status if self.report else NOT_BEGUN

    @property
    def is_sent(self) -> bool:
        """Sent and not returned."""
        return self.state in SENT

    @property
    def is_missing(self) -> bool:
        return not self.is_sent

    @property
    def tone(self) -> str:
        return "late" if self.is_missing and self.days_late else TONES[self.state]

    @property
    def word(self) -> str:
        """ "Chưa bắt đầu, quá hạn 3 ngày", "Đã tiếp nhận, gửi muộn 2 ngày"."""
        said = "Chưa bắt đầu" if self.state == NOT_BEGUN else str(UnitReport.Status(self.state).label)
        if not self.days_late:
            return said
        late = "gửi muộn" if self.report and self.report.first_sent_at else "quá hạn"
        return f"{said}, {late} {self.days_late} ngày"


@dataclass(frozen=True, kw_only=True)
class Standing(Owed):
    """Where a unit stands among all of a round; `branch` is the first-level unit above it, or itself."""

    is_first_level: bool
    branch: Unit | None

    @property
    def branch_id(self) -> int | None:
        return self.branch.pk if self.branch else None


@dataclass(frozen=True, kw_only=True)
class Call(Owed):
    """What a round asks of one of the user's own units."""

    reporting_round: ReportingRound


@dataclass(frozen=True)
class Tally:
    """n/N of all owing units and of the first level alone."""

    sent: int
    total: int
    first_level_sent: int
    first_level_total: int


def standing(reporting_round: ReportingRound, on: date) -> list[Standing]:
    """Every unit that owes a report on the due day, in Vietnamese order, as it stands on `on`; two queries."""
    members = tree.load(reporting_round.due_on)
    reports = {report.unit_id: report for report in UnitReport.objects.filter(round=reporting_round)}
    root = members.root
    found = []
    for unit in members.owing("report_duty"):
        report = reports.get(unit.pk)
        branch_id = members.branch(unit.pk)
        found.append(
            Standing(
                unit=unit,
                is_first_level=root is not None and members.placements[unit.pk].parent_id == root.pk,
                branch=members.placements[branch_id].unit if branch_id else None,
                report=report,
                days_late=_lateness(reporting_round, report, on),
            )
        )
    return found


def tally(standings: Iterable[Standing]) -> Tally:
    rows = list(standings)
    first = [row for row in rows if row.is_first_level]
    return Tally(
        sent=sum(row.is_sent for row in rows),
        total=len(rows),
        first_level_sent=sum(row.is_sent for row in first),
        first_level_total=len(first),
    )


def strips(standings: Iterable[Standing]) -> list[dict[str, Any]]:
    """One strip for each block of first-level units, and one for the units below them that report themselves."""
    blocks: dict[tuple[int, bool], list[Standing]] = {}
    for row in standings:
        blocks.setdefault((_block(row.branch or row.unit), not row.is_first_level), []).append(row)
    found = []
    for (place, is_below), rows in sorted(blocks.items()):
        label = BLOCKS[place][0]
        rows.sort(key=lambda row: (row.branch.sort_key if row.branch else "", row.unit.sort_key))
        found.append(
            {"label": f"{label}: đơn vị trực thuộc" if is_below else label, "cells": [*map(_cell, rows)]}
        )
    return found


def _block(unit: Unit) -> int:
    return next((place for place, (_, kinds) in enumerate(BLOCKS) if unit.kind in kinds), len(BLOCKS) - 1)


def _cell(row: Standing) -> dict[str, str]:
    """A report that was sent opens; of one being written only the state is known, so the unit opens."""
    is_seen = row.is_sent or row.state == UnitReport.Status.RETURNED
    url = (row.report if row.report and is_seen else row.unit).get_absolute_url()
    return {"name": row.unit.name, "url": url, "tone": row.tone, "word": row.word}


def legend(standings: Iterable[Standing]) -> list[dict[str, str]]:
    rows = list(standings)
    counts = Counter(row.tone for row in rows)
    return [
        {
            "tone": tone,
            "word": word,
            "count": f"{counts[tone]}/{len(rows)}" if tone == "done" else str(counts[tone]),
        }
        for tone, word in LEGEND.items()
    ]


def calls(user: User) -> list[Call]:
    """What is asked of the units where the user is head or clerk, newest round first; three queries."""
    on = user.today
    own = {post.unit_id: post.unit for post in user.posts_of(Post.Kind.HEAD, Post.Kind.CLERK)}
    if not own:
        return []
    rounds = list(ReportingRound.objects.filter(opens_on__lte=on).order_by("-due_on", "code"))
    placements = list(
        Placement.objects.filter(unit_id__in=own, in_scope=True, report_duty=Placement.Duty.OWN)
    )
    reports = {
        (report.round_id, report.unit_id): report
        for report in UnitReport.objects.filter(unit_id__in=own, round__in=rounds)
    }
    return [
        Call(
            unit=own[placed.unit_id],
            report=report,
            days_late=_lateness(asked, report, on),
            reporting_round=asked,
        )
        for asked in rounds
        for placed in placements
        if placed.holds(asked.due_on)
        for report in [reports.get((asked.pk, placed.unit_id))]
    ]


def _lateness(reporting_round: ReportingRound, report: UnitReport | None, on: date) -> int:
    if report is not None and report.first_sent_at:
        return days_late(reporting_round, report.first_sent_at)
    return days_overdue(reporting_round, on)
