"""What the command leaves: a sealed log, accounts that work, a database it will not touch again."""

import json
import stat
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError
from django.test import override_settings
from django_otp.plugins.otp_totp.models import TOTPDevice

from campaigns import duties as of_plans
from ledger import clock, seal
from pledges import duties as of_pledges
from reports import duties as of_reports
from tests.demo.provinces import ON, digest_of_all_rows, load_what_stands_first, run, undone
from tests.factories import make_user
from units.factors import typed_secret
from units.models import User

pytestmark = pytest.mark.django_db


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


def test_the_log_is_sealed_and_whole(done, settings):
    settings.LEDGER_HEAD_FILE = done.head
    assert list(seal.problems()) == []


def test_a_second_run_says_so_and_changes_nothing(done):
    before, accounts_before = digest_of_all_rows(), done.file.read_text()
    assert "Không có gì thay đổi" in run(done.file, seed=2)
    assert digest_of_all_rows() == before
    assert done.file.read_text() == accounts_before


def test_real_people_are_left_alone_even_among_demo_people(done, tmp_path):
    make_user("Nguyễn Văn Thật")
    with pytest.raises(CommandError, match="có người thật"):
        run(tmp_path / "accounts.json")


def test_accounts_are_printed_and_kept_for_the_owner_alone(done):
    assert stat.S_IMODE(done.file.stat().st_mode) == 0o600
    rows = json.loads(done.file.read_text())
    assert len(rows) == 18
    for row in rows:
        assert row.keys() == {"role", "username", "password", "name", "unit", "secret"}
        assert row["password"] in done.said
        assert check_password(row["password"], User.objects.get(username=row["username"]).password)


def test_home_affairs_and_the_leadership_have_a_second_factor_whose_secret_is_in_the_file(done):
    rows = json.loads(done.file.read_text())
    asked = {row["username"]: row["secret"] for row in rows if row["secret"]}
    devices = {device.user.username: device for device in TOTPDevice.objects.select_related("user")}
    assert asked.keys() == devices.keys()
    for username, device in devices.items():
        assert device.confirmed
        assert typed_secret(device.key) == asked[username]
    needed = [row for row in rows if User.objects.get(username=row["username"]).works_for_home_affairs]
    assert needed
    assert all(row["secret"] for row in needed)
    assert sum("Lãnh đạo" in row["role"] and bool(row["secret"]) for row in rows) == 1


def test_everybody_in_the_table_finds_something_to_do(done, monkeypatch):
    morning = datetime.combine(ON, time(8), clock.VIETNAM)
    monkeypatch.setenv(clock.OFFSET_VARIABLE, str((morning - clock.now()).total_seconds()))
    for row in json.loads(done.file.read_text()):
        user = User.objects.get(username=row["username"])
        assert [*of_pledges.of(user), *of_plans.of(user), *of_reports.of(user)], row["role"]
