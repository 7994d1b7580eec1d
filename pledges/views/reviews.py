"""One's own look back at the year's pledge, and the remarks on it."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from campaigns.models import Campaign
from ledger import events
from ledger.canonical import digest
from ledger.views import FormPage, Page, PortalView, typed_in
from ledger.workflow import StepRefused
from pledges import reviewing
from pledges.forms.reviews import SendForm, WriteForm
from pledges.models import Pledge, SelfReview
from pledges.services import reviews
from pledges.wording import NO_TEXT
from pledges.workflow import REVIEW, WRITABLE
from units import proof


def current(user) -> Campaign:
    campaign = Campaign.objects.visible_to(user).current()
    if campaign is None:
        raise StepRefused(NO_TEXT)
    return campaign


class SelfReviewWrite(FormPage):
    """The five commitments as he signed them, three choices and room for words under each; kept as a draft."""

    permissions = {"GET": "pledges.write_selfreview", "POST": "pledges.write_selfreview"}
    template_name = "pledges/selfreview_write.html"

    @cached_property
    def review(self) -> SelfReview | None:
        """This year's own, if begun."""
        user = self.request.user
        mine = SelfReview.objects.visible_to(user).filter(pledge__user=user, pledge__year=user.today.year)
        return mine.select_related("pledge__user", "pledge__campaign").order_by("-pk").first()

    @cached_property
    def pledge(self) -> Pledge:
        """Raises StepRefused where there is nothing to look back at, or not yet."""
        if self.review and self.review.status == SelfReview.Status.RETURNED:
            return self.review.pledge
        user = self.request.user
        return reviewing.may_write(user, current(user), user.today.year, user.today)

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
        if self.review and self.review.status not in WRITABLE:
            messages.warning(request, REVIEW.refusal(self.review, REVIEW.step("send")))
            return redirect(self.review)
        try:
            self.pledge  # noqa: B018 - asks whether it is open
        except StepRefused as refusal:
            return self.show(refusal=str(refusal), typed=typed_in(request))
        return super().post(request, *args, **kwargs)

    def show_form(self, form: Form, status: int = 200, **context: Any) -> HttpResponse:
        assert isinstance(form, WriteForm)
        found = self.review
        return super().show_form(
            form,
            status,
            rows=form.rows(),
            pledge=self.pledge,
            version=found.version if found else 0,
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
        except (StepRefused, ValidationError) as refusal:
            # On this page: what was typed must not be lost.
            form.add_error(None, refusal if isinstance(refusal, ValidationError) else str(refusal))
            raise self.invalid(form) from refusal
        if "send" in self.request.POST:
            return reverse("pledges:selfreview_send", args=[review.public_id])
        self.say("Đã lưu bản nháp. Chỉ ông/bà đọc được cho tới khi gửi.")
        return reverse("pledges:selfreview_write")

    def refusal_url(self) -> str:
        return reverse("pledges:selfreview_write")


class ReviewPage(PortalView):
    """What pages of one review share."""

    abstract = True
    model = SelfReview

    def get_queryset(self):
        rows = super().get_queryset()
        return rows.select_related("pledge__user", "pledge__unit", "pledge__campaign", "signing_unit")


def returned_by(review: SelfReview):
    """Who returned it, when and why, while it stands returned."""
    if review.status != SelfReview.Status.RETURNED:
        return None
    past = events.history(REVIEW.kind, review.public_id)
    return next((act for act in reversed(past) if act.kind == f"{REVIEW.kind}.return"), None)


def timeline(review: SelfReview) -> list[dict[str, Any]]:
    """Newest first; that a draft was saved once more is in the log and no news here."""
    return [
        {
            "what": REVIEW.done_words(act.kind).capitalize(),
            "who": act.by,
            "post": act.post,
            "at": act.at,
            "why": act.reason,
        }
        for act in reversed(events.history(REVIEW.kind, review.public_id))
        if act.kind != f"{REVIEW.kind}.save"
    ]


class SelfReviewDetail(ReviewPage, Page):
    permissions = {"GET": "pledges.view_selfreview"}
    template_name = "pledges/selfreview_detail.html"

    def get(self, request: HttpRequest, *args, **kwargs):
        if self.object.status == SelfReview.Status.DRAFT:
            return redirect("pledges:selfreview_write")
        return super().get(request, *args, **kwargs)

    def get_context(self) -> dict[str, Any]:
        review, user = self.object, self.request.user
        sent = reviewing.sent(review)
        is_own = review.pledge.user_id == user.pk
        waiting = SelfReview.objects.visible_to(user).waiting_for(user).exclude(pk=review.pk)
        return {
            "review": review,
            "is_own": is_own,
            "tone": reviewing.TONES[review.status],
            "record": sent.content,
            "lines": reviewing.lines(sent.content),
            "sha256": sent.sha256,
            "stops": reviewing.stops(review, user.today),
            "remarks": [row for row in reviewing.remarks_of(review).values() if row.words],
            "returned": returned_by(review),
            "may": reviewing.open_steps(review, user, user.today),
            "following": waiting.select_related("pledge__user").order_by("sent_at", "pk").first(),
            "events": timeline(review),
        }


class StepOnReview(ReviewPage, FormPage):
    """One step on a review, with the whole of it on the page and its digest in the form (rules R23, R26)."""

    abstract = True
    template_name = "pledges/selfreview_step.html"
    step_name = ""
    heading = ""
    consequence = ""
    danger = False

    def get(self, request: HttpRequest, *args, **kwargs):
        step = REVIEW.step(self.step_name)
        if self.object.status not in step.sources:
            messages.warning(request, REVIEW.refusal(self.object, step))
            return redirect(self.object)
        return super().get(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"seen_sha256": self.object.sha256}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def record(self) -> dict[str, Any]:
        return reviewing.sent(self.object).content

    def get_context(self) -> dict[str, Any]:
        record = self.record()
        return {
            "review": self.object,
            "record": record,
            "lines": reviewing.lines(record),
            "sha256": self.object.sha256,
            "stops": reviewing.stops(self.object, self.request.user.today),
            "heading": self.heading,
            "button": REVIEW.step(self.step_name).label,
            "consequence": self.consequence,
            "danger": self.danger,
        }

    def tried(self, form: Form, do) -> str:
        """`do()` calls the service; what is wrong with the words is said on the form."""
        try:
            return do().get_absolute_url()
        except ValidationError as error:
            form.add_error(None, error)
            raise self.invalid(form) from error


class SelfReviewSend(StepOnReview):
    """Exactly what will be sent; what still lacks is said instead of a button."""

    permissions = {"GET": "pledges.write_selfreview", "POST": "pledges.write_selfreview"}
    form_class = SendForm
    step_name = "send"
    heading = "Gửi bản tự đánh giá"

    def get_queryset(self):
        return super().get_queryset().filter(pledge__user=self.request.user)

    def get(self, request: HttpRequest, *args, **kwargs):
        try:
            return super().get(request, *args, **kwargs)
        except StepRefused as refusal:
            messages.warning(request, str(refusal))
            return redirect("pledges:selfreview_write")

    @cached_property
    def shown(self) -> dict[str, Any]:
        user = self.request.user
        return reviewing.shown_record(self.object, reviewing.above(user, user.today))

    def record(self) -> dict[str, Any]:
        return self.shown

    def get_initial(self) -> dict[str, Any]:
        return {"seen_sha256": digest(self.shown)}

    def get_context(self) -> dict[str, Any]:
        unit = self.shown["signing_unit"]["name"]
        return super().get_context() | {
            "is_own": True,
            "sha256": "",
            "lacking": reviewing.what_lacks(self.shown["answers"]),
            "back_url": reverse("pledges:selfreview_write"),
            "consequence": (
                f"Bản tự đánh giá được gửi tới người đứng đầu {unit} để nhận xét; gửi rồi thì chỉ sửa được "
                "khi bị trả lại."
            ),
        }

    def act(self, form: Form) -> str:
        found = self.tried(
            form,
            lambda: reviews.send_review(
                by=self.request.user,
                review=self.object,
                seen_sha256=form.cleaned_data["seen_sha256"],
                proof=proof.given(self.request),
            ),
        )
        self.say("Đã gửi bản tự đánh giá.")
        return found
