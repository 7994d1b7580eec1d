"""What an act of reorganisation does to plans: the heir goes on with what is open, what was accepted stays.

Open are plans of the act's year and later that are drafted, under review or returned. They pass to the main heir where
it has none for that campaign and year; a second one stays with the unit that ended, and the act warns. Versions that
were sent keep the name of who sent them. How an accepted plan counts under a new name: `campaigns.coverage`.
"""

from typing import Any

from django.db.models import F

from campaigns.models import UnitPlan
from campaigns.workflow import PLAN
from ledger.events import EventDraft, record_many, signature_of
from ledger.locking import locked
from ledger.workflow import StepRefused
from units.models import Unit, User
from units.reorganisation.register import Line, Moved, Transition, said

# What is furthest on its way goes first where two units that end have one heir.
OPEN = (UnitPlan.Status.SUBMITTED, UnitPlan.Status.RETURNED, UnitPlan.Status.DRAFT)
LABEL = "Kế hoạch chưa được tiếp nhận"
DONE = "Kế hoạch đã được tiếp nhận"


def move(change: Transition) -> Moved:
    rows = _open(change)
    heirs = {key: heir for key in change.heirs if (heir := change.main_heir(key)) is not None}
    units = Unit.objects.in_bulk(change.takers)
    kept = UnitPlan.objects.filter(unit__in=units, year__gte=change.on.year)
    taken: set[tuple[int, int, int | None]] = {
        (campaign, year, unit) for campaign, year, unit in kept.values_list("campaign_id", "year", "unit_id")
    }
    moving, warnings = [], []
    for row in rows:
        heir = heirs.get(row.unit_id)
        place = (row.campaign_id, row.year, heir)
        if heir is None or place in taken:
            warnings.append(_stays(row, units.get(heir)))
            continue
        taken.add(place)
        moving.append((row, units[heir]))
    journal = {"moved": [[row.pk, row.unit_id, heir.pk, row.version + 1] for row, heir in moving]}
    names = tuple(f"{row} → {heir}" for row, heir in moving)
    _write(moving, "move", 1, by=change.by)
    done = UnitPlan.objects.filter(unit__in=change.heirs, status=UnitPlan.Status.ACCEPTED).count()
    line = Line(LABEL, len(moving), len(rows) - len(moving), tuple(warnings), names)
    return Moved(said(line, Line(DONE, stays=done)), journal)


def undo(journal: dict[str, Any]) -> None:
    """Raises StepRefused when somebody has worked on one of the plans since."""
    before = {pk: (old, new, version) for pk, old, new, version in journal["moved"]}
    rows = _locked(pk__in=before)
    for row in rows:
        if (row.unit_id, row.version) != before[row.pk][1:]:
            raise StepRefused(f"{row} đã được sửa hoặc xử lý sau khi chuyển theo việc sắp xếp này.")
    units = Unit.objects.in_bulk({old for old, _, _ in before.values()})
    _write([(row, units[before[row.pk][0]]) for row in rows], "move_back", -1, by=None)


def _locked(**which: Any) -> list[UnitPlan]:
    return locked(UnitPlan.objects.select_related("unit").filter(**which))


def _open(change: Transition) -> list[UnitPlan]:
    rows = _locked(unit__in=change.heirs, status__in=OPEN, year__gte=change.on.year)
    return sorted(rows, key=lambda row: (row.year, OPEN.index(row.status), row.pk))


def _stays(row: UnitPlan, heir: Unit | None) -> str:
    said = f"{row}, {row.get_status_display().lower()}, ở lại với đơn vị cũ"
    if heir is None:
        return f"{said}: đơn vị không có đơn vị kế tục."
    return f"{said}: {heir} đã có kế hoạch năm {row.year}. Xem lại để đưa những việc còn cần vào kế hoạch đó."


def _write(moving: list[tuple[UnitPlan, Unit]], act: str, step: int, *, by: User | None) -> None:
    by_unit: dict[int, list[int]] = {}
    for row, unit in moving:
        by_unit.setdefault(unit.pk, []).append(row.pk)
    for unit_id, keys in by_unit.items():
        UnitPlan.objects.filter(pk__in=keys).update(unit=unit_id, version=F("version") + step)
    record_many([_event(row, unit, act, by) for row, unit in moving])


def _event(row: UnitPlan, unit: Unit, act: str, by: User | None) -> EventDraft:
    return EventDraft(
        kind=f"{PLAN.kind}.{act}",
        object_kind=PLAN.kind,
        object_id=row.public_id,
        person_id=by.public_id if by else "",
        unit_id=unit.public_id,
        data={"year": row.year, "from": row.unit.public_id, "to": unit.public_id},
        text=signature_of(by),
    )
