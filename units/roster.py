"""Who is where on a day: head-counts, holders of posts, and to whom a person answers."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Count

from units.models import Appointment, BaseUnion, Employment, Post, Unit, User
from units.queries import ancestor_ids, in_force

Headcounts = dict[int, dict[str, int]]


def headcounts(on: date, unit_ids: Iterable[int] | None = None) -> Headcounts:
    """People by unit and category on that day; one query, units without people are absent."""
    rows = Employment.objects.filter(in_force(on))
    if unit_ids is not None:
        rows = rows.filter(unit_id__in=list(unit_ids))
    counts: Headcounts = {}
    for unit_id, category, people in (
        rows.order_by().values_list("unit_id", "category").annotate(people=Count("*"))
    ):
        counts.setdefault(unit_id, {})[category] = people
    return counts


def climb(counts: Headcounts, parents: Mapping[int, int | None]) -> Headcounts:
    """Totals of every node: counts of units added to all units above them (grouped first, then climbed once).

    `parents` is a whole tree (`tree.parents`, `Tree.parents`); counts of units outside it are left out, nodes without
    anything at or below them absent. Every node is added to its parent once, after all nodes below it.
    """
    totals: Headcounts = {unit_id: dict(counts.get(unit_id, {})) for unit_id in parents}
    pending: dict[int | None, int] = {}
    for parent_id in parents.values():
        pending[parent_id] = pending.get(parent_id, 0) + 1
    ready = [unit_id for unit_id in parents if unit_id not in pending]
    while ready:
        unit_id = ready.pop()
        parent_id = parents[unit_id]
        if parent_id is None or parent_id not in totals:
            continue
        above = totals[parent_id]
        for category, people in totals[unit_id].items():
            above[category] = above.get(category, 0) + people
        pending[parent_id] -= 1
        if not pending[parent_id]:
            ready.append(parent_id)
    return {unit_id: found for unit_id, found in totals.items() if found}


def employment_of(user: User, on: date) -> Employment | None:
    return Employment.objects.filter(in_force(on), user=user).select_related("unit").first()


def holder(unit_id: int, kind: str, on: date) -> Appointment | None:
    """Who holds the unit's post of this kind on that day; the longest-serving of several."""
    rows = Appointment.objects.filter(in_force(on), post__unit_id=unit_id, post__kind=kind)
    return rows.select_related("user", "post__unit").order_by("since", "pk").first()


def has_union(unit_id: int, on: date) -> bool:
    return BaseUnion.objects.filter(in_force(on), unit_id=unit_id).exists()


def signing_unit(user: User, on: date) -> Unit | None:
    """The unit to whose head the person pledges (clause IV.4). None: employed nowhere, or nobody stands above him."""
    employment = employment_of(user, on)
    return signing_unit_from(user, employment.unit_id, on) if employment else None


def signing_unit_from(user: User, unit_id: int, on: date) -> Unit | None:
    """The nearest unit at or above this one that issues papers of its own and stands above every unit the person heads:
    a head pledges to the head above him, never to one of his own people. None for the head of the province.
    """
    path = ancestor_ids(unit_id, on)
    headed = set(
        Appointment.objects.filter(
            in_force(on), user=user, post__kind=Post.Kind.HEAD, post__unit_id__in=path
        ).values_list("post__unit_id", flat=True)
    )
    above = path[max((place + 1 for place, step in enumerate(path) if step in headed), default=0) :]
    units = Unit.objects.filter(in_force(on, "placements__"), placements__own_papers=True).in_bulk(above)
    return next((units[step] for step in above if step in units), None)


def posts_with_holders(unit: Unit, on: date) -> list[tuple[Post, list[User]]]:
    """The unit's posts and who holds each on that day; two queries."""
    holders: dict[int, list[User]] = {}
    held = Appointment.objects.filter(in_force(on), post__unit=unit).select_related("user")
    for appointment in held.order_by("user__sort_key"):
        holders.setdefault(appointment.post_id, []).append(appointment.user)
    return [(post, holders.get(post.pk, [])) for post in unit.posts.order_by("pk")]
