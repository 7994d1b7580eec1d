"""Acts of a day to come: drafted, planned, done on their day, refused aloud, withdrawn."""

from datetime import date, timedelta

import pytest

from ledger import clock, events
from ledger.workflow import StepRefused
from namkhong.celery import app
from tests.units.acts import Kind, existing, new, orders, unit_called
from units.models import Appointment, Reorganisation, Unit
from units.queries import in_force
from units.services import (
    carry_out_draft,
    draft_reorganisation,
    perform_due_reorganisations,
    plan_reorganisation,
    rehearse_reorganisation,
    withdraw_reorganisation,
)
from units.tasks import perform_due


@pytest.fixture
def tomorrow() -> date:
    return clock.today() + timedelta(days=1)


def merging(cast, on: date, name: str = "UBND phường Phú Xuân"):
    return orders(Kind.MERGER, cast.ward, cast.other_ward, heirs=[new(name)], on=on)


def test_a_planned_act_is_done_on_its_day_and_not_before(cast, on_day, tomorrow):
    act = plan_reorganisation(orders=merging(cast, tomorrow), by=cast.home_affairs)
    assert act.status == "planned" and perform_due_reorganisations() == 0
    assert cast.clerk.employments.count() == 1
    on_day(tomorrow)
    assert perform_due_reorganisations() == 1
    act.refresh_from_db()
    assert act.status == "done" and unit_called("UBND phường Phú Xuân").since == tomorrow
    assert perform_due_reorganisations() == 0


def test_a_day_missed_while_everything_was_off_is_made_up_for(cast, on_day, tomorrow):
    plan_reorganisation(orders=merging(cast, tomorrow), by=cast.home_affairs)
    on_day(tomorrow + timedelta(days=9))
    perform_due_reorganisations()
    assert unit_called("UBND phường Phú Xuân").since == tomorrow


def test_beat_asks_for_what_is_due_every_minute():
    entry = app.conf.beat_schedule["perform-due-reorganisations"]
    assert (entry["task"], entry["schedule"]) == (perform_due.name, 60.0)


def test_due_acts_run_in_the_order_of_their_days(cast, on_day, tomorrow):
    later = orders(Kind.MOVE, cast.school, parent=cast.other_ward, on=tomorrow + timedelta(days=1))
    plan_reorganisation(orders=later, by=cast.home_affairs)
    earlier = orders(Kind.RENAMING, cast.school, heirs=[new("Trường Lê Lợi")], on=tomorrow)
    plan_reorganisation(orders=earlier, by=cast.home_affairs)
    on_day(tomorrow + timedelta(days=2))
    assert perform_due_reorganisations() == 1
    refused = Reorganisation.objects.get(status="refused")
    assert refused.kind == "move" and "Trường Tiểu học Kim Long 1 đã kết thúc" in refused.refusal


def test_what_is_refused_on_its_day_is_kept_with_the_reason_and_the_others_go_on(cast, on_day, tomorrow):
    first = plan_reorganisation(orders=merging(cast, tomorrow), by=cast.home_affairs)
    second = plan_reorganisation(orders=merging(cast, tomorrow, "Không thành"), by=cast.home_affairs)
    third = orders(Kind.RENAMING, cast.other_agency, heirs=[new("Sở Y tế và Dân số")], on=tomorrow)
    plan_reorganisation(orders=third, by=cast.home_affairs)
    on_day(tomorrow)
    assert perform_due_reorganisations() == 2
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.status, second.status) == ("done", "refused")
    past = events.history("units.reorganisation", second.public_id)[-1]
    assert past.reason == second.refusal != "" and not Unit.objects.filter(name="Không thành").exists()


def test_who_lost_the_right_meanwhile_orders_nothing_any_more(cast, on_day, tomorrow):
    act = plan_reorganisation(orders=merging(cast, tomorrow), by=cast.home_affairs)
    Appointment.objects.filter(in_force(clock.today()), user=cast.home_affairs).update(until=clock.today())
    on_day(tomorrow)
    assert perform_due_reorganisations() == 0
    act.refresh_from_db()
    assert act.status == "refused" and "Hoàng Thị Ngọc Ánh không còn quyền" in act.refusal


def test_what_is_impossible_now_is_not_planned(cast, tomorrow):
    with pytest.raises(StepRefused, match="chưa có nơi chuyển đến"):
        plan_reorganisation(orders=orders(Kind.DISSOLUTION, cast.ward, on=tomorrow), by=cast.home_affairs)
    with pytest.raises(StepRefused, match="không phải một ngày sắp tới"):
        plan_reorganisation(orders=merging(cast, clock.today()), by=cast.home_affairs)
    assert not Reorganisation.objects.exists()


def test_a_planned_act_is_withdrawn_with_a_reason(cast, on_day, tomorrow):
    act = plan_reorganisation(orders=merging(cast, tomorrow), by=cast.home_affairs)
    with pytest.raises(StepRefused, match="Cần ghi lý do"):
        withdraw_reorganisation(act=act, reason="", by=cast.home_affairs)
    withdraw_reorganisation(act=act, reason="Nghị quyết chưa thông qua", by=cast.home_affairs)
    on_day(tomorrow)
    assert perform_due_reorganisations() == 0 and not Unit.objects.filter(until__isnull=False).exists()


def test_a_draft_does_nothing_until_what_it_shows_is_confirmed(cast):
    asked = merging(cast, clock.today())
    act = draft_reorganisation(orders=asked, by=cast.home_affairs)
    assert act.status == "draft" and act.subject.startswith("Sáp nhập UBND phường Kim Long")
    assert not Unit.objects.filter(until__isnull=False).exists()
    with pytest.raises(StepRefused, match="đã thay đổi sau khi xem trước"):
        carry_out_draft(act=act, expect_digest="of another report", by=cast.home_affairs)
    shown = rehearse_reorganisation(orders=asked, by=cast.home_affairs)
    done = carry_out_draft(act=act, expect_digest=shown.digest, by=cast.home_affairs)
    assert (done.pk, done.status) == (act.pk, "done")


def test_a_draft_of_a_day_to_come_is_planned_when_confirmed(cast, tomorrow):
    asked = merging(cast, tomorrow)
    act = draft_reorganisation(orders=asked, by=cast.home_affairs)
    shown = rehearse_reorganisation(orders=asked, by=cast.home_affairs)
    assert carry_out_draft(act=act, expect_digest=shown.digest, by=cast.home_affairs).status == "planned"


def test_an_act_refused_on_its_day_can_be_tried_again_by_another(cast, on_day, tomorrow):
    asked = orders(Kind.MERGER, cast.other_ward, heirs=[existing(cast.ward)], on=tomorrow)
    act = plan_reorganisation(orders=asked, by=cast.home_affairs)
    Appointment.objects.filter(in_force(clock.today()), user=cast.home_affairs).update(until=clock.today())
    on_day(tomorrow)
    perform_due_reorganisations()
    shown = rehearse_reorganisation(orders=asked, by=cast.home_affairs_head)
    act.refresh_from_db()
    done = carry_out_draft(act=act, expect_digest=shown.digest, by=cast.home_affairs_head)
    assert (done.status, done.refusal) == ("done", "")


def test_what_is_done_is_not_withdrawn(cast, tomorrow, on_day):
    act = plan_reorganisation(orders=merging(cast, tomorrow), by=cast.home_affairs)
    on_day(tomorrow)
    perform_due_reorganisations()
    with pytest.raises(StepRefused, match="Không thể “Rút lại”"):
        withdraw_reorganisation(act=act, reason="Nhầm", by=cast.home_affairs)
