"""The professional line beside the tree: its units with their reports, people and pledges, added up once.

A unit may stand in the line together with one below it: each person is counted once in the total all the same.
"""

from dataclasses import dataclass

from campaigns.models import Campaign
from pledges import coverage
from pledges.coverage import Coverage
from reports import board
from reports.board import Standing
from reports.models import ReportingRound
from units import tree
from units.models import Unit, User
from units.tree import Tree


@dataclass(frozen=True)
class Counts:
    """People of a unit and of all below it, and who of them pledged."""

    people: int
    owing: int
    signed: int


@dataclass(frozen=True)
class Row:
    """`standing` is the unit's own in the round, or that of the unit within whose report it reports (`bearer`)."""

    unit: Unit
    parent: Unit | None
    bearer: Unit | None
    standing: Standing | None
    counts: Counts


@dataclass(frozen=True)
class Line:
    rows: list[Row]
    total: Counts


def line(user: User, asked: ReportingRound | None) -> Line:
    """The units in the line of the user's authority today; constant queries. Pledges are those of this year."""
    standing = tree.load(user.today)
    members = [standing.placements[key] for key in user.units_in_line() if key in standing.placements]
    areas = {row.unit_id: _below(standing, row.unit_id) for row in members}
    every = {key for area in areas.values() for key in area}
    campaign = Campaign.objects.current()
    counts = (
        coverage.by_unit(every, campaign=campaign, year=user.today.year, on=user.today)
        if every and campaign
        else {}
    )
    states = {row.unit.pk: row for row in board.standing(asked, user.today)} if asked else {}
    rows = []
    for placed in sorted(members, key=lambda row: (row.unit.kind, row.unit.sort_key)):
        bearer = standing.bearer(placed.unit_id, "report_duty")
        rows.append(
            Row(
                unit=placed.unit,
                parent=standing.placements[placed.parent_id].unit if placed.parent_id else None,
                bearer=standing.placements[bearer].unit if bearer and bearer != placed.unit_id else None,
                standing=states.get(bearer) if bearer else None,
                counts=_counts(areas[placed.unit_id], counts),
            )
        )
    return Line(rows, _counts(every, counts))


def _below(standing: Tree, unit_id: int) -> set[int]:
    return {key for key in standing.placements if unit_id in standing.path(key)}


def _counts(units: set[int], counts: dict[int, Coverage]) -> Counts:
    found = [counts[key] for key in units if key in counts]
    return Counts(
        people=sum(row.people + row.relieved for row in found),
        owing=sum(row.people for row in found),
        signed=sum(row.signed for row in found),
    )
