"""Lists of pledges, and one pledge."""

from typing import Any

from django.urls import reverse
from django_tables2 import RequestConfig

from campaigns.models import Campaign
from ledger.views import Page, PortalView
from pledges import coverage
from pledges.filters import WAITING_FOR_ME, PledgeFilter
from pledges.history import returned_by, timeline
from pledges.models import PaperJob, Pledge
from pledges.parties import TONES, open_steps, stops, what_waits
from pledges.tables import PledgeTable
from pledges.wording import category_label, must_sign_again
from vietnamese.dates import short_date
from vietnamese.numbers import grouped, share

PAGE = 50


class PledgeList(Page):
    permissions = {"GET": "pledges.list_pledges"}
    template_name = "pledges/pledge_list.html"

    def get_context(self) -> dict[str, Any]:
        user = self.request.user
        pledges = Pledge.objects.visible_to(user)
        narrowed = PledgeFilter(self.request.GET, user=user, queryset=pledges.select_related("user", "unit"))
        table = PledgeTable(narrowed.qs)
        RequestConfig(self.request, paginate={"per_page": PAGE}).configure(table)
        year = narrowed.asked_year
        campaign = Campaign.objects.visible_to(user).current()
        found = campaign and coverage.of(user=user, campaign=campaign, year=year, today=user.today)
        return {
            "form": narrowed.form,
            "table": table,
            "count": table.paginator.count,
            "year": year,
            "coverage": found,
            "figures": figures(found) if found else [],
            "denominator": denominator(found) if found else "",
            "waiting": pledges.waiting_for(user).count(),
            "waiting_url": f"{reverse('pledges:pledge_list')}?status={WAITING_FOR_ME}",
        }


def figures(found: coverage.Coverage) -> list[dict[str, str]]:
    rows = [("Đã ký cam kết", found.signed), ("Đã đủ xác nhận", found.complete)]
    return [{"label": label, "value": share(part, found.people)} for label, part in rows]


def denominator(found: coverage.Coverage) -> str:
    """Both numbers: who owes a pledge, and who counts and owes none."""
    said = f"Tính trên {grouped(found.people)} người phải ký có mặt ngày {short_date(found.on)}"
    relieved = f"; được miễn, nghỉ dài ngày: {grouped(found.relieved)}" if found.relieved else ""
    return f"{said}{relieved}. Bản bị trả lại không tính là đã ký."


class PledgePage(PortalView):
    """What pages of one pledge share."""

    abstract = True
    model = Pledge

    def get_queryset(self):
        return super().get_queryset().select_related("user", "unit", "signing_unit", "paper")


class PledgeDetail(PledgePage, Page):
    permissions = {"GET": "pledges.view_pledge"}
    template_name = "pledges/pledge_detail.html"

    def get_context(self) -> dict[str, Any]:
        pledge, user = self.object, self.request.user
        line = stops(pledge, user.today)
        is_own = pledge.user_id == user.pk
        own = Pledge.objects.visible_to(user).filter(user=user)
        return {
            "pledge": pledge,
            "record": pledge.content,
            "category": category_label(pledge.content),
            "tone": TONES[pledge.status],
            "stops": line,
            "next": what_waits(pledge, line),
            "is_own": is_own,
            "receipt": f"Đã ký cam kết năm {pledge.year}",
            "returned": returned_by(pledge),
            "may_sign_again": is_own and must_sign_again(pledge, user, user.today),
            "job": None if pledge.paper else latest_job(pledge),
            "past": own.exclude(pk=pledge.pk).order_by("-year") if is_own else [],
            "events": timeline(pledge),
            "may": open_steps(pledge, user, user.today),
            "following": self.following(pledge, user),
        }

    def following(self, pledge: Pledge, user) -> Pledge | None:
        """For who confirms: the pledge that has waited longest for him, beside this one."""
        waiting = Pledge.objects.visible_to(user).waiting_for(user).exclude(pk=pledge.pk)
        return waiting.order_by("signed_at", "pk").first()


def latest_job(pledge: Pledge) -> PaperJob | None:
    return pledge.paper_jobs.order_by("-pk").first()
