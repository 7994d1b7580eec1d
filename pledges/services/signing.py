"""Signing: a person's own pledge, and a head's for his unit."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from campaigns.models import Campaign
from documents.services import new_check_code
from ledger import clock, events
from ledger.canonical import digest
from ledger.locking import locked
from ledger.prepared import Insert, Prepared
from ledger.workflow import SeenOld, StepRefused
from pledges.models import EarlierRecord, Pledge, Refusal, Signature
from pledges.parties import OFFICIAL, called
from pledges.rounds import is_open_again, of_body
from pledges.services.ending import papers_replaced
from pledges.wording import Proposal, propose, propose_collective, signed_record
from pledges.workflow import PLEDGE, facts
from units.models import Post, Unit, User
from units.proof import TOO_OLD, is_recent

LONGEST_OWN_WORDS = 2000

_MINE = Prepared(
    lambda *, campaign, year, user: (
        Pledge.objects.select_for_update(no_key=True)
        .personal()
        .filter(campaign=campaign, year=year, user=user)
    )
)
_REFUSED = Prepared(
    lambda *, campaign, year, user: Refusal.objects.filter(
        campaign=campaign, year=year, user=user, ended_at__isnull=True
    ).values_list("pk", flat=True)
)
_FIRST, _CONFIRMATION = Insert(Pledge, unless_there=True), Insert(Signature)


class TextChanged(SeenOld):
    """What would be recorded now is not what was shown (rule R26): show the new text, keep what was typed."""


@transaction.atomic(savepoint=False)
def sign_pledge(
    *, by: User, campaign: Campaign, year: int, own_words: str, seen_sha256: str, proof: dict[str, str]
) -> Pledge:
    """The person confirms the text that was shown to him (`seen_sha256` is its digest) and his own words.

    A returned or withdrawn pledge, one whose confirmer has changed since, and one whose words are no longer those to
    sign, is signed anew in a new round; what was signed before is kept. `proof` as `units.proof.given` tells it.
    Raises TextChanged, StepRefused (not employed, nobody above, already signed, proof too old), ValidationError.
    """
    check_signing(own_words, proof)
    # First of all: `book.close_the_book` waits for, and holds up, whoever has begun with this table.
    whose = {"campaign": campaign.pk, "year": year, "user": by.pk}
    pledge = _MINE.first(**whose)
    proposal = propose(user=by, campaign=campaign, year=year, on=by.today)
    signed = write_pledge(pledge, proposal, own_words=own_words, seen_sha256=seen_sha256, proof=proof)
    # Who signs refuses no longer.
    if refused := _REFUSED.all(**whose):
        Refusal.objects.filter(pk__in=refused).update(ended_at=signed.signed_at)
    return signed


@transaction.atomic(savepoint=False)
def sign_collective(
    *,
    by: User,
    unit: Unit,
    campaign: Campaign,
    year: int,
    own_words: str,
    seen_sha256: str,
    proof: dict[str, str],
) -> Pledge:
    """The head pledges for the whole unit to the head above; one a year. Raises as `sign_pledge`."""
    check_signing(own_words, proof)
    rows = Pledge.objects.filter(kind=Pledge.Kind.COLLECTIVE, campaign=campaign, year=year)
    pledge = of_body(rows.select_related("unit"), unit, by.today, read=locked)
    proposal = propose_collective(user=by, unit=unit, campaign=campaign, year=year, on=by.today)
    return write_pledge(pledge, proposal, own_words=own_words, seen_sha256=seen_sha256, proof=proof)


def check_signing(own_words: str, proof: dict[str, str]) -> None:
    if len(own_words) > LONGEST_OWN_WORDS:
        raise ValidationError(f"Nội dung cụ thể dài quá {LONGEST_OWN_WORDS} ký tự. Xin viết gọn lại.")
    check_proof(proof)


def check_proof(proof: dict[str, str]) -> None:
    """No confirmation in the portal without a password or code of the last ten minutes (rule R26)."""
    if not is_recent(proof.get("at")):
        raise StepRefused(TOO_OLD)


def write_pledge(
    pledge: Pledge | None, proposal: Proposal, *, own_words: str, seen_sha256: str, proof: dict[str, str]
) -> Pledge:
    """The proposal as a pledge: the first of the year, or a new round of `pledge`, which the caller has locked."""
    if pledge and not is_open_again(pledge, proposal.signing_unit, proposal.kind):
        raise StepRefused(already_signed(pledge))
    if seen_sha256 != proposal.sha256:
        raise TextChanged(
            "Nội dung bản cam kết đã thay đổi từ khi mở trang nên chưa ký. Xin đọc lại bản mới dưới đây rồi ký."
        )
    moment = clock.now()
    signed = _signed_fields(proposal, own_words, moment)
    pledge = _sign_again(pledge, proposal, signed) if pledge else _sign_first(proposal, signed)
    title = proposal.shown["person"]["post"]
    confirm(pledge, OFFICIAL, by=proposal.user, post=proposal.post, post_title=title, at=moment, proof=proof)
    return pledge


def already_signed(pledge: Pledge) -> str:
    moment = clock.local(pledge.signed_at)
    is_units = pledge.kind == Pledge.Kind.COLLECTIVE
    signed = f"{called(pledge)} đã được ký" if is_units else f"Ông/bà đã ký cam kết năm {pledge.year}"
    return (
        f"{signed} lúc {moment:%H:%M} ngày {moment:%d/%m/%Y}; "
        f"bản cam kết đang ở trạng thái “{pledge.get_status_display()}”."
    )


def confirm(
    pledge: Pledge,
    party: str,
    *,
    by: User,
    post: Post | None,
    post_title: str,
    at: datetime,
    proof: dict[str, str],
) -> Signature:
    """One party's row: who, in which post, the digest of what he confirmed, and the fresh proof behind it."""
    row = Signature(
        pledge=pledge,
        party=party,
        user=by,
        post=post,
        name=by.full_name,
        post_title=post_title,
        round=pledge.round,
        sha256=pledge.sha256,
        at=at,
        proof=proof,
    )
    _CONFIRMATION(row)
    return row


