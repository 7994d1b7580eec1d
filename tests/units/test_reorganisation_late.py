"""Duties chosen for a later day, and acts taken back, do not stand in the way of an act of an earlier day; what is
planned on the same units is named.
"""

from datetime import date, timedelta

import pytest

from ledger.workflow import StepRefused
from tests.factories import make_unit, place
from tests.units.acts import DAY, Kind, merge, move, new, orders, parent_of, rename, unit_called
from tests.units.organisation import snapshot
from units.models import Placement, Unit
from units.queries import in_force
from units.services import (
    choose_duties,
    correct_reorganisation,
    plan_reorganisation,
    rehearse_reorganisation,
    reorganise,
    withdraw_reorganisation,
)

pytestmark = pytest.mark.usefixtures("in_autumn_2026")

NEXT_YEAR = date(2027, 1, 1)
OWN = Placement.Duty.OWN


@pytest.fixture
def second_school(cast) -> Unit:
    school = make_unit("Trường Tiểu học Kim Long 2", kind=Unit.Kind.SCHOOL)
    place(school, cast.ward, own=False)
    return school


def choose(cast, since: date) -> Placement:
    return choose_duties(unit=cast.school, plan_duty=OWN, report_duty=OWN, since=since, by=cast.head)


def correct(cast, act):
    return correct_reorganisation(act=act, decision="Công văn số 9", reason="Nhầm", by=cast.home_affairs)


@pytest.mark.parametrize("since", [DAY + timedelta(days=9), NEXT_YEAR])
def test_duties_of_a_later_day_do_not_hold_up_a_merger(cast, second_school, since):
    chosen = choose(cast, since)
    before = snapshot()
    act = merge(cast.school, second_school, into=new("Trường Lê Lợi", kind=Unit.Kind.SCHOOL))
    chosen.refresh_from_db()
    assert chosen.until == chosen.since, "it holds no day"
    assert not Placement.objects.filter(in_force(NEXT_YEAR), unit=cast.school).exists()
    correct(cast, act)
    assert snapshot() == before


def test_the_rehearsal_says_that_the_duties_are_to_be_chosen_again(cast, second_school):
    choose(cast, NEXT_YEAR)
    heir = new("Trường Lê Lợi", kind=Unit.Kind.SCHOOL)
    asked = orders(Kind.MERGER, cast.school, second_school, heirs=[heir])
    shown = rehearse_reorganisation(orders=asked, by=cast.home_affairs)
    assert any(
        sentence.startswith("Nghĩa vụ đã chọn cho Trường Tiểu học Kim Long 1 từ ngày 01/01/2027")
        for sentence in shown.warnings
    )


def test_a_unit_that_moves_takes_the_duties_of_a_later_day_along(cast):
    choose(cast, NEXT_YEAR)
    before = snapshot()
    act = move(cast.school, to=cast.other_ward)
    then = Placement.objects.get(in_force(NEXT_YEAR), unit=cast.school)
    assert (then.parent, then.plan_duty) == (cast.other_ward, OWN)
    correct(cast, act)
    assert snapshot() == before


def test_a_unit_that_moves_goes_on_to_where_it_moved_later(cast):
    later = DAY + timedelta(days=9)
    move(cast.school, to=cast.other_agency, on=later)
    move(cast.school, to=cast.other_ward)
    assert parent_of(cast.school, later - timedelta(days=1)) == cast.other_ward
    assert parent_of(cast.school, later) == cast.other_agency


def test_a_later_day_below_another_unit_still_contradicts(cast, second_school):
    choose(cast, DAY + timedelta(days=9))
    move(cast.school, to=cast.other_ward, on=DAY + timedelta(days=20))
    with pytest.raises(StepRefused, match="còn được sắp xếp từ ngày 21/07/2026"):
        merge(cast.school, second_school, into=new("Không thành"))


