"""Whom a drive reminds on a day, and of what: sets of people and sentences; nothing is written here (feature S14)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from campaigns.models import Campaign
from ledger import clock
from notices.models import Notice
from pledges import coverage, states
from pledges.drivedays import Rung, due_day
from pledges.models import Drive, Pledge
from units import tree
from units.models import Absence, Appointment, Post
from units.queries import in_force
from vietnamese.dates import short_date
from vietnamese.numbers import grouped

OWN, HEAD, ABOVE, HOME_AFFAIRS = "pledges.own", "pledges.head", "pledges.above", "pledges.office"
# What an appointment with limits must name for its holder to confirm pledges (`User.acting_in`).
FUNCTION = "pledges"
_BEGINNING = clock.end_of_day(date(2000, 1, 1))
AGAIN = {
    states.RETURNED: "bị trả lại và chưa ký lại",
    states.WITHDRAWN: "đã rút và chưa ký lại",
    states.STALE: "phải ký lại",
    states.NONE: "chưa ký",
}


@dataclass
class Office:
    """What waits for the head (or union chair) of one unit: `open` people of his have not signed."""

    waiting: int = 0
    open: int = 0


@dataclass
class Asked:
    """One reminding: person → his state; by unit what its head, its union chair and the head above it are told."""

    people: dict[int, str] = field(default_factory=dict)
    heads: dict[int, Office] = field(default_factory=dict)
    unions: dict[int, Office] = field(default_factory=dict)
    # Unit with papers above → [units behind right below, their people who have not signed].
    above: dict[int, tuple[int, int]] = field(default_factory=dict)
    units_behind: int = 0
    people_behind: int = 0


def kind_of(drive: Drive) -> str:
    """What the effects of this drive's notices begin with."""
    return f"{OWN}:{drive.public_id}:"


def to_ask(drive: Drive, rung: Rung | None, on: date) -> Asked:
    """On a rung everybody who has not signed, and those above; between the rungs only those whose duty has opened
    since they were last told. Eight queries at most, whatever the number of people.
    """
    standing = tree.load(on)
    rows = open_duties(drive.campaign, drive.year, on, standing)
    if rung is None:
        rows = not_yet_told(rows, drive, on)
    found = Asked()
    behind: Counter[int] = Counter()
    for user_id, unit_id, state in rows.values_list("user_id", "unit_id", "state"):
        found.people[user_id] = state
        behind[standing.paper_unit(unit_id) or 0] += 1
    if rung is not None:
        _ask_heads(found, drive, behind, on)
        if rung.to_heads_above:
            _ask_above(found, behind, standing)
    return found


def open_duties(campaign: Campaign, year: int, on: date, standing: tree.Tree) -> "QuerySet[Any, Any]":
    """Who is to sign in the portal and has not: owes a pledge, has not refused, and somebody stands above him."""
    reached = [key for key, row in standing.placements.items() if row.in_scope and standing.paper_unit(key)]
    root = standing.root
    on_paper = Appointment.objects.filter(
        in_force(on),
        user=OuterRef("user"),
        post__kind=Post.Kind.HEAD,
        post__unit=root.pk if root else None,
        manner__in=Appointment.OCCUPYING,
    )
    rows = coverage.unsigned(campaign=campaign, year=year, on=on, unit_ids=reached)
    return rows.filter(~Q(Exists(on_paper)), state__in=states.OPEN)


def not_yet_told(rows: "QuerySet[Any, Any]", drive: Drive, on: date) -> "QuerySet[Any, Any]":
    """Of these, whom no notice of this drive has reached since his duty opened: who joined, came back from long leave,
    or must sign new words. Entered late or early makes no difference.
    """
    back = Absence.objects.filter(user=OuterRef("user"), until__lte=on).order_by("-until")
    rows = rows.annotate(back_on=Subquery(back.values("until")[:1]))
    told = Notice.objects.filter(
        user=OuterRef("user"),
        effect__startswith=kind_of(drive),
        created_at__gte=Coalesce(OuterRef("made__stale_since"), _BEGINNING),
    )
    since_back = told.filter(created_at__date__gte=Coalesce(OuterRef("back_on"), date(2000, 1, 1)))
    return rows.filter(~Q(Exists(since_back)))


def _ask_heads(found: Asked, drive: Drive, behind: Counter[int], on: date) -> None:
    waiting = Pledge.objects.filter(campaign=drive.campaign, year=drive.year).on_their_way(on)
    counted = waiting.order_by().values_list("signing_unit_id", "for_head").annotate(Count("pk"))
    for unit_id, for_head, count in counted:
        offices = found.heads if for_head else found.unions
        offices.setdefault(unit_id, Office()).waiting = count
    for unit_id, people in behind.items():
        if unit_id:
            found.heads.setdefault(unit_id, Office()).open = people


