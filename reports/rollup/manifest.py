"""The record a roll-up is made of, read from one snapshot of the database.

A plain dictionary: it is stored beside the paper, hashed in its canonical form, and the paper is composed of it alone.
Nothing in it depends on the clock, on row numbers or on the order a database returns rows in: units, posts and terms
are those of the round's due day, and everything is sorted by keys computed in Python.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from campaigns.models import Campaign
from documents.models import Paper
from reports import board, deadlines
from reports.models import Figure, ReportingRound, ReportVersion, UnitReport
from reports.rollup import author, words
from reports.rollup.totals import Cells, add_up, cell, rate, with_wholes
from units import tree
from units.models import Category, Unit, User
from units.tree import Tree

# Raised when the composition of the paper changes: the same figures then make a new manifest and a new paper (R15).
LAYOUT = 1
BLOCKS = {
    Unit.Kind.SPECIALISED: "agencies",
    Unit.Kind.ADMINISTRATIVE: "agencies",
    Unit.Kind.WARD: "communes",
    Unit.Kind.COMMUNE: "communes",
}
BLOCK_ORDER = ("agencies", "communes", "services")
UNITS = "units"

Manifest = dict[str, Any]
