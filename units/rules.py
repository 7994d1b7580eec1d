"""Predicates over posts held today, of which namkhong/permissions.py builds the policy (rules R18, R21, R22).

`obj` is a row with `unit` (or a Unit itself); a predicate that needs one is false without it.
"""

from typing import Any

import rules

from units.models import Post, Unit, User
from units.queries import GUARDED_POSTS, ancestor_ids


def _unit_id(obj: Any) -> int | None:
    return obj.pk if isinstance(obj, Unit) else getattr(obj, "unit_id", None)


@rules.predicate
def is_home_affairs(user: User, obj: Any = None) -> bool:
    return user.works_for_home_affairs


@rules.predicate
def is_leadership(user: User, obj: Any = None) -> bool:
    return bool(user.posts_of(Post.Kind.LEADERSHIP, Post.Kind.STANDING_COMMITTEE))


@rules.predicate
def is_a_head(user: User, obj: Any = None) -> bool:
    return bool(user.posts_of(Post.Kind.HEAD))


@rules.predicate
def heads_its_unit(user: User, obj: Any = None) -> bool:
    unit_id = _unit_id(obj)
    return unit_id is not None and user.post_in(unit_id, Post.Kind.HEAD) is not None


@rules.predicate
def clerks_its_unit(user: User, obj: Any = None) -> bool:
    unit_id = _unit_id(obj)
    return unit_id is not None and user.post_in(unit_id, Post.Kind.CLERK) is not None


@rules.predicate
def heads_a_unit_above(user: User, obj: Any = None) -> bool:
    """Head of a unit at or above the object's unit today."""
    return _unit_id(obj) in user.units_in_charge(Post.Kind.HEAD)


@rules.predicate
def in_charge_above(user: User, obj: Any = None) -> bool:
    """Head or clerk of a unit at or above the object's unit today."""
    return _unit_id(obj) in user.units_in_charge()


@rules.predicate
def is_a_clerk(user: User, obj: Any = None) -> bool:
    return bool(user.posts_of(Post.Kind.CLERK))


@rules.predicate
def holds_a_post(user: User, obj: Any = None) -> bool:
    return bool(user.posts_today)


@rules.predicate
def heads_the_parent(user: User, obj: Any = None) -> bool:
    """Head of a unit strictly above the object's unit today: below the first level the parent chooses the duties."""
    unit_id = _unit_id(obj)
    if unit_id is None:
        return False
    return any(user.post_in(above, Post.Kind.HEAD) for above in ancestor_ids(unit_id, user.today)[1:])


@rules.predicate
def may_renew_code(user: User, person: Any = None) -> bool:
    """Home Affairs for anyone else; a head or clerk for people in charge who sign for nobody (see GUARDED_POSTS)."""
    if not isinstance(person, User) or person.pk == user.pk:
        return False
    if user.works_for_home_affairs:
        return True
    guarded = User.objects.filter(pk=person.pk).without_posts(*GUARDED_POSTS, on=user.today)
    return bool(user.units_in_charge()) and guarded.exists()
