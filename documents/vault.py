"""Files of papers, named by their SHA-256: written whole or not at all, and read only when they are what they
were."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings


class PaperDamaged(Exception):
    """The stored bytes are missing or not those that were stored. `str(error)` is one sentence in Vietnamese."""


def sha256_of(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def keep(body: bytes, kind: str = "pdf") -> str:
    """Stores the bytes durably and returns their path below the vault (rule R14); the same bytes are stored
    once."""
    digest = sha256_of(body)
    path = f"{digest[:2]}/{digest}.{kind}"
    target = _root() / path
    if not (target.is_file() and sha256_of(target.read_bytes()) == digest):
        target.parent.mkdir(parents=True, exist_ok=True)
        _write_whole(target, body)
        for folder in (target.parent, _root()):
            _sync_folder(folder)
    return path


def fetch(path: str, sha256: str) -> bytes:
    """The bytes stored under `path`. Raises PaperDamaged unless their SHA-256 is the one given."""
    try:
        body = (_root() / path).read_bytes()
    except OSError as error:
        raise PaperDamaged(
            "Không đọc được tệp của văn bản này. Báo quản trị hệ thống để khôi phục."
        ) from error
    if sha256_of(body) != sha256:
        raise PaperDamaged("Tệp của văn bản này không còn nguyên vẹn. Báo quản trị hệ thống để khôi phục.")
    return body


def _root() -> Path:
    return Path(settings.MEDIA_ROOT)


def _write_whole(target: Path, body: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
