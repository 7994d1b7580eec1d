"""To whom people pledge on a day, for many at once: the rule of `units.roster.signing_unit_from`, in three queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from units.models import Appointment, Employment, Placement, Post
from units.queries import in_force


@dataclass(frozen=True)
class Place:
    """The unit where a person works and all above it; the unit to whose head he pledges, None for nobody's; and the
    nearest with papers of its own, whose addition reaches him.
    """

    path: tuple[int, ...]
    signing_unit_id: int | None
    paper_unit_id: int | None = None


@dataclass(frozen=True)
class _Ladder:
    """The tree of one day by keys alone."""

    parents: dict[int, int | None]
    with_papers: set[int]
    paths: dict[int, tuple[int, ...]]

    def path(self, unit_id: int) -> tuple[int, ...]:
        if unit_id not in self.paths:
            above = self.parents.get(unit_id)
            self.paths[unit_id] = (unit_id, *(self.path(above) if above is not None else ()))
        return self.paths[unit_id]

    def place(self, unit_id: int, headed: set[int]) -> Place:
        path = self.path(unit_id)
        first = max((at + 1 for at, step in enumerate(path) if step in headed), default=0)
        return Place(path, self.nearest(path[first:]), self.nearest(path))

    def nearest(self, path: tuple[int, ...]) -> int | None:
        return next((step for step in path if step in self.with_papers), None)


def places(user_ids: QuerySet, on: date) -> dict[int, Place]:
    """By key of the person; who is employed nowhere that day is absent. `user_ids`: a query of keys alone."""
    ladder = _ladder(on)
    headed: dict[int, set[int]] = {}
    heads = Appointment.objects.filter(
        in_force(on), user_id__in=user_ids, post__kind=Post.Kind.HEAD, manner__in=Appointment.OCCUPYING
    )
    for user_id, unit_id in heads.values_list("user_id", "post__unit_id"):
        headed.setdefault(user_id, set()).add(unit_id)
    works = Employment.objects.filter(in_force(on), user_id__in=user_ids).values_list("user_id", "unit_id")
    return {user_id: ladder.place(unit_id, headed.get(user_id, set())) for user_id, unit_id in works}


def places_of_units(unit_ids: Iterable[int], on: date) -> dict[int, Place]:
    """By key of a unit, its path and the one to whose head it pledges as a whole: the nearest above with papers."""
    ladder = _ladder(on)
    paths = {unit_id: ladder.path(unit_id) for unit_id in unit_ids}
    return {unit_id: Place(path, ladder.nearest(path[1:])) for unit_id, path in paths.items()}


def units_above(unit_ids: Iterable[int], on: date) -> dict[int, int | None]:
    """The same without the paths."""
    return {unit_id: place.signing_unit_id for unit_id, place in places_of_units(unit_ids, on).items()}


def units_of_papers(unit_id: int, on: date) -> set[int]:
    """The units whose people this unit's addition reaches: itself and those below it without papers of their own."""
    ladder = _ladder(on)
    return {key for key in ladder.parents if ladder.nearest(ladder.path(key)) == unit_id}


def _ladder(on: date) -> _Ladder:
    rows = list(Placement.objects.filter(in_force(on)).values_list("unit_id", "parent_id", "own_papers"))
    parents: dict[int, int | None] = {unit_id: parent_id for unit_id, parent_id, _ in rows}
    return _Ladder(parents, {unit_id for unit_id, _, own_papers in rows if own_papers}, {})
