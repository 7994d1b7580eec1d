"""A pledge is taken back, or goes to the unit that is right today."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse

from ledger.views import FormPage
from pledges import services
from pledges.forms import ProvedStepForm, WithdrawForm
from pledges.models import Pledge
from pledges.parties import may_be_signed_again, stops, whose
from pledges.services.handing import OTHER_WORDS, has_other_words, right_unit
from pledges.views.confirming import StepOnPledge
from pledges.views.reading import PledgePage
from pledges.wording import category_label
from units.models import Unit


class PledgeWithdraw(StepOnPledge):
    permissions = {"GET": "pledges.withdraw_pledge", "POST": "pledges.withdraw_pledge"}
    form_class = WithdrawForm
    template_name = "pledges/pledge_confirm.html"
    step_name = "withdraw"
    heading = "Rút bản cam kết"
    danger = True

    def consequence(self) -> str:
        again = "; ông/bà lại phải ký" if may_be_signed_again(self.object, self.request.user.today) else ""
        return (
            f"Bản cam kết năm {self.object.year} không còn hiệu lực và không ai xác nhận nữa{again}. "
            "Lần ký này vẫn được lưu."
        )

    def act(self, form: Form) -> str:
        services.withdraw_pledge(pledge=self.object, by=self.request.user, reason=form.cleaned_data["reason"])
        self.say(f"Đã rút bản cam kết năm {self.object.year}.")
        return self.object.get_absolute_url()


class PledgeRevoke(StepOnPledge):
    permissions = {"GET": "pledges.revoke_pledge", "POST": "pledges.revoke_pledge"}
    form_class = WithdrawForm
    template_name = "pledges/pledge_confirm.html"
    step_name = "revoke"
    heading = "Thu hồi bản cam kết"
    danger = True

    def consequence(self) -> str:
        is_units = self.object.kind == Pledge.Kind.COLLECTIVE
        told = "Người đứng đầu đơn vị" if is_units else "Người cam kết"
        again = " và phải ký lại" if may_be_signed_again(self.object, self.request.user.today) else ""
        return (
            f"Bản cam kết của {whose(self.object)} không còn hiệu lực; ai kiểm tra bản in sẽ thấy "
            f"“Đã thu hồi”. {told} nhận được thông báo kèm lý do{again}."
        )

    def act(self, form: Form) -> str:
        services.revoke_pledge(pledge=self.object, by=self.request.user, reason=form.cleaned_data["reason"])
        self.say(f"Đã thu hồi bản cam kết của {whose(self.object)}.")
        return self.object.get_absolute_url()


class PledgeHandOver(PledgePage, FormPage):
    """To the right unit; whoever may no longer see it there is sent to where he came from."""

    permissions = {"GET": "pledges.hand_over_pledge", "POST": "pledges.hand_over_pledge"}
    form_class = ProvedStepForm
    template_name = "pledges/pledge_confirm.html"

    def get(self, request: HttpRequest, *args, **kwargs):
        """Where there is nowhere to go, the pledge says so."""
        if has_other_words(self.object):
            messages.warning(request, OTHER_WORDS)
            return redirect(self.object)
        if self.right is None or self.right == self.object.signing_unit:
            messages.warning(request, self.consequence(self.object))
            return redirect(self.object)
        return super().get(request, *args, **kwargs)

    @cached_property
    def right(self) -> Unit | None:
        key = right_unit(self.object)
        return Unit.objects.visible_to(self.request.user).filter(pk=key).first() if key else None

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def get_context(self) -> dict[str, Any]:
        pledge: Pledge = self.object
        return {
            "pledge": pledge,
            "record": pledge.content,
            "category": category_label(pledge.content),
            "stops": stops(pledge, self.request.user.today),
            "heading": "Chuyển bản cam kết tới đơn vị đúng",
            "button": "Chuyển",
            "consequence": self.consequence(pledge),
        }

    def consequence(self, pledge: Pledge) -> str:
        unit, here = self.right, pledge.signing_unit.name
        if unit is None:
            return f"Bản cam kết đang ở {here}. Hôm nay chưa xác định được đơn vị đúng của người cam kết."
        if unit == pledge.signing_unit:
            return f"Bản cam kết đang ở đúng nơi: {here}. Không cần chuyển."
        return f"Bản cam kết đi từ {here} tới {unit.name}. Nội dung đã ký giữ nguyên; nơi mới xác nhận tiếp."

    def act(self, form: Form) -> str:
        pledge = services.hand_over(pledge=self.object, by=self.request.user)
        self.say(f"Đã chuyển bản cam kết của {whose(self.object)} tới {pledge.signing_unit.name}.")
        seen = Pledge.objects.visible_to(self.request.user).filter(pk=pledge.pk).exists()
        return pledge.get_absolute_url() if seen else reverse("home")
