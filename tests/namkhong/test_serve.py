"""`make run` as a newcomer lives it: started, watched until the PDF is there, hurt, stopped."""

import os
import re
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.conf import settings
from psycopg2 import connect

from scripts.run import free_port

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.worker, pytest.mark.slow]


class Portal:
    """One `make run` in a folder of its own, without the `make setup` before it."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.address = f"http://127.0.0.1:{free_port()}"
        ours = {"DATABASE_URL", "CELERY_BROKER_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"}
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if name not in ours and not name.startswith("NAMKHONG")
        }
        if not settings.ON_SQLITE:
            self.environment |= _servers_of_its_own()
        self.environment |= {
            "NAMKHONG_VAR": str(var),
            "NAMKHONG_BASE_URL": self.address,
            "NAMKHONG_BIND": self.address.removeprefix("http://"),
            "SECRET_KEY": "k" * 60,
        }
        self.said = ""

    def manage(self, *arguments: str) -> None:
        command = [sys.executable, "manage.py", *arguments]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True, stdout=subprocess.DEVNULL)

    def start(self) -> None:
        self.output = self.var / "terminal"
        self.process = subprocess.Popen(
            [sys.executable, "scripts/run.py"],
            cwd=ROOT,
            env=self.environment,
            stdout=self.output.open("w"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def wait_for(self, found: Callable[[str], object], seconds: float = 90.0) -> str:
        deadline = time.monotonic() + seconds
        while not found(said := self.output.read_text()):
            assert time.monotonic() < deadline, said
            assert self.process.poll() is None, said
            time.sleep(0.1)
        return said

    def children(self) -> dict[str, int]:
        """Name → pid of the supervisor's own children."""
        names = {b"gunicorn": "web", b"worker": "worker", b"beat": "beat"}
        return {
            name: int(entry.name)
            for entry in _processes()
            if _parent_of(entry) == self.process.pid
            for word, name in names.items()
            if word in _read(entry / "cmdline").split(b"\0")
        }

    def descendants(self) -> set[str]:
        """Every process that was started with this portal's folder, however deep."""
        mine = f"NAMKHONG_VAR={self.var}".encode()
        return {entry.name for entry in _processes() if mine in _read(entry / "environ").split(b"\0")}

    def stop(self, number: int = signal.SIGINT) -> float:
        begin = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(timeout=30)
        return time.monotonic() - begin


def _servers_of_its_own() -> dict[str, str]:
    """A new database and two numbers of the Redis that scripts/test.py has started."""
    name = f"portal_{uuid.uuid4().hex}"
    maintenance = connect(os.environ["DATABASE_URL"])
    maintenance.autocommit = True
    with maintenance.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    maintenance.close()
    redis = os.environ["NAMKHONG_TEST_REDIS"]
    return {
        "DATABASE_URL": os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}",
        "CELERY_BROKER_URL": f"{redis}/60",
        "REDIS_URL": f"{redis}/61",
    }


def _processes() -> list[Path]:
    return [entry for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _read(path: Path) -> bytes:
    """Empty when the process has gone meanwhile."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _parent_of(entry: Path) -> int:
    return int((_read(entry / "stat").rpartition(b")")[2].split() or [0, 0])[1])


@pytest.fixture(scope="module")
def portal(tmp_path_factory) -> Iterator[Portal]:
    portal = Portal(tmp_path_factory.mktemp("portal"))
    portal.manage("migrate", "--verbosity", "0")
    portal.manage("load_campaign", "data/campaigns/2607.toml")
    portal.manage("load_units")
    portal.manage("seed_demo", "--officials", "600")
    portal.start()
    yield portal
    if portal.process.poll() is None:
        portal.stop(signal.SIGTERM)


def printed_pdf(said: str) -> Path:
    found = re.search(r"Báo cáo tổng hợp .*: (\S+\.pdf)", said)
    assert found, said
    return Path(found[1])


def test_it_prints_address_pdf_and_accounts(portal: Portal) -> None:
    said = portal.wait_for(lambda text: "Ctrl-C" in text)
    assert f"Cổng đang chạy tại {portal.address}/" in said
    assert "Tên đăng nhập" in said
    pdf = printed_pdf(said)
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert portal.var in pdf.parents
    with urlopen(f"{portal.address}/dang-nhap/") as answer:
        assert answer.status == 200


def test_the_commands_it_prints_tell_the_codes_of_the_second_factor(portal: Portal) -> None:
    """In another terminal, which knows nothing of what the running portal was told."""
    said = portal.wait_for(lambda text: "Ctrl-C" in text)
    commands = re.findall(r"make code ACCOUNT=\w+", said)
    assert len(commands) == 4
    # Nor of the `make test` that runs this.
    known = {"NAMKHONG_BASE_URL", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
    unknowing = {name: value for name, value in portal.environment.items() if name not in known}
    command = [*commands[0].split(), f"PYTHON={sys.executable}"]
    told = subprocess.run(command, cwd=ROOT, env=unknowing, capture_output=True, text=True, check=True).stdout
    assert re.match(r"\d{6}\b", told), told


def test_a_killed_worker_is_back_within_seconds(portal: Portal) -> None:
    portal.wait_for(lambda text: "Ctrl-C" in text)
    killed = portal.children()["worker"]
    os.kill(killed, signal.SIGKILL)
    deadline = time.monotonic() + 15
    while portal.children().get("worker", killed) == killed:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_ctrl_c_stops_everything_and_leaves_no_orphan(portal: Portal) -> None:
    portal.wait_for(lambda text: "Ctrl-C" in text)
    assert len(portal.descendants()) > 4
    assert portal.stop() < 15
    assert portal.process.returncode == 0
    assert portal.descendants() == set()


def test_the_second_start_prepares_nothing_and_compiles_nothing_again(portal: Portal) -> None:
    first = printed_pdf(portal.wait_for(lambda text: "Ctrl-C" in text))
    # Still running where this test fell to another process than those above.
    if portal.process.poll() is None:
        portal.stop()
    portal.start()
    said = portal.wait_for(lambda text: "Ctrl-C" in text, seconds=40)
    assert "xong sau" not in said
    assert printed_pdf(said) == first
    portal.stop(signal.SIGTERM)
    assert portal.descendants() == set()
