"""How many have pledged, on a day: counts with the denominators of `units.roster`, over the people then employed.

A pledge counts for the person wherever he signed it that year, and for the unit where he is employed on the day asked
about. “Signed” is signed by that day and not returned; “complete” has all confirmations by that day. Every function is
one query whatever the number of units.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from campaigns.models import Campaign
from ledger import clock
from pledges.models import Pledge
from units import tree
from units.models import Appointment, Employment, Post, User
from units.queries import in_force
from units.roster import Headcounts, headcounts

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
    """People recruited or received since 1 January of that year who have no signed pledge of it, by unit."""
    newcomers = _employed(on, unit_ids).filter(since__gte=date(year, 1, 1))
    return _by_unit(newcomers.filter(~_has_pledge(campaign, year, on)))


def _employed(on: date, unit_ids: Iterable[int] | None) -> QuerySet[Employment]:
    rows = Employment.objects.filter(in_force(on))
    return rows if unit_ids is None else rows.filter(unit_id__in=list(unit_ids))


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
    """Of the people employed on a day in some units: how many signed, how many are complete, how many there are."""

    signed: int
    complete: int
    people: int
    on: date


def followed(user: User, on: date) -> set[int]:
    """The units whose pledges a person follows: the whole scope for Home Affairs; for heads and clerks their branches;
    for a union chair the units whose people pledge to his.
    """
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
    """Five or six queries, whatever the number of units."""
    on = day_for(year, today)
    units = followed(user, on)
    return Coverage(
        signed=_total(pledged(campaign=campaign, year=year, on=on, unit_ids=units)),
        complete=_total(completed(campaign=campaign, year=year, on=on, unit_ids=units)),
        people=_total(headcounts(on, units)),
        on=on,
    )


def _total(counts: Headcounts) -> int:
    return sum(sum(by_category.values()) for by_category in counts.values())
