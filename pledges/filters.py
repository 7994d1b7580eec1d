"""What a list of pledges can be narrowed to."""

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from ledger import clock
from pledges.models import Pledge
from pledges.queries import PledgeQuerySet
from units.models import Category
from vietnamese.keys import search_key

FIRST_YEAR = 2019  # Decision 2607/QĐ-UBND
WAITING_FOR_ME = "mine"


def years() -> list[tuple[int, str]]:
    return [(year, str(year)) for year in range(clock.today().year, FIRST_YEAR - 1, -1)]


class PledgeFilter(django_filters.FilterSet):
    """Year; name or personnel code, unit, both without accents; state. This year unless another is asked for."""

    year = django_filters.ChoiceFilter(label="Năm", choices=years, empty_label=None)
    name = django_filters.CharFilter(label="Họ và tên hoặc mã số", method="by_name")
    unit = django_filters.CharFilter(label="Đơn vị", method="by_unit")
    status = django_filters.ChoiceFilter(
        label="Trạng thái",
        method="by_status",
        choices=[(WAITING_FOR_ME, "Chờ tôi xác nhận"), *Pledge.Status.choices],
        empty_label="Tất cả",
    )

    class Meta:
        model = Pledge
        fields = ["year", "name", "unit", "status"]

    def __init__(self, data, *, user, **kwargs):
        asked = data.copy()
        asked.setdefault("year", str(user.today.year))
        super().__init__(asked, **kwargs)
        self.user = user

    @property
    def asked_year(self) -> int:
        return int(self.form.cleaned_data.get("year") or self.user.today.year)

    def by_name(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(
            Q(user__search_key__contains=search_key(value)) | Q(user__username__iexact=value.strip())
        )

    def by_unit(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(unit__search_key__contains=search_key(value))

    def by_status(self, rows: PledgeQuerySet, name: str, value: str) -> QuerySet:
        return rows.waiting_for(self.user) if value == WAITING_FOR_ME else rows.filter(status=value)


class WaitingFilter(django_filters.FilterSet):
    """Of what waits at one desk: where people work, category, name or code, only with words of their own."""

    noi = django_filters.CharFilter(widget=forms.HiddenInput, method="stay")
    unit = django_filters.ChoiceFilter(
        label="Nơi làm việc", field_name="unit__public_id", empty_label="Tất cả"
    )
    category = django_filters.ChoiceFilter(label="Loại", choices=Category.choices, empty_label="Tất cả")
    name = django_filters.CharFilter(label="Họ và tên hoặc mã số", method="by_name")
    own = django_filters.ChoiceFilter(
        label="Nội dung cụ thể",
        method="by_own_words",
        choices=[("co", "Chỉ bản có ghi"), ("khong", "Chỉ bản không ghi")],
        empty_label="Tất cả",
    )

    class Meta:
        model = Pledge
        fields = ["noi", "unit", "category", "name", "own"]

    def __init__(self, data, *, queryset, **kwargs):
        super().__init__(data, queryset=queryset, **kwargs)
        places = queryset.order_by("unit__sort_key", "unit_id").values_list("unit__public_id", "unit__name")
        choices = list(places.distinct())
        self.filters["unit"].extra["choices"] = choices
        if len(choices) < 2:
            del self.filters["unit"]

    def stay(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """The desk was chosen before; the form only keeps it."""
        return rows

    by_name = PledgeFilter.by_name

    def by_own_words(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(own_words="") if value == "khong" else rows.exclude(own_words="")
