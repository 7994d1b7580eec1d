"""Who reviews a report: the level above; for a first-level unit, Home Affairs (clause V.5, rule R22)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import rules
from django.db.models import QuerySet

from reports.models import UnitReport
from units.models import Appointment, Placement, Post, Unit, User
from units.queries import in_force
from units.rules import heads_the_parent


@rules.predicate
def reviews_the_report(user: User, report: Any = None) -> bool:
    """Home Affairs reviews all; nobody reviews the report of a unit where he holds a post (rule R22: not his own or
    his superior's act), so the report of Sở Nội vụ itself goes to the head above."""
    if not isinstance(report, UnitReport) or any(post.unit_id == report.unit_id for post in user.posts_today):
        return False
    return user.works_for_home_affairs or heads_the_parent.test(user, report)


@rules.predicate
def leads_a_line(user: User, obj: Any = None) -> bool:
    """Head or clerk of a professional superior: reads the papers and totals of the units in its line, takes no step."""
    return user.leads_a_line


def holders(on: date, *kinds: str, unit_ids: Iterable[int] | None = None) -> QuerySet[User]:
    """Who holds posts of these kinds on that day, in these units or in all."""
    held = Appointment.objects.filter(in_force(on), post__kind__in=kinds)
    if unit_ids is not None:
        held = held.filter(post__unit_id__in=list(unit_ids))
    return User.objects.filter(pk__in=held.values("user"), is_active=True)


def reviewers(unit: Unit, on: date) -> list[User]:
    """Who is told that a report came: the head of the parent; of a first-level unit, and where no one heads the
    parent, Home Affairs (whose own report is for the head of the province)."""
    placed = Placement.objects.filter(in_force(on), unit=unit).select_related("parent").first()
    parent = placed.parent if placed else None
    is_home_affairs = unit.posts.filter(kind=Post.Kind.HOME_AFFAIRS).exists()
    if parent is not None and (parent.kind != Unit.Kind.PROVINCE or is_home_affairs):
        found = list(holders(on, Post.Kind.HEAD, unit_ids=[parent.pk]))
        if found:
            return found
    return list(holders(on, Post.Kind.HOME_AFFAIRS))
