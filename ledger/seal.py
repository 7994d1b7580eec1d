"""The chain over the log (rule R27): it shows whether an event was altered, removed or put elsewhere afterwards."""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from ledger import clock
from ledger.canonical import canonical_json
from ledger.events import salted_digest
from ledger.models import Event, EventText, Seal

FIRST = "0" * 64
BATCH = 2000
LOCK_NUMBER = 2607
UNSEALED_TOO_LONG = timedelta(minutes=10)


class LedgerBroken(Exception):
    """The chain in the database is shorter than, or other than, the head kept outside it: nothing more is sealed."""


@dataclass(frozen=True)
class Head:
    position: int
    hash: str


def event_bytes(event: Event) -> bytes:
    return canonical_json(
        {
            "id": event.pk,
            "kind": event.kind,
            "at": event.at,
            "person": event.person_id,
            "post": event.post_id,
            "unit": event.unit_id,
            "object": [event.object_kind, event.object_id],
            "data": event.data,
            "text": event.text_digest,
        }
    )


def link(previous: str, position: int, event: Event) -> str:
    return hashlib.sha256(previous.encode() + str(position).encode() + event_bytes(event)).hexdigest()


def read_head() -> Head | None:
    path = Path(settings.LEDGER_HEAD_FILE)
    if not path.exists():
        return None
    return Head(**json.loads(path.read_text()))


def write_head(head: Head) -> None:
    """Atomic and durable (rule R14): a power cut leaves the old head or the new one."""
    path = Path(settings.LEDGER_HEAD_FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as draft:
        json.dump({"position": head.position, "hash": head.hash}, draft)
        draft.flush()
        os.fsync(draft.fileno())
    Path(draft.name).replace(path)


def seal_pending() -> int:
    """Seal every event that has no seal yet, in batches; returns how many. Only one sealer works at a time."""
    total = 0
    while sealed := _seal_batch():
        total += sealed
    return total


def _seal_batch() -> int:
    with transaction.atomic():
        if not _only_sealer():
            return 0
        last = Seal.objects.order_by("-position").first()
        _refuse_if_broken(last)
        previous, position = (last.hash, last.position) if last else (FIRST, 0)
        seals = []
        for event in Event.objects.unsealed(Seal)[:BATCH]:
            position += 1
            previous = link(previous, position, event)
            seals.append(Seal(position=position, event_id=event.pk, hash=previous, sealed_at=clock.now()))
        Seal.objects.bulk_create(seals)
    if seals:
        write_head(Head(position, previous))
    return len(seals)


def _only_sealer() -> bool:
    """SQLite's immediate transactions already exclude a second writer."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK_NUMBER])
        return cursor.fetchone()[0]


def _refuse_if_broken(last: Seal | None) -> None:
    head = read_head()
    if head is None:
        return
    if last is None or last.position < head.position:
        raise LedgerBroken(f"Đuôi nhật ký bị cắt: đã đóng dấu đến vị trí {head.position}.")
    if not Seal.objects.filter(position=head.position, hash=head.hash).exists():
        raise LedgerBroken(f"Dấu ở vị trí {head.position} khác với dấu cuối lưu ngoài cơ sở dữ liệu.")


def problems() -> Iterator[str]:
    """Every fault of the log, one sentence each; empty when it is whole. Reads the chain once, in order."""
    previous, expected = FIRST, 1
    for seals in _pages():
        events = Event.objects.in_bulk([seal.event_id for seal in seals])
        for seal in seals:
            if seal.position != expected:
                yield f"Thiếu dấu từ vị trí {expected} đến vị trí {seal.position - 1}."
            else:
                yield from _seal_problems(seal, previous, events.get(seal.event_id))
            previous, expected = seal.hash, seal.position + 1
        yield from _text_problems(events)
    yield from _head_problems(expected - 1)
    yield from _unsealed_problems()


def _pages() -> Iterator[list[Seal]]:
    after = 0
    while page := list(Seal.objects.filter(position__gt=after).order_by("position")[:BATCH]):
        yield page
        after = page[-1].position


def _seal_problems(seal: Seal, previous: str, event: Event | None) -> Iterator[str]:
    if event is None:
        yield f"Sự kiện {seal.event_id} (vị trí {seal.position}) đã bị xóa."
    elif link(previous, seal.position, event) != seal.hash:
        yield f"Sự kiện {seal.event_id} (vị trí {seal.position}) bị sửa hoặc đổi chỗ."


def _text_problems(events: dict[int, Event]) -> Iterator[str]:
    texts = EventText.objects.in_bulk(list(events))
    for pk, event in events.items():
        side = texts.get(pk)
        if not event.text_digest or (side and side.redacted_at):
            continue
        if side is None:
            yield f"Lời văn của sự kiện {pk} đã bị xóa."
        elif salted_digest(side.salt, side.text) != event.text_digest:
            yield f"Lời văn của sự kiện {pk} bị sửa."


def _head_problems(last_position: int) -> Iterator[str]:
    head = read_head()
    if head is None:
        if last_position:
            yield "Không tìm thấy dấu cuối lưu ngoài cơ sở dữ liệu."
        return
    if last_position < head.position:
        yield f"Đuôi nhật ký bị cắt: đã đóng dấu đến vị trí {head.position}, nay chỉ còn {last_position}."
    elif not Seal.objects.filter(position=head.position, hash=head.hash).exists():
        yield f"Dấu ở vị trí {head.position} khác với dấu cuối lưu ngoài cơ sở dữ liệu."


def _unsealed_problems() -> Iterator[str]:
    waiting = Event.objects.unsealed(Seal).filter(at__lt=clock.now() - UNSEALED_TOO_LONG).count()
    if waiting:
        yield f"{waiting} sự kiện chưa được đóng dấu sau {UNSEALED_TOO_LONG.seconds // 60} phút."
