"""Signing by hand: the page of a unit, and the lists or sheets printed for it."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from campaigns.models import Campaign
from documents.services import PaperDamaged
from ledger.jobviews import JobView
from ledger.views import FormPage, Page, PortalView
from ledger.workflow import StepRefused
from pledges.forms.onpaper import BlankOrderForm
from pledges.models import BlankForm, SignedList
from pledges.services import blankforms
from pledges.tosign import list_code
from pledges.views.signedfiles import attached
from pledges.wording import NO_TEXT
from units.models import Unit

SHOWN = 20


def running_campaign(user) -> Campaign:
    campaign = Campaign.objects.visible_to(user).current()
    if campaign is None:
        raise StepRefused(NO_TEXT)
    return campaign


class OnPaper(Page):
    """One unit: what was printed, what came back, and the two things to do."""

    permissions = {"GET": "pledges.keep_on_paper"}
    model = Unit
    template_name = "pledges/onpaper.html"

    def get_context(self) -> dict[str, Any]:
        user, unit = self.request.user, self.object
        blanks = BlankForm.objects.visible_to(user).filter(unit=unit, year=user.today.year)
        lists = SignedList.objects.visible_to(user).filter(unit=unit, year=user.today.year)
        return {
            "year": user.today.year,
            "has_papers": blankforms.has_papers(unit, user.today),
            "blanks": [(blank, list_code(blank)) for blank in blanks.order_by("-pk")[:SHOWN]],
            "lists": lists.select_related("by").order_by("-pk")[:SHOWN],
        }


class BlankOrder(FormPage):
    permissions = {"GET": "pledges.keep_on_paper", "POST": "pledges.keep_on_paper"}
    model = Unit
    form_class = BlankOrderForm
    template_name = "pledges/blankform_order.html"

    def get_context(self) -> dict[str, Any]:
        user = self.request.user
        try:
            people = blankforms.still_to_sign(self.object, campaign=running_campaign(user), by=user)
        except StepRefused as refusal:
            return {"refusal": str(refusal), "people": 0}
        return {"people": len(people), "most": blankforms.MOST}

    def refusal_url(self) -> str:
        return reverse("pledges:onpaper", args=[self.object.public_id])

    def act(self, form: Form) -> str:
        blank = blankforms.order_blank(
            unit=self.object,
            campaign=running_campaign(self.request.user),
            form=form.cleaned_data["form"],
            by=self.request.user,
        )
        return blank.get_absolute_url()


class BlankDetail(JobView):
    permissions = {"GET": "pledges.keep_on_paper"}
    model = BlankForm
    template_name = "pledges/blankform_detail.html"

    def get_context(self) -> dict[str, Any]:
        blank = self.object
        enter_url = reverse("pledges:signedlist_create", args=[blank.unit.public_id])
        return {
            "job": blank,
            "title": "Lập tệp để in",
            "code": list_code(blank),
            "result_url": reverse("pledges:blankform_file", args=[blank.public_id]),
            "result_label": "Mở tệp để in",
            "enter_url": f"{enter_url}?ban-in={blank.public_id}",
            "sheet": self.sheet(),
        }

    def sheet(self) -> dict[str, Any] | None:
        """Whose pre-filled sheet it is whose QR was read."""
        number = self.request.GET.get("nguoi", "")
        if not (number.isascii() and number.isdigit() and len(number) < 5):
            return None
        people = dict(enumerate(self.object.content["people"], start=1))
        one = people.get(int(number))
        return {"number": int(number), "name": one["name"]} if one else None


class BlankFile(PortalView):
    permissions = {"GET": "pledges.keep_on_paper"}
    model = BlankForm

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        try:
            body = blankforms.blank_bytes(self.object)
        except (StepRefused, PaperDamaged) as error:
            messages.warning(request, str(error))
            return redirect(self.object)
        return attached(body, f"ky-cam-ket-{list_code(self.object).lower()}.pdf")
