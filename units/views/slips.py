"""The slips with one-time codes of a unit, and a new one for a lost password. The paper is made in `documents`."""

from typing import Any

from django.forms import Form
from django.urls import reverse

from ledger.views import FormPage
from units import services, slips
from units.models import Unit, User
from units.proof import ProvedForm

# More than these are printed, not read on a screen.
SHOWN = 100


class UnitCodes(FormPage):
    """Slips with one-time codes for the people of a unit and of all units below it."""

    permissions = {"GET": "units.issue_codes", "POST": "units.issue_codes"}
    model = Unit
    form_class = ProvedForm
    template_name = "units/unit_codes.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def get_context(self) -> dict[str, Any]:
        found = slips.waiting(self.object, self.request.user)
        return {
            "live": len(found.live),
            "slips": found.live if len(found.live) <= SHOWN else [],
            "expired": found.expired,
            "to_issue": len(found.to_issue),
            "address": self.request.build_absolute_uri("/"),
        }

    def act(self, form: Form) -> str:
        fresh = slips.waiting(self.object, self.request.user).to_issue
        count = services.issue_codes(users=fresh, unit=self.object, by=self.request.user)
        self.say(f"Đã cấp mã kích hoạt cho {count} người.")
        return reverse("units:unit_codes", args=[self.object.public_id])


class RenewCode(FormPage):
    """A lost password: the old one stops working at once and a new slip is printed."""

    permissions = {"GET": "units.renew_code", "POST": "units.renew_code"}
    model = User
    form_class = ProvedForm
    template_name = "units/user_renew_code.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def get_context(self) -> dict[str, Any]:
        return {"may_ask_reset": self.request.user.has_perm("units.ask_factor_reset", self.object)}

    def act(self, form: Form) -> str:
        employment = services.renew_code(user=self.object, by=self.request.user)
        self.say(f"Đã cấp mã kích hoạt mới cho {self.object.full_name}.")
        return reverse("units:unit_codes", args=[employment.unit.public_id])

    def refusal_url(self) -> str:
        return reverse("home")
