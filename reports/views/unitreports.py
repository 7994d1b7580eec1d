"""Lists, writing and reading of reports."""

from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django_tables2 import RequestConfig

from ledger import clock
from ledger.events import history
from ledger.views import FormPage, Page, PortalView
from ledger.workflow import StepRefused
from reports import board, deadlines, figures, outline, services, sheet
from reports.filters import UnitReportFilter
from reports.forms import BeginForm, ReportForm
from reports.models import ReportingRound, ReportVersion, UnitReport
from reports.tables import UnitReportTable
from reports.workflow import REPORTS, WRITABLE
from units.models import Post, Unit
from vietnamese.dates import moment

PER_PAGE = 50
AFTER_SENDING = [
    "Nơi nhận xem báo cáo rồi tiếp nhận, hoặc trả lại kèm lý do. Kết quả hiện trong Thông báo.",
    "Khi chưa được tiếp nhận, người đứng đầu đơn vị thu hồi được để sửa.",
]
OTHER_ACTS = {
    "save": "Lưu nội dung",
    "begin": "Lập báo cáo",
    "refresh": "Lấy lại số liệu từ hệ thống",
    "move": "Chuyển cho đơn vị kế tục theo sắp xếp tổ chức",
    "move_back": "Trả về đơn vị cũ theo đính chính",
}


class UnitReportList(Page):
    """One's own units' reports round by round; for who reviews, those of other units."""

    permissions = {"GET": "reports.list_unitreports"}
    template_name = "reports/unitreport_list.html"

    def get_context(self) -> dict[str, Any]:
        user = self.request.user
        on = clock.today()
        calls = [
            {
                "call": call,
                "due_day": deadlines.due_day(call.reporting_round),
                "countdown": deadlines.countdown(call.reporting_round, on),
            }
            for call in board.calls(user)
        ]
        leads = user.has_perm("reports.view_line")
        return {
            "calls": calls,
            "leads_a_line": leads,
            "reviews": self._reviews(),
            **(self._others() if self._reviews() else {}),
        }

    def _others(self) -> dict[str, Any]:
        user = self.request.user
        acting = user.acting_in("reports")
        own = [post.unit_id for post in acting.posts_of(Post.Kind.HEAD, Post.Kind.CLERK)]
        others = UnitReport.objects.visible_to(user).exclude(unit_id__in=own)
        found = UnitReportFilter(self.request.GET, queryset=others.select_related("unit", "round"))
        table = UnitReportTable(found.qs)
        RequestConfig(self.request, paginate={"per_page": PER_PAGE}).configure(table)
        return {"filter": found, "table": table}

    def _reviews(self) -> bool:
        """Heads and Home Affairs take reports in, a professional superior reads them; other clerks only write."""
        user = self.request.user.acting_in("reports")
        return user.works_for_home_affairs or user.leads_a_line or bool(user.posts_of(Post.Kind.HEAD))


class UnitReportBegin(FormPage):
    """From a round to one's own report in it."""

    permissions: ClassVar[dict[str, str]] = {
        "GET": "reports.begin_unitreport",
        "POST": "reports.begin_unitreport",
    }
    model = ReportingRound
    form_class = BeginForm
    template_name = "reports/unitreport_begin.html"

    def _units(self) -> QuerySet[Unit]:
        user = self.request.user
        acting = user.acting_in("reports")
        own = [post.unit_id for post in acting.posts_of(Post.Kind.HEAD, Post.Kind.CLERK)]
        return Unit.objects.visible_to(user).filter(pk__in=own).order_by("sort_key")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"units": self._units()}

    def get_initial(self) -> dict[str, Any]:
        units = list(self._units())
        asked = [unit for unit in units if unit.public_id == self.request.GET.get("don-vi")]
        return {"unit": next(iter(asked or units), None)}

    def get_context(self) -> dict[str, Any]:
        return {
            "counted_on": figures.counted_on(self.object, clock.today()),
            "countdown": deadlines.countdown(self.object, clock.today()),
            "due_day": deadlines.due_day(self.object),
        }

    def act(self, form: Form) -> str:
        report = services.begin_report(
            reporting_round=self.object, unit=form.cleaned_data["unit"], by=self.request.user
        )
        self.say("Đã lập báo cáo. Số liệu có trong hệ thống đã được điền sẵn.")
        return reverse("reports:unitreport_edit", args=[report.public_id])

    def refusal_url(self) -> str:
        return reverse("reports:unitreport_list")


class OfOneReport(PortalView):
    """Pages of one report."""

    abstract = True
    model = UnitReport

    def get_queryset(self) -> QuerySet[UnitReport]:
        return super().get_queryset().select_related("unit", "round__campaign")


