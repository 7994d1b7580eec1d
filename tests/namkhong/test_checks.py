"""The ground on which the portal refuses to stand."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from documents.seal_keys import make_own_key
from namkhong import checks

ROOT = Path(__file__).resolve().parents[2]


def ids(messages):
    return [message.id for message in messages]


def test_sound_ground_has_nothing_to_say(db):
    assert checks.paper_fonts_are_here() == []
    assert checks.xml_is_read_safely() == []
    assert checks.clock_is_not_moved_in_production() == []
    assert checks.postgres_keeps_what_it_acknowledges(databases=["default"]) == []


@pytest.mark.postgres
def test_r02_a_postgres_that_acknowledges_too_early_is_refused(db):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
    assert ids(checks.postgres_keeps_what_it_acknowledges(databases=["default"])) == ["namkhong.E001"]


def test_r13_a_moved_clock_is_refused_in_production_only(settings, monkeypatch):
    monkeypatch.setenv("NAMKHONG_CLOCK_OFFSET", "3600")
    assert checks.clock_is_not_moved_in_production() == []
    settings.IN_PRODUCTION = True
    assert ids(checks.clock_is_not_moved_in_production()) == ["namkhong.E003"]


def test_missing_fonts_are_named_with_the_command_that_installs_them(settings, tmp_path):
    settings.PAPER_FONTS = tmp_path
    (message,) = checks.paper_fonts_are_here()
    assert message.id == "namkhong.E002"
    assert "apt-get install fonts-liberation2" in message.msg


def test_r31_openpyxl_without_defusedxml_is_refused(monkeypatch):
    monkeypatch.setattr(checks, "find_spec", lambda name: None)
    assert ids(checks.xml_is_read_safely()) == ["namkhong.E004"]


def test_r28_a_key_that_others_can_read_is_refused(settings, tmp_path):
    settings.SEAL_FOLDER = tmp_path
    make_own_key()
    assert checks.seal_is_well_kept() == []
    (tmp_path / "seal.key").chmod(0o640)
    assert ids(checks.seal_is_well_kept()) == ["namkhong.E006"]


def test_r28_a_configured_key_must_be_there_and_a_timestamp_service_needs_its_roots(settings, tmp_path):
    settings.SEAL_PKCS12 = str(tmp_path / "no.p12")
    assert ids(checks.seal_is_well_kept()) == ["namkhong.E005"]
    settings.SEAL_PKCS12 = ""
    settings.TSA_URL = "https://tsa.example/"
    assert ids(checks.seal_is_well_kept()) == ["namkhong.E007"]


def test_r28_a_deployment_is_told_what_a_self_made_seal_proves(settings):
    assert ids(checks.seal_is_vouched_for()) == ["namkhong.I001"]
    settings.SEAL_PKCS12, settings.TSA_URL = "office.p12", "https://tsa.example/"
    assert checks.seal_is_vouched_for() == []


def test_nothing_is_served_on_unsafe_ground(transactional_db, settings, tmp_path):
    settings.PAPER_FONTS = tmp_path
    with pytest.raises(ImproperlyConfigured, match="LiberationSerif"):
        checks.refuse_unsafe_ground()


@pytest.mark.parametrize(
    "command",
    [
        ["-c", "import namkhong.wsgi"],
        ["-m", "celery", "--app", "namkhong", "worker", "--pool", "solo"],
    ],
    ids=["web", "worker"],
)
def test_web_and_worker_do_not_start_on_it(command, tmp_path):
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "namkhong.settings",
        "NAMKHONG_VAR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3",
        "CELERY_BROKER_URL": f"filesystem://localhost{tmp_path}/broker",
        "NAMKHONG_PAPER_FONTS": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert "fonts-liberation2" in done.stdout + done.stderr
