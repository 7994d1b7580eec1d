"""Writing and reading the log of acts."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from ledger import clock
from ledger.canonical import canonical_json
from ledger.models import Event, EventText
from ledger.prepared import Insert, Prepared


@dataclass(frozen=True)
class EventDraft:
    """One act about to be written. `data`: codes, numbers, hashes. `text`: names and words, redactable."""

    kind: str
    object_kind: str
    object_id: str
    person_id: str = ""
    post_id: str = ""
    unit_id: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    text: dict[str, Any] = field(default_factory=dict)
    at: datetime | None = None


@dataclass(frozen=True)
class PastAct:
    """One line of an object's history, as a page shows it."""

    kind: str
    at: datetime
    by: str
    post: str
    reason: str
    data: dict[str, Any]


def salted_digest(salt: str, text: dict[str, Any]) -> str:
    return hashlib.sha256(salt.encode() + canonical_json(text)).hexdigest()


def signature_of(by, post=None, **words: str) -> dict[str, str]:
    """The words of an event that say who acted: name and post as they were at the time, and for example the reason."""
    said = {"by": by.full_name if by else "", "post": post.title if post else "", **words}
    return {key: value for key, value in said.items() if value}


_WRITE, _WRITE_TEXT = Insert(Event), Insert(EventText)


def record_many(drafts: list[EventDraft]) -> list[Event]:
    moment = clock.now()
    salts = [secrets.token_hex(16) if draft.text else "" for draft in drafts]
    rows = [_event(draft, salt, moment) for draft, salt in zip(drafts, salts, strict=True)]
    rows = Event.objects.bulk_create(rows, batch_size=1000)
    texts = [
        EventText(event_id=row.pk, salt=salt, text=draft.text)
        for row, salt, draft in zip(rows, salts, drafts, strict=True)
        if salt
    ]
    EventText.objects.bulk_create(texts, batch_size=1000)
    return rows


def _record_one(draft: EventDraft) -> Event:
    """As `record_many`; one act is what a morning of 30,000 people is made of."""
    salt = secrets.token_hex(16) if draft.text else ""
    row = _event(draft, salt, clock.now())
    _WRITE(row)
    if salt:
        _WRITE_TEXT(EventText(event_id=row.pk, salt=salt, text=draft.text))
    return row


def _event(draft: EventDraft, salt: str, moment: datetime) -> Event:
    return Event(
        kind=draft.kind,
        at=draft.at or moment,
        person_id=draft.person_id,
        post_id=draft.post_id,
        unit_id=draft.unit_id,
        object_kind=draft.object_kind,
        object_id=draft.object_id,
        data=draft.data,
        text_digest=salted_digest(salt, draft.text) if salt else "",
    )


def record(
    kind: str, *, by, object_kind: str, object_id: str, post=None, unit_id="", data=None, **words
) -> Event:
    """One event by one person. `words` (such as `reason=`) go to the redactable side row."""
    draft = EventDraft(
        kind=kind,
        object_kind=object_kind,
        object_id=object_id,
        person_id=by.public_id if by else "",
        post_id=post.public_id if post else "",
        unit_id=unit_id,
        data=data or {},
        text=signature_of(by, post, **words),
    )
    return _record_one(draft)


_EVENTS_FROM = (
    "INSERT INTO ledger_event (kind, at, person_id, post_id, object_kind, text_digest, object_id, unit_id, data)"
    " SELECT %s, %s, %s, %s, %s, %s, "
)


def record_rows(
    kind: str, *, by, object_kind: str, rows: str, params: Sequence[Any], post=None, **words: str
) -> int:
    """One act on very many objects: an event for each row of a query, given from its columns on: object, unit, data.

    All carry the same words, so they share a salt: whoever may redact one of them redacts them all. Returns how many.
    """
    text, salt = signature_of(by, post, **words), secrets.token_hex(16)
    said = (kind, clock.now(), by.public_id if by else "", post.public_id if post else "", object_kind)
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM ledger_event")
        last = cursor.fetchone()[0]
        cursor.execute(
            _EVENTS_FROM + rows,
            [*said, salted_digest(salt, text) if text else "", *params],
        )
        count = cursor.rowcount
        if text and count:
            cursor.execute(
                "INSERT INTO ledger_eventtext (event_id, salt, text)"
                " SELECT id, %s, %s FROM ledger_event WHERE id > %s AND text_digest = %s",
                [salt, json.dumps(text, ensure_ascii=False), last, salted_digest(salt, text)],
            )
    return count


_ACTS = Prepared(lambda *, object_kind, object_id: Event.objects.of(object_kind, object_id))
_WORDS = Prepared(
    lambda *, object_kind, object_id: EventText.objects.filter(
        event_id__in=Event.objects.filter(object_kind=object_kind, object_id=object_id).values("pk")
    )
)


def history(object_kind: str, object_id: str) -> list[PastAct]:
    """The acts on one object, oldest first; two queries."""
    rows = _ACTS.all(object_kind=object_kind, object_id=object_id)
    texts = {side.pk: side for side in _WORDS.all(object_kind=object_kind, object_id=object_id)}
    return [_past_act(row, texts.get(row.pk)) for row in rows]


def last_acts(object_kind: str, object_ids: Iterable[str]) -> dict[str, PastAct]:
    """The latest act on each of many objects, by object; two queries whatever their number."""
    rows = Event.objects.filter(object_kind=object_kind, object_id__in=list(object_ids)).order_by("at", "pk")
    latest = {row.object_id: row for row in rows}
    texts = EventText.objects.in_bulk([row.pk for row in latest.values()])
    return {object_id: _past_act(row, texts.get(row.pk)) for object_id, row in latest.items()}


def _past_act(row: Event, side: EventText | None) -> PastAct:
    said = side.text if side else {}
    return PastAct(
        row.kind, row.at, said.get("by", ""), said.get("post", ""), said.get("reason", ""), row.data
    )
