"""The whole product of steps and states, through the services."""

import pytest

from ledger.models import Event
from ledger.workflow import StepRefused
from reports import services
from reports.models import UnitReport
from reports.workflow import REPORTS
from tests.reports.stories import bring_to, write

Status = UnitReport.Status
LEADS_TO = {
    ("present", Status.DRAFT): Status.PRESENTED,
    ("present", Status.RETURNED): Status.PRESENTED,
    ("withdraw", Status.PRESENTED): Status.DRAFT,
    ("submit", Status.DRAFT): Status.SUBMITTED,
    ("submit", Status.PRESENTED): Status.SUBMITTED,
    ("submit", Status.RETURNED): Status.SUBMITTED,
    ("recall", Status.SUBMITTED): Status.DRAFT,
    ("return", Status.SUBMITTED): Status.RETURNED,
    ("accept", Status.SUBMITTED): Status.ACCEPTED,
}


def act(step: str, report: UnitReport, cast) -> None:
    sent = report.last_sent()
    seen = sent.sha256 if sent else "0" * 64
    acts = {
        "present": lambda: services.present(report=report, by=cast.clerk),
        "withdraw": lambda: services.withdraw(report=report, by=cast.clerk),
        "submit": lambda: services.submit_report(report=report, by=cast.head),
        "recall": lambda: services.recall(report=report, by=cast.head),
        "return": lambda: services.return_report(
            report=report, by=cast.home_affairs, reason="Thiếu số liệu.", seen_sha256=seen
        ),
        "accept": lambda: services.accept_report(report=report, by=cast.home_affairs, seen_sha256=seen),
    }
    acts[step]()


@pytest.mark.parametrize("status", Status.values)
@pytest.mark.parametrize("step", [step.name for step in REPORTS.steps])
def test_every_step_from_every_state(step, status, report, cast):
    row = bring_to(report, status, cast)
    before = Event.objects.count()
    target = LEADS_TO.get((step, status))
    if target:
        act(step, row, cast)
        assert Event.objects.filter(kind=f"reports.unitreport.{step}", object_id=row.public_id).exists()
    else:
        with pytest.raises(StepRefused):
            act(step, row, cast)
        assert Event.objects.count() == before
    row.refresh_from_db()
    assert row.status == (target or status)
    assert row.versions.filter(sealed_at__isnull=True).count() == (
        row.status not in {"submitted", "accepted"}
    )


@pytest.mark.parametrize("status", Status.values)
def test_a_report_is_written_only_while_it_is_a_draft_or_returned(status, report, cast):
    row = bring_to(report, status, cast)
    if status in {Status.DRAFT, Status.RETURNED}:
        write(row, cast.clerk, {"meetings": 3})
    else:
        with pytest.raises(StepRefused, match=r"^Không thể “Lưu báo cáo”: .+ lúc \d\d:\d\d ngày"):
            write(row, cast.clerk, {"meetings": 3})
