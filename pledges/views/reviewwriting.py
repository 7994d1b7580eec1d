"""Writing one's own look back at a year's pledge."""

from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from campaigns.models import Campaign
from ledger import events
from ledger.views import FormPage, typed_in
from ledger.workflow import SeenOld, StepRefused
from pledges import reviewing
from pledges.forms.reviews import WriteForm
from pledges.models import Pledge, SelfReview
from pledges.services import reviews
from pledges.wording import NO_TEXT
from pledges.workflow import REVIEW, WRITABLE

WHICH = "ban"
UNNAMED = "Trang này đã cũ nên không rõ nội dung thuộc bản tự đánh giá của năm nào. Mở lại trang rồi nhập."
CLOSED = (
    "Bản tự đánh giá này không còn mở để viết: đã hết năm mà chưa gửi, hoặc bản cam kết không còn hiệu lực."
)


def write_url(pledge: Pledge) -> str:
    """The page that writes the review of exactly this pledge."""
    return f"{reverse('pledges:selfreview_write')}?{WHICH}={pledge.public_id}"


def current(user) -> Campaign:
    campaign = Campaign.objects.visible_to(user).current()
    if campaign is None:
        raise StepRefused(NO_TEXT)
    return campaign


def returned_by(review: SelfReview):
    """Who returned it, when and why, while it stands returned."""
    if review.status != SelfReview.Status.RETURNED:
        return None
    past = events.history(REVIEW.kind, review.public_id)
    return next((act for act in reversed(past) if act.kind == f"{REVIEW.kind}.return"), None)


class SelfReviewWrite(FormPage):
    """The five commitments as he signed them, three choices and room for words under each; kept as a draft.

    The address and the form name the pledge that is looked back at: what was typed about one year is never saved over
    another's.
    """

    permissions = {"GET": "pledges.write_selfreview", "POST": "pledges.write_selfreview"}
    template_name = "pledges/selfreview_write.html"

    @property
    def named(self) -> str:
        """Public id of the pledge that the form, or else the address, names."""
        sent = self.request.POST if self.request.method == "POST" else self.request.GET
        return sent.get(WHICH, "")

    @cached_property
    def review(self) -> SelfReview | None:
        """The named one; where none is, one that was returned, of whatever year, else this year's own, if begun."""
        user = self.request.user
        mine = SelfReview.objects.visible_to(user).select_related("pledge__user", "pledge__campaign")
        mine = mine.filter(pledge__user=user)
        if self.named:
            return mine.filter(pledge__public_id=self.named).first()
        due = mine.filter(Q(pledge__year=user.today.year) | reviewing.TO_SEND_AGAIN)
        return due.order_by(reviewing.RETURNED_FIRST, "-pk").first()

    @cached_property
    def pledge(self) -> Pledge:
        """Raises StepRefused where there is nothing to look back at, not yet or no more."""
        if self.review and reviewing.is_to_send_again(self.review):
            return self.review.pledge
        user = self.request.user
        if self.review and self.review.pledge.year != user.today.year:
            raise StepRefused(CLOSED)
        found = reviewing.may_write(user, current(user), user.today.year, user.today)
        if self.named not in ("", found.public_id):
            raise StepRefused(CLOSED)
        return found

    def get(self, request: HttpRequest, *args, **kwargs):
        if self.review and self.review.status not in WRITABLE:
            return redirect(self.review)
        try:
            self.pledge  # noqa: B018 - asks whether it is open
        except StepRefused as refusal:
            return self.show(refusal=str(refusal))
        return super().get(request, *args, **kwargs)

    def make_form(self, data=None) -> WriteForm:
        review = self.review
        return WriteForm(
            data,
            commitments=reviewing.commitments(self.pledge),
            answers=reviewing.answers_of(review, self.pledge),
            words=review.words if review else "",
            initial={"version": review.version if review else 0},
        )

    def post(self, request: HttpRequest, *args, **kwargs):
        try:
            self.check_open_to_post()
        except StepRefused as refusal:
            typed = [text for text in typed_in(request) if text != self.named]
            return self.show(refusal=str(refusal), typed=typed)
        return super().post(request, *args, **kwargs)

    def check_open_to_post(self) -> None:
        if not self.named:
            raise StepRefused(UNNAMED)
        if self.review and self.review.status not in WRITABLE:
            raise StepRefused(REVIEW.refusal(self.review, REVIEW.step("send")))
        self.pledge  # noqa: B018 - asks whether it is open

    def show_form(self, form: Form, status: int = 200, **context: Any) -> HttpResponse:
        assert isinstance(form, WriteForm)
        found = self.review
        return super().show_form(
            form,
            status,
            rows=form.rows(),
            pledge=self.pledge,
            returned=returned_by(found) if found else None,
            **context,
        )

    def act(self, form: Form) -> str:
        assert isinstance(form, WriteForm)
        try:
            review = reviews.save_review(
                by=self.request.user,
                pledge=self.pledge,
                answers=form.answers(),
                words=form.cleaned_data["words"],
                expect_version=form.cleaned_data["version"] or 0,
            )
        except SeenOld:
            raise
        except (StepRefused, ValidationError) as refusal:
            # On this page: what was typed must not be lost.
            form.add_error(None, refusal if isinstance(refusal, ValidationError) else str(refusal))
            raise self.invalid(form) from refusal
        if "send" in self.request.POST:
            return reverse("pledges:selfreview_send", args=[review.public_id])
        self.say("Đã lưu bản nháp. Chỉ ông/bà đọc được cho tới khi gửi.")
        return write_url(self.pledge)

    def refusal_url(self) -> str:
        return write_url(self.pledge)
