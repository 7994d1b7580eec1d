"""WHEN: the states of a pledge (clause IV.4). Who may take a step stands in rules, how in services.

The head's confirmation leads to the union's where the signing unit has one that day, else it completes the pledge.
"""

from typing import Any

from ledger.workflow import Step, Workflow
from pledges.models import Pledge, SelfReview

State = Pledge.Status

# What events about other things of this floor are called.
TEXT_KIND = "pledges.pledgetext"
ADDITION_KIND = "pledges.unitaddition"
RENEWAL_KIND = "pledges.renewal"
REFUSAL_KIND = "pledges.refusal"
LIST_KIND = "pledges.signedlist"

PLEDGE = Workflow(
    kind="pledges.pledge",
    noun="Bản cam kết",
    states=State,
    related=("unit", "user"),
    steps=(
        # From nothing: the act that makes the row.
        Step("sign", frozenset(), State.AWAITING_HEAD, "Ký cam kết", "đã ký cam kết"),
        # Of a pledge that stands only when it must now be confirmed by somebody else, or when its words are no longer
        # those to sign (`stale_since`; services say when).
        Step(
            "sign_again",
            frozenset(State),
            State.AWAITING_HEAD,
            "Ký lại cam kết",
            "đã ký lại cam kết",
        ),
        Step(
            "countersign", frozenset({State.AWAITING_HEAD}), State.AWAITING_UNION, "Xác nhận", "đã xác nhận"
        ),
        Step(
            "countersign_complete",
            frozenset({State.AWAITING_HEAD}),
            State.COMPLETE,
            "Xác nhận",
            "đã xác nhận",
        ),
        Step(
            "countersign_union",
            frozenset({State.AWAITING_UNION}),
            State.COMPLETE,
            "Công đoàn xác nhận",
            "đã xác nhận thay mặt công đoàn cơ sở",
        ),
        Step(
            "complete_without_union",
            frozenset({State.AWAITING_UNION}),
            State.COMPLETE,
            "Hoàn tất với hai xác nhận",
            "đã hoàn tất với hai xác nhận",
        ),
        Step(
            "return",
            frozenset({State.AWAITING_HEAD, State.AWAITING_UNION}),
            State.RETURNED,
            "Trả lại",
            "đã trả lại",
            needs_reason=True,
        ),
        # By the person himself while it is on its way; of a complete one by whoever it was made to, or Home Affairs.
        Step(
            "withdraw",
            frozenset({State.AWAITING_HEAD, State.AWAITING_UNION}),
            State.WITHDRAWN,
            "Rút cam kết",
            "đã rút bản cam kết",
            needs_reason=True,
        ),
        Step(
            "revoke",
            frozenset({State.COMPLETE}),
            State.WITHDRAWN,
            "Thu hồi",
            "đã thu hồi",
            needs_reason=True,
        ),
    ),
    other_acts={
        "enter_paper": "đã ghi nhận bản ký trên giấy",
        "hand_over": "đã chuyển tới đơn vị đúng của người cam kết",
        "move": "đã chuyển người xác nhận theo sắp xếp tổ chức",
        "move_back": "đã trả về người xác nhận cũ theo đính chính",
    },
)


def facts(pledge: Pledge) -> dict[str, Any]:
    """What every event about a pledge says besides its states: whose year, which round, which record."""
    return {"year": pledge.year, "round": pledge.round, "sha256": pledge.sha256}


Look = SelfReview.Status
WRITABLE = frozenset({Look.DRAFT, Look.RETURNED})

# The year-end look back (feature S20): the same way, with remarks in the place of confirmations.
REVIEW = Workflow(
    kind="pledges.selfreview",
    noun="Bản tự đánh giá",
    states=Look,
    related=("pledge__unit", "pledge__user", "signing_unit"),
    steps=(
        Step("send", WRITABLE, Look.AWAITING_HEAD, "Gửi tự đánh giá", "đã gửi tự đánh giá"),
        Step(
            "remark",
            frozenset({Look.AWAITING_HEAD}),
            Look.AWAITING_UNION,
            "Ghi nhận xét",
            "đã nhận xét với tư cách người đứng đầu",
        ),
        Step(
            "remark_complete",
            frozenset({Look.AWAITING_HEAD}),
            Look.COMPLETE,
            "Ghi nhận xét",
            "đã nhận xét với tư cách người đứng đầu",
        ),
        Step(
            "remark_union",
            frozenset({Look.AWAITING_UNION}),
            Look.COMPLETE,
            "Công đoàn nhận xét",
            "đã nhận xét thay mặt công đoàn cơ sở",
        ),
        Step(
            "close_without_union",
            frozenset({Look.AWAITING_UNION}),
            Look.COMPLETE,
            "Hoàn tất không có công đoàn",
            "đã hoàn tất với nhận xét của người đứng đầu",
        ),
        Step(
            "return",
            frozenset({Look.AWAITING_HEAD, Look.AWAITING_UNION}),
            Look.RETURNED,
            "Trả lại",
            "đã trả lại",
            needs_reason=True,
        ),
    ),
    other_acts={
        "save": "đã lưu bản nháp",
        "move": "đã chuyển người nhận xét theo sắp xếp tổ chức",
        "move_back": "đã trả về người nhận xét cũ theo đính chính",
    },
)


def review_facts(review: SelfReview) -> dict[str, Any]:
    """What every event about a review says besides its states."""
    return {"year": review.pledge.year, "round": review.round, "sha256": review.sha256}
