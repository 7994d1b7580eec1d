"""What head and union write under a self-review, one by one or “Nhất trí” to many (feature S20).

Authority is read again under the lock; nobody remarks on his own (rule R22).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from ledger import clock
from ledger.canonical import digest
from ledger.locking import locked
from ledger.workflow import SeenOld, StepRefused
from notices.services import Telling, tell, tell_each
from pledges import reviewing
from pledges.models import Remark, SelfReview
from pledges.parties import HEAD, UNION, UnionOn, union_on
from pledges.services.reviews import SHOWN_WITH, check_state, locked_review
from pledges.workflow import REVIEW, review_facts
from units import signing
from units.models import Appointment, Post, User

LONGEST_TITLE = 120
MOST_AT_ONCE = 500
OWN = "Không ai nhận xét bản tự đánh giá của chính mình."
REREAD = "đã được gửi lại với nội dung khác từ khi mở trang, cần đọc lại"
NO_POST = "Chỉ người giữ chức vụ “{0}” của đơn vị mới làm được việc này."
PAST_RETURN = (
    "Năm {year} đã hết và bản cam kết năm đó không còn hiệu lực: bản tự đánh giá này sửa rồi cũng không gửi lại được "
    "nên không trả lại nữa; vẫn nhận xét được."
)
WORDS_MISSING = "Không nhất trí thì cần ghi rõ nhận xét."


@transaction.atomic
def remark_as_head(
    *, by: User, review: SelfReview, agrees: bool, words: str, seen_sha256: str, proof: dict | None = None
) -> SelfReview:
    """The head's remark; where no union takes part that day it closes the review. Raises StepRefused."""
    review = locked_review(review)
    post = _post_of(by, review, Post.Kind.HEAD)
    check_state(review, "remark")
    _check_seen(review, seen_sha256)
    _check_words(agrees, words)
    goes_on = union_on(review.signing_unit_id, by.today).takes_part(review.pledge.user_id, by.pk)
    _remark([review], HEAD, by, post, agrees=agrees, words=words, proof=proof)
    moved = REVIEW.take(
        review, "remark" if goes_on else "remark_complete", by=by, post=post, data=review_facts
    )
    _tell_closed(moved)
    return moved[0]


@transaction.atomic
def remark_for_union(
    *, by: User, review: SelfReview, agrees: bool, words: str, seen_sha256: str, proof: dict | None = None
) -> SelfReview:
    """The union's remark, which closes the review. Raises StepRefused."""
    review = locked_review(review)
    post = _post_of(by, review, Post.Kind.UNION_CHAIR)
    check_state(review, "remark_union")
    _check_seen(review, seen_sha256)
    _check_words(agrees, words)
    _check_union(review, by, union_on(review.signing_unit_id, by.today))
    _remark([review], UNION, by, post, agrees=agrees, words=words, proof=proof)
    moved = REVIEW.take(review, "remark_union", by=by, post=post, data=review_facts)
    _tell_closed(moved)
    return moved[0]


@transaction.atomic
def return_review(*, by: User, review: SelfReview, reason: str, seen_sha256: str) -> SelfReview:
    """Whoever's turn it is sends it back with a reason; the person writes and sends again. Raises StepRefused."""
    review = locked_review(review)
    check_state(review, "return")
    if reviewing.is_past_return(review, by.today):
        raise StepRefused(PAST_RETURN.format(year=review.pledge.year))
    awaits_head = review.status == SelfReview.Status.AWAITING_HEAD
    post = _post_of(by, review, Post.Kind.HEAD if awaits_head else Post.Kind.UNION_CHAIR)
    _check_seen(review, seen_sha256)
    if not awaits_head:
        _check_union(review, by, union_on(review.signing_unit_id, by.today))
    returned = REVIEW.take(review, "return", by=by, post=post, reason=reason, data=review_facts)[0]
    tell(
        users=[returned.pledge.user],
        effect=f"{REVIEW.kind}.return:{returned.public_id}:{returned.round}",
        text=f"Bản tự đánh giá năm {returned.pledge.year} bị trả lại. Xem lý do, sửa và gửi lại.",
        url=returned.get_absolute_url(),
    )
    return returned


