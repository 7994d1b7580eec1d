"""What a list of pledges can be narrowed to."""

import django_filters
from django.db.models import Q, QuerySet

from ledger import clock
from pledges.models import Pledge
from pledges.queries import PledgeQuerySet
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
