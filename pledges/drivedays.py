"""The days of a drive to pledge: when it is due, when people are reminded, when those above hear (feature S14).

Every day that falls on a day off moves to the next working day, so that nobody is written to on a
Sunday (Bộ luật Dân sự 2015, Điều 148).
"""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta

from campaigns.models import Campaign
from pledges.models import Drive
from vietnamese.dates import working_day

# A day's reminding is made from this hour on: nobody's telephone rings at night.
BEGINS_AT = time(7)
MOST_RUNGS, FARTHEST = 20, 180


@dataclass(frozen=True)
class Rung:
    """One day of the ladder; `offset` is what Sở Nội vụ wrote, `day` where it fell. `tells` says who hears besides."""

    day: date
    offset: int
    to_heads_above: bool = False
    to_home_affairs: bool = False


def due_day(drive: Drive) -> date:
    """The last day to sign."""
    return working_day(drive.due_on)


def above_day(drive: Drive) -> date:
    """From this day on the head above hears of units that are behind."""
    return working_day(due_day(drive) + timedelta(days=drive.escalate_after))


def home_affairs_day(drive: Drive) -> date:
    """From this day on Sở Nội vụ does too: as long again after the head above was told."""
    return working_day(due_day(drive) + timedelta(days=2 * drive.escalate_after))


def rungs(drive: Drive) -> list[Rung]:
    """The days on which everybody who has not signed is reminded, each once, in order; within the drive's year.

    The two days on which those above first hear are among them, whether the ladder names them or not.
    """
    due, above, highest = due_day(drive), above_day(drive), home_affairs_day(drive)
    offsets = [*drive.ladder, (above - due).days, (highest - due).days]
    found: dict[date, Rung] = {}
    for offset in sorted(offsets):
        day = working_day(due + timedelta(days=offset))
        if drive.opens_on <= day <= date(drive.year, 12, 31):
            found.setdefault(day, Rung(day, offset, day >= above, day >= highest))
    return [found[day] for day in sorted(found)]


def latest_missed(drive: Drive, after: date | None, on: date) -> Rung | None:
    """Of the rungs since the last reminding the latest: after days of silence one reminding is enough (rule R12)."""
    missed = [rung for rung in rungs(drive) if (after is None or rung.day > after) and rung.day <= on]
    return missed[-1] if missed else None


def ladder_of(numbers: Iterable[int]) -> list[int]:
    """In order, each once."""
    return sorted(set(numbers))


def drive_of(campaign: Campaign, year: int) -> Drive | None:
    """The drive of that year; where nobody has set one, that of the latest year before it, moved to this one.

    Not stored by asking: `services.drives.follow_last_year` writes it.
    """
    kept = Drive.objects.filter(campaign=campaign, year__lte=year).order_by("-year").first()
    return kept if kept is None or kept.year == year else _moved(kept, year)


def _moved(drive: Drive, year: int) -> Drive:
    return Drive(
        campaign_id=drive.campaign_id,
        year=year,
        opens_on=_same_day(drive.opens_on, year),
        due_on=_same_day(drive.due_on, year),
        ladder=drive.ladder,
        escalate_after=drive.escalate_after,
    )


def _same_day(day: date, year: int) -> date:
    return date(year, day.month, min(day.day, calendar.monthrange(year, day.month)[1]))
