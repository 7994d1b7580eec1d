"""Compiling a round, watching it, and reading the paper."""

from datetime import timedelta
from typing import Any, ClassVar

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from documents.services import paper_response
from ledger import clock
from ledger.jobviews import JobView
from ledger.public_id import new_public_id
from ledger.views import PortalView, StepView
from reports import board, deadlines
from reports.models import ReportingRound, Rollup, UnitReport
from reports.rollup.coverage import STATES
from reports.rollup.facts import EXCUSED
from reports.services import rollups
from units.proof import ProvedForm
from vietnamese.dates import moment, short_date
from vietnamese.numbers import grouped


class RollupCompile(StepView):
    """What will be counted and what not, then one button. A second press leads to the compilation under way."""

    permissions: ClassVar[dict[str, str]] = {
        "GET": "reports.compile_rollup",
        "POST": "reports.compile_rollup",
    }
    model = ReportingRound
    form_class = ProvedForm
    button = "Tổng hợp báo cáo"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def get_context(self) -> dict[str, Any]:
        on = clock.today()
        standings = board.standing(self.object, on)
        accepted = sum(row.state == UnitReport.Status.ACCEPTED for row in standings)
        return {
            "heading": f"Tổng hợp: {self.object.name}",
            "button": self.button,
            "consequences": [
                "Số liệu được chốt tại lúc bắt đầu; báo cáo tiếp nhận sau đó không vào bản này.",
                "Chỉ báo cáo đã tiếp nhận được cộng. Đơn vị chưa gửi, gửi muộn, chờ tiếp nhận được nêu tên.",
                "Kết quả là bản trình ký dạng PDF, chưa có số, ngày và chữ ký.",
            ],
            "facts": [
                {"label": "Kỳ báo cáo", "value": self.object.name},
                {"label": "Hạn gửi", "value": self._term(on)},
                {
                    "label": "Đã tiếp nhận",
                    "value": f"{grouped(accepted)}/{grouped(board.tally(standings).total)} đơn vị",
                },
            ],
        }

    def _term(self, on) -> str:
        return (
            f"hết ngày {short_date(deadlines.due_day(self.object))}, {deadlines.countdown(self.object, on)}"
        )

    def act(self, form: Form) -> str:
        return rollups.compile_rollup(reporting_round=self.object, by=self.request.user).get_absolute_url()

    def refusal_url(self) -> str:
        running = rollups.active(self.object)
        return (running or self.object).get_absolute_url()


class RollupDetail(JobView):
    """Progress while it runs; afterwards the paper and what went into it, or why not."""

    permissions: ClassVar[dict[str, str]] = {"GET": "reports.view_rollup"}
    model = Rollup
    template_name = "reports/rollup_detail.html"

    def get_queryset(self):
        return super().get_queryset().select_related("round", "paper", "by")

    def get_context(self) -> dict[str, Any]:
        rollup, user = self.object, self.request.user
        may_compile = user.has_perm("reports.compile_rollup", rollup)
        address = {"public_id": rollup.public_id}
        return {
            "job": rollup,
            "heading": f"Tổng hợp: {rollup.round.name}",
            "title": "Tình hình",
            "elapsed": elapsed(rollup),
            "result_url": reverse("reports:rollup_paper", kwargs=address) if rollup.paper_id else "",
            "result_label": "Mở báo cáo tổng hợp (PDF)",
            "cancel_url": reverse("reports:rollup_cancel", kwargs=address) if may_compile else "",
            "advice": "Số liệu đã gửi vẫn còn nguyên; bấm “Tổng hợp lại” để làm lại từ đầu.",
            "again_url": reverse("reports:rollup_compile", args=[rollup.round.public_id])
            if may_compile and rollup.is_over
            else "",
            "idempotency_key": new_public_id(),
            "facts": _facts(rollup),
            **_summary(rollup.manifest),
        }


class RollupCancel(StepView):
    permissions: ClassVar[dict[str, str]] = {
        "GET": "reports.compile_rollup",
        "POST": "reports.compile_rollup",
    }
    model = Rollup
    heading = "Hủy lần tổng hợp này"
    consequence = "Việc đang chạy dừng lại và không có văn bản nào được lưu."
    button = "Hủy tổng hợp"
    success_message = "Đã hủy lần tổng hợp."

    def take(self, form: Form) -> None:
        rollups.cancel_rollup(rollup=self.object, by=self.request.user)


class RollupPaper(PortalView):
    """The stored bytes, exactly as they were made."""

    permissions: ClassVar[dict[str, str]] = {"GET": "reports.view_rollup"}
    model = Rollup

    def get_queryset(self):
        return super().get_queryset().select_related("round", "paper")

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if self.object.paper is None:
            raise Http404
        return paper_response(self.object.paper, f"bao-cao-tong-hop-{self.object.round.code}.pdf")


def elapsed(rollup: Rollup) -> str:
    """ "1 phút 12 giây" since the work began; “” before."""
    if rollup.started_at is None:
        return ""
    seconds = max(0, ((rollup.finished_at or clock.now()) - rollup.started_at) // timedelta(seconds=1))
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} phút {rest} giây" if minutes else f"{rest} giây"


def _facts(rollup: Rollup) -> list[dict[str, str]]:
    facts = [
        {"label": "Yêu cầu lúc", "value": moment(rollup.created_at)},
        {
            "label": "Người yêu cầu",
            "value": str(rollup.by) if rollup.by else "Cổng tự làm khi hết hạn gửi báo cáo",
        },
    ]
    if rollup.paper and rollup.finished_at:
        facts += [
            {"label": "Xong lúc", "value": moment(rollup.finished_at)},
            {
                "label": "Văn bản",
                "value": f"{rollup.paper.pages} trang, {grouped(rollup.paper.size // 1024)} KB",
            },
            {"label": "Mã băm SHA-256 của tệp", "value": rollup.paper.sha256},
            {"label": "Mã băm của danh mục số liệu", "value": rollup.manifest_sha256},
        ]
    return facts


def _summary(manifest: dict[str, Any]) -> dict[str, Any]:
    """What the page shows of a manifest: coverage, who is missing or late, which versions went in."""
    if not manifest:
        return {}
    units = manifest["units"]
    names = {row["key"]: row["name"] for row in units}
    return {
        "accepted": len(manifest["sources"]),
        "owing": sum(row["state"] != EXCUSED for row in units),
        "not_counted": [{**row, "word": STATES[row["state"]]} for row in units if row["state"] != "accepted"],
        "late": [row for row in units if row["days_late"]],
        "sources": [{"name": names[row["unit"]], **row} for row in manifest["sources"]],
    }
