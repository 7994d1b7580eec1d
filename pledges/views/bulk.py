"""“Chờ tôi xác nhận”: the list at one desk, reading what was chosen, one act for all of it, and what became of each.

Nothing is kept between the pages: what is chosen stands in the address, what was read in the form itself.
"""

from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_tables2 import RequestConfig

from ledger.jobviews import JobView
from ledger.public_id import new_public_id
from ledger.views import FormPage, Page, PortalView, StepView
from ledger.workflow import StepRefused
from pledges import bundles, desks
from pledges.desks import Desk
from pledges.filters import WaitingFilter
from pledges.forms.bulk import CHOSEN, BulkForm
from pledges.models import BulkConfirmation, BulkItem, Pledge
from pledges.parties import HEAD
from pledges.queries import PledgeQuerySet
from pledges.services import bulk as services
from pledges.tables import WaitingTable
from units import proof
from vietnamese.numbers import grouped

PAGE = 50
DESK, TICK, WHOLE_PAGE = "noi", "chon", "trang"
ORDER = ("unit__sort_key", "unit_id", "user__sort_key", "pk")
FROM_BOXES = "da-chon"
NONE_TICKED = "Chưa chọn bản nào. Đánh dấu ít nhất một bản, hoặc đọc tất cả theo bộ lọc."
NONE_LEFT = "Không còn bản nào trong số đã chọn chờ ông/bà xác nhận."


def choose_url(desk: Desk | None) -> str:
    url = reverse("pledges:bulkconfirmation_choose")
    return f"{url}?{urlencode({DESK: desk.key})}" if desk else url


class AtDesk(PortalView):
    """What pages at one desk share: which desk, what waits there, narrowed as the address says."""

    abstract = True

    @cached_property
    def desks(self) -> list[Desk]:
        return desks.of(self.request.user)

    @cached_property
    def desk(self) -> Desk:
        """The one asked for, else the first where something waits, else the first."""
        if not self.desks:
            raise PermissionDenied
        asked = self.request.GET.get(DESK, "")
        named = next((desk for desk in self.desks if desk.key == asked), None)
        busy = (desk for desk in self.desks if self.waiting_at(desk).exists())
        return named or (self.desks[0] if len(self.desks) == 1 else next(busy, self.desks[0]))

    @cached_property
    def visible(self) -> PledgeQuerySet:
        return Pledge.objects.visible_to(self.request.user)

    def waiting_at(self, desk: Desk) -> PledgeQuerySet:
        return desk.waiting(self.visible, self.request.user)

    @cached_property
    def narrowed(self) -> WaitingFilter:
        rows = self.waiting_at(self.desk).select_related("user", "unit")
        return WaitingFilter(self.request.GET, queryset=rows)

    def filter_query(self) -> list[tuple[str, str]]:
        """The filter of the address without page, order and ticks, and always with the desk."""
        kept = [name for name in WaitingFilter.base_filters if name != DESK]
        asked = [(name, self.request.GET[name]) for name in kept if self.request.GET.get(name)]
        return [(DESK, self.desk.key), *asked]


class BulkChoose(AtDesk, Page):
    permissions: ClassVar[dict[str, str]] = {"GET": "pledges.confirm_in_bulk"}
    template_name = "pledges/bulkconfirmation_choose.html"

    def get_context(self) -> dict[str, Any]:
        ticked = self.request.GET.get(TICK) == WHOLE_PAGE
        table = WaitingTable(self.narrowed.qs.defer("content"), ticked=ticked)
        RequestConfig(self.request, paginate={"per_page": PAGE}).configure(table)
        query = self.filter_query()
        return {
            "desk": self.desk,
            "desks": [self.choice(desk) for desk in self.desks] if len(self.desks) > 1 else [],
            "form": self.narrowed.form,
            "table": table,
            "count": table.paginator.count,
            "on_page": len(table.page.object_list),
            "ticked": ticked,
            "kept": query,
            "read_url": reverse("pledges:bulkconfirmation_read"),
            "read_all_url": f"{reverse('pledges:bulkconfirmation_read')}?{urlencode(query)}",
            "most": services.MOST,
            "running": running(self.request.user),
            **self.without_union(),
        }

    def without_union(self) -> dict[str, Any]:
        """For a head: what waits for a union that is no more, which is another act than confirming."""
        user, desk = self.request.user, self.desk
        if desk.party != HEAD:
            return {}
        waiting = self.visible.waiting_for(user).filter(signing_unit=desk.unit)
        keys = list(waiting.filter(status=Pledge.Status.AWAITING_UNION).values_list("public_id", flat=True))
        return {"released": len(keys), "released_first": keys[0] if keys else ""}

    def choice(self, desk: Desk) -> dict[str, Any]:
        count = self.waiting_at(desk).count()
        return {"label": desk.label, "url": choose_url(desk), "count": count, "current": desk == self.desk}


