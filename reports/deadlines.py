"""When a report is due and how late it is: one arithmetic for page, export and paper (rule R13)."""

from datetime import date, datetime, timedelta

from ledger import clock
from reports.models import ReportingRound
from vietnamese.dates import is_working_day, working_day


def due_day(reporting_round: ReportingRound) -> date:
    """The last day of the term; the next working day when it falls on a day off and the round says so
    (Bộ luật Dân sự 2015, Điều 148)."""
    day = reporting_round.due_on
    return working_day(day) if reporting_round.moves_to_working_day else day


def deadline(reporting_round: ReportingRound) -> datetime:
    """The first moment that is too late: the end of the due day in Việt Nam (UTC+7), aware, in UTC."""
    return clock.end_of_day(due_day(reporting_round))


def days_overdue(reporting_round: ReportingRound, on: date) -> int:
    """Calendar days past the due day; 0 up to and with that day."""
    return max(0, (on - due_day(reporting_round)).days)


def days_late(reporting_round: ReportingRound, at: datetime) -> int:
    """The same for a moment, by the calendar of Việt Nam."""
    return days_overdue(reporting_round, clock.local(at).date())


def working_days_left(reporting_round: ReportingRound, on: date) -> int:
    """Working days after `on`, up to and with the due day."""
    ahead = (due_day(reporting_round) - on).days
    return sum(is_working_day(on + timedelta(days=step)) for step in range(1, ahead + 1))


def countdown(reporting_round: ReportingRound, on: date) -> str:
    """ "còn 9 ngày làm việc", "hạn là hôm nay", "quá hạn 3 ngày"."""
    if overdue := days_overdue(reporting_round, on):
        return f"quá hạn {overdue} ngày"
    if due_day(reporting_round) == on:
        return "hạn là hôm nay"
    left = working_days_left(reporting_round, on)
    return f"còn {left} ngày làm việc" if left else "không còn ngày làm việc nào trước hạn"
