"""Slips with one-time codes: whose a person may hand out, and what stands on them. The code itself is worked out."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import F, QuerySet

from ledger import clock
from units import activation
from units.models import ActivationCode, Unit, User
from units.queries import in_force, remembering, subtree_ids


@dataclass(frozen=True)
class Slip:
    user: User
    unit_name: str
    code: str
    expires_at: datetime


@dataclass(frozen=True)
class Waiting:
    """People without a password: those whose slip is good, those whose slip ran out, those who never had one."""

    live: list[Slip]
    expired: list[User]
    without: list[User]

    @property
    def to_issue(self) -> list[User]:
        return [*self.expired, *self.without]


def waiting(unit: Unit, by: User) -> Waiting:
    """Of the unit and all below it; those who sign for others only where Home Affairs looks. Three queries."""
    found = Waiting([], [], [])
    for user in _people(unit, by):
        row: ActivationCode | None = getattr(user, "activation", None)
        if row is None:
            found.without.append(user)
        elif row.expires_at <= clock.now():
            found.expired.append(user)
        else:
            code = activation.code_of(user.public_id, row.nonce)
            found.live.append(Slip(user, vars(user)["unit_name"], code, row.expires_at))
    return found


def _people(unit: Unit, by: User) -> QuerySet:
    on = clock.today()
    with remembering():
        # Both ask which units are in charge.
        people = User.objects.visible_to(by).with_codes_given_by(by)
    people = people.filter(
        in_force(on, "employments__"),
        employments__unit_id__in=subtree_ids([unit.pk], on),
        is_active=True,
        password__startswith=UNUSABLE_PASSWORD_PREFIX,
    )
    named = people.annotate(
        unit_name=F("employments__unit__name"), unit_order=F("employments__unit__sort_key")
    )
    return named.select_related("activation").order_by("unit_order", "sort_key")
