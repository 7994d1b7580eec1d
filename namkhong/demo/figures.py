"""The figures of the demo reports: those the portal counts, and those a unit types, plausible from year to year."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from campaigns.models import Indicator, UnitPlan
from namkhong.demo import profiles
from namkhong.demo.dice import Dice, shares
from namkhong.demo.nodes import Node, Province
from namkhong.demo.report_wording import TYPED_OVER_NOTE
from namkhong.demo.years import FIRST_YEAR
from pledges import coverage, reviewed
from reports import figures
from reports.models import Figure, ReportingRound, ReportVersion
from units import roster
from units.models import Category

# The share of people dealt with in the first year told of; each year 4% fewer (target T2: 3 to 5).
VIOLATORS, FEWER = 0.009, 0.96
FEWEST_VIOLATORS = 12
# Points by which the share of the satisfied grows a year (target T3: 1 to 2).
MORE_SATISFIED = 0.013
FORMS = {"reprimanded": 0.72, "warned": 0.24, "dismissed": 0.04}
SCHOOL, HEALTH, SERVICE = profiles.SCHOOL, profiles.HEALTH, profiles.SERVICE
AGENCY, COMMUNE = profiles.AGENCY, profiles.COMMUNE
# Family → least and most in a usual year.
USUAL: dict[str, dict[str, tuple[int, int]]] = {
    "meetings": {SCHOOL: (2, 5), HEALTH: (2, 6), SERVICE: (2, 5), AGENCY: (3, 8), COMMUNE: (4, 10)},
    "articles": {SCHOOL: (2, 12), HEALTH: (1, 10), SERVICE: (3, 20), AGENCY: (6, 30), COMMUNE: (10, 48)},
    "policy_contributions": {SCHOOL: (0, 6), HEALTH: (0, 5), SERVICE: (1, 8), AGENCY: (6, 40), COMMUNE: (2, 15)},
    "procedures_published": {SCHOOL: (4, 12), HEALTH: (8, 60), SERVICE: (5, 30), AGENCY: (60, 220), COMMUNE: (340, 420)},
    "inspections": {SCHOOL: (1, 3), HEALTH: (1, 4), SERVICE: (1, 4), AGENCY: (2, 6), COMMUNE: (2, 7)},
    "petitions_received": {SCHOOL: (0, 1), HEALTH: (0, 2), SERVICE: (0, 1), AGENCY: (0, 2), COMMUNE: (0, 3)},
    "ballots_issued": {SCHOOL: (80, 250), HEALTH: (100, 400), SERVICE: (100, 300), AGENCY: (100, 300), COMMUNE: (200, 600)},
    "groups_commended": {SCHOOL: (0, 2), HEALTH: (0, 2), SERVICE: (0, 2), AGENCY: (0, 3), COMMUNE: (0, 4)},
}  # fmt: skip


@dataclass
class Typed:
    """What a unit types: numbers by code of the indicator, and the day of its dialogue."""

    numbers: dict[str, int] = field(default_factory=dict)
    dialogue_on: date | None = None

    def only(self, codes: set[str]) -> "Typed":
        return Typed(
            {code: number for code, number in self.numbers.items() if code in codes}, self.dialogue_on
        )


@dataclass
class Counts:
    """What the portal counts, for all units at once: every day of counting is asked once (see `reports.figures`)."""

    units: Province
    round: ReportingRound
    days: dict[date, dict[str, Any]] = field(default_factory=dict)

    def of(self, node: Node, on: date) -> figures.LiveCounts:
        """As `reports.figures.live_counts`."""
        day = figures.cutoff(self.round, on)
        if day not in self.days:
            self.days[day] = self._count(day)
        found = self.days[day]
        area = found["areas"][node.unit.pk]
        return {
            "headcount": _by_category(found["headcount"], area),
            "pledged": _by_category(found["pledged"], area),
            "leaders": {"": _sum(found["leaders"], area)},
            "leaders_pledged": {"": _sum(found["leaders_pledged"], area)},
            "new_unpledged": {"": _sum(found["new_unpledged"], area)},
            "plan_sent": {"": int(node.unit.pk in found["plans"])},
            **figures.reviews(
                sum((found["reviews"][key] for key in area if key in found["reviews"]), reviewed.Reviewed())
            ),
        }

    def _count(self, day: date) -> dict[str, Any]:
        asked: dict[str, Any] = {"campaign": self.round.campaign, "year": self.round.year, "on": day}
        plans = UnitPlan.objects.filter(
            campaign=self.round.campaign, year=self.round.year, status__in=["submitted", "accepted"]
        )
        return {
            "areas": self._areas(day),
            "headcount": roster.headcounts(day),
            "pledged": coverage.pledged(**asked),
            "leaders": coverage.leaders(on=day),
            "leaders_pledged": coverage.leaders_pledged(**asked),
            "new_unpledged": coverage.new_unpledged(**asked),
            "reviews": reviewed.by_unit(**asked),
            "plans": set(plans.values_list("unit_id", flat=True)),
        }

    def _areas(self, day: date) -> dict[int, list[int]]:
        areas: dict[int, list[int]] = {}
        for node in self.units.nodes.values():
            bearer = node.bearer(day) if node.since <= day else None
            if bearer:
                areas.setdefault(bearer.unit.pk, []).append(node.unit.pk)
        return areas

    def units_of(self, node: Node, on: date) -> int:
        return len(self.days[figures.cutoff(self.round, on)]["areas"][node.unit.pk])


def _sum(counts: dict[int, int], area: list[int]) -> int:
    return sum(counts.get(unit_id, 0) for unit_id in area)


def _by_category(counts: roster.Headcounts, area: list[int]) -> dict[str, int]:
    return {
        category: sum(counts.get(unit_id, {}).get(category, 0) for unit_id in area)
        for category in Category.values
    }


def typed(
    seed: int, node: Node, reporting_round: ReportingRound, people: int, *, violators: int, latest: date
) -> Typed:
    """`people` is the head-count of the report; the dialogue was held by `latest`.

    A unit's habits come from its own dice, so they stay the same from year to year.
    """
    key, year = node.unit.source_key, reporting_round.year
    usual, this = Dice.of(seed, f"habits:{key}"), Dice.of(seed, f"habits:{key}:{year}")
    base = {code: usual.randint(*by_family[node.profile.family]) for code, by_family in USUAL.items()}
    found = {code: this.rounded(number * this.uniform(0.85, 1.15)) for code, number in base.items()}
    found["procedures_published"] = base["procedures_published"] + this.randint(-4, 6)
    found["meetings"] = max(1, base["meetings"] + this.randint(-1, 1))
    found |= _people(this, found, people)
    found |= _satisfaction(usual, this, found["ballots_issued"], year)
    found |= _violations(this, violators)
    found |= _ratings(usual, this, people)
    found["rated_this_year"] = int(node.profile.family == SCHOOL)
    found["petitions_resolved"] = max(0, found["petitions_received"] - this.happens(0.2))
    found["column_issues"] = (
        this.randint(10, 12) if "Truyền thông" in node.unit.name else 4 * usual.happens(0.1)
    )
    dialogue_on = _dialogue(this, node, reporting_round, latest)
    return Typed(found | {"dialogue_held": int(dialogue_on is not None)}, dialogue_on)


def _people(this: Dice, found: dict[str, int], people: int) -> dict[str, int]:
    reached = people - this.rounded(people * this.choice([0, 0, 0.01, 0.03]))
    attendances = sum(round(reached * this.uniform(0.55, 0.95)) for _ in range(found["meetings"]))
    commended = this.rounded(people * this.uniform(0.01, 0.06))
    return {
        "reached": reached,
        "attendances": max(reached, attendances),
        "people_commended": commended,
        "groups_nominated": min(found["groups_commended"], this.randint(0, 1)),
        "people_nominated": min(commended, this.randint(0, 3)),
    }


def _dialogue(this: Dice, node: Node, reporting_round: ReportingRound, latest: date) -> date | None:
    if this.happens(0.06):
        return None
    first = max(reporting_round.data_since, node.since + timedelta(days=30))
    return this.day(first, latest - timedelta(days=5))


def _satisfaction(usual: Dice, this: Dice, issued: int, year: int) -> dict[str, int]:
    share = usual.uniform(0.82, 0.93) + MORE_SATISFIED * (year - FIRST_YEAR) + this.uniform(-0.003, 0.003)
    returned = round(issued * usual.uniform(0.8, 0.96))
    return {"ballots_returned": returned, "satisfied": round(returned * min(share, 0.985))}


def _ratings(usual: Dice, this: Dice, people: int) -> dict[str, int]:
    """Of those who were there last year; at most one in five of the good ones is excellent."""
    rated = round(people * this.uniform(0.93, 0.99))
    failed = int(rated > 10 and this.happens(0.08))
    excellent, good, fair = shares(rated - failed, [usual.uniform(0.1, 0.17), 0.7, usual.uniform(0.08, 0.16)])
    return {"rated_excellent": excellent, "rated_good": good, "rated_fair": fair, "rated_failed": failed}


def _violations(this: Dice, violators: int) -> dict[str, int]:
    """Every one with one form of discipline, for one of the five matters."""
    found = dict.fromkeys([f"violators_{number}" for number in range(1, 6)], 0)
    found |= dict.fromkeys(["reprimanded", "warned", "pay_lowered", "demoted", "removed", "dismissed"], 0)
    found["violators"] = violators
    for _ in range(violators):
        found[f"violators_{this.weighted({1: 5, 2: 6, 3: 1, 4: 2, 5: 2})}"] += 1
        found[this.weighted(FORMS)] += 1
    return found


@dataclass
class Discipline:
    """How many were dealt with in each round; the rate falls from one to the next as target T2 asks."""

    dice: Dice
    rate: float = 0.0

    def by_unit(self, people: dict[str, int]) -> dict[str, int]:
        """By source key, over units whose reports are taken in; `people` are their head-counts."""
        whole = sum(people.values())
        total = (
            round(FEWER * self.rate * whole) if self.rate else max(FEWEST_VIOLATORS, round(VIOLATORS * whole))
        )
        self.rate = total / max(1, whole)
        drawn = self.dice.choices(list(people), list(people.values()), k=total) if people else []
        return {key: min(drawn.count(key), people[key]) for key in set(drawn)}


def rows(
    version: ReportVersion,
    indicators: list[Indicator],
    counts: figures.LiveCounts,
    typed: Typed,
    *,
    over: bool,
) -> list[Figure]:
    """All figures of one version, computed and typed. `over`: the unit knows of a pledge on paper and says so."""
    found = []
    for indicator in indicators:
        is_date = indicator.kind == Indicator.Kind.DATE
        for _, category in figures.keys_of(indicator):
            row = Figure(
                version=version,
                indicator=indicator,
                category=category,
                computed=figures.computed(indicator, category, counts),
                typed=typed.numbers.get(indicator.code),
                day=typed.dialogue_on if is_date else None,
            )
            if over and indicator.live == "pledged":
                _type_over(row, counts)
            found.append(row)
    return found


def _type_over(row: Figure, counts: figures.LiveCounts) -> None:
    if (row.computed or 0) < counts["headcount"][row.category]:
        row.typed, row.note = (row.computed or 0) + 1, TYPED_OVER_NOTE
