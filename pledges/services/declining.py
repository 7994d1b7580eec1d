"""Who does not sign says so himself, with the reason; he may take it back, and signing ends it (clause IV.4)."""

from django.db import IntegrityError, transaction
from django.urls import reverse

from campaigns.models import Campaign
from ledger import clock, events
from ledger.workflow import StepRefused
from notices.services import tell
from pledges.models import Pledge, Refusal
from pledges.parties import is_on_its_way
from pledges.rounds import is_open_again
from pledges.wording import Proposal, propose
from pledges.workflow import REFUSAL_KIND
from units import roster
from units.models import Post, User

SAID_ALREADY = "Ông/bà đã ghi nhận không ký cam kết năm nay."
STANDS = (
    "Ông/bà đã ký cam kết năm nay. Muốn thôi, xin rút bản đó trước; bản đã đủ xác nhận do nơi nhận thu hồi."
)


def stands(pledge: Pledge, proposal: Proposal) -> bool:
    """Whether it counts as signed: also one that waits where the person worked before, until he takes it back."""
    return is_on_its_way(pledge) or not is_open_again(pledge, proposal.signing_unit, proposal.kind)


@transaction.atomic
def decline(*, by: User, campaign: Campaign, year: int, reason: str) -> Refusal:
    """Raises StepRefused: nothing to sign, signed already, said already, no reason."""
    if not reason.strip():
        raise StepRefused("Cần ghi lý do.")
    mine = Pledge.objects.select_for_update(no_key=True).personal()
    pledge = mine.filter(campaign=campaign, year=year, user=by).first()
    proposal = propose(user=by, campaign=campaign, year=year, on=by.today)
    if pledge and stands(pledge, proposal):
        raise StepRefused(STANDS)
    try:
        with transaction.atomic():
            refusal = Refusal.objects.create(
                campaign=campaign,
                year=year,
                user=by,
                unit=proposal.unit,
                signing_unit=proposal.signing_unit,
                reason=reason.strip(),
            )
    except IntegrityError as error:
        raise StepRefused(SAID_ALREADY) from error
    _record("decline", refusal, by=by, reason=refusal.reason)
    _tell_the_head(refusal)
    return refusal


@transaction.atomic
def take_back_refusal(*, refusal: Refusal, by: User) -> Refusal:
    """The duty stands as before. Raises StepRefused."""
    if refusal.user_id != by.pk:
        raise StepRefused("Chỉ người đã ghi nhận không ký mới rút lại được.")
    ended = Refusal.objects.filter(pk=refusal.pk, ended_at__isnull=True).update(ended_at=clock.now())
    if not ended:
        raise StepRefused("Việc không ký đã được rút lại hoặc đã hết từ khi ông/bà ký.")
    refusal.refresh_from_db(fields=["ended_at"])
    _record("take_back", refusal, by=by)
    return refusal


def _record(act: str, refusal: Refusal, *, by: User, **words: str) -> None:
    events.record(
        f"{REFUSAL_KIND}.{act}",
        by=by,
        object_kind=REFUSAL_KIND,
        object_id=refusal.public_id,
        unit_id=refusal.unit.public_id,
        data={"year": refusal.year},
        **words,
    )


def _tell_the_head(refusal: Refusal) -> None:
    head = roster.holder(refusal.signing_unit_id, Post.Kind.HEAD, refusal.user.today)
    if head is None:
        return
    tell(
        users=[head.user],
        effect=f"{REFUSAL_KIND}.decline:{refusal.public_id}",
        text=f"{refusal.user.full_name} ghi nhận không ký cam kết năm {refusal.year}.",
        url=reverse("pledges:refusal_list"),
    )
