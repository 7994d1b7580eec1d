"""Acts of reorganisation: the list, seeing what will happen, doing it, taking it back."""

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.forms import Form
from django.urls import reverse

from ledger import clock, events
from ledger.views import FormPage, Page
from ledger.workflow import StepRefused
from units import services
from units.forms.reorganisation import CarryOutForm, CorrectionForm, ReasonForm
from units.models import Reorganisation
from units.reorganisation import account
from units.reorganisation.orders import Orders
from units.workflow import REORGANISATION

Kind, Status = Reorganisation.Kind, Reorganisation.Status
PAGE = 50


class ReorganisationList(Page):
    permissions = {"GET": "units.view_unit"}
    template_name = "units/reorganisation_list.html"

    def get_context(self) -> dict[str, Any]:
        acts = Reorganisation.objects.visible_to(self.request.user).order_by("-on", "-pk")
        coming = [Status.DRAFT, Status.PLANNED, Status.REFUSED]
        page = Paginator(acts.exclude(status__in=coming), PAGE).get_page(self.request.GET.get("page"))
        return {
            "coming": acts.filter(status__in=coming).order_by("on", "pk"),
            "page_obj": page,
            "may_reorganise": self.request.user.has_perm("units.reorganise"),
        }


class ReorganisationDetail(Page):
    """An act as it was done, or as it waits for its day."""

    permissions = {"GET": "units.view_unit"}
    model = Reorganisation
    template_name = "units/reorganisation_detail.html"

    def get_context(self) -> dict[str, Any]:
        act = self.object
        may = self.request.user.has_perm("units.reorganise")
        return {
            "history": self._history() if may else [],
            "warnings": account.warnings(account.restored(act.report)),
            "successions": act.successions.select_related("predecessor", "successor").order_by("pk"),
            "may_carry_out": may and act.status in {Status.DRAFT, Status.REFUSED},
            "may_withdraw": may and act.status in {Status.DRAFT, Status.PLANNED, Status.REFUSED},
            "may_correct": may and act.status == Status.DONE and act.kind != Kind.CORRECTION,
        }

    def _history(self) -> list[dict[str, Any]]:
        acts = events.history(REORGANISATION.kind, self.object.public_id)
        return [
            {
                "what": REORGANISATION.done_words(act.kind).capitalize(),
                "who": act.by,
                "post": act.post,
                "at": act.at,
                "why": act.reason,
            }
            for act in reversed(acts)
        ]


class ReorganisationCarryOut(FormPage):
    """Before and after, what moves and what stays, what needs a decision; then one act, or a date in the calendar."""

    permissions = {"GET": "units.reorganise", "POST": "units.reorganise"}
    model = Reorganisation
    form_class = CarryOutForm
    template_name = "units/reorganisation_carry_out.html"

    refusal = ""

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    @cached_property
    def rehearsal(self) -> Any:
        """What would happen now; None where it is not possible, and `refusal` says why."""
        try:
            return services.rehearse_reorganisation(
                orders=Orders.from_json(self.object.orders), by=self.request.user, act=self.object
            )
        except StepRefused as error:
            self.refusal = str(error)
            return None

    def get_initial(self) -> dict[str, Any]:
        return {"digest": self.rehearsal.digest} if self.rehearsal else {}

    def get_context(self) -> dict[str, Any]:
        rehearsal = self.rehearsal
        return {
            "rehearsal": rehearsal,
            "sides": [("Trước", rehearsal.before), ("Sau", rehearsal.after)] if rehearsal else [],
            "refusal": self.refusal,
            "is_future": self.object.on > clock.today(),
        }

    def act(self, form: Form) -> str:
        services.carry_out_draft(
            act=self.object, expect_digest=form.cleaned_data["digest"], by=self.request.user
        )
        return self.object.get_absolute_url()

    def refusal_url(self) -> str:
        return reverse("units:reorganisation_carry_out", args=[self.object.public_id])


class ReorganisationWithdraw(FormPage):
    permissions = {"GET": "units.reorganise", "POST": "units.reorganise"}
    model = Reorganisation
    form_class = ReasonForm
    template_name = "units/reorganisation_withdraw.html"
    success_message = "Đã rút việc sắp xếp; không có gì thay đổi ở các đơn vị."

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def act(self, form: Form) -> str:
        services.withdraw_reorganisation(
            act=self.object, reason=form.cleaned_data["reason"], by=self.request.user
        )
        return reverse("units:reorganisation_list")


class ReorganisationCorrect(FormPage):
    """A counter-act: everything as it was before, both acts kept for ever."""

    permissions = {"GET": "units.reorganise", "POST": "units.reorganise"}
    model = Reorganisation
    form_class = CorrectionForm
    template_name = "units/reorganisation_correct.html"
    success_message = "Đã đính chính: các đơn vị, con người và giấy tờ trở lại như trước."

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def act(self, form: Form) -> str:
        counter = services.correct_reorganisation(
            act=self.object,
            decision=form.cleaned_data["decision"],
            reason=form.cleaned_data["reason"],
            by=self.request.user,
        )
        return counter.get_absolute_url()
