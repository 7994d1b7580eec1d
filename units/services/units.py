"""What units there are and what they owe."""

from datetime import date

from ledger import events
from ledger.workflow import Correctable, StepRefused
from units import kinds
from units.loader import BrokenFile, UnitRow
from units.locks import changes_organisation
from units.models import BaseUnion, ContractKind, KindName, Placement, Post, Unit, User


@changes_organisation
def choose_duties(*, unit: Unit, plan_duty: str, report_duty: str, since: date, by: User) -> Placement:
    """The parent says whether a unit below plans and reports on its own from that day; earlier days stay."""
    current = Placement.objects.select_for_update(no_key=True).filter(unit=unit, until__isnull=True).first()
    if current is None:
        raise StepRefused("Đơn vị này đã kết thúc hoạt động nên không còn nghĩa vụ để chọn.")
    if (
        current.parent is None
        or not current.parent.placements.filter(parent__isnull=False, until__isnull=True).exists()
    ):
        raise StepRefused(
            "Đơn vị trực thuộc thành phố tự lập kế hoạch và tự gửi báo cáo; không chọn khác được."
        )
    if since < current.since:
        raise Correctable(
            f"Nghĩa vụ hiện nay có từ ngày {current.since:%d/%m/%Y}; chọn ngày từ đó trở đi.", "since"
        )
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
IDENTIFYING = ("name", "kind")


@changes_organisation
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
    root = known.get(root_row.source_key) or found_units(founded=[(root_row, "")])[root_row.source_key]
    found_units(
        founded=[(row, root_row.source_key) for row in fresh if row is not root_row],
        above={root_row.source_key: root},
    )
    if fresh or changed:
        tell_loaded(root=root, added=len(fresh), changed=len(changed), by=by)
    return [row.name for row in fresh], changed


def tell_loaded(*, root: Unit, added: int, changed: int, by: User | None) -> None:
    events.record(
        "units.load",
        by=by,
        object_kind="units.unit",
        object_id=root.public_id,
        data={"added": added, "changed": changed},
    )


def found_units(
    *, founded: list[tuple[UnitRow, str]], above: dict[str, Unit] | None = None
) -> dict[str, Unit]:
    """Units as a file describes them, each with the key of the one above (none: the root), with their leaders' posts.

    Whoever stands right below the root plans and reports itself. A unit older than the one above stands there from that
    one's first day. Returns all by key, with those given as `above`.
    """
    units = dict(above or {})
    for row, _key in founded:
        described = {name: getattr(row, name) for name in (*DESCRIPTIVE, *IDENTIFYING, "since")}
        units[row.source_key] = Unit(source_key=row.source_key, **described).fill_keys()
    fresh = [units[row.source_key] for row, _key in founded]
    Unit.objects.bulk_create(fresh)
    roots = {row.source_key for row, key in founded if not key} | set(above or {})
    Placement.objects.bulk_create(
        [_placement(row, units, key, is_first=key in roots) for row, key in founded]
    )
    posts = [
        Post(unit=units[row.source_key], kind=kind, title=title)
        for row, _key in founded
        for kind, title in ((Post.Kind.HEAD, row.head_title), (Post.Kind.DEPUTY, row.deputy_title))
        if title
    ]
    Post.objects.bulk_create(posts)
    BaseUnion.objects.bulk_create(
        [
            BaseUnion(unit=units[row.source_key], name=f"Công đoàn cơ sở {row.name}", since=row.since)
            for row, _key in founded
            if row.has_union
        ]
    )
    return units


def _placement(row: UnitRow, units: dict[str, Unit], key: str, *, is_first: bool) -> Placement:
    parent = units[key] if key else None
    duty = Placement.Duty.OWN if is_first and parent else Placement.Duty.WITHIN_PARENT
    since = max(row.since, parent.since) if parent else row.since
    return Placement(unit=units[row.source_key], parent=parent, plan_duty=duty, report_duty=duty, since=since)


def _describe(unit: Unit, row: UnitRow) -> bool:
    """Bring the description up to the file; True when something differed. A file may know of earlier days."""
    wrong = [name for name in IDENTIFYING if getattr(unit, name) != getattr(row, name)]
    if row.since > unit.since:
        wrong.append("since")
    if wrong:
        raise BrokenFile(
            f"Dòng {row.line}: {wrong[0]} của {unit.name} khác với dữ liệu đang có; đổi tên, đổi loại hay ngày "
            "thành lập phải theo quyết định, không sửa qua tệp."
        )
    different = [name for name in (*DESCRIPTIVE, "since") if getattr(unit, name) != getattr(row, name)]
    for name in different:
        setattr(unit, name, getattr(row, name))
    if different:
        unit.save(update_fields=different)
    return bool(different)


@changes_organisation
def name_kinds(*, names: dict[str, str], by: User | None) -> list[str]:
    """Call each kind of `names` as it says there. Returns the kinds whose name changed; the log keeps both names."""
    before = kinds.names()
    changed = [kind for kind, name in names.items() if before[kind] != name]
    for kind in changed:
        KindName.objects.update_or_create(kind=kind, defaults={"name": names[kind]})
        events.record(
            "units.name_kind",
            by=by,
            object_kind="units.kindname",
            object_id=kind,
            data={"before": before[kind], "after": names[kind]},
        )
    return changed


@changes_organisation
def load_contract_kinds(*, kinds: list[ContractKind], by: User | None) -> list[str]:
    """Add kinds that are not there yet, by code; what Sở Nội vụ decided of the others stays. Returns names added."""
    known = set(ContractKind.objects.values_list("code", flat=True))
    fresh = [kind for kind in kinds if kind.code not in known]
    ContractKind.objects.bulk_create(fresh)
    if fresh:
        events.record(
            "units.load",
            by=by,
            object_kind="units.contractkind",
            object_id=fresh[0].code,
            data={"added": len(fresh), "changed": 0},
        )
    return [kind.name for kind in fresh]
