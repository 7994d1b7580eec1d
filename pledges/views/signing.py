"""The pages where a person signs his own pledge, and a head that of his unit."""

from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from campaigns.models import Campaign
from ledger.views import FormPage
from ledger.workflow import StepRefused
from pledges import ownpledges, services
from pledges.forms import SignForm
from pledges.history import ended_by, ended_words, why_again
from pledges.models import Pledge, Refusal
from pledges.rounds import is_open_again, of_body
from pledges.wording import NO_TEXT, Proposal, category_label, propose, propose_collective
from units import proof
from units.models import Unit


class SignPage(FormPage):
    """The five commitments as they will be recorded, and one button. What cannot be signed says why instead."""

    abstract = True
    form_class = SignForm
    template_name = "pledges/pledge_sign.html"
    heading = "Ký cam kết"

    @cached_property
    def proposal(self) -> Proposal:
        return self.propose()

    @cached_property
    def earlier(self) -> Pledge | None:
        return self.find_earlier()

    def propose(self) -> Proposal:
        raise NotImplementedError

    def find_earlier(self) -> Pledge | None:
        raise NotImplementedError

    def sign(self, **words: Any) -> Pledge:
        raise NotImplementedError

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

    def get_context(self) -> dict[str, Any]:
        return {"heading": self.heading}

    def show_form(self, form: Form, status: int = 200, **context: Any) -> HttpResponse:
        """The text and its digest are always those of now, whatever the sent form carried."""
        proposal, pledge = self.proposal, self.earlier
        form.fields["own_words"].label = proposal.text.own_words_label
        ended = ended_by(pledge) if pledge else None
        context |= {
            "record": proposal.shown,
            "category": category_label(proposal.shown),
            "sha256": proposal.sha256,
            "earlier": pledge,
            "ended": ended,
            "ended_words": ended_words(ended),
            "why_again": why_again(pledge) if pledge else "",
            "refused": self.refused(),
        }
        return super().show_form(form, status, **context)

    def refused(self) -> Refusal | None:
        return None

    def act(self, form: Form) -> str:
        try:
            pledge = self.sign(
                by=self.request.user,
                campaign=self.campaign(),
                year=self.request.user.today.year,
                own_words=form.cleaned_data["own_words"],
                seen_sha256=form.cleaned_data["seen_sha256"],
                proof=proof.given(self.request),
            )
        except (services.TextChanged, ValidationError) as error:
            # On this page, with what was typed, under the text as it is now.
            form.add_error(None, error if isinstance(error, ValidationError) else str(error))
            raise self.invalid(form) from error
        return pledge.get_absolute_url()

    def refusal_url(self) -> str:
        """Where the reason can be read again: the pledge itself, or the page that says why there is none."""
        return self.earlier.get_absolute_url() if self.earlier else self.request.path


class PledgeSign(SignPage):
    permissions = {"GET": "pledges.sign_pledge", "POST": "pledges.sign_pledge"}

    def propose(self) -> Proposal:
        user = self.request.user
        return propose(user=user, campaign=self.campaign(), year=user.today.year, on=user.today)

    def find_earlier(self) -> Pledge | None:
        return ownpledges.of_this_year(self.request.user)

    def refused(self) -> Refusal | None:
        return ownpledges.refusal(self.request.user)

    def sign(self, **words: Any) -> Pledge:
        return services.sign_pledge(**words)


class CollectiveSign(SignPage):
    """A head pledges for the unit the address names, to the head above."""

    permissions = {"GET": "pledges.sign_collective", "POST": "pledges.sign_collective"}
    model = Unit
    heading = "Ký cam kết tập thể"

    def propose(self) -> Proposal:
        user = self.request.user
        return propose_collective(
            user=user, unit=self.object, campaign=self.campaign(), year=user.today.year, on=user.today
        )

    def find_earlier(self) -> Pledge | None:
        user = self.request.user
        rows = Pledge.objects.visible_to(user).filter(kind=Pledge.Kind.COLLECTIVE, year=user.today.year)
        rows = rows.select_related("unit", "signing_unit").order_by("campaign__since", "pk")
        return of_body(rows, self.object, user.today)

    def sign(self, **words: Any) -> Pledge:
        return services.sign_collective(unit=self.object, **words)
