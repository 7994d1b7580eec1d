"""The settings as another process reads them from its environment."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
KEY = "k" * 60
OURS = {"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "DEBUG", "DJANGO_SETTINGS_MODULE"}


def run(code: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {
        name: value
        for name, value in os.environ.items()
        if name not in OURS and not name.startswith("NAMKHONG")
    }
    return subprocess.run(
        [sys.executable, *code.split("\n", 1)],
        cwd=ROOT,
        env=clean | {"NAMKHONG_VAR": str(folder)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def read(folder: Path, *names: str, **environment: str) -> dict:
    environment = {"SECRET_KEY": KEY} | environment
    asked = ", ".join(f'"{name}": settings.{name}' for name in names)
    code = f"from namkhong import settings; import json; print(json.dumps({{{asked}}}, default=str))"
    done = run(f"-c\n{code}", folder, **environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_without_a_key_it_refuses_in_one_sentence(tmp_path):
    done = run("manage.py\ncheck", tmp_path)
    assert done.returncode == 1
    assert "no secret key: run `make setup`" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_short_key_is_no_key(tmp_path):
    (tmp_path / "secret.key").write_text("short\n")
    assert run("manage.py\ncheck", tmp_path).returncode == 1


def test_the_key_that_setup_wrote_is_enough(tmp_path):
    (tmp_path / "secret.key").write_text(KEY + "\n")
    assert run("manage.py\ncheck", tmp_path).returncode == 0


def test_plain_http_is_refused_for_any_other_machine(tmp_path):
    done = run("manage.py\ncheck", tmp_path, SECRET_KEY=KEY, NAMKHONG_BASE_URL="http://namkhong.example")
    assert done.returncode == 1
    assert "must start with https://" in done.stderr


def test_debug_is_off_unless_asked_for(tmp_path):
    assert read(tmp_path, "DEBUG") == {"DEBUG": False}
    assert read(tmp_path, "DEBUG", DEBUG="1") == {"DEBUG": True}


COOKIES = ("SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE")
TRANSPORT = (*COOKIES, "SECURE_HSTS_SECONDS", "SECURE_SSL_REDIRECT")


def test_https_brings_host_cookies_and_hsts(tmp_path):
    found = read(tmp_path, *TRANSPORT, NAMKHONG_BASE_URL="https://namkhong.example")
    assert list(found.values()) == ["__Host-phien", True, "__Host-csrf", True, 63072000, True]


def test_loopback_http_has_neither(tmp_path):
    found = read(tmp_path, *TRANSPORT, NAMKHONG_BASE_URL="http://127.0.0.1:8000")
    assert list(found.values()) == ["phien", False, "csrf", False, 0, False]


def test_https_is_the_default(tmp_path):
    assert read(tmp_path, "HTTPS", "IN_PRODUCTION") == {"HTTPS": True, "IN_PRODUCTION": True}


def test_sessions_are_read_from_the_database_with_redis_and_without(tmp_path):
    assert read(tmp_path, "SESSION_ENGINE") == {"SESSION_ENGINE": "namkhong.sessions"}
    with_redis = read(tmp_path, "SESSION_ENGINE", REDIS_URL="redis://127.0.0.1:1/0")
    assert with_redis == {"SESSION_ENGINE": "namkhong.sessions"}


def test_redis_gives_a_task_back_only_after_its_hard_limit(tmp_path):
    found = read(
        tmp_path,
        "CELERY_BROKER_TRANSPORT_OPTIONS",
        "CELERY_TASK_TIME_LIMIT",
        "CELERY_TASK_SOFT_TIME_LIMIT",
        CELERY_BROKER_URL="redis://127.0.0.1:1/0",
    )
    options = found["CELERY_BROKER_TRANSPORT_OPTIONS"]
    assert (
        options["visibility_timeout"] > found["CELERY_TASK_TIME_LIMIT"] > found["CELERY_TASK_SOFT_TIME_LIMIT"]
    )
    assert options["health_check_interval"] == 5


def test_the_embedded_broker_stands_in_var_or_where_the_address_says(tmp_path):
    assert read(tmp_path, "BROKER_FOLDER") == {"BROKER_FOLDER": str(tmp_path / "broker")}
    elsewhere = read(tmp_path, "BROKER_FOLDER", CELERY_BROKER_URL="filesystem://localhost/srv/broker")
    assert elsewhere == {"BROKER_FOLDER": "/srv/broker"}


def test_postgres_connections_are_kept_and_bounded(tmp_path):
    found = read(tmp_path, "DATABASES", DATABASE_URL="postgres://a:b@127.0.0.1/c")["DATABASES"]["default"]
    assert found["CONN_HEALTH_CHECKS"] is True
    assert found["CONN_MAX_AGE"] > 0
    assert "lock_timeout=2s" in found["OPTIONS"]["options"]


def test_celery_is_set_as_rule_r07_says():
    from namkhong.celery import app

    conf = app.conf
    assert (conf.task_acks_late, conf.task_reject_on_worker_lost, conf.task_ignore_result) == (
        True,
        True,
        True,
    )
    assert conf.accept_content == ["json"]
    assert conf.task_serializer == "json"
    assert conf.worker_prefetch_multiplier == 1
    assert conf.worker_max_tasks_per_child
    assert conf.worker_soft_shutdown_timeout > 0
    assert conf.beat_scheduler == "celery.beat:Scheduler"


def test_every_task_that_beat_sends_exists():
    from namkhong.celery import app

    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)


def test_filesystem_addresses_get_the_safe_transport():
    from kombu import Connection

    assert Connection("filesystem://localhost").transport_cls == "namkhong.broker:Transport" or (
        Connection("filesystem://localhost").get_transport_cls().__module__ == "namkhong.broker"
    )


@pytest.mark.django_db
@pytest.mark.skipif(not settings.ON_SQLITE, reason="about SQLite")
def test_sqlite_keeps_what_it_acknowledged():
    with connection.cursor() as cursor:
        found = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 20000}
    assert connection.transaction_mode == "IMMEDIATE"


@pytest.mark.postgres
@pytest.mark.django_db
def test_postgres_ends_what_hangs():
    with connection.cursor() as cursor:
        found = {}
        for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
            cursor.execute(f"SHOW {name}")
            found[name] = cursor.fetchone()[0]
    assert found == {
        "lock_timeout": "2s",
        "statement_timeout": "1min",
        "idle_in_transaction_session_timeout": "1min",
    }


def test_operations_tells_of_every_variable():
    sources = [
        ROOT / "namkhong" / "settings.py",
        ROOT / "deploy" / "gunicorn.conf.py",
        ROOT / "ledger" / "clock.py",
    ]
    read_here = {
        name
        for path in sources
        for name in re.findall(
            r"""(?:env(?:\.\w+)?\(|environ\.get\(|VARIABLE = )["']([A-Z_]+)["']""", path.read_text()
        )
    }
    told = (ROOT / "docs" / "operations.md").read_text()
    assert {"SECRET_KEY", "NAMKHONG_WEB_WORKERS", "NAMKHONG_CLOCK_OFFSET", "EMAIL_URL"} <= read_here
    assert {name for name in read_here if f"| `{name}` |" not in told} == set()
