"""Who is where on a day: head-counts, holders of posts, and to whom a person answers."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count

from units.models import Appointment, BaseUnion, Employment, Post, Unit, User
from units.queries import ancestor_ids, in_force
from units.tree import Tree

Headcounts = dict[int, dict[str, int]]


def headcounts(on: date, unit_ids: Iterable[int] | None = None) -> Headcounts:
    """People by unit and category on that day; one query, units without people are absent."""
    rows = Employment.objects.filter(in_force(on))
    if unit_ids is not None:
        rows = rows.filter(unit_id__in=list(unit_ids))
    counts: Headcounts = {}
    for unit_id, category, people in rows.values_list("unit_id", "category").annotate(Count("pk")).order_by():
        counts.setdefault(unit_id, {})[category] = people
    return counts


def climb(counts: Headcounts, tree: Tree) -> Headcounts:
    """Totals of every node: counts of units added to all units above them (grouped first, then climbed)."""
    totals: Headcounts = {}
    for unit_id, by_category in counts.items():
        for step in tree.path(unit_id):
            node = totals.setdefault(step, {})
            for category, people in by_category.items():
                node[category] = node.get(category, 0) + people
    return totals


def employment_of(user: User, on: date) -> Employment | None:
    return Employment.objects.filter(in_force(on), user=user).select_related("unit").first()


def holder(unit_id: int, kind: str, on: date) -> Appointment | None:
    """Who holds the unit's post of this kind on that day; the longest-serving of several."""
    rows = Appointment.objects.filter(in_force(on), post__unit_id=unit_id, post__kind=kind)
    return rows.select_related("user", "post__unit").order_by("since", "pk").first()


def has_union(unit_id: int, on: date) -> bool:
    return BaseUnion.objects.filter(in_force(on), unit_id=unit_id).exists()


def heads_unit(user: User, unit_id: int, on: date) -> bool:
    return Appointment.objects.filter(
        in_force(on), user=user, post__unit_id=unit_id, post__kind=Post.Kind.HEAD
    ).exists()


def signing_unit(user: User, on: date) -> Unit | None:
    """The unit to whose head the person pledges (clause IV.4): the nearest one that issues papers of its own;
    for that unit's own head, the next such one above. None for the head of the province: he pledges on paper."""
    employment = employment_of(user, on)
    if employment is None:
        return None
    from_here = ancestor_ids(employment.unit_id, on)
    units = Unit.objects.filter(in_force(on, "placements__"), placements__own_papers=True).in_bulk(from_here)
    for unit_id in from_here:
        if unit_id in units and not heads_unit(user, unit_id, on):
            return units[unit_id]
    return None
