"""The same figures make the same bytes: in another process, on another day, on another database."""

import os
import subprocess
import sys

import pytest

from reports.services import rollups
from tests.cast import make_cast
from tests.factories import ROOT, make_campaign
from tests.reports.province import make_province, make_small_province
from tests.servers import environment

pytestmark = pytest.mark.django_db(transaction=True)


def run(command: list[str], **variables: str) -> None:
    found = subprocess.run(
        [sys.executable, *command],
        env=environment() | variables,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr


def test_a_fresh_process_on_another_day_makes_the_same_bytes(tmp_path):
    small = make_small_province(make_cast(), make_campaign())
    here = rollups.fresh(reporting_round=small.this)
    others = (
        {"PYTHONHASHSEED": "1"},
        {"PYTHONHASHSEED": "2", "NAMKHONG_CLOCK_OFFSET": str(500 * 86400), "TZ": "UTC"},
    )
    for number, variables in enumerate(others):
        file = tmp_path / f"{number}.pdf"
        run(
            ["manage.py", "compile_rollup", "--round", "BC-2026", "--output", str(file), "--fresh"],
            **variables,
        )
        assert file.read_bytes() == here


@pytest.mark.postgres
def test_sqlite_and_postgresql_make_the_same_bytes(tmp_path):
    """The same province, made in each database by the same code; keys and random ids differ."""
    here = rollups.fresh(reporting_round=make_province().this)
    file = tmp_path / "sqlite.pdf"
    run(
        ["-m", "tests.reports.province", str(file)],
        DATABASE_URL=f"sqlite:///{tmp_path / 'other.sqlite3'}",
        PYTHONPATH=os.pathsep.join(sys.path),
    )
    assert file.read_bytes() == here
