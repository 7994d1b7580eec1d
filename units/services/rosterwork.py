"""What the worker does with a roster: reading, understanding and comparing it; then writing it as one act.

The worker reads who asked and what he may do again (rule R06); nothing is written unless all of it is.
"""

import gc
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import transaction

from ledger import clock
from ledger.jobs import Hold
from ledger.models import Job
from ledger.workflow import StepRefused
from units.models import ColumnMap, RosterApply, RosterCheck, RosterUpload, User
from units.rosterfile import applying, columns, reading, staging, standing
from units.rosterfile.compare import Compared, compare
from units.rosterfile.entries import Context
from units.rosterfile.grid import Fault, Refused, Sheet, address
from units.rosterfile.understanding import understand
from units.rosterfile.workflow import ROSTER
from units.services import rosters

SAMPLES = 3


class NotImported(Exception):
    """The worker stops. `sentence` says why, for the page of the job."""

    def __init__(self, sentence: str):
        super().__init__(sentence)
        self.sentence = sentence


def run_check(job: Job, hold: Hold) -> None:
    """The worker's first part. Its many thousands of cells make no cycles: looking for some takes a fifth longer."""
    gc.disable()
    try:
        _check(job, hold)
    finally:
        gc.enable()


def _check(job: Job, hold: Hold) -> None:
    found = RosterCheck.objects.get(pk=job.pk)
    upload = RosterUpload.objects.select_related("unit", "by").get(pk=found.upload_id)
    _still_allowed(found.by, upload)

    def say(step: int) -> None:
        hold.progress(step, len(rosters.CHECKING), rosters.CHECKING[step - 1])

    say(1)
    try:
        sheet, branch, context = _read(upload)
    except Refused as refusal:
        refused = Compared(faults=[Fault("", 0, "file", str(refusal))])
        _publish(upload, hold, found.by, compared=refused, state={}, seen={})
        return
    mapping, lacking = _mapping(upload, branch, sheet)
    state = _columns(upload, sheet, mapping)
    if lacking:
        _ask_columns(upload, hold, found.by, state)
        return
    say(2)
    understood = understand(sheet, mapping, context)
    # Some tens of megabytes that nobody needs any more.
    del sheet, context
    say(3)
    names = sorted({entry.search_key for entry in understood.rows if not entry.code})
    standing.complete(branch, [entry.code for entry in understood.rows], names)
    compared = compare(understood.rows, branch, complete=upload.complete, cell=_cells(mapping))
    compared.faults = [*understood.faults, *compared.faults]
    say(4)
    seen = {"standing": branch.digest(), "names": names}
    _publish(upload, hold, found.by, compared=compared, state=state, seen=seen)


def _read(upload: RosterUpload) -> tuple[Sheet, standing.Standing, Context]:
    """While a process of its own reads the file, we read what the portal knows of the branch. Raises Refused."""
    with ThreadPoolExecutor(1) as thread:
        file = thread.submit(reading.read, bytes(upload.content), upload.filename)
        branch = standing.branch_of(upload)
        context = standing.context_of(branch)
        return file.result(), branch, context


def run_apply(job: Job, hold: Hold) -> None:
    """The worker's second part: one transaction in which everything is written, or nothing."""
    found = RosterApply.objects.get(pk=job.pk)
    hold.progress(1, len(rosters.APPLYING), rosters.APPLYING[0])
    uploads = RosterUpload.objects.defer("content").select_related("unit")
    upload = uploads.get(pk=found.upload_id)
    hold.progress(2, len(rosters.APPLYING), rosters.APPLYING[1])
    with transaction.atomic():
        applying.lock()
        _still_allowed(found.by, upload)
        assert found.by is not None
        upload = uploads.select_for_update(of=("self",), no_key=True).get(pk=upload.pk)
        _still_true(upload, found.digest)
        act = rosters.act_of(upload, found.by)
        journal = applying.apply(act)
        journal["movers"] = applying.move_papers(act)
        ROSTER.take(
            upload,
            "apply",
            by=found.by,
            post=act.post,
            stamps={"applied_at": clock.now(), "journal": journal},
            data={"sha256": upload.sha256, **rosters.counts_of(upload)},
        )
        hold.finish()


