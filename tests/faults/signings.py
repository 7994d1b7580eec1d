"""The storm over a morning of signing: a portal of its own whose parts are killed while people sign."""

import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2

from scripts.servers import Cluster, cluster, free_port
from tests.faults import signings_client
from tests.servers import ROOT, WorkerProcess, database_url, empty_the_broker, environment
from tests.waiting import wait_until

READY_SECONDS = 90.0
# What is killed, and how often in proportion.
KILLS = ("web master", "web worker", "postmaster", "backend", "celery")


def kill(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def children(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


@dataclass
class Process:
    """A server in a process group of its own; started again after every death, as systemd would."""

    command: list[str]
    log: Path
    ready: Callable[[], bool]
    user: str | None = None
    surroundings: dict[str, str] | None = None
    process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self) -> None:
        """What a killed one left behind must not serve, or write, beside the next one."""
        self.clear()
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.surroundings,
                stdout=output,
                stderr=subprocess.STDOUT,
                user=self.user,
                group=self.user,
                extra_groups=[] if self.user else None,
                start_new_session=True,
            )

    def keep(self) -> None:
        if self.process is None or self.process.poll() is not None:
            self.start()

    def clear(self) -> None:
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None


@dataclass
class Portal:
    """PostgreSQL, gunicorn and the Celery worker with beat, on a database that nobody else uses."""

    cluster: Cluster
    folder: Path
    worker: WorkerProcess
    wsgi: str
    port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        self.surroundings = environment() | self.own
        self.postgres = Process(
            self.cluster.command, self.cluster.folder / "log", self.cluster.is_ready, self.cluster.user
        )
        self.postgres.surroundings = dict(os.environ)
        command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", self.wsgi]
        self.web = Process(command, self.folder / "web.log", self.answers, None, self.surroundings)

    @property
    def own(self) -> dict[str, str]:
        return {
            "DJANGO_SETTINGS_MODULE": "tests.faults.signings_settings",
            "DATABASE_URL": self.cluster.url,
            "NAMKHONG_VAR": str(self.folder),
            "NAMKHONG_LEDGER_HEAD_FILE": str(self.folder / "ledger-head.json"),
            "NAMKHONG_BIND": f"127.0.0.1:{self.port}",
            "NAMKHONG_LOG_LEVEL": "WARNING",
        }

    def answers(self) -> bool:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{self.port}/suc-khoe/", timeout=5):
            return True
        return False

    def run(self, *arguments: str) -> str:
        command = [sys.executable, *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.surroundings, check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout

    def start(self, people: int) -> list[dict[str, Any]]:
        self.postgres.start()
        wait_until(self.cluster.is_ready, READY_SECONDS, "PostgreSQL")
        self.copy_schema()
        units = json.loads(self.run("-m", "tests.faults.signings_people", str(people)))
        self.web.start()
        self.start_worker()
        wait_until(self.answers, READY_SECONDS, "the portal")
        return units

    def copy_schema(self) -> None:
        """Tables, constraints and triggers of the tests' own database, which migrations have just made."""
        programs = self.cluster.programs
        dump = subprocess.run(
            [programs / "pg_dump", "--schema-only", "--no-owner", database_url()],
            check=True,
            capture_output=True,
        )
        load = [programs / "psql", "--quiet", "--set", "ON_ERROR_STOP=1", self.cluster.url]
        subprocess.run(load, input=dump.stdout, check=True, capture_output=True)

    def start_worker(self) -> None:
        """Without waiting until it is ready: the next fault may come before."""
        self.worker.kill()
        command = [
            sys.executable,
            "-m",
            "celery",
            "--app",
            "namkhong",
            "worker",
            "--beat",
            "--concurrency",
            "1",
        ]
        with self.worker.log.open("ab") as output:
            self.worker.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.surroundings,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def keep(self) -> None:
        """Whatever has died comes back."""
        self.postgres.keep()
        self.web.keep()
        if self.worker.process is None or self.worker.process.poll() is not None:
            self.start_worker()

    def strike(self, what: str, dice: random.Random) -> bool:
        """Kill -9 of one process; False when it was not there just then."""
        if what == "celery":
            self.worker.kill()
            return True
        server = self.web if what.startswith("web") else self.postgres
        if server.process is None or server.process.poll() is not None:
            return False
        if what in ("web master", "postmaster"):
            return kill(server.pid)
        found = children(server.pid)
        return bool(found) and kill(dice.choice(found))

    def rows(self, query: str) -> list[tuple]:
        with psycopg2.connect(self.cluster.url) as connection, connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()

    def stop(self) -> None:
        self.worker.kill()
        self.web.clear()
        self.postgres.clear()


@contextmanager
def portal(folder: Path, wsgi: str = "namkhong.wsgi") -> Iterator[Portal]:
    empty_the_broker()
    with cluster() as made:
        one = Portal(made, folder, WorkerProcess(folder / "worker.log"), wsgi)
        try:
            yield one
        finally:
            one.stop()


@dataclass
class Storm:
    """What came of it."""

    kills: Counter[str]
    acts: list[dict[str, Any]]
    errors: list[str]

    @property
    def in_doubt(self) -> int:
        return sum(1 for act in self.acts if act["in_doubt"])

    @property
    def wrong(self) -> list[str]:
        return [f"{act['who']} {act['kind']}: {said}" for act in self.acts for said in act["wrong"]]


def storm(one: Portal, units: list[dict[str, Any]], *, kills: int, seed: int) -> Storm:
    """Clients sign, one process a unit; at moments chosen beforehand, by how many have begun to sign, a part dies."""
    dice = random.Random(seed)
    people = sum(len(unit["signers"]) for unit in units)
    moments = sorted(dice.randrange(1, max(2, int(people * 0.97))) for _ in range(kills))
    fork = multiprocessing.get_context("fork")
    begun, told = fork.Value("i", 0), fork.Queue()
    clients = [
        fork.Process(target=signings_client.run, args=(one.port, unit, seed + at, begun, told), daemon=True)
        for at, unit in enumerate(units)
    ]
    for client in clients:
        client.start()
    struck: Counter[str] = Counter()
    results: list[dict[str, Any]] = []
    while len(results) < len(clients):
        if moments and begun.value >= moments[0]:
            what = dice.choice(KILLS)
            if one.strike(what, dice):
                struck[what] += 1
                moments.pop(0)
        one.keep()
        time.sleep(dice.uniform(0.0, 0.1))
        with suppress(Exception):
            results.append(told.get_nowait())
    acts = [act for result in results for act in result["acts"]]
    return Storm(struck, acts, [result["error"] for result in results if result["error"]])
