"""A PostgreSQL and a Redis of one's own, on free ports of loopback, gone when the block ends.

PostgreSQL runs as a production one does (fsync on, data checksums) but in a temporary folder. It refuses to run as
root, so as root it runs as user postgres.
"""

import ctypes
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
# Below the range from which the kernel takes ports for outgoing connections.
PORTS = range(20000, 32000)
READY_SECONDS = 30.0
PR_SET_PDEATHSIG = 1


def stop_on_signals() -> None:
    """A terminated script still leaves its `with` blocks, and so stops its servers."""

    def leave(number: int, frame: FrameType | None) -> None:
        sys.exit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)


def free_port() -> int:
    while True:
        port = random.SystemRandom().choice(PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def _wait_until(ready: Callable[[], bool], server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        if ready():
            return
        time.sleep(0.05)
    sys.exit(f"{server.args} did not start:\n{log.read_text(errors='replace')[-3000:]}")


@contextmanager
def _running(
    command: list[str], folder: Path, ready: Callable[[], bool], user: str | None = None
) -> Iterator[None]:
    log = folder / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            command,
            stdout=output,
            stderr=subprocess.STDOUT,
            user=user,
            group=user,
            extra_groups=[] if user else None,
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - these scripts have one thread
            cwd=folder,
        )
    try:
        _wait_until(ready, server, log)
        yield
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


@contextmanager
def _folder(name: str, owner: str | None) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=f"namkhong-{name}-"))
    if owner:
        shutil.chown(folder, owner, owner)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def postgres_programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if found:
        return found[-1]
    initdb = shutil.which("initdb")
    if initdb:
        return Path(initdb).parent
    sys.exit("PostgreSQL is not installed: run `make setup-dev`.")


class Cluster:
    """A PostgreSQL of one's own in `folder`. What it acknowledged must outlive its being killed, so it may be started
    again on the same data.
    """

    def __init__(self, folder: Path, user: str | None) -> None:
        self.programs, self.folder, self.user, self.port = postgres_programs(), folder, user, free_port()
        layout = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums", "--no-sync"]
        subprocess.run(
            [self.programs / "initdb", "-D", folder / "data", "-U", "namkhong", *layout],
            check=True,
            stdout=subprocess.DEVNULL,
            user=user,
            group=user,
            extra_groups=[] if user else None,
            cwd=folder,
        )

    @property
    def url(self) -> str:
        return f"postgres://namkhong@127.0.0.1:{self.port}/postgres"

    @property
    def command(self) -> list[str]:
        options = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": self.folder,
            "max_connections": 200,
            "shared_buffers": "256MB",
            "log_min_messages": "warning",
        }
        program = [str(self.programs / "postgres"), "-D", str(self.folder / "data")]
        return program + [part for name, value in options.items() for part in ("-c", f"{name}={value}")]

    def is_ready(self) -> bool:
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-d", "postgres", "-U", "namkhong"]
        return subprocess.run([self.programs / "pg_isready", "-q", *where], check=False).returncode == 0


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Made and not started; its folder is gone when the block ends."""
    user = "postgres" if os.geteuid() == 0 else None
    with _folder("postgres", user) as folder:
        yield Cluster(folder, user)


@contextmanager
def postgres() -> Iterator[str]:
    """Yields the DATABASE_URL of an empty database."""
    with cluster() as made, _running(made.command, made.folder, made.is_ready, made.user):
        yield made.url


@contextmanager
def redis() -> Iterator[str]:
    """Yields a redis:// address without a database number. It keeps nothing on disk: nothing in it may matter."""
    with _folder("redis", None) as folder:
        port = free_port()
        command = ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder)]
        command += ["--save", "", "--appendonly", "no", "--databases", "64"]
        ask = ["redis-cli", "-p", str(port), "ping"]

        def ready() -> bool:
            return b"PONG" in subprocess.run(ask, check=False, capture_output=True).stdout

        with _running(command, folder, ready):
            yield f"redis://127.0.0.1:{port}"


@contextmanager
def production_servers() -> Iterator[dict[str, str]]:
    """Yields the environment of a portal on PostgreSQL and Redis."""
    with ExitStack() as stack:
        database, broker = stack.enter_context(postgres()), stack.enter_context(redis())
        yield os.environ | {"DATABASE_URL": database, "NAMKHONG_TEST_REDIS": broker}


def embedded() -> dict[str, str]:
    """The environment of a portal without servers, whatever the caller's shell has set."""
    ours = {"DATABASE_URL", "CELERY_BROKER_URL", "REDIS_URL", "NAMKHONG_TEST_REDIS"}
    return {name: value for name, value in os.environ.items() if name not in ours}
