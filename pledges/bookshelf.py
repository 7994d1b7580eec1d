"""Where books and archives of a unit's year lie until they are fetched: written whole, hashed as they are written, read
only when they are what they were (rule R14); gone after thirty days, because they can be made again at any time.

They stand beside the vault and not in it: the single sealed files are the evidence, and those are kept for ever.
"""

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from ledger import clock
from ledger.public_id import new_public_id

KEPT_FOR = timedelta(days=30)
# What a worker left behind that was killed while it wrote.
ABANDONED_AFTER = timedelta(days=1)
CHUNK = 1 << 20
_NAME = re.compile(r"[a-z0-9]{26}\.(pdf|zip)")


@dataclass(frozen=True)
class Shelved:
    path: str
    sha256: str
    size: int


@contextmanager
def desk() -> Iterator[Path]:
    """A folder to work in, on the shelf's own file system so that what is made there is moved and not copied."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = tempfile.mkdtemp(prefix=".desk-", dir=folder)
    try:
        yield Path(name)
    finally:
        shutil.rmtree(name, ignore_errors=True)


def shelve(made: Path, extension: str) -> Shelved:
    """Moves a finished file from the desk to the shelf, durably, under a random name."""
    found, size = _digest(made), made.stat().st_size
    name = f"{new_public_id()}.{extension}"
    with made.open("rb") as file:
        os.fsync(file.fileno())
    made.chmod(0o600)
    made.replace(_folder() / name)
    handle = os.open(_folder(), os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return Shelved(name, found, size)


def find(path: str, sha256: str) -> Path | None:
    """The file, verified; None when it is gone or no longer what it was."""
    if not _NAME.fullmatch(path):
        return None
    place = _folder() / path
    return place if place.is_file() and _digest(place) == sha256 else None


def take_off(path: str) -> None:
    if _NAME.fullmatch(path):
        (_folder() / path).unlink(missing_ok=True)


def clear_desks() -> int:
    """Removes what killed workers left; returns how many."""
    if not _folder().is_dir():
        return 0
    border = (clock.now() - ABANDONED_AFTER).timestamp()
    left = [place for place in _folder().glob(".desk-*") if place.stat().st_mtime < border]
    for place in left:
        shutil.rmtree(place, ignore_errors=True)
    return len(left)


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "books"


def _digest(place: Path) -> str:
    found = hashlib.sha256()
    with place.open("rb") as file:
        while chunk := file.read(CHUNK):
            found.update(chunk)
    return found.hexdigest()