@transaction.atomic
def close_without_union(*, by: User, review: SelfReview) -> list[SelfReview]:
    """The head closes this review and all others of the unit that wait for a union which takes no part any more."""
    rows = _locked_with_those_beside(review)
    review = next(row for row in rows if row.pk == review.pk)
    post = _post_of(by, review, Post.Kind.HEAD)
    check_state(review, "close_without_union")
    union = union_on(review.signing_unit_id, by.today)
    waiting = [row for row in rows if row.signing_unit_id == review.signing_unit_id]
    heads = _heads_of(waiting)
    found = [
        row
        for row in waiting
        if row.pledge.user_id != by.pk and not union.takes_part(row.pledge.user_id, heads.get(row.pk))
    ]
    if review not in found:
        raise StepRefused("Công đoàn cơ sở của đơn vị vẫn đang hoạt động; bản này chờ công đoàn nhận xét.")
    moved = REVIEW.take(found, "close_without_union", by=by, post=post, data=review_facts)
    _tell_closed(moved)
    return moved


def _locked_with_those_beside(review: SelfReview) -> list[SelfReview]:
    """The review and all of its unit that wait for the union, in order of key, as agreeing to many takes them."""
    unit_id = SelfReview.objects.filter(pk=review.pk).values("signing_unit_id")
    beside = Q(signing_unit_id__in=unit_id, status=SelfReview.Status.AWAITING_UNION) | Q(pk=review.pk)
    return locked(SelfReview.objects.select_related(*SHOWN_WITH).filter(beside))


@dataclass(frozen=True)
class Agreed:
    """What became of many: how many were agreed to; who was left out, and why."""

    done: int
    left: tuple[tuple[str, str], ...]


@transaction.atomic
def agree_to_many(*, by: User, seen: Mapping[str, str], proof: dict | None = None) -> Agreed:
    """“Nhất trí” to many under one proof, as head or for the union, as each waits. `seen`: public id → digest of what
    the list showed (rule R23).

    Set-based: the same statements for one and for five hundred of a unit. Whose cannot be agreed to is named and left
    as it is. Raises StepRefused for nothing or too many.
    """
    if not 0 < len(seen) <= MOST_AT_ONCE:
        raise StepRefused(f"Chọn từ 1 đến {MOST_AT_ONCE} bản tự đánh giá cho mỗi lần.")
    # Who was moved away from him while this waited is named too.
    shown = list(SelfReview.objects.visible_to(by).filter(public_id__in=seen).values_list("pk", flat=True))
    found = locked(SelfReview.objects.select_related("pledge__user", "signing_unit").filter(pk__in=shown))
    left = [(row, why) for row in found if (why := _why_left(row, by, seen[row.public_id]))]
    able = [row for row in found if row not in {late for late, _ in left}]
    unions = {unit_id: union_on(unit_id, by.today) for unit_id in {row.signing_unit_id for row in able}}
    heads = _heads_of(able)
    groups: dict[tuple[int, str], list[SelfReview]] = {}
    for row in able:
        step = _step_for(row, by, unions[row.signing_unit_id], heads.get(row.pk))
        if step:
            groups.setdefault((row.signing_unit_id, step), []).append(row)
        else:
            left.append((row, NOT_FOR_THE_UNION))
    for (_, step), members in groups.items():
        _agree(members, step, by, proof)
    named = tuple((row.pledge.user.full_name, why) for row, why in left)
    return Agreed(sum(map(len, groups.values())), named)


NOT_FOR_THE_UNION = "công đoàn cơ sở do người khác nhận xét, hoặc đã kết thúc hoạt động"
PARTY = {
    SelfReview.Status.AWAITING_HEAD: (HEAD, Post.Kind.HEAD),
    SelfReview.Status.AWAITING_UNION: (UNION, Post.Kind.UNION_CHAIR),
}


def _step_for(row: SelfReview, by: User, union: UnionOn, head_id: int | None) -> str:
    """The step that agreeing to this one is; empty when the union is not his to speak for."""
    if row.status == SelfReview.Status.AWAITING_HEAD:
        return "remark" if union.takes_part(row.pledge.user_id, by.pk) else "remark_complete"
    return "remark_union" if union.exists and head_id != by.pk else ""


