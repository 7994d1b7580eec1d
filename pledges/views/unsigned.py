"""Who has not signed: for those who may see the names; to print, and a text without names for the unit's chat group."""

from datetime import date
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest
from django.shortcuts import redirect
from django.urls import reverse

from campaigns.models import Campaign
from ledger.views import Page, PortalView
from pledges import coverage, unsigned
from pledges.drivedays import drive_of, due_day
from pledges.forms.rates import UnsignedForm
from units import tree
from units.models import Unit
from vietnamese.keys import search_key
from vietnamese.numbers import grouped

PAGE, MOST_PRINTED = 50, 2000


class UnsignedList(PortalView):
    """Leads to the unit where the person follows pledges; to the province for Home Affairs."""

    permissions = {"GET": "pledges.list_unsigned"}

    def get(self, request: HttpRequest):
        user = self.request.user.acting_in("pledges")
        if user.works_for_home_affairs:
            unit = tree.load(user.today).root
        else:
            post = next(iter(user.posts_of("head", "clerk", "union_chair")), None)
            unit = post and (post.scope or post.unit)
        if unit is None:
            raise Http404
        return redirect("pledges:unsigned_detail", public_id=unit.public_id)


class UnsignedDetail(Page):
    """Of one unit and those below it; `?in=1`: all of them on one page to print."""

    permissions = {"GET": "pledges.list_unsigned"}
    model = Unit
    template_name = "pledges/unsigned_detail.html"

    def get_policy_object(self) -> Any:
        """A unit none of whose people the reader follows is for him not there."""
        unit = super().get_policy_object()
        self.units = unsigned.reachable(self.request.user, unit.pk, self.request.user.today)
        if not self.units:
            raise Http404
        return unit

    @cached_property
    def campaign(self) -> Campaign | None:
        return Campaign.objects.visible_to(self.request.user).current()

    def get_context(self) -> dict[str, Any]:
        user, unit = self.request.user, self.object
        form = UnsignedForm(self.request.GET or None)
        context = {"unit": unit, "on": user.today, "year": user.today.year, "form": form}
        if self.campaign is None:
            return context | {"rows": []}
        drive = drive_of(self.campaign, user.today.year)
        opens_on = drive.opens_on if drive else user.today.replace(month=1, day=1)
        found = self._narrowed(self.campaign, form, opens_on)
        printing = self.request.GET.get("in") == "1"
        page = Paginator(found, MOST_PRINTED if printing else PAGE).get_page(self.request.GET.get("page"))
        total = coverage.over(self.units, campaign=self.campaign, year=user.today.year, on=user.today)
        return context | {
            "page_obj": page,
            "count": page.paginator.count,
            "rows": unsigned.describe(page.object_list, reader=user, opens_on=opens_on),
            "printing": printing,
            "total": total,
            "due_on": due_day(drive) if drive else None,
            "drive": drive,
            "summary": summary(total),
            "message": unsigned.group_message(
                unit=unit,
                found=total,
                due_on=due_day(drive) if drive else None,
                url=self.request.build_absolute_uri(reverse("pledges:pledge_sign")),
            ),
        }

    def _narrowed(self, campaign: Campaign, form: UnsignedForm, opens_on: date):
        user = self.request.user
        rows = unsigned.rows(campaign=campaign, on=user.today, unit_ids=self.units, opens_on=opens_on)
        asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
        if typed := asked.get("ten"):
            rows = rows.filter(
                Q(user__search_key__contains=search_key(typed)) | Q(user__username__iexact=typed)
            )
        return rows.filter(user__email="") if asked.get("thu") else rows


def summary(found: coverage.Coverage) -> str:
    refused = f"; trong đó {grouped(found.refused)} người đã báo không ký" if found.refused else ""
    without, people = grouped(found.open + found.refused), grouped(found.people)
    return f"{without} trong {people} người phải ký chưa có bản cam kết{refused}."
