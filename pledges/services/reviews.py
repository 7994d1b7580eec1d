"""The year-end look back: the person writes his own and sends it (feature S20)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from ledger import clock, events
from ledger.canonical import digest
from ledger.locking import locked, locked_row
from ledger.workflow import SeenOld, StepRefused
from pledges import reviewing
from pledges.models import Pledge, SelfReview, SentReview
from pledges.parties import may_be_signed_again
from pledges.workflow import REVIEW, WRITABLE, review_facts
from units.locks import hold_organisation
from units.models import User

LONGEST_WORDS = 2000
SHOWN_WITH = ("pledge__user", "pledge__unit", "pledge__campaign", "signing_unit")
ELSEWHERE = "Bản nháp đã được lưu ở cửa sổ khác. Nội dung vừa nhập còn nguyên dưới đây; đối chiếu rồi bấm lưu lần nữa."
PLEDGE_ENDED = (
    "Bản cam kết không còn hiệu lực. Xin ký lại cam kết, rồi đối chiếu, sửa và gửi lại bản tự đánh giá."
)
TOO_LONG = "Mỗi ô dài nhất {0} ký tự. Xin viết gọn lại."


@transaction.atomic
def save_review(
    *, by: User, pledge: Pledge, answers: Sequence[Mapping[str, str]], words: str, expect_version: int
) -> SelfReview:
    """Keeps the draft as it was typed, whole or not; the first saving makes it (`expect_version` 0).

    Raises StepRefused when it is not open, was sent meanwhile, or was saved elsewhere since it was read.
    """
    _check_lengths(answers, words)
    if pledge.user_id != by.pk:
        raise StepRefused("Chỉ người cam kết tự đánh giá được bản cam kết của mình.")
    hold_organisation(by)
    rows = SelfReview.objects.select_for_update(of=("self",), no_key=True).select_related("pledge")
    review = rows.filter(pledge=pledge, pledge__user=by).first()
    if review is None or (review.status in WRITABLE and not reviewing.is_to_send_again(review)):
        reviewing.may_write(by, pledge.campaign, pledge.year, by.today)
    said = [{"kept": row["kept"], "words": row["words"]} for row in answers]
    if review is None:
        review = _begin(pledge, by, said, words)
    else:
        if review.status not in WRITABLE:
            raise StepRefused(REVIEW.refusal(review, REVIEW.step("send")))
        if review.version != expect_version:
            raise SeenOld(ELSEWHERE)
        review.answers, review.words, review.version = said, words, review.version + 1
        review.signing_unit = reviewing.above(by, by.today)
        review.save(update_fields=["answers", "words", "version", "signing_unit"])
    _record("save", review, by)
    return review


@transaction.atomic
def send_review(*, by: User, review: SelfReview, seen_sha256: str, proof: dict | None = None) -> SelfReview:
    """Sends exactly what was shown (`seen_sha256` is its digest). ValidationError: it is not whole; StepRefused."""
    hold_organisation(by)
    review = locked_review(review)
    if review.pledge.user_id != by.pk:
        raise StepRefused("Chỉ người viết gửi được bản tự đánh giá của mình.")
    check_state(review, "send")
    if not reviewing.is_to_send_again(review):
        reviewing.may_write(by, review.pledge.campaign, review.pledge.year, by.today)
    unit = reviewing.above(by, by.today)
    shown = reviewing.shown_record(review, unit)
    if digest(shown) != seen_sha256:
        raise StepRefused("Bản tự đánh giá đã được sửa sau khi mở trang gửi. Xin đọc lại nội dung rồi gửi.")
    if lacking := reviewing.what_lacks(shown["answers"]):
        raise ValidationError(lacking)
    moment = clock.now()
    number = review.round + (review.status == SelfReview.Status.RETURNED)
    record = reviewing.sent_record(shown, moment)
    sent = SentReview.objects.create(
        review=review, round=number, content=record, sha256=digest(record), at=moment, proof=proof or {}
    )
    SelfReview.objects.filter(pk=review.pk).update(round=number, sha256=sent.sha256, signing_unit=unit)
    stamps: dict[str, Any] = {"sent_at": moment}
    return REVIEW.take(review, "send", by=by, data=review_facts, stamps=stamps)[0]


def open_again(pledges: Sequence[Pledge], *, by: User) -> None:
    """Reviews that wait for remarks on pledges just sent or taken back return to their authors: each looks back at what
    he signs next. Of an earlier year nothing is signed any more, so those stay. One query where there is none.
    """
    ended = [row.pk for row in pledges if may_be_signed_again(row, by.today)]
    if not ended:
        return
    waiting = SelfReview.objects.filter(pledge__in=ended, status__in=REVIEW.step("return").sources)
    if rows := locked(waiting):
        REVIEW.take(rows, "return", by=by, reason=PLEDGE_ENDED, data=review_facts)


def locked_review(review: SelfReview) -> SelfReview:
    """As it stands now, with its person and units, until the end of the transaction."""
    return locked_row(SelfReview.objects.select_related(*SHOWN_WITH), review.pk)


def check_state(review: SelfReview, step_name: str) -> None:
    step = REVIEW.step(step_name)
    if review.status not in step.sources:
        raise StepRefused(REVIEW.refusal(review, step))


def _begin(pledge: Pledge, by: User, answers: list[dict[str, str]], words: str) -> SelfReview:
    unit = reviewing.above(by, by.today)
    try:
        with transaction.atomic():
            return SelfReview.objects.create(pledge=pledge, signing_unit=unit, answers=answers, words=words)
    except IntegrityError as error:
        # The same person in another window, a moment earlier.
        raise SeenOld(ELSEWHERE) from error


def _check_lengths(answers: Sequence[Mapping[str, str]], words: str) -> None:
    if any(len(text) > LONGEST_WORDS for text in [words, *(row["words"] for row in answers)]):
        raise ValidationError(TOO_LONG.format(LONGEST_WORDS))


def _record(act: str, review: SelfReview, by: User) -> None:
    events.record(
        f"{REVIEW.kind}.{act}",
        by=by,
        object_kind=REVIEW.kind,
        object_id=review.public_id,
        unit_id=review.event_unit_id,
        data={"year": review.pledge.year, "version": review.version},
    )
