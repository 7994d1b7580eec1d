"""What an act of reorganisation does to reports: the heir goes on with what is open, what was accepted stays.

By state of a report of a unit that ends (the main heir takes it where it has none in that round and owed none before):

- draft or presented: passes where the round was not yet due, or the heir is the same body under a new name;
- returned: passes, whatever the day, because somebody must answer the return;
- sent and waiting: passes only to the same body under a new name. To the heir of a merger or a split it does not: its
  figures are not those of the heir;
- accepted: stays. How it counts under a new name: `reports.board`.

Sealed versions are never touched; `Handover` says whose they were. Nothing is counted twice: a round adds up the units
in force on its due day, each with one report.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F

from ledger import clock
from ledger.events import EventDraft, record_many, signature_of
from ledger.locking import locked
from ledger.workflow import StepRefused
from reports.deadlines import due_day
from reports.models import Handover, ReportingRound, UnitReport
from reports.workflow import REPORTS
from units import renaming
from units.models import Placement, Unit, User
from units.reorganisation.register import Line, Moved, Transition, said

Status = UnitReport.Status
# What is furthest on its way goes first where two units that end have one heir.
OPEN = (Status.SUBMITTED, Status.RETURNED, Status.PRESENTED, Status.DRAFT)
LABEL = "Báo cáo chưa được tiếp nhận"
DONE = "Báo cáo đã được tiếp nhận"


@dataclass(frozen=True)
class _Heirs:
    """The heirs of one act: who they are, where they stand in the rounds, which of them only took a new name."""

    change: Transition
    units: dict[int, Unit]
    renamed: dict[int, int]
    placements: list[Placement]
    taken: set[tuple[int, int]]

    @classmethod
    def of(cls, change: Transition) -> "_Heirs":
        units = Unit.objects.in_bulk(change.takers)
        placed = Placement.objects.filter(unit__in=units, in_scope=True, report_duty=Placement.Duty.OWN)
        taken = UnitReport.objects.filter(unit__in=units).values_list("round_id", "unit_id")
        return cls(change, units, renaming.former(change.on), list(placed), set(taken))

    def main(self, unit_id: int) -> Unit | None:
        heir = self.change.main_heir(unit_id)
        return self.units.get(heir) if heir is not None else None

    def is_renamed(self, row: UnitReport, heir: Unit) -> bool:
        return self.renamed.get(heir.pk) == row.unit_id

    def owed(self, heir: Unit, asked: ReportingRound) -> bool:
        return any(row.unit_id == heir.pk and row.holds(asked.due_on) for row in self.placements)

    def is_free(self, heir: Unit, row: UnitReport) -> bool:
        """Whether the report would be the heir's only one in the round."""
        was_owing = self.is_over(row) and self.owed(heir, row.round)
        return (row.round_id, heir.pk) not in self.taken and not was_owing

    def is_over(self, row: UnitReport) -> bool:
        return due_day(row.round) < self.change.on


def move(change: Transition) -> Moved:
    heirs = _Heirs.of(change)
    moving: list[tuple[UnitReport, Unit]] = []
    warnings = []
    rows = _open(change)
    for row in rows:
        heir = heirs.main(row.unit_id)
        sentence = _why_it_stays(row, heir, heirs)
        if sentence or heir is None:
            warnings.append(f"{row} ({row.get_status_display().lower()}) ở lại với đơn vị cũ: {sentence}")
            continue
        heirs.taken.add((row.round_id, heir.pk))
        moving.append((row, heir))
    _write(moving, "move", 1, on=change.on, by=change.by)
    journal = {
        "moved": [[row.pk, row.unit_id, heir.pk, row.version + 1] for row, heir in moving],
        "on": change.on.isoformat(),
    }
    names = tuple(f"{row} → {heir}" for row, heir in moving)
    line = Line(LABEL, len(moving), len(rows) - len(moving), tuple(warnings), names)
    return Moved(said(line, _accepted(change, heirs)), journal)


def undo(journal: dict[str, Any]) -> None:
    """Raises StepRefused when somebody has worked on one of the reports since."""
    before = {pk: (old, new, version) for pk, old, new, version in journal["moved"]}
    rows = _locked(pk__in=before)
    for row in rows:
        if (row.unit_id, row.version) != before[row.pk][1:]:
            raise StepRefused(f"{row} đã được sửa hoặc xử lý sau khi chuyển theo việc sắp xếp này.")
    units = Unit.objects.in_bulk({old for old, _, _ in before.values()})
    back = [(row, units[before[row.pk][0]]) for row in rows]
    _write(back, "move_back", -1, on=date.fromisoformat(journal["on"]), by=None)


def _locked(**which: Any) -> list[UnitReport]:
    return locked(UnitReport.objects.select_related("unit", "round").filter(**which))


def _open(change: Transition) -> list[UnitReport]:
    rows = _locked(unit__in=change.heirs, status__in=OPEN)
    return sorted(rows, key=lambda row: (row.round_id, OPEN.index(Status(row.status)), row.pk))


def _why_it_stays(row: UnitReport, heir: Unit | None, heirs: _Heirs) -> str:
    """A sentence, or nothing where the report passes to the heir."""
    if heir is None:
        return "đơn vị không có đơn vị kế tục."
    if not heirs.is_free(heir, row):
        return f"{heir} có báo cáo riêng trong kỳ này."
    if row.status == Status.SUBMITTED and not heirs.is_renamed(row, heir):
        return f"số liệu đã gửi là của đơn vị cũ, không thay được báo cáo của {heir}."
    if (
        row.status in (Status.DRAFT, Status.PRESENTED)
        and heirs.is_over(row)
        and not heirs.is_renamed(row, heir)
    ):
        return "kỳ này đã hết hạn trước ngày sắp xếp."
    return ""


def _accepted(change: Transition, heirs: _Heirs) -> Line:
    rows = UnitReport.objects.filter(unit__in=change.heirs, status=Status.ACCEPTED).select_related(
        "unit", "round"
    )
    found = list(rows.order_by("round_id", "pk"))
    warnings = tuple(
        f"{row} đã được tiếp nhận nhưng không cộng vào kỳ này: {heir} báo cáo gồm cả số liệu của đơn vị cũ; "
        "nếu đã gửi trước đó thì cần trả lại để bổ sung."
        for row in found
        if not heirs.is_over(row) and (heir := heirs.main(row.unit_id)) and not heirs.is_renamed(row, heir)
    )
    return Line(DONE, stays=len(found), warnings=warnings)


def _write(moving: list[tuple[UnitReport, Unit]], act: str, step: int, *, on: date, by: User | None) -> None:
    by_unit: dict[int, list[int]] = {}
    for row, unit in moving:
        by_unit.setdefault(unit.pk, []).append(row.pk)
    for unit_id, keys in by_unit.items():
        UnitReport.objects.filter(pk__in=keys).update(unit=unit_id, version=F("version") + step)
    Handover.objects.bulk_create(
        Handover(report=row, giver=row.unit, taker=unit, on=on, at=clock.now()) for row, unit in moving
    )
    record_many([_event(row, unit, act, by) for row, unit in moving])


def _event(row: UnitReport, unit: Unit, act: str, by: User | None) -> EventDraft:
    return EventDraft(
        kind=f"{REPORTS.kind}.{act}",
        object_kind=REPORTS.kind,
        object_id=row.public_id,
        person_id=by.public_id if by else "",
        unit_id=unit.public_id,
        data={"round": row.round.code, "from": row.unit.public_id, "to": unit.public_id},
        text=signature_of(by),
    )
