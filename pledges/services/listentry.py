"""“Ghi nhận”: a list signed by hand becomes pledges, all in one act and in as many queries for one person as for sixty.

The scan is the evidence. Who stands on it without a right to (signed already, not of this unit that day) is refused by
name, the others are recorded. The head's and the union's signatures count for whoever held the post on the day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse

from documents.services import new_check_code
from ledger import clock
from ledger.canonical import digest
from ledger.events import EventDraft, record_many, signature_of
from ledger.workflow import StepRefused
from notices.services import Telling, tell_each
from pledges.entering import Entry, moment_of, prepare
from pledges.listing import Person
from pledges.models import EarlierRecord, ListedPerson, Pledge, Refusal, Signature, SignedList
from pledges.parties import HEAD, OFFICIAL, UNION
from pledges.services.confirming import LONGEST_TITLE
from pledges.services.ending import papers_replaced
from pledges.services.paper import queue_papers
from pledges.services.signedlists import PAPER, locked_draft, record
from pledges.services.signing import check_proof
from pledges.wording import addressees, shown_record, signed_record
from pledges.workflow import LIST_KIND, PLEDGE, facts
from units.locks import hold_organisation
from units.models import Post, User

CHANGED = "Danh sách vừa được lưu lại từ khi mở trang này. Xin xem lại rồi ghi nhận."
SIGNED_MEANWHILE = "Có người trong danh sách vừa ký trên cổng. Tải lại trang để xem rồi ghi nhận lại."
HIGHEST = "Cấp có thẩm quyền"
BATCH = 100


@dataclass(frozen=True)
class Entered:
    pledges: list[Pledge]
    refused: list[str]


@transaction.atomic
def enter_list(*, signed_list: SignedList, seen_version: int, by: User, proof: dict[str, str]) -> Entered:
    """Raises StepRefused: proof too old, changed meanwhile, nobody ticked, no scan, words no longer those to sign."""
    check_proof(proof)
    hold_organisation(by)
    signed_list = locked_draft(signed_list, by)
    if signed_list.version != seen_version:
        raise StepRefused(CHANGED)
    keys = signed_list.people.values("user_id")
    # Whoever signs in the portal at this moment is waited for, then seen.
    held = Pledge.objects.select_for_update(no_key=True).personal().filter(user__in=keys)
    list(held.filter(campaign=signed_list.campaign, year=signed_list.year).order_by("pk").values_list("pk"))
    entry = prepare(signed_list, by)
    pledges = _write(signed_list, entry, by)
    _sign(signed_list, entry, pledges, by)
    entered_at = clock.now()
    SignedList.objects.filter(pk=signed_list.pk).update(
        status=SignedList.Status.ENTERED, entered_at=entered_at, by=by, version=F("version") + 1
    )
    _end_refusals(signed_list, pledges, entered_at)
    record("enter", signed_list, by=by, data={"pledges": len(pledges), "refused": len(entry.refused)})
    complete = [row for row in pledges if row.status == Pledge.Status.COMPLETE]
    queue_papers(complete, by=by)
    _tell(signed_list, entry, pledges, by)
    return Entered(pledges, entry.refused)


def _write(signed_list: SignedList, entry: Entry, by: User) -> list[Pledge]:
    """A row for who has none this year, a new round for who has; and an event for each."""
    fields = {one.user.pk: fields for one, fields in _fields(signed_list, entry)}
    old = [one.pledge for one in entry.people if one.pledge is not None]
    _keep_earlier(old, by)
    who = {"campaign": signed_list.campaign, "year": signed_list.year}
    new = [
        Pledge(**who, user=one.user, check_code=new_check_code(), **fields[one.user.pk])
        for one in entry.people
        if one.pledge is None
    ]
    try:
        with transaction.atomic():
            made = Pledge.objects.bulk_create(new)
    except IntegrityError as error:
        raise StepRefused(SIGNED_MEANWHILE) from error
    for row in old:
        _renew(row, fields[row.user_id])
    if old:
        names = [
            *fields[old[0].user_id],
            "round",
            "version",
            "stale_since",
            "paper",
            "evidence",
            "check_code",
        ]
        Pledge.objects.bulk_update(old, names, batch_size=BATCH)
    return _recorded(signed_list, [*made, *old], by)


def _fields(signed_list: SignedList, entry: Entry) -> list[tuple[Person, dict[str, Any]]]:
    at = moment_of(signed_list.signed_on)
    scans = list(signed_list.scans.order_by("number").values_list("sha256", flat=True))
    paper = {"list": signed_list.public_id, "scans": scans, "signed_on": signed_list.signed_on}
    commitments = list(signed_list.campaign.commitments.values_list("text", flat=True))
    lines = addressees(signed_list.unit, signed_list.signed_on)
    found = []
    for one in entry.people:
        shown = shown_record(
            campaign=signed_list.campaign,
            text=entry.text,
            commitments=commitments,
            year=signed_list.year,
            kind=one.kind,
            person=one.user,
            post_title=one.title,
            category=one.employment.category,
            unit=one.employment.unit,
            signing_unit=signed_list.unit,
            addressed_to=[HIGHEST] if one.is_top else lines,
            addition=entry.addition,
            channel=Pledge.Channel.PAPER,
        )
        found.append((one, _row(signed_list, entry, one, {**shown, "paper": paper}, at)))
    return found


def _row(
    signed_list: SignedList, entry: Entry, one: Person, shown: dict[str, Any], at: datetime
) -> dict[str, Any]:
    content = signed_record(shown, own_words="", signed_at=at)
    status = entry.statuses[one.user.pk]
    return {
        "kind": shown["kind"],
        "unit": one.employment.unit,
        "signing_unit": signed_list.unit,
        "category": one.employment.category,
        "post_title": shown["person"]["post"],
        "text": entry.text,
        "addition": entry.addition,
        "channel": Pledge.Channel.PAPER,
        "own_words": "",
        "content": content,
        "sha256": digest(content),
        "signed_at": at,
        "status": status,
        "completed_at": clock.now() if status == Pledge.Status.COMPLETE else None,
    }


def _keep_earlier(old: Sequence[Pledge], by: User) -> None:
    """What was signed before stands in a record; of what was complete, the paper says that it was replaced."""
    EarlierRecord.objects.bulk_create(
        EarlierRecord(
            pledge=row,
            round=row.round,
            content=row.content,
            sha256=row.sha256,
            signed_at=row.signed_at,
            channel=row.channel,
            check_code=row.check_code if row.completed_at else "",
            paper_id=row.paper_id,
        )
        for row in old
    )
    for row in old:
        if row.completed_at:
            papers_replaced(row, by=by)


def _renew(row: Pledge, fields: dict[str, Any]) -> None:
    if row.completed_at:
        row.check_code = new_check_code()
    for name, value in {
        **fields,
        "round": row.round + 1,
        "version": row.version + 1,
        "stale_since": None,
        "paper": None,
        "evidence": None,
    }.items():
        setattr(row, name, value)


def _recorded(signed_list: SignedList, pledges: list[Pledge], by: User) -> list[Pledge]:
    record_many(
        [
            EventDraft(
                kind=f"{PLEDGE.kind}.enter_paper",
                object_kind=PLEDGE.kind,
                object_id=row.public_id,
                person_id=by.public_id,
                unit_id=row.event_unit_id,
                data={"to": row.status, "list": signed_list.public_id, **facts(row)},
                text=signature_of(by),
            )
            for row in pledges
        ]
    )
    by_user = {row.user_id: row for row in pledges}
    listed = list(signed_list.people.filter(user__in=by_user))
    for one in listed:
        one.pledge = by_user[one.user_id]
    ListedPerson.objects.bulk_update(listed, ["pledge"], batch_size=BATCH)
    return pledges


def _end_refusals(signed_list: SignedList, pledges: Sequence[Pledge], at: datetime) -> None:
    """At the very moment of the entry: by it they are known again when the list is taken back."""
    of_year = Refusal.objects.filter(campaign=signed_list.campaign, year=signed_list.year)
    signed = [row.user_id for row in pledges]
    of_year.filter(user__in=signed, ended_at__isnull=True).update(ended_at=at)


def _sign(signed_list: SignedList, entry: Entry, pledges: list[Pledge], by: User) -> None:
    at = moment_of(signed_list.signed_on)
    # Signed on a day without an hour; witnessed at the moment at which the clerk enters it.
    proof = {"by": PAPER, "at": clock.now().isoformat(), "list": signed_list.public_id}
    rows = []
    for row in pledges:
        signers: list[tuple[str, User, Post | None, str]] = [(OFFICIAL, row.user, None, row.post_title)]
        if entry.head is not None and row.user_id not in (entry.head.user_id, *entry.alone):
            signers.append((HEAD, entry.head.user, entry.head.post, entry.head_title))
        if chair := entry.chairs.get(row.user_id):
            signers.append((UNION, chair.user, chair.post, chair.post.title))
        rows += [
            Signature(
                pledge=row,
                party=party,
                user=user,
                post=post,
                name=user.full_name,
                post_title=title[:LONGEST_TITLE],
                round=row.round,
                sha256=row.sha256,
                at=at,
                proof=proof,
                entered_by=by,
            )
            for party, user, post, title in signers
        ]
    Signature.objects.bulk_create(rows)


def _tell(signed_list: SignedList, entry: Entry, pledges: list[Pledge], by: User) -> None:
    """Whoever is said to have signed hears of it: so a wrong tick is found by the one whom it concerns."""
    day = f"{signed_list.signed_on:%d/%m/%Y}"
    told = [
        Telling(
            user=row.user,
            effect=f"{LIST_KIND}.enter:{signed_list.public_id}",
            text=f"{by.full_name} ghi nhận bản cam kết năm {row.year} ông/bà ký trên giấy ngày {day}. Nếu không đúng, "
            "xin báo người đứng đầu đơn vị.",
            url=row.get_absolute_url(),
        )
        for row in pledges
        if row.user_id != by.pk
    ]
    signers = {entry.head.user} if entry.head else set()
    signers |= {chair.user for chair in entry.chairs.values()}
    told += [
        Telling(
            user=user,
            effect=f"{LIST_KIND}.signer:{signed_list.public_id}",
            text=f"{by.full_name} ghi nhận chữ ký của ông/bà trên danh sách ký cam kết ngày {day}, {len(pledges)} "
            "người.",
            url=reverse("pledges:pledge_list"),
        )
        for user in signers
        if user.pk != by.pk
    ]
    tell_each(told)
