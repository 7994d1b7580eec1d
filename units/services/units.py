"""What units there are and what they owe."""

from datetime import date

from django.db import transaction

from ledger import events
from ledger.workflow import StepRefused
from units.loader import BrokenFile, UnitRow
from units.models import BaseUnion, Placement, Post, Unit, User


@transaction.atomic
def choose_duties(*, unit: Unit, plan_duty: str, report_duty: str, since: date, by: User) -> Placement:
    """The parent says whether a unit below plans and reports on its own from that day; earlier days stay."""
    current = Placement.objects.select_for_update().get(unit=unit, until__isnull=True)
    if (
        current.parent is None
        or not current.parent.placements.filter(parent__isnull=False, until__isnull=True).exists()
    ):
        raise StepRefused(
            "Đơn vị trực thuộc thành phố tự lập kế hoạch và tự gửi báo cáo; không chọn khác được."
        )
    if since < current.since:
        raise StepRefused(f"Nghĩa vụ hiện nay có từ ngày {current.since:%d/%m/%Y}; chọn ngày từ đó trở đi.")
    if current.since == since:
        current.plan_duty, current.report_duty = plan_duty, report_duty
        current.save(update_fields=["plan_duty", "report_duty"])
        chosen = current
    else:
        Placement.objects.filter(pk=current.pk).update(until=since)
        chosen = Placement.objects.create(
            unit=unit,
            parent=current.parent,
            in_scope=current.in_scope,
            own_papers=current.own_papers,
            plan_duty=plan_duty,
            report_duty=report_duty,
            since=since,
        )
    events.record(
        "units.choose_duties",
        by=by,
        object_kind="units.unit",
        object_id=unit.public_id,
        unit_id=unit.public_id,
        data={"plan": plan_duty, "report": report_duty, "since": since.isoformat()},
    )
    return chosen


# A new name or another kind is a reorganisation, with its decision and its day: never a silent edit of a file.
DESCRIPTIVE = ("area_name", "abbr", "gso_code", "place", "superior_lines", "header_lines", "source_note")
IDENTIFYING = ("name", "kind", "since")


@transaction.atomic
def load_units(*, rows: list[UnitRow], by: User | None) -> tuple[list[str], list[str]]:
    """Add the units of a checked file; returns the names added and the names whose description changed.

    Raises BrokenFile, having changed nothing, when the file contradicts a unit that is already there.
    """
    known = {
        unit.source_key: unit for unit in Unit.objects.filter(source_key__in=[row.source_key for row in rows])
    }
    changed = [row.name for row in rows if row.source_key in known and _describe(known[row.source_key], row)]
    fresh = [row for row in rows if row.source_key not in known]
    root_row = next(row for row in rows if row.is_root)
    root = known.get(root_row.source_key) or _found(root_row, None)
    for row in fresh:
        if row is not root_row:
            _found(row, root)
    if fresh or changed:
        events.record(
            "units.load",
            by=by,
            object_kind="units.unit",
            object_id=root.public_id,
            data={"added": len(fresh), "changed": len(changed)},
        )
    return [row.name for row in fresh], changed


def _found(row: UnitRow, root: Unit | None) -> Unit:
    """One authority or agency of the first level (or the root), with its posts of head and deputy."""
    described = {name: getattr(row, name) for name in DESCRIPTIVE + IDENTIFYING}
    unit = Unit.objects.create(source_key=row.source_key, **described)
    duty = Placement.Duty.OWN if root else Placement.Duty.WITHIN_PARENT
    Placement.objects.create(unit=unit, parent=root, plan_duty=duty, report_duty=duty, since=row.since)
    Post.objects.create(unit=unit, kind=Post.Kind.HEAD, title=row.head_title)
    if row.deputy_title:
        Post.objects.create(unit=unit, kind=Post.Kind.DEPUTY, title=row.deputy_title)
    if row.has_union:
        BaseUnion.objects.create(unit=unit, name=f"Công đoàn cơ sở {unit.name}", since=row.since)
    return unit


def _describe(unit: Unit, row: UnitRow) -> bool:
    """Bring the descriptive fields up to the file; True when one differed."""
    for name in IDENTIFYING:
        if getattr(unit, name) != getattr(row, name):
            raise BrokenFile(
                f"Dòng {row.line}: {name} của {unit.name} khác với dữ liệu đang có; đổi tên, đổi loại hay ngày "
                "thành lập phải theo quyết định, không sửa qua tệp."
            )
    different = [name for name in DESCRIPTIVE if getattr(unit, name) != getattr(row, name)]
    for name in different:
        setattr(unit, name, getattr(row, name))
    if different:
        unit.save(update_fields=different)
    return bool(different)