def _ask_above(found: Asked, behind: Counter[int], standing: tree.Tree) -> None:
    for unit_id, people in behind.items():
        if not unit_id:
            continue
        found.units_behind, found.people_behind = found.units_behind + 1, found.people_behind + people
        parent = standing.placements[unit_id].parent_id
        upper = standing.paper_unit(parent) if parent else None
        if upper:
            units, sum_ = found.above.get(upper, (0, 0))
            found.above[upper] = (units + 1, sum_ + people)


def holders(unit_ids: Iterable[int], kind: str, on: date) -> list[tuple[int, int]]:
    """(person, unit) of who occupies the posts of this kind; of a vacant one, who stands in there and may confirm
    pledges. One query.
    """
    rows = Appointment.objects.filter(in_force(on), post__unit_id__in=list(unit_ids), post__kind=kind)
    held = list(rows.order_by("pk").values_list("user_id", "post__unit_id", "manner", "functions"))
    occupied = {unit_id for _user, unit_id, manner, _functions in held if manner in Appointment.OCCUPYING}
    found = [
        (user_id, unit_id)
        for user_id, unit_id, manner, functions in held
        if manner in Appointment.OCCUPYING
        or (unit_id not in occupied and (not functions or FUNCTION in functions))
    ]
    return list(dict.fromkeys(found))


def officers(on: date) -> list[int]:
    """Who holds a post of Home Affairs; one query."""
    rows = Appointment.objects.filter(in_force(on), post__kind=Post.Kind.HOME_AFFAIRS)
    return list(rows.order_by("pk").values_list("user_id", flat=True).distinct())


def still_open(user_ids: Iterable[int]) -> set[int]:
    """Of these people, whose pledge is still to be signed today: asked before a letter leaves. Three queries."""
    campaign, today = Campaign.objects.current(), clock.today()
    if campaign is None:
        return set()
    rows = open_duties(campaign, today.year, today, tree.load(today)).filter(user_id__in=list(user_ids))
    return set(rows.values_list("user_id", flat=True))


def still_asked(user_ids: Iterable[int]) -> set[int]:
    """Of these people, in whose post a pledge still waits or whose people have still to sign: asked before a letter
    leaves. Five queries.
    """
    campaign, today = Campaign.objects.current(), clock.today()
    if campaign is None:
        return set()
    posts = Appointment.objects.filter(
        in_force(today),
        user_id__in=list(user_ids),
        post__kind__in=[Post.Kind.HEAD, Post.Kind.UNION_CHAIR],
    )
    held = list(posts.values_list("user_id", "post__kind", "post__unit_id"))
    busy = _busy(campaign, today, {unit_id for _user, _kind, unit_id in held})
    return {user_id for user_id, kind, unit_id in held if (kind, unit_id) in busy}


def _busy(campaign: Campaign, on: date, unit_ids: set[int]) -> set[tuple[str, int]]:
    """(kind of post, unit) where something waits; a head's also where people of his have not signed."""
    waiting = Pledge.objects.filter(campaign=campaign, year=on.year, signing_unit_id__in=unit_ids)
    pairs = waiting.on_their_way(on).order_by().values_list("signing_unit_id", "for_head").distinct()
    found = {(str(Post.Kind.HEAD if for_head else Post.Kind.UNION_CHAIR), key) for key, for_head in pairs}
    standing = tree.load(on)
    area = {key: paper for key in standing.placements if (paper := standing.paper_unit(key)) in unit_ids}
    behind = open_duties(campaign, on.year, on, standing).filter(unit_id__in=area)
    rows = behind.order_by().values_list("unit_id", flat=True).distinct()
    return found | {(str(Post.Kind.HEAD), area[key]) for key in rows}


def still_in_office(user_ids: Iterable[int]) -> set[int]:
    """Of these people, who still holds a post whose holder is told such figures; one query."""
    told = [Post.Kind.HEAD, Post.Kind.UNION_CHAIR, Post.Kind.HOME_AFFAIRS]
    rows = Appointment.objects.filter(
        in_force(clock.today()), user_id__in=list(user_ids), post__kind__in=told
    )
    return set(rows.values_list("user_id", flat=True))


# --- Sentences: figures and days, no names; they say their day, since a letter may be late


def own_sentence(drive: Drive, state: str, on: date) -> str:
    due = due_day(drive)
    day = short_date(due)
    term = f"hạn hết ngày {day}" if on <= due else f"hạn chung là ngày {day}, đã qua"
    return f"Bản cam kết năm {drive.year} {AGAIN[state]}; {term}."


def office_sentence(drive: Drive, office: Office, on: date) -> str:
    parts = []
    if office.waiting:
        parts.append(f"{grouped(office.waiting)} bản cam kết chờ ông/bà xác nhận")
    if office.open:
        parts.append(f"{grouped(office.open)} người của đơn vị chưa ký")
    return f"Cam kết năm {drive.year}, đến ngày {short_date(on)}: {'; '.join(parts)}."


def above_sentence(drive: Drive, units: int, people: int, on: date) -> str:
    return (
        f"Quá hạn ký cam kết năm {drive.year}, đến ngày {short_date(on)}: {grouped(units)} đơn vị bên dưới còn "
        f"{grouped(people)} người chưa ký."
    )
