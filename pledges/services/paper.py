"""The paper of a complete pledge: ordered in the act that completes it, made by the worker, stored once (R04–R06)."""

from collections.abc import Iterable

from django.db import transaction

from documents.fonts import FontsMissing
from documents.models import Paper
from documents.press import PressRefused, render
from documents.services import store_paper
from documents.typeset import pledge_html
from ledger import jobs
from ledger.jobs import Hold
from ledger.workflow import StepRefused
from pledges.models import PaperJob, Pledge
from pledges.parties import signatures_of
from pledges.sheet import manifest_sha256, sheet_of
from pledges.workflow import PLEDGE
from units.models import User

KIND = "pledges.paper"
TOO_EARLY = "Bản PDF được lập khi bản cam kết đã đủ xác nhận."


@transaction.atomic
def order_paper(*, pledge: Pledge, by: User) -> PaperJob:
    """For a complete pledge without paper: the order that is under way, or a new one. Raises StepRefused."""
    pledge = Pledge.objects.select_for_update().get(pk=pledge.pk)
    if pledge.status != Pledge.Status.COMPLETE:
        raise StepRefused(TOO_EARLY)
    if pledge.paper_id:
        raise StepRefused("Bản PDF đã được lập.")
    return PaperJob.objects.active().filter(pledge=pledge).first() or queue_paper(pledge, by=by)


def queue_paper(pledge: Pledge, *, by: User) -> PaperJob:
    """Inside the transaction that completes the pledge; the worker is told after the commit."""
    return queue_papers([pledge], by=by)[0]


def queue_papers(pledges: Iterable[Pledge], *, by: User) -> list[PaperJob]:
    """The same for many pledges, in one statement."""
    orders = [PaperJob(pledge=pledge, by=by, steps=2, message="Chờ lập bản PDF") for pledge in pledges]
    queued = PaperJob.objects.bulk_create(orders)
    for job in queued:
        jobs.poke(KIND, job)
    return queued


def print_paper(job: PaperJob, hold: Hold) -> None:
    """The worker's part. Doing it twice gives the same paper: the store knows the manifest."""
    pledge = Pledge.objects.select_related("unit", "user").get(pk=job.pledge_id)
    signatures = signatures_of(pledge)
    sheet = sheet_of(pledge, signatures)
    hold.progress(1, 2, "Đang lập bản PDF")
    try:
        body = render(pledge_html(sheet), title=sheet.document_title)
    except (PressRefused, FontsMissing) as error:
        hold.fail(str(error))
        return
    with transaction.atomic():
        paper = store_paper(
            kind=Paper.Kind.PLEDGE,
            title=sheet.document_title,
            body=body,
            object_kind=PLEDGE.kind,
            object_id=pledge.public_id,
            unit_id=pledge.unit.public_id,
            manifest_sha256=manifest_sha256(pledge, signatures),
            check_code=pledge.check_code,
            is_demo=pledge.user.is_demo,
        )
        Pledge.objects.filter(pk=pledge.pk, paper__isnull=True).update(paper=paper)
        hold.finish()
