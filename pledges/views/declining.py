"""Who does not sign, and why."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse

from campaigns.models import Campaign
from ledger.views import FormPage, Page, StepForm
from ledger.workflow import StepRefused
from pledges import ownpledges, services
from pledges.forms import DeclineForm
from pledges.models import Refusal
from pledges.services.declining import STANDS, stands
from pledges.wording import NO_TEXT, propose

MOST = 200


def own_refusals(user) -> Any:
    """This year's that has not ended."""
    mine = Refusal.objects.visible_to(user).filter(user=user, year=user.today.year)
    return mine.filter(ended_at__isnull=True)


class PledgeDecline(FormPage):
    """A person says that he does not sign this year."""

    permissions = {"GET": "pledges.decline_pledge", "POST": "pledges.decline_pledge"}
    form_class = DeclineForm
    template_name = "pledges/pledge_decline.html"

    def get(self, request: HttpRequest, *args, **kwargs):
        user, pledge = self.request.user, ownpledges.of_this_year(self.request.user)
        try:
            proposal = propose(user=user, campaign=self.campaign(), year=user.today.year, on=user.today)
        except StepRefused:
            return redirect("pledges:pledge_sign")  # the page that says why there is nothing to sign
        if pledge and stands(pledge, proposal):
            messages.warning(request, STANDS)
            return redirect("pledges:pledge_mine")
        if own_refusals(user).exists():
            return redirect("pledges:pledge_mine")
        return super().get(request, *args, **kwargs)

    def campaign(self) -> Campaign:
        campaign = Campaign.objects.visible_to(self.request.user).current()
        if campaign is None:
            raise StepRefused(NO_TEXT)
        return campaign

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def get_context(self) -> dict[str, Any]:
        return {"year": self.request.user.today.year}

    def act(self, form: Form) -> str:
        user = self.request.user
        services.decline(
            by=user, campaign=self.campaign(), year=user.today.year, reason=form.cleaned_data["reason"]
        )
        self.say(f"Đã ghi nhận ông/bà không ký cam kết năm {user.today.year}.")
        return reverse("pledges:pledge_mine")

    def refusal_url(self) -> str:
        return reverse("pledges:pledge_mine")


class RefusalEnd(FormPage):
    """He takes it back."""

    permissions = {"GET": "pledges.decline_pledge", "POST": "pledges.decline_pledge"}
    form_class = StepForm
    template_name = "pledges/refusal_end.html"

    def get_policy_object(self) -> Refusal | None:
        return own_refusals(self.request.user).first()

    def get_context(self) -> dict[str, Any]:
        return {"refusal": self.object, "cancel_url": reverse("pledges:pledge_mine")}

    def act(self, form: Form) -> str:
        if self.object is None:
            raise StepRefused("Việc không ký đã được rút lại hoặc đã hết từ khi ông/bà ký.")
        services.take_back_refusal(refusal=self.object, by=self.request.user)
        self.say("Đã rút lại việc không ký.")
        return reverse("pledges:pledge_sign")

    def refusal_url(self) -> str:
        return reverse("pledges:pledge_mine")


class RefusalList(Page):
    """For heads: who of this year does not sign, with the reasons. Whoever signed since stands here no more."""

    permissions = {"GET": "pledges.list_refusals"}
    template_name = "pledges/refusal_list.html"

    def get_context(self) -> dict[str, Any]:
        user = self.request.user
        rows = Refusal.objects.visible_to(user).filter(year=user.today.year, ended_at__isnull=True)
        return {
            "year": user.today.year,
            "count": rows.count(),
            "refusals": rows.select_related("user", "unit").order_by("unit__sort_key", "user__sort_key")[
                :MOST
            ],
        }
