"""One's own look back at the year's pledge: read, sent, and what steps on it share."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest
from django.shortcuts import redirect

from ledger import events
from ledger.canonical import digest
from ledger.views import FormPage, Page, PortalView
from ledger.workflow import StepRefused
from pledges import reviewing
from pledges.forms.reviews import SendForm
from pledges.models import SelfReview
from pledges.services import reviews
from pledges.views.reviewwriting import returned_by, write_url
from pledges.workflow import REVIEW
from units import proof


class ReviewPage(PortalView):
    """What pages of one review share."""

    abstract = True
    model = SelfReview

    def get_queryset(self):
        rows = super().get_queryset()
        return rows.select_related("pledge__user", "pledge__unit", "pledge__campaign", "signing_unit")


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
            return redirect(write_url(self.object.pledge))
        return super().get(request, *args, **kwargs)

    def get_context(self) -> dict[str, Any]:
        review, user = self.object, self.request.user
        sent = reviewing.sent(review)
        is_own = review.pledge.user_id == user.pk
        waiting = SelfReview.objects.visible_to(user).waiting_for(user).exclude(pk=review.pk)
        return {
            "review": review,
            "is_own": is_own,
            "write_url": write_url(review.pledge) if is_own else "",
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
            return redirect(write_url(self.object.pledge))

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
            "back_url": write_url(self.object.pledge),
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
