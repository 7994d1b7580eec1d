"""Rates of pledging by the tree: from the province down to a unit, on a day, beside the year before."""

from datetime import date
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django_tables2 import RequestConfig

from campaigns.models import Campaign
from ledger.views import Page, PortalView
from pledges import rates
from pledges.bars import bars
from pledges.coverage import Coverage
from pledges.forms.rates import RateForm
from pledges.ratefile import FORMATS, rate_file
from pledges.ratetable import RateTable, line
from units import tree
from units.models import Unit
from vietnamese.dates import short_date
from vietnamese.numbers import grouped, share

# Up to this many lines the table lies open; longer ones open by a tap, on a phone too.
FEW = 6


class RatePage(PortalView):
    """What pages of rates share: the day, the whole tree, and which of it the person reads."""

    abstract = True
    model = Unit

    def get_queryset(self):
        units, mine = super().get_queryset(), self.readable
        return units if mine is None else units.filter(pk__in=mine)

    @cached_property
    def readable(self) -> set[int] | None:
        return rates.readable(self.request.user)

    @cached_property
    def form(self) -> RateForm:
        return RateForm(self.request.GET or None)

    @cached_property
    def on(self) -> date:
        asked = self.form.cleaned_data["ngay"] if self.form.is_bound and self.form.is_valid() else None
        return asked or self.request.user.today

    @cached_property
    def rates(self) -> rates.Rates | None:
        campaign = Campaign.objects.visible_to(self.request.user).current()
        return rates.read(campaign=campaign, on=self.on) if campaign else None


class RateDetail(RatePage, Page):
    """One unit: its figures, its categories, the units right below it."""

    permissions = {"GET": "pledges.view_rates"}
    template_name = "pledges/rate_detail.html"

    def get_context(self) -> dict[str, Any]:
        unit, found = self.object, self.rates
        context = {"unit": unit, "on": self.on, "year": self.on.year, "form": self.form, "tops": self._tops()}
        if unit is None or found is None or not found.holds(unit.pk):
            return context | {"node": None}
        node = found.node(unit.pk)
        rows = [line(row.unit, row.total, row.last, self._url(row.unit)) for row in found.below(unit.pk)]
        if rows and (node.own.people or node.own.relieved):
            rows.insert(0, line(None, node.own, found.own_last(unit.pk), ""))
        table = RateTable(rows)
        RequestConfig(self.request, paginate=False).configure(table)
        return context | {
            "node": node,
            "path": [(step, self._url(step)) for step in found.path(unit.pk) if self._reads(step.pk)],
            "figures": figures(node.total, node.last),
            "denominator": denominator(node.total),
            "is_past": self.on < self.request.user.today,
            "categories": [line(None, part, None, "", label) for label, part in rates.categories(node)],
            "table": table if rows else None,
            "bars": bars(rows),
            "open_table": len(rows) <= FEW or "sort" in self.request.GET,
            "perms_unsigned": self.request.user.has_perm("pledges.list_unsigned"),
            "query": self._query(),
            "file_url": reverse("pledges:rate_export", args=[unit.public_id]),
        }

    def _reads(self, unit_id: int) -> bool:
        return self.readable is None or unit_id in self.readable

    def _tops(self) -> list[tuple[Unit, str]]:
        return []

    def _url(self, unit: Unit) -> str:
        return f"{reverse('pledges:rate_detail', args=[unit.public_id])}{self._query()}"

    def _query(self) -> str:
        return f"?ngay={short_date(self.on)}" if self.on != self.request.user.today else ""


class RateList(RateDetail):
    """The top of what the person reads: the province, or the unit where he is head or clerk; of several, all named."""

    permissions = {"GET": "pledges.view_rates"}

    def get_policy_object(self) -> None:
        return None

    def get_context(self) -> dict[str, Any]:
        self.object = next(iter(self.tops), None)
        return super().get_context()

    @cached_property
    def tops(self) -> list[Unit]:
        if self.readable is None:
            standing = self.rates.standing if self.rates else tree.load(self.on)
            return [standing.root] if standing.root else []
        held = self.request.user.acting_in("pledges").posts_of("head", "clerk")
        units = {post.scope_id or post.unit_id: post.scope or post.unit for post in held}
        return list(units.values())

    def _tops(self) -> list[tuple[Unit, str]]:
        return [(unit, self._url(unit)) for unit in self.tops[1:]]


class RateExport(RatePage):
    """The unit and all below it as a file (rule R32)."""

    permissions = {"GET": "pledges.view_rates"}

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        found = self.rates
        if found is None or not found.holds(self.object.pk):
            raise Http404
        kind = request.GET.get("dang", "")
        kind = kind if kind in FORMATS else "xlsx"
        body = rate_file(found, self.object.pk, kind)
        name = f"ty-le-ky-cam-ket-{self.object.public_id[:6]}-{self.on:%Y%m%d}.{kind}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(body, content_type=FORMATS[kind].content_type, headers=headers)


def figures(found: Coverage, last: Coverage | None) -> list[dict[str, str]]:
    """Five figures, the rates beside those of the year before."""
    then = f"Năm {last.on.year}: " if last and last.on else ""
    waiting = f"{grouped(found.at_head)} chờ người đứng đầu, {grouped(found.at_union)} chờ công đoàn"
    again = f"trả lại {grouped(found.returned)}, đã rút {grouped(found.withdrawn)}, phải ký lại {grouped(found.stale)}"
    otherwise = f"bản giấy {grouped(found.on_paper)}, tệp ký số {grouped(found.in_file)}"
    return [
        {
            "label": "Đã ký cam kết",
            "value": share(found.signed, found.people),
            "last": f"{then}{share(last.signed, last.people)}" if last else "",
            "note": f"trong đó {otherwise}",
        },
        {
            "label": "Đã đủ xác nhận",
            "value": share(found.complete, found.people),
            "last": f"{then}{share(last.complete, last.people)}" if last else "",
        },
        {"label": "Chờ xác nhận", "value": grouped(found.at_head + found.at_union), "note": waiting},
        {"label": "Chưa ký", "value": grouped(found.open), "note": f"trong đó {again}"},
        {"label": "Đã báo không ký", "value": grouped(found.refused), "note": "tính riêng, vẫn ở mẫu số"},
    ]


def denominator(found: Coverage) -> str:
    assert found.on is not None
    relieved = f"; được miễn, nghỉ dài ngày: {grouped(found.relieved)}" if found.relieved else ""
    return (
        f"Tính trên {grouped(found.people)} người phải ký có mặt ngày {short_date(found.on)}{relieved}. Dưới 10 người "
        "thì không ghi tỷ lệ phần trăm."
    )
