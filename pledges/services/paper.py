"""The paper of a complete pledge: ordered in the act that completes it, made by the worker, stored once (R04–R06).

A morning completes hundreds of pledges, each with its own order. Whoever takes one takes what waits beside it: one
child renders them all, each is sealed and stored by itself, and each order is its own compare-and-set.
"""

import logging
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from documents.fonts import FontsMissing
from documents.layout import EvidencePaper, PledgePaper
from documents.models import Paper
from documents.press import PressRefused, Sheet, render_all
from documents.seal import SealFailed, seal
from documents.seal_keys import SealMissing
from documents.services import PaperDamaged, check_address, new_check_code, store_paper
from documents.typeset import evidence_sheet, pledge_sheet
from ledger import clock, jobs
from ledger.jobs import LEASE, Hold, LeaseLost
from ledger.workflow import StepRefused
from pledges.models import PaperJob, Pledge, Signature, SignedFile
from pledges.services.signedfiles import signed_file_bytes
from pledges.sheet import evidence_paper_of, manifest_sha256, sheet_of
from pledges.workflow import PLEDGE
from units.models import User

logger = logging.getLogger(__name__)

KIND = "pledges.paper"
TOO_EARLY = "Bản PDF được lập khi bản cam kết đã đủ xác nhận."
CHANGED = "Bản cam kết đã thay đổi trong khi lập bản PDF."
# So many orders are made by one child, which loads its engine, style and faces once.
MOST = 100
# An order that failed is given again by the sweeper after so long.
AGAIN_AFTER = timedelta(minutes=10)


@transaction.atomic
def order_paper(*, pledge: Pledge, by: User) -> PaperJob:
    """For a complete pledge without paper: the order that is under way, or a new one. Raises StepRefused."""
    pledge = Pledge.objects.select_for_update(no_key=True).get(pk=pledge.pk)
    if pledge.status != Pledge.Status.COMPLETE:
        raise StepRefused(TOO_EARLY)
    if has_paper(pledge):
        raise StepRefused("Bản PDF đã được lập.")
    return PaperJob.objects.active().filter(pledge=pledge).first() or queue_paper(pledge, by=by)


def has_paper(pledge: Pledge) -> bool:
    """One that came on paper or in a signed file has that for its paper; the portal makes its evidence."""
    came = pledge.channel != Pledge.Channel.PORTAL
    return (pledge.evidence_id if came else pledge.paper_id) is not None


def queue_paper(pledge: Pledge, *, by: User) -> PaperJob:
    """Inside the transaction that completes the pledge; the worker is told after the commit."""
    return queue_papers([pledge], by=by)[0]


def queue_papers(pledges: Iterable[Pledge], *, by: User | None) -> list[PaperJob]:
    """The same for many pledges, in one statement."""
    orders = [PaperJob(pledge=pledge, by=by, steps=2, message="Chờ lập bản PDF") for pledge in pledges]
    queued = PaperJob.objects.bulk_create(orders)
    for job in queued:
        jobs.poke(KIND, job)
    return queued


@transaction.atomic
def order_missing_papers() -> int:
    """The sweeper's part (rule R09): complete pledges without paper whose last order is over get a new one.

    Every completion orders a paper; who never had an order was made up by the demo and is printed when asked for.
    """
    lacking = Q(channel=Pledge.Channel.PORTAL, paper=None) | Q(evidence=None) & ~Q(
        channel=Pledge.Channel.PORTAL
    )
    orders = PaperJob.objects.filter(pledge=OuterRef("pk"))
    lately = orders.filter(Q(finished_at=None) | Q(finished_at__gt=clock.now() - AGAIN_AFTER))
    found = Pledge.objects.filter(
        lacking, Exists(orders), ~Exists(lately), status=Pledge.Status.COMPLETE
    ).order_by("pk")
    return len(
        queue_papers(found.select_for_update(skip_locked=_can_skip(), no_key=True)[: 5 * MOST], by=None)
    )


def _can_skip() -> bool:
    return transaction.get_connection().features.has_select_for_update_skip_locked


@dataclass
class Batch(Hold):
    """All orders held under one token: what keeps one alive keeps all of them."""

    def renew(self) -> None:
        held = self.model.objects.filter(token=self.token, status="running")
        held.update(lease_until=clock.now() + LEASE)


@dataclass(frozen=True)
class Order:
    """One order with what is to be printed; `hold` is its own compare-and-set, `signed` the file that the person signed
    with a certificate of his own.
    """

    hold: Hold
    pledge: Pledge
    sheet: PledgePaper | EvidencePaper
    manifest: str
    signed: SignedFile | None = None

    @property
    def kind(self) -> Paper.Kind:
        alone = isinstance(self.sheet, EvidencePaper)
        return Paper.Kind.PLEDGE_EVIDENCE if alone else Paper.Kind.PLEDGE

    def page(self) -> Sheet:
        paper = self.sheet
        return evidence_sheet(paper) if isinstance(paper, EvidencePaper) else pledge_sheet(paper)


def print_paper(job: PaperJob, hold: Hold) -> None:
    """The worker's part. Doing it twice gives the same paper: the store knows the manifest."""
    batch = Batch(PaperJob, job.pk, hold.token)
    keeper = threading.Thread(target=batch.keep_alive, daemon=True)
    keeper.start()
    try:
        # The order that the worker was called for comes last: until then its own keeper has something to keep.
        _print_all([*_beside(job, hold.token), job], hold.token)
    finally:
        batch.over.set()
        keeper.join()


