"""Where every unit stands in a round: who owes a report, who has sent one, who is late or excused. Constant queries.

Units in force on the due day owe. One that ended before it is named with its heirs (`ended`) and counts nowhere; one
that ended since still owes and is named with its heirs. What a unit had sent under an earlier name counts for it, and
what passed to an heir counts for the unit that owed it, so a report is never counted twice (see `reports.movers`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from reports.deadlines import days_late, days_overdue
from reports.models import ReportingRound, UnitReport
from reports.owing import EXCUSED, NOT_BEGUN, SENT, TONES, Call, Ended, Kept, Standing
from units import renaming, tree
from units.models import Placement, Post, Succession, Unit, User

__all__ = [
    "EXCUSED",
    "NOT_BEGUN",
    "SENT",
    "TONES",
    "Call",
    "Ended",
    "Standing",
    "Tally",
    "calls",
    "ended",
    "legend",
    "standing",
    "strips",
    "tally",
]

LEGEND = {"done": "đã gửi", "waiting": "đang lập", "late": "quá hạn hoặc bị trả lại", "none": "chưa bắt đầu"}
BLOCKS = [
    ("Sở, ban, ngành", {Unit.Kind.PROVINCE, Unit.Kind.SPECIALISED, Unit.Kind.ADMINISTRATIVE}),
    ("Đơn vị sự nghiệp", {Unit.Kind.PUBLIC_SERVICE}),
    ("Phường", {Unit.Kind.WARD}),
    ("Xã", {Unit.Kind.COMMUNE}),
    ("Đơn vị khác", set()),
]


@dataclass(frozen=True)
class Tally:
    """n/N of all owing units and of the first level alone, without the excused."""

    sent: int
    total: int
    first_level_sent: int
    first_level_total: int
    excused: int = 0


def _heirs(rows: Iterable[Succession], on: date) -> dict[int, tuple[Unit, ...]]:
    """Units that had ended by that day → those that stand in their place on it."""
    next_ones: dict[int, list[Unit]] = {}
    for row in rows:
        if row.successor and not row.predecessor.holds(on):
            next_ones.setdefault(row.predecessor_id, []).append(row.successor)

    def last(unit_id: int, seen: frozenset[int]) -> Iterator[Unit]:
        """A unit that gave up a part and took it back later is met only once on the way."""
        for heir in next_ones.get(unit_id, ()):
            if heir.pk not in seen:
                yield from last(heir.pk, seen | {heir.pk}) if heir.pk in next_ones else [heir]

    return {unit_id: tuple(dict.fromkeys(last(unit_id, frozenset({unit_id})))) for unit_id in next_ones}


def _successions(reporting_round: ReportingRound, on: date) -> list[Succession]:
    """What happened since the round opened."""
    rows = Succession.objects.filter(annulled=False, on__gt=reporting_round.opens_on, on__lte=on)
    return list(rows.select_related("predecessor", "successor").order_by("on", "pk"))


def standing(reporting_round: ReportingRound, on: date) -> list[Standing]:
    """Every unit that owes a report on the due day, in Vietnamese order, as it stands on `on`; five queries."""
    due = reporting_round.due_on
    members = tree.load(due)
    kept = Kept.of([reporting_round])
    since = _successions(reporting_round, max(on, due))
    former = renaming.former_of(row for row in since if row.on <= due)
    heirs = _heirs((row for row in since if due < row.on <= on), on)
    root = members.root
    found = []
    for unit in members.owing("report_duty"):
        report = kept.report(reporting_round, unit.pk, former)
        branch_id = members.branch(unit.pk)
        found.append(
            Standing(
                unit=unit,
                is_first_level=root is not None and members.placements[unit.pk].parent_id == root.pk,
                branch=members.placements[branch_id].unit if branch_id else None,
                report=report,
                days_late=_lateness(reporting_round, report, on),
                waiver=kept.waivers.get((reporting_round.pk, unit.pk)),
                heirs=heirs.get(unit.pk, ()),
            )
        )
    return found


def ended(reporting_round: ReportingRound, on: date) -> list[Ended]:
    """Units that owed when the round opened and ended before its due day, in Vietnamese order; three queries."""
    last = min(on, reporting_round.due_on)
    heirs = _heirs(_successions(reporting_round, last), last)
    owing = [
        unit for unit in tree.load(reporting_round.opens_on).owing("report_duty") if not unit.holds(last)
    ]
    reports = UnitReport.objects.filter(round=reporting_round, unit__in=owing) if owing else []
    kept = {report.unit_id: report for report in reports}
    return [Ended(unit, heirs.get(unit.pk, ()), kept.get(unit.pk)) for unit in owing]


def tally(standings: Iterable[Standing]) -> Tally:
    every = list(standings)
    rows = [row for row in every if not row.is_excused]
    first = [row for row in rows if row.is_first_level]
    return Tally(
        excused=len(every) - len(rows),
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
    every = list(standings)
    rows = [row for row in every if not row.is_excused]
    counts = Counter(row.tone for row in rows)
    excused = len(every) - len(rows)
    relieved = [{"tone": TONES[EXCUSED], "word": "được miễn", "count": str(excused)}] if excused else []
    entries = [
        {
            "tone": tone,
            "word": word,
            "count": f"{counts[tone]}/{len(rows)}" if tone == "done" else str(counts[tone]),
        }
        for tone, word in LEGEND.items()
    ]
    return [*entries, *relieved]


def calls(user: User) -> list[Call]:
    """What is asked of the units where the user is head or clerk, and what passed to them; newest round first.

    Six queries.
    """
    on, user = user.today, user.acting_in("reports")
    own = {post.unit_id: post.unit for post in user.posts_of(Post.Kind.HEAD, Post.Kind.CLERK)}
    if not own:
        return []
    rounds = list(ReportingRound.objects.filter(opens_on__lte=on).order_by("-due_on", "code"))
    former = renaming.former(on)
    placements = list(
        Placement.objects.filter(unit_id__in=own, in_scope=True, report_duty=Placement.Duty.OWN)
    )
    kept = Kept.of(rounds, {name for unit_id in own for name in renaming.names(unit_id, former)})
    owing = {(asked.pk, row.unit_id) for asked in rounds for row in placements if row.holds(asked.due_on)}
    return [
        Call(
            unit=unit,
            report=report,
            days_late=_lateness(asked, report, on),
            reporting_round=asked,
            waiver=kept.waivers.get((asked.pk, unit_id)),
        )
        for asked in rounds
        for unit_id, unit in own.items()
        if (asked.pk, unit_id) in owing or (asked.pk, unit_id) in kept.reports
        for report in [kept.report(asked, unit_id, former)]
    ]


def _lateness(reporting_round: ReportingRound, report: UnitReport | None, on: date) -> int:
    if report is not None and report.first_sent_at:
        return days_late(reporting_round, report.first_sent_at)
    return days_overdue(reporting_round, on)
