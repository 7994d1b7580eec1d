"""What has pledges signed again: the unit's addition, and a new head who asks for it. First the number is shown."""

from functools import cached_property
from typing import Any

from django.forms import Form
from django.urls import reverse

from campaigns.models import Campaign
from ledger.views import FormPage
from ledger.workflow import StepRefused
from pledges import services
from pledges.forms import AdditionForm, RenewalForm
from pledges.models import UnitAddition
from pledges.services.renewing import confirmed_before
from pledges.standing import units_of_papers
from pledges.wording import NO_TEXT
from units.models import Employment, Unit

VERSIONS = 20


class OfUnit(FormPage):
    """A form about one unit, by its head."""

    abstract = True
    model = Unit

    @cached_property
    def campaign(self) -> Campaign:
        campaign = Campaign.objects.visible_to(self.request.user).current()
        if campaign is None:
            raise StepRefused(NO_TEXT)
        return campaign

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def refusal_url(self) -> str:
        return reverse("pledges:pledge_list")


class AdditionWrite(OfUnit):
    """What the unit asks of its people below the five commitments; every version stays."""

    permissions = {"GET": "pledges.write_addition", "POST": "pledges.write_addition"}
    form_class = AdditionForm
    template_name = "pledges/addition_write.html"

    @cached_property
    def versions(self) -> list[UnitAddition]:
        rows = UnitAddition.objects.visible_to(self.request.user).filter(unit=self.object)
        return list(rows.filter(campaign=self.campaign).select_related("by").order_by("-version")[:VERSIONS])

    @property
    def latest(self) -> UnitAddition | None:
        return self.versions[0] if self.versions else None

    def get_initial(self) -> dict[str, Any]:
        latest = self.latest
        return {
            "text": latest.text if latest else "",
            "seen_version": latest.version if latest else 0,
        }

    def get_context(self) -> dict[str, Any]:
        user = self.request.user
        units = units_of_papers(self.object.pk, user.today)
        reached = Employment.objects.visible_to(user).on(user.today).filter(unit_id__in=units)
        return {
            "unit": self.object,
            "versions": self.versions,
            "people": reached.values("user").distinct().count(),
            "has_papers": bool(units),
        }

    def act(self, form: Form) -> str:
        addition = services.publish_addition(
            unit=self.object,
            campaign=self.campaign,
            text=form.cleaned_data["text"],
            renews=form.cleaned_data["renews"],
            seen_version=form.cleaned_data["seen_version"],
            by=self.request.user,
        )
        done = "Đã lưu nội dung bổ sung" if addition.text else "Đã thôi nội dung bổ sung"
        self.say(f"{done} của {self.object.name} (bản {addition.version}).")
        return self.request.path

    def refusal_url(self) -> str:
        return self.request.path


class RenewalAsk(OfUnit):
    permissions = {"GET": "pledges.ask_renewal", "POST": "pledges.ask_renewal"}
    form_class = RenewalForm
    template_name = "pledges/renewal_ask.html"

    @cached_property
    def count(self) -> int:
        return confirmed_before(self.object, self.campaign, self.request.user).count()

    def get_initial(self) -> dict[str, Any]:
        return {"seen_count": self.count}

    def get_context(self) -> dict[str, Any]:
        return {"unit": self.object, "count": self.count, "year": self.request.user.today.year}

    def act(self, form: Form) -> str:
        count = services.ask_renewal(
            unit=self.object,
            campaign=self.campaign,
            reason=form.cleaned_data["reason"],
            seen_count=form.cleaned_data["seen_count"],
            by=self.request.user,
        )
        self.say(f"Đã đề nghị ký lại {count} bản cam kết của {self.object.name}.")
        return reverse("pledges:pledge_list")

    def refusal_url(self) -> str:
        return self.request.path
