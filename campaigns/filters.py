"""What a list of plans can be narrowed to."""

import django_filters
from django import forms
from django.db.models import QuerySet

from campaigns.models import UnitPlan
from ledger import clock
from vietnamese.keys import search_key

FIRST_YEAR = 2019


def years() -> list[tuple[int, str]]:
    return [(year, str(year)) for year in range(clock.today().year + 1, FIRST_YEAR - 1, -1)]


class UnitPlanFilter(django_filters.FilterSet):
    unit = django_filters.CharFilter(label="Đơn vị", method="by_unit")
    status = django_filters.ChoiceFilter(
        label="Trạng thái", choices=UnitPlan.Status.choices, empty_label="Tất cả"
    )
    year = django_filters.ChoiceFilter(label="Năm", choices=years, empty_label="Tất cả")

    class Meta:
        model = UnitPlan
        fields = ["unit", "status", "year"]

    def by_unit(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(unit__search_key__contains=search_key(value))

    @property
    def asked_year(self) -> int | None:
        form: forms.Form = self.form
        said = form.cleaned_data.get("year") if form.is_valid() else None
        return int(said) if said else None
