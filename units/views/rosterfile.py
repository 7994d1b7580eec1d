"""Rosters that come as files: upload, the columns, what would change, the act, and taking it back.

One address shows one upload in all its states; while a worker is at it, the page shows how far it is.
"""

from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from ledger import clock
from ledger.models import Job
from ledger.public_id import new_public_id
from ledger.views import FormPage, Page, PortalView, StepForm, StepView
from units import preview
from units.forms.rosters import ApplyForm, ColumnsForm, RosterRowsForm, RosterUploadForm
from units.models import RosterUpload, Unit
from units.proof import ProvedForm
from units.rosterfile import standing
from units.rosterfile.columns import COLUMNS
from units.services import rosters
from vietnamese.dates import moment
from vietnamese.keys import search_key

PAGE = 50
READ = {"GET": "units.import_roster"}
DO = {"GET": "units.import_roster", "POST": "units.import_roster"}


class RosterUploadList(Page):
    """The uploads of one unit, newest first, and what can be fetched for filling in."""

    permissions = READ
    model = Unit
    template_name = "units/rosterupload_list.html"

    def get_context(self) -> dict[str, Any]:
        uploads = RosterUpload.objects.visible_to(self.request.user).filter(unit=self.object)
        rows = uploads.defer("content", "journal").select_related("by").order_by("-created_at")
        page = Paginator(rows, PAGE).get_page(self.request.GET.get("page"))
        return {
            "page_obj": page,
            "rows": [{"upload": row, "tone": preview.TONES[row.status]} for row in page],
        }


class RosterUploadCreate(FormPage):
    """The file; its check begins at once."""

    permissions = DO
    model = Unit
    form_class = RosterUploadForm
    template_name = "units/rosterupload_create.html"

    def get_initial(self) -> dict[str, Any]:
        return {"on": clock.today()}

    def make_form(self, data=None) -> Form:
        files = self.request.FILES if data is not None else None
        return self.form_class(data, files, initial=self.get_initial())

    def act(self, form: Form) -> str:
        file = form.cleaned_data["file"]
        upload = rosters.upload_roster(
            unit=self.object,
            content=file.read(),
            filename=file.name,
            on=form.cleaned_data["on"],
            complete=form.cleaned_data["complete"],
            by=self.request.user,
        )
        earlier = rosters.applied_before(upload)
        if earlier and earlier.applied_at:
            self.say(
                f"Chính tệp này đã được cập nhật cho {upload.unit.name} lúc {moment(earlier.applied_at)}. Kết "
                "quả kiểm tra "
                "dưới đây cho thấy còn gì khác hay không."
            )
        return upload.get_absolute_url()

    def refusal_url(self) -> str:
        return reverse("units:rosterupload_create", args=[self.object.public_id])


class OfUpload(PortalView):
    """Pages of one upload, read without its bytes."""

    abstract = True
    model = RosterUpload

    def get_queryset(self):
        return super().get_queryset().select_related("unit", "by").defer("content", "journal")


class RosterUploadDetail(OfUpload):
    """Whatever state it is in: progress, the columns it lacks, faults, what would change, or what was done."""

    permissions = READ
    template_name = "units/rosterupload_detail.html"

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        job = preview.latest_job(self.object)
        if not request.htmx:  # type: ignore[attr-defined]
            return self.show(job=job)
        response = render(request, "includes/_progress.html", {"view": self, **self._progress(job)})
        if job is None or job.is_over:
            response["HX-Refresh"] = "true"
        return response

    def _progress(self, job: Job | None) -> dict[str, Any]:
        return {
            "job": job,
            "title": preview.job_title(job),
            "elapsed": _elapsed(job),
            "advice": "Danh sách trên cổng vẫn còn nguyên như trước. Bấm “Kiểm tra lại” để làm lại từ đầu.",
        }

    def get_context(self) -> dict[str, Any]:
        upload, job = self.object, preview.latest_job(self.object)
        context = self._progress(job) | {
            "waiting": job is not None and not job.is_over,
            "failed": job is not None and job.status == Job.Status.FAILED,
            "tone": preview.TONES[upload.status],
            "facts": preview.facts(upload),
            "changes": rosters.changes(upload),
            "next": preview.what_next(upload),
            "again": upload.status in rosters.ROSTER.step("check_again").sources,
            "columns": _columns_used(upload),
            "idempotency_key": new_public_id(),
        }
        if context["waiting"] or not upload.counts:
            return context
        return context | self._rows()

    def _rows(self) -> dict[str, Any]:
        upload = self.object
        form = RosterRowsForm(self.request.GET or None)
        asked = form.cleaned_data["q"] if form.is_valid() else ""
        tabs = preview.tabs(upload, self.request.GET.get("loai", ""))
        shown = next((tab["key"] for tab in tabs if tab["current"]), "")
        if shown == preview.FAULTS:
            found = upload.faults.order_by("line", "pk")
        else:
            found = (
                upload.rows.filter(action=shown).select_related("unit", "contract").order_by("sort_key", "pk")
            )
            if asked:
                key = search_key(asked)
                found = found.filter(Q(search_key__contains=key) | Q(code__icontains=asked))
        page = Paginator(found, PAGE).get_page(self.request.GET.get("page"))
        rows = (
            list(page)
            if shown == preview.FAULTS
            else preview.told(page.object_list, self.request.user, upload)
        )
        return {
            "tabs": tabs,
            "shown": shown,
            "is_faults": shown == preview.FAULTS,
            "form": form,
            "page_obj": page,
            "rows": rows,
        }


