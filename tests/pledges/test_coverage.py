"""How many have pledged: the people of the day, wherever they signed."""

from datetime import timedelta

import pytest

from ledger import clock
from pledges import coverage, rates, unsigned
from pledges.models import Pledge
from tests.factories import appoint, employ, make_user, person
from tests.pledges.acts import confirm, confirm_for_union, send_back, sign
from tests.pledges.test_substitutes import stand_in
from units.models import Employment, User
from units.roster import headcounts


@pytest.fixture
def asked(campaign):
    today = clock.today()
    return {"campaign": campaign, "year": today.year, "on": today}


def test_signed_and_complete_are_counted_apart_by_unit_and_category(cast, signed, complete, asked):
    assert coverage.pledged(**asked) == {
        cast.school.pk: {"vien_chuc": 1},
        cast.division.pk: {"cong_chuc": 1},
    }
    assert coverage.completed(**asked) == {cast.division.pk: {"cong_chuc": 1}}


def test_only_the_units_asked_about_are_counted(cast, signed, complete, asked):
    assert coverage.pledged(**asked, unit_ids=[cast.school.pk]) == {cast.school.pk: {"vien_chuc": 1}}
    assert coverage.pledged(**asked, unit_ids=[]) == {}


def test_a_returned_pledge_is_no_pledge_until_it_is_signed_again(cast, campaign, signed, asked):
    send_back(signed, cast.school_head)
    assert coverage.pledged(**asked) == {}
    sign(cast.school_official, campaign)
    assert coverage.pledged(**asked) == {cast.school.pk: {"vien_chuc": 1}}


def test_the_year_before_counts_for_itself_alone(cast, signed, asked):
    assert coverage.pledged(**asked | {"year": asked["year"] - 1}) == {}


def test_what_was_signed_after_the_day_is_not_counted(cast, half_confirmed, asked, on_day):
    on_day(asked["on"] + timedelta(days=1))
    complete = confirm_for_union(half_confirmed, cast.union_chair)
    assert complete.status == "complete"
    assert coverage.completed(**asked) == {}
    assert coverage.completed(**asked | {"on": asked["on"] + timedelta(days=1)}) != {}
    assert coverage.pledged(**asked | {"on": asked["on"] - timedelta(days=1)}) == {}


def test_who_moved_counts_where_he_is_on_the_day(cast, signed, asked):
    today = asked["on"]
    Employment.objects.filter(user=cast.school_official).update(until=today)
    employ(cast.school_official, cast.other_ward, "cong_chuc", since=today)
    assert coverage.pledged(**asked) == {cast.other_ward.pk: {"cong_chuc": 1}}
    assert headcounts(today)[cast.school.pk] == {"vien_chuc": 2}


def test_who_left_is_in_neither_number(cast, signed, asked):
    Employment.objects.filter(user=cast.school_official).update(until=asked["on"])
    assert coverage.pledged(**asked) == {}


def test_leaders_are_heads_and_deputies_each_once_where_they_are_employed(cast, campaign, asked):
    appoint(cast.school_head, cast.school, "deputy", "Bí thư kiêm Phó Hiệu trưởng")
    appoint(cast.clerk, cast.ward, "deputy", "Phó Chủ tịch UBND phường")
    stand_in(cast.official, cast.ward, "by_order", title="Chủ tịch UBND phường")
    leaders = coverage.leaders(on=asked["on"])
    assert leaders[cast.school.pk] == 1
    assert leaders[cast.ward.pk] == 2
    assert cast.division.pk not in leaders
    sign(cast.school_head, campaign)
    sign(cast.school_official, campaign)
    assert coverage.leaders_pledged(**asked) == {cast.school.pk: 1}


def test_newcomers_of_the_year_without_a_pledge(cast, campaign, asked):
    newcomer = make_user("Lê Mới")
    employ(newcomer, cast.school, since=asked["on"].replace(month=1, day=1))
    assert coverage.new_unpledged(**asked) == {cast.school.pk: 1}
    sign(newcomer, campaign)
    assert coverage.new_unpledged(**asked) == {}


def test_what_a_person_follows(cast, campaign):
    today = clock.today()
    below_ward = {cast.ward.pk, cast.school.pk, cast.division.pk}
    assert coverage.followed(cast.head, today) == below_ward
    assert coverage.followed(cast.clerk, today) == below_ward
    assert coverage.followed(cast.union_chair, today) == {cast.school.pk}
    assert coverage.followed(cast.home_affairs, today) >= {*below_ward, cast.other_ward.pk, cast.root.pk}
    assert coverage.followed(cast.official, today) == set()


def test_nobody_follows_a_unit_out_of_scope(cast, campaign):
    cast.school.placements.update(in_scope=False)
    today = clock.today()
    assert coverage.followed(cast.head, today) == {cast.ward.pk, cast.division.pk}
    assert coverage.followed(cast.school_head, today) == set()
    assert coverage.followed(cast.union_chair, today) == set()


def test_a_head_reads_the_same_figures_in_the_rates_and_in_his_lists(cast, campaign, asked):
    cast.school.placements.update(in_scope=False)
    units = unsigned.reachable(cast.head, cast.ward.pk, asked["on"])
    counted = rates.read(campaign=campaign, on=asked["on"]).node(cast.ward.pk).total
    listed = unsigned.rows(campaign=campaign, on=asked["on"], unit_ids=units).count()
    assert (counted.people, counted.open) == (3, 3) and listed == 3


@pytest.mark.parametrize("people", [1, 3])
def test_every_count_is_one_query(cast, campaign, asked, django_assert_num_queries, people):
    for number in range(people):
        sign(person(f"Lê Thị {number}", cast.school), campaign)
    for count in (
        coverage.pledged,
        coverage.completed,
        coverage.leaders_pledged,
        coverage.new_unpledged,
    ):
        with django_assert_num_queries(1):
            count(**asked)
    with django_assert_num_queries(1):
        coverage.leaders(on=asked["on"])


def test_the_summary_of_a_list(cast, signed, complete, asked):
    reader = User.objects.get(pk=cast.head.pk)
    found = coverage.of(user=reader, campaign=asked["campaign"], year=asked["year"], today=asked["on"])
    assert (found.signed, found.complete, found.people) == (2, 1, 6)
    assert confirm(Pledge.objects.get(pk=signed.pk), cast.school_head).status == "awaiting_union"
