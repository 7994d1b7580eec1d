"""What stands in a self-review, when the year's opens, and who stands where on its way (feature S20).

The record is plain JSON, as that of a pledge (`pledges.wording`): `shown_record` is what the page shows before it is
sent, `sent_record` adds the moment; whoever remarks does so on the digest of the latter.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Q, When

from campaigns.models import Campaign
from ledger.canonical import canonical_json
from ledger.prepared import Prepared
from ledger.workflow import StepRefused
from pledges.models import Pledge, Remark, ReviewTerm, SelfReview, SentReview
from pledges.parties import HEAD, UNION, Stop, UnionOn, may_be_signed_again, union_on
from units import roster
from units.models import Post, Unit, User
from vietnamese.dates import short_date

FORM = 1
Kept = SelfReview.Kept
STATES = SelfReview.Status
TONES: dict[str, str] = {
    STATES.DRAFT: "none",
    STATES.AWAITING_HEAD: "waiting",
    STATES.AWAITING_UNION: "waiting",
    STATES.COMPLETE: "done",
    STATES.RETURNED: "late",
}
SENT = (STATES.AWAITING_HEAD, STATES.AWAITING_UNION, STATES.COMPLETE)
SIGNED = (Pledge.Status.AWAITING_HEAD, Pledge.Status.AWAITING_UNION, Pledge.Status.COMPLETE)
ENDED = (Pledge.Status.RETURNED, Pledge.Status.WITHDRAWN)
PERSONAL = (Pledge.Kind.INDIVIDUAL, Pledge.Kind.LEADER)

# Returned, and the pledge it looks back at stands: one that was itself sent or taken back is signed again first.
TO_SEND_AGAIN = Q(status=STATES.RETURNED) & ~Q(pledge__status__in=ENDED)
RETURNED_FIRST = Case(When(TO_SEND_AGAIN, then=0), default=1)

NO_PLEDGE = (
    "Năm {year} ông/bà chưa có bản cam kết còn hiệu lực nên chưa tự đánh giá được. Xin ký cam kết trước."
)
NOT_YET = "Tự đánh giá năm {year} mở từ ngày {opens}. Hạn gửi: hết ngày {due}."
NOBODY_ABOVE = (
    "Trên hệ thống không có người đứng đầu cấp trên để nhận xét. Bản tự đánh giá của ông/bà được lập trên giấy với cấp "
    "có thẩm quyền, không ghi tại đây."
)
CONFIRMS_HERE = (
    "Hiện chưa ghi nhận ông/bà công tác tại đơn vị nào nên chưa có người nhận xét. Xin báo cán bộ đầu mối."
)


@dataclass(frozen=True)
class Term:
    """The year's: open from its first day to the end of the year; `due_on` is when it should be there."""

    opens_on: date
    due_on: date

    def is_open(self, today: date) -> bool:
        return self.opens_on <= today and today.year == self.opens_on.year


# Where the decision's file says nothing: in time for the report of 15 November (clause V.5) with its window of data.
OPENS, DUE = (10, 15), (11, 10)


_TERM = Prepared(lambda *, campaign: ReviewTerm.objects.filter(campaign=campaign).order_by("pk")[:1])
_SIGNED = Prepared(
    lambda *, campaign, year, user: (
        Pledge.objects.filter(
            campaign=campaign,
            year=year,
            user=user,
            status__in=SIGNED,
            kind__in=PERSONAL,
            stale_since__isnull=True,
        )
        .select_related("unit", "signing_unit", "user")
        .order_by("pk")[:1]
    )
)


def term(campaign: Campaign, year: int) -> Term:
    row = _TERM.first(campaign=campaign.pk)
    opens, due = (
        ((row.opens_month, row.opens_day), (row.due_month, row.due_day)) if row is not None else (OPENS, DUE)
    )
    return Term(date(year, *opens), date(year, *due))


def pledge_of(user: User, campaign: Campaign, year: int) -> Pledge | None:
    """The pledge that counts: signed, neither returned nor withdrawn, its words still those to sign."""
    return _SIGNED.first(campaign=campaign.pk, year=year, user=user.pk)


