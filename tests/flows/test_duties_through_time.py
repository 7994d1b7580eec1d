"""People and units move; rates and duties stay right (features O9, S12, S15). Each story is told day by day."""

from datetime import date, timedelta

import pytest

from notices.models import Notice
from pledges import coverage, duties, rates
from pledges.models import Drive, Pledge
from pledges.services import reminders
from tests.factories import make_union, person
from tests.pledges.acts import afresh, confirm, confirm_for_union, sign
from units import services
from units.models import Appointment, ContractKind, Employment, Post, User

YEAR = 2025


@pytest.fixture
def on_day(on_day):
    """The year begins with the working day on which the drive opens."""
    on_day(date(YEAR, 2, 3))
    return on_day


@pytest.fixture
def drive(campaign, on_day) -> Drive:
    """Opens on Monday 3 February 2025, due on Monday 31 March."""
    Drive.objects.all().delete()
    return Drive.objects.create(
        campaign=campaign,
        year=YEAR,
        opens_on=date(YEAR, 2, 3),
        due_on=date(YEAR, 3, 31),
        ladder=[-14, 0, 7],
        escalate_after=7,
    )


def figures(campaign, unit, on: date) -> tuple[int, int, int]:
    """(signed, complete, people who owe) of the unit and all below it that day."""
    total = rates.read(campaign=campaign, on=on, with_last=False).node(unit.pk).total
    return total.signed, total.complete, total.people


def told(user: User, on: date) -> bool:
    return Notice.objects.filter(user=user, effect__contains=f":{on:%Y%m%d}:").exists()


def must_sign(user: User) -> bool:
    return any(duty.title.startswith(("Ký cam kết", "Bản cam kết năm")) for duty in duties._own(afresh(user)))


def move(user: User, unit, on: date, by: User) -> Employment:
    return services.move_person(user=afresh(user), unit=unit, on=on, by=afresh(by))


def test_a_person_moved_twice_in_a_week_owes_one_pledge_and_counts_once(cast, campaign, on_day, drive):
    province = len(cast.people)
    on_day(date(YEAR, 3, 3))
    move(cast.school_official, cast.ward, date(YEAR, 3, 3), cast.home_affairs)
    on_day(date(YEAR, 3, 6))
    move(cast.school_official, cast.other_ward, date(YEAR, 3, 6), cast.home_affairs)
    for day, unit in (
        (date(YEAR, 3, 2), cast.school),
        (date(YEAR, 3, 3), cast.ward),
        (date(YEAR, 3, 5), cast.ward),
        (date(YEAR, 3, 6), cast.other_ward),
    ):
        own = {
            place.pk: rates.read(campaign=campaign, on=day).own_of(place.pk).people
            for place in (cast.school, cast.ward, cast.other_ward)
        }
        assert own[unit.pk] == {cast.school: 3, cast.ward: 3, cast.other_ward: 3}[unit], day
        assert figures(campaign, cast.root, day)[2] == province, day
    assert must_sign(cast.school_official)
    pledge = sign(cast.school_official, campaign)
    assert pledge.unit == cast.other_ward and pledge.signing_unit == cast.other_ward
    assert figures(campaign, cast.other_ward, date(YEAR, 3, 6)) == (1, 0, 3)
    assert figures(campaign, cast.ward, date(YEAR, 3, 6))[0] == 0
    assert Pledge.objects.filter(user=cast.school_official).count() == 1
    assert not must_sign(cast.school_official)


def test_who_signed_and_then_moved_carries_his_pledge_and_is_not_asked_again(cast, campaign, on_day, drive):
    confirm(sign(cast.official, campaign), cast.head)
    on_day(date(YEAR, 3, 10))
    move(cast.official, cast.other_ward, date(YEAR, 3, 10), cast.home_affairs)
    assert not must_sign(cast.official)
    assert figures(campaign, cast.ward, date(YEAR, 3, 9)) == (1, 1, 6)
    assert figures(campaign, cast.ward, date(YEAR, 3, 10)) == (0, 0, 5)
    assert figures(campaign, cast.other_ward, date(YEAR, 3, 10)) == (1, 1, 3)
    on_day(date(YEAR, 3, 17))
    reminders.remind_due()
    assert not told(cast.official, date(YEAR, 3, 17))


