"""What a reorganisation does to pledges: who is right from its day confirms what is open; what was signed stays."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ledger import clock, events
from ledger.workflow import StepRefused
from pledges import services
from pledges.models import Pledge
from pledges.standing import places
from tests.factories import appoint, make_unit, person, place
from tests.pledges.acts import afresh, confirm, send_back, sign, sign_for_unit
from tests.units.acts import Kind, existing, merge, move, new, orders, rename, split, unit_called
from units import roster
from units.models import Appointment, Unit, User
from units.services import correct_reorganisation, move_person, rehearse_reorganisation


@pytest.fixture
def today():
    return clock.today()


def again(pledge: Pledge) -> Pledge:
    return Pledge.objects.get(pk=pledge.pk)


def of_line(lines, label: str):
    return next(line for line in lines if line.label == label)


def correct(act, by):
    return correct_reorganisation(act=act, decision="Công văn số 1", reason="Nhập nhầm", by=by)


# --- Who confirms


def test_a_merger_hands_open_pledges_to_the_head_of_the_new_unit(cast, campaign, today):
    pledge = sign(cast.official, campaign)
    signed = (pledge.content, pledge.sha256, pledge.unit, pledge.post_title, pledge.signed_at)
    merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân"), on=today, by=cast.home_affairs)
    moved = again(pledge)
    heir = unit_called("UBND phường Phú Xuân")
    assert moved.signing_unit == heir
    assert (moved.content, moved.sha256, moved.unit, moved.post_title, moved.signed_at) == signed
    new_head = person("Lê Mới", heir)
    appoint(new_head, heir, "head", heir.posts.get(kind="head").title)
    assert confirm(moved, new_head).status == Pledge.Status.COMPLETE


def test_the_move_is_told_in_the_history_of_the_pledge(cast, campaign, today):
    pledge = sign(cast.official, campaign)
    merge(cast.ward, cast.other_ward, into=existing(cast.other_ward), on=today, by=cast.home_affairs)
    last = events.history("pledges.pledge", pledge.public_id)[-1]
    assert (last.kind, last.by) == ("pledges.pledge.move", cast.home_affairs.full_name)
    assert (last.data["from"], last.data["to"]) == (cast.ward.public_id, cast.other_ward.public_id)


def test_a_complete_pledge_stays_where_it_was_confirmed(cast, complete, today):
    act = merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân"), on=today)
    assert again(complete).signing_unit == cast.ward
    assert of_line_stored(act, "Bản cam kết đã đủ xác nhận")["stays"] == 1


def of_line_stored(act, label: str) -> dict:
    return next(line for line in act.report if line["label"] == label)


def test_a_returned_pledge_passes_too_and_can_be_signed_again(cast, campaign, today):
    pledge = send_back(sign(cast.official, campaign), cast.head)
    rename(cast.ward, "UBND phường Hương Uyển", on=today)
    heir = unit_called("UBND phường Hương Uyển")
    assert again(pledge).signing_unit == heir
    assert sign(cast.official, campaign).signing_unit == heir


def test_a_head_below_pledges_to_whoever_stands_above_him_from_that_day(cast, campaign, today):
    of_head, of_teacher = sign(cast.school_head, campaign), sign(cast.school_official, campaign)
    assert of_head.signing_unit == cast.ward
    move(cast.school, to=cast.other_ward, on=today)
    assert again(of_head).signing_unit == cast.other_ward
    assert again(of_teacher).signing_unit == cast.school, "the headmaster is still the right one"


def test_who_goes_to_another_heir_of_a_split_is_confirmed_there(cast, campaign, today):
    stays, goes = sign(cast.clerk, campaign), sign(cast.official, campaign)
    split(
        cast.ward, new("UBND phường Kim Long 2"), on=today, continues=True, rest_parts=1,
        people={cast.clerk.public_id: 0}, children={},
    )  # fmt: skip
    assert again(stays).signing_unit == unit_called("UBND phường Kim Long 2")
    assert again(goes).signing_unit == cast.ward


def test_a_pledge_that_waits_for_a_union_is_released_where_the_heir_has_none(cast, half_confirmed, today):
    merge(cast.school, cast.other_agency, into=existing(cast.other_agency), on=today, by=cast.home_affairs)
    moved = again(half_confirmed)
    assert (moved.signing_unit, moved.status) == (cast.other_agency, Pledge.Status.AWAITING_UNION)
    head = person("Lê Thị Sở", cast.other_agency, post=("head", "Giám đốc"))
    assert moved in Pledge.objects.waiting_for(afresh(head))
    services.complete_without_union(pledge=moved, by=afresh(head))
    assert again(moved).status == Pledge.Status.COMPLETE


def test_pledges_of_other_units_are_not_touched(cast, campaign, signed, today):
    version = again(signed).version
    merge(cast.other_ward, cast.other_agency, into=existing(cast.other_agency), on=today)
    assert (again(signed).signing_unit, again(signed).version) == (cast.school, version)


def test_for_many_at_once_the_rule_is_that_for_one(cast, today):
    deputy = person("Phạm Phó", cast.ward, post=("deputy", "Phó Chủ tịch UBND phường"))
    by_order = appoint(deputy, cast.ward, "head", "Chủ tịch UBND phường")
    Appointment.objects.filter(pk=by_order.pk).update(manner="by_order")
    second = make_unit("Trường Mầm non Kim Long", kind=Unit.Kind.SCHOOL)
    place(second, cast.ward, own_papers=True, own=False)
    appoint(cast.school_head, second, "head", "Hiệu trưởng")
    found = places(User.objects.values("pk"), today)
    for user in User.objects.all():
        one = roster.signing_unit(user, today)
        assert found[user.pk].signing_unit_id == (one.pk if one else None), user
    assert found[deputy.pk].signing_unit_id == cast.ward.pk, "who signs by order is no head"


# --- Before and after


def test_the_rehearsal_says_what_would_move_and_moves_nothing(cast, campaign, complete, today):
    pledge = sign(cast.clerk, campaign)
    shown = rehearse_reorganisation(
        orders=orders(Kind.MERGER, cast.ward, cast.other_ward, heirs=[existing(cast.other_ward)], on=today),
        by=cast.home_affairs,
    )
    line = of_line(shown.lines, "Bản cam kết chưa đủ xác nhận")
    assert (line.moved, line.stays, line.warnings) == (1, 0, ())
    assert again(pledge).signing_unit == cast.ward


def test_a_correction_brings_everything_back(cast, campaign, today):
    pledge = sign(cast.official, campaign)
    before = Pledge.objects.filter(pk=pledge.pk).values().get()
    act = rename(cast.ward, "UBND phường Hương Uyển", on=today)
    correct(act, cast.home_affairs)
    assert Pledge.objects.filter(pk=pledge.pk).values().get() == before
    kinds = [act.kind for act in events.history("pledges.pledge", pledge.public_id)]
    assert kinds == ["pledges.pledge.sign", "pledges.pledge.move", "pledges.pledge.move_back"]


def test_a_correction_is_refused_once_the_heir_has_confirmed(cast, campaign, today):
    pledge = sign(cast.official, campaign)
    act = rename(cast.ward, "UBND phường Hương Uyển", on=today)
    confirm(again(pledge), cast.head)
    with pytest.raises(StepRefused, match="1 bản cam kết chuyển theo việc sắp xếp này đã được xác nhận"):
        correct(act, cast.home_affairs)
    assert again(pledge).signing_unit.name == "UBND phường Hương Uyển"


@pytest.mark.parametrize("people", [1, 3])
def test_moving_takes_the_same_queries_for_one_pledge_and_for_three(cast, campaign, today, people):
    for number in range(people):
        sign(person(f"Lê Thị {number}", cast.division), campaign)
    with CaptureQueriesContext(connection) as asked:
        rename(cast.ward, "UBND phường Hương Uyển", on=today)
    said = [query["sql"] for query in asked.captured_queries if '"pledges_pledge"' in query["sql"]]
    assert sum('"pledges_selfreview"' not in sql for sql in said) == 8


# --- An act entered late


def test_who_moved_away_since_is_confirmed_where_he_works_now(cast, campaign, today):
    move_person(user=cast.official, unit=cast.other_ward, on=today - timedelta(days=20), by=None)
    pledge = sign(afresh(cast.official), campaign)
    assert pledge.signing_unit == cast.other_ward
    merge(
        cast.ward, cast.division, into=new("UBND phường Phú Xuân"), on=today - timedelta(days=60),
        by=cast.home_affairs,
    )  # fmt: skip
    assert again(pledge).signing_unit == cast.other_ward


def test_who_worked_that_day_below_a_unit_that_moved_is_confirmed_where_he_works_now(cast, campaign, today):
    move_person(user=cast.official, unit=cast.other_ward, on=today - timedelta(days=20), by=None)
    pledge = sign(afresh(cast.official), campaign)
    move(cast.division, to=cast.other_agency, on=today - timedelta(days=60))
    assert again(pledge).signing_unit == cast.other_ward


def test_who_came_since_to_a_unit_that_moved_is_confirmed_above_it(cast, campaign, today):
    move_person(user=cast.stranger, unit=cast.division, on=today - timedelta(days=20), by=None)
    pledge = sign(afresh(cast.stranger), campaign)
    assert pledge.signing_unit == cast.ward
    move(cast.division, to=cast.other_agency, on=today - timedelta(days=60))
    assert again(pledge).signing_unit == cast.other_agency


def test_a_unit_that_moved_on_since_pledges_to_whoever_stands_above_it_now(cast, campaign, today):
    move(cast.school, to=cast.other_ward, on=today - timedelta(days=20))
    pledge = sign_for_unit(cast.school_head, cast.school, campaign)
    assert pledge.signing_unit == cast.other_ward
    move(cast.school, to=cast.other_agency, on=today - timedelta(days=60))
    assert again(pledge).signing_unit == cast.other_ward


def test_the_rehearsal_of_a_day_to_come_looks_at_that_day(cast, campaign, today):
    sign(cast.official, campaign)
    shown = rehearse_reorganisation(
        orders=orders(Kind.MOVE, cast.division, parent=cast.other_ward, on=today + timedelta(days=30)),
        by=cast.home_affairs,
    )
    assert of_line(shown.lines, "Bản cam kết chưa đủ xác nhận").moved == 1
