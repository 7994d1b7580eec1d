"""A report on its way: presented to the head, sent, taken back, returned, accepted."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from ledger import clock
from ledger.workflow import SeenOld, StepRefused
from reports import figures, sheet, versions
from reports.models import ReportVersion, UnitReport
from reports.rules import holders, reviewers
from reports.services.acts import WRITERS, post_for, tell_about
from reports.workflow import REPORTS
from units.models import Post, User
from vietnamese.letters import nfc_lines


@transaction.atomic
def present(*, report: UnitReport, by: User, expect_version: int | None = None) -> UnitReport:
    """The clerk lays the report before the head; nobody writes in it until it is withdrawn or returned."""
    row = _take(report, "present", by=by, expect_version=expect_version)
    heads = holders(clock.today(), Post.Kind.HEAD, unit_ids=[row.unit_id])
    tell_about(row, "present", heads.exclude(pk=by.pk), "chờ ông/bà xem và gửi.")
    return row


@transaction.atomic
def withdraw(*, report: UnitReport, by: User, expect_version: int | None = None) -> UnitReport:
    row = _take(report, "withdraw", by=by, expect_version=expect_version)
    tell_about(row, "withdraw", _writers(row).exclude(pk=by.pk), "được rút về để sửa.")
    return row


@transaction.atomic
def submit_report(*, report: UnitReport, by: User, expect_version: int | None = None) -> UnitReport:
    """Seal the open version and send it. Raises ValidationError with one sentence for each contradiction of figures."""
    locked = UnitReport.objects.select_for_update(no_key=True).get(pk=report.pk)
    version, at = locked.current(), clock.now()
    sha256 = versions.sha256(version)
    row = _take(
        locked,
        "submit",
        by=by,
        expect_version=expect_version,
        stamps={"sent_at": at, "first_sent_at": locked.first_sent_at or at},
        data={"number": version.number, "sha256": sha256},
    )
    contradictions = figures.faults(sheet.figures_of(version))
    if contradictions:
        raise ValidationError([fault.sentence for fault in contradictions])
    ReportVersion.objects.filter(pk=version.pk, sealed_at__isnull=True).update(sealed_at=at, sha256=sha256)
    _tell_reviewers(row, "submit", by, "đã gửi, chờ tiếp nhận.")
    return row


@transaction.atomic
def recall(*, report: UnitReport, by: User, expect_version: int | None = None) -> UnitReport:
    """Take back what was sent and not yet accepted. A first sending that is taken back does not count as on time."""
    locked = UnitReport.objects.select_for_update(no_key=True).get(pk=report.pk)
    first = locked.first_sent_at if locked.first_sent_at != locked.sent_at else None
    stamps = {"sent_at": None, "first_sent_at": first}
    row = _take(locked, "recall", by=by, expect_version=expect_version, stamps=stamps)
    versions.open_next(row)
    _tell_reviewers(row, "recall", by, "được đơn vị thu hồi để sửa.")
    return row


@transaction.atomic
def return_report(*, report: UnitReport, by: User, reason: str, seen_sha256: str) -> UnitReport:
    """Send the report back with a reason. `seen_sha256` names the version the reviewer read (rule R23)."""
    sent = _seen(report, "return", seen_sha256)
    reason = nfc_lines(reason)
    row = _take(report, "return", by=by, reason=reason, data={"number": sent.number, "sha256": sent.sha256})
    versions.open_next(row)
    tell_about(row, "return", _writers(row), f"bị trả lại. Lý do: {reason}")
    return row


@transaction.atomic
def accept_report(*, report: UnitReport, by: User, seen_sha256: str) -> UnitReport:
    """Take the report in as it was sent. `seen_sha256` names the version the reviewer read (rule R23)."""
    sent = _seen(report, "accept", seen_sha256)
    row = _take(
        report,
        "accept",
        by=by,
        data={"number": sent.number, "sha256": sent.sha256},
        stamps={"accepted_at": clock.now()},
    )
    tell_about(row, "accept", _writers(row), "đã được tiếp nhận.")
    return row


def _seen(report: UnitReport, step: str, seen_sha256: str) -> ReportVersion:
    """The version last sent, if it is the one the reviewer saw and the step is still open."""
    locked = UnitReport.objects.select_for_update(no_key=True).get(pk=report.pk)
    if locked.status not in REPORTS.step(step).sources:
        raise StepRefused(REPORTS.refusal(locked, REPORTS.step(step)))
    sent = report.last_sent()
    if sent is None or sent.sha256 != seen_sha256:
        raise SeenOld("Đơn vị vừa gửi lại báo cáo với nội dung khác. Xem bản mới rồi quyết định.")
    return sent


def _take(report: UnitReport, step: str, *, by: User, **options: Any) -> UnitReport:
    return REPORTS.take(report, step, by=by, post=post_for(report, by), **options)[0]


def _writers(report: UnitReport):
    return holders(clock.today(), *WRITERS, unit_ids=[report.unit_id])


def _tell_reviewers(report: UnitReport, act: str, by: User, what: str) -> None:
    told = [user for user in reviewers(report.unit, clock.today()) if user.pk != by.pk]
    tell_about(report, act, told, what)
