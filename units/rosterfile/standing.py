"""What the portal knows, on the day of a roster, of the people it names and of all who work in its branch.

A fixed number of queries for small files; a large one asks for its codes in batches.
"""

import marshal
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

from django.db.models import F, Q

from ledger import clock
from units.models import Appointment, ContractKind, Employment, RosterUpload, Unit, User
from units.queries import in_force, subtree_ids
from units.rosterfile.entries import Context, Known
from vietnamese.keys import search_key

BATCH = 5000
PERSON = ("username", "full_name", "birth_year", "job_title", "code_from_portal")
PLACE = ("unit_id", "payroll_unit_id", "category", "contract_id", "contract_until", "since")


class Person(NamedTuple):
    """One person; the last six fields are of the employment in force on the day, None where there is none."""

    user_id: int
    code: str
    full_name: str
    birth_year: int | None
    job_title: str
    from_portal: bool
    unit_id: int | None = None
    payroll_unit_id: int | None = None
    category: str = ""
    contract_id: int | None = None
    contract_until: date | None = None
    since: date | None = None


class Spell(NamedTuple):
    """A time of employment that the day does not hold: one that ended before, or begins after."""

    unit_id: int
    since: date
    until: date | None
    ending: str


@dataclass
class Standing:
    """`digest` names all that was read: when it has not changed, neither has what the roster would do."""

    on: date
    unit: Unit
    units: dict[int, str]
    people: dict[int, Person] = field(default_factory=dict)
    by_code: dict[str, Person] = field(default_factory=dict)
    by_name: dict[str, list[Person]] = field(default_factory=dict)
    past: dict[int, Spell] = field(default_factory=dict)
    later: dict[int, Spell] = field(default_factory=dict)
    posts: dict[int, dict[int, str]] = field(default_factory=dict)
    elsewhere: dict[int, str] = field(default_factory=dict)

    def digest(self) -> str:
        columns = list(zip(*[self.people[key] for key in sorted(self.people)], strict=True))
        for at in range(len(columns))[-2:]:
            days = {day: str(day) for day in set(columns[at])}
            columns[at] = tuple([days[day] for day in columns[at]])
        more = [sorted(found.items()) for found in (self.units, self.past, self.later, self.posts)]
        # Version 2 of this format writes equal values in equal bytes, and thirty thousand people in a few milliseconds.
        return sha256(marshal.dumps(columns, 2) + repr(more).encode()).hexdigest()

    def unit_name(self, unit_id: int | None) -> str:
        return self.units.get(unit_id or 0) or self.elsewhere.get(unit_id or 0, "")


def branch_of(upload: RosterUpload) -> Standing:
    """The branch as it stood on the day and still lives, with the people employed or paid there."""
    keys = subtree_ids([upload.unit_id], upload.on)
    alive = Q(until__isnull=True) | Q(until__gt=max(upload.on, clock.today()))
    names = dict(Unit.objects.filter(alive, pk__in=keys).values_list("pk", "name"))
    standing = Standing(upload.on, upload.unit, names)
    rows = Employment.objects.filter(in_force(upload.on)).filter(
        Q(unit_id__in=names) | Q(payroll_unit_id__in=names)
    )
    _add(standing, rows.values_list("user_id", *(f"user__{name}" for name in PERSON), *PLACE))
    return standing


def context_of(standing: Standing) -> Context:
    """What the cells of the file may refer to."""
    by_key: dict[str, int] = {}
    by_name: dict[str, list[int]] = {}
    for unit in Unit.objects.filter(pk__in=standing.units):
        by_key |= {unit.source_key.lower(): unit.pk, unit.public_id: unit.pk}
        for name in {search_key(text) for text in (unit.name, unit.area_name, unit.abbr) if text}:
            by_name.setdefault(name, []).append(unit.pk)
    contracts: dict[str, int] = {}
    kinds = list(ContractKind.objects.all())
    for kind in kinds:
        contracts |= {search_key(kind.code): kind.pk, search_key(kind.name): kind.pk}
    return Context(
        on=standing.on,
        units_by_key=by_key,
        units_by_name=by_name,
        unit_names=standing.units,
        own_unit=standing.unit.pk if len(standing.units) == 1 else None,
        contracts=contracts,
        contract_names=[kind.name for kind in kinds],
        people={
            code: Known(code, person.full_name, person.birth_year, person.unit_id, person.from_portal)
            for code, person in standing.by_code.items()
        },
    )


def complete(standing: Standing, codes: Iterable[str], names: Iterable[str]) -> None:
    """Add who is named in the file and works elsewhere or nowhere: by code, and by name where a row has no code."""
    unknown = [code for code in codes if code and code not in standing.by_code]
    for batch in _batches(unknown):
        _add(standing, User.objects.filter(username__in=batch).values_list("pk", *PERSON))
    asked = set(names)
    for batch in _batches(sorted(asked)):
        people = User.objects.filter(search_key__in=batch).values_list("pk", *PERSON)
        _add(standing, [row for row in people if row[0] not in standing.people])
    _place(standing)
    for person in standing.people.values():
        if person.from_portal or asked:
            standing.by_name.setdefault(search_key(person.full_name), []).append(person)


def _add(standing: Standing, rows: Iterable[Any]) -> None:
    for row in rows:
        person = Person(*row)
        standing.people[row[0]] = standing.by_code[row[1]] = person


def _place(standing: Standing) -> None:
    """Where those work who were found by code or name; what follows the day; who holds a post."""
    loose = [person.user_id for person in standing.people.values() if person.since is None]
    for batch in _batches(loose):
        for user_id, until, ending, *place in (
            Employment.objects.filter(user_id__in=batch, since__lte=standing.on)
            .exclude(until=F("since"))
            .order_by("since")
            .values_list("user_id", "until", "ending", *PLACE)
        ):
            _settle(standing, user_id, until, ending, place)
    after = Employment.objects.filter(since__gt=standing.on).exclude(until=F("since"))
    spells = after.order_by("-since").values_list("user_id", "unit_id", "since", "until", "ending")
    for user_id, unit_id, since, until, ending in spells:
        if user_id in standing.people:
            standing.later[user_id] = Spell(unit_id, since, until, ending)
    held = Appointment.objects.filter(in_force(standing.on)).order_by("pk")
    for user_id, unit_id, title in held.values_list("user_id", "post__unit_id", "post__title"):
        if user_id in standing.people:
            standing.posts.setdefault(user_id, {})[unit_id] = title
    named = {spell.unit_id for found in (standing.past, standing.later) for spell in found.values()}
    elsewhere = {person.unit_id for person in standing.people.values() if person.unit_id} | named
    names = Unit.objects.filter(pk__in=elsewhere - standing.units.keys()).values_list("pk", "name")
    standing.elsewhere = dict(names)


def _settle(standing: Standing, user_id: int, until: date | None, ending: str, place: list[Any]) -> None:
    person = standing.people[user_id]
    if until is not None and until <= standing.on:
        standing.past[user_id] = Spell(place[0], place[-1], until, ending)
        return
    placed = Person(*person[:6], *place)
    standing.people[user_id] = standing.by_code[person.code] = placed


def _batches(keys: list) -> Iterator[list]:
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]
