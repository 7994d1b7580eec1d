"""Acting by order (TL.) or by authority (TUQ.) for a head, where he may no longer stand above the place of work.

Who moves by himself ceases that day (`units.services.people.leave_posts`). Who is moved by an act, or works below a
unit that is, ceases from the act's day; from a later one where only that one brings him out of reach.
"""

from collections.abc import Set
from datetime import date

from units.models import Appointment, Employment, Placement
from units.queries import overlapping
from units.reorganisation.journal import Journal
from units.reorganisation.placing import Placed
from units.reorganisation.situation import Situation
from units.workplaces import Workplaces

Manner = Appointment.Manner


def out_of_reach(
    on: date, near: Set[int], given_back: Set[int] = frozenset()
) -> dict[date, list[Appointment]]:
    """By the day from which it may not go on: who acts for a head that does not stand above him, of those who work in
    or below the units `near`, and of the appointments whose keys are `given_back`. Three queries.
    """
    rows = list(
        Appointment.objects.select_for_update(of=("self",), no_key=True)
        .filter(overlapping(on, None), manner__in=(Manner.BY_ORDER, Manner.BY_AUTHORITY))
        .select_related("post", "user")
        .order_by("pk")
    )
    if not rows:
        return {}
    places = Workplaces({row.user_id for row in rows}, on)
    found: dict[date, list[Appointment]] = {}
    for row in rows:
        for day in places.days(row, on):
            path = set(places.path(row.user_id, day))
            is_meant = path & near or (path and row.pk in given_back)
            if is_meant and row.post.unit_id not in path:
                found.setdefault(day, []).append(row)
                break
    return found


def end_out_of_reach(situation: Situation, placed: Placed, journal: Journal) -> list[str]:
    """Returns the names of those who cease."""
    near = placed.anew.keys() | {unit.pk for unit in situation.takers}
    names: list[str] = []
    for day, rows in out_of_reach(situation.on, near).items():
        journal.change(rows, until=day)
        names += [row.user.full_name for row in rows]
    return list(dict.fromkeys(names))


def placed_by(journal: Journal) -> set[int]:
    """Units that an act placed, and those where the people work whom it moved: what stands above changes there."""
    placed = Placement.objects.filter(pk__in=journal.pks(Placement)).values_list("unit_id", flat=True)
    works = Employment.objects.filter(pk__in=journal.pks(Employment)).values_list("unit_id", flat=True)
    return {*placed, *works}
