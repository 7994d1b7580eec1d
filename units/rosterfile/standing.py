"""What the portal knows, on the day of a roster, of the people it names and of all who work in its branch.

A fixed number of queries for small files; a large one asks for its codes in batches.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet

from ledger import clock
from ledger.copying import digest_of_query, digest_of_rows
from units.models import Appointment, ContractKind, Employment, RosterRow, RosterUpload, Unit, User
from units.queries import in_force, subtree_ids
from units.rosterfile.entries import Context
from vietnamese.keys import search_key

BATCH = 5000
PERSON = ("username", "full_name", "birth_year", "job_title", "code_from_portal")
KEYS = ("search_key", "sort_key")
CALLED = ("name", "area_name", "abbr")
PLACE = ("unit_id", "payroll_unit_id", "category", "contract_id", "contract_until", "since")
# In the order of `Person`, of an employment.
OF_BRANCH = ("user_id", *(f"user__{name}" for name in PERSON), *PLACE)


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
    """What was read; `known` names the people of the branch, `loose` are those the file names besides."""

    on: date
    unit: Unit
    units: dict[int, str]
    known: str = ""
    loose: set[int] = field(default_factory=set)
    people: dict[int, Person] = field(default_factory=dict)
    by_code: dict[str, Person] = field(default_factory=dict)
    by_name: dict[str, list[Person]] = field(default_factory=dict)
    past: dict[int, Spell] = field(default_factory=dict)
    later: dict[int, Spell] = field(default_factory=dict)
    posts: dict[int, dict[int, str]] = field(default_factory=dict)
    elsewhere: dict[int, str] = field(default_factory=dict)
    keys: dict[str, tuple[str, str]] = field(default_factory=dict)

    def digest(self) -> str:
        """Names all that was read: when it has not changed, neither has what the roster would do."""
        loose = [self.people[key] for key in sorted(self.loose)]
        more = [sorted(found.items()) for found in (self.units, self.past, self.later, self.posts)]
        return sha256(repr([self.known, loose, more]).encode()).hexdigest()

    def employed(self) -> QuerySet[Employment]:
        """Who works or is paid in the branch on the day, in order of the person: one row each."""
        here = Q(unit_id__in=self.units) | Q(payroll_unit_id__in=self.units)
        return Employment.objects.filter(in_force(self.on)).filter(here).order_by("user_id")

    def unit_name(self, unit_id: int | None) -> str:
        return self.units.get(unit_id or 0) or self.elsewhere.get(unit_id or 0, "")


def branch_of(upload: RosterUpload) -> Standing:
    """The branch as it stood on the day and still stands, with the people employed or paid there."""
    standing = Standing(upload.on, upload.unit, units_of(upload))
    rows = list(standing.employed().values_list(*OF_BRANCH, *(f"user__{name}" for name in KEYS)))
    people = [Person._make(row[: len(OF_BRANCH)]) for row in rows]
    standing.known = digest_of_rows(people)
    standing.keys = {row[2]: row[-2:] for row in rows}
    standing.people = {person.user_id: person for person in people}
    standing.by_code = {person.code: person for person in people}
    return standing


def digest_now(upload: RosterUpload) -> str:
    """What `Standing.digest` would say if the roster were checked now, without making the people of the branch anew.

    Those it names besides have the rows of newcomers: any other of them is a fault, and such a file is not applied.
    """
    standing = Standing(upload.on, upload.unit, units_of(upload))
    standing.known = digest_of_query(standing.employed().values_list(*OF_BRANCH))
    new = upload.rows.filter(line__isnull=False, action=RosterRow.Action.NEW)
    complete(standing, list(new.values_list("code", flat=True)), upload.counts["names"])
    return standing.digest()


def units_of(upload: RosterUpload) -> dict[int, str]:
    """Keys and names of the branch: what stood in it on the day and stands in it still.

    What has left the branch since is in the charge of others, who answer for its people today.
    """
    keys = subtree_ids([upload.unit_id], upload.on) & subtree_ids([upload.unit_id], clock.today())
    alive = Q(until__isnull=True) | Q(until__gt=max(upload.on, clock.today()))
    return dict(Unit.objects.filter(alive, pk__in=keys).values_list("pk", "name"))


def context_of(standing: Standing) -> Context:
    """What the cells of the file may refer to."""
    by_key: dict[str, int] = {}
    by_name: dict[str, list[int]] = {}
    units = Unit.objects.filter(pk__in=standing.units)
    for pk, source_key, public_id, *names in units.values_list("pk", "source_key", "public_id", *CALLED):
        by_key |= {source_key.lower(): pk, public_id: pk}
        for name in {search_key(text) for text in names if text}:
            by_name.setdefault(name, []).append(pk)
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
        people=standing.by_code.keys(),
        keys=standing.keys,
    )


def complete(standing: Standing, codes: Iterable[str], names: Iterable[str]) -> None:
    """Add who is named in the file and works elsewhere or nowhere: by code, and by name where a row has no code."""
    unknown = [code for code in codes if code and code not in standing.by_code]
    asked = sorted(set(names))
    for field_name, keys in (("username", unknown), ("search_key", asked)):
        for batch in _batches(keys):
            found = User.objects.filter(**{f"{field_name}__in": batch})
            _add(standing, [Person(*row) for row in found.values_list("pk", *PERSON)])
    _place(standing)
    for person in standing.people.values():
        if person.from_portal or asked:
            standing.by_name.setdefault(search_key(person.full_name), []).append(person)


def _add(standing: Standing, people: Iterable[Person]) -> None:
    """Those who are not of the branch."""
    found = {person.user_id: person for person in people}
    loose = found.keys() - _of_branch(standing, found)
    standing.loose |= loose
    for key in loose:
        standing.people[key] = standing.by_code[found[key].code] = found[key]


def _of_branch(standing: Standing, keys: Iterable[int]) -> set[int]:
    found: set[int] = set()
    for batch in _batches(sorted(keys)):
        found.update(standing.employed().filter(user_id__in=batch).values_list("user_id", flat=True))
    return found


def _place(standing: Standing) -> None:
    """Where those work who were found by code or name; what follows the day; who holds a post."""
    for batch in _batches(sorted(standing.loose)):
        for user_id, until, ending, *place in (
            Employment.objects.filter(user_id__in=batch, since__lte=standing.on)
            .exclude(until=F("since"))
            .order_by("since")
            .values_list("user_id", "until", "ending", *PLACE)
        ):
            _settle(standing, user_id, until, ending, place)
    after = Employment.objects.filter(since__gt=standing.on).exclude(until=F("since"))
    spells = list(after.order_by("-since").values_list("user_id", "unit_id", "since", "until", "ending"))
    held = Appointment.objects.filter(in_force(standing.on)).order_by("pk")
    posts = list(held.values_list("user_id", "post__unit_id", "post__title"))
    named = {row[0] for row in spells} | {row[0] for row in posts}
    concerned = standing.loose | _of_branch(standing, named - standing.loose)
    for user_id, unit_id, since, until, ending in spells:
        if user_id in concerned:
            standing.later[user_id] = Spell(unit_id, since, until, ending)
    for user_id, unit_id, title in posts:
        if user_id in concerned:
            standing.posts.setdefault(user_id, {})[unit_id] = title
    spelled = {spell.unit_id for found in (standing.past, standing.later) for spell in found.values()}
    elsewhere = {person.unit_id for person in standing.people.values() if person.unit_id} | spelled
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
