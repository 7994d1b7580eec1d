"""Predicates over posts held today, of which namkhong/permissions.py builds the policy (rules R18, R21, R22).

`obj` is a row with `unit` (or a Unit itself); a predicate that needs one is false without it.
"""

from typing import Any

import rules

from units.models import Appointment, Post, Unit, User
from units.queries import ancestor_ids, in_force, once

# Posts whose rights reach over all units, whichever unit they stand in.
WHOLE_PROVINCE = (Post.Kind.HOME_AFFAIRS, Post.Kind.LEADERSHIP, Post.Kind.STANDING_COMMITTEE)


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
    """Home Affairs for anyone else; a head or clerk for people in charge who sign for nobody (see GUARDED_POSTS) and
    are clerks only of units in charge.
    """
    if not isinstance(person, User) or person.pk == user.pk:
        return False
    if user.works_for_home_affairs:
        return True
    in_charge = user.units_in_charge()
    return bool(in_charge) and User.objects.filter(pk=person.pk).with_codes_given_by(user).exists()


def occupied(user: User, *kinds: str) -> list[Post]:
    """Posts that the person himself holds, acts in or is in charge of: a substitute passes nothing on."""
    return [post for post in user.posts_of(*kinds) if vars(post)["manner"] in Appointment.OCCUPYING]


@rules.predicate
def leads_home_affairs(user: User, obj: Any = None) -> bool:
    """Head or deputy of the agency of Home Affairs; while that agency has no head, its officials."""
    leading = occupied(user, Post.Kind.HEAD, Post.Kind.DEPUTY)
    if any(vars(post)["at_home_affairs"] for post in leading):
        return True
    offices = {post.unit_id for post in occupied(user, Post.Kind.HOME_AFFAIRS)}
    if not offices:
        return False
    heads = Appointment.objects.filter(
        in_force(user.today), post__unit_id__in=offices, post__kind=Post.Kind.HEAD
    )
    return not once(("headed", *sorted(offices), user.today), heads.exists)


@rules.predicate
def may_give(user: User, obj: Any = None) -> bool:
    """Who gives this post, and takes it back (`obj`: a Post or an Appointment; without one: any post at all).

    Posts that reach over the province, and those that lead Home Affairs: the leaders of Home Affairs. Inspectors:
    Home Affairs. A head and a union chair: Home Affairs or a head above, never the unit's own. Deputies and clerks:
    the unit's head too.
    """
    post = obj.post if isinstance(obj, Appointment) else obj
    if not isinstance(post, Post):
        return user.works_for_home_affairs or bool(occupied(user, Post.Kind.HEAD))
    leads = (Post.Kind.HEAD, Post.Kind.DEPUTY)
    if post.kind in WHOLE_PROVINCE or (post.kind in leads and _is_home_affairs(post.unit_id)):
        return leads_home_affairs(user)
    if user.works_for_home_affairs:
        return True
    if post.kind == Post.Kind.INSPECTOR:
        return False
    headed = {held.unit_id for held in occupied(user, Post.Kind.HEAD)}
    above = ancestor_ids(post.unit_id, user.today)
    own = above[:1] if post.kind in (Post.Kind.DEPUTY, Post.Kind.CLERK) else []
    return not headed.isdisjoint([*own, *above[1:]])


def _is_home_affairs(unit_id: int) -> bool:
    office = Post.objects.filter(unit_id=unit_id, kind=Post.Kind.HOME_AFFAIRS)
    return bool(once(("is home affairs", unit_id), office.exists))


@rules.predicate
def may_substitute(user: User, obj: Any = None) -> bool:
    """Who says that another acts for the head: whoever occupies the post, and who gives it."""
    post = obj.post if isinstance(obj, Appointment) else obj
    own = {held.unit_id for held in occupied(user, Post.Kind.HEAD)}
    if isinstance(post, Post) and post.kind == Post.Kind.HEAD and post.unit_id in own:
        return True
    return may_give(user, post)


@rules.predicate
def may_end(user: User, obj: Any = None) -> bool:
    """Who ends an appointment: never the person's own; a substitute's also by whoever the substitute acts for."""
    if not isinstance(obj, Appointment):
        return may_give(user, obj)
    if obj.user_id == user.pk:
        return False
    is_substitute = obj.manner not in Appointment.OCCUPYING
    return may_substitute(user, obj) if is_substitute else may_give(user, obj)


@rules.predicate
def keeps_the_person(user: User, obj: Any = None) -> bool:
    """Home Affairs, or head or clerk at or above the unit where the person works today; never for oneself."""
    if not isinstance(obj, User):
        return False
    if obj.pk == user.pk:
        return False
    if user.works_for_home_affairs:
        return True
    units = user.units_in_charge()
    return bool(units) and obj.employments.filter(in_force(user.today), unit_id__in=units).exists()


@rules.predicate
def is_another(user: User, obj: Any = None) -> bool:
    return isinstance(obj, User) and obj.pk != user.pk


@rules.predicate
def may_ask_factor_reset(user: User, person: Any = None) -> bool:
    """Home Affairs for anyone else."""
    return isinstance(person, User) and person.pk != user.pk and user.works_for_home_affairs


@rules.predicate
def may_decide_factor_reset(user: User, reset: Any = None) -> bool:
    """Home Affairs, but never the person himself; that it takes two people the service and the database hold."""
    return getattr(reset, "user_id", user.pk) != user.pk and user.works_for_home_affairs


@rules.predicate
def may_change_person(user: User, obj: Any = None) -> bool:
    """Who writes down that a person moves, leaves or is away: who keeps him on a roster, and for one with posts only
    who could take every one of them back. A clerk does not excuse or dismiss his head.
    """
    if not keeps_the_person.test(user, obj):
        return False
    held = Appointment.objects.filter(in_force(user.today), user=obj).select_related("post")
    return all(may_give.test(user, row) for row in held)
