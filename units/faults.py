"""What is wrong with units, posts and people, for Sở Nội vụ and the level above: found set by set, never row by row."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse

from units import roster, tree
from units.duties import Duty
from units.models import Appointment, Employment, Placement, Post, Reorganisation, Unit, User
from units.queries import in_force, subtree_ids
from vietnamese.dates import short_date
from vietnamese.numbers import grouped

Manner = Appointment.Manner
LABELS = {
    "vacant": "Chức vụ người đứng đầu đang khuyết",
    "no_clerk": "Không có cán bộ đầu mối",
    "orphan": "Ký thay khi người giao không còn giữ chức vụ",
    "head_elsewhere": "Người đứng đầu thuộc đơn vị khác, chưa có văn bản",
    "post_elsewhere": "Giữ chức vụ ở đơn vị không còn làm việc, chưa có văn bản",
    "left": "Giữ chức vụ dù đã nghỉ",
    "ended_unit": "Người thuộc đơn vị đã kết thúc",
    "contract_over": "Hợp đồng đã hết hạn",
    "inspector": "Thành viên đoàn kiểm tra không có quyết định hoặc thời hạn",
    "refused": "Sắp xếp tổ chức không thực hiện được",
}

ELSEWHERE = {
    "head_elsewhere": "{who} đứng đầu {unit} nhưng không thuộc đơn vị này; chưa ghi văn bản giao kiêm nhiệm hoặc phụ "
    "trách.",
    "post_elsewhere": "{who} còn giữ chức vụ {title} của {unit} nhưng không còn làm việc ở đó; chưa ghi văn bản giao "
    "kiêm nhiệm.",
    "left": "{who} còn giữ chức vụ {title} của {unit} dù đã nghỉ.",
}


@dataclass(frozen=True)
class Fault:
    """One fault: `sentence` says what is wrong and of whom, `url` leads to where it is put right."""

    kind: str
    sentence: str
    url: str
    unit: Unit | None = None

    @property
    def label(self) -> str:
        return LABELS[self.kind]


def found(on: date, unit_ids: Iterable[int] | None = None) -> list[Fault]:
    """All faults of that day, or those of these units; ten queries however many there are."""
    within = None if unit_ids is None else set(unit_ids)
    return [
        fault
        for seek in (
            vacant_heads,
            _without_clerk,
            _orphans,
            _posts_elsewhere,
            _in_ended_units,
            _contracts_over,
            _inspectors,
            _refused_acts,
        )
        for fault in seek(on, within)
    ]


def of_unit(unit: Unit, on: date) -> list[Fault]:
    """For the unit's own page: ten queries."""
    return [fault for fault in found(on, [unit.pk]) if fault.unit is not None]


def duties(user: User) -> list[Duty]:
    """One card: all faults for Sở Nội vụ, vacant head posts below for the head above; none for others."""
    count = len(for_user(user))
    if not count:
        return []
    return [
        Duty(
            "việc về tổ chức, chức vụ cần xử lý",
            reverse("units:fault_list"),
            detail="Chức vụ khuyết, người ký thay, hợp đồng, đơn vị chưa có cán bộ đầu mối…"
            if user.acting_in("units").works_for_home_affairs
            else "Đơn vị trực thuộc đang khuyết người đứng đầu.",
            count=count,
            tone="late",
            action="Xem",
        )
    ]


def for_user(user: User) -> list[Fault]:
    """What is his to put right, or to see put right."""
    user = user.acting_in("units")
    if user.works_for_home_affairs:
        return found(user.today)
    return vacant_heads(user.today, below(user))


def below(user: User) -> set[int]:
    """The units strictly below those that the person heads."""
    heads = {post.unit_id for post in user.posts_of(Post.Kind.HEAD)}
    return subtree_ids(heads, user.today) - heads if heads else set()


