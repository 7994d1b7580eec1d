"""Two acts at once, on PostgreSQL: one waits and is refused, never both; and what the database itself refuses."""

import time
from datetime import date, timedelta
from threading import Event

import pytest
from django.db import IntegrityError, transaction

from tests.cast import make_cast
from tests.factories import make_union, make_unit, make_user, place
from tests.together import at_once, somebody_waits
from tests.units.acts import DAY, Kind, merge, move, new, orders, rename
from units.models import (
    Absence,
    BaseUnion,
    Employment,
    Placement,
    Post,
    ProfessionalLine,
    Reorganisation,
    Succession,
    Unit,
    User,
)
from units.queries import in_force
from units.services import (
    appoint,
    correct_reorganisation,
    employ,
    end_employment,
    move_person,
    perform_due_reorganisations,
    plan_reorganisation,
)

TOGETHER = pytest.mark.django_db(transaction=True)


@pytest.mark.postgres
@TOGETHER
def test_two_acts_on_one_unit_at_once_are_one_act():
    cast = make_cast()
    results = at_once(
        lambda: merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân")),
        lambda: rename(cast.ward, "UBND phường Kim Long Thượng"),
    )
    assert sorted(result == "done" for result in results) == [False, True], results
    assert any("UBND phường Kim Long đã kết thúc" in result for result in results)
    assert Reorganisation.objects.count() == 1
    assert Employment.objects.filter(in_force(DAY)).count() == 13


@pytest.mark.postgres
@TOGETHER
def test_two_moves_at_once_close_no_circle():
    """Each is possible alone and they name four different units; together each ward would stand below the other."""
    cast = make_cast()
    below_the_other = make_unit("Trường Tiểu học A Lưới", kind=Unit.Kind.SCHOOL)
    place(below_the_other, cast.other_ward)
    results = at_once(
        lambda: move(cast.ward, to=below_the_other), lambda: move(cast.other_ward, to=cast.school)
    )
    assert sorted(result == "done" for result in results) == [False, True], results


@pytest.mark.postgres
@TOGETHER
def test_a_due_act_that_two_workers_find_is_done_once(monkeypatch):
    cast = make_cast()
    tomorrow = cast.home_affairs.today + timedelta(days=1)
    planned = orders(Kind.RENAMING, cast.ward, heirs=[new("UBND phường Kim Long Thượng")], on=tomorrow)
    plan_reorganisation(orders=planned, by=cast.home_affairs)
    monkeypatch.setenv("NAMKHONG_CLOCK_OFFSET", "86400")
    done: list[int] = []
    at_once(*[lambda: done.append(perform_due_reorganisations())] * 2)
    assert sum(done) == 1
    assert Succession.objects.count() == 1


@pytest.mark.postgres
@TOGETHER
def test_an_act_is_corrected_once_by_two_at_once():
    cast = make_cast()
    act = merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân"))
    results = at_once(
        *[lambda: correct_reorganisation(act=act, decision="Công văn", reason="Nhầm", by=None)] * 2
    )
    assert sorted(result == "done" for result in results) == [False, True], results
    assert Reorganisation.objects.filter(kind=Kind.CORRECTION).count() == 1


@pytest.mark.postgres
@TOGETHER
def test_who_is_employed_in_a_unit_at_the_moment_it_ends_is_told_that_it_has():
    """The act is done and not yet committed when the other begins, and commits once the other waits for it."""
    cast = make_cast()
    newcomer = make_user("Người mới")
    act_done, employed = Event(), Event()

    def end_the_unit():
        with transaction.atomic():
            rename(cast.ward, "UBND phường Kim Long Thượng")
            act_done.set()
            while not (employed.is_set() or somebody_waits()):
                time.sleep(0.01)

    def employ_there():
        act_done.wait(30)
        try:
            employ(user=newcomer, unit=cast.ward, category="cong_chuc", since=DAY, by=None)
        finally:
            employed.set()

    results = at_once(end_the_unit, employ_there)
    assert results[0] == "done" and "đã kết thúc hoạt động" in results[1], results
    assert not newcomer.employments.exists()


