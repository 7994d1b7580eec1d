"""A pledge signed with one's own certificate: the PDF to sign, and what comes back (feature S13, rule R28)."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from campaigns.models import Campaign
from documents import signed, vault
from documents.fonts import FontsMissing
from documents.press import PressRefused, render
from documents.services import new_check_code
from ledger import clock, events, jobs
from ledger.canonical import digest
from ledger.jobs import Hold
from ledger.workflow import Correctable, StepRefused
from pledges.models import Pledge, Refusal, SignedFile, SigningDraft
from pledges.rounds import is_open_again
from pledges.services.signing import (
    LONGEST_OWN_WORDS,
    TextChanged,
    already_signed,
    check_proof,
    write_pledge,
)
from pledges.tosign import draft_html, draft_title
from pledges.wording import Proposal, propose
from units.models import Unit, User
from vietnamese.keys import search_key

KIND = "pledges.signingdraft"
CERTIFICATE = "certificate"
LARGEST = signed.LARGEST
CHANGED = (
    "Nội dung bản cam kết đã thay đổi từ khi lập tệp này (đơn vị, chức vụ hoặc mẫu mới) nên chưa nhận. Xin lập tệp mới "
    "rồi ký lại."
)
USED = "Tệp này đã dùng cho một lần ký trước. Muốn ký lại, xin lập tệp mới."
NOT_READY = "Tệp để ký chưa lập xong."
UNDER_WAY = "Một tệp khác của ông/bà đang được lập. Chờ tệp đó xong rồi lập tệp mới."


@transaction.atomic
def order_draft(*, by: User, campaign: Campaign, year: int, own_words: str, seen_sha256: str) -> SigningDraft:
    """The PDF that the person will sign; one with the same words that is there already is given again.

    Raises TextChanged, StepRefused (signed already, nothing to sign, another under way), ValidationError (too long).
    """
    if len(own_words) > LONGEST_OWN_WORDS:
        raise ValidationError(f"Nội dung cụ thể dài quá {LONGEST_OWN_WORDS} ký tự. Xin viết gọn lại.")
    pledge = _locked(by, campaign, year)
    proposal = _proposal(pledge, by, campaign, year)
    if seen_sha256 != proposal.sha256:
        raise TextChanged(
            "Nội dung bản cam kết đã thay đổi từ khi mở trang. Xin đọc lại bản mới dưới đây rồi lập tệp."
        )
    shown = {**proposal.shown, "own_words": own_words}
    facts = {"campaign": campaign, "year": year, "sha256": digest(shown)}
    if known := _known(by, facts):
        return known
    if SigningDraft.objects.active().filter(user=by, campaign=campaign, year=year).exists():
        raise Correctable(UNDER_WAY)
    draft = SigningDraft.objects.create(
        **facts,
        user=by,
        by=by,
        shown=shown,
        own_words=own_words,
        check_code=new_check_code(),
        steps=2,
        message="Chờ lập tệp để ký số",
    )
    _record("order", draft, by=by, data={"sha256": draft.sha256})
    jobs.poke(KIND, draft)
    return draft


def print_draft(job: SigningDraft, hold: Hold) -> None:
    """The worker's part. The same words give the same bytes."""
    draft = SigningDraft.objects.select_related("user").get(pk=job.pk)
    unit = Unit.objects.get(public_id=draft.shown["unit"]["id"])
    hold.progress(1, 2, "Đang lập tệp để ký số")
    day = clock.local(draft.created_at).date()
    html = draft_html(draft, place=unit.place, on=day, demo=draft.user.is_demo)
    try:
        body = signed.ready_to_sign(render(html, title=draft_title(draft)))
    except (PressRefused, FontsMissing) as error:
        hold.fail(str(error))
        return
    hold.finish(path=vault.keep(body), file_sha256=vault.sha256_of(body), size=len(body))


def draft_bytes(draft: SigningDraft) -> bytes:
    """Raises StepRefused while it is not made, PaperDamaged."""
    if draft.status != SigningDraft.Status.DONE:
        raise StepRefused(NOT_READY)
    return vault.fetch(draft.path, draft.file_sha256)


def look_into(draft: SigningDraft, body: bytes) -> signed.Examined:
    """What came back, judged in a process of its own; takes a second or two, so never inside a transaction."""
    return signed.examine(
        body,
        original=draft_bytes(draft),
        marker=draft.check_code,
        moment=clock.now(),
        policy=trust_policy(),
    )


def trust_policy() -> signed.Policy:
    folder = settings.TRUSTED_CAS
    files = sorted(Path(folder).glob("*")) if folder else []
    roots = tuple(file.read_bytes() for file in files if file.suffix.lower() in {".pem", ".crt", ".cer"})
    return signed.Policy(roots, settings.SIGNED_FILES_NEED_TRUST)


