"""The command: the same twice, never over real people, and a table of accounts that work."""

import json
import stat
from dataclasses import dataclass
from datetime import date, datetime, time
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from django.test import override_settings

from campaigns import duties as of_plans
from ledger import clock, seal
from ledger.models import Event
from namkhong.demo import seeding
from namkhong.demo.dice import start_of
from pledges import duties as of_pledges
from pledges.models import Pledge
from reports import duties as of_reports
from reports.models import ReportingRound, UnitReport
from tests.demo.provinces import FEW, ON, digest_of_all_rows, load_what_stands_first, province, undone
from tests.factories import make_user
from units.models import User


def run(file: Path, **options) -> str:
    """The command as typed, with its accounts in `file`; returns what it said."""
    said = StringIO()
    call_command(
        "seed_demo", **({"officials": FEW, "seed": 1, "on": ON, "accounts": file} | options), stdout=said
    )
    return said.getvalue()


@dataclass(frozen=True)
class Done:
    said: str
    file: Path
    head: Path


@pytest.fixture(scope="module")
def done(django_db_setup, django_db_blocker, tmp_path_factory):
    """The command run once for all tests that only look at what it did."""
    folder = tmp_path_factory.mktemp("demo")
    file, head = folder / "accounts.json", folder / "head.json"
    with django_db_blocker.unblock(), undone(), override_settings(LEDGER_HEAD_FILE=head):
        load_what_stands_first()
        yield Done(run(file), file, head)


@pytest.fixture
def first_loaded(db):
    load_what_stands_first()


# --- After a run


@pytest.mark.django_db
def test_the_log_is_sealed_and_whole(done, settings):
    settings.LEDGER_HEAD_FILE = done.head
    assert list(seal.problems()) == []


@pytest.mark.django_db
def test_a_second_run_says_so_and_changes_nothing(done):
    before, accounts_before = digest_of_all_rows(), done.file.read_text()
    assert "Không có gì thay đổi" in run(done.file, seed=2)
    assert digest_of_all_rows() == before
    assert done.file.read_text() == accounts_before


@pytest.mark.django_db
def test_real_people_are_left_alone_even_among_demo_people(done, tmp_path):
    make_user("Nguyễn Văn Thật")
    with pytest.raises(CommandError, match="có người thật"):
        run(tmp_path / "accounts.json")


@pytest.mark.django_db
def test_accounts_are_printed_and_kept_for_the_owner_alone(done):
    assert stat.S_IMODE(done.file.stat().st_mode) == 0o600
    rows = json.loads(done.file.read_text())
    assert len(rows) == 11
    for row in rows:
        assert row.keys() == {"role", "username", "password", "name", "unit"}
        assert row["password"] in done.said
        assert check_password(row["password"], User.objects.get(username=row["username"]).password)


@pytest.mark.django_db
def test_everybody_in_the_table_finds_something_to_do(done, monkeypatch):
    morning = datetime.combine(ON, time(8), clock.VIETNAM)
    monkeypatch.setenv(clock.OFFSET_VARIABLE, str((morning - clock.now()).total_seconds()))
    for row in json.loads(done.file.read_text()):
        user = User.objects.get(username=row["username"])
        assert [*of_pledges.of(user), *of_plans.of(user), *of_reports.of(user)], row["role"]


# --- Chance and time


def _seeded(seed: int) -> tuple[str, set[str]]:
    """Digest of the whole database, and the passwords."""
    with undone():
        found = seeding.seed(officials=FEW, seed=seed, on=ON)
        return digest_of_all_rows(), {row["password"] for row in found.accounts}


def test_the_seed_alone_decides_all_rows_and_no_password(first_loaded, monkeypatch):
    rows, passwords = _seeded(1)
    monkeypatch.setenv(clock.OFFSET_VARIABLE, str(40 * 86400))
    same_rows, other_passwords = _seeded(1)
    assert same_rows == rows
    assert not passwords & other_passwords
    assert _seeded(2)[0] != rows


@pytest.mark.parametrize("day", [date(2026, 1, 5), date(2026, 10, 20), date(2027, 2, 1)])
def test_any_day_has_its_province(db, day):
    with province(on=day):
        assert Pledge.objects.filter(year__lte=day.year).exists()
        years = list(ReportingRound.objects.order_by("year").values_list("year", flat=True))
        assert years[-1] == (day.year if (day.month, day.day) > (10, 15) else day.year - 1)
        assert UnitReport.objects.filter(status="accepted").exists()
        happened = Event.objects.exclude(kind__in=["campaigns.campaign.load", "units.load"])
        assert all(event.at < start_of(day) for event in happened)


# --- Refused


def test_real_people_are_never_joined_by_made_up_ones(first_loaded, tmp_path):
    make_user("Nguyễn Văn Thật")
    with pytest.raises(CommandError, match="có người thật"):
        run(tmp_path / "accounts.json")
    assert User.objects.count() == 1


def test_it_asks_for_decision_and_units_first(db, tmp_path):
    with pytest.raises(CommandError, match="load_campaign"):
        run(tmp_path / "accounts.json")


@pytest.mark.parametrize(("officials", "on"), [(10, ON), (10**7, ON), (FEW, date(2025, 8, 1))])
def test_what_cannot_be_is_refused_in_a_sentence(first_loaded, tmp_path, officials, on):
    with pytest.raises(CommandError, match=r"Số người|chọn ngày"):
        run(tmp_path / "accounts.json", officials=officials, on=on)


def test_a_day_that_is_not_in_the_calendar_is_told(db):
    with pytest.raises(CommandError, match="31/02/2026"):
        call_command("seed_demo", "--on", "31/02/2026")


def test_when_the_accounts_cannot_be_kept_nothing_is_left_behind(first_loaded, tmp_path):
    (tmp_path / "a-file").write_text("")
    with pytest.raises(OSError):
        run(tmp_path / "a-file" / "accounts.json")
    assert not User.objects.exists()
