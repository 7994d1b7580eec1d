"""Accounts without e-mail or telephone: one-time codes on slips, then one's own password (rule R36)."""

from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from ledger import clock, events
from ledger.public_id import new_public_id
from ledger.workflow import StepRefused
from units.models import ActivationCode, Employment, Unit, User
from units.queries import in_force

CODE_LIVES = timedelta(days=30)


@transaction.atomic
def issue_codes(*, users: list[User], unit: Unit, by: User | None) -> int:
    """New one-time codes for people who have no password yet; the old code of the same person stops working."""
    waiting = [user for user in users if not user.has_usable_password()]
    ActivationCode.objects.filter(user__in=waiting).delete()
    expires = clock.now() + CODE_LIVES
    ActivationCode.objects.bulk_create(
        [ActivationCode(user=user, nonce=new_public_id(), expires_at=expires) for user in waiting]
    )
    events.record(
        "units.issue_codes",
        by=by,
        object_kind="units.unit",
        object_id=unit.public_id,
        unit_id=unit.public_id,
        data={"people": len(waiting)},
    )
    return len(waiting)


@transaction.atomic
def renew_code(*, user: User, by: User) -> Employment:
    """For a lost password. The old password and every open session of the person end at once."""
    employment = Employment.objects.filter(in_force(clock.today()), user=user).select_related("unit").first()
    if employment is None:
        raise StepRefused(f"{user.full_name} hiện không thuộc đơn vị nào.")
    _lock(user)
    user.set_unusable_password()
    user.save(update_fields=["password"])
    events.record("units.renew_code", by=by, object_kind="units.user", object_id=user.public_id)
    issue_codes(users=[user], unit=employment.unit, by=by)
    return employment


@transaction.atomic
def activate(*, user: User, password: str) -> User:
    """Use up the one-time code and set the first password. Raises ValidationError when the password is too weak."""
    _lock(user)
    row = ActivationCode.objects.filter(user=user).first()
    if row is None:
        raise StepRefused("Mã kích hoạt này đã được dùng.")
    validate_password(password, user)
    row.delete()
    user.set_password(password)
    user.save(update_fields=["password"])
    events.record("units.activate", by=user, object_kind="units.user", object_id=user.public_id)
    return user


def _lock(user: User) -> None:
    """Before his codes, as everybody takes them: also who appoints him voids his slip."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)


@transaction.atomic
def change_password(*, user: User, password: str, by: User) -> User:
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    events.record("units.change_password", by=by, object_kind="units.user", object_id=user.public_id)
    return user
