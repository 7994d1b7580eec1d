"""Slips with one-time codes as a paper: ordered on a page, made by the worker, kept for a day (rule R36)."""

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string

from documents import slipbox
from documents.fonts import FontsMissing
from documents.models import SlipJob
from documents.press import PressRefused, render
from ledger import events, jobs
from ledger.jobs import Hold
from ledger.qr import qr_picture
from ledger.workflow import StepRefused
from units import slips
from units.models import Unit, User

KIND = "documents.slips"
MOST = 1000
ON_A_PAGE = 8
NONE = "Không có phiếu nào đang có hiệu lực. Cấp mã trước, rồi lập tệp."
TOO_MANY = "Có {0} phiếu, nhiều hơn {1} phiếu của một tệp. Lập tệp theo từng đơn vị trực thuộc."
NO_LONGER = "Người đặt tệp này không còn quyền cấp phiếu của đơn vị."


@transaction.atomic
def order_slips(*, unit: Unit, by: User) -> SlipJob:
    """The order that is under way, or a new one. Raises StepRefused when there is nothing, or too much, to print."""
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    slipbox.burn_old()
    count = len(slips.waiting(unit, by).live)
    if not count:
        raise StepRefused(NONE)
    if count > MOST:
        raise StepRefused(TOO_MANY.format(count, MOST))
    if active := SlipJob.objects.active().filter(unit=unit, by=by).first():
        return active
    job = SlipJob.objects.create(unit=unit, by=by, slips=count, steps=2, message="Chờ lập tệp phiếu")
    jobs.poke(KIND, job)
    return job


def print_slips(job: SlipJob, hold: Hold) -> None:
    """The worker's part. Who ordered must still have the right (rule R06), and only codes that are good are printed."""
    by, unit = job.by, job.unit
    if by is None or not by.has_perm("units.issue_codes", unit):
        hold.fail(NO_LONGER)
        return
    found = slips.waiting(unit, by).live
    if not found:
        hold.fail(NONE)
        return
    hold.progress(1, 2, "Đang lập tệp phiếu")
    title = f"Phiếu kích hoạt tài khoản, {unit.name}"
    try:
        body = render(slips_html(found), title=title, pictures={"qr.png": qr_picture(activation_address())})
    except (PressRefused, FontsMissing) as error:
        hold.fail(str(error))
        return
    name = slipbox.keep(body)
    with transaction.atomic():
        hold.finish(file=name, slips=len(found))
        _record(job, by, len(found))


def slips_html(found: list[slips.Slip]) -> str:
    """Eight on a page, in the order in which they are given out."""
    pages = [found[at : at + ON_A_PAGE] for at in range(0, len(found), ON_A_PAGE)]
    address = activation_address()
    context = {"pages": pages, "address": address, "typed": address.removeprefix("https://").rstrip("/")}
    return render_to_string("documents/slips.html", context)


def activation_address() -> str:
    """What the picture leads to; never the code itself, which is typed by hand from the paper."""
    return f"{settings.BASE_URL}/kich-hoat/"


@transaction.atomic
def fetch_slips(*, job: SlipJob, by: User) -> bytes | None:
    """The file, and an event that says who took it; None when it is gone."""
    body = slipbox.fetch(job.file)
    if body is not None:
        _record(job, by, job.slips, act="fetch_slips")
    return body


def _record(job: SlipJob, by: User, count: int, act: str = "print_slips") -> None:
    events.record(
        f"documents.{act}",
        by=by,
        object_kind="units.unit",
        object_id=job.unit.public_id,
        unit_id=job.unit.public_id,
        data={"slips": count},
    )