@pytest.mark.postgres
@TOGETHER
def test_a_person_moves_while_his_unit_ends():
    cast = make_cast()

    def move_away():
        person = User.objects.get(pk=cast.clerk.pk)
        move_person(user=person, unit=cast.other_agency, on=DAY, by=None)

    at_once(move_away, lambda: merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân")))
    assert Employment.objects.filter(in_force(DAY), user=cast.clerk).count() == 1
    assert not Employment.objects.filter(in_force(DAY), unit=cast.ward).exists()


@pytest.mark.postgres
@TOGETHER
def test_who_is_given_a_post_while_he_leaves_loses_it_with_his_work():
    """The leave is written down and not yet committed when the post is given, which waits for it."""
    cast = make_cast()
    leaves = date(2027, 1, 1)
    post = Post.objects.create(unit=cast.division, kind="clerk", title="Cán bộ đầu mối")
    left, given = Event(), Event()

    def leave():
        with transaction.atomic():
            end_employment(user=cast.official, on=leaves, ending="retired", by=None)
            left.set()
            while not (given.is_set() or somebody_waits()):
                time.sleep(0.01)

    def give():
        left.wait(30)
        try:
            appoint(post=post, user=cast.official, since=DAY, by=None)
        finally:
            given.set()

    assert at_once(leave, give) == ["done", "done"]
    assert cast.official.appointments.get().until == leaves


# --- What the database refuses by itself


def _placement(cast, since, until):
    Placement.objects.create(unit=cast.school, parent=cast.other_ward, since=since, until=until)


def _union(cast, since, until):
    make_union(cast.school, since=since, until=until)


def _line(cast, since, until):
    ProfessionalLine.objects.create(unit=cast.school, authority=cast.other_agency, since=since, until=until)


def _absence(cast, since, until):
    Absence.objects.create(user=cast.clerk, kind="long_leave", reason="Nghỉ", since=since, until=until)


OVERLAPS = {"placement": _placement, "union": _union, "professional line": _line, "absence": _absence}


@pytest.mark.postgres
@pytest.mark.parametrize("kind", OVERLAPS)
def test_postgresql_itself_refuses_two_periods_where_one_may_be(cast, kind):
    make = OVERLAPS[kind]
    if kind in ("professional line", "absence"):
        make(cast, date(2024, 1, 1), None)
    with pytest.raises(IntegrityError, match="no_overlap"), transaction.atomic():
        make(cast, date(2025, 1, 1), date(2025, 2, 1))
    make(cast, date(2025, 1, 1), date(2025, 1, 1))


IMPOSSIBLE = {
    "a_unit_lives_forwards": lambda cast: Unit.objects.filter(pk=cast.ward.pk).update(until=date(2020, 1, 1)),
    "no_unit_is_its_own_parent": lambda cast: Placement.objects.filter(unit=cast.ward).update(parent=cast.ward),
    "a_succession_is_told_once": lambda cast: [
        Succession.objects.create(kind="merger", predecessor=cast.ward, successor=cast.school, on=DAY)
        for _ in range(2)
    ],
    "only_a_dissolution_has_no_successor": lambda cast: Succession.objects.create(
        kind="merger", predecessor=cast.ward, on=DAY
    ),
    "a_successor_takes_some_part": lambda cast: Succession.objects.create(
        kind="split", predecessor=cast.ward, successor=cast.school, on=DAY, parts=0
    ),
    "a_reorganisation_that_was_done_says_when": lambda cast: Reorganisation.objects.create(
        kind="move", on=DAY, decision="12", status="done"
    ),
    "only_a_correction_corrects": lambda cast: Reorganisation.objects.create(
        kind="correction", on=DAY, decision="12"
    ),
    "a_unit_has_one_union": lambda cast: BaseUnion.objects.create(unit=cast.school, name="Hai", since=DAY),
}  # fmt: skip


@pytest.mark.parametrize("rule", IMPOSSIBLE)
def test_rows_that_cannot_be_true_are_refused_by_the_database(cast, rule):
    with pytest.raises(IntegrityError), transaction.atomic():
        IMPOSSIBLE[rule](cast)
