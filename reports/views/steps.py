"""Acts on one report, each with a page that shows exactly what will happen."""

from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse

from ledger.views import StepView
from reports import deadlines, services
from reports.forms import ReturnForm, ReviewForm, SubmitForm, VersionForm
from reports.views.unitreports import OfOneReport, content_of
from reports.workflow import REPORTS
from vietnamese.dates import short_date


class _Step(OfOneReport, StepView):
    """`step_name` is the row of the table; the button takes its label from there."""

    abstract = True
    step_name: ClassVar[str] = ""
    danger: ClassVar[bool] = False
    consequences: ClassVar[list[str]] = []

    def get_initial(self) -> dict[str, Any]:
        return {"expect_version": self.object.version}

    def get(self, request: HttpRequest, *args, **kwargs):
        """A step that is not possible any more says so at once, not after the form is filled in."""
        if self.step_name and self.object.status not in REPORTS.step(self.step_name).sources:
            messages.warning(request, REPORTS.refusal(self.object, REPORTS.step(self.step_name)))
            return redirect(self.object)
        return super().get(request, *args, **kwargs)

    def label(self) -> str:
        return REPORTS.step(self.step_name).label

    def get_context(self) -> dict[str, Any]:
        return {
            "heading": f"{self.label()}: {self.object.round.name}",
            "button": self.label(),
            "consequences": self.consequences,
            "danger": self.danger,
            "facts": [
                {"label": "Đơn vị", "value": self.object.unit.name},
                {"label": "Kỳ báo cáo", "value": self.object.round.name},
                {"label": "Hạn gửi", "value": f"hết ngày {short_date(deadlines.due_day(self.object.round))}"},
            ],
        }


class UnitReportPresent(_Step):
    permissions: ClassVar[dict[str, str]] = {
        "GET": "reports.write_unitreport",
        "POST": "reports.write_unitreport",
    }
    form_class = VersionForm
    step_name = "present"
    consequences = [
        "Người đứng đầu đơn vị được báo để xem và gửi báo cáo.",
        "Trong lúc chờ, báo cáo không sửa được; cần sửa thì rút về.",
    ]
    success_message = "Đã trình lãnh đạo."

    def take(self, form: Form) -> None:
        services.present(report=self.object, by=self.request.user, **form.cleaned_data)


class UnitReportWithdraw(_Step):
    permissions: ClassVar[dict[str, str]] = {
        "GET": "reports.write_unitreport",
        "POST": "reports.write_unitreport",
    }
    form_class = VersionForm
    step_name = "withdraw"
    consequences = ["Báo cáo trở lại trạng thái đang lập, đơn vị sửa tiếp được."]
    success_message = "Đã rút về để sửa."

    def take(self, form: Form) -> None:
        services.withdraw(report=self.object, by=self.request.user, **form.cleaned_data)


class UnitReportRefresh(_Step):
    """Counting the live records again is no step of the table."""

    permissions: ClassVar[dict[str, str]] = {
        "GET": "reports.write_unitreport",
        "POST": "reports.write_unitreport",
    }
    form_class = VersionForm
    consequences = [
        "Số liệu hệ thống tự tính được đếm lại từ danh sách, bản cam kết và kế hoạch tại ngày chốt.",
        "Số đã nhập tay giữ nguyên.",
    ]

    def label(self) -> str:
        return "Lấy lại số liệu từ hệ thống"

    def take(self, form: Form) -> None:
        changed = services.refresh_figures(report=self.object, by=self.request.user, **form.cleaned_data)
        self.say(f"Đã lấy lại số liệu: {changed} ô thay đổi." if changed else "Số liệu không có gì thay đổi.")

    def act(self, form: Form) -> str:
        self.take(form)
        return reverse("reports:unitreport_edit", args=[self.object.public_id])


class _ProvedStep(_Step):
    """An act with weight: fresh proof, and the whole content on the page (rule R26)."""

    abstract = True
    template_name = "reports/unitreport_step.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def version(self):
        return self.object.current()

    def get_context(self) -> dict[str, Any]:
        return super().get_context() | content_of(self.object, self.version())


class UnitReportSubmit(_ProvedStep):
    permissions: ClassVar[dict[str, str]] = {
        "GET": "reports.submit_unitreport",
        "POST": "reports.submit_unitreport",
    }
    form_class = SubmitForm
    step_name = "submit"
    consequences = [
        "Báo cáo được gửi đúng như nội dung dưới đây và được niêm lại.",
        "Sau khi gửi chỉ sửa được khi đơn vị thu hồi (lúc chưa được tiếp nhận) hoặc khi bị trả lại.",
    ]

    def act(self, form: Form) -> str:
        try:
            services.submit_report(
                report=self.object, by=self.request.user, expect_version=form.cleaned_data["expect_version"]
            )
        except ValidationError as error:
            form.add_error(None, error)
            raise self.invalid(form) from error
        return self.object.get_absolute_url()


class UnitReportRecall(_ProvedStep):
    permissions: ClassVar[dict[str, str]] = {
        "GET": "reports.submit_unitreport",
        "POST": "reports.submit_unitreport",
    }
    form_class = SubmitForm
    step_name = "recall"
    danger = True
    consequences = [
        "Báo cáo trở lại trạng thái đang lập. Bản đã gửi vẫn được lưu.",
        "Nếu đây là lần gửi đầu, thời điểm gửi được tính lại khi gửi lần sau.",
    ]
    success_message = "Đã thu hồi báo cáo để sửa."

    def take(self, form: Form) -> None:
        services.recall(
            report=self.object, by=self.request.user, expect_version=form.cleaned_data["expect_version"]
        )


class _Review(_ProvedStep):
    abstract = True

    def version(self):
        return self.object.last_sent() or self.object.current()

    def get_initial(self) -> dict[str, Any]:
        return {"seen_sha256": self.version().sha256}


class UnitReportReturn(_Review):
    permissions: ClassVar[dict[str, str]] = {
        "GET": "reports.review_unitreport",
        "POST": "reports.review_unitreport",
    }
    form_class = ReturnForm
    step_name = "return"
    danger = True
    consequences = ["Đơn vị được báo kèm lý do, sửa và gửi lại.", "Bản đã gửi vẫn được lưu."]
    success_message = "Đã trả lại báo cáo."

    def take(self, form: Form) -> None:
        given = form.cleaned_data
        services.return_report(
            report=self.object, by=self.request.user, reason=given["reason"], seen_sha256=given["seen_sha256"]
        )


class UnitReportAccept(_Review):
    permissions: ClassVar[dict[str, str]] = {
        "GET": "reports.review_unitreport",
        "POST": "reports.review_unitreport",
    }
    form_class = ReviewForm
    step_name = "accept"
    consequences = [
        "Số liệu và nội dung dưới đây được đưa vào báo cáo tổng hợp.",
        "Sau khi tiếp nhận, đơn vị không thu hồi hay sửa được nữa.",
    ]
    success_message = "Đã tiếp nhận báo cáo."

    def take(self, form: Form) -> None:
        services.accept_report(
            report=self.object, by=self.request.user, seen_sha256=form.cleaned_data["seen_sha256"]
        )