def test_a_head_who_moved_on_the_cut_off_day_counts_once_where_he_is_that_day(cast, campaign, on_day, drive):
    """The day of the figures is the first day in the new unit: no day is without him and none has him twice."""
    cut_off = date(YEAR, 3, 31)
    confirm(sign(cast.school_head, campaign), cast.head)
    waiting = sign(cast.school_official, campaign)
    on_day(cut_off)
    move(cast.school_head, cast.other_ward, cut_off, cast.home_affairs)
    before = cut_off - timedelta(days=1)
    assert figures(campaign, cast.school, before) == (2, 1, 3)
    assert figures(campaign, cast.school, cut_off) == (1, 0, 2)
    assert figures(campaign, cast.other_ward, cut_off) == (1, 1, 3)
    assert figures(campaign, cast.root, before)[2] == figures(campaign, cast.root, cut_off)[2]
    # His post ended with the move: what waits goes on to whoever is given it, what he confirmed stands.
    assert not Appointment.objects.on(cut_off).filter(user=cast.school_head).exists()
    assert Pledge.objects.get(user=cast.school_head).status == "complete"
    post = Post.objects.get(unit=cast.school, kind="head")
    services.appoint(post=post, user=afresh(cast.union_chair), since=cut_off, by=afresh(cast.home_affairs))
    assert confirm(waiting, cast.union_chair).status in {"awaiting_union", "complete"}
    reminders.remind_due()
    heads = Notice.objects.filter(user=cast.school_head, effect__startswith="pledges.head")
    assert not heads.exists(), "the old head hears nothing of the school any more"
    assert Notice.objects.filter(user=cast.union_chair, effect__startswith="pledges.head").exists()


def test_a_union_dissolved_on_15_june_2025_leaves_what_is_complete_and_asks_nobody_for_more(
    cast, campaign, on_day, drive
):
    """Unions of agencies that the state pays for ended by 15/6/2025: from that day two confirmations are enough."""
    on_day(date(YEAR, 6, 10))
    done = confirm_for_union(
        confirm(sign(cast.school_official, campaign), cast.school_head), cast.union_chair
    )
    halfway = confirm(sign(cast.union_chair, campaign), cast.school_head)
    other = confirm(sign(person("Lê Thị Hai", cast.school, "vien_chuc"), campaign), cast.school_head)
    assert halfway.status == "complete", "the only chair is himself: two are enough"
    assert other.status == "awaiting_union"
    dissolved = date(YEAR, 6, 15)
    services.close_union(
        unit=cast.school, on=dissolved, decision="QĐ 15/QĐ-LĐLĐ", by=afresh(cast.home_affairs)
    )
    eve = coverage.over([cast.school.pk], campaign=campaign, year=YEAR, on=date(YEAR, 6, 14))
    assert (eve.complete, eve.at_union) == (2, 1)
    on_day(date(YEAR, 6, 16))
    assert Pledge.objects.get(pk=done.pk).status == "complete"
    later = confirm(sign(person("Lê Thị Ba", cast.school, "vien_chuc"), campaign), cast.school_head)
    assert later.status == "complete", "no union on that day: two confirmations"
    found = coverage.over([cast.school.pk], campaign=campaign, year=YEAR, on=date(YEAR, 6, 16))
    assert found.signed == found.complete + found.at_union + found.at_head == 4
    reminders.remind_due()
    assert not Notice.objects.filter(user=cast.union_chair, effect__startswith="pledges.head").exists()


def test_a_new_union_with_a_vacant_chair_waits_and_stays_counted_as_signed(cast, campaign, on_day, drive):
    make_union(cast.ward, since=date(YEAR, 2, 1))
    pledge = confirm(sign(cast.official, campaign), cast.head)
    assert pledge.status == "awaiting_union"
    assert figures(campaign, cast.division, date(YEAR, 2, 3)) == (1, 0, 1)


