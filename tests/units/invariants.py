"""What must hold of the organisation after every act. Importing this module enters it all."""

from datetime import date
from typing import Any

from django.db.models import F

from tests.units.organisation import FIRST, INVARIANTS, Invariant, World
from units import roster, succession
from units.models import Appointment, BaseUnion, Employment, Placement, ProfessionalLine, Unit


def _people_by_day(world: World, days: list[date]) -> dict[date, list[tuple[int, int]]]:
    rows = Employment.objects.filter(until__isnull=True) | Employment.objects.filter(until__gt=F("since"))
    found = list(rows.order_by("user_id", "pk"))
    return {day: [(row.user_id, row.unit_id) for row in found if row.holds(day)] for day in days}


def _nobody_lost_or_doubled(before, after, on: date) -> None:
    for day, rows in after.items():
        people = [user for user, _unit in rows]
        assert people == [user for user, _unit in before[day]], f"who is employed on {day} is who was"
        assert len(people) == len(set(people)), f"nobody is employed twice on {day}"
        if day < on:
            assert rows == before[day], f"{day} is before the act"


def _tree_by_day(world: World, days: list[date]) -> dict[date, list[tuple[int, int | None]]]:
    rows = Placement.objects.exclude(until=F("since")).order_by("unit_id")
    found = list(rows)
    return {day: [(row.unit_id, row.parent_id) for row in found if row.holds(day)] for day in days}


def _one_tree(before, after, on: date) -> None:
    living = {unit.pk: unit for unit in Unit.objects.only("since", "until")}
    for day, rows in after.items():
        parents = dict(rows)
        assert len(parents) == len(rows), f"one place each on {day}"
        assert set(parents) == {key for key, unit in living.items() if unit.holds(day)}
        roots = [key for key, parent in parents.items() if parent is None]
        assert len(roots) == 1, f"one root on {day}"
        for key in parents:
            at, steps = key, 0
            while parents[at] is not None:
                at, steps = parents[at], steps + 1
                assert steps <= len(parents), f"no cycle on {day}"
        if day < on:
            assert rows == before[day], f"{day} is before the act"


def _totals_by_day(world: World, days: list[date]) -> dict[date, tuple[int, int]]:
    """What the root of the tree totals, and how many people there are."""
    trees, people = _tree_by_day(world, days), _people_by_day(world, days)
    found = {}
    for day in days:
        parents = dict(trees[day])
        counts: dict[int, dict[str, int]] = {}
        for _user, unit in people[day]:
            counts.setdefault(unit, {"all": 0})["all"] += 1
        root = next(key for key, parent in parents.items() if parent is None)
        found[day] = (roster.climb(counts, parents).get(root, {}).get("all", 0), len(people[day]))
    return found


def _sums_conserved(before, after, on: date) -> None:
    for total, people in after.values():
        assert total == people, "everybody is counted in the tree, once"
    assert after == before


def _figures(world: World, days: list[date]) -> dict[date, Any]:
    """Head-counts of the first day, on the units of each later day."""
    counts = {unit: sum(row.values()) for unit, row in roster.headcounts(FIRST).items()}
    return {day: (sum(counts.values()), succession.rebase(counts, FIRST, day)) for day in days}


def _figures_conserved(before, after, on: date) -> None:
    living = {unit.pk: unit for unit in Unit.objects.only("since", "until")}
    for day, (total, figures) in after.items():
        assert figures.total == total, "not one is lost in re-basing"
        assert all(living[key].holds(day) for key in figures.values), f"only units of {day}"
        if day < on:
            assert figures == before[day][1]


def _holders(world: World, days: list[date]) -> list[Appointment]:
    return list(Appointment.objects.exclude(until=F("since")).select_related("post__unit"))


def _posts_in_living_units(before, after, on: date) -> None:
    for row in after:
        unit = row.post.unit
        assert unit.since <= row.since, "no post is held before its unit begins"
        assert unit.until is None or (row.until is not None and row.until <= unit.until), "nor after it ends"
    opened = [(row.post_id, row.user_id) for row in after if row.until is None]
    assert len(opened) == len(set(opened))


def _ties(world: World, days: list[date]) -> list[tuple[str, Unit | None, date, date | None]]:
    """Every unit that a dated row rests on beside its own: who pays, who stands above in the professional line."""
    rows = [
        *((row, row.payroll_unit) for row in _lasting(Employment, "payroll_unit")),
        *((row, row.authority) for row in _lasting(ProfessionalLine, "authority")),
        *((row, row.unit) for row in _lasting(ProfessionalLine, "unit")),
        *((row, row.unit) for row in _lasting(BaseUnion, "unit")),
        *((row, row.post.scope) for row in _lasting(Appointment, "post__scope")),
    ]
    return [(str(row), unit, row.since, row.until) for row, unit in rows]


def _lasting(model, path: str):
    return model.objects.exclude(until=F("since")).select_related(path)


def _tied_to_living_units(before, after, on: date) -> None:
    for row, unit, since, until in after:
        if unit is not None:
            assert unit.since <= since, f"{row} rests on {unit}, which begins later"
            assert unit.until is None or (until is not None and until <= unit.until), f"{row} outlives {unit}"


INVARIANTS += [
    Invariant("people", _people_by_day, _nobody_lost_or_doubled),
    Invariant("tree", _tree_by_day, _one_tree),
    Invariant("sums", _totals_by_day, _sums_conserved),
    Invariant("figures", _figures, _figures_conserved),
    Invariant("ties", _ties, _tied_to_living_units),
    Invariant("posts", _holders, _posts_in_living_units),
]
