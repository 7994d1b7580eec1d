"""How many have pledged, on a day, of the people who then count (contracts that Sở Nội vụ has ruled out do not).

The denominator of a pledge rate is who owes one that day: without contracts that owe none, long leave and excuses
(features O9, O10; `units.roster.obliged`). Who owes none is counted beside it, never hidden.

A pledge counts for the person wherever he signed it that year, and for the unit where he is employed on the day asked
about. Pledges of whole units count for nobody. “Signed” is signed by that day and neither returned, withdrawn nor
overtaken by new words; “complete” has all confirmations by that day. What was signed on paper or in a personally signed
file is among both and counted apart as well. Every function is one query whatever the number of units.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from campaigns.models import Campaign
from ledger.prepared import Prepared
from pledges import states
from pledges.models import Pledge
from units import tree
from units.models import Appointment, Employment, Post, User
from units.queries import in_force, once
from units.roster import Headcounts

LEADING = (Post.Kind.HEAD, Post.Kind.DEPUTY)
RELIEVED = "relieved"
CHANNELS = {Pledge.Channel.PAPER.value: "on_paper", Pledge.Channel.SIGNED_FILE.value: "in_file"}


@dataclass(frozen=True)
class Coverage:
    """Of the `people` who owe a pledge on a day in some units: how many signed, and where each pledge stands; `none`
    have signed nothing. `on_paper`, `in_file`: of the signed. `relieved` count in these units and owe none.
    """

    signed: int = 0
    complete: int = 0
    people: int = 0
    on: date | None = None
    relieved: int = 0
    at_head: int = 0
    at_union: int = 0
    returned: int = 0
    withdrawn: int = 0
    stale: int = 0
    refused: int = 0
    none: int = 0
    on_paper: int = 0
    in_file: int = 0

    @property
    def open(self) -> int:
        """Who has still to sign; without those who refused."""
        return self.returned + self.withdrawn + self.stale + self.none

    @classmethod
    def of_counts(cls, counts: Mapping[str, int], on: date) -> "Coverage":
        """From counts by state, channel and RELIEVED (see `tally`)."""
        named = {one.name: counts.get(one.name, 0) for one in fields(cls) if one.name not in SUMMED}
        signed = sum(counts.get(state, 0) for state in states.SIGNED)
        people = sum(counts.get(state, 0) for state in states.STATES)
        return cls(**named, signed=signed, people=people, on=on)


SUMMED = frozenset({"signed", "people", "on"})
# By unit, then “category.state”: what `roster.climb` adds up over a tree.
Tally = dict[int, dict[str, int]]


def tally(*, campaign: Campaign, year: int, on: date, unit_ids: Iterable[int] | None = None) -> Tally:
    """For each unit (without those below it), “category.state” → people; grouped by the database, one query.

    Who owes none is “category.relieved”, whatever he signed; who signed otherwise than in the portal is counted once
    more under his channel.
    """
    rows = states.with_states(_employed(on, unit_ids), campaign=campaign, year=year, on=on)
    counted = rows.order_by().values_list("unit_id", "category", "owes", "state", "channel")
    found: Tally = {}
    for unit_id, category, owes, state, channel, people in counted.annotate(Count("pk")):
        kept = [state, CHANNELS.get(channel)] if owes else [RELIEVED]
        counts = found.setdefault(unit_id, {})
        for name in filter(None, kept):
            key = f"{category}.{name}"
            counts[key] = counts.get(key, 0) + people
    return found


def summed(counts: Mapping[str, int], on: date) -> Coverage:
    """All categories together."""
    found: dict[str, int] = {}
    for key, people in counts.items():
        name = key.partition(".")[2]
        found[name] = found.get(name, 0) + people
    return Coverage.of_counts(found, on)


def by_category(counts: Mapping[str, int], on: date) -> dict[str, Coverage]:
    parts: dict[str, dict[str, int]] = {}
    for key, people in counts.items():
        category, _, name = key.partition(".")
        parts.setdefault(category, {})[name] = people
    return {category: Coverage.of_counts(found, on) for category, found in parts.items()}


def pledged(*, campaign: Campaign, year: int, on: date, unit_ids: Iterable[int] | None = None) -> Headcounts:
    """People with a signed pledge of that year, by unit and category."""
    return _by_category(_standing(campaign, year, on, unit_ids).filter(state__in=states.SIGNED))


def completed(
    *, campaign: Campaign, year: int, on: date, unit_ids: Iterable[int] | None = None
) -> Headcounts:
    """People whose pledge of that year has all its confirmations, by unit and category."""
    return _by_category(_standing(campaign, year, on, unit_ids).filter(state=states.COMPLETE))


def leaders(*, on: date, unit_ids: Iterable[int] | None = None) -> dict[int, int]:
    """Heads and deputies by the unit where they are employed, so never more than its head-count; each counts once."""
    return _by_unit(_employed(on, unit_ids).filter(_leads(on)))


def leaders_pledged(
    *, campaign: Campaign, year: int, on: date, unit_ids: Iterable[int] | None = None
) -> dict[int, int]:
    """Of `leaders`, those with a signed pledge of that year."""
    rows = _standing(campaign, year, on, unit_ids)
    return _by_unit(rows.filter(_leads(on), state__in=states.SIGNED))


def new_unpledged(
    *, campaign: Campaign, year: int, on: date, unit_ids: Iterable[int] | None = None
) -> dict[int, int]:
    """People recruited or received since 1 January of that year who owe a pledge of it and signed none, by unit."""
    rows = _standing(campaign, year, on, unit_ids)
    return _by_unit(rows.filter(owes=True, since__gte=date(year, 1, 1)).exclude(state__in=states.SIGNED))


def unsigned(
    *, campaign: Campaign, year: int, on: date, unit_ids: Iterable[int] | None = None
) -> "QuerySet[Any, Any]":
    """Who owes a pledge that day and has none that counts, also who refused; with `state` and `made` (the pledge)."""
    return _standing(campaign, year, on, unit_ids).filter(owes=True).exclude(state__in=states.SIGNED)


def _standing(
    campaign: Campaign, year: int, on: date, unit_ids: Iterable[int] | None
) -> "QuerySet[Any, Any]":  # employments with what `states` adds, which the type of the model does not know
    return states.with_states(_employed(on, unit_ids), campaign=campaign, year=year, on=on)


def _employed(on: date, unit_ids: Iterable[int] | None) -> QuerySet[Employment]:
    rows = Employment.objects.filter(in_force(on)).counted()
    return rows if unit_ids is None else rows.filter(unit_id__in=list(unit_ids))


def owes(user: User, on: date) -> bool:
    """Whether the person owes a pledge that day; one query."""
    return once(("owes", user.pk, on), lambda: bool(_OWES.first(user=user.pk, on=on)))


_OWES = Prepared(
    lambda *, user, on: (
        _employed(on, None).filter(states.owes_that_day(on), user=user).values_list("pk", flat=True)[:1]
    )
)


def _leads(on: date) -> Exists:
    """Who stands in for a leader for a while, by order or authority, is none himself."""
    occupies = Appointment.objects.filter(
        in_force(on), user=OuterRef("user"), post__kind__in=LEADING, manner__in=Appointment.OCCUPYING
    )
    return Exists(occupies)


def _by_category(rows: QuerySet[Employment]) -> Headcounts:
    counts: Headcounts = {}
    for unit_id, category, people in rows.order_by().values_list("unit_id", "category").annotate(Count("pk")):
        counts.setdefault(unit_id, {})[category] = people
    return counts


def _by_unit(rows: QuerySet[Employment]) -> dict[int, int]:
    return dict(rows.order_by().values_list("unit_id").annotate(Count("pk")))


def followed(user: User, on: date) -> set[int]:
    """The units in scope whose pledges a person follows: all for Home Affairs; for heads and clerks their branches; for
    a union chair the units whose people pledge to his.
    """
    user = user.acting_in("pledges")
    standing = tree.load(on)
    in_scope = {key for key, row in standing.placements.items() if row.in_scope}
    if user.works_for_home_affairs:
        return in_scope
    unions = {post.unit_id for post in user.posts_of(Post.Kind.UNION_CHAIR)}
    to_union = {key for key in standing.placements if standing.paper_unit(key) in unions}
    return in_scope & (user.units_in_charge(Post.Kind.HEAD, Post.Kind.CLERK) | to_union)


def day_for(year: int, today: date) -> date:
    """The day a year's figures are taken: its last, or today while it runs."""
    return min(date(year, 12, 31), today)


def of(*, user: User, campaign: Campaign, year: int, today: date) -> Coverage:
    """Three or four queries, whatever the number of units."""
    on = day_for(year, today)
    return over(followed(user, on), campaign=campaign, year=year, on=on)


def over(unit_ids: Iterable[int], *, campaign: Campaign, year: int, on: date) -> Coverage:
    """The same over units given; one query."""
    found = tally(campaign=campaign, year=year, on=on, unit_ids=unit_ids)
    total: dict[str, int] = {}
    for counts in found.values():
        for key, people in counts.items():
            total[key] = total.get(key, 0) + people
    return summed(total, on)


def by_unit(unit_ids: Iterable[int], *, campaign: Campaign, year: int, on: date) -> dict[int, Coverage]:
    """For each unit (without those below it); one query. Who owes none and signed all the same is in neither number."""
    found = tally(campaign=campaign, year=year, on=on, unit_ids=unit_ids)
    return {unit_id: summed(counts, on) for unit_id, counts in found.items()}
