"""Who is where on a day: head-counts, who owes a pledge, holders of posts, and to whom a person answers."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db import connection

from ledger.prepared import Prepared
from units.models import Appointment, BaseUnion, Category, Cutoff, Employment, FrozenCount, Post, Unit, User
from units.queries import ancestor_steps, in_force, once

Headcounts = dict[int, dict[str, int]]
CATEGORIES = tuple(category.value for category in Category)

FIGURE = 32
MOST = (1 << FIGURE) - 1
PLACED = [(category, FIGURE * place) for place, category in enumerate(CATEGORIES)]

# A person counts where he works; who pays for him is another question (biệt phái).
PLACES = {"work": "e.unit_id", "payroll": "coalesce(e.payroll_unit_id, e.unit_id)"}
COUNTED = "(e.contract_id IS NULL OR e.contract_id IN (SELECT id FROM units_contractkind WHERE counts))"
PLEDGING = "(e.contract_id IS NULL OR e.contract_id IN (SELECT id FROM units_contractkind WHERE pledges))"
AWAY = """EXISTS (SELECT 1 FROM units_absence a WHERE a.user_id = e.user_id
                   AND a.since <= %(on)s AND (a.until IS NULL OR a.until > %(on)s))"""
WHO = {
    "counted": COUNTED,
    "obliged": f"{PLEDGING} AND NOT {AWAY}",
    "relieved": f"{COUNTED} AND NOT ({PLEDGING} AND NOT {AWAY})",
}
FIGURES = ", ".join(f"count(*) FILTER (WHERE e.category = '{category}')" for category in CATEGORIES)
# Grouped in the database first, so that what is read and added up is one row a unit.
BY_UNIT = """
SELECT {place} AS unit_id, {figures}
  FROM units_employment e
 WHERE e.since <= %(on)s AND (e.until IS NULL OR e.until > %(on)s) AND {who} {within}
 GROUP BY 1
"""
WHOLE_TREE = """
SELECT p.unit_id, p.parent_id, n.*
  FROM units_placement p LEFT JOIN ({by_unit}) n ON n.unit_id = p.unit_id
 WHERE p.since <= %(on)s AND (p.until IS NULL OR p.until > %(on)s)
"""

_EMPLOYMENT = Prepared(
    lambda *, user, on: (
        Employment.objects.filter(in_force(on), user=user).select_related("unit").order_by("pk")[:1]
    )
)
_HEADED = Prepared(
    lambda *, user, on: Appointment.objects.filter(
        in_force(on), user=user, post__kind=Post.Kind.HEAD, manner__in=Appointment.OCCUPYING
    ).values_list("post__unit_id", flat=True)
)
_HOLDER = Prepared(
    lambda *, unit, kind, on: (
        Appointment.objects.filter(
            in_force(on), post__unit=unit, post__kind=kind, manner__in=Appointment.OCCUPYING
        )
        .select_related("user", "post__unit")
        .order_by("since", "pk")[:1]
    )
)
_UNIONS = Prepared(
    lambda *, unit, on: BaseUnion.objects.filter(in_force(on), unit=unit).values_list("pk", flat=True)[:1]
)
_TWO_UNITS = Prepared(lambda *, one, other: Unit.objects.filter(pk__in=(one, other)))


def headcounts(on: date, unit_ids: Iterable[int] | None = None, *, by: str = "work") -> Headcounts:
    """People by unit and category on that day; one query, units without people are absent.

    `by="payroll"` counts who is seconded where he is paid. Contracts that Sở Nội vụ has ruled out do not count.
    """
    return _by_unit("counted", on, unit_ids, by)


def obliged(on: date, unit_ids: Iterable[int] | None = None, *, by: str = "work") -> Headcounts:
    """Of these, who owes a pledge that day: without contracts that owe none, long leave and excuses (O9, O10)."""
    return _by_unit("obliged", on, unit_ids, by)


def relieved(on: date, unit_ids: Iterable[int] | None = None, *, by: str = "work") -> Headcounts:
    """Who counts and owes none: head-counts less `obliged`."""
    return _by_unit("relieved", on, unit_ids, by)


def headcounts_frozen(code: str) -> Headcounts:
    """The head-counts as they were frozen under this code. Raises Cutoff.DoesNotExist; two queries."""
    rows = FrozenCount.objects.filter(cutoff=Cutoff.objects.get(code=code))
    counts: Headcounts = {}
    for unit_id, category, people in rows.values_list("unit_id", "category", "people"):
        counts.setdefault(unit_id, {})[category] = people
    return counts


def totals(on: date, *, who: str = "counted", by: str = "work") -> Headcounts:
    """Every node of that day's tree with all people at and below it; one query, then one climb.

    `who`: counted, obliged or relieved. Nodes without anybody are absent.
    """
    by_unit = BY_UNIT.format(place=PLACES[by], figures=FIGURES, who=WHO[who], within="")
    with connection.cursor() as cursor:
        cursor.execute(WHOLE_TREE.format(by_unit=by_unit), {"on": on})
        rows = cursor.fetchall()
    parents = {row[0]: row[1] for row in rows}
    # Four figures in one number, so that a unit is added to the one above it by one addition.
    sums = {
        unit_id: can_bo | cong_chuc << FIGURE | vien_chuc << 2 * FIGURE | nguoi_lao_dong << 3 * FIGURE
        for unit_id, _parent, _key, can_bo, cong_chuc, vien_chuc, nguoi_lao_dong in rows
        if _key is not None
    }
    for unit_id in _from_the_leaves(parents):
        if people := sums.get(unit_id):
            parent_id = parents[unit_id]
            if parent_id is not None:
                sums[parent_id] = sums.get(parent_id, 0) + people
    return {
        unit_id: {category: n for category, place in PLACED if (n := people >> place & MOST)}
        for unit_id, people in sums.items()
        if unit_id in parents
    }


def _by_unit(who: str, on: date, unit_ids: Iterable[int] | None, by: str) -> Headcounts:
    words: dict[str, date | int] = {"on": on}
    within = ""
    if unit_ids is not None:
        keys = sorted(set(unit_ids))
        if not keys:
            return {}
        words |= {f"u{place}": key for place, key in enumerate(keys)}
        within = f"AND {PLACES[by]} IN ({', '.join(f'%(u{place})s' for place in range(len(keys)))})"
    query = BY_UNIT.format(place=PLACES[by], figures=FIGURES, who=WHO[who], within=within)
    with connection.cursor() as cursor:
        cursor.execute(query, words)
        return {row[0]: _named(row[1:]) for row in cursor.fetchall()}


def _named(figures: Iterable[int]) -> dict[str, int]:
    return {category: people for category, people in zip(CATEGORIES, figures, strict=True) if people}


def _from_the_leaves(parents: Mapping[int, int | None]) -> list[int]:
    """Every unit before the unit above it."""
    below: dict[int | None, list[int]] = {}
    for unit_id, parent_id in parents.items():
        below.setdefault(parent_id if parent_id in parents else None, []).append(unit_id)
    order = list(below.get(None, ()))
    for unit_id in order:
        order += below.get(unit_id, ())
    order.reverse()
    return order


def climb(counts: Headcounts, parents: Mapping[int, int | None]) -> Headcounts:
    """Totals of every node: counts of units added to all units above them (grouped first, then climbed once).

    `parents` is a whole tree (`tree.parents`, `Tree.parents`); counts of units outside it are left out, nodes without
    anything at or below them absent. Every node is added to its parent once, after all nodes below it.
    """
    sums: Headcounts = {unit_id: dict(counts.get(unit_id, ())) for unit_id in parents}
    for unit_id in _from_the_leaves(parents):
        parent_id = parents[unit_id]
        if parent_id is None or parent_id not in sums:
            continue
        above = sums[parent_id]
        for category, people in sums[unit_id].items():
            above[category] = above.get(category, 0) + people
    return {unit_id: found for unit_id, found in sums.items() if found}


def employment_of(user: User, on: date) -> Employment | None:
    return once(("employment", user.pk, on), lambda: _EMPLOYMENT.first(user=user.pk, on=on))


def holder(unit_id: int, kind: str, on: date) -> Appointment | None:
    """Who occupies the unit's post of this kind that day, acting or in charge too; the longest-serving of several."""
    return _HOLDER.first(unit=unit_id, kind=str(kind), on=on)


