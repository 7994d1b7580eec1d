"""Acts with weight on a plan: each shows all of it, asks for fresh proof, and acts on exactly what was shown."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest

from campaigns import services
from campaigns.content import content_of, digest, for_reading, repeated_elsewhere
from campaigns.forms import DecisionForm, ReturnForm
from campaigns.views.plans import PlanPage
from campaigns.workflow import PLAN
from ledger.views import FormPage


class PlanStep(PlanPage, FormPage):
    """A step on one plan. Subclasses say what is shown (`content`), what follows (`consequences`), and `do` it."""

    abstract = True
    form_class = DecisionForm
    template_name = "campaigns/unitplan_step.html"
    step_name = ""
    heading = ""
    danger = False

    def content(self) -> dict[str, Any]:
        """What was sent last."""
        return self.object.versions.order_by("number").last().content

    def consequences(self, content: dict[str, Any]) -> list[str]:
        return []

    def do(self, form: Form) -> None:
        raise NotImplementedError

    def get(self, request: HttpRequest, *args, **kwargs):
        step = PLAN.step(self.step_name)
        if self.object.status not in step.sources:
            return self.late(PLAN.refusal(self.object, step))
        return super().get(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"seen": digest(self.content())}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def get_context(self) -> dict[str, Any]:
        content = self.content()
        return {
            "plan": self.object,
            "content": for_reading(content),
            "heading": self.heading,
            "danger": self.danger,
            "button": PLAN.step(self.step_name).label,
            "consequences": self.consequences(content),
            "lacking": services.what_lacks(content),
            "cancel_url": self.object.get_absolute_url(),
        }

    def act(self, form: Form) -> str:
        try:
            self.do(form)
        except ValidationError as error:
            form.add_error(None, error)
            raise self.invalid(form) from error
        return self.object.get_absolute_url()


class UnitPlanSubmit(PlanStep):
    permissions = {"GET": "campaigns.submit_unitplan", "POST": "campaigns.submit_unitplan"}
    step_name = "submit"
    heading = "Gửi kế hoạch"
    success_message = "Đã gửi kế hoạch."

    def content(self) -> dict[str, Any]:
        return content_of(self.object)

    def consequences(self, content: dict[str, Any]) -> list[str]:
        empty = [group["clause"] for group in content["groups"] if not group["tasks"]]
        said = [
            "Toàn bộ nội dung trên được gửi đúng như đang hiển thị.",
            "Sau đó chỉ sửa được khi kế hoạch bị trả lại.",
        ]
        return [*said, f"Nhóm nhiệm vụ chưa có việc nào: {', '.join(empty)}."] if empty else said

    def do(self, form: Form) -> None:
        services.submit_plan(by=self.request.user, plan=self.object, seen=form.cleaned_data["seen"])


class UnitPlanReturn(PlanStep):
    permissions = {"GET": "campaigns.review_unitplan", "POST": "campaigns.review_unitplan"}
    form_class = ReturnForm
    step_name = "return"
    heading = "Trả lại kế hoạch"
    danger = True
    success_message = "Đã trả lại kế hoạch kèm lý do."

    def consequences(self, content: dict[str, Any]) -> list[str]:
        return ["Đơn vị nhận được lý do, sửa kế hoạch rồi gửi lại."]

    def do(self, form: Form) -> None:
        typed = form.cleaned_data
        services.return_plan(
            by=self.request.user, plan=self.object, reason=typed["reason"], seen=typed["seen"]
        )


class UnitPlanAccept(PlanStep):
    permissions = {"GET": "campaigns.review_unitplan", "POST": "campaigns.review_unitplan"}
    step_name = "accept"
    heading = "Tiếp nhận kế hoạch"
    success_message = "Đã tiếp nhận kế hoạch."

    def consequences(self, content: dict[str, Any]) -> list[str]:
        said = [
            "Kế hoạch được tiếp nhận đúng như nội dung trên và không sửa được nữa.",
            "Đơn vị nhận được thông báo.",
        ]
        count = repeated_elsewhere(self.object, content)
        return [*said, f"{count} nhiệm vụ trùng nguyên văn với kế hoạch của đơn vị khác."] if count else said

    def do(self, form: Form) -> None:
        services.accept_plan(by=self.request.user, plan=self.object, seen=form.cleaned_data["seen"])
