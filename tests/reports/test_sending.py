from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError

from ledger import clock
from ledger.models import Event
from ledger.workflow import StepRefused
from notices.models import Notice
from reports import outline, services, sheet, versions
from reports.deadlines import days_late
from reports.models import UnitReport
from tests.reports.stories import accept, give_back, send, write


def told(user) -> list[str]:
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("text", flat=True))


def test_what_is_sent_is_sealed_under_its_hash(report, cast):
    write(report, cast.clerk, {"meetings": 5}, {"I.1": "Lời."})
    row = send(report, cast)
    sent = row.last_sent()
    assert sent.sealed_at == row.sent_at == row.first_sent_at
    assert sent.sha256 == versions.sha256(sent)
    event = Event.objects.get(kind="reports.unitreport.submit")
    assert event.data["sha256"] == sent.sha256


def test_contradicting_figures_are_saved_but_not_sent(report, cast):
    write(report, cast.clerk, {("pledged", "vien_chuc"): 52, "satisfied": 9, "ballots_returned": 8})
    with pytest.raises(ValidationError) as refused:
        send(report, cast)
    assert len(refused.value.messages) == 2
    report.refresh_from_db()
    assert (report.status, report.sent_at, report.last_sent()) == ("draft", None, None)
    assert not Event.objects.filter(kind="reports.unitreport.submit").exists()


def test_a_second_send_changes_nothing_and_says_who_sent(report, cast):
    send(report, cast)
    with pytest.raises(StepRefused, match="Tôn Thất Đức đã gửi lúc"):
        send(report, cast)
    assert Event.objects.filter(kind="reports.unitreport.submit").count() == 1


def test_what_changed_since_it_was_shown_is_not_sent(report, cast):
    shown = report.version
    write(report, cast.clerk, {"meetings": 5})
    with pytest.raises(StepRefused):
        services.submit_report(report=report, by=cast.head, expect_version=shown)


def test_a_returned_report_opens_with_its_own_figures_and_words(report, cast):
    write(report, cast.clerk, {("headcount", "can_bo"): 2, "meetings": 5}, {"I.1": "Lời."})
    row = give_back(send(report, cast), cast, reason="Sai ô I.1.")
    first, second = row.versions.order_by("number")
    assert first.sealed_at and not second.sealed_at
    assert sheet.values_of(sheet.figures_of(first)) == sheet.values_of(sheet.figures_of(second))
    assert outline.texts_of(second)["I.1"] == "Lời."
    write(row, cast.clerk, {"meetings": 6}, {"I.1": "Lời khác."})
    again = send(row, cast)
    assert again.last_sent().number == 2
    assert again.first_sent_at == first.sealed_at < again.sent_at
    assert outline.texts_of(first)["I.1"] == "Lời."


def test_a_return_needs_a_reason(report, cast):
    send(report, cast)
    with pytest.raises(StepRefused, match="Cần ghi lý do"):
        give_back(report, cast, reason="  ")


@pytest.mark.parametrize("act", ["accept", "return"])
def test_a_decision_on_a_version_that_was_not_read_is_refused(act, report, cast):
    read = send(report, cast).last_sent().sha256
    services.recall(report=report, by=cast.head)
    write(report, cast.clerk, {"meetings": 9})
    send(report, cast)
    with pytest.raises(StepRefused, match="gửi lại báo cáo với nội dung khác"):
        if act == "accept":
            services.accept_report(report=report, by=cast.home_affairs, seen_sha256=read)
        else:
            services.return_report(report=report, by=cast.home_affairs, reason="Sai.", seen_sha256=read)
    report.refresh_from_db()
    assert report.status == "submitted"


def test_a_first_sending_taken_back_is_not_in_time_any_more(report, opened, cast):
    send(report, cast)
    recalled = services.recall(report=report, by=cast.head)
    assert (recalled.sent_at, recalled.first_sent_at) == (None, None)
    with time_machine.travel(clock.now() + timedelta(days=13), tick=False):
        late = send(recalled, cast)
    assert days_late(opened, late.first_sent_at) == 3


def test_a_report_returned_and_sent_again_late_was_in_time(report, opened, cast):
    row = give_back(send(report, cast), cast)
    with time_machine.travel(clock.now() + timedelta(days=13), tick=False):
        again = send(row, cast)
        recalled = services.recall(report=again, by=cast.head)
    assert days_late(opened, again.first_sent_at) == 0
    assert recalled.first_sent_at == again.first_sent_at


def test_each_is_told_what_concerns_him_once(report, cast):
    services.present(report=report, by=cast.clerk)
    send(report, cast)
    give_back(report, cast, reason="Ô I.2 trống.")
    accept(send(UnitReport.objects.get(pk=report.pk), cast), cast)
    assert [text.partition("Kim Long ")[2] for text in told(cast.head)] == [
        "chờ ông/bà xem và gửi.",
        "bị trả lại. Lý do: Ô I.2 trống.",
        "đã được tiếp nhận.",
    ]
    assert [text.partition("Kim Long ")[2] for text in told(cast.clerk)] == [
        "bị trả lại. Lý do: Ô I.2 trống.",
        "đã được tiếp nhận.",
    ]
    assert len(told(cast.home_affairs)) == 2
    assert told(cast.stranger) == told(cast.other_head) == []
