"""Who confirms a pledge: head and union chair of the unit it is made to; nobody his own (clause IV.4, rule R22)."""

from typing import Any

import rules

from pledges.models import Pledge
from units.models import User


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
        and pledge.user_id != user.pk
        and user.post_in(pledge.signing_unit_id, "head") is not None
    )


@rules.predicate
def confirms_as_union(user: User, pledge: Any = None) -> bool:
    if pledge is None:
        return bool(user.posts_of("union_chair"))
    return (
        isinstance(pledge, Pledge)
        and pledge.user_id != user.pk
        and user.post_in(pledge.signing_unit_id, "union_chair") is not None
    )
