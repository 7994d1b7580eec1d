"""What an act is called, what it moved and left, and how the units stand before and after, for people to read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from units import kinds, roster
from units.models import Appointment, Placement, Post
from units.queries import in_force, subtree_ids
from units.reorganisation.placing import Placed
from units.reorganisation.posts import Posted
from units.reorganisation.register import Line
from units.reorganisation.situation import Kind, Situation
from units.reorganisation.staff import Staffed
from units.reorganisation.ties import Tied
from vietnamese.dates import short_date

NAMED = 5
SUBJECT_LENGTH = 500


@dataclass(frozen=True)
class Standing:
    """One unit on one side of the picture. `people`: its own and those of all units below it; `parent` is a name."""

    name: str
    kind: str
    parent: str
    people: int
    ends: bool = False
    begins: bool = False


def subject(situation: Situation) -> str:
    """The act in words: “Sáp nhập UBND phường Thuận Lộc, UBND phường Phú Bình thành UBND phường Phú Xuân”."""
    orders = situation.orders
    old = _names([unit.name for unit in situation.ended or situation.predecessors])
    heirs = [
        heir.new.name if heir.new else unit.name if unit else ""
        for heir, unit in zip(orders.heirs, situation.heirs, strict=True)
    ]
    said = {
        Kind.MERGER: f"Sáp nhập {old} {'thành' if orders.heirs and orders.heirs[0].new else 'vào'} {_names(heirs)}",
        Kind.SPLIT: f"Tách {_names(heirs)} từ {old}"
        if orders.continues
        else f"Chia {old} thành {_names(heirs)}",
        Kind.MOVE: f"Chuyển {old} về trực thuộc {situation.parent.name if situation.parent else ''}",
        Kind.RENAMING: f"Đổi tên {old} thành {_names(heirs)}",
        Kind.DISSOLUTION: f"Giải thể {old}",
        Kind.FOUNDING: f"Thành lập {_names(heirs)}",
    }
    return said[Kind(situation.kind)][:SUBJECT_LENGTH]


def lines(
    situation: Situation, staffed: Staffed, placed: Placed, posted: Posted, tied: Tied, *, ceased: list[str]
) -> tuple[Line, ...]:
    """The organisation's own lines, before those of the floors above; lines that would say nothing are left out.

    `ceased`: who no longer acts by order or by authority.
    """
    children = [situation.name(key) for key in placed.anew]
    told = (
        Line("Người chuyển nơi làm việc", len(staffed.people), staffed.stay),
        Line("Người do đơn vị cũ trả lương, làm việc nơi khác", len(staffed.paid)),
        Line("Đơn vị đổi cơ quan chủ quản", len(children), len(placed.stay), names=tuple(children[:NAMED])),
        Line("Chức vụ đang giữ", posted.continued, posted.ended, warnings=_ended_posts(posted)),
        Line("Chức vụ của người chuyển đi", warnings=_kept_posts(situation, staffed)),
        Line("Thừa lệnh, thừa ủy quyền", warnings=_ceased(ceased)),
        Line("Nghĩa vụ chọn cho ngày sau", warnings=_lost_duties(situation)),
        Line("Công đoàn cơ sở", stays=len(tied.unions), warnings=_ended_unions(situation, tied)),
        Line("Quan hệ theo ngành", tied.lines, tied.lines_ended, warnings=_ended_lines(tied)),
        Line("Chức vụ người đứng đầu còn trống", warnings=vacant_heads(situation)),
        Line("Số liệu các năm trước", warnings=_estimates(situation)),
    )
    return tuple(line for line in told if line.moved or line.stays or line.warnings)


def _ended_posts(posted: Posted) -> tuple[str, ...]:
    if not posted.ended:
        return ()
    return (f"{posted.ended} người thôi giữ chức vụ ở đơn vị cũ; cần quyết định bổ nhiệm ở đơn vị mới.",)


def _kept_posts(situation: Situation, staffed: Staffed) -> tuple[str, ...]:
    """Who leaves a unit that continues keeps his posts there until somebody decides."""
    if not situation.orders.continues or not staffed.people:
        return ()
    held = Appointment.objects.filter(
        in_force(situation.on), user__in=staffed.people, post__unit__in=situation.source_ids
    )
    if not (count := held.values("user").distinct().count()):
        return ()
    return (f"{count} người chuyển đi còn giữ chức vụ ở đơn vị cũ; cần quyết định thôi giữ hoặc kiêm nhiệm.",)


def _ceased(names: list[str]) -> tuple[str, ...]:
    if not names:
        return ()
    return (
        f"{_names(names, 'người')} thôi ký thừa lệnh, thừa ủy quyền vì người giao không còn là cấp trên; "
        "nếu vẫn cần thì giao lại ở nơi mới.",
    )


def _lost_duties(situation: Situation) -> tuple[str, ...]:
    """What was chosen for a later day for a unit that is gone by then."""
    return tuple(
        f"Nghĩa vụ đã chọn cho {unit.name} từ ngày {short_date(row.since)} không còn áp dụng vì đơn vị kết thúc; "
        "nếu vẫn cần thì chọn lại ở đơn vị tiếp nhận."
        for unit in situation.ended
        for row in situation.rows_in_place(unit.pk)[1:]
    )


def _ended_unions(situation: Situation, tied: Tied) -> tuple[str, ...]:
    if not tied.unions or any(heir.new and heir.new.union_name for heir in situation.orders.heirs):
        return ()
    return (
        f"{_names(list(tied.unions))} kết thúc cùng đơn vị cũ; nếu còn hoạt động thì ghi tên ở đơn vị mới.",
    )


def _ended_lines(tied: Tied) -> tuple[str, ...]:
    if not tied.lines_ended:
        return ()
    return (f"{tied.lines_ended} đơn vị không còn cơ quan quản lý theo ngành; cần xác định lại.",)


def _estimates(situation: Situation) -> tuple[str, ...]:
    if situation.kind != Kind.SPLIT:
        return ()
    orders = situation.orders
    parts = [heir.parts for heir in orders.heirs] + ([orders.rest_parts] if orders.continues else [])
    said = " : ".join(str(part) for part in parts)
    return (f"Số liệu các năm trước chia theo tỷ lệ {said} và được ghi là ước tính.",)


def vacant_heads(situation: Situation) -> tuple[str, ...]:
    """Sentences naming the units that take something over and have nobody at their head on the day."""
    heirs = [unit for unit in situation.heirs if unit is not None]
    held = set(
        Appointment.objects.filter(
            in_force(situation.on),
            manner__in=Appointment.OCCUPYING,
            post__kind=Post.Kind.HEAD,
            post__unit__in=heirs,
        ).values_list("post__unit_id", flat=True)
    )
    return tuple(
        f"{unit.name} chưa có người đứng đầu; cần quyết định bổ nhiệm."
        for unit in heirs
        if unit.pk not in held
    )


def picture(on: date, units: Iterable[int], *, ended: set[int], founded: set[int]) -> tuple[Standing, ...]:
    """The units as they stand on one day, in Vietnamese order; those not in force that day are left out."""
    rows = list(
        Placement.objects.filter(in_force(on), unit_id__in=set(units)).select_related("unit", "parent")
    )
    counts = _people(on, [row.unit_id for row in rows])
    names = kinds.names()
    rows.sort(key=lambda row: (row.unit.kind, row.unit.sort_key, row.unit_id))
    return tuple(
        Standing(
            name=row.unit.name,
            kind=names[row.unit.kind],
            parent=row.parent.name if row.parent else "",
            people=counts[row.unit_id],
            ends=row.unit_id in ended,
            begins=row.unit_id in founded,
        )
        for row in rows
    )


def _people(on: date, units: Sequence[int]) -> dict[int, int]:
    """People of each unit and all below it."""
    below = subtree_ids(units, on)
    parents = dict(
        Placement.objects.filter(in_force(on), unit_id__in=below).values_list("unit_id", "parent_id")
    )
    totals = roster.climb(roster.headcounts(on, below), parents) if below else {}
    return {key: sum(totals.get(key, {}).values()) for key in units}


def day_before(on: date) -> date:
    return on - timedelta(days=1)


def stored(told: Iterable[Line]) -> list[dict[str, Any]]:
    return [asdict(line) | {"warnings": list(line.warnings), "names": list(line.names)} for line in told]


def restored(report: Iterable[Mapping[str, Any]]) -> tuple[Line, ...]:
    return tuple(
        Line(**dict(row) | {"warnings": tuple(row["warnings"]), "names": tuple(row["names"])})
        for row in report
    )


def warnings(told: Iterable[Line]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sentence for line in told for sentence in line.warnings))


def _names(names: list[str], noun: str = "đơn vị") -> str:
    rest = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" và {rest} {noun} khác" if rest > 0 else "")