def _beside(job: PaperJob, token: str) -> list[PaperJob]:
    """Takes orders that wait and were never tried. One that was tried before is made alone: it may be what killed."""
    if job.attempts > 1:
        return []
    at = clock.now()
    waiting = PaperJob.objects.filter(status="queued", attempts=0)
    some = list(waiting.order_by("pk").values_list("pk", flat=True)[: MOST - 1])
    waiting.filter(pk__in=some).update(
        status="running",
        token=token,
        lease_until=at + LEASE,
        started_at=at,
        attempts=F("attempts") + 1,
        error="",
    )
    return list(PaperJob.objects.filter(token=token, status="running").exclude(pk=job.pk).order_by("pk"))


def _print_all(taken: Sequence[PaperJob], token: str) -> None:
    PaperJob.objects.filter(token=token, status="running").update(step=1, steps=2, message="Đang lập bản PDF")
    orders = _orders(taken, token)
    bodies = _bodies(orders)
    refusal = ""
    for order, body in zip(orders, bodies, strict=True):
        refusal = _store(order, body, refusal)


def _orders(taken: Sequence[PaperJob], token: str) -> list[Order]:
    """Three queries however many there are, one more for files. What need not be made any more is told at once."""
    pledges = Pledge.objects.select_related("unit", "user", "paper").in_bulk({job.pledge_id for job in taken})
    rows = Signature.objects.filter(pledge__in=pledges, round=F("pledge__round")).select_related("entered_by")
    signed: dict[int, dict[str, Signature]] = {pk: {} for pk in pledges}
    for row in rows:
        signed[row.pledge_id][row.party] = row
    files = _signed_files(pledges.values())
    orders = []
    for job in taken:
        hold, pledge = Hold(PaperJob, job.pk, token), pledges[job.pledge_id]
        if pledge.status != Pledge.Status.COMPLETE:
            _told(hold, TOO_EARLY)
        else:
            parties, file = signed[pledge.pk], files.get(pledge.pk)
            sheet, manifest = _sheet(pledge, parties, file), manifest_sha256(pledge, parties)
            orders.append(Order(hold, pledge, sheet, manifest, file))
    return orders


def _signed_files(pledges: Iterable[Pledge]) -> dict[int, SignedFile]:
    """By pledge, the accepted file of the round that counts; no query where everybody signed otherwise."""
    came = [row.pk for row in pledges if row.channel == Pledge.Channel.SIGNED_FILE]
    if not came:
        return {}
    files = SignedFile.objects.that_count().filter(pledge__in=came)
    return {row.pledge_id: row for row in files if row.pledge_id}


def _sheet(
    pledge: Pledge, signatures: dict[str, Signature], file: SignedFile | None
) -> PledgePaper | EvidencePaper:
    if pledge.channel == Pledge.Channel.PORTAL:
        return sheet_of(pledge, signatures)
    return evidence_paper_of(pledge, signatures, check_code=new_check_code(), file=file)


def _bodies(orders: Sequence[Order]) -> list[bytes | str]:
    """The PDF of each, or the sentence that says why there is none. One that cannot be made stops no other."""
    try:
        return list(render_all([order.page() for order in orders]))
    except FontsMissing as error:
        return [str(error)] * len(orders)
    except PressRefused as error:
        if len(orders) == 1:
            return [str(error)]
    return [body for order in orders for body in _bodies([order])]


def _store(order: Order, body: bytes | str, refusal: str) -> str:
    """Seals and stores one, or says why not. Returns why nothing can be sealed now: the next need not ask."""
    if isinstance(body, str) or refusal:
        _told(order.hold, refusal or str(body))
        return refusal
    try:
        sealed = seal(body, check_address=check_address(order.sheet.check_code))
    except (SealFailed, SealMissing) as error:
        _told(order.hold, error.sentence)
        return error.sentence
    try:
        _keep(order, sealed, signed_file_bytes(order.signed) if order.signed else b"")
    except PaperDamaged as damage:
        _told(order.hold, str(damage))
    except LeaseLost:
        logger.warning("a late worker stopped without publishing", extra={"job": order.hold.pk})
    return ""


@transaction.atomic
def _keep(order: Order, body: bytes, signed: bytes) -> None:
    """The paper, the pledge that it is of, and the end of the order, or nothing. Raises LeaseLost.

    With the evidence of a file that the person signed goes that file, untouched, so that the public check knows it.
    """
    seen = order.pledge
    pledge = Pledge.objects.select_for_update(no_key=True).get(pk=seen.pk)
    if (pledge.status, pledge.round, pledge.sha256) != (seen.status, seen.round, seen.sha256):
        order.hold.fail(CHANGED)
        return
    _attach(order, order.kind, order.sheet.document_title, body, order.sheet.check_code)
    if signed:
        title = f"Bản cam kết ký số cá nhân của {order.sheet.person_name}"
        _attach(order, Paper.Kind.PLEDGE_SIGNED, title, signed, pledge.check_code)
    order.hold.finish()


def _attach(order: Order, kind: Paper.Kind, title: str, body: bytes, check_code: str) -> None:
    """Stores one file of the pledge and points the pledge to it, unless it has one of that kind."""
    pledge = order.pledge
    paper = store_paper(
        kind=kind,
        title=title,
        body=body,
        object_kind=PLEDGE.kind,
        object_id=pledge.public_id,
        unit_id=pledge.unit.public_id,
        manifest_sha256=order.manifest,
        check_code=check_code,
        is_demo=pledge.user.is_demo,
    )
    field = "evidence" if kind == Paper.Kind.PLEDGE_EVIDENCE else "paper"
    Pledge.objects.filter(pk=pledge.pk, **{f"{field}__isnull": True}).update(**{field: paper})


def _told(hold: Hold, sentence: str) -> None:
    try:
        hold.fail(sentence)
    except LeaseLost:
        logger.warning("a late worker stopped without publishing", extra={"job": hold.pk})
