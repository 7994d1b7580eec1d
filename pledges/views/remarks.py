"""What head and union do with self-reviews: one by one, many at once; the list handed over to the annual rating."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from campaigns.models import Campaign
from ledger import sheets
from ledger.views import FormPage, Page, PortalView, StepForm
from pledges import coverage, reviewed, reviewing
from pledges.forms.books import YearOfUnitForm
from pledges.forms.reviews import AgreeForm, RemarkForm
from pledges.forms.signing import ReturnForm
from pledges.models import SelfReview
from pledges.services import remarks
from pledges.views.reviews import StepOnReview
from pledges.views.reviewwriting import current
from units import proof, tree
from units.models import Post, Unit, User
from vietnamese.numbers import share

SHOWN_AT_ONCE = 200


class SelfReviewRemark(StepOnReview):
    permissions = {"GET": "pledges.remark_as_head", "POST": "pledges.remark_as_head"}
    form_class = RemarkForm
    step_name = "remark"
    heading = "Nhận xét bản tự đánh giá"
    consequence = "Nhận xét của ông/bà, với tư cách người đứng đầu, được ghi vào bản này và không sửa được."

    def act(self, form: Form) -> str:
        return self.tried(form, lambda: remarks.remark_as_head(**self.kept(form)))

    def kept(self, form: Form) -> dict[str, Any]:
        self.say(f"Đã nhận xét bản tự đánh giá của {self.object.pledge.user.full_name}.")
        given = form.cleaned_data
        return {
            "by": self.request.user,
            "review": self.object,
            "agrees": given["agrees"],
            "words": given["words"],
            "seen_sha256": given["seen_sha256"],
            "proof": proof.given(self.request),
        }


class SelfReviewRemarkUnion(SelfReviewRemark):
    permissions = {"GET": "pledges.remark_for_union", "POST": "pledges.remark_for_union"}
    step_name = "remark_union"
    heading = "Công đoàn cơ sở nhận xét bản tự đánh giá"
    consequence = "Nhận xét thay mặt Ban Chấp hành công đoàn cơ sở được ghi vào bản này và không sửa được."

    def act(self, form: Form) -> str:
        return self.tried(form, lambda: remarks.remark_for_union(**self.kept(form)))


class SelfReviewReturn(StepOnReview):
    permissions = {"GET": "pledges.return_selfreview", "POST": "pledges.return_selfreview"}
    form_class = ReturnForm
    step_name = "return"
    heading = "Trả lại bản tự đánh giá"
    consequence = "Bản tự đánh giá trở về người viết kèm lý do để sửa và gửi lại; lần gửi này vẫn được lưu."
    danger = True

    def get(self, request: HttpRequest, *args, **kwargs):
        if reviewing.is_past_return(self.object, self.request.user.today):
            messages.warning(request, remarks.PAST_RETURN.format(year=self.object.pledge.year))
            return redirect(self.object)
        return super().get(request, *args, **kwargs)

    def act(self, form: Form) -> str:
        found = remarks.return_review(
            by=self.request.user,
            review=self.object,
            reason=form.cleaned_data["reason"],
            seen_sha256=form.cleaned_data["seen_sha256"],
        )
        self.say(f"Đã trả lại bản tự đánh giá của {found.pledge.user.full_name}.")
        return found.get_absolute_url()


class SelfReviewClose(StepOnReview):
    """The union that was waited for takes no part any more."""

    permissions = {"GET": "pledges.remark_as_head", "POST": "pledges.remark_as_head"}
    form_class = StepForm
    step_name = "close_without_union"
    heading = "Hoàn tất không có công đoàn"
    consequence = (
        "Công đoàn cơ sở không còn tham gia nhận xét. Bản này và các bản khác của đơn vị đang chờ công đoàn được hoàn "
        "tất với nhận xét của người đứng đầu."
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        return {}

    def act(self, form: Form) -> str:
        done = remarks.close_without_union(by=self.request.user, review=self.object)
        self.say(f"Đã hoàn tất {len(done)} bản tự đánh giá.")
        return self.object.get_absolute_url()


class SelfReviewWaiting(FormPage):
    """What waits for this person, oldest first; ticked lines are agreed to under one proof. `?chon=het` ticks all."""

    permissions = {"GET": "pledges.list_waiting_selfreviews", "POST": "pledges.list_waiting_selfreviews"}
    template_name = "pledges/selfreview_waiting.html"
    form_class = AgreeForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def get_context(self) -> dict[str, Any]:
        user = self.request.user
        rows = SelfReview.objects.visible_to(user).waiting_for(user)
        found = rows.select_related("pledge__user", "pledge__unit").order_by("sent_at", "pk")[:SHOWN_AT_ONCE]
        # With the digest of what was read: a review sent again since is not ticked by itself.
        ticked = set(self.request.POST.getlist("review"))
        is_first_look = self.request.method == "GET"
        all_ticked = is_first_look and self.request.GET.get("chon") == "het"
        return {
            "waiting": rows.count(),
            "most": SHOWN_AT_ONCE,
            "this_year": user.today.year,
            "rows": [
                {
                    "review": row,
                    "lines": reviewing.lines_in_short(row),
                    "for_union": row.status == SelfReview.Status.AWAITING_UNION,
                    "ticked": all_ticked or f"{row.public_id}:{row.sha256}" in ticked,
                }
                for row in found
            ],
        }

    def act(self, form: Form) -> str:
        assert isinstance(form, AgreeForm)
        agreed = remarks.agree_to_many(
            by=self.request.user, seen=form.seen(), proof=proof.given(self.request)
        )
        if agreed.done:
            self.say(f"Đã ghi “Nhất trí” cho {agreed.done} bản tự đánh giá.")
        for name, why in agreed.left:
            self.say(f"Chưa ghi cho {name}: {why}.", level=messages.WARNING)
        return reverse("pledges:selfreview_waiting")

    def refusal_url(self) -> str:
        return reverse("pledges:selfreview_waiting")


class OfUnit(PortalView):
    """One unit's year by name, for who keeps its papers; those above read numbers by unit."""

    abstract = True
    permissions = {}

    @cached_property
    def own_units(self) -> list[Unit]:
        """Those whose people one may read by name."""
        user = self.request.user.acting_in("pledges")
        if user.works_for_home_affairs:
            found = [row.unit for row in tree.load(user.today).placements.values() if row.own_papers]
        else:
            found = list({post.unit_id: post.unit for post in user.posts_of("head", "clerk")}.values())
        return sorted(found, key=lambda unit: unit.sort_key)

    @cached_property
    def form(self) -> YearOfUnitForm:
        return YearOfUnitForm(self.request.GET, units=self.own_units, today=self.request.user.today)

    def chosen(self) -> Unit | None:
        """The one asked for; one's own where there is just one. None for what is not his: the form says so."""
        asked = self.form.cleaned_data.get("don_vi") if self.form.is_valid() else None
        found = next((unit for unit in self.own_units if unit.public_id == asked), None)
        return found or (self.own_units[0] if len(self.own_units) == 1 else None)

    def year(self) -> int:
        asked = self.form.cleaned_data.get("nam") if self.form.is_valid() else None
        return int(asked or self.request.user.today.year)

    def reads_remarks(self, unit: Unit) -> bool:
        user = self.request.user.acting_in("pledges")
        return user.works_for_home_affairs or user.post_in(unit.pk, Post.Kind.HEAD) is not None


