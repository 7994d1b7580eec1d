"""What the portal itself can count for a report, and what cannot be true of the numbers in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from campaigns import coverage as plans
from campaigns.models import Campaign, Indicator
from pledges import coverage, reviewed
from reports.models import Figure, ReportingRound
from reports.sheet import Key, anchor, words
from units import roster, tree
from units.models import Category, Cutoff, Unit
from vietnamese.dates import short_date

LiveCounts = dict[str, dict[str, int]]


class Asked(TypedDict):
    campaign: Campaign
    year: int
    on: date
    unit_ids: set[int]


def cutoff(reporting_round: ReportingRound, on: date) -> date:
    """The day the head-count is taken: the last of the data window, or `on` while the window is still open."""
    return min(reporting_round.data_last, on)


def cutoff_code(round_code: str) -> str:
    """Under which head-counts of a round are frozen."""
    return f"round:{round_code}"


def frozen(reporting_round: ReportingRound) -> Cutoff | None:
    """The head-counts frozen for the round, once its data window has ended."""
    return Cutoff.objects.filter(code=cutoff_code(reporting_round.code)).first()


def counted_on(reporting_round: ReportingRound, on: date) -> str:
    """“tính đến ngày 03/11/2026”; once they are frozen “số người chốt ngày 14/11/2026”."""
    cut = frozen(reporting_round)
    if cut is None:
        return f"tính đến ngày {short_date(cutoff(reporting_round, on))}"
    return f"số người chốt ngày {short_date(cut.on)}"


def _headcounts(reporting_round: ReportingRound, day: date, area: set[int]) -> roster.Headcounts:
    """Frozen ones where there are any: a later correction of a roster leaves a round's figures."""
    cut = frozen(reporting_round)
    if cut is None:
        return roster.headcounts(day, area)
    return {
        unit_id: found for unit_id, found in roster.headcounts_frozen(cut.code).items() if unit_id in area
    }


def live_counts(reporting_round: ReportingRound, unit: Unit, on: date) -> LiveCounts:
    """Counts over live records of all units the report covers, by name of the count and category ("" for all people).

    Constant queries, whatever the area.
    """
    day = cutoff(reporting_round, on)
    units = tree.load(day)
    area = units.area(unit.pk, "report_duty")
    asked = Asked(campaign=reporting_round.campaign, year=reporting_round.year, on=day, unit_ids=area)
    return {
        "headcount": _summed(_headcounts(reporting_round, day, area)),
        "pledged": _summed(coverage.pledged(**asked)),
        "leaders": {"": sum(coverage.leaders(on=day, unit_ids=area).values())},
        "leaders_pledged": {"": sum(coverage.leaders_pledged(**asked).values())},
        "new_unpledged": {"": sum(coverage.new_unpledged(**asked).values())},
        "plan_sent": {"": int(_plan_is_sent(reporting_round, units.bearer(unit.pk, "plan_duty"), day))},
        **reviews(reviewed.over(**asked)),
    }


def reviews(found: reviewed.Reviewed) -> LiveCounts:
    """How many looked back at their pledge by that day; of these, for each commitment, how many kept it fully, and how
    many not at all."""
    counts = {"reviewed": found.reviewed}
    for number, (fully, _mostly, not_kept) in enumerate(found.kept, start=1):
        counts |= {f"kept_{number}": fully, f"not_kept_{number}": not_kept}
    return {name: {"": count} for name, count in counts.items()}


def _summed(headcounts: roster.Headcounts) -> dict[str, int]:
    return {
        category: sum(by_category.get(category, 0) for by_category in headcounts.values())
        for category in Category.values
    }


def _plan_is_sent(reporting_round: ReportingRound, bearer_id: int | None, day: date) -> bool:
    if bearer_id is None:
        return False
    plan = plans.plans(reporting_round.year, [bearer_id], day).get(bearer_id)
    return plan is not None and plan.campaign_id == reporting_round.campaign_id and plan.status in plans.SENT


def keys_of(indicator: Indicator) -> list[Key]:
    return [(indicator.code, category) for category in (Category.values if indicator.by_category else [""])]


def computed(indicator: Indicator, category: str, counts: LiveCounts) -> int | None:
    """The live count for one figure; None where the unit itself must say."""
    found = counts.get(indicator.live)
    if found is None:
        return None
    return found[category] if category in found else sum(found.values())


def prefilled(reporting_round: ReportingRound, unit: Unit, on: date) -> list[Figure]:
    """All figures of a new report, not yet saved and without a version."""
    counts = live_counts(reporting_round, unit, on)
    return [
        Figure(indicator=indicator, category=category, computed=computed(indicator, category, counts))
        for indicator in Indicator.objects.filter(campaign_id=reporting_round.campaign_id)
        for _, category in keys_of(indicator)
    ]


@dataclass(frozen=True)
class Fault:
    """Numbers that contradict each other; sending waits until they are put right."""

    indicator: Indicator
    category: str
    sentence: str

    @property
    def name(self) -> str:
        return anchor(self.indicator.code, self.category)


def faults(figures: Iterable[Figure]) -> list[Fault]:
    """Every figure larger than the one it is part of (`at_most`), by category where both have categories."""
    rows = list(figures)
    by_code = {row.indicator.code: row.indicator for row in rows}
    values: dict[Key, int | None] = {(row.indicator.code, row.category): row.value for row in rows}
    typed = {row.indicator.code for row in rows if row.is_typed}
    found: list[Fault] = []
    for indicator in by_code.values():
        limit = by_code.get(indicator.at_most)
        if limit is not None:
            from_list = bool(limit.live) and limit.code not in typed
            remedy = "cập nhật danh sách" if from_list else f"ô {limit.number}"
            found += _beyond(indicator, limit, values, remedy)
    return found


def _beyond(
    indicator: Indicator, limit: Indicator, values: Mapping[Key, int | None], remedy: str
) -> list[Fault]:
    pairs = [("", _sum(indicator, values), _sum(limit, values))]
    if indicator.by_category and limit.by_category:
        pairs += [
            (category, values.get((indicator.code, category)), values.get((limit.code, category)))
            for category in Category.values
        ]
    found = [
        Fault(indicator, category, _sentence(indicator, limit, category, (part, whole), remedy))
        for category, part, whole in pairs
        if part is not None and whole is not None and part > whole
    ]
    return [fault for fault in found if fault.category] or found


def _sum(indicator: Indicator, values: Mapping[Key, int | None]) -> int | None:
    known = [value for key in keys_of(indicator) if (value := values.get(key)) is not None]
    return sum(known) if known else None


def _sentence(
    indicator: Indicator, limit: Indicator, category: str, counts: tuple[int, int], remedy: str
) -> str:
    kind = f", {Category(category).label.lower()}" if category else ""
    part, whole = (words(indicator, count) for count in counts)
    bound = limit.label[:1].lower() + limit.label[1:]
    return f"{indicator.label}{kind} ({part}) lớn hơn {bound}{kind} ({whole}). Sửa ô {indicator.number} hoặc {remedy}."


def open_names(figures: Iterable[Figure]) -> list[str]:
    """Anchors of the figures for which nothing stands yet."""
    return [
        anchor(row.indicator.code, row.category) for row in figures if row.value is None and row.day is None
    ]
