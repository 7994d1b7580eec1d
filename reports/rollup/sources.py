"""Which units owe a report, which of their reports count, and the figures in them. Constant queries."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from campaigns.models import Indicator
from reports import board
from reports.board import Standing
from reports.models import Figure, ReportingRound, ReportVersion, UnitReport
from reports.rollup.totals import Cells, cell, with_wholes
from units.models import Unit
from units.tree import Tree

BLOCK_ORDER = ("agencies", "communes", "services")
BLOCKS = {
    Unit.Kind.SPECIALISED: "agencies",
    Unit.Kind.ADMINISTRATIVE: "agencies",
    Unit.Kind.PROVINCE: "agencies",
    Unit.Kind.WARD: "communes",
    Unit.Kind.COMMUNE: "communes",
}
MISSING = "missing"
EXCUSED = board.EXCUSED
WAITING = (UnitReport.Status.SUBMITTED, UnitReport.Status.RETURNED)


@dataclass
class Version:
    """The sealed version of a report that counts, and what stands in it."""

    pk: int
    number: int
    sha256: str
    cells: Cells = field(default_factory=dict)
    days: dict[str, str] = field(default_factory=dict)
    figures: int = 0
    typed: int = 0
    typed_over: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Counted:
    """One round as read. `versions` are those of the accepted reports, by unit, in the order of `standings`."""

    members: Tree
    standings: list[Standing]
    versions: Mapping[int, Version]

    @property
    def values(self) -> dict[int, Cells]:
        return {unit_id: version.cells for unit_id, version in self.versions.items()}

    @property
    def days(self) -> dict[str, dict[str, str]]:
        """Dates given, by the unit's source key and the indicator's code."""
        found = ((row.unit.source_key, self.versions.get(row.unit.pk)) for row in self.standings)
        return {key: version.days for key, version in found if version and version.days}

    def cells_by_branch(self) -> dict[str, list[Cells]]:
        found: dict[str, list[Cells]] = {}
        for row in self.standings:
            mine = found.setdefault(branch(row, self.members).source_key, [])
            mine += [self.versions[row.unit.pk].cells] if row.unit.pk in self.versions else []
        return found

    def branches(self) -> list[Unit]:
        return list(
            {unit.pk: unit for unit in (branch(row, self.members) for row in self.standings)}.values()
        )


def read(reporting_round: ReportingRound, members: Tree) -> Counted:
    standings = board.standing(reporting_round, reporting_round.due_on)
    standings.sort(
        key=lambda row: (
            *_order(branch(row, members)),
            row.unit.pk != branch(row, members).pk,
            *_order(row.unit),
        )
    )
    versions = _sealed_versions(reporting_round)
    _fill(reporting_round, versions)
    accepted = {
        row.unit.pk: versions[row.report.pk] for row in standings if row.report and row.report.pk in versions
    }
    return Counted(members, standings, accepted)


def branch(row: Standing, members: Tree) -> Unit:
    """The first-level unit above, under which the unit's figures are shown; the root stands for itself."""
    return row.unit if row.branch_id is None else members.placements[row.branch_id].unit


def block(branch: Unit) -> str:
    return BLOCKS.get(Unit.Kind(branch.kind), "services")


def state(row: Standing) -> str:
    """“accepted”, “submitted”, “returned”, “excused”; everything else never sent or taken back is MISSING."""
    return row.state if row.state in (UnitReport.Status.ACCEPTED, *WAITING, EXCUSED) else MISSING


def days_late(row: Standing) -> int:
    """Of the first sending; a report not sent has no lateness of its own, or the paper would change by the day."""
    return 0 if state(row) in (MISSING, EXCUSED) else row.days_late


def is_on_time(row: Standing) -> bool:
    return state(row) not in (MISSING, EXCUSED) and not days_late(row)


def _order(unit: Unit) -> tuple:
    return BLOCK_ORDER.index(block(unit)), unit.kind, unit.sort_key, unit.source_key


def _sealed_versions(reporting_round: ReportingRound) -> dict[int, Version]:
    """The last sealed version of every accepted report, by report."""
    rows = ReportVersion.objects.filter(
        report__round=reporting_round, report__status=UnitReport.Status.ACCEPTED, sealed_at__isnull=False
    ).order_by("report", "number")
    return {row.report_id: Version(row.pk, row.number, row.sha256) for row in rows}


def _fill(reporting_round: ReportingRound, versions: Mapping[int, Version]) -> None:
    found = {version.pk: version for version in versions.values()}
    rows = Figure.objects.filter(
        version__report__round=reporting_round,
        version__report__status=UnitReport.Status.ACCEPTED,
        version__sealed_at__isnull=False,
    ).values_list("version_id", "indicator__code", "category", "computed", "typed", "day", "indicator__live")
    for version_id, code, category, computed, typed, day, live in rows.iterator(chunk_size=5000):
        if (version := found.get(version_id)) is None:
            continue
        if day is not None:
            version.cells[cell(code)] = 1
            version.days[code] = day.isoformat()
        elif (value := computed if typed is None else typed) is not None:
            version.cells[cell(code, category)] = value
        else:
            continue
        version.figures += 1
        if typed is not None and live:
            version.typed += 1
            version.typed_over.add(code)
    by_category = list(
        Indicator.objects.filter(campaign=reporting_round.campaign, by_category=True).values_list(
            "code", flat=True
        )
    )
    for version in found.values():
        version.cells = with_wholes(version.cells, by_category)


def unit_rows(counted: Counted) -> list[dict[str, Any]]:
    """Every owing unit, in the paper's order."""
    return [
        {
            "key": row.unit.source_key,
            "name": row.unit.name,
            "branch": branch(row, counted.members).source_key,
            "first_level": row.is_first_level,
            "state": state(row),
            "days_late": days_late(row),
            **({"reason": row.waiver.reason} if row.waiver and row.is_excused else {}),
        }
        for row in counted.standings
    ]


def branch_rows(counted: Counted) -> list[dict[str, Any]]:
    """First-level units with the number of reports owed in their branch, the excused left out."""
    owing: dict[int, int] = {}
    for row in counted.standings:
        key = branch(row, counted.members).pk
        owing[key] = owing.get(key, 0) + (not row.is_excused)
    return [
        {"key": unit.source_key, "name": unit.name, "block": block(unit), "owing": owing[unit.pk]}
        for unit in counted.branches()
    ]


def source_rows(counted: Counted) -> list[dict[str, Any]]:
    """Every report that went in: whose, which version, its seal, how many of its figures the unit typed over."""
    rows = ((row, counted.versions.get(row.unit.pk)) for row in counted.standings)
    return [
        {
            "report": row.report.public_id,
            "unit": row.unit.source_key,
            "version": version.number,
            "sha256": version.sha256,
            "figures": version.figures,
            "typed": version.typed,
        }
        for row, version in rows
        if row.report and version
    ]