def vacant_heads(on: date, within: set[int] | None) -> list[Fault]:
    """Units in scope that nobody heads, acts for or is in charge of; one query."""
    if within is not None and not within:
        return []
    occupied = Appointment.objects.filter(
        in_force(on), post__unit=OuterRef("unit"), post__kind=Post.Kind.HEAD, manner__in=Appointment.OCCUPYING
    )
    rows = _placed(on, within).filter(~Exists(occupied)).select_related("unit")
    return [
        Fault(
            "vacant",
            f"{row.unit.name} không có người đứng đầu, người giữ quyền hay phụ trách.",
            _posts_url(row.unit),
            row.unit,
        )
        for row in rows.order_by("unit__sort_key")
    ]


def _placed(on: date, within: set[int] | None) -> QuerySet[Placement]:
    rows = Placement.objects.filter(in_force(on), in_scope=True)
    return rows if within is None else rows.filter(unit_id__in=within)


def _without_clerk(on: date, within: set[int] | None) -> Iterator[Fault]:
    """First-level units without a clerk, there or above, where somebody works at or below; three queries."""
    standing = tree.load(on)
    clerks = set(
        Appointment.objects.filter(in_force(on), post__kind=Post.Kind.CLERK).values_list(
            "post__unit_id", flat=True
        )
    )
    peopled = roster.climb(roster.headcounts(on), standing.parents)
    for unit_id, row in standing.placements.items():
        path = standing.path(unit_id)
        is_first = len(path) == 2
        if not is_first or not row.in_scope or unit_id not in peopled or not clerks.isdisjoint(path):
            continue
        if within is None or unit_id in within:
            people = grouped(sum(peopled[unit_id].values()))
            yield Fault(
                "no_clerk",
                f"{row.unit.name} ({people} người) không có cán bộ đầu mối, cấp trên cũng không.",
                _posts_url(row.unit),
                row.unit,
            )


def _orphans(on: date, within: set[int] | None) -> Iterator[Fault]:
    """Substitutes whose giver no longer occupies the post, or whose own time ended while nobody said so."""
    rows = _held(on, within).exclude(manner__in=Appointment.OCCUPYING)
    giver_in_force = Appointment.objects.filter(in_force(on), pk=OuterRef("given_by"))
    for row in rows.filter(~Exists(giver_in_force)):
        yield Fault(
            "orphan",
            f"{row.user.full_name} còn {row.get_manner_display().lower()} {row.post.title} của "
            f"{row.post.unit.name}, nhưng người giao không còn giữ chức vụ.",
            _posts_url(row.post.unit),
            row.post.unit,
        )


def _posts_elsewhere(on: date, within: set[int] | None) -> Iterator[Fault]:
    """Posts without a paper in units where their holders do not work: a head's, and others' who worked there before.
    Whatever the paper, posts of those who left for good.
    """
    there = _worked().filter(unit=OuterRef("post__unit"))
    was_there = there.filter(until__gt=OuterRef("since"), until__lte=on)
    elsewhere = (
        Q(manner__in=Appointment.OCCUPYING, document="")
        & ~Exists(there.filter(in_force(on)))
        & (Q(post__kind=Post.Kind.HEAD) | Exists(was_there))
        & ~Q(post__kind=Post.Kind.INSPECTOR)
    )
    for row in _held(on, within).annotate(left=_has_left(on)).filter(Q(left=True) | elsewhere):
        unit = row.post.unit
        kind = "head_elsewhere" if row.post.kind == Post.Kind.HEAD else "post_elsewhere"
        kind = "left" if vars(row)["left"] else kind
        sentence = ELSEWHERE[kind].format(who=row.user.full_name, title=row.post.title, unit=unit.name)
        yield Fault(kind, sentence, _posts_url(unit), unit)


def _has_left(on: date) -> Q:
    """Retired, left, died, and is not employed again."""
    ended = _worked().filter(until__lte=on, ending__in=Employment.FINAL)
    lasting = _worked().filter(Q(until__isnull=True) | Q(until__gt=on))
    return Q(Exists(ended)) & ~Q(Exists(lasting))


