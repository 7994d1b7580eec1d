"""What understanding a roster needs and gives: the lookups it is held against, people, faults."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from units.rosterfile.grid import Fault


@dataclass(frozen=True, slots=True)
class Context:
    """What the cells are held against, prepared by who reads the database. Keys of names are `search_key`s.

    `units_by_key`: the portal's keys a file may give instead of a name (`source_key`, `public_id`, lower case);
    `units_by_name`: every living unit of the branch under its name, its area's name and its abbreviation;
    `unit_names`: how a unit is called in a message; `own_unit`: the unit of rows without one, where the branch is
    one unit.
    `contracts`: `search_key` of name, and code, of each kind; `contract_names`: what a message offers.
    `people`: codes of at least those of the branch: a number that lost its zeros is recognised by them.
    `keys`: search and sort key of names the portal has already, which need not be worked out again.
    """

    on: date
    units_by_key: Mapping[str, int] = field(default_factory=dict)
    units_by_name: Mapping[str, Sequence[int]] = field(default_factory=dict)
    unit_names: Mapping[int, str] = field(default_factory=dict)
    own_unit: int | None = None
    contracts: Mapping[str, int] = field(default_factory=dict)
    contract_names: Sequence[str] = ()
    people: Collection[str] = frozenset()
    keys: Mapping[str, tuple[str, str]] = field(default_factory=dict)


class Entry(NamedTuple):
    """One row as it was understood; the names are those of `RosterRow`. An empty `code` asks the portal for one."""

    line: int
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


@dataclass(frozen=True, slots=True)
class Understood:
    """`rows` hold only what had no fault; with a single fault the file changes nothing."""

    rows: list[Entry]
    faults: list[Fault]
