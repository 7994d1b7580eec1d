"""A unit's year as one book or one archive: what will be in it, its making, the file."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import FileResponse, HttpRequest
from django.shortcuts import redirect
from django.urls import reverse

from ledger.jobviews import JobView
from ledger.public_id import new_public_id
from ledger.views import FormPage, Page, PortalView, StepForm, StepView
from pledges import books, bookshelf, coverage
from pledges.forms.books import BookForm, UnitNameForm, YearOfUnitForm
from pledges.models import BookJob
from pledges.services import books as services
from pledges.views.reviewwriting import current
from units import tree
from units.models import Unit
from vietnamese.dates import moment, short_date
from vietnamese.keys import search_key
from vietnamese.numbers import grouped, share

GONE = "Tệp này không còn: mỗi tệp được giữ 30 ngày. Lập lại khi cần, nội dung lấy từ các bản đã lưu."
NAMES = {BookJob.Form.BOOK: ("so-cam-ket", "pdf"), BookJob.Form.ARCHIVE: ("cam-ket", "zip")}
TYPES = {"pdf": "application/pdf", "zip": "application/zip"}


SHOWN = 50


class BookUnits(Page):
    """The units whose year this person may have bound, found by name."""

    permissions = {"GET": "pledges.list_books"}
    template_name = "pledges/bookjob_units.html"

    def get_context(self) -> dict[str, Any]:
        user = self.request.user.acting_in("pledges")
        form = UnitNameForm(self.request.GET)
        asked = search_key(form.cleaned_data["q"]) if form.is_valid() else ""
        standing = tree.load(user.today)
        kept = set(standing.placements) if user.works_for_home_affairs else user.units_in_charge()
        with_papers = [
            key for key in kept if key in standing.placements and standing.placements[key].own_papers
        ]
        found = Unit.objects.visible_to(user).filter(pk__in=with_papers, search_key__contains=asked)
        count = found.count()
        return {
            "form": form,
            "count": count,
            "more": count > SHOWN,
            "shown": SHOWN,
            "units": found.order_by("kind", "sort_key")[:SHOWN],
        }


class BookOrder(FormPage):
    """What will be in it, in numbers, and one button for each form; what was made before stands below."""

    permissions = {"GET": "pledges.keep_books", "POST": "pledges.keep_books"}
    model = Unit
    form_class = BookForm
    template_name = "pledges/bookjob_order.html"

    @cached_property
    def year(self) -> int:
        today = self.request.user.today
        asked = YearOfUnitForm(self.request.GET, units=[], today=today)
        return int((asked.is_valid() and asked.cleaned_data["nam"]) or today.year)

    def get_context(self) -> dict[str, Any]:
        user, unit, year = self.request.user, self.object, self.year
        on = coverage.day_for(year, user.today)
        found = coverage.over(books.area(unit, on), campaign=current(user), year=year, on=on)
        count = services.bound_in(unit, current(user), year, on)
        return {
            "unit": unit,
            "year": year,
            "years": YearOfUnitForm(self.request.GET or {"nam": year}, units=[], today=user.today),
            "count": count,
            "too_many": count > books.MOST_IN_A_BOOK,
            "most": books.MOST_IN_A_BOOK,
            "figures": [
                {"label": "Đã ký cam kết", "value": share(found.signed, found.people)},
                {"label": "Đã đủ xác nhận", "value": share(found.complete, found.people)},
            ],
            "on": on,
            "made": services.latest_of(unit, year),
        }

    def act(self, form: Form) -> str:
        user = self.request.user
        job = services.order_book(
            unit=self.object, campaign=current(user), year=self.year, form=form.cleaned_data["form"], by=user
        )
        return job.get_absolute_url()

    def refusal_url(self) -> str:
        return f"{reverse('pledges:bookjob_order', args=[self.object.public_id])}?nam={self.year}"


class BookDetail(JobView):
    permissions = {"GET": "pledges.keep_books"}
    model = BookJob
    template_name = "pledges/bookjob_detail.html"

    def get_queryset(self):
        return super().get_queryset().select_related("unit", "by")

    def get_context(self) -> dict[str, Any]:
        job = self.object
        facts = [
            {"label": "Đặt lúc", "value": f"{moment(job.created_at)}, {job.by}"},
            {"label": "Số bản", "value": grouped(job.pledges)},
        ]
        if job.path:
            until = (job.finished_at + bookshelf.KEPT_FOR).date()
            facts += [
                {"label": "Tệp", "value": f"{grouped(max(1, job.size // 1024))} KB"},
                {"label": "Mã băm SHA-256 của tệp", "value": job.sha256},
                {"label": "Giữ đến ngày", "value": short_date(until)},
            ]
        return {
            "job": job,
            "title": "Tình hình",
            "facts": facts,
            "gone": GONE if job.status == job.Status.DONE and not job.path else "",
            "result_url": reverse("pledges:bookjob_file", args=[job.public_id]) if job.path else "",
            "result_label": "Tải tệp về",
            "cancel_url": reverse("pledges:bookjob_cancel", args=[job.public_id]),
            "idempotency_key": new_public_id(),
        }


class BookCancel(StepView):
    permissions = {"GET": "pledges.keep_books", "POST": "pledges.keep_books"}
    model = BookJob
    form_class = StepForm
    heading = "Hủy việc lập tệp này"
    consequence = "Việc đang chạy dừng lại và không có tệp nào được giữ."
    button = "Hủy"
    success_message = "Đã hủy việc lập tệp."

    def take(self, form: Form) -> None:
        services.cancel_book(job=self.object, by=self.request.user)


class BookFile(PortalView):
    """The file, to be kept and not opened in the page (rule R33); a reading is an event, so GET writes one."""

    permissions = {"GET": "pledges.keep_books"}
    model = BookJob

    def get_queryset(self):
        return super().get_queryset().select_related("unit")

    def get(self, request: HttpRequest, public_id: str):
        job = self.object
        place = services.fetch_book(job=job, by=self.request.user)
        if place is None:
            messages.warning(request, GONE)
            return redirect(job)
        name, ending = NAMES[BookJob.Form(job.form)]
        response = FileResponse(
            place.open("rb"),
            as_attachment=True,
            filename=f"{name}-{job.year}-{job.unit.public_id[:6]}.{ending}",
            content_type=TYPES[ending],
        )
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "sandbox"
        return response
