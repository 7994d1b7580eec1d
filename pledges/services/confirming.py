"""What the head and the union do with a pledge: confirm it or return it. Authority is read again under the lock."""

from collections.abc import Callable

from django.db import transaction
from django.db.models import Q

from ledger import clock
from ledger.canonical import digest
from ledger.workflow import SeenOld, StepRefused
from notices.services import Telling, tell, tell_each
from pledges.models import Pledge
from pledges.parties import (
    HEAD,
    UNION,
    called,
    may_be_signed_again,
    released,
    union_of,
    union_on,
    who_answers,
)
from pledges.rules import is_own
from pledges.services.paper import queue_papers
from pledges.services.reviews import open_again
from pledges.services.signing import check_proof, confirm
from pledges.workflow import PLEDGE, facts
from units import signing
from units.models import Appointment, Post, User

LONGEST_TITLE = 120
OUTDATED = (
    "Nội dung phải ký đã thay đổi từ khi bản này được ký; người cam kết cần ký lại rồi mới xác nhận được."
)
OWN = "Không ai xác nhận bản cam kết của chính mình."
UNION_ENDED = (
    "Công đoàn cơ sở của đơn vị đã kết thúc hoạt động; người đứng đầu hoàn tất bản này với hai xác nhận."
)
CONFIRMED_AS_HEAD = "Ông/bà đã xác nhận bản này với tư cách người đứng đầu; công đoàn do người khác xác nhận."
YEAR_OVER = (
    "Năm {year} đã hết: bản cam kết năm {year} không ký lại được nên không trả lại nữa; vẫn xác nhận được."
)


@transaction.atomic
def countersign(*, pledge: Pledge, by: User, seen_sha256: str, proof: dict[str, str]) -> Pledge:
    """The head of the unit confirms. Completes the pledge where no union takes part that day (see `parties.UnionOn`).

    `seen_sha256` is the digest of the record that was on the page (rule R23), `proof` as `units.proof.given` tells it.
    Raises StepRefused.
    """
    check_proof(proof)
    pledge = _locked(pledge)
    post = _post_of(by, pledge, Post.Kind.HEAD)
    _check_state(pledge, "countersign")
    check_seen(pledge, seen_sha256)
    if union_of(pledge, by.today).takes_part(pledge.user_id, by.pk):
        pledge = PLEDGE.take(pledge, "countersign", by=by, post=post, data=facts)[0]
    else:
        pledge = complete([pledge], "countersign_complete", by=by, post=post)[0]
    said = quality(post, pledge, by)
    confirm(pledge, HEAD, by=by, post=post, post_title=said, at=clock.now(), proof=proof)
    return pledge


@transaction.atomic
def countersign_for_union(*, pledge: Pledge, by: User, seen_sha256: str, proof: dict[str, str]) -> Pledge:
    """The chair of the base union confirms, which completes the pledge. Raises StepRefused."""
    check_proof(proof)
    pledge = _locked(pledge)
    post = _post_of(by, pledge, Post.Kind.UNION_CHAIR)
    _check_state(pledge, "countersign_union")
    check_seen(pledge, seen_sha256)
    _check_union(pledge, by)
    pledge = complete([pledge], "countersign_union", by=by, post=post)[0]
    said = quality(post, pledge, by)
    confirm(pledge, UNION, by=by, post=post, post_title=said, at=clock.now(), proof=proof)
    return pledge


@transaction.atomic
def return_pledge(*, pledge: Pledge, by: User, reason: str, seen_sha256: str) -> Pledge:
    """Whoever's turn it is sends the pledge back with a reason; the person may then sign anew. Raises StepRefused."""
    pledge = _locked(pledge)
    _check_state(pledge, "return")
    if not may_be_signed_again(pledge, by.today):
        raise StepRefused(YEAR_OVER.format(year=pledge.year))
    awaits_head = pledge.status == Pledge.Status.AWAITING_HEAD
    post = _post_of(by, pledge, Post.Kind.HEAD if awaits_head else Post.Kind.UNION_CHAIR)
    check_seen(pledge, seen_sha256)
    if not awaits_head:
        _check_union(pledge, by)
    pledge = PLEDGE.take(pledge, "return", by=by, post=post, reason=reason, data=facts)[0]
    open_again([pledge], by=by)
    tell(
        users=who_answers([pledge], by.today).values(),
        effect=f"{PLEDGE.kind}.return:{pledge.public_id}:{pledge.round}",
        text=f"{called(pledge)} bị trả lại. Xem lý do và ký lại.",
        url=pledge.get_absolute_url(),
    )
    return pledge


