"""Who acts by order or by authority of a head ceases when an act leaves him below another."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ledger import clock, events
from ledger.workflow import StepRefused
from tests.factories import appoint, make_unit, person, place
from tests.units.acts import (
    DAY,
    Kind,
    dissolve,
    existing,
    merge,
    move,
    new,
    orders,
    rename,
    split,
    unit_called,
)
from tests.units.organisation import snapshot
from units.models import Appointment, Unit, User
from units.queries import in_force
from units.services import correct_reorganisation, move_person, rehearse_reorganisation, substitute

SINCE = date(2026, 5, 1)


def again(user: User) -> User:
    return User.objects.get(pk=user.pk)


def acts_for(user: User, head: User, manner: str = "by_order", since: date = SINCE, **more) -> Appointment:
    given_by = head.appointments.get(in_force(since), post__kind="head")
    return substitute(given_by=given_by, user=user, manner=manner, since=since, by=again(head), **more)


def ceases(row: Appointment) -> date | None:
    return Appointment.objects.get(pk=row.pk).until


@pytest.fixture
def by_order(cast) -> Appointment:
    """An official of the division below the ward acts by order of its chairman."""
    return acts_for(cast.official, cast.head)


ACTS = {
    "the division moves": lambda cast: move(cast.division, to=cast.other_ward),
    "the division is dissolved": lambda cast: dissolve(cast.division, existing(cast.other_ward)),
    "the division merges": lambda cast: merge(cast.division, into=existing(cast.other_ward)),
    "the division goes to a part of the ward": lambda cast: split(
        cast.ward, new("Phường A"), continues=True, children={cast.division.public_id: 0}
    ),
}


@pytest.mark.parametrize("kind", ACTS)
def test_who_comes_below_another_ceases_that_day(cast, by_order, kind):
    assert again(cast.official).has_perm("pledges.sign_collective", cast.ward)
    ACTS[kind](cast)
    assert ceases(by_order) == DAY
    assert not again(cast.official).has_perm("pledges.sign_collective", cast.ward)


@pytest.mark.parametrize("kind", ACTS)
def test_a_correction_lets_him_go_on(cast, by_order, kind):
    before = snapshot()
    act = ACTS[kind](cast)
    correct_reorganisation(act=act, decision="Công văn số 9", reason="Nhầm", by=cast.home_affairs)
    assert snapshot() == before


def test_who_acts_by_authority_ceases_too(cast):
    row = acts_for(
        cast.official, cast.head, "by_authority",
        document="QĐ 5", covers="Ký bản cam kết", until=date(2027, 1, 1),
    )  # fmt: skip
    move(cast.division, to=cast.other_ward)
    assert ceases(row) == DAY


def test_who_goes_to_another_part_of_a_split_ceases(cast):
    row = acts_for(cast.clerk, cast.head)
    split(cast.ward, new("Phường A"), continues=True, people={cast.clerk.public_id: 0})
    assert ceases(row) == DAY


def test_who_works_two_floors_below_the_unit_that_moves_ceases(cast):
    group = make_unit("Tổ Văn thư", kind=Unit.Kind.DIVISION)
    place(group, cast.division, own=False)
    row = acts_for(person("Hồ Thị Sâu", group), cast.head)
    move(cast.division, to=cast.other_ward)
    assert ceases(row) == DAY


def test_what_was_to_begin_later_never_begins(cast):
    row = acts_for(cast.official, cast.head, since=DAY + timedelta(days=9))
    move(cast.division, to=cast.other_ward)
    assert ceases(row) == row.since


def test_who_came_there_after_the_day_of_a_late_act_ceases_on_the_day_he_came(cast):
    """Until then he worked in the school, which stays below the head who gave it."""
    came = DAY + timedelta(days=30)
    row = acts_for(cast.school_official, cast.head)
    move_person(user=cast.school_official, unit=cast.division, on=came, by=None)
    assert ceases(row) is None
    move(cast.division, to=cast.other_ward)
    assert ceases(row) == came


def test_what_is_given_from_before_an_act_ends_with_it(cast):
    move(cast.division, to=cast.other_ward)
    assert acts_for(cast.official, cast.head).until == DAY
    assert not again(cast.official).has_perm("pledges.sign_collective", cast.ward)
    with pytest.raises(StepRefused, match="và đơn vị trực thuộc đến trước ngày 01/07/2026"):
        acts_for(person("Lê Thị Hạnh", cast.division), cast.head, until=date(2027, 1, 1))


def test_who_stays_below_the_same_head_goes_on(cast, by_order):
    move(cast.school, to=cast.other_ward)
    rename(cast.division, "Phòng Văn hóa")
    merge(unit_called("Phòng Văn hóa"), into=existing(cast.ward), on=DAY + timedelta(days=9))
    assert ceases(by_order) is None


def test_who_acts_for_a_head_that_is_renamed_goes_on(cast, by_order):
    rename(cast.ward, "UBND phường Hương Uyển")
    official = again(cast.official)
    assert official.has_perm("pledges.sign_collective", unit_called("UBND phường Hương Uyển"))


def test_a_deputy_signs_for_his_head_wherever_he_works(cast):
    appoint(cast.official, cast.ward, "deputy", "Phó Chủ tịch UBND phường")
    row = acts_for(cast.official, cast.head, "deputises")
    move(cast.division, to=cast.other_ward)
    assert ceases(row) is None


def test_the_rehearsal_says_who_ceases(cast, by_order):
    asked = orders(Kind.MOVE, cast.division, parent=cast.other_ward)
    shown = rehearse_reorganisation(orders=asked, by=cast.home_affairs)
    assert any(sentence.startswith("Kăn Lịch thôi ký thừa lệnh") for sentence in shown.warnings)
    assert ceases(by_order) is None


def test_a_correction_ends_what_was_given_since_by_the_head_above_for_a_time(cast):
    act = move(cast.division, to=cast.other_ward)
    row = acts_for(cast.official, cast.other_head, since=DAY + timedelta(days=9))
    correct_reorganisation(act=act, decision="Công văn số 9", reason="Nhầm", by=cast.home_affairs)
    assert ceases(row) == row.since
    told = events.history("units.post", row.post.public_id)[-1]
    assert (told.kind, told.by) == ("units.end_appointment", cast.home_affairs.full_name)


def test_a_correction_gives_nothing_back_beyond_the_day_on_which_he_moved_away_himself(cast, by_order):
    act = move(cast.division, to=cast.other_ward)
    left = DAY + timedelta(days=3)
    move_person(user=cast.official, unit=cast.other_agency, on=left, by=None)
    correct_reorganisation(act=act, decision="Công văn số 9", reason="Nhầm", by=cast.home_affairs)
    assert ceases(by_order) == left


def test_an_act_that_passes_a_post_on_and_ends_it_is_taken_back(cast):
    """The heir of the ward opens it anew, until the day on which the division goes to another ward."""
    goes = DAY + timedelta(days=9)
    move(cast.division, to=cast.other_ward, on=goes)
    giver = cast.head.appointments.get()
    old = Appointment.objects.create(
        post=giver.post, user=cast.official, manner="by_order", given_by=giver, since=SINCE
    )
    act = rename(cast.ward, "UBND phường Hương Uyển")
    row = Appointment.objects.get(post__unit=unit_called("UBND phường Hương Uyển"), user=cast.official)
    assert (row.since, row.until) == (DAY, goes)
    correct_reorganisation(act=act, decision="Công văn số 9", reason="Nhầm", by=cast.home_affairs)
    assert (ceases(row), ceases(old)) == (DAY, goes)


@pytest.mark.parametrize("people", [1, 3])
def test_one_and_three_take_the_same_queries(cast, people):
    for number in range(people):
        acts_for(person(f"Lê Thị {number}", cast.division), cast.head)
    with CaptureQueriesContext(connection) as asked:
        move(cast.division, to=cast.other_ward, on=clock.today())
    said = [query["sql"] for query in asked.captured_queries if '"units_appointment"' in query["sql"]]
    assert sum(sql.startswith(("SELECT", "UPDATE")) for sql in said) == 4