class BulkRead(AtDesk, FormPage):
    """Every pledge chosen, each with its own words, and under them the one act. Boxes may still be unticked here."""

    permissions: ClassVar[dict[str, str]] = {
        "GET": "pledges.confirm_in_bulk",
        "POST": "pledges.confirm_in_bulk",
    }
    form_class = BulkForm
    template_name = "pledges/bulkconfirmation_read.html"

    def get(self, request: HttpRequest, *args, **kwargs):
        if not self.pledges:
            messages.warning(request, NONE_LEFT if request.GET.getlist(CHOSEN) else NONE_TICKED)
            return redirect(choose_url(self.desk))
        return super().get(request, *args, **kwargs)

    @cached_property
    def chosen(self):
        """The boxes ticked on the list, else all that the filter finds."""
        rows = self.narrowed.qs.order_by(*ORDER)
        if FROM_BOXES not in self.request.GET:
            return rows
        return rows.filter(public_id__in=self.request.GET.getlist(CHOSEN))

    @cached_property
    def pledges(self) -> list[Pledge]:
        return list(self.chosen[: services.MOST])

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def show_form(self, form: Form, status: int = 200, **context: Any) -> HttpResponse:
        if not self.pledges:
            raise StepRefused(NONE_LEFT)
        ticked = set(self.request.POST.getlist(CHOSEN)) if form.is_bound else None
        found = bundles.of(self.pledges, ticked)
        left = self.chosen.count() - len(self.pledges) if len(self.pledges) == services.MOST else 0
        context |= {
            "desk": self.desk,
            "bundles": found,
            "count": len(self.pledges),
            "own_words": sum(bool(pledge.own_words) for pledge in self.pledges),
            "left": left,
            "running": running(self.request.user) if form.errors else None,
            "back_url": f"{reverse('pledges:bulkconfirmation_choose')}?{urlencode(self.filter_query())}",
        }
        return super().show_form(form, status, **context)

    def act(self, form: Form) -> str:
        ordered = services.order_bulk(
            by=self.request.user,
            unit=self.desk.unit,
            party=self.desk.party,
            seen=form.cleaned_data[CHOSEN],
            proof=proof.given(self.request),
        )
        return ordered.get_absolute_url()

    def refusal_url(self) -> str:
        return choose_url(self.desk)


class BulkDetail(JobView):
    """How far it is; afterwards how many were confirmed, and of the others each with its reason."""

    permissions: ClassVar[dict[str, str]] = {"GET": "pledges.view_bulkconfirmation"}
    model = BulkConfirmation
    template_name = "pledges/bulkconfirmation_detail.html"

    def get_queryset(self):
        return super().get_queryset().select_related("unit")

    def get_context(self) -> dict[str, Any]:
        bulk, user = self.object, self.request.user
        context = {
            "job": bulk,
            "title": "Tình hình",
            "cancel_url": reverse("pledges:bulkconfirmation_cancel", args=[bulk.public_id]),
            "idempotency_key": new_public_id(),
            "advice": "Các bản đã xác nhận vẫn giữ nguyên; các bản còn lại xác nhận tiếp được.",
        }
        return context | (outcome(bulk, user) if bulk.is_over else {})


def outcome(bulk: BulkConfirmation, user) -> dict[str, Any]:
    """What became of each item, in five queries whatever their number."""
    items = bulk.items.select_related("pledge__user", "pledge__unit").defer("pledge__content")
    rows = list(items.order_by("pledge__unit__sort_key", "pledge__user__sort_key"))
    refused = [row for row in rows if row.outcome == BulkItem.Outcome.REFUSED]
    keys = [row.pledge_id for row in refused]
    visible = set(Pledge.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))
    desk = desks.at(user, bulk.party, bulk.unit_id)
    left = desk.waiting(Pledge.objects.visible_to(user), user).count() if desk else 0
    return {
        "done": [row for row in rows if row.outcome == BulkItem.Outcome.DONE],
        "refused": [{"item": row, "open": row.pledge_id in visible} for row in refused],
        "untouched": sum(row.outcome == BulkItem.Outcome.WAITING for row in rows),
        "left": left,
        "next_url": choose_url(desk),
    }


def running(user) -> BulkConfirmation | None:
    return BulkConfirmation.objects.visible_to(user).active().first()


class BulkCancel(StepView):
    permissions: ClassVar[dict[str, str]] = {
        "GET": "pledges.cancel_bulkconfirmation",
        "POST": "pledges.cancel_bulkconfirmation",
    }
    model = BulkConfirmation
    heading = "Dừng lần xác nhận này"
    consequence = "Các bản đã xác nhận vẫn giữ nguyên; các bản còn lại không được xác nhận trong lần này."
    button = "Dừng xác nhận"

    def take(self, form: Form) -> None:
        stopped = services.cancel_bulk(bulk=self.object, by=self.request.user)
        done = stopped.items.filter(outcome=BulkItem.Outcome.DONE).count()
        self.say(f"Đã dừng. {grouped(done)} bản đã xác nhận trước đó vẫn giữ nguyên.")