class UnitReportEdit(OfOneReport, FormPage):
    """The whole report on one page. Whatever happens, what was typed is still there."""

    permissions: ClassVar[dict[str, str]] = {
        "GET": "reports.write_unitreport",
        "POST": "reports.write_unitreport",
    }
    form_class = ReportForm
    template_name = "reports/unitreport_edit.html"

    def get(self, request: HttpRequest, *args, **kwargs):
        if self.object.status not in WRITABLE:
            state = self.object.get_status_display()
            messages.info(request, f"Báo cáo đang ở trạng thái “{state}”, không sửa được.")
            return redirect(self.object)
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"report": self.object}

    def get_context(self) -> dict[str, Any]:
        return {
            "countdown": deadlines.countdown(self.object.round, clock.today()),
            "due_day": deadlines.due_day(self.object.round),
            "overdue": deadlines.days_overdue(self.object.round, clock.today()),
            "counted_on": figures.counted_on(self.object.round, clock.today()),
            "reason": _reason_of_return(self.object),
        }

    def act(self, form: ReportForm) -> str:  # type: ignore[override]
        try:
            services.save_report(
                report=self.object,
                by=self.request.user,
                entries=form.entries,
                texts=form.texts,
                expect_version=form.cleaned_data["expect_version"],
            )
        except StepRefused as refusal:
            raise self.invalid(self._beside_what_is_stored(str(refusal))) from refusal
        self.say(f"Đã lưu lúc {moment(clock.now())}.")
        place = self.request.POST.get("then", "")
        if place == "xem":
            return self.object.get_absolute_url()
        return reverse("reports:unitreport_edit", args=[self.object.public_id]) + _fragment(place, form)

    def _beside_what_is_stored(self, sentence: str) -> ReportForm:
        self.object.refresh_from_db()
        form = ReportForm(self.request.POST, report=self.object)
        form.is_valid()
        form.clash(sentence)
        return form


def _fragment(place: str, form: ReportForm) -> str:
    """Back to the section whose button was pressed; nothing else of what the browser sent gets into the address."""
    known = {f"phu-luc-{annex.number}" for annex in form.annexes} | {"loi-van"}
    return f"#{place}" if place in known else ""


def _reason_of_return(report: UnitReport) -> str:
    if report.status != UnitReport.Status.RETURNED:
        return ""
    acts = history(REPORTS.kind, report.public_id)
    return next((act.reason for act in reversed(acts) if act.kind.endswith(".return")), "")


class UnitReportDetail(OfOneReport, Page):
    """State and what may be done now; figures, words, versions, history."""

    permissions = {"GET": "reports.view_unitreport"}
    template_name = "reports/unitreport_detail.html"

    def get_context(self) -> dict[str, Any]:
        report, user = self.object, self.request.user
        writes = user.has_perm("reports.write_unitreport", report)
        versions = list(report.versions.order_by("-number"))
        sealed = [row for row in versions if row.sealed_at]
        version = versions[0] if writes or not sealed else sealed[0]
        past = history(REPORTS.kind, report.public_id)
        return {
            **content_of(report, version),
            "writes": writes,
            "may": self._may(writes),
            "versions": versions,
            "timeline": timeline(past),
            "reason": _reason_of_return(report),
            "next_steps": AFTER_SENDING,
            "tone": board.TONES[report.status],
            "due_day": deadlines.due_day(report.round),
            "countdown": deadlines.countdown(report.round, clock.today()),
            "days_late": deadlines.days_late(report.round, report.first_sent_at)
            if report.first_sent_at
            else 0,
        }

    def _may(self, writes: bool) -> dict[str, bool]:
        """Acts the table allows in this state to this user."""
        report, user = self.object, self.request.user
        possible = {step.name for step in REPORTS.possible(report)}
        sends = user.has_perm("reports.submit_unitreport", report)
        reviews = user.has_perm("reports.review_unitreport", report)
        rights = {
            "present": writes and not sends,
            "withdraw": writes,
            "submit": sends,
            "recall": sends,
            "return": reviews,
            "accept": reviews,
        }
        return {"edit": writes and report.status in WRITABLE} | {
            name: right and name in possible for name, right in rights.items()
        }


def content_of(report: UnitReport, version: ReportVersion) -> dict[str, Any]:
    """Figures and words of a version as every page shows them."""
    rows = sheet.figures_of(version)
    faults = figures.faults(rows)
    passages = outline.passages(version, report.round)
    return {
        "version": version,
        "annexes": sheet.annexes(rows, sheet.figures_of(sheet.year_before(report))),
        "passages": passages,
        "faults": faults,
        "open_figures": len(figures.open_names(rows)),
        "open_passages": [passage for passage in passages if passage.is_free and not passage.text],
    }


def timeline(past) -> list[dict[str, Any]]:
    """Newest first; a run of savings by one person is one line."""
    lines: list[dict[str, Any]] = []
    for act in past:
        name = act.kind.rpartition(".")[2]
        step = next((step for step in REPORTS.steps if step.name == name), None)
        line = {
            "what": step.label if step else OTHER_ACTS.get(name, name),
            "who": act.by,
            "post": act.post,
            "at": act.at,
            "why": act.reason,
        }
        if name == "save" and lines and (lines[-1]["what"], lines[-1]["who"]) == (line["what"], line["who"]):
            lines.pop()
        lines.append(line)
    return lines[::-1]