class RosterUploadColumns(OfUpload, FormPage):
    """Which column is which: where the headings do not say it, or were taken for something else than they mean."""

    permissions = DO
    form_class = ColumnsForm
    template_name = "units/rosterupload_columns.html"
    success_message = "Đã ghi các cột; tệp đang được kiểm tra lại."

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"upload": self.object, "one_unit": len(standing.units_of(self.object)) == 1}

    def get_context(self) -> dict[str, Any]:
        headings, samples = self.object.columns.get("headings", []), self.object.columns.get("samples", [])
        return {
            "columns": [(name, samples[at] if at < len(samples) else []) for at, name in enumerate(headings)],
            "lacking": self.object.status == RosterUpload.Status.MAPPING,
        }

    def act(self, form: Form) -> str:
        rosters.map_columns(upload=self.object, columns=form.cleaned_data["columns"], by=self.request.user)
        return self.object.get_absolute_url()


class RosterUploadCheck(OfUpload, FormPage):
    """The same file against what is true now."""

    permissions = DO
    form_class = StepForm
    template_name = "includes/step_page.html"

    def get_context(self) -> dict[str, Any]:
        return {
            "heading": "Kiểm tra lại danh sách",
            "button": "Kiểm tra lại",
            "consequence": "Tệp đã tải lên được so lại với danh sách hiện có trên cổng. Chưa có gì thay đổi.",
        }

    def act(self, form: Form) -> str:
        rosters.check_again(upload=self.object, by=self.request.user)
        return self.object.get_absolute_url()


class RosterUploadApply(OfUpload, StepView):
    """Exactly what will be done, then one button."""

    permissions = DO
    form_class = ApplyForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def get_initial(self) -> dict[str, Any]:
        return {"digest": rosters.digest_of(self.object)}

    def get_context(self) -> dict[str, Any]:
        upload = self.object
        return {
            "heading": f"Cập nhật danh sách: {upload.unit.name}",
            "button": "Cập nhật theo danh sách này",
            "facts": preview.facts(upload),
            "consequences": preview.consequences(upload),
        }

    def act(self, form: Form) -> str:
        digest = form.cleaned_data["digest"]
        rosters.apply_roster(upload=self.object, digest=digest, by=self.request.user)
        return self.object.get_absolute_url()


class RosterUploadUndo(OfUpload, StepView):
    permissions = DO
    form_class = ProvedForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def get_context(self) -> dict[str, Any]:
        return {
            "heading": f"Hoàn tác cập nhật: {self.object.unit.name}",
            "button": "Hoàn tác",
            "danger": True,
            "facts": preview.facts(self.object),
            "consequences": [
                "Mọi người, nơi làm việc, họ tên và chức danh trở lại đúng như trước khi cập nhật.",
                "Người được thêm theo danh sách này không còn trên cổng.",
                "Chỉ hoàn tác được khi chưa có việc gì dựa trên danh sách này: bản cam kết, chức vụ, tài "
                "khoản đã kích hoạt.",
            ],
        }

    def act(self, form: Form) -> str:
        rosters.undo_roster(upload=self.object, by=self.request.user)
        self.say("Đã hoàn tác. Danh sách trở lại như trước khi cập nhật.")
        return self.object.get_absolute_url()


def _columns_used(upload: RosterUpload) -> list[tuple[str, str]]:
    """Ours, and the heading in the file that is taken for it."""
    headings, used = upload.columns.get("headings", []), upload.columns.get("map", {})
    return [
        (column.heading, headings[used[column.field]] or f"Cột thứ {used[column.field] + 1}")
        for column in COLUMNS
        if column.field in used
    ]


def _elapsed(job: Job | None) -> str:
    if job is None or job.started_at is None:
        return ""
    seconds = max(0, ((job.finished_at or clock.now()) - job.started_at) // timedelta(seconds=1))
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} phút {rest} giây" if minutes else f"{rest} giây"