@transaction.atomic
def receive_signed_file(
    *, draft: SigningDraft, body: bytes, found: signed.Examined, by: User, proof: dict[str, str]
) -> SignedFile:
    """Writes down what came back and what was found in it; an accepted file becomes the person's pledge.

    `found` is what `look_into` said of these bytes. Of a file that is not accepted only the findings are kept.
    Raises StepRefused (not his own draft, proof too old, signed meanwhile, words changed since, draft used before).
    """
    check_proof(proof)
    if draft.user_id != by.pk:
        raise StepRefused("Tệp để ký này là của người khác.")
    row = SignedFile(
        draft=draft,
        verdict=found.verdict,
        findings=_findings(found, by),
        sha256=vault.sha256_of(body),
        size=len(body),
        by=by,
    )
    if found.verdict == SignedFile.Verdict.ACCEPTED:
        row.pledge = _pledge_of(draft, row, by)
        row.round, row.path = row.pledge.round, vault.keep(body)
    row.save()
    _record("return", draft, by=by, data={"verdict": row.verdict, "file": row.sha256})
    return row


def signed_file_of(pledge: Pledge) -> SignedFile | None:
    """The file behind the round that counts; None of a pledge signed otherwise."""
    files = pledge.signed_files.filter(round=pledge.round, verdict=SignedFile.Verdict.ACCEPTED)
    return files.select_related("draft").first()


def signed_file_bytes(file: SignedFile) -> bytes:
    """As it came, byte for byte. Raises PaperDamaged."""
    return vault.fetch(file.path, file.sha256)


def _locked(by: User, campaign: Campaign, year: int) -> Pledge | None:
    mine = Pledge.objects.select_for_update(no_key=True).personal()
    return mine.filter(campaign=campaign, year=year, user=by).first()


def _proposal(pledge: Pledge | None, by: User, campaign: Campaign, year: int) -> Proposal:
    proposal = propose(user=by, campaign=campaign, year=year, on=by.today, channel=Pledge.Channel.SIGNED_FILE)
    if pledge and not is_open_again(pledge, proposal.signing_unit, proposal.kind):
        raise StepRefused(already_signed(pledge))
    return proposal


def _known(by: User, facts: dict[str, Any]) -> SigningDraft | None:
    living = [SigningDraft.Status.QUEUED, SigningDraft.Status.RUNNING, SigningDraft.Status.DONE]
    rows = SigningDraft.objects.filter(**facts, user=by, status__in=living)
    return rows.exclude(returned__verdict=SignedFile.Verdict.ACCEPTED).order_by("-pk").first()


def _pledge_of(draft: SigningDraft, row: SignedFile, by: User) -> Pledge:
    pledge = _locked(by, draft.campaign, draft.year)
    proposal = _proposal(pledge, by, draft.campaign, draft.year)
    if digest({**proposal.shown, "own_words": draft.own_words}) != draft.sha256:
        raise StepRefused(CHANGED)
    if draft.returned.filter(verdict=SignedFile.Verdict.ACCEPTED).exists():
        raise StepRefused(USED)
    files = {"draft": draft.public_id, "draft_sha256": draft.file_sha256, "sha256": row.sha256}
    with_file = replace(proposal, shown={**proposal.shown, "signed_file": files})
    made = write_pledge(
        pledge,
        with_file,
        own_words=draft.own_words,
        seen_sha256=with_file.sha256,
        proof={"by": CERTIFICATE, "at": clock.now().isoformat()},
    )
    # The code that stands printed in the signed file leads to this pledge.
    Pledge.objects.filter(pk=made.pk).update(check_code=draft.check_code)
    made.check_code = draft.check_code
    refusals = Refusal.objects.filter(campaign=draft.campaign, year=draft.year, user=by)
    refusals.filter(ended_at__isnull=True).update(ended_at=made.signed_at)
    return made


def _findings(found: signed.Examined, person: User) -> dict[str, Any]:
    """`signer`: which of the signatures is the person's own, by name; the first where none carries it."""
    names = [_same_name(one.name, person) for one in found.signatures]
    return {
        "reason": found.reason,
        "signatures": [asdict(one) for one in found.signatures],
        "signer": names.index(True) if True in names else 0,
        "same_name": True in names,
    }


def _same_name(certified: str, person: User) -> bool:
    """A certificate may say more than the name (“Nguyễn Văn A - Sở Nội vụ”), never less."""
    return f" {person.search_key} " in f" {search_key(certified)} "


def _record(act: str, draft: SigningDraft, *, by: User, data: dict[str, Any]) -> None:
    events.record(
        f"{KIND}.{act}",
        by=by,
        object_kind=KIND,
        object_id=draft.public_id,
        unit_id=draft.shown["unit"]["id"],
        data={"year": draft.year, **data},
    )