def has_union(unit_id: int, on: date) -> bool:
    return bool(_UNIONS.first(unit=unit_id, on=on))


def signing_unit(user: User, on: date) -> Unit | None:
    """The unit to whose head the person pledges (clause IV.4). None: employed nowhere, or nobody stands above him."""
    employment = employment_of(user, on)
    return signing_unit_from(user, employment.unit_id, on) if employment else None


def signing_unit_from(user: User, unit_id: int, on: date) -> Unit | None:
    """The nearest unit at or above this one that issues papers of its own and stands above every unit the person heads:
    a head (acting or in charge too) pledges to the head above him, never to one of his own people; a substitute to the
    head he stands in for. None for the head of the province.
    """
    return paper_units_from(user, unit_id, on)[1]


def paper_units_from(user: User, unit_id: int, on: date) -> tuple[Unit | None, Unit | None]:
    """The nearest unit at or above this one that issues papers of its own, and the one to whose head the person pledges
    (`signing_unit_from`): for a head two different units. Three queries.
    """
    return once(("paper units", user.pk, unit_id, on), lambda: _paper_units_from(user, unit_id, on))


def _paper_units_from(user: User, unit_id: int, on: date) -> tuple[Unit | None, Unit | None]:
    path = ancestor_steps(unit_id, on)
    headed = _headed(user, on)
    first = max((place + 1 for place, (step, _issues) in enumerate(path) if step in headed), default=0)
    nearest, signing = (next((step for step, issues in steps if issues), 0) for steps in (path, path[first:]))
    units = {unit.pk: unit for unit in _TWO_UNITS.all(one=nearest, other=signing)}
    return units.get(nearest), units.get(signing)


def _headed(user: User, on: date) -> set[int]:
    """Keys of the units whose head post the person occupies. What a request has read of him is not asked again."""
    if on == user.today and user.posts_if_read() is not None:
        heads = user.posts_of(Post.Kind.HEAD)
        return {post.unit_id for post in heads if vars(post)["manner"] in Appointment.OCCUPYING}
    return set(_HEADED.all(user=user.pk, on=on))


def posts_with_holders(unit: Unit, on: date) -> list[tuple[Post, list[Appointment]]]:
    """The unit's posts and who holds each, in what manner, on that day; two queries."""
    holders: dict[int, list[Appointment]] = {}
    held = Appointment.objects.filter(in_force(on), post__unit=unit).select_related("user")
    for appointment in held.order_by("user__sort_key"):
        holders.setdefault(appointment.post_id, []).append(appointment)
    return [(post, holders.get(post.pk, [])) for post in unit.posts.order_by("pk")]
