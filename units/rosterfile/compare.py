"""A roster held against what the portal knows: what each row would do, and what stands in its way. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from units.models import RosterRow
from units.rosterfile import conflicts
from units.rosterfile.conflicts import Trouble
from units.rosterfile.entries import Entry
from units.rosterfile.grid import Fault
from units.rosterfile.standing import Person, Standing
from vietnamese.keys import person_sort_key, search_key

Action = RosterRow.Action
# As in RosterRow, in the order of `after` and `was` below.
FIELDS = ("full_name", "birth_year", "job_title", "category", "contract", "contract_until")


class Staged(NamedTuple):
    """A row as it will be stored: what will be true, `since` only where an employment begins, `before` what differs."""

    line: int | None
    code: str
    full_name: str
    search_key: str
    sort_key: str
    birth_year: int | None
    job_title: str
    category: str
    contract_id: int | None
    contract_until: date | None
    since: date | None
    unit_id: int | None
    user_id: int | None
    action: str
    before: dict[str, Any]


@dataclass
class Compared:
    rows: list[Staged] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        found = Counter(row.action for row in self.rows)
        return {action.value: found.get(action.value, 0) for action in Action}


def compare(
    entries: list[Entry], standing: Standing, *, complete: bool, cell: Callable[[str, int], str]
) -> Compared:
    """`cell(field, line)` is the address of a cell of the file. `complete`: who is missing in it is gone."""
    found = Compared()
    listed = {entry.code for entry in entries if entry.code}
    seen: set[int] = set()
    for entry in entries:
        person = standing.by_code.get(entry.code)
        if person is not None and _as_before(entry, person):
            seen.add(person.user_id)
            found.rows.append(_same(entry, person))
            continue
        trouble = _Row(entry, standing, listed, seen).decide(found.rows)
        if trouble:
            name, code, sentence = trouble
            found.faults.append(Fault(cell(name, entry.line), entry.line, code, sentence))
    if complete:
        _missing(standing, seen, found)
    return found


def _as_before(entry: Entry, person: Person) -> bool:
    """Nothing differs: the way of nearly everybody on the roster of a later year."""
    return (
        person.full_name == entry.full_name
        and person.unit_id == entry.unit_id is not None
        and person.category == entry.category
        and (entry.job_title in ("", person.job_title))
        and (entry.birth_year is None or entry.birth_year == person.birth_year)
        and (
            entry.contract_id is None
            or (entry.contract_id, entry.contract_until) == (person.contract_id, person.contract_until)
        )
    )


def _same(entry: Entry, person: Person) -> Staged:
    """The row of a person for whom nothing changes; what the file leaves out is shown as the portal has it."""
    told = (entry.line, person.code, *entry[2:5], person.birth_year, person.job_title, person.category)
    contract = (person.contract_id, person.contract_until)
    return Staged(*told, *contract, None, person.unit_id, person.user_id, Action.SAME, {})


class _Row:
    """One entry on its way to what it does."""

    __slots__ = ("entry", "listed", "seen", "standing", "unit_id")

    def __init__(self, entry: Entry, standing: Standing, listed: set[str], seen: set[int]):
        self.entry, self.standing, self.listed, self.seen = entry, standing, listed, seen
        self.unit_id = entry.unit_id or standing.unit.pk

    def decide(self, rows: list[Staged]) -> Trouble | None:
        """Appends what the row does, or says why it cannot be done."""
        person, trouble = self._who()
        if person:
            self.seen.add(person.user_id)
        if trouble:
            return trouble
        row = self._known(person) if person else self._new()
        if person and row.action != Action.SAME:
            moves = row.action == Action.MOVED
            trouble = conflicts.in_the_way(
                self.entry, person, self.standing, unit_id=self.unit_id, moves=moves
            )
        if trouble is None:
            rows.append(row)
        return trouble

    def _who(self) -> tuple[Person | None, Trouble | None]:
        """By code; without one, someone the portal numbered: by name, birth year and unit. Nobody by guess."""
        entry = self.entry
        if not entry.code:
            return self._without_code()
        person = self.standing.by_code.get(entry.code)
        if person is None:
            return None, self._under_another_code()
        return person, conflicts.strange(entry, person, self.standing, self.unit_id)

    def _without_code(self) -> tuple[Person | None, Trouble | None]:
        entry = self.entry
        namesakes = self.standing.by_name.get(entry.search_key, ())
        free = [person for person in namesakes if person.user_id not in self.seen]
        his = [
            person
            for person in free
            if person.from_portal
            and person.unit_id == self.unit_id
            and person.birth_year == entry.birth_year is not None
        ]
        if len(his) == 1:
            return his[0], None
        rival = next((person for person in free if self._could_be(person)), None)
        return None, conflicts.namesake(entry, rival, self.standing) if rival else None

    def _could_be(self, person: Person) -> bool:
        """In the branch a missing birth year leaves it open; elsewhere only the same year makes one think of him."""
        years = (self.entry.birth_year, person.birth_year)
        if person.code in self.listed:
            return False
        if person.unit_id in self.standing.units and None in years:
            return True
        return years[0] is not None and years[0] == years[1]

    def _under_another_code(self) -> Trouble | None:
        """An unknown code, but the portal has given one to the same person before."""
        for person in self.standing.by_name.get(self.entry.search_key, ()):
            unlisted = person.from_portal and person.code not in self.listed
            may_be = self.entry.birth_year in (None, person.birth_year)
            if unlisted and may_be and person.unit_id == self.unit_id:
                return conflicts.has_a_portal_code(person)
        return None

    def _new(self) -> Staged:
        since = self.entry.since or self.standing.on
        return Staged(*self.entry[:10], since, self.unit_id, None, Action.NEW, {})

    def _known(self, person: Person) -> Staged:
        """What differs. A cell left empty changes nothing; a contract is read as a whole."""
        entry = self.entry
        had = (person.contract_id, person.contract_until)
        after = (
            entry.full_name,
            entry.birth_year or person.birth_year,
            entry.job_title or person.job_title,
            entry.category,
            *(entry[8:10] if entry.contract_id is not None else had),
        )
        was = (person.full_name, person.birth_year, person.job_title, person.category, *had)
        differs = {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value, new in zip(FIELDS, was, after, strict=True)
            if value != new
        }
        unit_id = person.unit_id if person.payroll_unit_id == self.unit_id else self.unit_id
        action, since, before = self._action(person, differs, unit_id)
        head = (entry.line, person.code, *entry[2:5])
        return Staged(*head, *after[1:], since, unit_id, person.user_id, action, before)

    def _action(
        self, person: Person, differs: dict[str, Any], unit_id: int | None
    ) -> tuple[str, date | None, dict[str, Any]]:
        """What is done, the day an employment begins by it, and what was so before."""
        begins = self.entry.since or self.standing.on
        if person.unit_id is None:
            past = self.standing.past.get(person.user_id)
            described = {name: differs[name] for name in FIELDS[:3] if name in differs}
            was = {"unit": past.unit_id, "until": past.until and past.until.isoformat()} if past else {}
            return Action.NEW, begins, described | was
        if unit_id != person.unit_id:
            return Action.MOVED, begins, differs | {"unit": person.unit_id}
        if not differs:
            return Action.SAME, None, {}
        dated = "category" in differs or "contract" in differs
        return Action.CHANGED, self.standing.on if dated else None, differs


def _missing(standing: Standing, seen: set[int], found: Compared) -> None:
    """Who works in the branch and is not on a complete list."""
    for person in _working_here(standing):
        if person.user_id in seen:
            continue
        if trouble := conflicts.may_not_go(person, standing):
            found.faults.append(Fault("", 0, *trouble))
        else:
            found.rows.append(_gone(person))


def _gone(person: Person) -> Staged:
    keys = (search_key(person.full_name), person_sort_key(person.full_name))
    told = (None, person.code, person.full_name, *keys, person.birth_year, person.job_title, person.category)
    contract = (person.contract_id, person.contract_until)
    return Staged(
        *told, *contract, None, person.unit_id, person.user_id, Action.GONE, {"unit": person.unit_id}
    )


def _working_here(standing: Standing) -> Iterable[Person]:
    """Those whom another unit pays (biệt phái) are on that unit's list."""
    for person in standing.people.values():
        paid_here = person.payroll_unit_id is None or person.payroll_unit_id in standing.units
        if person.unit_id in standing.units and paid_here:
            yield person
