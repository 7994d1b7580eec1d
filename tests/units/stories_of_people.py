"""Random stories of people who join, move, are seconded, are away and leave, with a plain book of who is where."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from hypothesis import strategies as st

from ledger.workflow import StepRefused
from units import services
from units.models import Category, Unit, User

FIRST = date(2026, 1, 1)
DAYS = 300
KINDS = ("join", "move", "second", "return", "leave", "come back", "away", "back")


@dataclass(frozen=True)
class Deed:
    """What is asked of one person on a day; `where` and `also` choose a unit and, for a secondment, its last day."""

    kind: str
    who: int
    day: int
    where: int
    also: int


deeds = st.builds(
    Deed,
    kind=st.sampled_from(KINDS),
    who=st.integers(0, 3),
    day=st.integers(0, DAYS),
    where=st.integers(0, 3),
    also=st.integers(0, 60),
)
stories = st.lists(deeds, min_size=3, max_size=14)


@dataclass
class Book:
    """Where each person is on each day, kept without the database: `place` where he works, `pays` who pays."""

    place: dict[tuple[int, int], int] = field(default_factory=dict)
    pays: dict[tuple[int, int], int] = field(default_factory=dict)
    away: set[tuple[int, int]] = field(default_factory=set)

    def write(self, who: int, first: int, until: int | None, place: int | None, pays: int | None) -> None:
        for day in range(first, DAYS + 1 if until is None else min(until, DAYS + 1)):
            self.place.pop((who, day), None)
            self.pays.pop((who, day), None)
            if place is not None and pays is not None:
                self.place[who, day], self.pays[who, day] = place, pays


def on(day: int) -> date:
    return FIRST + timedelta(days=day)


def tell(story: list[Deed], people: list[User], units: list[Unit]) -> Book:
    """Does each deed through its service; what is refused is left out of the book."""
    book = Book()
    for deed in sorted(story, key=lambda one: one.day):
        try:
            _do(deed, people[deed.who], units, book)
        except StepRefused:
            continue
    return book


def _do(deed: Deed, person: User, units: list[Unit], book: Book) -> None:
    who, day, unit = deed.who, deed.day, units[deed.where]
    here = book.place.get((who, day))
    if deed.kind == "join":
        services.employ(user=person, unit=unit, category=Category.CONG_CHUC, since=on(day), by=None)
        book.write(who, day, None, deed.where, deed.where)
    elif deed.kind == "move":
        services.move_person(user=person, unit=unit, on=on(day), by=None)
        book.write(who, day, None, deed.where, deed.where)
    elif deed.kind == "second":
        until = day + deed.also if deed.also else None
        services.second(
            user=person, host=unit, since=on(day), until=on(until) if until else None, decision="QĐ", by=None
        )
        book.write(who, day, until, deed.where, here)
    elif deed.kind == "return":
        services.end_secondment(user=person, on=on(day), by=None)
        home = book.pays[who, day]
        book.write(who, day, None, home, home)
    elif deed.kind == "leave":
        services.end_employment(user=person, on=on(day), ending="left", by=None)
        book.write(who, day, None, None, None)
        book.away -= {(who, later) for later in range(day, DAYS + 1)}
    elif deed.kind == "come back":
        services.reemploy(user=person, unit=unit, category=Category.CONG_CHUC, since=on(day), by=None)
        book.write(who, day, None, deed.where, deed.where)
    elif deed.kind == "away":
        services.absent(
            user=person,
            kind="excused",
            reason="Đi học",
            since=on(day),
            until=on(day + 1 + deed.also),
            by=None,
        )
        book.away |= {(who, other) for other in range(day, day + 1 + deed.also)}
    elif deed.kind == "back":
        row = person.absences.filter(since__lte=on(day), until__gt=on(day)).first()
        if row:
            services.end_absence(absence=row, on=on(day), by=None)
            book.away -= {(who, other) for other in range(day, DAYS + 100)}
