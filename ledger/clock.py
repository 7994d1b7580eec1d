"""The one clock of the portal (rule R13).

Moments are aware and in UTC; days are days of Việt Nam. Tests and drills move it with the environment variable
NAMKHONG_CLOCK_OFFSET (seconds, may be negative); a system check refuses the offset in production.
"""

import os
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
OFFSET_VARIABLE = "NAMKHONG_CLOCK_OFFSET"


def offset() -> timedelta:
    return timedelta(seconds=float(os.environ.get(OFFSET_VARIABLE, "0")))


def now() -> datetime:
    return datetime.now(UTC) + offset()


def local(moment: datetime) -> datetime:
    """The same moment on a clock in Việt Nam (UTC+7, no daylight saving)."""
    return moment.astimezone(VIETNAM)


def today() -> date:
    return local(now()).date()


def end_of_day(day: date) -> datetime:
    """The first moment after `day` in Việt Nam: a deadline “hết ngày” lasts until then."""
    return datetime.combine(day + timedelta(days=1), time(), VIETNAM).astimezone(UTC)