def test_a_later_act_that_was_taken_back_contradicts_nothing(cast):
    correct(cast, move(cast.school, to=cast.other_ward))
    rename(cast.school, "Trường Lê Lợi", on=date(2026, 3, 1))
    assert unit_called("Trường Lê Lợi").since == date(2026, 3, 1)


# --- Two acts planned on one unit


def renaming(cast, on: date):
    return orders(Kind.RENAMING, cast.school, heirs=[new("Trường Lê Lợi", kind=Unit.Kind.SCHOOL)], on=on)


def merging(cast, other: Unit, on: date):
    heir = new("Trường Kim Long", kind=Unit.Kind.SCHOOL)
    return orders(Kind.MERGER, cast.school, other, heirs=[heir], on=on)


def planned_warnings(cast, asked, act=None) -> list[str]:
    shown = rehearse_reorganisation(orders=asked, by=cast.home_affairs, act=act)
    return [sentence for sentence in shown.warnings if "đã được lên lịch" in sentence]


def test_an_act_planned_on_the_same_unit_is_named(cast, second_school):
    plan_reorganisation(orders=renaming(cast, NEXT_YEAR), by=cast.home_affairs)
    told = planned_warnings(cast, merging(cast, second_school, date(2027, 6, 1)))
    assert len(told) == 1
    assert (
        "“Đổi tên Trường Tiểu học Kim Long 1 thành Trường Lê Lợi” đã được lên lịch từ 01/01/2027" in told[0]
    )


def test_an_act_planned_on_the_unit_that_is_to_stand_above_is_named(cast):
    plan_reorganisation(
        orders=orders(Kind.RENAMING, cast.other_ward, heirs=[new("UBND xã A Lưới")], on=NEXT_YEAR),
        by=cast.home_affairs,
    )
    asked = orders(Kind.MOVE, cast.school, parent=cast.other_ward, on=date(2027, 6, 1))
    assert len(planned_warnings(cast, asked)) == 1


def test_neither_acts_on_other_units_nor_the_planned_act_itself_are_named(cast, second_school):
    act = plan_reorganisation(orders=renaming(cast, NEXT_YEAR), by=cast.home_affairs)
    assert not planned_warnings(cast, renaming(cast, NEXT_YEAR), act)
    asked = orders(Kind.MOVE, second_school, parent=cast.other_ward, on=NEXT_YEAR)
    assert not planned_warnings(cast, asked)


def test_the_same_act_planned_a_second_time_is_named(cast):
    plan_reorganisation(orders=renaming(cast, NEXT_YEAR), by=cast.home_affairs)
    assert len(planned_warnings(cast, renaming(cast, NEXT_YEAR))) == 1


def test_what_is_planned_meanwhile_is_shown_before_anything_is_done(cast):
    asked = orders(Kind.MOVE, cast.school, parent=cast.other_ward)
    shown = rehearse_reorganisation(orders=asked, by=cast.home_affairs)
    plan_reorganisation(orders=renaming(cast, NEXT_YEAR), by=cast.home_affairs)
    with pytest.raises(StepRefused, match="đã thay đổi sau khi xem trước"):
        reorganise(orders=asked, by=cast.home_affairs, expect_digest=shown.digest)


@pytest.mark.parametrize("withdrawn", [False, True])
def test_the_act_that_is_done_tells_nobody_what_is_planned(cast, client_of, withdrawn):
    planned = plan_reorganisation(orders=renaming(cast, NEXT_YEAR), by=cast.home_affairs)
    asked = orders(Kind.MOVE, cast.school, parent=cast.other_ward)
    shown = rehearse_reorganisation(orders=asked, by=cast.home_affairs)
    done = reorganise(orders=asked, by=cast.home_affairs, expect_digest=shown.digest)
    if withdrawn:
        withdraw_reorganisation(act=planned, reason="Chưa thông qua", by=cast.home_affairs)
    response = client_of(cast.stranger).get(done.get_absolute_url())
    page = response.content.decode()
    assert response.status_code == 200 and "Cần quyết định hoặc làm tiếp" not in page
    assert "Trường Lê Lợi" not in page and "01/01/2027" not in page