def _publish(
    upload: RosterUpload,
    hold: Hold,
    by: User | None,
    *,
    compared: Compared,
    state: dict[str, Any],
    seen: dict[str, Any],
) -> None:
    """Rows, faults and the new state together, or nothing when the hold was lost meanwhile."""
    step = "find_faults" if compared.faults else "pass_check"
    counts = compared.counts() | {"faults": len(compared.faults)}
    with transaction.atomic():
        staging.stage(upload, compared.rows, compared.faults)
        stamps = {"columns": state, "counts": counts | seen}
        ROSTER.take(upload, step, by=by, stamps=stamps, data=counts)
        hold.finish()


def _columns(upload: RosterUpload, sheet: Sheet, mapping: dict[str, int]) -> dict[str, Any]:
    """What the page shows of the columns: the headings with a few values each, and which of them is taken for what."""
    samples = [
        [str(row.cells[at])[:60] for row in sheet.rows if at < len(row.cells) and row.cells[at] is not None][
            :SAMPLES
        ]
        for at in range(len(sheet.headings))
    ]
    chosen = {"chosen": upload.columns["chosen"]} if "chosen" in upload.columns else {}
    return chosen | {
        "map": mapping,
        "headings": sheet.headings,
        "digest": columns.digest(sheet.headings),
        "samples": samples,
    }


def _ask_columns(upload: RosterUpload, hold: Hold, by: User | None, state: dict[str, Any]) -> None:
    with transaction.atomic():
        staging.stage(upload, [], [])
        ROSTER.take(upload, "ask_columns", by=by, stamps={"columns": state, "counts": {}})
        hold.finish()


def _mapping(
    upload: RosterUpload, branch: standing.Standing, sheet: Sheet
) -> tuple[dict[str, int], list[str]]:
    """Field → column, and what is lacking: as somebody chose for this file, as the headings say, or, where they say
    too little, as somebody showed it once for this unit.
    """
    one_unit = len(branch.units) == 1
    mapping = upload.columns.get("chosen") or columns.guess(sheet.headings)
    if columns.missing(mapping, one_unit=one_unit):
        shown = ColumnMap.objects.filter(
            unit=upload.unit_id, headings_sha256=columns.digest(sheet.headings)
        ).first()
        mapping = shown.columns if shown else mapping
    return mapping, columns.missing(mapping, one_unit=one_unit)


def _cells(mapping: dict[str, int]):
    def cell(field: str, line: int) -> str:
        at = mapping.get(field, mapping.get("given_name") if field == "full_name" else mapping.get("code"))
        return address(line, at) if at is not None else str(line)

    return cell


def _still_allowed(by: User | None, upload: RosterUpload) -> None:
    if by is None or not by.has_perm(rosters.PERMISSION, upload):
        raise NotImported(
            "Người yêu cầu không còn quyền cập nhật danh sách của đơn vị này, nên việc đã dừng."
        )


def _still_true(upload: RosterUpload, digest: str) -> None:
    """Raises NotImported when the tree, or anything the preview was made from, is no longer as it was."""
    if upload.status != RosterUpload.Status.CHECKED or digest != rosters.digest_of(upload):
        raise NotImported("Danh sách đã được kiểm tra lại hoặc cập nhật ở nơi khác. Tải lại trang để xem.")
    try:
        rosters.must_live(upload.unit, upload.on)
    except StepRefused as refusal:
        raise NotImported(str(refusal)) from refusal
    if standing.digest_now(upload) != upload.counts["standing"]:
        raise NotImported(
            "Đơn vị hoặc con người trong danh sách đã thay đổi sau khi kiểm tra. Bấm “Kiểm tra lại”, xem kết "
            "quả mới rồi "
            "cập nhật."
        )
