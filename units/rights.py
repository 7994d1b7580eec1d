"""“Ai được làm gì ở đây, và vì sao”: the policy's own predicates asked about everyone with a post in or above a unit.

The table of permissions stands on the top floor, which enters here what each is called and on what it is asked.
"""

import copy
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from ledger.register import Register
from units.models import Appointment, Post, ProfessionalLine, Unit, User
from units.queries import ancestor_ids, in_force, remembering
from units.signing import MODES
from vietnamese.dates import short_date
from vietnamese.signing import SigningMode


@dataclass(frozen=True)
class Act:
    """A permission in plain words; `asked_on` makes from a unit what the predicate looks at (a plan of that unit)."""

    permission: str
    words: str
    asked_on: Callable[[Unit], Any] = lambda unit: unit


acts: Register[Act] = Register("acts")


@dataclass(frozen=True)
class Holder:
    """Somebody who may, and the posts because of which he may."""

    user: User
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Right:
    act: Act
    holders: list[Holder] = field(default_factory=list)


def here(unit: Unit, on: date) -> list[Right]:
    """Every act of the portal and who may do it to this unit's things that day; a few queries a post."""
    with remembering():
        path = ancestor_ids(unit.pk, on)
        # Whoever leads the agency of Home Affairs reaches everywhere, though his own post names no scope.
        offices = Post.objects.filter(kind=Post.Kind.HOME_AFFAIRS).values("unit")
        reaching = Q(post__unit_id__in=path) | Q(post__scope_id__in=path) | Q(post__unit__in=offices)
        held = _held(reaching, on)
        return [_right(act, unit, held) for _name, act in acts]


def of(user: User, on: date) -> list[tuple[Appointment, list[Act]]]:
    """The person's own posts and what each lets him do in its unit."""
    with remembering():
        return [
            (row, [act for _name, act in acts if _lets(row, act, row.post.scope or row.post.unit)])
            for row in _held(Q(user=user), on)
        ]


def _right(act: Act, unit: Unit, held: Iterable[Appointment]) -> Right:
    reasons: dict[int, list[str]] = {}
    people: dict[int, User] = {}
    for row in held:
        if _lets(row, act, unit):
            people[row.user_id] = row.user
            reasons.setdefault(row.user_id, []).append(because(row))
    holders = [Holder(people[key], tuple(words)) for key, words in reasons.items()]
    return Right(act, sorted(holders, key=lambda holder: holder.user.sort_key))


def _lets(row: Appointment, act: Act, unit: Unit) -> bool:
    """Whether this post alone gives the right: the person as he would be with no other."""
    alone = copy.copy(row.user)
    alone.__dict__["posts_today"] = [row.post]
    return alone.has_perm(act.permission, act.asked_on(unit))


def _held(which: Q, on: date) -> list[Appointment]:
    """Appointments in force with their posts as `User.posts_today` has them; one query."""
    rows = Appointment.objects.filter(which, in_force(on), user__is_active=True).annotate(
        at_home_affairs=Exists(Post.objects.filter(unit=OuterRef("post__unit"), kind=Post.Kind.HOME_AFFAIRS)),
        at_authority=Exists(ProfessionalLine.objects.filter(in_force(on), authority=OuterRef("post__unit"))),
    )
    found: list[Appointment] = list(rows.select_related("user", "post__unit", "post__scope").order_by("since", "pk"))
    for row in found:
        row.post.__dict__.update(
            appointment_id=row.pk,
            manner=row.manner,
            functions=row.functions,
            at_home_affairs=vars(row)["at_home_affairs"],
            at_authority=vars(row)["at_authority"],
        )
        row.user.__dict__["today"] = on
    return found


def because(row: Appointment) -> str:
    """“Giám đốc từ 01/07/2025”, “KT. Giám đốc theo QĐ 12/QĐ-SNV đến hết 31/12/2026”."""
    mode = MODES[row.manner]
    words = f"{mode} {row.post.title}" if mode != SigningMode.HEAD else row.post.title
    words = f"{words}, {row.post.unit.name}"
    if row.document:
        words += f", theo {row.document}"
    return f"{words}, {row.in_words}" if row.until else f"{words}, từ {short_date(row.since)}"
