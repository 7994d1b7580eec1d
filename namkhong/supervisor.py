"""Starts the portal's processes, keeps them alive and stops them all: web server, Celery worker, Celery beat.

For one machine without an init system (`make run`). Where systemd or compose are at hand, deploy/ has their files.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

STOP_SECONDS = 5.0
STABLE_SECONDS = 60.0
LONGEST_PAUSE = 30.0
LARGE_LOG = 20 * 1024 * 1024
PR_SET_PDEATHSIG = 1


def _die_with_parent() -> None:
    """Runs in the child: the kernel sends it SIGTERM when the supervisor is gone, however it went."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """One process and its group. `stop_signal` is what asks it to finish within seconds."""

    name: str
    command: list[str]
    log: Path
    stop_signal: int = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    not_before: float = 0.0

    def start(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LARGE_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # Its own session: Ctrl-C reaches the supervisor alone, which then stops everyone in order.
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - the supervisor has one thread
            )
        self.started_at = time.monotonic()

    def last_words(self) -> str:
        """The last line of its log, where a process that refuses to start says why."""
        with self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - 4096))
            lines = log.read().decode(errors="replace").splitlines()
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal_group(self, number: int) -> None:
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)


def _pause_after(failures: int) -> float:
    return min(LONGEST_PAUSE, 2.0 ** max(0, failures - 1))


@dataclass
class Supervisor:
    """`tick` is called a few times a second while everything runs; it shows progress and never raises."""

    children: list[Child]
    tell: Callable[[str], None]
    stopping: bool = field(default=False, init=False)

    def catch_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def keep(self) -> None:
        """Starts what is not running and whose pause after the last failure is over."""
        now = time.monotonic()
        for child in self.children:
            if child.alive:
                if now - child.started_at > STABLE_SECONDS:
                    child.failures = 0
                continue
            if child.process is not None and child.not_before < child.started_at:
                self._note_death(child, now)
            if now >= child.not_before:
                child.start()

    def _note_death(self, child: Child, now: float) -> None:
        assert child.process is not None
        child.failures += 1
        pause = _pause_after(child.failures)
        child.not_before = now + pause
        # What it left behind (pool processes of a killed worker) must not work beside the next one.
        child.signal_group(signal.SIGKILL)
        self.tell(
            f"{child.name} đã dừng (mã {child.process.returncode}), khởi động lại sau {pause:.0f} giây; "
            f"xem {child.log}: {child.last_words()}"
        )

    def run(self, tick: Callable[[], None], *, every: float = 0.25) -> None:
        while not self.stopping:
            self.keep()
            tick()
            time.sleep(every)

    def stop(self) -> None:
        """Asks every child, waits a few seconds, then ends what is left, with all descendants."""
        for child in self.children:
            if child.alive and child.process is not None:
                child.process.send_signal(child.stop_signal)
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline and any(child.alive for child in self.children):
            time.sleep(0.05)
        for child in self.children:
            child.signal_group(signal.SIGKILL)
            if child.process is not None:
                child.process.wait()


def portal_processes(root: Path, logs: Path) -> list[Child]:
    """Web, worker and beat, as commands of this interpreter. The worker gets SIGQUIT: Celery's soft shutdown gives
    running tasks a few seconds and hands the rest back, to be taken up after the next start."""
    logs.mkdir(parents=True, exist_ok=True)
    python = sys.executable
    celery = [python, "-m", "celery", "--app", "namkhong", "--workdir", str(root)]
    gunicorn = [python, "-m", "gunicorn", "--config", str(root / "deploy" / "gunicorn.conf.py")]
    return [
        Child("web", [*gunicorn, "--chdir", str(root), "namkhong.wsgi"], logs / "web.log"),
        Child(
            "worker",
            [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO"],
            logs / "worker.log",
            stop_signal=signal.SIGQUIT,
        ),
        Child("beat", [*celery, "beat", "--loglevel", "WARNING", "--pidfile", ""], logs / "beat.log"),
    ]
