"""The page where a person signs his own pledge."""

from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from campaigns.models import Campaign
from ledger.views import FormPage
from ledger.workflow import StepRefused
from pledges import services
from pledges.forms import SignForm
from pledges.history import returned_by
from pledges.models import Pledge
from pledges.wording import NO_TEXT, Proposal, category_label, is_open_again, propose


def own_pledge(user) -> Pledge | None:
    """This year's, of the campaign that runs."""
    mine = Pledge.objects.visible_to(user).filter(user=user, year=user.today.year)
    return mine.order_by("-campaign__since", "-pk").first()


class PledgeSign(FormPage):
    """The five commitments as they will be recorded, and one button. What cannot be signed says why instead."""

    permissions = {"GET": "pledges.sign_pledge", "POST": "pledges.sign_pledge"}
    form_class = SignForm
    template_name = "pledges/pledge_sign.html"

    @cached_property
    def proposal(self) -> Proposal:
        user = self.request.user
        return propose(user=user, campaign=self.campaign(), year=user.today.year, on=user.today)

    @cached_property
    def earlier(self) -> Pledge | None:
        return own_pledge(self.request.user)

    def campaign(self) -> Campaign:
        campaign = Campaign.objects.visible_to(self.request.user).current()
        if campaign is None:
            raise StepRefused(NO_TEXT)
        return campaign

    def get(self, request: HttpRequest, *args, **kwargs):
        pledge = self.earlier
        try:
            proposal = self.proposal
        except StepRefused as refusal:
            return redirect(pledge) if pledge else self.show(refusal=str(refusal))
        if pledge and not is_open_again(pledge, proposal.signing_unit, proposal.kind):
            return redirect(pledge)
        return super().get(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"own_words": self.earlier.own_words if self.earlier else ""}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def show_form(self, form: Form, status: int = 200, **context: Any) -> HttpResponse:
        """The text and its digest are always those of now, whatever the sent form carried."""
        proposal, pledge = self.proposal, self.earlier
        form.fields["own_words"].label = proposal.text.own_words_label
        context |= {
            "record": proposal.shown,
            "category": category_label(proposal.shown),
            "sha256": proposal.sha256,
            "earlier": pledge,
            "returned": returned_by(pledge) if pledge else None,
        }
        return super().show_form(form, status, **context)

    def act(self, form: Form) -> str:
        user = self.request.user
        try:
            pledge = services.sign_pledge(
                by=user,
                campaign=self.campaign(),
                year=user.today.year,
                own_words=form.cleaned_data["own_words"],
                seen_sha256=form.cleaned_data["seen_sha256"],
            )
        except (services.TextChanged, ValidationError) as error:
            # On this page, with what was typed, under the text as it is now.
            form.add_error(None, error if isinstance(error, ValidationError) else str(error))
            raise self.invalid(form) from error
        return pledge.get_absolute_url()

    def refusal_url(self) -> str:
        """Where the reason can be read again: the pledge itself, or the page that says why there is none."""
        return self.earlier.get_absolute_url() if self.earlier else reverse("pledges:pledge_sign")
