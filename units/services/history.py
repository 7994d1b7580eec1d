"""The real history of the units: founded as on the first day, then every act through the service of the screen."""

from dataclasses import dataclass

from ledger.workflow import StepRefused
from units.history import Act, History
from units.loader import BrokenFile
from units.locks import changes_organisation
from units.models import Placement, Reorganisation, Succession, Unit, User
from units.reorganisation.orders import Heir, NewUnit, Orders
from units.services.reorganising import reorganise
from units.services.units import found_units, tell_loaded

WITHOUT_HISTORY = (
    "Cây đơn vị của cơ sở dữ liệu này đã được bắt đầu mà không có lịch sử từ năm 2019; lịch sử chỉ nạp được vào một "
    "cơ sở dữ liệu chưa có đơn vị nào, trước `manage.py load_units`."
)


@dataclass(frozen=True)
class Loaded:
    """How many units were founded on the first day and acts carried out; none when all of it was there."""

    founded: int = 0
    acts: int = 0


@changes_organisation
def load_history(*, history: History, by: User | None) -> Loaded:
    """All of it or nothing. Raises StepRefused where a tree without history stands, BrokenFile where acts differ."""
    if Unit.objects.filter(source_key=history.root.source_key).exists():
        _refuse_another_history(history)
        return Loaded()
    if Unit.objects.exists():
        raise StepRefused(WITHOUT_HISTORY)
    units = found_units(founded=history.founded)
    tell_loaded(root=units[history.root.source_key], added=len(units), changed=0, by=by)
    public_ids = {key: unit.public_id for key, unit in units.items()}
    for act in history.acts:
        _carry_out(act, history, public_ids, by)
    return Loaded(len(history.founded), len(history.acts))


def _carry_out(act: Act, history: History, public_ids: dict[str, str], by: User | None) -> None:
    try:
        reorganise(orders=orders_of(act, history, public_ids), by=by)
    except StepRefused as refused:
        raise BrokenFile(f"Dòng {act.line}: {refused}") from refused
    fresh = [key for key, _parts in act.heirs if key not in public_ids]
    if fresh:
        founded = Unit.objects.filter(source_key__in=fresh)
        public_ids.update(founded.values_list("source_key", "public_id"))


def orders_of(act: Act, history: History, public_ids: dict[str, str]) -> Orders:
    moves = act.kind == Reorganisation.Kind.MOVE
    return Orders(
        kind=act.kind,
        on=act.on,
        decision=act.decision,
        decided_on=act.decided_on,
        predecessors=tuple(public_ids[key] for key in act.predecessors),
        heirs=tuple(_heir(key, parts, act, history, public_ids) for key, parts in act.heirs),
        parent=public_ids[act.parent] if moves else "",
        children={public_ids[key]: place for key, place in act.children.items()},
        note=act.note,
        verified=act.is_verified,
    )


def _heir(key: str, parts: int, act: Act, history: History, public_ids: dict[str, str]) -> Heir:
    if key in public_ids:
        return Heir(unit=public_ids[key], parts=parts)
    row = history.rows[key]
    # The province itself has nobody to plan or report to.
    duty = Placement.Duty.WITHIN_PARENT.value if row.is_root else ""
    new = NewUnit(
        name=row.name,
        kind=row.kind,
        parent=public_ids[act.parent] if act.parent else "",
        area_name=row.area_name,
        abbr=row.abbr,
        gso_code=row.gso_code,
        place=row.place,
        superior_lines=tuple(row.superior_lines),
        header_lines=tuple(row.header_lines),
        head_title=row.head_title,
        deputy_title=row.deputy_title,
        union_name=f"Công đoàn cơ sở {row.name}" if row.has_union else "",
        source_key=row.source_key,
        source_note=row.source_note,
        plan_duty=duty,
        report_duty=duty,
    )
    return Heir(new=new, parts=parts)


def _refuse_another_history(history: History) -> None:
    """What was loaded is corrected by a counter-act on the screen, not by another file."""
    told = set(
        Succession.objects.filter(act__isnull=False).values_list(
            "predecessor__source_key", "successor__source_key", "on"
        )
    )
    for act in history.acts:
        if act.kind == Reorganisation.Kind.MOVE:
            continue
        heirs: list[str | None] = [key for key, _parts in act.heirs] or [None]
        if any((one, other, act.on) not in told for one in act.predecessors for other in heirs):
            raise BrokenFile(
                f"Dòng {act.line}: khác với lịch sử đã nạp; lịch sử đã nạp chỉ sửa bằng đính chính trên cổng, "
                "không sửa qua tệp."
            )
