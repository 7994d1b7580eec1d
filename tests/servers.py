"""Fixtures that start real processes beside a test: a Celery worker on the test's own database and broker."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import redis
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
READY_SECONDS = 40.0


def database_url() -> str:
    """The test database of this process as a DATABASE_URL, for a process beside it."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    login = ":".join(quote(part) for part in (found["USER"], found["PASSWORD"]) if part)
    return f"postgres://{login}@{found['HOST']}:{found['PORT']}/{found['NAME']}"


def environment() -> dict[str, str]:
    """What a second process of the portal needs to stand on the same ground as the test."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "namkhong.settings",
        "DATABASE_URL": database_url(),
        "CELERY_BROKER_URL": settings.CELERY_BROKER_URL,
        "NAMKHONG_VAR": str(settings.VAR),
        "NAMKHONG_LEDGER_HEAD_FILE": str(settings.LEDGER_HEAD_FILE),
    }


def empty_the_broker() -> None:
    """Pokes that earlier tests left behind must not wake the worker of this one."""
    if settings.CELERY_BROKER_URL.startswith("redis"):
        redis.Redis.from_url(settings.CELERY_BROKER_URL).flushdb()
    else:
        shutil.rmtree(settings.BROKER_FOLDER, ignore_errors=True)


class WorkerProcess:
    """The real worker command. `kill` is kill -9 of the whole group, as a power cut would do it."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self, *arguments: str, **extra_environment: str) -> None:
        begin = self.log.stat().st_size if self.log.exists() else 0
        command = [sys.executable, "-m", "celery", "--app", "namkhong", "worker", "--concurrency", "1"]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [*command, "--loglevel", "INFO", *arguments],
                cwd=ROOT,
                env=environment() | extra_environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait_until_ready(begin)

    def _wait_until_ready(self, begin: int) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            said = self.log.read_bytes()[begin:].decode(errors="replace")
            if " ready." in said:
                return
            assert self.process is not None
            if self.process.poll() is not None:
                pytest.fail(f"the worker ended:\n{said[-4000:]}")
            time.sleep(0.05)
        pytest.fail(f"the worker was not ready in {READY_SECONDS:.0f} s:\n{said[-4000:]}")

    def signal(self, number: int) -> None:
        os.killpg(self.pid, number)

    def kill(self) -> None:
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self.signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Politely, as the supervisor does; then for certain."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGQUIT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=60)
        self.kill()


@pytest.fixture
def worker_process(transactional_db: None, tmp_path: Path) -> Iterator[WorkerProcess]:
    """A worker that the test itself starts, kills and starts again."""
    empty_the_broker()
    worker = WorkerProcess(tmp_path / "worker.log")
    yield worker
    worker.kill()


@pytest.fixture
def celery_worker_process(worker_process: WorkerProcess) -> WorkerProcess:
    """A real worker, ready, on the test database and the test broker. Rows must be committed for it to see them."""
    worker_process.start()
    return worker_process