class SelfReviewList(OfUnit, Page):
    permissions = {"GET": "pledges.list_selfreviews"}
    template_name = "pledges/selfreview_list.html"

    def get_context(self) -> dict[str, Any]:
        user, year, unit = self.request.user, self.year(), self.chosen()
        on = coverage.day_for(year, user.today)
        area = coverage.followed(user, on)
        found = reviewed.by_unit(campaign=current(user), year=year, on=on, unit_ids=area)
        total = sum(found.values(), reviewed.Reviewed())
        with_words = unit is not None and self.reads_remarks(unit)
        return {
            "year": year,
            "on": on,
            "unit": unit,
            "form": self.form,
            "figures": figures(total),
            "commitments": kept_rows(current(user), total),
            "by_unit": unit_rows(user, found),
            "people": reviewed.lines_of(unit, year, with_words=with_words) if unit else [],
            "with_words": with_words,
        }


def figures(total: reviewed.Reviewed) -> list[dict[str, str]]:
    rows = [
        ("Đã gửi tự đánh giá", total.reviewed, total.people),
        ("Người đứng đầu nhất trí", total.agreed, total.reviewed),
        ("Người đứng đầu không nhất trí", total.disagreed, total.reviewed),
    ]
    return [{"label": label, "value": share(part, whole)} for label, part, whole in rows]


def kept_rows(campaign: Campaign, total: reviewed.Reviewed) -> list[dict[str, Any]]:
    """Each commitment with the shares of those who have reviewed it."""
    texts = campaign.commitments.order_by("order").values_list("text", flat=True)
    return [
        {"text": text, "shares": [share(part, total.reviewed) for part in parts]}
        for text, parts in zip(texts, total.kept, strict=False)
    ]


def unit_rows(user: User, found: dict[int, reviewed.Reviewed]) -> list[dict[str, str]]:
    """Numbers by unit, in Vietnamese order; people and words stand in no line."""
    units = Unit.objects.visible_to(user).in_bulk(found)
    rows = sorted(found.items(), key=lambda pair: units[pair[0]].sort_key)
    return [
        {
            "name": units[key].name,
            "reviewed": share(row.reviewed, row.people),
            "agreed": share(row.agreed, row.reviewed),
        }
        for key, row in rows
    ]


class SelfReviewExport(OfUnit):
    """The unit's list as a file. Served to be kept, never to be opened in the page (rule R33)."""

    permissions = {"GET": "pledges.list_selfreviews"}

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        unit = self.chosen()
        if unit is None:
            raise Http404
        table = reviewed.sheet_of(unit, self.year(), with_words=self.reads_remarks(unit))
        name = f"tu-danh-gia-{self.year()}-{unit.public_id[:6]}"
        if request.GET.get("dang") == "csv":
            return _file(sheets.write_csv(table), f"{name}.csv", sheets.CSV_TYPE)
        return _file(sheets.write_xlsx(table), f"{name}.xlsx", sheets.XLSX_TYPE)


def _file(body: bytes, name: str, content_type: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(body, content_type=content_type, headers=headers)
