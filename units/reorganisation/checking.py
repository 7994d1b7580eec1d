"""Whether an act is possible: each refusal is one sentence that names what stands in the way."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from ledger.workflow import Correctable
from units.models import Employment, Placement, Succession, Unit
from units.reorganisation.situation import Kind, Situation

NAMED = 3
# Predecessors and heirs that each kind takes: (at least, at most); None: any number.
SIZES: dict[str, tuple[tuple[int, int | None], tuple[int, int | None]]] = {
    Kind.MERGER: ((1, None), (1, 1)),
    Kind.SPLIT: ((1, 1), (1, None)),
    Kind.MOVE: ((1, None), (0, 0)),
    Kind.RENAMING: ((1, 1), (1, 1)),
    Kind.DISSOLUTION: ((1, 1), (0, None)),
    Kind.FOUNDING: ((0, 0), (1, 1)),
}


def check(situation: Situation) -> None:
    _check_sizes(situation)
    _check_heirs(situation)
    _check_days(situation)
    _check_roots(situation)
    _check_moves(situation)
    _check_assignments(situation)
    _check_later_acts(situation)
    _check_one_split_a_day(situation)
    _check_one_succession_a_day(situation)
    _check_that_all_find_a_place(situation)


def _check_sizes(found: Situation) -> None:
    orders, label = found.orders, Kind(found.kind).label.lower()
    if not orders.decision.strip():
        raise Correctable("Cần ghi số, ký hiệu của văn bản quyết định việc sắp xếp.")
    if found.kind not in SIZES:
        raise Correctable("Việc đính chính được thực hiện từ trang của chính việc cần đính chính.")
    for noun, many, (least, most) in (
        ("đơn vị được sắp xếp", len(found.predecessors), SIZES[found.kind][0]),
        ("đơn vị tiếp nhận", len(found.heirs), SIZES[found.kind][1]),
    ):
        if many < least:
            raise Correctable(f"Việc {label} cần ít nhất {least} {noun}.")
        if most is not None and many > most:
            raise Correctable(
                f"Việc {label} chỉ có {most} {noun}." if most else f"Việc {label} không có {noun}."
            )
    if orders.continues and found.kind != Kind.SPLIT:
        raise Correctable("Chỉ khi chia, tách thì đơn vị cũ mới tiếp tục hoạt động.")
    if found.kind == Kind.MOVE and found.parent is None:
        raise Correctable("Cần chọn cơ quan chủ quản mới.")


def _check_heirs(found: Situation) -> None:
    orders = found.orders
    new_only = found.kind in (Kind.RENAMING, Kind.FOUNDING)
    existing = [heir.unit for heir in orders.heirs if heir.unit]
    for heir in orders.heirs:
        if min(heir.parts, orders.rest_parts) < 1:
            raise Correctable("Phần của mỗi đơn vị tiếp nhận phải lớn hơn 0.")
        if bool(heir.unit) == bool(heir.new):
            raise Correctable("Mỗi đơn vị tiếp nhận hoặc đã có, hoặc được thành lập mới.")
        if heir.unit and new_only:
            raise Correctable(f"Việc {Kind(found.kind).label.lower()} lập một đơn vị mới.")
        if heir.new and found.kind == Kind.DISSOLUTION:
            raise Correctable("Khi giải thể, người và đơn vị trực thuộc chuyển về các đơn vị đã có.")
        if heir.new:
            _check_new(heir.new, found)
    if len(existing) != len(set(existing)):
        raise Correctable("Một đơn vị tiếp nhận được ghi hai lần.")
    keys = [heir.new.source_key for heir in orders.heirs if heir.new and heir.new.source_key]
    if Unit.objects.filter(source_key__in=keys).exists() or len(keys) != len(set(keys)):
        raise Correctable("Đơn vị mới trùng mã nguồn với một đơn vị đã có.")
    taken = {unit.public_id for unit in found.predecessors} & set(existing)
    if taken and found.kind in (Kind.SPLIT, Kind.DISSOLUTION):
        raise Correctable("Đơn vị kết thúc không thể tự tiếp nhận phần của mình.")
    if found.kind == Kind.MERGER and not found.ended:
        raise Correctable("Việc hợp nhất, sáp nhập cần ít nhất một đơn vị kết thúc.")
    if found.kind == Kind.MERGER and orders.heirs[0].new and len(found.ended) < 2:
        raise Correctable("Hợp nhất thành đơn vị mới cần ít nhất hai đơn vị; chỉ một đơn vị thì là đổi tên.")
    if found.kind == Kind.SPLIT and not orders.continues and len(orders.heirs) < 2:
        raise Correctable("Chia một đơn vị cần ít nhất hai đơn vị tiếp nhận.")


def _check_new(new, found: Situation) -> None:
    if not new.name.strip():
        raise Correctable("Cần ghi tên của đơn vị mới.")
    if new.kind not in Unit.Kind.values:
        raise Correctable(f"{new.name}: không có loại đơn vị “{new.kind}”.")
    if new.parent and found.new_parents[new.parent].pk in found.ended_ids:
        parent = found.new_parents[new.parent].name
        raise Correctable(
            f"{new.name} không thể trực thuộc {parent}: đơn vị này kết thúc trong cùng việc sắp xếp."
        )


def _check_days(found: Situation) -> None:
    on, ended = found.on, found.ended_ids
    others = [unit for unit in (*found.heirs, found.parent, *found.new_parents.values()) if unit is not None]
    for unit in {unit.pk: unit for unit in (*found.predecessors, *others)}.values():
        if unit.since > on:
            raise Correctable(f"{unit.name} có từ ngày {unit.since:%d/%m/%Y}, sau ngày {on:%d/%m/%Y}.", "on")
        if unit.until is not None:
            raise Correctable(f"{unit.name} đã kết thúc từ ngày {unit.until:%d/%m/%Y}.", "on")
        if unit.pk not in found.standing:
            raise Correctable(f"{unit.name} không có cơ quan chủ quản vào ngày {on:%d/%m/%Y}.", "on")
        if unit.pk in ended and unit.since == on:
            raise Correctable(
                f"{unit.name} bắt đầu chính từ ngày {on:%d/%m/%Y}; nếu nhầm thì đính chính việc lập đơn vị này."
            )


def _check_roots(found: Situation) -> None:
    roots = [unit for unit in found.predecessors if found.standing[unit.pk].parent_id is None]
    if not roots:
        return
    if found.kind in (Kind.MOVE, Kind.DISSOLUTION) or (found.kind == Kind.SPLIT and found.ended):
        raise Correctable(f"{roots[0].name} là cấp cao nhất, không thể {Kind(found.kind).label.lower()}.")


def _check_moves(found: Situation) -> None:
    if found.kind != Kind.MOVE or found.parent is None:
        return
    above = set(found.path(found.parent.pk))
    for unit in found.predecessors:
        if unit.pk in above:
            raise Correctable(f"{unit.name} không thể trực thuộc một đơn vị nằm trong chính nó.")
        if found.standing[unit.pk].parent_id == found.parent.pk:
            raise Correctable(f"{unit.name} đã trực thuộc {found.parent.name}.")


def _check_assignments(found: Situation) -> None:
    if found.kind not in (Kind.SPLIT, Kind.DISSOLUTION):
        if found.children or found.people:
            raise Correctable(
                "Chỉ khi chia, tách hoặc giải thể mới chọn nơi đến cho từng người, từng đơn vị."
            )
        return
    lowest = -1 if found.orders.continues else 0
    for place in (*found.children.values(), *found.people.values()):
        if not lowest <= place < len(found.heirs):
            raise Correctable(
                "Có người hoặc đơn vị trực thuộc được giao về một nơi không có trong việc sắp xếp."
            )
    for key, place in found.children.items():
        if found.orders.continues and place >= 0 and (heir := found.heirs[place]) and heir.pk == key:
            raise Correctable(f"{heir.name} không thể trực thuộc chính mình.")
    below = set(found.children_of(found.source_ids))
    if strangers := found.children.keys() - below:
        named = _some([found.name(key) for key in sorted(strangers)])
        raise Correctable(f"{named} không trực thuộc đơn vị được sắp xếp vào ngày {found.on:%d/%m/%Y}.")
    working = Employment.objects.filter(
        Q(unit_id__in=found.source_ids) | Q(payroll_unit_id__in=found.source_ids),
        Q(until__isnull=True) | Q(until__gt=found.on),
        user_id__in=found.people,
    )
    if strangers := found.people.keys() - set(working.values_list("user_id", flat=True)):
        raise Correctable(f"Có {len(strangers)} người được giao nơi đến không thuộc đơn vị được sắp xếp.")


def _check_later_acts(found: Situation) -> None:
    """What was done for a later day on a unit that would already be gone."""
    ended = found.ended_ids
    in_place = {row.pk for key in ended for row in found.rows_in_place(key)}
    for row in found.placements:
        if row.unit_id in ended and row.pk not in in_place:
            raise Correctable(_contradiction(found.name(row.unit_id), row.since))
    told = Succession.objects.filter(
        Q(predecessor_id__in=ended) | Q(successor_id__in=ended), annulled=False, on__gt=found.on
    )
    if later := told.select_related("predecessor", "successor").order_by("on", "pk").first():
        unit = later.predecessor if later.predecessor_id in ended else later.successor
        assert unit is not None
        raise Correctable(_contradiction(unit.name, later.on))


def _check_one_split_a_day(found: Situation) -> None:
    """Shares of one day are shares of one whole: two decisions of one day are one act here."""
    if not found.orders.continues:
        return
    split = found.predecessors[0]
    if Succession.objects.filter(annulled=False, predecessor=split, on=found.on).exists():
        raise Correctable(
            f"{split.name} đã được tách trong ngày {found.on:%d/%m/%Y}; hãy ghi các đơn vị tiếp nhận trong một việc."
        )


def _check_one_succession_a_day(found: Situation) -> None:
    """Who gave a part to another does not give it the rest on the same day by an act of its own."""
    if found.kind == Kind.DISSOLUTION:
        return
    told = Succession.objects.filter(
        annulled=False, predecessor_id__in=found.source_ids, successor__in=found.takers, on=found.on
    )
    if same := told.select_related("predecessor", "successor").order_by("pk").first():
        raise Correctable(
            f"{same.predecessor.name} đã chuyển một phần cho {same.successor} trong ngày {found.on:%d/%m/%Y}; "
            "hãy đính chính việc đó rồi ghi tất cả trong một việc."
        )


def _contradiction(name: str, day: date) -> str:
    return f"{name} còn được sắp xếp từ ngày {day:%d/%m/%Y}, sau ngày của việc này; hãy đính chính việc đó trước."


def _check_that_all_find_a_place(found: Situation) -> None:
    if found.kind != Kind.DISSOLUTION or found.main_heir is not None:
        return
    units = sum(found.heir_of_child(key) is None for key in found.children_of(found.ended_ids))
    concerned = Employment.objects.filter(
        Q(unit_id__in=found.ended_ids) | Q(payroll_unit_id__in=found.ended_ids),
        Q(until__isnull=True) | Q(until__gt=found.on),
    )
    people = sum(
        found.heir_of_person(key) is None for key in set(concerned.values_list("user_id", flat=True))
    )
    if people or units:
        raise Correctable(
            f"Chưa thể giải thể {found.predecessors[0].name}: {people} người và {units} đơn vị trực thuộc "
            "chưa có nơi chuyển đến."
        )


def check_tree(on: date, concerned: Iterable[int]) -> None:
    """After writing: on every day from `on` the tree is one tree. The guard behind all others; two queries."""
    rows = list(Placement.objects.filter(Q(until__isnull=True) | Q(until__gt=on)))
    touched = set(concerned)
    living = {
        unit.pk: unit
        for unit in Unit.objects.filter(Q(until__isnull=True) | Q(until__gt=on)).only(
            "since", "until", "name"
        )
    }
    for day in sorted({on} | {row.since for row in rows if row.since > on}):
        standing = {row.unit_id: row.parent_id for row in rows if row.holds(day)}
        if sum(parent is None for parent in standing.values()) > 1:
            raise Correctable("Chỉ có một đơn vị ở cấp cao nhất; hãy chọn cơ quan chủ quản.")
        for key, parent in standing.items():
            near = key in touched or parent in touched
            if near and parent is not None and not (parent in living and living[parent].holds(day)):
                raise Correctable(
                    f"Từ ngày {day:%d/%m/%Y} có đơn vị trực thuộc một đơn vị không còn hoạt động."
                )
        _refuse_cycles(standing, living)


def _refuse_cycles(standing: dict[int, int | None], living: dict[int, Unit]) -> None:
    safe: set[int] = set()
    for start in standing:
        steps: list[int] = []
        at: int | None = start
        while at is not None and at not in safe:
            if at in steps:
                name = living[at].name if at in living else "Đơn vị"
                raise Correctable(f"{name} không thể trực thuộc một đơn vị nằm trong chính nó.")
            steps.append(at)
            at = standing.get(at)
        safe.update(steps)


def _some(names: list[str]) -> str:
    rest = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" và {rest} đơn vị khác" if rest > 0 else "")
