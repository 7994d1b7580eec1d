"""The whole story in the browser, without JavaScript: pledge, plan, report, review, roll-up, paper."""

import time

import pytest
from django.urls import reverse

from documents.models import Paper
from ledger import jobs, seal
from ledger.models import Event
from pledges.models import Pledge
from reports.models import ReportingRound, Rollup, UnitReport
from tests.flows.visitor import Visitor

pytestmark = pytest.mark.usefixtures("in_autumn_2026")


@pytest.fixture
def visitor(client_of):
    return lambda user: Visitor(client_of(user))


def at(visitor, user, route: str, thing) -> Visitor:
    """The person on the page of one act on one object."""
    return visitor(user).open(reverse(route, args=[thing.public_id]))


def test_an_official_pledges_the_head_and_the_union_confirm(cast, campaign, visitor):
    official = visitor(cast.school_official).open(reverse("home")).open(reverse("pledges:pledge_sign"))
    assert official.sees("Không cửa quyền, hách dịch, gây khó khăn, phiền hà")
    official.press("Ký cam kết", own_words="Nhận xét học sinh công bằng.")
    pledge = Pledge.objects.get()
    assert official.url == pledge.get_absolute_url()
    assert pledge.status == "awaiting_head"

    at(visitor, cast.school_head, "pledges:pledge_countersign", pledge).press("Xác nhận")
    pledge.refresh_from_db()
    assert pledge.status == "awaiting_union", "the school has a base union today"

    at(visitor, cast.union_chair, "pledges:pledge_countersign_union", pledge).press("xác nhận")
    pledge.refresh_from_db()
    assert pledge.status == "complete"
    assert {signature.party for signature in pledge.signatures.all()} == {"official", "head", "union"}


def test_where_there_is_no_union_two_parties_are_enough(cast, campaign, visitor):
    visitor(cast.official).open(reverse("pledges:pledge_sign")).press("Ký cam kết")
    pledge = Pledge.objects.get()
    at(visitor, cast.head, "pledges:pledge_countersign", pledge).press("Xác nhận")
    pledge.refresh_from_db()
    assert pledge.status == "complete"


@pytest.fixture
def open_round(cast, campaign, visitor):
    visitor(cast.home_affairs).open(reverse("reports:round_create")).press("Mở kỳ báo cáo")
    return ReportingRound.objects.get()


def send_report(visitor, cast, open_round) -> UnitReport:
    """The clerk fills it in and presents it, the head sends it."""
    clerk = visitor(cast.clerk).open(reverse("reports:unitreport_begin", args=[open_round.public_id]))
    clerk.press("Lập báo cáo")
    report = UnitReport.objects.get()
    clerk.open(reverse("reports:unitreport_edit", args=[report.public_id])).press("Lưu và xem lại")
    clerk.open(reverse("reports:unitreport_present", args=[report.public_id])).press("Trình")
    at(visitor, cast.head, "reports:unitreport_submit", report).press("Gửi")
    report.refresh_from_db()
    return report


def test_a_report_goes_from_the_clerk_through_the_head_to_home_affairs_and_back(cast, open_round, visitor):
    report = send_report(visitor, cast, open_round)
    assert report.status == "submitted"
    home_affairs = visitor(cast.home_affairs).open(
        reverse("reports:unitreport_return", args=[report.public_id])
    )
    home_affairs.press("Trả lại", reason="Số người ở mục I chưa khớp danh sách.")
    report.refresh_from_db()
    assert report.status == "returned"
    clerk = visitor(cast.clerk).open(reverse("home"))
    assert clerk.sees("trả lại")
    clerk.open(report.get_absolute_url())
    assert clerk.sees("Số người ở mục I chưa khớp danh sách.")
    at(visitor, cast.head, "reports:unitreport_submit", report).press("Gửi")
    at(visitor, cast.home_affairs, "reports:unitreport_accept", report).press("Tiếp nhận")
    report.refresh_from_db()
    assert report.status == "accepted"
    assert report.versions.exclude(sealed_at=None).count() == 2, (
        "both versions that were sent stand as they were"
    )


# The roll-up reads from a snapshot of its own, which PostgreSQL gives to no transaction already begun.
@pytest.mark.django_db(transaction=True)
def test_home_affairs_compiles_and_opens_the_paper(cast, open_round, visitor):
    report = send_report(visitor, cast, open_round)
    home_affairs = visitor(cast.home_affairs)
    home_affairs.open(reverse("reports:unitreport_accept", args=[report.public_id])).press("Tiếp nhận")
    home_affairs.open(reverse("reports:rollup_compile", args=[open_round.public_id])).press("Tổng hợp")
    rollup = Rollup.objects.get()
    assert home_affairs.url == rollup.get_absolute_url()
    jobs.run("reports.rollup", rollup.pk)
    home_affairs.open(rollup.get_absolute_url())
    paper = home_affairs.open(reverse("reports:rollup_paper", args=[rollup.public_id])).response
    assert paper["Content-Type"] == "application/pdf"
    assert Paper.objects.filter(object_id=rollup.public_id).count() == 1


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_a_real_worker_compiles_what_was_pressed(cast, open_round, visitor, celery_worker_process):
    home_affairs = visitor(cast.home_affairs)
    home_affairs.open(reverse("reports:rollup_compile", args=[open_round.public_id])).press("Tổng hợp")
    rollup = Rollup.objects.get()
    deadline = time.monotonic() + 60
    while not rollup.is_over and time.monotonic() < deadline:
        time.sleep(0.3)
        rollup.refresh_from_db()
    assert rollup.status == "done", rollup.error
    assert seal.seal_pending() or Event.objects.exists()


def test_every_act_of_the_story_stands_in_a_log_that_verifies(cast, open_round, visitor):
    send_report(visitor, cast, open_round)
    visitor(cast.official).open(reverse("pledges:pledge_sign")).press("Ký cam kết")
    seal.seal_pending()
    kinds = set(Event.objects.values_list("kind", flat=True))
    assert {"reports.unitreport.submit", "reports.unitreport.present"} <= kinds
    assert list(seal.problems()) == []
