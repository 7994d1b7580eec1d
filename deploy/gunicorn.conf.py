"""How gunicorn serves the portal, both under `make run` and under systemd. Values come from the environment."""

import gc
import os
from pathlib import Path
from typing import Any

_on_postgres = os.environ.get("DATABASE_URL", "").startswith(("postgres", "pgsql"))

bind = os.environ.get("NAMKHONG_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("NAMKHONG_WEB_WORKERS", str(max(2, os.cpu_count() or 2))))
# SQLite lets one writer in at a time: threads of one process then wait on each other (docs/operations.md).
worker_class = "gthread" if _on_postgres else "sync"
threads = 4 if _on_postgres else 1
# Loaded once and forked: half the memory and half the start. wsgi.py leaves no connection open behind it.
preload_app = True
max_requests = 5000
max_requests_jitter = 500
timeout = 60
graceful_timeout = 5
control_socket_disable = True
accesslog = None
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - memory, for heartbeats


def when_ready(server: Any) -> None:
    """What was loaded is never garbage: looking through it again took a twentieth of every request."""
    gc.collect()
    gc.freeze()


def post_fork(server: Any, worker: Any) -> None:
    gc.set_threshold(10_000, 20, 20)
