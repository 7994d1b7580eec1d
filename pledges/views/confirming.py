"""What the head and the union do with a pledge: each step shows the whole text and acts on exactly that text."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest
from django.shortcuts import redirect

from ledger.views import FormPage, StepForm
from pledges import services
from pledges.forms import ConfirmForm, ReturnForm
from pledges.parties import may_be_signed_again, stops, who_answers, whose
from pledges.services.confirming import YEAR_OVER
from pledges.views.reading import PledgePage
from pledges.wording import category_label
from pledges.workflow import PLEDGE
from units import proof


class StepOnPledge(PledgePage, FormPage):
    """One step on a pledge, with the whole text on the page and its digest in the form (rules R23, R26)."""

    abstract = True
    step_name = ""
    heading = ""
    danger = False

    def get(self, request: HttpRequest, *args, **kwargs):
        step = PLEDGE.step(self.step_name)
        if self.object.status not in step.sources:
            messages.warning(request, PLEDGE.refusal(self.object, step))
            return redirect(self.object)
        return super().get(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"seen_sha256": self.object.sha256}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def get_context(self) -> dict[str, Any]:
        return {
            "pledge": self.object,
            "record": self.object.content,
            "category": category_label(self.object.content),
            "stops": stops(self.object, self.request.user.today),
            "heading": self.heading,
            "button": PLEDGE.step(self.step_name).label,
            "consequence": self.consequence(),
            "danger": self.danger,
        }

    def consequence(self) -> str:
        raise NotImplementedError


class PledgeCountersign(StepOnPledge):
    permissions = {"GET": "pledges.countersign_pledge", "POST": "pledges.countersign_pledge"}
    form_class = ConfirmForm
    template_name = "pledges/pledge_confirm.html"
    step_name = "countersign"
    heading = "Xác nhận bản cam kết"

    def consequence(self) -> str:
        return (
            "Cổng ghi xác nhận điện tử của ông/bà, với tư cách người đứng đầu, cho đúng nội dung trên đây. "
            "Xác nhận rồi thì không rút lại được."
        )

    def act(self, form: Form) -> str:
        services.countersign(
            pledge=self.object,
            by=self.request.user,
            seen_sha256=form.cleaned_data["seen_sha256"],
            proof=proof.given(self.request),
        )
        self.say(f"Đã xác nhận bản cam kết của {whose(self.object)}.")
        return self.object.get_absolute_url()


class PledgeCountersignUnion(StepOnPledge):
    permissions = {"GET": "pledges.countersign_union", "POST": "pledges.countersign_union"}
    form_class = ConfirmForm
    template_name = "pledges/pledge_confirm.html"
    step_name = "countersign_union"
    heading = "Công đoàn cơ sở xác nhận bản cam kết"

    def consequence(self) -> str:
        return (
            "Cổng ghi xác nhận điện tử của ông/bà, thay mặt Ban Chấp hành công đoàn cơ sở, cho đúng nội dung trên đây. "
            "Bản cam kết khi đó đủ xác nhận."
        )

    def act(self, form: Form) -> str:
        services.countersign_for_union(
            pledge=self.object,
            by=self.request.user,
            seen_sha256=form.cleaned_data["seen_sha256"],
            proof=proof.given(self.request),
        )
        self.say(f"Đã xác nhận bản cam kết của {whose(self.object)}.")
        return self.object.get_absolute_url()


class PledgeReturn(StepOnPledge):
    permissions = {"GET": "pledges.return_pledge", "POST": "pledges.return_pledge"}
    form_class = ReturnForm
    template_name = "pledges/pledge_confirm.html"
    step_name = "return"
    heading = "Trả lại bản cam kết"
    danger = True

    def get(self, request: HttpRequest, *args, **kwargs):
        if not may_be_signed_again(self.object, self.request.user.today):
            messages.warning(request, YEAR_OVER.format(year=self.object.year))
            return redirect(self.object)
        return super().get(request, *args, **kwargs)

    def consequence(self) -> str:
        found = who_answers([self.object], self.request.user.today).get(self.object.pk)
        back_to = found.full_name if found else whose(self.object)
        return f"Bản cam kết trở về {back_to} kèm lý do để ký lại; lần ký này vẫn được lưu."

    def act(self, form: Form) -> str:
        services.return_pledge(
            pledge=self.object,
            by=self.request.user,
            reason=form.cleaned_data["reason"],
            seen_sha256=form.cleaned_data["seen_sha256"],
        )
        self.say(f"Đã trả lại bản cam kết của {whose(self.object)}.")
        return self.object.get_absolute_url()


class PledgeComplete(StepOnPledge):
    """The union that was waited for takes no part any more: the head closes with two confirmations."""

    permissions = {"GET": "pledges.countersign_pledge", "POST": "pledges.countersign_pledge"}
    form_class = StepForm
    template_name = "pledges/pledge_confirm.html"
    step_name = "complete_without_union"
    heading = "Hoàn tất với hai xác nhận"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {}

    def consequence(self) -> str:
        return (
            f"Công đoàn cơ sở của {self.object.signing_unit.name} không còn tham gia xác nhận. Bản này và các bản khác "
            "của đơn vị đang chờ công đoàn được hoàn tất với hai xác nhận đã có."
        )

    def act(self, form: Form) -> str:
        done = services.complete_without_union(pledge=self.object, by=self.request.user)
        self.say(f"Đã hoàn tất {len(done)} bản cam kết với hai xác nhận.")
        return self.object.get_absolute_url()
