"""The tree on a day: who is below whom, who owes what, and how many people there are."""

from datetime import date, timedelta

import pytest

from tests.factories import employ, make_unit, make_user, place
from units import roster, tree
from units.models import Category, Placement
from units.queries import ancestor_ids, subtree_ids

TODAY = date(2026, 11, 22)


def test_the_subtree_of_a_ward_holds_its_school_and_its_division(cast):
    assert subtree_ids([cast.ward.pk], TODAY) == {cast.ward.pk, cast.school.pk, cast.division.pk}


def test_ancestors_run_from_the_unit_to_the_root(cast):
    assert ancestor_ids(cast.school.pk, TODAY) == [cast.school.pk, cast.ward.pk, cast.root.pk]


def test_a_unit_that_moved_stands_in_each_place_on_its_own_days(cast):
    moved_on = date(2026, 3, 1)
    Placement.objects.filter(unit=cast.school).update(until=moved_on)
    place(cast.school, cast.other_ward, since=moved_on)
    before, after = moved_on - timedelta(days=1), moved_on
    assert cast.school.pk in subtree_ids([cast.ward.pk], before)
    assert cast.school.pk not in subtree_ids([cast.ward.pk], after)
    assert cast.school.pk in subtree_ids([cast.other_ward.pk], after)


def test_first_level_units_in_scope(cast):
    party = make_unit("Văn phòng Thành ủy")
    place(party, cast.root, in_scope=False)
    names = [unit.name for unit in tree.load(TODAY).first_level()]
    assert names == ["Sở Nội vụ", "Sở Y tế", "UBND phường Kim Long", "UBND xã A Lưới 2"]


def test_areas_of_those_who_report_divide_the_scope_without_overlap(cast):
    Placement.objects.filter(unit=cast.school).update(report_duty=Placement.Duty.OWN)
    standing = tree.load(TODAY)
    areas = {unit.pk: standing.area(unit.pk, "report_duty") for unit in standing.owing("report_duty")}
    covered = [unit_id for area in areas.values() for unit_id in area]
    assert len(covered) == len(set(covered)) == 6, "all but the root, which answers to nobody here"
    assert areas[cast.ward.pk] == {cast.ward.pk, cast.division.pk}
    assert areas[cast.school.pk] == {cast.school.pk}


def test_the_whole_tree_is_one_query(cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        standing = tree.load(TODAY)
        standing.first_level()
        standing.owing("plan_duty")
        standing.path(cast.school.pk)


def test_headcount_by_category_on_a_day(cast, django_assert_num_queries):
    leaver = make_user("Nguyễn Phước Bửu Vinh")
    employ(leaver, cast.school, Category.NGUOI_LAO_DONG, until=date(2026, 11, 22))
    with django_assert_num_queries(1):
        counts = roster.headcounts(TODAY, [cast.school.pk])
    assert counts == {cast.school.pk: {"vien_chuc": 3}}
    assert roster.headcounts(date(2026, 11, 21), [cast.school.pk])[cast.school.pk]["nguoi_lao_dong"] == 1


def test_totals_climb_to_every_unit_above(cast):
    totals = roster.climb(roster.headcounts(TODAY), tree.parents(TODAY))
    assert sum(totals[cast.ward.pk].values()) == 6
    assert sum(totals[cast.root.pk].values()) == 13


def test_a_person_pledges_to_the_head_of_the_unit_that_issues_papers(cast):
    assert roster.signing_unit(cast.official, TODAY) == cast.ward, "a division issues none of its own"
    assert roster.signing_unit(cast.school_official, TODAY) == cast.school


def test_a_head_pledges_to_the_head_above_and_the_head_of_the_province_to_nobody(cast):
    assert roster.signing_unit(cast.school_head, TODAY) == cast.ward
    assert roster.signing_unit(cast.head, TODAY) == cast.root
    assert roster.signing_unit(cast.chair_of_province, TODAY) is None


@pytest.mark.postgres
def test_postgresql_itself_refuses_overlapping_employments(cast):
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError, match="no_overlap"), transaction.atomic():
        employ(cast.official, cast.other_ward, since=date(2020, 1, 1), until=date(2025, 1, 1))
