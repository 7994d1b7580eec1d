from datetime import UTC, date, datetime, timedelta

import pytest

from reports import deadlines
from reports.models import ReportingRound

SUNDAY = date(2026, 11, 15)
FRIDAY = date(2026, 11, 13)


def due(day: date, *, moves: bool = False) -> ReportingRound:
    return ReportingRound(due_on=day, moves_to_working_day=moves)


def test_the_deadline_is_the_end_of_the_day_in_viet_nam():
    assert deadlines.deadline(due(SUNDAY)) == datetime(2026, 11, 15, 17, 0, tzinfo=UTC)


def test_a_deadline_on_sunday_moves_to_monday_where_the_round_says_so():
    assert deadlines.due_day(due(SUNDAY)) == SUNDAY
    assert deadlines.due_day(due(SUNDAY, moves=True)) == date(2026, 11, 16)
    assert deadlines.due_day(due(date(2026, 11, 14), moves=True)) == date(2026, 11, 16)
    assert deadlines.due_day(due(FRIDAY, moves=True)) == FRIDAY
    assert deadlines.deadline(due(SUNDAY, moves=True)) == datetime(2026, 11, 16, 17, 0, tzinfo=UTC)


def test_the_last_second_of_the_day_is_in_time_and_the_next_is_a_day_late():
    last = datetime(2026, 11, 15, 16, 59, 59, tzinfo=UTC)
    assert deadlines.days_late(due(SUNDAY), last) == 0
    assert deadlines.days_late(due(SUNDAY), last + timedelta(seconds=1)) == 1


@pytest.mark.parametrize(
    ("on", "left"),
    [(date(2026, 11, 12), 1), (FRIDAY, 0), (date(2026, 11, 2), 9), (date(2026, 11, 20), 0)],
)
def test_working_days_are_counted_from_tomorrow_to_the_due_day(on, left):
    assert deadlines.working_days_left(due(SUNDAY), on) == left


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2026, 11, 2), "còn 9 ngày làm việc"),
        (date(2026, 11, 14), "không còn ngày làm việc nào trước hạn"),
        (SUNDAY, "hạn là hôm nay"),
        (date(2026, 11, 18), "quá hạn 3 ngày"),
    ],
)
def test_the_countdown_says_it_in_words(on, words):
    assert deadlines.countdown(due(SUNDAY), on) == words
