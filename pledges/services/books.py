"""A unit's year as one book or archive: ordered on a page, made by the worker, kept for thirty days (feature S22)."""

from datetime import date
from pathlib import Path

from django.db import IntegrityError, transaction
from django.db.models import Q

from campaigns.models import Campaign
from documents.fonts import FontsMissing
from documents.press import PressRefused, render, render_all
from ledger import clock, events, jobs
from ledger.jobs import Hold
from ledger.models import Job
from ledger.workflow import StepRefused
from pledges import archive, bookbinding, books, bookshelf, coverage
from pledges.models import BookJob, Pledge
from units.models import Unit, User
from vietnamese.numbers import grouped

KIND = "pledges.book"
PERMISSION = "pledges.keep_books"
NONE = "Năm {0} chưa có bản cam kết nào đủ xác nhận trong đơn vị này nên chưa lập được."
TOO_MANY = "Có {0} bản, nhiều hơn {1} bản của một sổ. Chọn tệp nén, hoặc lập sổ theo từng đơn vị trực thuộc."
NO_LONGER = "Người đặt tệp này không còn quyền quản lý bản cam kết của đơn vị."
STOPPED = "Việc này đang ở trạng thái “{0}”."


@transaction.atomic
def order_book(*, unit: Unit, campaign: Campaign, year: int, form: str, by: User) -> BookJob:
    """The order that is under way, or a new one. Raises StepRefused when there is nothing, or too much, to bind."""
    count = books.pledges_of(unit, campaign, year, coverage.day_for(year, by.today)).count()
    if not count:
        raise StepRefused(NONE.format(year))
    if form == BookJob.Form.BOOK and count > books.MOST_IN_A_BOOK:
        raise StepRefused(TOO_MANY.format(grouped(count), grouped(books.MOST_IN_A_BOOK)))
    what = {"unit": unit, "campaign": campaign, "year": year, "form": form, "by": by}
    try:
        with transaction.atomic():
            job = BookJob.objects.create(**what, pledges=count, steps=count, message="Chờ lập tệp")
    except IntegrityError:
        # The constraint decides: the same order is under way already.
        return BookJob.objects.active().get(**what)
    jobs.poke(KIND, job)
    _record("order", job, by)
    return job


@transaction.atomic
def cancel_book(*, job: BookJob, by: User) -> BookJob:
    """Its worker notices at its next step and publishes nothing. Raises StepRefused when it is over."""
    stopped = BookJob.objects.active().filter(pk=job.pk)
    moved = stopped.update(status=Job.Status.CANCELLED, finished_at=clock.now(), lease_until=None)
    job.refresh_from_db()
    if not moved:
        raise StepRefused(STOPPED.format(job.get_status_display()))
    _record("cancel", job, by)
    return job


def make_book(job: Job, hold: Hold) -> None:
    """The worker's part. Who ordered must still have the right (rule R06)."""
    found = BookJob.objects.select_related("unit", "campaign", "by").get(pk=job.pk)
    if found.by is None or not found.by.has_perm(PERMISSION, found.unit):
        hold.fail(NO_LONGER)
        return
    on = coverage.day_for(found.year, clock.today())
    is_book = found.form == BookJob.Form.BOOK
    with bookshelf.desk() as desk:
        made = desk / "made"
        try:
            count, said = (_bind if is_book else _pack)(found, hold, desk, made, on)
        except (PressRefused, FontsMissing) as error:
            hold.fail(str(error))
            return
        shelved = bookshelf.shelve(made, "pdf" if is_book else "zip")
    try:
        with transaction.atomic():
            kept = {"sha256": shelved.sha256, "path": shelved.path, "size": shelved.size}
            hold.finish(pledges=count, **kept)
            BookJob.objects.filter(pk=found.pk).update(message=said)
            _record("make", found, found.by, {"pledges": count, "sha256": shelved.sha256})
    except BaseException:
        bookshelf.take_off(shelved.path)
        raise


def _bind(job: BookJob, hold: Hold, desk: Path, made: Path, on: date) -> tuple[int, str]:
    """Pieces by child processes, one after the other, because each begins where the one before ended; the index, which
    knows the pages, last.
    """
    title = f"Sổ bản cam kết năm {job.year}, {job.unit.name}"
    pledges = list(books.pledges_of(job.unit, job.campaign, job.year, on)[: books.MOST_IN_A_BOOK])
    pages: dict[int, int] = {}
    pieces: list[Path] = []
    following, done, steps = 1, 0, len(pledges) + 2
    for piece in books.in_pieces(pledges):
        hold.progress(done, steps, f"Đang in {grouped(done)}/{grouped(len(pledges))} bản")
        place = desk / f"{len(pieces)}.pdf"
        place.write_bytes(render_all([books.piece_of(piece, following, title)])[0])
        found = bookbinding.marks(place)
        pages |= {row.pk: following + mark.page for row, mark in zip(piece, found, strict=True)}
        following += bookbinding.page_count(place)
        pieces.append(place)
        done += len(piece)
    hold.progress(done, steps, "Đang lập bìa và danh mục")
    front = desk / "front.pdf"
    described = books.front_of(job, pledges, on)
    front.write_bytes(render(books.front_html(described, pledges, pages), title=title))
    hold.progress(done + 1, steps, "Đang đóng sổ")
    bookbinding.bind([front, *pieces], made, title=title, front=bookbinding.page_count(front))
    return len(pledges), ""


def _pack(job: BookJob, hold: Hold, desk: Path, made: Path, on: date) -> tuple[int, str]:
    packed = archive.pack(
        job, made, on, lambda done: hold.progress(done, job.pledges, f"Đã nén {grouped(done)} bản")
    )
    if not packed.damaged:
        return packed.pledges, ""
    return packed.pledges, (
        f"{len(packed.damaged)} tệp lưu không còn nguyên vẹn nên không có trong tệp nén; danh mục ghi rõ. Báo quản trị."
    )


@transaction.atomic
def fetch_book(*, job: BookJob, by: User) -> Path | None:
    """The file, and an event that says who took it; None when it is gone."""
    place = bookshelf.find(job.path, job.sha256) if job.status == Job.Status.DONE else None
    if place is not None:
        _record("fetch", job, by)
    return place


def clear_shelf() -> int:
    """Takes off what has lain for thirty days; asked by beat. Returns how many."""
    border = clock.now() - bookshelf.KEPT_FOR
    old = BookJob.objects.filter(~Q(path=""), finished_at__lt=border)
    count = 0
    for pk, path in list(old.values_list("pk", "path")):
        bookshelf.take_off(path)
        count += BookJob.objects.filter(pk=pk, path=path).update(path="")
    bookshelf.clear_desks()
    return count


def latest_of(unit: Unit, year: int) -> list[BookJob]:
    """What was ordered for the unit's year and can still be fetched or watched, newest first."""
    rows = BookJob.objects.filter(unit=unit, year=year).select_related("by")
    rows = rows.filter(Q(status__in=[Job.Status.QUEUED, Job.Status.RUNNING]) | ~Q(path=""))
    return list(rows.order_by("-pk")[:10])


def bound_in(unit: Unit, campaign: Campaign, year: int, on: date) -> int:
    return Pledge.objects.filter(
        pk__in=books.pledges_of(unit, campaign, year, on).order_by().values("pk")
    ).count()


def _record(act: str, job: BookJob, by: User, data: dict | None = None) -> None:
    events.record(
        f"{KIND}.{act}",
        by=by,
        object_kind=KIND,
        object_id=job.public_id,
        unit_id=job.unit.public_id,
        data={"year": job.year, "form": job.form, **(data or {})},
    )
