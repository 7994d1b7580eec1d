"""The year-end look back in one line each, through the services, by people read afresh."""

from datetime import date

from ledger.canonical import digest
from pledges import reviewing
from pledges.models import Pledge, SelfReview
from pledges.services import remarks, reviews
from tests.pledges.acts import afresh
from units.models import User

# A day on which 2026's is open (15 October to 31 December).
OPEN_DAY = date(2026, 11, 2)
PROOF = {"by": "password", "at": "2026-11-02T05:00:00+00:00"}
WELL = [{"kept": "fully", "words": ""}] * 5
MIXED = [
    {"kept": "fully", "words": ""},
    {"kept": "mostly", "words": "Còn để người dân chờ lâu vào thứ Hai."},
    {"kept": "fully", "words": ""},
    {"kept": "not", "words": "Chưa công khai đủ thủ tục."},
    {"kept": "fully", "words": "Không nhận quà."},
]


def write(pledge: Pledge, answers=WELL, words: str = "", version: int = 0) -> SelfReview:
    return reviews.save_review(
        by=afresh(pledge.user), pledge=pledge, answers=answers, words=words, expect_version=version
    )


def shown(review: SelfReview) -> str:
    """The digest that the page of sending shows."""
    user = afresh(review.pledge.user)
    return digest(reviewing.shown_record(again(review), reviewing.above(user, user.today)))


def send(review: SelfReview, by: User | None = None) -> SelfReview:
    return reviews.send_review(
        by=afresh(by or review.pledge.user), review=review, seen_sha256=shown(review), proof=PROOF
    )


def again(review: SelfReview) -> SelfReview:
    return SelfReview.objects.select_related("pledge__user", "pledge__unit", "signing_unit").get(pk=review.pk)


def remark(review: SelfReview, by: User, *, agrees: bool = True, words: str = "") -> SelfReview:
    return remarks.remark_as_head(
        by=afresh(by),
        review=review,
        agrees=agrees,
        words=words,
        seen_sha256=again(review).sha256,
        proof=PROOF,
    )


def remark_for_union(review: SelfReview, by: User, *, agrees: bool = True, words: str = "") -> SelfReview:
    return remarks.remark_for_union(
        by=afresh(by),
        review=review,
        agrees=agrees,
        words=words,
        seen_sha256=again(review).sha256,
        proof=PROOF,
    )


def send_back(review: SelfReview, by: User, reason: str = "Ghi rõ việc cụ thể.") -> SelfReview:
    return remarks.return_review(
        by=afresh(by), review=review, reason=reason, seen_sha256=again(review).sha256
    )
