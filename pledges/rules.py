"""Who confirms a pledge: head and union chair of the unit it is made to; nobody his own (clause IV.4, rule R22)."""

from typing import Any

import rules

from pledges.bodies import standing_for
from pledges.models import Pledge, SelfReview
from units.models import Placement, Post, Unit, User
from units.queries import in_force
from units.rules import occupied


@rules.predicate
def answers_for(user: User, pledge: Any = None) -> bool:
    """Who made it; for a unit's, who occupies the post of its head today, or of the unit in its place, whoever signed
    it.
    """
    if not isinstance(pledge, Pledge):
        return False
    if pledge.kind != Pledge.Kind.COLLECTIVE:
        return pledge.user_id == user.pk
    headed = {post.unit_id for post in occupied(user, Post.Kind.HEAD)}
    return bool(headed) and standing_for([pledge.unit], user.today).get(pledge.unit_id) in headed


def is_own(user: User, pledge: Pledge) -> bool:
    """Who signed it or answers for it today: nobody confirms or revokes his own (rule R22)."""
    return pledge.user_id == user.pk or answers_for(user, pledge)


@rules.predicate
def may_revoke(user: User, pledge: Any = None) -> bool:
    """The head of the unit it was made to, and Home Affairs; nobody his own."""
    if not isinstance(pledge, Pledge) or is_own(user, pledge):
        return False
    return user.works_for_home_affairs or user.post_in(pledge.signing_unit_id, "head") is not None


@rules.predicate
def may_hand_over(user: User, pledge: Any = None) -> bool:
    """Who answers for it, head and clerk of the unit where it waits, and Home Affairs."""
    if not isinstance(pledge, Pledge):
        return False
    keeps = user.post_in(pledge.signing_unit_id, "head", "clerk") is not None
    return answers_for(user, pledge) or keeps or user.works_for_home_affairs


@rules.predicate
def chairs_a_union(user: User, obj: Any = None) -> bool:
    return bool(user.posts_of("union_chair"))


@rules.predicate
def confirms_as_head(user: User, pledge: Any = None) -> bool:
    """Without a pledge: whether the user heads any unit at all (for the list of what waits)."""
    if pledge is None:
        return bool(user.posts_of("head"))
    return (
        isinstance(pledge, Pledge)
        and not is_own(user, pledge)
        and user.post_in(pledge.signing_unit_id, "head") is not None
    )


@rules.predicate
def confirms_as_union(user: User, pledge: Any = None) -> bool:
    if pledge is None:
        return bool(user.posts_of("union_chair"))
    return (
        isinstance(pledge, Pledge)
        and not is_own(user, pledge)
        and user.post_in(pledge.signing_unit_id, "union_chair") is not None
    )


@rules.predicate
def remarks_as_head(user: User, review: Any = None) -> bool:
    """The same of a self-review (feature S20)."""
    return _remarks(user, review, "head")


@rules.predicate
def remarks_as_union(user: User, review: Any = None) -> bool:
    return _remarks(user, review, "union_chair")


def _remarks(user: User, review: Any, kind: str) -> bool:
    if review is None:
        return bool(user.posts_of(kind))
    return (
        isinstance(review, SelfReview)
        and review.pledge.user_id != user.pk
        and user.post_in(review.signing_unit_id, kind) is not None
    )


@rules.predicate
def keeps_the_province(user: User, obj: Any = None) -> bool:
    """Home Affairs, for lists of the highest unit alone: nobody stands above it who could keep them."""
    unit_id = obj.pk if isinstance(obj, Unit) else getattr(obj, "unit_id", None)
    if unit_id is None or not user.works_for_home_affairs:
        return False
    return Placement.objects.filter(in_force(user.today), unit_id=unit_id, parent__isnull=True).exists()
