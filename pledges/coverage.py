"""How many have pledged, on a day, of the people who then count (contracts that Sở Nội vụ has ruled out do not).

The denominator of a pledge rate is who owes one that day: without contracts that owe none, long leave and excuses
(features O9, O10; `units.roster.obliged`). Who owes none is counted beside it, never hidden.

A pledge counts for the person wherever he signed it that year, and for the unit where he is employed on the day asked
about. “Signed” is signed by that day and not returned; “complete” has all confirmations by that day. Every function is
one query whatever the number of units.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, Case, Count, Exists, OuterRef, Q, QuerySet, When

from campaigns.models import Campaign
from ledger import clock
from pledges.models import Pledge
from units import tree
from units.models import Absence, Appointment, Employment, Post, User
from units.queries import in_force
from units.roster import Headcounts

LEADING = (Post.Kind.HEAD, Post.Kind.DEPUTY)


def pledged(*, campaign: Campaign, year: int, on: date, unit_ids: Iterable[int] | None = None) -> Headcounts:
    """People with a signed pledge of that year, by unit and category."""
    return _by_category(_employed(on, unit_ids).filter(_has_pledge(campaign, year, on)))


def completed(
    *, campaign: Campaign, year: int, on: date, unit_ids: Iterable[int] | None = None
) -> Headcounts:
    """People whose pledge of that year has all its confirmations, by unit and category."""
    done = _has_pledge(
        campaign, year, on, status=Pledge.Status.COMPLETE, completed_at__lt=clock.end_of_day(on)
    )
    return _by_category(_employed(on, unit_ids).filter(done))


def leaders(*, on: date, unit_ids: Iterable[int] | None = None) -> dict[int, int]:
    """Heads and deputies by the unit where they are employed, so never more than its head-count; each counts once."""
    return _by_unit(_employed(on, unit_ids).filter(_leads(on)))


def leaders_pledged(
    *, campaign: Campaign, year: int, on: date, unit_ids: Iterable[int] | None = None
) -> dict[int, int]:
    """Of `leaders`, those with a signed pledge of that year."""
    return _by_unit(_employed(on, unit_ids).filter(_leads(on), _has_pledge(campaign, year, on)))


def new_unpledged(
    *, campaign: Campaign, year: int, on: date, unit_ids: Iterable[int] | None = None
) -> dict[int, int]:
    """People recruited or received since 1 January of that year who owe a pledge of it and signed none, by unit."""
    newcomers = _employed(on, unit_ids).filter(_owes(on), since__gte=date(year, 1, 1))
    return _by_unit(newcomers.filter(~_has_pledge(campaign, year, on)))


def _employed(on: date, unit_ids: Iterable[int] | None) -> QuerySet[Employment]:
    rows = Employment.objects.filter(in_force(on)).counted()
    return rows if unit_ids is None else rows.filter(unit_id__in=list(unit_ids))


def _owes(on: date) -> Q:
    away = Absence.objects.filter(in_force(on), user=OuterRef("user"))
    return (Q(contract__isnull=True) | Q(contract__pledges=True)) & ~Q(Exists(away))


def owes(user: User, on: date) -> bool:
    """Whether the person owes a pledge that day; one query."""
    return _employed(on, None).filter(_owes(on), user=user).exists()


def _has_pledge(campaign: Campaign, year: int, on: date, **more) -> Exists:
    rows = Pledge.objects.filter(
        campaign=campaign, year=year, user=OuterRef("user"), signed_at__lt=clock.end_of_day(on), **more
    )
    return Exists(rows.filter(~Q(status=Pledge.Status.RETURNED)))


def _leads(on: date) -> Exists:
    return Exists(Appointment.objects.filter(in_force(on), user=OuterRef("user"), post__kind__in=LEADING))


def _by_category(rows: QuerySet[Employment]) -> Headcounts:
    counts: Headcounts = {}
    for unit_id, category, people in rows.values_list("unit_id", "category").annotate(Count("pk")).order_by():
        counts.setdefault(unit_id, {})[category] = people
    return counts


def _by_unit(rows: QuerySet[Employment]) -> dict[int, int]:
    return dict(rows.values_list("unit_id").annotate(Count("pk")).order_by())


@dataclass(frozen=True)
class Coverage:
    """Of the people who owe a pledge on a day in some units: how many signed, how many are complete, how many there
    are; and `relieved`, who count in these units and owe none.
    """

    signed: int
    complete: int
    people: int
    on: date
    relieved: int = 0


def followed(user: User, on: date) -> set[int]:
    """The units whose pledges a person follows: the whole scope for Home Affairs; for heads and clerks their branches;
    for a union chair the units whose people pledge to his.
    """
    user = user.acting_in("pledges")
    standing = tree.load(on)
    if user.works_for_home_affairs:
        return {key for key, row in standing.placements.items() if row.in_scope}
    unions = {post.unit_id for post in user.posts_of(Post.Kind.UNION_CHAIR)}
    to_union = {key for key in standing.placements if standing.paper_unit(key) in unions}
    return user.units_in_charge(Post.Kind.HEAD, Post.Kind.CLERK) | to_union


def day_for(year: int, today: date) -> date:
    """The day a year's figures are taken: its last, or today while it runs."""
    return min(date(year, 12, 31), today)


def of(*, user: User, campaign: Campaign, year: int, today: date) -> Coverage:
    """Three or four queries, whatever the number of units."""
    on = day_for(year, today)
    return over(followed(user, on), campaign=campaign, year=year, on=on)


def over(unit_ids: Iterable[int], *, campaign: Campaign, year: int, on: date) -> Coverage:
    """The same over units given; one query."""
    found = by_unit(unit_ids, campaign=campaign, year=year, on=on)
    return Coverage(
        signed=sum(row.signed for row in found.values()),
        complete=sum(row.complete for row in found.values()),
        people=sum(row.people for row in found.values()),
        relieved=sum(row.relieved for row in found.values()),
        on=on,
    )


def by_unit(unit_ids: Iterable[int], *, campaign: Campaign, year: int, on: date) -> dict[int, Coverage]:
    """For each unit (without those below it); one query. Who owes none and signed all the same is in neither number."""
    done = {"status": Pledge.Status.COMPLETE, "completed_at__lt": clock.end_of_day(on)}
    rows = _employed(on, unit_ids).annotate(
        owes=Case(When(_owes(on), then=True), default=False, output_field=BooleanField()),
        signed=_has_pledge(campaign, year, on),
        complete=_has_pledge(campaign, year, on, **done),
    )
    counts = {
        "people_signed": Count("pk", filter=Q(owes=True, signed=True)),
        "people_complete": Count("pk", filter=Q(owes=True, complete=True)),
        "people_owing": Count("pk", filter=Q(owes=True)),
        "people_relieved": Count("pk", filter=Q(owes=False)),
    }
    counted = rows.order_by().values("unit_id").annotate(**counts).values_list("unit_id", *counts)
    return {
        unit_id: Coverage(signed, complete, people, on, relieved)
        for unit_id, signed, complete, people, relieved in counted
    }