def may_write(user: User, campaign: Campaign, year: int, today: date) -> Pledge:
    """The pledge to look back at. Raises StepRefused with the sentence for the page."""
    found = term(campaign, year)
    if not found.is_open(today):
        sentence = NOT_YET.format(year=year, opens=short_date(found.opens_on), due=short_date(found.due_on))
        raise StepRefused(sentence)
    pledge = pledge_of(user, campaign, year)
    if pledge is None:
        raise StepRefused(NO_PLEDGE.format(year=year))
    return pledge


def above(user: User, on: date) -> Unit:
    """The unit whose head remarks: as for a pledge of that day, a leader's goes to the head above him."""
    if roster.employment_of(user, on) is None:
        raise StepRefused(CONFIRMS_HERE)
    unit = roster.signing_unit(user, on)
    if unit is None:
        raise StepRefused(NOBODY_ABOVE)
    return unit


def commitments(pledge: Pledge) -> list[str]:
    """Word for word those he signed."""
    return list(pledge.content["text"]["commitments"])


def answers_of(review: SelfReview | None, pledge: Pledge) -> list[dict[str, str]]:
    """One for each commitment, empty where nothing was said yet."""
    said = list(review.answers) if review else []
    blank = {"kept": "", "words": ""}
    return [said[place] if place < len(said) else dict(blank) for place in range(len(commitments(pledge)))]


def shown_record(review: SelfReview, signing_unit: Unit) -> dict[str, Any]:
    """`review` carries its pledge with unit and user."""
    pledge = review.pledge
    return {
        "form": FORM,
        "campaign": pledge.content["campaign"],
        "year": pledge.year,
        "pledge": {"id": pledge.public_id, "sha256": pledge.sha256},
        "person": {
            "code": pledge.user.username,
            "name": pledge.user.full_name,
            "post": pledge.post_title,
        },
        "signing_unit": {"id": signing_unit.public_id, "name": signing_unit.name},
        "commitments": commitments(pledge),
        "answers": answers_of(review, pledge),
        "words": review.words,
    }


def sent_record(shown: dict[str, Any], moment: datetime) -> dict[str, Any]:
    """As plain JSON that hashes the same after any number of trips through a database."""
    return json.loads(canonical_json({**shown, "sent_at": moment}))


def lines(record: dict[str, Any]) -> list[dict[str, str]]:
    """Each commitment with what was said to it, as pages show them."""
    return [
        {
            "commitment": commitment,
            "kept": answer["kept"],
            "label": str(Kept(answer["kept"]).label) if answer["kept"] else "Chưa chọn",
            "tone": KEPT_TONES.get(answer["kept"], "none"),
            "words": answer["words"],
        }
        for commitment, answer in zip(record["commitments"], record["answers"], strict=True)
    ]


def lines_in_short(review: SelfReview) -> list[dict[str, str]]:
    """Of one that waits or is complete (nothing was written since it was sent): what was kept well as a number, the
    rest by the commitment's number.
    """
    well = sum(answer["kept"] == Kept.FULLY for answer in review.answers)
    first = {"tone": KEPT_TONES[Kept.FULLY], "label": f"{well}/{len(review.answers)} thực hiện tốt"}
    rest = [
        {
            "tone": KEPT_TONES[answer["kept"]],
            "label": f"Nội dung {number}: {Kept(answer['kept']).label.lower()}",
        }
        for number, answer in enumerate(review.answers, start=1)
        if answer["kept"] != Kept.FULLY
    ]
    return [first, *rest]


KEPT_TONES: dict[str, str] = {Kept.FULLY: "done", Kept.MOSTLY: "waiting", Kept.NOT: "late"}


def what_lacks(answers: Sequence[dict[str, str]]) -> list[str]:
    """Sentences on what must be there before it is sent."""
    lacking = []
    for number, answer in enumerate(answers, start=1):
        if not answer["kept"]:
            lacking.append(f"Nội dung {number}: chưa chọn mức độ thực hiện.")
        elif answer["kept"] != Kept.FULLY and not answer["words"].strip():
            label = str(Kept(answer["kept"]).label).lower()
            lacking.append(f"Nội dung {number}: chọn “{label}” thì cần ghi rõ việc gì, vì sao.")
    return lacking


