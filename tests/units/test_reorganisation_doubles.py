"""Who held the same post of two units that become one holds it once, on every day on which he held either."""

from datetime import date

import pytest

from tests.factories import appoint
from tests.units.acts import DAY, existing, merge, new, unit_called
from tests.units.organisation import snapshot
from units.models import Appointment, Post
from units.queries import overlapping
from units.services import correct_reorganisation

LATER = date(2026, 9, 1)


def periods(user, **post) -> list[tuple[date, date | None]]:
    """Of the appointments from the day of the act on, oldest first."""
    rows = Appointment.objects.filter(overlapping(DAY, None), user=user, **post)
    return list(rows.order_by("since").values_list("since", "until"))


def inspects(user, unit, since: date, until: date | None = None) -> Appointment:
    return appoint(user, unit, "inspector", "Thành viên đoàn kiểm tra", since=since, until=until)


def merge_wards(cast):
    return merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân"))


def in_the_heir(user) -> list[tuple[date, date | None]]:
    return periods(user, post__unit=unit_called("UBND phường Phú Xuân"))


def test_a_clerk_of_two_units_the_second_from_a_later_day_keeps_the_heir_once(cast):
    """The posts are of Sở Nội vụ, each over one of the two wards."""
    for unit, since in ((cast.ward, date(2026, 1, 1)), (cast.other_ward, LATER)):
        post = Post.objects.create(
            unit=cast.home_affairs_unit, kind="clerk", title="Cán bộ đầu mối", scope=unit
        )
        Appointment.objects.create(post=post, user=cast.home_affairs, since=since)
    merge_wards(cast)
    heir = unit_called("UBND phường Phú Xuân")
    assert periods(cast.home_affairs, post__scope=heir) == [(DAY, None)]


TERMS = {
    "one without end, one later": (
        [(date(2026, 1, 1), None), (LATER, None)],
        [(DAY, None)],
    ),
    "terms that overlap": (
        [(date(2026, 1, 1), date(2027, 1, 1)), (LATER, date(2027, 6, 1))],
        [(DAY, date(2027, 1, 1)), (date(2027, 1, 1), date(2027, 6, 1))],
    ),
    "the longer of two that run on the day": (
        [(date(2026, 1, 1), date(2027, 1, 1)), (date(2026, 2, 1), date(2027, 6, 1))],
        [(DAY, date(2027, 6, 1))],
    ),
    "terms apart": (
        [(date(2026, 1, 1), LATER), (date(2027, 1, 1), date(2027, 6, 1))],
        [(DAY, LATER), (date(2027, 1, 1), date(2027, 6, 1))],
    ),
    "a term within another": (
        [(date(2026, 1, 1), date(2027, 6, 1)), (LATER, date(2027, 1, 1))],
        [(DAY, date(2027, 6, 1))],
    ),
}


@pytest.mark.parametrize("case", TERMS)
@pytest.mark.parametrize("turned", [False, True])
def test_no_day_of_an_inspector_is_lost_or_doubled(cast, case, turned):
    terms, expected = TERMS[case]
    wards = (cast.other_ward, cast.ward) if turned else (cast.ward, cast.other_ward)
    for unit, (since, until) in zip(wards, terms, strict=True):
        inspects(cast.stranger, unit, since, until)
    before = snapshot()
    act = merge_wards(cast)
    assert in_the_heir(cast.stranger) == expected
    correct_reorganisation(act=act, decision="Công văn số 9", reason="Nhầm", by=cast.home_affairs)
    assert snapshot() == before


def test_what_the_heir_has_already_runs_on_and_the_rest_fills_the_gaps(cast):
    inspects(cast.stranger, cast.ward, date(2026, 1, 1))
    kept = inspects(cast.stranger, cast.other_ward, LATER, date(2027, 1, 1))
    before = snapshot()
    act = merge(cast.ward, into=existing(cast.other_ward))
    kept.refresh_from_db()
    assert (kept.since, kept.until) == (LATER, date(2027, 1, 1))
    assert periods(cast.stranger, post__unit=cast.other_ward) == [
        (DAY, LATER),
        (LATER, date(2027, 1, 1)),
        (date(2027, 1, 1), None),
    ]
    correct_reorganisation(act=act, decision="Công văn số 9", reason="Nhầm", by=cast.home_affairs)
    assert snapshot() == before
