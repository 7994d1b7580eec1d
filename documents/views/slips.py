"""Slips with one-time codes as a PDF: its view lives where papers are made."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header

from documents.models import SlipJob
from documents.services import slips as services
from ledger.jobviews import JobView
from ledger.views import FormPage, PortalView, StepForm
from units import slips
from units.models import Unit

GONE = "Tệp phiếu này không còn: mỗi tệp chỉ được giữ trong 24 giờ. Lập tệp khác khi cần."


class SlipsOrder(FormPage):
    """What will be printed, then one button; the work is the worker's."""

    permissions = {"GET": "units.issue_codes", "POST": "units.issue_codes"}
    model = Unit
    form_class = StepForm
    template_name = "documents/slips_order.html"

    def get_context(self) -> dict[str, Any]:
        found = slips.waiting(self.object, self.request.user)
        pages = -(-len(found.live) // services.ON_A_PAGE)
        return {
            "live": len(found.live),
            "pages": pages,
            "to_issue": len(found.to_issue),
            "most": services.MOST,
        }

    def refusal_url(self) -> str:
        return reverse("units:unit_codes", args=[self.object.public_id])

    def act(self, form: Form) -> str:
        return services.order_slips(unit=self.object, by=self.request.user).get_absolute_url()


class SlipsDetail(JobView):
    permissions = {"GET": "units.issue_codes"}
    model = SlipJob
    template_name = "documents/slips_detail.html"

    def get_context(self) -> dict[str, Any]:
        return {
            "job": self.object,
            "title": "Lập tệp phiếu",
            "result_url": reverse("documents:slips_file", args=[self.object.public_id]),
            "result_label": "Mở tệp để in",
        }


class SlipsFile(PortalView):
    """The file itself, for the one who ordered it and still may; a reading is an event, so GET writes one."""

    permissions = {"GET": "units.issue_codes"}
    model = SlipJob

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        body = services.fetch_slips(job=self.object, by=self.request.user)
        if body is None:
            messages.warning(request, GONE)
            return redirect("documents:slips_order", self.object.unit.public_id)
        response = HttpResponse(body, content_type="application/pdf")
        response["Content-Disposition"] = str(content_disposition_header(False, "phieu-kich-hoat.pdf"))
        return response