def _signed_fields(proposal: Proposal, own_words: str, moment: datetime) -> dict[str, Any]:
    record = signed_record(proposal.shown, own_words=own_words, signed_at=moment)
    return {
        "kind": proposal.kind,
        "unit": proposal.unit,
        "signing_unit": proposal.signing_unit,
        "category": proposal.employment.category,
        "post_title": proposal.shown["person"]["post"],
        "text": proposal.text,
        "addition": proposal.addition,
        "channel": proposal.shown["channel"],
        "own_words": own_words,
        "content": record,
        "sha256": digest(record),
        "signed_at": moment,
    }


def _sign_first(proposal: Proposal, signed: dict[str, Any]) -> Pledge:
    who = {"campaign": proposal.campaign, "year": proposal.year}
    pledge = Pledge(**who, user=proposal.user, **signed, check_code=new_check_code())
    if not _FIRST(pledge):
        # The same person in another window, a moment earlier: the constraint decides, not the look before.
        raise StepRefused(already_signed(_the_same(proposal, who)))
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


def _the_same(proposal: Proposal, who: dict[str, Any]) -> Pledge:
    if proposal.kind == Pledge.Kind.COLLECTIVE:
        return Pledge.objects.get(**who, kind=proposal.kind, unit=proposal.unit)
    return Pledge.objects.personal().get(**who, user=proposal.user)


def _sign_again(pledge: Pledge, proposal: Proposal, signed: dict[str, Any]) -> Pledge:
    """A new round. One that was complete keeps its code and paper in the record of that round; the paper then says
    that it was replaced, and the pledge goes on with a new code.
    """
    was_complete = pledge.completed_at is not None
    # The code printed in a file signed with a certificate stands for that file alone.
    code_is_out = was_complete or pledge.channel == Pledge.Channel.SIGNED_FILE
    EarlierRecord.objects.create(
        pledge=pledge,
        round=pledge.round,
        content=pledge.content,
        sha256=pledge.sha256,
        signed_at=pledge.signed_at,
        channel=pledge.channel,
        check_code=pledge.check_code if was_complete else "",
        paper=pledge.paper,
    )
    fresh: dict[str, Any] = {"user": proposal.user, "stale_since": None}
    if was_complete:
        papers_replaced(pledge, by=proposal.user)
        fresh |= {"paper": None, "evidence": None}
    if code_is_out:
        fresh["check_code"] = new_check_code()
    Pledge.objects.filter(pk=pledge.pk).update(round=pledge.round + 1, **fresh, **signed)
    stamps = {"completed_at": None}
    again = PLEDGE.take(pledge, "sign_again", by=proposal.user, post=proposal.post, data=facts, stamps=stamps)
    return again[0]
