"""What every test finds. Processes beside the tests stand in tests/servers.py."""

import os
from datetime import UTC, date, datetime, time

import pytest
from django.conf import settings
from django.core.management.commands import flush
from django.db.backends.postgresql.base import DatabaseOperations as PostgresOperations
from django.db.backends.sqlite3.base import DatabaseOperations as SQLiteOperations
from django.test import Client

from documents.seal_keys import make_own_key
from ledger import clock
from ledger.public_id import new_public_id
from tests.cast import make_cast
from tests.factories import make_campaign
from tests.servers import celery_worker_process, worker_process
from units import proof, sessions
from units.models import User

__all__ = ["celery_worker_process", "worker_process"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests of locks, races and volume need PostgreSQL; the long proofs run only when asked for by name."""
    asked = config.getoption("markexpr")
    if settings.ON_SQLITE:
        skip = pytest.mark.skip(reason="needs PostgreSQL: run `make test`")
        for item in items:
            if "postgres" in item.keywords:
                item.add_marker(skip)
    if os.environ.get("NAMKHONG_TEST_SECOND_RUN"):
        # What touches no database, or says that it is the same on every one, was proved by the first run already.
        config.hook.pytest_deselected(items=[item for item in items if not depends_on_database(item)])
        items[:] = [item for item in items if depends_on_database(item)]
    if "faults" not in asked:
        # By marker: the folder's name is among the keywords of every test in tests/faults.
        long_proofs = [item for item in items if item.get_closest_marker("faults")]
        if long_proofs:
            config.hook.pytest_deselected(items=long_proofs)
            items[:] = [item for item in items if not item.get_closest_marker("faults")]


def depends_on_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("once"):
        return False
    fixtures = set(getattr(item, "fixturenames", ()))
    marked = item.get_closest_marker("django_db") or item.get_closest_marker("postgres")
    return bool(marked or fixtures & {"db", "transactional_db", "live_server"})


@pytest.fixture(scope="session", autouse=True)
def tables_are_emptied_quickly_and_the_log_too():
    """By DELETE without triggers: the log's refuse it, and PostgreSQL's TRUNCATE makes every table's files anew.

    Nor is anything made again afterwards: the portal has its own rights and uses no content types.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SQLiteOperations, "sql_flush", _sqlite_flush)
        patch.setattr(PostgresOperations, "sql_flush", _postgres_flush)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *args: None)
        yield


def _sqlite_flush(operations, style, tables, **options) -> list[str]:
    with operations.connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
    lift = [f"DROP TRIGGER {name}" for name, _sql in triggers]
    return [*lift, *_deletions(operations, tables), *(sql for _name, sql in triggers)]


def _postgres_flush(operations, style, tables, **options) -> list[str]:
    # Waits, as TRUNCATE would, for whoever still writes.
    lock = f"LOCK TABLE {', '.join(map(operations.quote_name, tables))} IN EXCLUSIVE MODE"
    return [lock, "SET LOCAL session_replication_role = replica", *_deletions(operations, tables)]


def _deletions(operations, tables) -> list[str]:
    return [f"DELETE FROM {operations.quote_name(table)}" for table in tables]


@pytest.fixture(scope="session", autouse=True)
def key_to_seal_with():
    """As the first start makes it, in the folder of the tests."""
    make_own_key()


@pytest.fixture(autouse=True)
def own_ledger_head(settings, tmp_path):
    """Each test has its own chain, so its own head outside the database."""
    settings.LEDGER_HEAD_FILE = tmp_path / "ledger-head.json"


@pytest.fixture
def cast(db):
    return make_cast()


@pytest.fixture
def campaign(db):
    return make_campaign()


@pytest.fixture
def client_of():
    """`client_of(user)`: a browser in which the person has just signed in and given every proof.

    `factor=False`: the second factor has not been given.
    """

    def make(user, *, factor: bool = True) -> Client:
        client = Client()
        client.force_login(user, backend="namkhong.authentication.PasswordBackend")
        session = client.session
        session[proof.SESSION_KEY] = clock.now().isoformat()
        session[sessions.POSTS] = sessions.held_by(User(pk=user.pk))
        if factor:
            session[sessions.FACTOR] = "a device of the tests"
        session.save()
        return client

    return make


@pytest.fixture
def on_day(monkeypatch):
    """`on_day(date(2025, 6, 14))`: from now on it is noon of that day in Việt Nam."""

    def travel(day: date) -> None:
        noon = datetime.combine(day, time(12), clock.VIETNAM)
        monkeypatch.setenv(clock.OFFSET_VARIABLE, str((noon - datetime.now(UTC)).total_seconds()))

    return travel


@pytest.fixture
def in_autumn_2026(on_day) -> None:
    """For stories that name their days: the decision is a year old, the reports of November are sent."""
    on_day(date(2026, 11, 22))


@pytest.fixture
def post_form():
    """`post_form(client, url, data)`: sends a form as the page would, with a fresh idempotency key."""

    def post(client: Client, url: str, data: dict | None = None, **extra):
        return client.post(url, {"idempotency_key": new_public_id(), **(data or {})}, **extra)

    return post