def test_joining_opens_the_duty_and_the_next_days_reminding_says_so(cast, campaign, on_day, drive):
    reminders.remind_due()
    on_day(date(YEAR, 5, 5))
    newcomer = person("Lê Mới", cast.school, "vien_chuc")
    Employment.objects.filter(user=newcomer).update(since=date(YEAR, 5, 5))
    assert must_sign(newcomer)
    assert figures(campaign, cast.school, date(YEAR, 5, 4))[2] == 3
    assert figures(campaign, cast.school, date(YEAR, 5, 5))[2] == 4
    on_day(date(YEAR, 5, 6))
    reminders.remind_due()
    on_day(date(YEAR, 5, 7))
    reminders.remind_due()
    days = Notice.objects.filter(user=newcomer).count()
    assert days == 1, "once, with the day after his coming; the ladder's days are over"


def test_retiring_leaving_and_long_leave_close_it_and_coming_back_opens_it(cast, campaign, on_day, drive):
    day = date(YEAR, 3, 3)
    on_day(day)
    services.end_employment(
        user=afresh(cast.official), on=day, ending="retired", by=afresh(cast.home_affairs)
    )
    services.absent(
        user=afresh(cast.school_official),
        kind="long_leave",
        reason="Nghỉ thai sản",
        since=day,
        until=date(YEAR, 9, 1),
        by=afresh(cast.school_head),
    )
    assert not must_sign(cast.official) and not must_sign(cast.school_official)
    assert figures(campaign, cast.ward, date(YEAR, 3, 2))[2] == 6
    assert figures(campaign, cast.ward, day)[2] == 4
    on_day(date(YEAR, 9, 1))
    assert must_sign(cast.school_official)
    assert figures(campaign, cast.ward, date(YEAR, 9, 1))[2] == 5
    reminders.remind_due()
    assert told(cast.school_official, date(YEAR, 9, 1))
    assert not told(cast.official, date(YEAR, 9, 1))


def test_a_contract_that_owes_none_closes_it_and_another_kind_opens_it(cast, campaign, on_day, drive):
    kind = ContractKind.objects.create(code="khoan", name="Hợp đồng khoán", pledges=False)
    Employment.objects.filter(user=cast.school_official).update(contract=kind)
    assert not must_sign(cast.school_official)
    assert figures(campaign, cast.school, date(YEAR, 2, 3))[2] == 2
    Employment.objects.filter(user=cast.school_official).update(contract=None)
    assert must_sign(cast.school_official)


def test_a_seconded_person_is_asked_where_he_works_and_counts_there(cast, campaign, on_day, drive):
    day = date(YEAR, 3, 3)
    on_day(day)
    services.second(
        user=afresh(cast.official),
        host=cast.other_ward,
        since=day,
        until=date(YEAR, 9, 1),
        decision="QĐ 12/QĐ-SNV",
        by=afresh(cast.home_affairs),
    )
    assert figures(campaign, cast.other_ward, day)[2] == 3
    assert sign(cast.official, campaign).signing_unit == cast.other_ward
    on_day(date(YEAR, 9, 1))
    assert figures(campaign, cast.other_ward, date(YEAR, 9, 1)) == (0, 0, 2)
    assert figures(campaign, cast.ward, date(YEAR, 9, 1))[0] == 1
    assert not must_sign(cast.official)


def test_a_new_year_opens_everybodys_duty_again_and_last_years_figures_stay(cast, campaign, on_day, drive):
    confirm(sign(cast.official, campaign), cast.head)
    on_day(date(YEAR + 1, 2, 3))
    assert must_sign(cast.official)
    node = rates.read(campaign=campaign, on=date(YEAR + 1, 2, 3)).node(cast.division.pk)
    assert node.total.signed == 0 and node.last and (node.last.signed, node.last.complete) == (1, 1)
    assert reminders.remind_due() is not None
    assert Drive.objects.get(year=YEAR + 1).due_on == date(YEAR + 1, 3, 31)
    assert told(cast.official, date(YEAR + 1, 2, 3))