@transaction.atomic
def complete_without_union(*, pledge: Pledge, by: User) -> list[Pledge]:
    """The head completes this pledge and all others of the unit that wait for a union which no longer takes part:
    it ended, or its only chair is the person himself or the head who confirmed. Raises StepRefused.
    """
    rows = _locked_with_those_beside(pledge)
    pledge = next(row for row in rows if row.pk == pledge.pk)
    post = _post_of(by, pledge, Post.Kind.HEAD)
    _check_state(pledge, "complete_without_union")
    unit_id = pledge.signing_unit_id
    others = [row for row in rows if row.user_id != by.pk]
    waiting = [row for row in others if row.signing_unit_id == unit_id and row.stale_since is None]
    found = released(waiting, union_on(unit_id, by.today))
    if pledge not in found:
        raise StepRefused("Công đoàn cơ sở của đơn vị vẫn đang hoạt động; bản này chờ công đoàn xác nhận.")
    return complete(found, "complete_without_union", by=by, post=post)


def _locked_with_those_beside(pledge: Pledge) -> list[Pledge]:
    """The pledge and all of its unit that wait for the union, in order of key as many confirmations at once take them:
    the two wait for each other and never cross (rule R16).
    """
    unit_id = Pledge.objects.filter(pk=pledge.pk).values("signing_unit_id")
    beside = Q(signing_unit_id__in=unit_id, status=Pledge.Status.AWAITING_UNION) | Q(pk=pledge.pk)
    rows = Pledge.objects.select_for_update(no_key=True).filter(beside).order_by("pk")
    return list(rows.prefetch_related("signatures"))


def _locked(pledge: Pledge) -> Pledge:
    return Pledge.objects.select_for_update(no_key=True).get(pk=pledge.pk)


def _post_of(by: User, pledge: Pledge, kind: str) -> Post:
    """The post in which `by` confirms this pledge; refused for his own and for who holds none (rules R06, R22)."""
    if is_own(by, pledge):
        raise StepRefused(OWN)
    post = by.acting_in("pledges").post_in(pledge.signing_unit_id, kind)
    if post is None:
        raise StepRefused(
            f"Chỉ người giữ chức vụ “{Post.Kind(kind).label}” của đơn vị mới làm được việc này."
        )
    return post


def quality(post: Post, pledge: Pledge, by: User) -> str:
    """What stands with the confirmation: the post, or for who stands in for its holder “KT. Hiệu trưởng, Phó Hiệu
    trưởng” (decree 30/2020/NĐ-CP, article 13).
    """
    manner = vars(post)["manner"]
    if manner == Appointment.Manner.HOLDER:
        return post.title
    if post.kind == Post.Kind.HEAD:
        return signing.block(pledge.signing_unit, by, by.today, "pledges").said[:LONGEST_TITLE]
    return f"{signing.MODES[manner]} {post.title}"[:LONGEST_TITLE]


def _check_state(pledge: Pledge, step_name: str) -> None:
    step = PLEDGE.step(step_name)
    if pledge.status not in step.sources:
        raise StepRefused(PLEDGE.refusal(pledge, step))
    if pledge.stale_since is not None:
        raise StepRefused(OUTDATED)


def _check_union(pledge: Pledge, by: User) -> None:
    if not union_on(pledge.signing_unit_id, by.today).exists:
        raise StepRefused(UNION_ENDED)
    if pledge.signatures.filter(party=HEAD, round=pledge.round, user=by).exists():
        raise StepRefused(CONFIRMED_AS_HEAD)


def check_seen(pledge: Pledge, seen_sha256: str) -> None:
    """What was on the page is what is stored, and what is stored is what was signed (rules R23, R26)."""
    if digest(pledge.content) != pledge.sha256:
        raise StepRefused(
            "Nội dung lưu của bản cam kết không khớp mã nội dung đã ký. Xin báo quản trị hệ thống."
        )
    if seen_sha256 != pledge.sha256:
        raise SeenOld("Bản cam kết đã được ký lại với nội dung khác từ khi mở trang. Xin đọc lại bản mới.")


def complete(
    pledges: list[Pledge], step_name: str, *, by: User, post: Post, data: Callable = facts
) -> list[Pledge]:
    """The last step of the way, for one or many: state, events, the orders for the papers, a notice to who answers for
    each.
    """
    moved = PLEDGE.take(pledges, step_name, by=by, post=post, data=data, stamps={"completed_at": clock.now()})
    queue_papers(moved, by=by)
    told = who_answers(moved, by.today)
    tell_each(
        Telling(
            user=told[row.pk],
            effect=f"{PLEDGE.kind}.complete:{row.public_id}:{row.round}",
            text=f"{called(row)} đã đủ xác nhận.",
            url=row.get_absolute_url(),
        )
        for row in moved
        if row.pk in told
    )
    return moved