def counts(answers: Sequence[dict[str, str]]) -> dict[str, int]:
    """How many commitments were kept how: {"fully": 4, "mostly": 1, "not": 0}."""
    return {str(kept): sum(answer["kept"] == kept for answer in answers) for kept in Kept}


def is_to_send_again(review: SelfReview) -> bool:
    """The same as TO_SEND_AGAIN of one that is read."""
    return review.status == STATES.RETURNED and review.pledge.status not in ENDED


# --- Who stands where


def sent(review: SelfReview) -> SentReview:
    """What was sent last: in the round that counts, or while it is written anew. Raises for a draft."""
    return review.sendings.latest("round")


def remarks_of(review: SelfReview) -> dict[str, Remark]:
    """Those of the round that counts, by party."""
    return {row.party: row for row in review.remarks.filter(round=review.round).select_related("post")}


def takes_part(review: SelfReview, union: UnionOn, head_id: int | None) -> bool:
    return union.takes_part(review.pledge.user_id, head_id)


def open_steps(review: SelfReview, user: User, on: date) -> frozenset[str]:
    """Steps this person can take with the review that day. The services check again, under the lock."""
    found = _steps(review, user.acting_in("pledges"), on)
    return found - {"return"} if is_past_return(review, on) else found


def is_past_return(review: SelfReview, on: date) -> bool:
    """Whether, returned, it could never be sent again: its pledge was sent or taken back and is signed no more."""
    return review.pledge.status in ENDED and not may_be_signed_again(review.pledge, on)


def _steps(review: SelfReview, user: User, on: date) -> frozenset[str]:
    is_head = user.post_in(review.signing_unit_id, Post.Kind.HEAD) is not None
    is_chair = user.post_in(review.signing_unit_id, Post.Kind.UNION_CHAIR) is not None
    if review.pledge.user_id == user.pk or not (is_head or is_chair):
        return frozenset()
    if review.status == STATES.AWAITING_HEAD and is_head:
        return frozenset({"remark", "return"})
    if review.status == STATES.AWAITING_UNION:
        head = remarks_of(review).get(HEAD)
        head_id = head.user_id if head else None
        if not takes_part(review, union_on(review.signing_unit_id, on), head_id):
            return frozenset({"close_without_union"} if is_head else ())
        if is_chair and user.pk != head_id:
            return frozenset({"remark_union", "return"})
    return frozenset()


def stops(review: SelfReview, on: date) -> list[Stop]:
    """Two stops, or three where the union takes part."""
    remarks = remarks_of(review)
    is_written = review.status in (STATES.DRAFT, STATES.RETURNED)
    own = Stop(
        "Người tự đánh giá",
        review.pledge.user.full_name,
        "waiting" if is_written else "done",
        {STATES.DRAFT: "Đang viết", STATES.RETURNED: "Cần sửa, gửi lại"}.get(STATES(review.status), "Đã gửi"),
        None if is_written else review.sent_at,
    )
    line = [own, _stop(review, remarks, HEAD, on)]
    union = union_on(review.signing_unit_id, on)
    head_id = remarks[HEAD].user_id if HEAD in remarks else None
    waits = review.status != STATES.COMPLETE and takes_part(review, union, head_id)
    return [*line, _stop(review, remarks, UNION, on)] if UNION in remarks or waits else line


PARTIES: dict[str, tuple[str, str, str]] = {
    HEAD: ("Người đứng đầu", Post.Kind.HEAD, STATES.AWAITING_HEAD),
    UNION: ("Công đoàn cơ sở", Post.Kind.UNION_CHAIR, STATES.AWAITING_UNION),
}


def _stop(review: SelfReview, remarks: dict[str, Remark], party: str, on: date) -> Stop:
    label, kind, state = PARTIES[party]
    if party in remarks:
        row = remarks[party]
        word = "Nhất trí" if row.agrees else "Không nhất trí"
        return Stop(row.post_title or label, row.name, "done", word, row.at)
    turn = review.status == state
    holder = roster.holder(review.signing_unit_id, kind, on)
    word = "Chờ nhận xét" if turn else "Chưa tới lượt"
    if holder is None:
        return Stop(label, "", "waiting" if turn else "none", f"{word}; chức vụ đang khuyết")
    return Stop(holder.post.title, holder.user.full_name, "waiting" if turn else "none", word)
