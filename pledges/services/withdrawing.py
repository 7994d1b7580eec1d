"""A pledge is taken back: by the person while it is on its way, a complete one by whoever it was made to."""

from django.db import transaction

from ledger.locking import locked_row
from ledger.workflow import StepRefused
from notices.services import tell
from pledges.models import Pledge
from pledges.parties import called, may_be_signed_again, who_answers
from pledges.rules import answers_for, is_own
from pledges.services.ending import papers_withdrawn
from pledges.services.reviews import open_again
from pledges.workflow import PLEDGE, facts
from units.models import Post, User

NOT_YOURS = "Chỉ người đã ký mới rút được bản cam kết của mình."
NOT_ITS_HEAD = "Bản cam kết tập thể do người đứng đầu đang giữ chức vụ của đơn vị rút."
NOT_IN_CHARGE = "Chỉ người đứng đầu đơn vị nhận bản cam kết hoặc Sở Nội vụ mới thu hồi được."
OWN = "Không ai thu hồi bản cam kết của chính mình."


@transaction.atomic
def withdraw_pledge(*, pledge: Pledge, by: User, reason: str) -> Pledge:
    """Before all have confirmed; the duty opens again. A unit's is taken back by its head of today.

    Raises StepRefused.
    """
    pledge = _locked(pledge)
    if not answers_for(by, pledge):
        raise StepRefused(NOT_ITS_HEAD if pledge.kind == Pledge.Kind.COLLECTIVE else NOT_YOURS)
    taken = PLEDGE.take(pledge, "withdraw", by=by, reason=reason, data=facts)[0]
    open_again([taken], by=by)
    return taken


@transaction.atomic
def revoke_pledge(*, pledge: Pledge, by: User, reason: str) -> Pledge:
    """A complete pledge no longer counts: its paper says so to whoever checks it. Raises StepRefused."""
    pledge = _locked(pledge)
    if is_own(by, pledge):
        raise StepRefused(OWN)
    acting = by.acting_in("pledges")
    post = acting.post_in(pledge.signing_unit_id, Post.Kind.HEAD)
    if post is None and not acting.works_for_home_affairs:
        raise StepRefused(NOT_IN_CHARGE)
    post = post or next(iter(acting.posts_of(Post.Kind.HOME_AFFAIRS, Post.Kind.HEAD, Post.Kind.DEPUTY)), None)
    taken = PLEDGE.take(pledge, "revoke", by=by, post=post, reason=reason, data=facts)[0]
    papers_withdrawn(pledge, reason=reason, by=by)
    open_again([taken], by=by)
    again = " và ký lại" if may_be_signed_again(pledge, by.today) else ""
    tell(
        users=who_answers([taken], by.today).values(),
        effect=f"{PLEDGE.kind}.revoke:{pledge.public_id}:{pledge.round}",
        text=f"{called(taken)} đã bị thu hồi. Xem lý do{again}.",
        url=pledge.get_absolute_url(),
    )
    return taken


def _locked(pledge: Pledge) -> Pledge:
    return locked_row(Pledge.objects.select_related("paper", "evidence"), pledge.pk)
