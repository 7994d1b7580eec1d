"""The portal as production runs it (gunicorn with deploy/gunicorn.conf.py, PostgreSQL, Redis), on loopback, filled.

DATABASE_URL, NAMKHONG_TEST_REDIS and the settings come from `make bench`.
"""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from urllib.error import URLError

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection, transaction

from bench.organisation import FIRST_LEVEL, UNITS, fill, settle
from ledger import clock
from scripts.servers import free_port
from tests.servers import database_url
from units import proof, sessions
from units.models import Appointment, BaseUnion, Post, User

ROOT = Path(__file__).resolve().parent.parent
READY_SECONDS = 60.0
BACKEND = "namkhong.authentication.PasswordBackend"
PASSWORD = "cầu-Trường-Tiền-sáu-vài"  # noqa: S105 - of made-up people
SINCE = date(2024, 1, 1)
# Home Affairs is the second unit; heads are among the people of the first two rows of everybody's unit.
HOME_AFFAIRS, OFFICER = 2, 1
FIRST_SIGNER = 2 * UNITS + 1


@contextmanager
def province(people: int) -> Iterator[None]:
    """A database of its own with that many people, a head in every unit, a union in every second."""
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        fill(people)
        with connection.cursor() as cursor:
            cursor.execute("RESET session_replication_role")
            # Below the first level a unit reports within its parent, as almost all do.
            cursor.execute(
                "UPDATE units_placement SET plan_duty = 'within_parent', report_duty = 'within_parent'"
                " WHERE parent_id IS NOT NULL AND parent_id <> 1"
            )
            cursor.execute(
                "UPDATE units_user SET is_demo = false, session_epoch = 0, job_title = 'Chuyên viên'"
            )
        call_command("load_campaign", ROOT / "data/campaigns/2607.toml", verbosity=0)
        _posts_and_unions()
        settle()
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def _posts_and_unions() -> None:
    heads = [Post(unit_id=key, kind=Post.Kind.HEAD, title="Trưởng đơn vị") for key in range(1, UNITS + 1)]
    office = Post(unit_id=HOME_AFFAIRS, kind=Post.Kind.HOME_AFFAIRS, title="Chuyên viên", scope_id=1)
    posts = Post.objects.bulk_create([*heads, office])
    held = [
        Appointment(post=post, user_id=OFFICER if post is office else UNITS + post.unit_id - 1, since=SINCE)
        for post in posts
    ]
    Appointment.objects.bulk_create(held)
    unions = [
        BaseUnion(unit_id=key, name=f"Công đoàn cơ sở Đơn vị {key}", since=SINCE)
        for key in range(1, UNITS, 2)
    ]
    BaseUnion.objects.bulk_create(unions)


def open_board() -> str:
    """The address of the board of a round to which the units of the first level owe their report."""
    from campaigns.models import Campaign
    from reports.models import ReportingRound

    today = clock.today()
    opened = ReportingRound.objects.create(
        campaign=Campaign.objects.get(),
        code="BENCH",
        year=today.year,
        name=f"Kỳ báo cáo của {FIRST_LEVEL} đơn vị",
        data_since=today - timedelta(days=300),
        data_until=today,
        opens_on=today - timedelta(days=20),
        due_on=today + timedelta(days=20),
    )
    return opened.get_absolute_url()


def passwords(hasher: str, condition: str) -> None:
    """Gives the made-up people that `condition` (SQL) names their password, hashed once by this hasher."""
    hashed = make_password(PASSWORD, hasher=hasher)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE units_user SET password = %s WHERE {condition}", [hashed])


def signed_in(people: list[int], *, factor: bool = False) -> list[str]:
    """Session keys of people who came in and gave their proof a moment ago."""
    engine = import_module(settings.SESSION_ENGINE)
    keys = []
    with transaction.atomic():
        for user in User.objects.filter(pk__in=people).order_by("pk"):
            session = engine.SessionStore()
            session["_auth_user_id"], session["_auth_user_backend"] = str(user.pk), BACKEND
            session["_auth_user_hash"] = user.get_session_auth_hash()
            session[proof.SESSION_KEY] = clock.now().isoformat()
            session[sessions.POSTS] = sessions.held_by(user) if factor else {}
            session[sessions.FACTOR_DUE] = False
            if factor:
                session[sessions.FACTOR] = "a device of the bench"
            session.save()
            keys.append(session.session_key)
    return keys


def collect_static(environment: dict[str, str]) -> None:
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


def environment(module: str) -> dict[str, str]:
    return os.environ | {"DJANGO_SETTINGS_MODULE": module, "DATABASE_URL": database_url()}


@contextmanager
def served(module: str = "namkhong.settings") -> Iterator["Server"]:
    """gunicorn with these settings and its production configuration, ready, on a free port."""
    server = Server(free_port(), environment(module))
    try:
        server.wait_until_ready()
        yield server
    finally:
        server.stop()


class Server:
    def __init__(self, port: int, surroundings: dict[str, str]) -> None:
        self.port = port
        self.log = Path(settings.VAR) / f"web-{port}.log"
        command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "namkhong.wsgi"]
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=surroundings | {"NAMKHONG_BIND": f"127.0.0.1:{port}"},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/suc-khoe/", timeout=5):
                    return
            except (URLError, OSError):
                time.sleep(0.1)
        raise SystemExit(f"gunicorn did not start:\n{self.log.read_text(errors='replace')[-3000:]}")

    def cpu_seconds(self) -> float:
        """Of its workers and master, so far."""
        ticks = 0
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                words = path.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(words[2]) == self.process.pid:
                ticks += int(words[11]) + int(words[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
