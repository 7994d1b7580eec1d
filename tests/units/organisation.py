"""A made-up province and random acts on it, with what must hold after every act.

Floors above take part by three lists: a settler puts rows of theirs into a fresh province, an invariant looks before
and after each act, and MORE_ROWS are what a correction brings back. `Draw` is hypothesis' own, so a failing story
shrinks.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from hypothesis import strategies as st

from ledger import clock
from units.models import (
    Absence,
    Appointment,
    BaseUnion,
    Category,
    Employment,
    Placement,
    Post,
    ProfessionalLine,
    Reorganisation,
    Succession,
    Unit,
    User,
)

FIRST = date(2024, 1, 1)
FAR = date(2090, 1, 1)
Draw = Callable[[st.SearchStrategy], Any]
Kind = Reorganisation.Kind
DATED = (Unit, Placement, BaseUnion, ProfessionalLine, Employment, Appointment, Absence)
_numbers = count(1)
STEPS = [Kind.MERGER, Kind.SPLIT, Kind.MOVE, Kind.RENAMING, Kind.DISSOLUTION, Kind.FOUNDING]
# Rows of the floors above that a correction brings back as well.
MORE_ROWS: list[Callable[[], dict[str, Any]]] = []


def fresh_number() -> int:
    return next(_numbers)


def snapshot() -> dict[str, Any]:
    """Every dated row that holds a day, the posts that are held, and who succeeded whom: all that an act may change."""
    held = Q(until__isnull=True) | Q(until__gt=F("since"))
    rows: dict[str, Any] = {
        model.__name__: sorted(
            model._base_manager.filter(held).values_list(*_columns(model)), key=lambda row: row[0]
        )
        for model in DATED
    }
    holding = Appointment.objects.filter(held).values("post")
    rows["Post"] = sorted(Post.objects.filter(pk__in=holding).values_list("pk", "unit", "title", "scope"))
    rows["Succession"] = sorted(Succession.objects.filter(annulled=False).values_list("pk", flat=True))
    for more in MORE_ROWS:
        rows |= more()
    return rows


def _columns(model) -> list[str]:
    names = [column.attname for column in model._meta.concrete_fields]
    return ["pk", *(name for name in names if name not in ("id", "search_key", "sort_key"))]


@dataclass
class World:
    """`day` is the day of the last act; `acts` those done, the last one last, with the snapshot before each (empty:
    something else was done since, so taking the act back does not lead there).
    """

    draw: Draw
    planner: User
    day: date = FIRST
    acts: list[tuple[Reorganisation, dict]] = field(default_factory=list)
    done: Counter = field(default_factory=Counter)

    def pick(self, choices, *, least: int = 1, most: int = 1) -> list:
        """Some of the choices, each once, in any order."""
        pool = list(choices)
        return self.draw(
            st.lists(st.sampled_from(pool), min_size=min(least, len(pool)), max_size=most, unique=True)
        )

    def chance(self, one_in: int) -> bool:
        return self.draw(st.integers(1, one_in)) == 1

    def days(self, on: date) -> list[date]:
        """The days on which the world is looked at: around the act, between earlier ones, long after."""
        return sorted(
            {FIRST, FIRST + (on - FIRST) / 2, on - timedelta(days=1), on, on + timedelta(days=20), FAR}
        )

    def forget(self, since: int = 0) -> None:
        """The snapshots of these acts no longer say where taking them back leads."""
        self.acts[since:] = [(act, {}) for act, _before in self.acts[since:]]

    @property
    def acts_done(self) -> int:
        return sum(self.done[kind] for kind in (*STEPS, "correction"))


@dataclass(frozen=True)
class Invariant:
    """`look(world, days)` is called before and after an act; `holds(before, after, on)` asserts."""

    name: str
    look: Callable[[World, list[date]], Any]
    holds: Callable[[Any, Any, date], None]


# --- A province


def _make_province(draw: Draw) -> World:
    """A root and a dozen units below it in any shape, with people, posts, unions, lines and secondments."""
    kinds = [Unit.Kind.WARD, Unit.Kind.SPECIALISED, Unit.Kind.SCHOOL, Unit.Kind.DIVISION]
    size = draw(st.integers(4, 10))
    units = [
        Unit(
            name=f"Đơn vị {number}",
            kind=Unit.Kind.PROVINCE if not number else kinds[number % 4],
            source_key=f"random:{fresh_number()}",
            since=FIRST,
        ).fill_keys()
        for number in range(size)
    ]
    units = Unit.objects.bulk_create(units)
    above = [None, *(units[draw(st.integers(0, number - 1))] for number in range(1, size))]
    Placement.objects.bulk_create(
        [Placement(unit=unit, parent=parent, since=FIRST) for unit, parent in zip(units, above, strict=True)]
    )
    places = [draw(st.integers(0, size - 1)) for _ in range(draw(st.integers(3, 14)))]
    people = make_people([units[place] for place in [0, *places]])
    _make_ties(draw, units, people)
    return World(draw, people[0])


def make_people(places: list[Unit]) -> list[User]:
    people = [
        User(username=f"R{fresh_number()}", full_name=f"Người {number}").fill_keys()
        for number in range(len(places))
    ]
    people = User.objects.bulk_create(people)
    categories = list(Category)
    Employment.objects.bulk_create(
        [
            Employment(user=user, unit=unit, category=categories[number % 4], since=FIRST)
            for number, (user, unit) in enumerate(zip(people, places, strict=True))
        ]
    )
    return people


def _make_ties(draw: Draw, units: list[Unit], people: list[User]) -> None:
    posts = [Post(unit=unit, kind=Post.Kind.HEAD, title="Thủ trưởng") for unit in units]
    affairs = Post(unit=units[-1], kind=Post.Kind.HOME_AFFAIRS, title="Chuyên viên", scope=units[0])
    posts = Post.objects.bulk_create([*posts, affairs])
    holders = [people[draw(st.integers(0, len(people) - 1))] for _ in units]
    Appointment.objects.bulk_create(
        [
            Appointment(post=post, user=user, since=FIRST)
            for post, user in zip(posts, [*holders, people[0]], strict=True)
        ]
    )
    BaseUnion.objects.bulk_create(
        [BaseUnion(unit=unit, name=f"Công đoàn {unit.name}", since=FIRST) for unit in units[1::3]]
    )
    ProfessionalLine.objects.bulk_create(
        [ProfessionalLine(unit=unit, authority=units[1], since=FIRST) for unit in units[3::2]]
    )
    Employment.objects.filter(user__in=people[1::4]).exclude(unit=units[2]).update(payroll_unit=units[2])


SETTLERS: list[Callable[[World], None]] = []
INVARIANTS: list[Invariant] = []


@contextmanager
def province(draw: Draw) -> Iterator[World]:
    """A world that is gone afterwards, with its clock."""
    offset = os.environ.get(clock.OFFSET_VARIABLE)
    try:
        with transaction.atomic():
            world = _make_province(draw)
            for settle in SETTLERS:
                settle(world)
            yield world
            transaction.set_rollback(True)
    finally:
        os.environ.pop(clock.OFFSET_VARIABLE, None)
        if offset is not None:
            os.environ[clock.OFFSET_VARIABLE] = offset


@contextmanager
def watched(world: World, on: date) -> Iterator[None]:
    days = world.days(on)
    before = {each.name: each.look(world, days) for each in INVARIANTS}
    yield
    for each in INVARIANTS:
        each.holds(before[each.name], each.look(world, days), on)
