"""The person's own act."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from campaigns.models import Campaign
from documents.services import new_check_code
from ledger import clock, events
from ledger.canonical import digest
from ledger.workflow import StepRefused
from pledges.models import EarlierRecord, Pledge, Signature
from pledges.parties import OFFICIAL
from pledges.wording import Proposal, is_open_again, propose, signed_record
from pledges.workflow import PLEDGE, facts
from units.models import Post, User

LONGEST_OWN_WORDS = 2000


class TextChanged(StepRefused):
    """What would be recorded now is not what was shown (rule R26): show the new text, keep what was typed."""


@transaction.atomic
def sign_pledge(*, by: User, campaign: Campaign, year: int, own_words: str, seen_sha256: str) -> Pledge:
    """The person confirms the text that was shown to him (`seen_sha256` is its digest) and his own words.

    A returned pledge, or one whose confirmer has changed since, is signed anew in a new round; what was signed before
    is kept. Raises TextChanged, StepRefused (not employed, nobody above, already signed), ValidationError (too long).
    """
    if len(own_words) > LONGEST_OWN_WORDS:
        raise ValidationError(f"Nội dung cụ thể dài quá {LONGEST_OWN_WORDS} ký tự. Xin viết gọn lại.")
    pledge = Pledge.objects.select_for_update().filter(campaign=campaign, year=year, user=by).first()
    proposal = propose(user=by, campaign=campaign, year=year, on=by.today)
    if pledge and not is_open_again(pledge, proposal.signing_unit, proposal.kind):
        raise StepRefused(already_signed(pledge))
    if seen_sha256 != proposal.sha256:
        raise TextChanged(
            "Nội dung bản cam kết đã thay đổi từ khi mở trang nên chưa ký. Xin đọc lại bản mới dưới đây rồi ký."
        )
    moment = clock.now()
    signed = _signed_fields(proposal, own_words, moment)
    pledge = _sign_again(pledge, proposal, signed) if pledge else _sign_first(proposal, signed)
    confirm(
        pledge, OFFICIAL, by=by, post=proposal.post, post_title=proposal.shown["person"]["post"], at=moment
    )
    return pledge


def already_signed(pledge: Pledge) -> str:
    moment = clock.local(pledge.signed_at)
    return (
        f"Ông/bà đã ký cam kết năm {pledge.year} lúc {moment:%H:%M} ngày {moment:%d/%m/%Y}; "
        f"bản cam kết đang ở trạng thái “{pledge.get_status_display()}”."
    )


def confirm(
    pledge: Pledge, party: str, *, by: User, post: Post | None, post_title: str, at: datetime
) -> Signature:
    """One party's row: who, in which post, the digest of what he confirmed."""
    return Signature.objects.create(
        pledge=pledge,
        party=party,
        user=by,
        post=post,
        name=by.full_name,
        post_title=post_title,
        round=pledge.round,
        sha256=pledge.sha256,
        at=at,
    )


def _signed_fields(proposal: Proposal, own_words: str, moment: datetime) -> dict[str, Any]:
    record = signed_record(proposal.shown, own_words=own_words, signed_at=moment)
    return {
        "kind": proposal.kind,
        "unit": proposal.employment.unit,
        "signing_unit": proposal.signing_unit,
        "category": proposal.employment.category,
        "post_title": proposal.shown["person"]["post"],
        "text": proposal.text,
        "own_words": own_words,
        "content": record,
        "sha256": digest(record),
        "signed_at": moment,
    }


def _sign_first(proposal: Proposal, signed: dict[str, Any]) -> Pledge:
    who = {"campaign": proposal.campaign, "year": proposal.year, "user": proposal.user}
    try:
        with transaction.atomic():
            pledge = Pledge.objects.create(**who, **signed, check_code=new_check_code())
    except IntegrityError as error:
        # The same person in another window, a moment earlier: the constraint decides, not the look before.
        raise StepRefused(already_signed(Pledge.objects.get(**who))) from error
    events.record(
        f"{PLEDGE.kind}.sign",
        by=proposal.user,
        post=proposal.post,
        object_kind=PLEDGE.kind,
        object_id=pledge.public_id,
        unit_id=pledge.event_unit_id,
        data={"to": pledge.status, **facts(pledge)},
    )
    return pledge


def _sign_again(pledge: Pledge, proposal: Proposal, signed: dict[str, Any]) -> Pledge:
    EarlierRecord.objects.create(
        pledge=pledge,
        round=pledge.round,
        content=pledge.content,
        sha256=pledge.sha256,
        signed_at=pledge.signed_at,
    )
    Pledge.objects.filter(pk=pledge.pk).update(round=pledge.round + 1, **signed)
    return PLEDGE.take(pledge, "sign_again", by=proposal.user, post=proposal.post, data=facts)[0]
