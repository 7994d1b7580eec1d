"""Who reviews a plan: the head of the unit above; for a first-level unit, Home Affairs (clause V.1)."""

from typing import Any

import rules
from django.db.models import QuerySet

from campaigns.models import UnitPlan
from ledger import clock
from units import tree
from units.models import Post, User
from units.queries import in_force
from units.rules import heads_the_parent


@rules.predicate
def reviews_the_plan(user: User, plan: Any = None) -> bool:
    """Home Affairs reviews all; nobody reviews the plan of a unit where he holds a post (rule R22: not his own or his
    superior's act), so the plan of Sở Nội vụ itself goes to the head above."""
    if not isinstance(plan, UnitPlan) or any(post.unit_id == plan.unit_id for post in user.posts_today):
        return False
    return user.works_for_home_affairs or heads_the_parent.test(user, plan)


def reviewers_of(plan: UnitPlan) -> QuerySet[User]:
    """Who is told that a plan was sent: on the first level Home Affairs, below it the head above."""
    above = head_in_turn(tree.load(clock.today()), plan.unit_id, units_of_home_affairs())
    if above is None:
        return _holding([Post.Kind.HOME_AFFAIRS])
    return _holding([Post.Kind.HEAD], [above])


def authors_of(plan: UnitPlan) -> QuerySet[User]:
    return _holding([Post.Kind.HEAD, Post.Kind.CLERK], [plan.unit_id])


def units_of_home_affairs() -> set[int]:
    return set(Post.objects.filter(kind=Post.Kind.HOME_AFFAIRS).values_list("unit_id", flat=True))


def head_in_turn(standing: tree.Tree, unit_id: int, home_affairs: set[int]) -> int | None:
    """The unit whose head reviews this unit's plan; None where it is the turn of Home Affairs."""
    path = standing.path(unit_id)
    if len(path) > 2 or (len(path) == 2 and unit_id in home_affairs):
        return path[1]
    return None


def _holding(kinds: list[str], unit_ids: list[int] | None = None) -> QuerySet[User]:
    held: dict[str, list] = {"appointments__post__kind__in": kinds}
    if unit_ids is not None:
        held["appointments__post__unit_id__in"] = unit_ids
    return User.objects.filter(in_force(clock.today(), "appointments__"), **held).distinct()
