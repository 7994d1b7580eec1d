"""Whatever happens to people, on every day each counts once, where he works, and the totals add up to every node.

A thousand stories: tests/faults/test_headcount_stories.py.
"""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from tests.factories import make_unit, make_user, place
from tests.units.stories_of_people import DAYS, FIRST, Book, on, stories, tell
from units import roster, tree
from units.models import ContractKind, Employment, Unit, User

SAMPLE = settings(
    max_examples=12,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def a_small_tree() -> list[Unit]:
    root = make_unit("UBND", kind=Unit.Kind.PROVINCE)
    place(root, None)
    units = [root, *(make_unit(f"Đơn vị {number}") for number in range(3))]
    place(units[1], root)
    place(units[2], units[1])
    place(units[3], units[1])
    return units


def check(book: Book, units: list[Unit]) -> None:
    for day in (0, *range(7, DAYS, 41), DAYS):
        present = {who: where for (who, at), where in book.place.items() if at == day}
        work = {units[where].pk: {"cong_chuc": n} for where, n in Counter(present.values()).items()}
        assert roster.headcounts(on(day)) == work, day
        paid = Counter(where for (_who, at), where in book.pays.items() if at == day)
        assert roster.headcounts(on(day), by="payroll") == {
            units[where].pk: {"cong_chuc": n} for where, n in paid.items()
        }
        owing = Counter(where for who, where in present.items() if (who, day) not in book.away)
        assert roster.obliged(on(day)) == {units[where].pk: {"cong_chuc": n} for where, n in owing.items()}
        assert sum(roster.relieved(on(day)).get(unit.pk, {}).get("cong_chuc", 0) for unit in units) == len(
            present
        ) - sum(owing.values())
        totals = roster.totals(on(day))
        assert totals == roster.climb(work, tree.parents(on(day)))
        assert totals.get(units[0].pk, {}).get("cong_chuc", 0) == len(present)


def one_story(story) -> None:
    """The story on units and people of its own, which vanish with the transaction."""
    people = [make_user(f"Người {number}") for number in range(4)]
    units = a_small_tree()
    check(tell(story, people, units), units)
    days = Counter()
    for row in Employment.objects.filter(user__in=people):
        until = row.until or on(DAYS + 1)
        days.update((row.user_id, row.since + timedelta(days=n)) for n in range((until - row.since).days))
    assert not days or max(days.values()) == 1, "nobody is in two units on one day"


@SAMPLE
@given(stories)
def test_whatever_happens_everybody_counts_once_on_every_day(db, story):
    with transaction.atomic():
        one_story(story)
        transaction.set_rollback(True)


def test_contracts_that_do_not_count_are_left_out_and_those_that_do_not_pledge_owe_nothing(cast):
    guest = ContractKind.objects.create(code="khoan", name="Khoán việc", counts=False, pledges=False)
    short = ContractKind.objects.create(code="ngan", name="Dưới 12 tháng", counts=True, pledges=False)
    Employment.objects.filter(user=cast.school_official).update(contract=guest)
    Employment.objects.filter(user=cast.union_chair).update(contract=short)
    school = cast.school.pk
    assert roster.headcounts(FIRST, [school])[school] == {"vien_chuc": 2}
    assert roster.obliged(FIRST, [school])[school] == {"vien_chuc": 1}
    assert roster.relieved(FIRST, [school])[school] == {"vien_chuc": 1}


def test_questions_about_no_unit_ask_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert roster.headcounts(FIRST, []) == roster.obliged(FIRST, ()) == {}


@pytest.mark.parametrize("more", [1, 3])
def test_the_whole_tree_is_one_query_whatever_its_size(db, django_assert_num_queries, more):
    units = a_small_tree()
    for number in range(more):
        Employment.objects.create(
            user=make_user(f"Người {number}"), unit=units[number], category="can_bo", since=FIRST
        )
    with django_assert_num_queries(1):
        assert roster.totals(date(2026, 6, 1))[units[0].pk] == {"can_bo": more}
    assert User.objects.count() == more