def _worked() -> QuerySet[Employment]:
    """Of the holder of a post, without what was annulled."""
    return Employment.objects.filter(user=OuterRef("user")).exclude(until=F("since"))


def _in_ended_units(on: date, within: set[int] | None) -> Iterator[Fault]:
    ended = Q(unit__until__lte=on)
    for unit, people in _counted(on, within, ended):
        yield Fault(
            "ended_unit",
            f"{grouped(people)} người còn ghi thuộc {unit.name}, đã kết thúc từ {short_date(unit.until or on)}.",
            reverse("units:unit_people", args=[unit.public_id]),
            unit,
        )


def _contracts_over(on: date, within: set[int] | None) -> Iterator[Fault]:
    for unit, people in _counted(on, within, Q(contract_until__lt=on)):
        yield Fault(
            "contract_over",
            f"{grouped(people)} người của {unit.name} còn làm việc dù hợp đồng đã hết hạn.",
            reverse("units:unit_people", args=[unit.public_id]) + "?hop_dong=het-han",
            unit,
        )


def _counted(on: date, within: set[int] | None, condition: Q) -> list[tuple[Unit, int]]:
    rows = Employment.objects.filter(in_force(on) & condition)
    if within is not None:
        rows = rows.filter(unit_id__in=within)
    counts = dict(rows.values_list("unit_id").annotate(Count("pk")).order_by())
    units = Unit.objects.in_bulk(counts) if counts else {}
    return sorted(
        ((units[unit_id], people) for unit_id, people in counts.items()), key=lambda pair: pair[0].sort_key
    )


def _inspectors(on: date, within: set[int] | None) -> Iterator[Fault]:
    rows = _held(on, within).filter(Q(until__isnull=True) | Q(document=""), post__kind=Post.Kind.INSPECTOR)
    for row in rows:
        yield Fault(
            "inspector",
            f"{row.user.full_name} là {row.post.title} mà không có quyết định hoặc thời hạn.",
            _posts_url(row.post.unit),
            row.post.unit,
        )


def _refused_acts(on: date, within: set[int] | None) -> Iterator[Fault]:
    """Acts planned for a day on which they were not carried out: a matter of Sở Nội vụ, of no single unit."""
    if within is not None:
        return
    status = Reorganisation.Status
    overdue = Q(status=status.PLANNED, on__lt=on)
    for act in Reorganisation.objects.filter(Q(status=status.REFUSED) | overdue).order_by("on"):
        why = act.refusal if act.status == status.REFUSED else _not_done(act)
        yield Fault("refused", f"{act}: {why}", act.get_absolute_url())


def _not_done(act: Reorganisation) -> str:
    """Of an act still planned although its day is over; it keeps a reason only if it was refused before."""
    known = f" Lần trước: {act.refusal}" if act.refusal else ""
    return (
        f"việc của ngày {short_date(act.on)} đã qua ngày mà chưa được thực hiện; cổng vẫn thử lại mỗi phút. "
        f"Nếu việc này vẫn còn ở đây, báo người quản trị hệ thống hoặc rút và lập lại.{known}"
    )


def _held(on: date, within: set[int] | None) -> QuerySet[Appointment]:
    rows = Appointment.objects.filter(in_force(on)).select_related("user", "post__unit")
    rows = rows if within is None else rows.filter(post__unit_id__in=within)
    return rows.order_by("post__unit__sort_key", "pk")


def _posts_url(unit: Unit) -> str:
    return reverse("units:unit_posts", args=[unit.public_id])


def ending_soon(on: date, within: set[int] | None, days: int = 30) -> QuerySet[Appointment]:
    """Substitutes and inspectors whose term ends in the coming days: no fault yet."""
    rows = _held(on, within).filter(until__lte=on + timedelta(days=days))
    return rows.exclude(manner=Manner.HOLDER, post__kind__in=[Post.Kind.HEAD, Post.Kind.DEPUTY])
