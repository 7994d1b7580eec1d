"""Finding a report among many."""

import django_filters
from django import forms

from reports.models import ReportingRound, UnitReport
from vietnamese.keys import search_key

STATES = [
    (UnitReport.Status.SUBMITTED, "Chờ tiếp nhận"),
    (UnitReport.Status.RETURNED, "Bị trả lại"),
    (UnitReport.Status.ACCEPTED, "Đã tiếp nhận"),
    ("all", "Tất cả"),
]


class UnitReportFilter(django_filters.FilterSet):
    """What waits is shown first; the rest on asking. The name is found without accents."""

    q = django_filters.CharFilter(label="Tên đơn vị", method="named")
    round = django_filters.ModelChoiceFilter(
        label="Kỳ báo cáo", queryset=ReportingRound.objects.order_by("-due_on"), empty_label="Tất cả các kỳ"
    )
    status = django_filters.ChoiceFilter(
        label="Tình hình", choices=STATES, empty_label=None, method="standing"
    )

    class Meta:
        model = UnitReport
        fields = ["q", "round", "status"]

    def __init__(self, data=None, *args, **kwargs):
        asked = data.dict() if data else {}
        asked.setdefault("status", UnitReport.Status.SUBMITTED)
        super().__init__(asked, *args, **kwargs)
        self.form.fields["q"].widget = forms.TextInput(attrs={"type": "search", "autocomplete": "off"})

    def named(self, rows, name, typed):
        return rows.filter(unit__search_key__contains=search_key(typed))

    def standing(self, rows, name, state):
        return rows if state == "all" else rows.filter(status=state)
