"""The PDF of a pledge."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from documents.models import Paper
from documents.services import PaperDamaged, paper_response
from ledger.views import FormPage, StepForm
from pledges import ownpledges, services
from pledges.models import Pledge
from pledges.views.reading import EVIDENCE, PledgePage


class PledgePaper(PledgePage, FormPage):
    """The PDF; before it is there, how far it is, and for a complete pledge without an order the button to order it.

    `?trang=minh-chung` asks for the evidence of a pledge that was signed by hand or in a file of its own.
    """

    permissions = {"GET": "pledges.view_pledge", "POST": "pledges.order_paper"}
    form_class = StepForm
    template_name = "pledges/pledge_paper.html"

    def get(self, request: HttpRequest, *args, **kwargs):
        pledge = self.object
        if request.htmx:  # type: ignore[attr-defined]
            return self.fragment()
        if paper := self.asked():
            return self.served(paper)
        if pledge.status != Pledge.Status.COMPLETE:
            messages.warning(request, services.TOO_EARLY)
            return redirect(pledge)
        return super().get(request, *args, **kwargs)

    def asked(self) -> Paper | None:
        pledge = self.object
        first, second = pledge.paper, pledge.evidence
        return second or first if self.request.GET.get("trang") == EVIDENCE else first or second

    def served(self, paper: Paper) -> HttpResponse:
        pledge = self.object
        if paper.kind == Paper.Kind.PLEDGE_SIGNED:
            # Bytes that a person made are never shown in our pages (rule R33): that page attaches them.
            return redirect("pledges:pledge_signed_file", pledge.public_id)
        ending = "-minh-chung" if paper.kind == Paper.Kind.PLEDGE_EVIDENCE else ""
        try:
            return paper_response(paper, f"ban-cam-ket-{pledge.year}-{pledge.user.username}{ending}.pdf")
        except PaperDamaged as damage:
            messages.error(self.request, str(damage))
            return redirect(pledge)

    def fragment(self) -> HttpResponse:
        context = self.get_context()
        response = render(self.request, "includes/_progress.html", context)
        if context["job"] is None or context["job"].is_over:
            response["HX-Refresh"] = "true"
        return response

    def get_context(self) -> dict[str, Any]:
        return {"pledge": self.object, "job": ownpledges.latest_job(self.object), "title": "Lập bản PDF"}

    def act(self, form: Form) -> str:
        services.order_paper(pledge=self.object, by=self.request.user)
        return reverse("pledges:pledge_paper", args=[self.object.public_id])