def _agree(members: list[SelfReview], step: str, by: User, proof: dict | None) -> None:
    party, kind = PARTY[SelfReview.Status(members[0].status)]
    post = _post_of(by, members[0], kind)
    _remark(members, party, by, post, agrees=True, words="", proof=proof)
    _tell_closed(REVIEW.take(members, step, by=by, post=post, data=review_facts))


def _why_left(row: SelfReview, by: User, seen: str) -> str:
    """Why this one cannot be agreed to; empty when it can."""
    if row.pledge.user_id == by.pk:
        return OWN
    if row.status not in PARTY:
        return f"đang ở trạng thái “{row.get_status_display()}”"
    kind = PARTY[SelfReview.Status(row.status)][1]
    if by.acting_in("pledges").post_in(row.signing_unit_id, kind) is None:
        return f"ông/bà không giữ chức vụ “{kind.label}” của đơn vị"
    return REREAD if seen != row.sha256 else ""


def _post_of(by: User, review: SelfReview, kind: Post.Kind) -> Post:
    """The post in which `by` remarks; refused for his own and for who holds none (rules R06, R22)."""
    if review.pledge.user_id == by.pk:
        raise StepRefused(OWN)
    post = by.acting_in("pledges").post_in(review.signing_unit_id, kind)
    if post is None:
        raise StepRefused(NO_POST.format(kind.label))
    return post


def _quality(post: Post, review: SelfReview, by: User) -> str:
    """The post, or for a substitute “KT. Hiệu trưởng, Phó Hiệu trưởng” (decree 30/2020/NĐ-CP, article 13)."""
    manner = vars(post)["manner"]
    if manner == Appointment.Manner.HOLDER:
        return post.title
    if post.kind == Post.Kind.HEAD:
        return signing.block(review.signing_unit, by, by.today, "pledges").said[:LONGEST_TITLE]
    return f"{signing.MODES[manner]} {post.title}"[:LONGEST_TITLE]


def _check_seen(review: SelfReview, seen_sha256: str) -> None:
    if digest(reviewing.sent(review).content) != review.sha256:
        raise StepRefused(
            "Nội dung lưu của bản tự đánh giá không khớp mã nội dung đã gửi. Xin báo quản trị hệ thống."
        )
    if seen_sha256 != review.sha256:
        raise SeenOld(f"Bản tự đánh giá {REREAD}.")


def _check_words(agrees: bool, words: str) -> None:
    if not agrees and not words.strip():
        raise ValidationError(WORDS_MISSING)


def _check_union(review: SelfReview, by: User, union: UnionOn) -> None:
    if not union.exists:
        raise StepRefused(
            "Công đoàn cơ sở của đơn vị đã kết thúc hoạt động; người đứng đầu hoàn tất bản tự đánh giá này."
        )
    if _heads_of([review]).get(review.pk) == by.pk:
        raise StepRefused(
            "Ông/bà đã nhận xét bản này với tư cách người đứng đầu; công đoàn do người khác nhận xét."
        )


def _heads_of(reviews: Sequence[SelfReview]) -> dict[int, int]:
    """Who remarked as head, in the last round; one query."""
    rows = Remark.objects.filter(review__in=[row.pk for row in reviews], party=HEAD).order_by("round")
    return dict(rows.values_list("review_id", "user_id"))


def _remark(
    reviews: Sequence[SelfReview],
    party: str,
    by: User,
    post: Post,
    *,
    agrees: bool,
    words: str,
    proof: dict | None,
) -> None:
    """The same remark under each; one statement."""
    title, moment = _quality(post, reviews[0], by), clock.now()
    Remark.objects.bulk_create(
        Remark(
            review=row,
            party=party,
            round=row.round,
            agrees=agrees,
            words=words,
            user=by,
            post=post,
            name=by.full_name,
            post_title=title,
            sha256=row.sha256,
            at=moment,
            proof=proof or {},
        )
        for row in reviews
    )


def _tell_closed(reviews: Sequence[SelfReview]) -> None:
    tell_each(
        Telling(
            user=row.pledge.user,
            effect=f"{REVIEW.kind}.complete:{row.public_id}:{row.round}",
            text=f"Bản tự đánh giá năm {row.pledge.year} đã có đủ nhận xét.",
            url=row.get_absolute_url(),
        )
        for row in reviews
        if row.status == SelfReview.Status.COMPLETE
    )
