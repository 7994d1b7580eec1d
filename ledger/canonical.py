"""One way to turn a record into bytes, so that a hash taken today can be taken again in ten years (rule R26)."""

import hashlib
import json
from datetime import UTC, date, datetime
from typing import Any


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no canonical form")


def canonical_json(record: Any) -> bytes:
    """UTF-8 JSON with sorted keys, no spaces, no escapes beyond JSON's own; moments in UTC with microseconds."""
    return json.dumps(
        record, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain, allow_nan=False
    ).encode()


def digest(record: Any) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical_json(record)).hexdigest()
