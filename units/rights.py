"""“Ai được làm gì ở đây, và vì sao”: the policy's own predicates asked about everyone with a post in or above a unit.

The table of permissions stands on the top floor, which enters here what each is called and on what it is asked.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from ledger.register import Register
from units.models import Appointment, Post, ProfessionalLine, Unit, User
from units.queries import ancestor_ids, in_force, remembering
from units.signing import MODES


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
    """An act and the appointments each of which alone lets its person do it."""

    act: Act
    rows: list[Appointment]

    @property
    def holders(self) -> list[Holder]:
        people = {row.user_id: row.user for row in self.rows}
        found = [
            Holder(user, tuple(because(row) for row in self.rows if row.user_id == key))
            for key, user in people.items()
        ]
        return sorted(found, key=lambda holder: holder.user.sort_key)

    @property
    def by_unit(self) -> list[tuple[Unit, list[tuple[User, str]]]]:
        """For the page: unit by unit, each person with why, so that the six of Sở Nội vụ are one line to open."""
        units = {row.post.unit_id: row.post.unit for row in self.rows}
        return [
            (
                unit,
                [(row.user, because(row, with_unit=False)) for row in self.rows if row.post.unit_id == key],
            )
            for key, unit in units.items()
        ]


def here(unit: Unit, on: date) -> list[Right]:
    """Every act of the portal and who may do it to this unit's things that day; a few queries a post."""
    with remembering():
        path = ancestor_ids(unit.pk, on)
        # Whoever leads the agency of Home Affairs reaches everywhere, though his own post names no scope.
        offices = Post.objects.filter(kind=Post.Kind.HOME_AFFAIRS).values("unit")
        reaching = Q(post__unit_id__in=path) | Q(post__scope_id__in=path) | Q(post__unit__in=offices)
        held = _held(reaching, on)
        held.sort(key=lambda row: path.index(row.post.unit_id) if row.post.unit_id in path else len(path))
        return [Right(act, [row for row in held if _lets(row, act, unit)]) for _name, act in acts]


def of(user: User, on: date) -> list[tuple[Appointment, list[Act]]]:
    """The person's own posts and what each lets him do in its unit."""
    with remembering():
        return [
            (row, [act for _name, act in acts if _lets(row, act, row.post.scope or row.post.unit)])
            for row in _held(Q(user=user), on)
        ]


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
    found: list[Appointment] = list(
        rows.select_related("user", "post__unit", "post__scope").order_by("since", "pk")
    )
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


def because(row: Appointment, *, with_unit: bool = True) -> str:
    """“Giám đốc từ 01/07/2025”, “KT. Giám đốc, theo QĐ 12/QĐ-SNV, từ 01/07/2026 đến hết 31/12/2026”."""
    words = [f"{MODES[row.manner]} {row.post.title}".strip()]
    if with_unit:
        words.append(row.post.unit.name)
    if row.document:
        words.append(f"theo {row.document}")
    return f"{', '.join(words)}, {row.in_words}" if len(words) > 1 else f"{words[0]} {row.in_words}"
