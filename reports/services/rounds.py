"""Calling for reports."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from campaigns.models import Campaign
from ledger import clock, events
from notices.services import tell
from reports.deadlines import due_day
from reports.models import ReportingRound
from reports.rules import holders
from reports.services.acts import WRITERS, first_post
from units import tree
from units.models import Post, User
from vietnamese.dates import short_date


@transaction.atomic
def open_round(*, by: User, campaign: Campaign, **terms: Any) -> ReportingRound:
    """`terms` are the fields of ReportingRound. Raises ValidationError, by field, when they contradict each other."""
    opened = ReportingRound(campaign=campaign, **terms)
    _check(opened)
    opened.save()
    events.record(
        "reports.round.open",
        by=by,
        post=first_post(by, Post.Kind.HOME_AFFAIRS),
        object_kind="reports.round",
        object_id=opened.public_id,
        data={"code": opened.code, "due_on": opened.due_on.isoformat()},
    )
    _announce(opened)
    return opened


def _check(opened: ReportingRound) -> None:
    wrong = {}
    if opened.data_until <= opened.data_since:
        wrong["data_until"] = "Kỳ số liệu kết thúc trước khi bắt đầu. Sửa một trong hai ngày."
    if opened.due_on < opened.opens_on:
        wrong["due_on"] = "Hạn gửi sớm hơn ngày mở kỳ. Sửa một trong hai ngày."
    if ReportingRound.objects.filter(code=opened.code).exists():
        wrong["code"] = f"Đã có kỳ mang mã {opened.code}. Chọn mã khác."
    if wrong:
        raise ValidationError(wrong)
    opened.clean_fields()


def _announce(opened: ReportingRound) -> None:
    owing = [unit.pk for unit in tree.load(opened.due_on).owing("report_duty")]
    tell(
        users=holders(clock.today(), *WRITERS, unit_ids=owing),
        effect=f"reports.round.open:{opened.public_id}",
        text=f"{opened.name}: gửi trước khi hết ngày {short_date(due_day(opened))}.",
        url=reverse("reports:unitreport_list"),
    )
