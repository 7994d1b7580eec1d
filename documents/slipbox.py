"""Where printed slips lie until they are fetched: files readable by the portal alone, gone after a day.

They show codes that open accounts, so they are neither in the database nor in its backups, nor among the papers.
"""

import os
import re
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from ledger import clock
from ledger.public_id import new_public_id

KEPT_FOR = timedelta(hours=24)
_NAME = re.compile(r"[a-z0-9]{26}")


def keep(body: bytes) -> str:
    """Written whole under a random name."""
    name = new_public_id()
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(body)
    return name


def fetch(name: str) -> bytes | None:
    """None when a day has passed, whether or not the file has been burnt already."""
    path = _folder() / name
    if not _NAME.fullmatch(name) or not path.is_file() or _is_old(path):
        return None
    return path.read_bytes()


def burn_old() -> int:
    folder = _folder()
    old = [path for path in folder.iterdir() if _is_old(path)] if folder.is_dir() else []
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _folder() -> Path:
    return Path(settings.VAR) / "slips"


def _is_old(path: Path) -> bool:
    return clock.now().timestamp() - path.stat().st_mtime > KEPT_FOR.total_seconds()
