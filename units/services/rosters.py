"""A roster that came as a file: uploaded, checked by a worker, applied by a worker as one act, undone (X1).

What the worker does stands in `rosterwork`.
"""

from datetime import date
from hashlib import sha256
from typing import Any

from django.db import transaction

from ledger import canonical, clock, events, jobs
from ledger.workflow import Correctable, StepRefused
from units.models import ColumnMap, Post, RosterApply, RosterCheck, RosterRow, RosterUpload, Unit, User
from units.reorganisation.register import movers
from units.rosterfile import applying, undoing
from units.rosterfile.columns import guess, missing
from units.rosterfile.standing import units_of
from units.rosterfile.workflow import ROSTER
from units.services.naming import give_codes
from vietnamese.dates import short_date

CHECK, APPLY = "units.roster_check", "units.roster_apply"
PERMISSION = "units.import_roster"
LARGEST = 5 * 1024 * 1024
CHECKING = ("Đọc tệp", "Kiểm tra từng ô", "So với danh sách hiện có", "Lưu kết quả")
APPLYING = ("Kiểm tra quyền", "So lại và cập nhật danh sách")


@transaction.atomic
def upload_roster(
    *, unit: Unit, content: bytes, filename: str, on: date, complete: bool, by: User
) -> RosterUpload:
    """Store the file and order its check, in one transaction. Raises StepRefused."""
    if len(content) > LARGEST:
        raise Correctable("Tệp lớn hơn 5 MB. Chia danh sách theo đơn vị rồi tải lên từng tệp.", "file")
    if on > clock.today():
        raise Correctable(
            "Ngày của danh sách còn ở phía trước; danh sách phải đúng tại một ngày đã đến.", "on"
        )
    must_live(unit, on)
    upload = RosterUpload.objects.create(
        unit=unit,
        on=on,
        complete=complete,
        filename=filename[-200:],
        content=content,
        sha256=sha256(content).hexdigest(),
        by=by,
    )
    _record("upload", upload, by, {"sha256": upload.sha256, "on": on.isoformat(), "complete": complete})
    _order_check(upload, by)
    return upload


def applied_before(upload: RosterUpload) -> RosterUpload | None:
    """An upload of the same bytes for the same unit and day that was applied already."""
    same = RosterUpload.objects.filter(
        unit=upload.unit_id, on=upload.on, sha256=upload.sha256, status=RosterUpload.Status.APPLIED
    )
    return same.exclude(pk=upload.pk).order_by("-applied_at").first()


@transaction.atomic
def map_columns(*, upload: RosterUpload, columns: dict[str, int], by: User) -> RosterUpload:
    """Which column is which, for this file; and remembered for the unit's files whose headings say too little.

    Raises StepRefused.
    """
    headings = upload.columns.get("headings")
    if not headings:
        raise StepRefused("Chưa đọc được hàng tiêu đề của tệp này.")
    digest = upload.columns["digest"]
    if missing(guess(headings), one_unit=len(units_of(upload)) == 1):
        ColumnMap.objects.update_or_create(
            unit=upload.unit,
            headings_sha256=digest,
            defaults={"headings": headings, "columns": columns, "by": by, "created_at": clock.now()},
        )
    chosen = {"columns": {**upload.columns, "chosen": columns}}
    ROSTER.take(upload, "map_columns", by=by, stamps=chosen, data={"headings": digest})
    _order_check(upload, by)
    return upload


@transaction.atomic
def check_again(*, upload: RosterUpload, by: User) -> RosterUpload:
    """After something else was changed: the same file against what is true now. Raises StepRefused."""
    ROSTER.take(upload, "check_again", by=by)
    _order_check(upload, by)
    return upload


