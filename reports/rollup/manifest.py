"""The record a roll-up is made of, read from one snapshot of the database.

A plain dictionary: it is stored beside the paper, hashed in its canonical form, and the paper is composed of it alone.
Nothing in it depends on the clock, on row numbers or on the order a database returns rows in: units, posts and terms
are those of the round's due day, and everything is sorted by keys computed in Python.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from campaigns.models import Target
from reports import deadlines
from reports.models import ReportingRound
from reports.rollup import sources
from reports.rollup.author import author
from reports.rollup.outline import outline
from reports.rollup.sources import Counted
from reports.rollup.totals import Cells, add_up, rate
from reports.rollup.words import gather_words
from units import tree
from units.models import User

# Raised when the composition of the paper changes: the same figures then make a new manifest and a new paper (R15).
LAYOUT = 2
# The denominator of a target that counts units, not people.
UNITS = "units"

Manifest = dict[str, Any]


@contextmanager
def snapshot() -> Iterator[None]:
    """Everything read inside is one state of the database: a report accepted meanwhile is in, or out, as a whole."""
    with transaction.atomic(durable=True):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def gather(reporting_round: ReportingRound) -> Manifest:
    """The manifest of a round as the database stands. Call it inside `snapshot()`.

    Only accepted reports are counted. What was sent and is not accepted is named in `units` and adds nothing.
    Raises NoAuthor.
    """
    members = tree.load(reporting_round.due_on)
    counted = sources.read(reporting_round, members)
    return {
        "layout": LAYOUT,
        "demo": User.objects.filter(is_demo=True).exists(),
        "round": _round(reporting_round),
        **outline(reporting_round.campaign),
        "author": author(members, reporting_round),
        "units": sources.unit_rows(counted),
        "branches": sources.branch_rows(counted),
        "sources": sources.source_rows(counted),
        "figures": _figures(reporting_round, counted),
        "words": gather_words(counted),
        "last": _last(reporting_round),
    }


def _round(reporting_round: ReportingRound) -> Manifest:
    return {
        "code": reporting_round.code,
        "name": reporting_round.name,
        "kind": reporting_round.kind,
        "year": reporting_round.year,
        "data_since": reporting_round.data_since.isoformat(),
        "data_until": reporting_round.data_until.isoformat(),
        "due_on": deadlines.due_day(reporting_round).isoformat(),
    }


def _figures(reporting_round: ReportingRound, counted: Counted) -> Manifest:
    """Sums with the number of units behind each, and the targets' rates, for the whole and every first-level branch."""
    totals = add_up(counted.values, counted.members)
    targets = list(reporting_round.campaign.targets.order_by("order"))
    root = counted.members.root
    return {
        "owing": sum(not row.is_excused for row in counted.standings),
        "accepted": len(counted.versions),
        "on_time": sum(sources.is_on_time(row) for row in counted.standings),
        "whole": totals.at(root.pk if root else None),
        "branches": {unit.source_key: totals.at(unit.pk) for unit in counted.branches()},
        "rates": _rates(targets, counted.values.values()),
        "branch_rates": {key: _rates(targets, cells) for key, cells in counted.cells_by_branch().items()},
        "days": counted.days,
    }


def _rates(targets: Iterable[Target], values: Iterable[Cells]) -> dict[str, list[int]]:
    """[part, whole, n units with both] by target. Against `UNITS`, the part are the units that answered yes."""
    rows = list(values)
    found = {}
    for target in targets:
        if target.numerator and target.denominator == UNITS:
            yes, _, answered = rate(rows, target.numerator, target.numerator)
            found[target.code] = [yes, answered, answered]
        elif target.numerator:
            found[target.code] = rate(rows, target.numerator, target.denominator)
    return found


def _last(reporting_round: ReportingRound) -> Manifest:
    """The figures of the same indicators in last year's yearly round; empty where there was none."""
    if reporting_round.kind != ReportingRound.Kind.ANNUAL:
        return {}
    before = ReportingRound.objects.filter(
        kind=reporting_round.kind, campaign=reporting_round.campaign, year=reporting_round.year - 1
    )
    last = before.order_by("-due_on", "code").first()
    if last is None:
        return {}
    figures = _figures(last, sources.read(last, tree.load(last.due_on)))
    return {"round": _round(last), **figures}
