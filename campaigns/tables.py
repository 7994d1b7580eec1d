"""Lists of plans."""

import django_tables2 as tables
from django.template.loader import render_to_string
from django.urls import reverse

from campaigns.models import UnitPlan
from vietnamese.dates import moment

TONES = {"draft": "none", "submitted": "waiting", "returned": "late", "accepted": "done"}


class UnitPlanTable(tables.Table):
    caption = "Kế hoạch của các đơn vị"
    empty_help = ""
    empty_url = ""
    empty_action = ""

    unit = tables.Column(
        verbose_name="Đơn vị", linkify=lambda record: record.get_absolute_url(), order_by="unit__sort_key"
    )
    year = tables.Column(verbose_name="Năm")
    status = tables.Column(verbose_name="Trạng thái")
    submitted_at = tables.Column(verbose_name="Gửi lúc", default="Chưa gửi")

    class Meta:
        model = UnitPlan
        fields = ("unit", "year", "status", "submitted_at")
        order_by = ("-year", "unit")
        empty_text = "Không có kế hoạch nào như vậy"

    def render_status(self, record: UnitPlan) -> str:
        context = {"tone": TONES[record.status], "word": record.get_status_display()}
        return render_to_string("includes/_state.html", context)

    def render_year(self, value: int) -> str:
        return str(value)

    def render_submitted_at(self, value) -> str:
        return moment(value)

    def offer_beginning(self) -> None:
        self.empty_help, self.empty_action = "Lập kế hoạch từ các nhiệm vụ của quyết định.", "Lập kế hoạch"
        self.empty_url = reverse("campaigns:unitplan_begin")
