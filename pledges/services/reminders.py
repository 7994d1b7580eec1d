"""Reminding who has not signed, and those who answer for it (feature S14, rule R12)."""

import logging
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from celery import current_app
from django.db import transaction
from django.urls import reverse

from campaigns.models import Campaign
from ledger import clock, events
from notices import services as notices
from notices.services import Line, Telling
from pledges import reminding
from pledges.drivedays import BEGINS_AT, Rung, latest_missed
from pledges.models import Drive, Reminding
from pledges.reminding import ABOVE, HEAD, HOME_AFFAIRS, OWN, Asked
from pledges.services.drives import follow_last_year
from units.models import Post
from vietnamese.dates import is_working_day

logger = logging.getLogger(__name__)

TASK = "pledges.tasks.remind_due"
# The day on which this process last told the worker; None after a start.
_nudged: list[date] = []

# Kind, whom, what he reads, where it leads.
Word = tuple[str, int, str, str]


class _Reader(NamedTuple):
    """Of thirty thousand people the key is enough."""

    pk: int


def nudge() -> None:
    """Any page may try: tells the worker once a day and process, without a query. Beat and a start do the same."""
    moment = clock.local(clock.now())
    if moment.time() < BEGINS_AT or _nudged == [moment.date()]:
        return
    try:
        current_app.send_task(TASK, retry=False, expires=600)
    except Exception as error:  # noqa: BLE001 - whatever ails the broker, the next page or beat tries again
        logger.warning("nudge failed", extra={"error": type(error).__name__})
        return
    _nudged[:] = [moment.date()]


def remind_due() -> Reminding | None:
    """Make today's reminding if it is time and nobody has; None otherwise. Whoever tries (rule R12)."""
    moment = clock.local(clock.now())
    on = moment.date()
    campaign = Campaign.objects.current()
    if campaign is None or moment.time() < BEGINS_AT or not is_working_day(on):
        return None
    drive = follow_last_year(campaign=campaign, year=on.year)
    if drive is None or on < drive.opens_on or drive.remindings.filter(on=on).exists():
        return None
    return remind(drive=drive, on=on)


def remind(*, drive: Drive, on: date) -> Reminding | None:
    """The slot, the notices and the letters of one day, all or nothing; None when somebody else made it.

    After days of silence one reminding says it all: only the latest rung missed counts. Who is asked is found before
    the transaction, which is kept short: others sign meanwhile.
    """
    last = drive.remindings.filter(on__lt=on).order_by("-on").first()
    rung = latest_missed(drive, last.on if last else None, on)
    asked = reminding.to_ask(drive, rung, on)
    return _make(drive, on, rung, asked, list(_words(drive, rung, asked, on)))


@transaction.atomic
def _make(drive: Drive, on: date, rung: Rung | None, asked: Asked, words: list[Word]) -> Reminding | None:
    slot, is_new = Reminding.objects.get_or_create(drive=drive, on=on)
    if not is_new:
        return None
    _tell(words, drive, on)
    slot.people = len(asked.people)
    slot.heads = len({user_id for kind, user_id, _text, _url in words if kind != OWN})
    slot.save(update_fields=["people", "heads"])
    events.record(
        "pledges.drive.remind",
        by=None,
        object_kind="pledges.drive",
        object_id=drive.public_id,
        data={"on": on.isoformat(), "people": slot.people, "heads": slot.heads, "all": rung is not None},
    )
    return slot


def _words(drive: Drive, rung: Rung | None, asked: Asked, on: date) -> Iterator[Word]:
    sign, waiting = reverse("pledges:pledge_sign"), reverse("pledges:pledge_list")
    for user_id, state in asked.people.items():
        yield OWN, user_id, reminding.own_sentence(drive, state, on), sign
    rates = reverse("pledges:rate_list")
    for kind, offices in ((Post.Kind.HEAD, asked.heads), (Post.Kind.UNION_CHAIR, asked.unions)):
        for user_id, unit_id in reminding.holders(offices, kind, on) if offices else ():
            yield HEAD, user_id, reminding.office_sentence(drive, offices[unit_id], on), waiting
    for user_id, unit_id in reminding.holders(asked.above, Post.Kind.HEAD, on) if asked.above else ():
        yield ABOVE, user_id, reminding.above_sentence(drive, *asked.above[unit_id], on), rates
    if rung and rung.to_home_affairs and asked.people_behind:
        for user_id in reminding.officers(on):
            text = reminding.above_sentence(drive, asked.units_behind, asked.people_behind, on)
            yield HOME_AFFAIRS, user_id, text, rates


def _tell(words: Iterable[Word], drive: Drive, on: date) -> None:
    """Two posts of one person give two notices and two lines: the effect carries their number."""
    seen: dict[tuple[str, int], int] = {}
    tellings, lines = [], []
    for kind, user_id, text, url in words:
        number = seen[kind, user_id] = seen.get((kind, user_id), 0) + 1
        effect = f"{kind}:{drive.public_id}:{on:%Y%m%d}:{number}"
        tellings.append(Telling(_Reader(user_id), effect, text, url))
        lines.append(Line(user_id, kind, effect, text))
    for kind in (OWN, HEAD, ABOVE, HOME_AFFAIRS):
        start = f"{kind}:{drive.public_id}:"
        notices.lay_aside(effect_starts=start, but=f"{start}{on:%Y%m%d}:")
    notices.tell_each(tellings)
    notices.collect(lines, on=on)
