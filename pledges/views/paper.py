"""The PDF of a pledge."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from documents.services import PaperDamaged, paper_response
from ledger.views import FormPage, StepForm
from pledges import ownpledges, services
from pledges.models import Pledge
from pledges.views.reading import PledgePage


class PledgePaper(PledgePage, FormPage):
    """The PDF; before it is there, how far it is, and for a complete pledge without an order the button to order it."""

    permissions = {"GET": "pledges.view_pledge", "POST": "pledges.order_paper"}
    form_class = StepForm
    template_name = "pledges/pledge_paper.html"

    def get(self, request: HttpRequest, *args, **kwargs):
        pledge = self.object
        if request.htmx:  # type: ignore[attr-defined]
            return self.fragment()
        if pledge.paper:
            try:
                return paper_response(pledge.paper, f"ban-cam-ket-{pledge.year}-{pledge.user.username}.pdf")
            except PaperDamaged as damage:
                messages.error(request, str(damage))
                return redirect(pledge)
        if pledge.status != Pledge.Status.COMPLETE:
            messages.warning(request, services.TOO_EARLY)
            return redirect(pledge)
        return super().get(request, *args, **kwargs)

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
