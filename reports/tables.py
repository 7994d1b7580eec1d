"""Lists of reports."""

import django_tables2 as tables
from django.utils.html import format_html

from ledger import clock
from reports.board import TONES
from reports.models import UnitReport
from vietnamese.dates import moment

NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}
STATE = (
    '<span class="state state-{tone}"><svg class="shape" width="14" height="14" aria-hidden="true">'
    '<use href="#mark-{tone}"></use></svg>{word}</span>'
)


class UnitReportTable(tables.Table):
    """Reports of other units as a reviewer reads them: what has waited longest first."""

    caption = "Báo cáo của các đơn vị"
    empty_help = "Xóa bớt điều kiện lọc để xem các báo cáo khác."

    unit = tables.Column(
        "Đơn vị", linkify=lambda record: record.get_absolute_url(), order_by="unit__sort_key"
    )
    round = tables.Column("Kỳ báo cáo", order_by="round__due_on")
    status = tables.Column("Tình hình")
    sent_at = tables.Column("Gửi lúc")
    waiting = tables.Column("Chờ (ngày)", accessor="sent_at", order_by="-sent_at", attrs=NUMBER)

    class Meta:
        model = UnitReport
        fields: tuple[str, ...] = ("unit", "round", "status", "sent_at", "waiting")
        order_by = "sent_at"
        empty_text = "Không có báo cáo nào như vậy"

    def render_status(self, value: str, record: UnitReport) -> str:
        return format_html(STATE, tone=TONES[record.status], word=value)

    def render_sent_at(self, value) -> str:
        return moment(value)

    def render_waiting(self, value, record: UnitReport) -> str:
        if record.status != UnitReport.Status.SUBMITTED:
            return "–"
        return str((clock.today() - clock.local(value).date()).days)
