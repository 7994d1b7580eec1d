"""The supervisor, with real processes that stand in for the portal's."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from namkhong.supervisor import Child, Supervisor, _pause_after
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]
SLEEP = "import time; time.sleep(60)"
# A process with a descendant, which writes both pids, as a worker has its pool.
FAMILY = (
    "import os, subprocess, sys, time\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
    "open(sys.argv[1], 'w').write(f'{os.getpid()} {child.pid}')\n"
    "time.sleep(60)"
)
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"


def exists(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def make(tmp_path):
    made: list[Supervisor] = []

    def start(code: str, *arguments: str) -> tuple[Supervisor, Child, list[str]]:
        said: list[str] = []
        child = Child("thử", [sys.executable, "-c", code, *arguments], tmp_path / "log")
        supervisor = Supervisor([child], tell=said.append)
        made.append(supervisor)
        supervisor.keep()
        return supervisor, child, said

    yield start
    for supervisor in made:
        supervisor.stop()


def pid_of(child: Child) -> int:
    assert child.process is not None
    return child.process.pid


def test_a_child_that_dies_is_started_again_and_the_person_is_told(make):
    supervisor, child, said = make(SLEEP)
    first = pid_of(child)
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: not child.alive)
    supervisor.keep()
    assert not child.alive
    assert "thử đã dừng (mã -9), khởi động lại sau 1 giây" in said[0]
    time.sleep(1.05)
    supervisor.keep()
    assert child.alive
    assert pid_of(child) != first


def test_a_child_that_dies_again_and_again_is_not_started_in_a_busy_loop(make):
    supervisor, child, said = make("raise SystemExit('thiếu phông chữ')")
    until = time.monotonic() + 2.5
    while time.monotonic() < until:
        supervisor.keep()
        time.sleep(0.02)
    assert 2 <= child.failures <= 3
    assert len(said) == child.failures
    assert said[0].endswith("thiếu phông chữ")
    assert [_pause_after(failures) for failures in (1, 2, 3, 6, 50)] == [1, 2, 4, 30, 30]


def test_the_pool_of_a_killed_worker_does_not_outlive_it(make, tmp_path):
    supervisor, child, _ = make(FAMILY, str(tmp_path / "pids"))
    wait_until(lambda: (tmp_path / "pids").exists() and " " in (tmp_path / "pids").read_text())
    parent, grandchild = map(int, (tmp_path / "pids").read_text().split())
    os.kill(parent, signal.SIGKILL)
    wait_until(lambda: not child.alive)
    assert exists(grandchild)
    supervisor.keep()
    wait_until(lambda: not exists(grandchild))


def test_stopping_ends_children_and_grandchildren(make, tmp_path):
    supervisor, _, _ = make(FAMILY, str(tmp_path / "pids"))
    wait_until(lambda: (tmp_path / "pids").exists() and " " in (tmp_path / "pids").read_text())
    pids = [int(pid) for pid in (tmp_path / "pids").read_text().split()]
    supervisor.stop()
    wait_until(lambda: not any(exists(pid) for pid in pids))


def test_a_child_that_does_not_listen_is_ended_all_the_same(make, monkeypatch, tmp_path):
    monkeypatch.setattr("namkhong.supervisor.STOP_SECONDS", 0.5)
    supervisor, child, _ = make(DEAF)
    wait_until(lambda: "deaf" in (tmp_path / "log").read_text())
    supervisor.stop()
    assert child.process is not None
    assert child.process.returncode == -signal.SIGKILL


def test_a_supervisor_that_is_killed_leaves_no_orphans(tmp_path):
    code = (
        "import sys, time; from pathlib import Path; from namkhong.supervisor import Child\n"
        f"child = Child('x', [sys.executable, '-c', {SLEEP!r}], Path(sys.argv[1]) / 'log'); child.start()\n"
        "print(child.process.pid, flush=True); time.sleep(60)"
    )
    supervisor = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert supervisor.stdout is not None
    pid = int(supervisor.stdout.readline())
    assert exists(pid)
    supervisor.kill()
    supervisor.communicate()
    wait_until(lambda: not exists(pid))