@transaction.atomic
def apply_roster(*, upload: RosterUpload, digest: str, by: User) -> RosterApply:
    """Order the act. `digest` names the preview the person saw (rule R23). Raises StepRefused."""
    upload = _locked(upload)
    if upload.status != RosterUpload.Status.CHECKED:
        raise StepRefused(ROSTER.refusal(upload, ROSTER.step("apply")))
    if digest != digest_of(upload):
        raise StepRefused("Danh sách vừa được kiểm tra lại ở nơi khác. Xem lại kết quả rồi cập nhật.")
    if not changes(upload):
        raise StepRefused("Danh sách này không làm thay đổi gì, nên không có gì để cập nhật.")
    if RosterApply.objects.active().filter(upload=upload).exists():
        raise StepRefused("Danh sách này đang được cập nhật. Tải lại trang để xem tiến độ.")
    job = RosterApply.objects.create(upload=upload, digest=digest, by=by, steps=len(APPLYING))
    jobs.poke(APPLY, job)
    return job


@transaction.atomic
def undo_roster(*, upload: RosterUpload, by: User) -> RosterUpload:
    """Take it back exactly. Raises StepRefused naming the first few things that depend on it by now."""
    applying.lock()
    upload = _locked(upload)
    if upload.status != RosterUpload.Status.APPLIED:
        raise StepRefused(ROSTER.refusal(upload, ROSTER.step("undo")))
    found = undoing.in_the_way(upload)
    if found:
        more = len(found) - undoing.FEW
        raise StepRefused(
            f"Không thể hoàn tác: {'; '.join(found[: undoing.FEW])}{f'; và {more} việc khác' if more > 0 else ''}."
        )
    for name, mover in movers:
        if name in upload.journal.get("movers", {}):
            mover.undo(upload.journal["movers"][name])
    act = act_of(upload, by)
    applying.tell_undone(act)
    undoing.undo(act)
    ROSTER.take(
        upload, "undo", by=by, post=act.post, stamps={"undone_at": clock.now()}, data=counts_of(upload)
    )
    return upload


def changes(upload: RosterUpload) -> int:
    """How many people it would change anything for."""
    return sum(count for action, count in counts_of(upload).items() if action != RosterRow.Action.SAME)


def counts_of(upload: RosterUpload) -> dict[str, int]:
    return {action.value: upload.counts.get(action.value, 0) for action in RosterRow.Action}


def digest_of(upload: RosterUpload) -> str:
    """Names what a preview showed: the file, how it was understood, what was true then, what it would do."""
    return canonical.digest(
        {
            "upload": upload.public_id,
            "sha256": upload.sha256,
            "on": upload.on,
            "complete": upload.complete,
            "columns": upload.columns.get("map", {}),
            "standing": upload.counts.get("standing", ""),
            "counts": counts_of(upload),
        }
    )


def _locked(upload: RosterUpload) -> RosterUpload:
    """Without the file's megabytes: whoever decides about it needs only its hash."""
    rows = RosterUpload.objects.defer("content").select_related("unit")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=upload.pk)


def must_live(unit: Unit, on: date) -> None:
    if unit.until is not None and unit.until <= clock.today():
        raise StepRefused(
            f"{unit.name} đã kết thúc hoạt động từ {short_date(unit.until)} theo việc sắp xếp tổ chức. Tải "
            "danh sách lên "
            "theo đơn vị mới."
        )
    if on < unit.since:
        raise Correctable(
            f"{unit.name} được thành lập từ {short_date(unit.since)}; chọn ngày từ đó trở đi.", "on"
        )


def _order_check(upload: RosterUpload, by: User) -> RosterCheck:
    job = RosterCheck.objects.create(upload=upload, by=by, steps=len(CHECKING))
    jobs.poke(CHECK, job)
    return job


def act_of(upload: RosterUpload, by: User) -> applying.Act:
    return applying.Act(upload, by, _post(by), give_codes)


def _post(by: User) -> Post | None:
    kinds = (Post.Kind.HOME_AFFAIRS, Post.Kind.HEAD, Post.Kind.CLERK)
    return next(iter(by.posts_of(*kinds)), None)


def _record(act: str, upload: RosterUpload, by: User, data: dict[str, Any]) -> None:
    events.record(
        f"{ROSTER.kind}.{act}",
        by=by,
        post=_post(by),
        object_kind=ROSTER.kind,
        object_id=upload.public_id,
        unit_id=upload.unit.public_id,
        data=data,
    )
