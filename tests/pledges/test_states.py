"""Where everybody's pledge stands on a day, and how each state counts (features S6, S13, S15)."""

from datetime import timedelta

import pytest

from ledger import clock
from pledges import coverage
from pledges.coverage import Coverage
from pledges.models import Pledge, Refusal
from tests.factories import person
from tests.pledges.acts import confirm, send_back, sign
from units.models import Absence, Category, ContractKind, Employment

# Yesterday and tomorrow are of the same year as today.
pytestmark = pytest.mark.usefixtures("in_autumn_2026")


def counted(cast, campaign, on=None) -> Coverage:
    """Of the three people of the school."""
    on = on or clock.today()
    return coverage.over([cast.school.pk], campaign=campaign, year=on.year, on=on)


def figures(found: Coverage) -> dict[str, int]:
    """Those that are not nothing, without the day."""
    return {name: n for name, n in vars(found).items() if n and name != "on"}


def test_nobody_has_signed(cast, campaign):
    assert figures(counted(cast, campaign)) == {"people": 3, "none": 3}


def test_each_step_on_the_way_is_counted_apart(cast, campaign, half_confirmed):
    sign(cast.union_chair, campaign)
    assert figures(counted(cast, campaign)) == {
        "people": 3,
        "signed": 2,
        "at_head": 1,
        "at_union": 1,
        "none": 1,
    }


def test_a_returned_and_a_withdrawn_pledge_are_not_signed_and_shown_apart(cast, campaign, signed):
    send_back(signed, cast.school_head)
    other = sign(cast.union_chair, campaign)
    Pledge.objects.filter(pk=other.pk).update(status="withdrawn")
    assert figures(counted(cast, campaign)) == {"people": 3, "returned": 1, "withdrawn": 1, "none": 1}


@pytest.mark.parametrize("status", ["awaiting_head", "awaiting_union", "complete"])
def test_words_that_no_longer_count_open_the_duty_from_their_day_on(cast, campaign, signed, on_day, status):
    today = clock.today()
    moment = clock.now()
    Pledge.objects.filter(pk=signed.pk).update(
        status=status, completed_at=moment, stale_since=clock.end_of_day(today)
    )
    assert counted(cast, campaign).signed == 1
    tomorrow = counted(cast, campaign, today + timedelta(days=1))
    assert (tomorrow.signed, tomorrow.complete, tomorrow.stale) == (0, 0, 1)


def test_what_was_signed_on_paper_or_in_a_file_is_signed_and_counted_apart(cast, campaign, signed):
    Pledge.objects.filter(pk=signed.pk).update(channel="paper")
    other = sign(cast.union_chair, campaign)
    Pledge.objects.filter(pk=other.pk).update(channel="signed_file")
    found = counted(cast, campaign)
    assert (found.signed, found.on_paper, found.in_file) == (2, 1, 1)
    send_back(Pledge.objects.get(pk=other.pk), cast.school_head)
    assert counted(cast, campaign).in_file == 0


def test_the_pledge_of_the_whole_unit_counts_for_nobody(cast, campaign, signed):
    Pledge.objects.filter(pk=signed.pk).update(kind="collective")
    assert figures(counted(cast, campaign)) == {"people": 3, "none": 3}
    assert coverage.pledged(campaign=campaign, year=clock.today().year, on=clock.today()) == {}


def test_who_refuses_is_shown_in_the_denominator_until_he_signs_or_takes_it_back(cast, campaign, signed):
    refusal = Refusal.objects.create(
        campaign=campaign,
        year=clock.today().year,
        user=cast.union_chair,
        unit=cast.school,
        signing_unit=cast.school,
        reason="Có lý do riêng.",
    )
    found = counted(cast, campaign)
    assert (found.people, found.refused, found.none, found.open) == (3, 1, 1, 1)
    assert counted(cast, campaign, clock.today() - timedelta(days=1)).refused == 0
    Refusal.objects.filter(pk=refusal.pk).update(ended_at=clock.now())
    assert counted(cast, campaign).refused == 0


def test_who_has_signed_is_signed_whatever_he_said_before(cast, campaign, signed):
    Refusal.objects.create(
        campaign=campaign,
        year=clock.today().year,
        user=cast.school_official,
        unit=cast.school,
        signing_unit=cast.school,
        reason="Có lý do riêng.",
    )
    found = counted(cast, campaign)
    assert (found.signed, found.refused) == (1, 0)


def test_who_owes_none_is_beside_the_denominator_also_when_he_signed(cast, campaign, signed):
    Absence.objects.create(user=cast.school_official, kind="long_leave", reason="Đi học", since=clock.today())
    Employment.objects.filter(user=cast.union_chair).update(
        contract=ContractKind.objects.create(code="khoan", name="Hợp đồng khoán", pledges=False)
    )
    assert figures(counted(cast, campaign)) == {"people": 1, "none": 1, "relieved": 2}
    yesterday = counted(cast, campaign, clock.today() - timedelta(days=1))
    assert (yesterday.people, yesterday.relieved) == (2, 1)


def test_states_and_people_always_add_up(cast, campaign, signed, complete):
    for number in range(4):
        sign(person(f"Lê Thị {number}", cast.ward, Category.NGUOI_LAO_DONG), campaign)
    on = clock.today()
    for found in coverage.by_unit(
        [cast.ward.pk, cast.school.pk, cast.division.pk], campaign=campaign, year=on.year, on=on
    ).values():
        assert found.people == found.signed + found.open + found.refused
        assert found.signed == found.complete + found.at_head + found.at_union


def test_on_a_day_before_the_head_confirmed_it_waited_for_him(cast, campaign, signed, on_day):
    today = clock.today()
    on_day(today + timedelta(days=1))
    confirm(signed, cast.school_head)
    assert (counted(cast, campaign, today).at_head, counted(cast, campaign, today).at_union) == (1, 0)
    tomorrow = today + timedelta(days=1)
    assert (counted(cast, campaign, tomorrow).at_head, counted(cast, campaign, tomorrow).at_union) == (0, 1)


@pytest.mark.parametrize("people", [1, 3])
def test_the_tally_is_one_query(cast, campaign, django_assert_num_queries, people):
    for number in range(people):
        sign(person(f"Lê Thị {number}", cast.school), campaign)
    with django_assert_num_queries(1):
        coverage.tally(campaign=campaign, year=clock.today().year, on=clock.today())
