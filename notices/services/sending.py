"""Sending the letters of a day (rules R06, R16): each leaves once at most, whoever dies when.

A worker takes a batch, asks what still holds, and writes `sending` before it speaks to the mail server about a letter.
Refusals that the server has put into words are certain and are tried again or given up; where the connection broke in
between nobody knows, and nothing is sent again: the portal says the same.
"""

import logging
import smtplib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F

from ledger import clock
from ledger.public_id import new_public_id
from notices import letters
from notices.models import Digest, DigestLine

logger = logging.getLogger(__name__)

BATCH = 100
LEASE = timedelta(minutes=5)
# A run is short, so that papers and roll-ups get their turn on the same worker; the next comes with the next beat.
BUDGET = timedelta(seconds=20)
BACK_OFF = [timedelta(minutes=minutes) for minutes in (2, 10, 30, 120)]
AWAY_FOR = timedelta(minutes=5)
KEPT_FOR = timedelta(days=3)
PERMANENT = 500

_STATUS = Digest.Status


class Answer(Enum):
    """What became of one letter at the mail server."""

    SENT = "sent"
    LATER = "later"
    REFUSED = "refused"
    UNSURE = "unsure"
    SERVER_REFUSES = "server refuses"


@dataclass(frozen=True)
class Ready:
    """A letter taken by this worker, with what it says."""

    pk: int
    attempts: int
    message: EmailMessage


def send_due() -> int:
    """Send what may leave now, until nothing is left, the server is away or the time is over. Returns how many left."""
    begun = clock.now()
    _tidy()
    sent = 0
    while clock.now() - begun < BUDGET:
        token = _take()
        if not token:
            break
        ready = _prepare(token)
        count, goes_on = _send(ready, token) if ready else (0, True)
        sent += count
        if not goes_on:
            break
    return sent


def _tidy() -> None:
    """What died on the way, what a later letter says as of today, what nobody could send for days."""
    moment, today = clock.now(), clock.today()
    abandoned = Digest.objects.abandoned(moment)
    # Nothing of these had left.
    abandoned.filter(status=_STATUS.TAKEN).update(status=_STATUS.WAITING, token="", lease_until=None)
    abandoned.filter(status=_STATUS.SENDING).update(
        status=_STATUS.UNSURE, fault="worker lost", lease_until=None
    )
    Digest.objects.overtaken(today).update(status=_STATUS.DROPPED)
    Digest.objects.filter(status=_STATUS.WAITING, on__lt=today - KEPT_FOR).update(
        status=_STATUS.FAILED, fault="too late"
    )


@transaction.atomic
def _take() -> str:
    """Hold up to a hundred letters; the token, or “” when none is due."""
    moment, token = clock.now(), new_public_id()
    due = (
        Digest.objects.due(moment)
        .order_by("send_after", "pk")
        .select_for_update(skip_locked=True, no_key=True)
    )
    keys = list(due.values_list("pk", flat=True)[:BATCH])
    taken = Digest.objects.due(moment).filter(pk__in=keys)
    return (
        token if taken.update(status=_STATUS.TAKEN, token=token, lease_until=moment + LEASE, fault="") else ""
    )


def _prepare(token: str) -> list[Ready]:
    """The letters with the lines that still hold; those without any, or without an address, are dropped."""
    held = Digest.objects.held(token, _STATUS.TAKEN)
    lines = _lines(held.values_list("pk", flat=True))
    ready, empty = [], []
    for digest in held.select_related("user").order_by("pk"):
        address = digest.user.email if digest.user.is_active else ""
        said = lines.get(digest.pk, [])
        if address and said:
            ready.append(Ready(digest.pk, digest.attempts, letters.letter(digest, address, said)))
        else:
            empty.append(digest.pk)
    if empty:
        held.filter(pk__in=empty).update(status=_STATUS.DROPPED, lease_until=None)
    return ready


def _lines(digest_ids: Iterable[int]) -> dict[int, list[str]]:
    """By letter: its sentences in the order they came."""
    rows = list(
        DigestLine.objects.filter(digest_id__in=list(digest_ids)).select_related("digest").order_by("pk")
    )
    asked: dict[str, set[int]] = {}
    for row in rows:
        asked.setdefault(row.kind, set()).add(row.digest.user_id)
    holding = {kind: letters.holding(kind, people) for kind, people in asked.items()}
    found: dict[int, list[str]] = {}
    for row in rows:
        if row.digest.user_id in holding[row.kind]:
            found.setdefault(row.digest_id, []).append(row.text)
    return found


def _send(ready: list[Ready], token: str) -> tuple[int, bool]:
    """How many left, and whether the server is there for more."""
    server = get_connection()
    sent, goes_on = 0, True
    try:
        server.open()
        for letter in ready:
            if not _begin(letter, token):
                continue
            answer, fault = _hand_over(server, letter.message)
            _note(letter, token, answer, fault)
            sent += answer == Answer.SENT
            if answer in (Answer.UNSURE, Answer.SERVER_REFUSES):
                goes_on = False
                break
    except (OSError, smtplib.SMTPException) as error:
        # Raised by `open` alone: no letter has been begun.
        logger.warning("the mail server is away", extra={"error": type(error).__name__})
        goes_on = False
    finally:
        with suppress(OSError, smtplib.SMTPException):
            server.close()
    _put_back(token)
    return sent, goes_on


def _begin(letter: Ready, token: str) -> bool:
    """Before the server hears of it. False when the lease ran out and another worker may have it."""
    row = Digest.objects.held(token, _STATUS.TAKEN).filter(pk=letter.pk)
    return row.update(status=_STATUS.SENDING, lease_until=clock.now() + LEASE) == 1


def _hand_over(server, message: EmailMessage) -> tuple[Answer, str]:
    try:
        server.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
        return _by_code(code), f"recipient {code}"
    except smtplib.SMTPSenderRefused as error:
        return Answer.SERVER_REFUSES, f"sender {error.smtp_code}"
    except smtplib.SMTPDataError as error:
        return _by_code(error.smtp_code), f"data {error.smtp_code}"
    except (smtplib.SMTPNotSupportedError, ValueError) as error:
        # The address cannot be written down for this server; nothing was said yet.
        return Answer.REFUSED, type(error).__name__
    except (OSError, smtplib.SMTPException) as error:
        return Answer.UNSURE, type(error).__name__
    return Answer.SENT, ""


def _by_code(code: int) -> Answer:
    return Answer.REFUSED if code >= PERMANENT else Answer.LATER


def _note(letter: Ready, token: str, answer: Answer, fault: str) -> None:
    row = Digest.objects.held(token, _STATUS.SENDING).filter(pk=letter.pk)
    moment = clock.now()
    common = {"attempts": F("attempts") + 1, "fault": fault, "lease_until": None}
    if answer == Answer.SENT:
        row.update(status=_STATUS.SENT, sent_at=moment, **common)
    elif answer == Answer.REFUSED:
        row.update(status=_STATUS.REFUSED, **common)
    elif answer == Answer.UNSURE:
        row.update(status=_STATUS.UNSURE, **common)
    elif letter.attempts < len(BACK_OFF):
        row.update(status=_STATUS.WAITING, send_after=moment + BACK_OFF[letter.attempts], **common)
    else:
        row.update(status=_STATUS.FAILED, **common)


def _put_back(token: str) -> None:
    """What this worker took and never began, when the server went away."""
    rest = Digest.objects.held(token, _STATUS.TAKEN)
    rest.update(status=_STATUS.WAITING, token="", lease_until=None, send_after=clock.now() + AWAY_FOR)
