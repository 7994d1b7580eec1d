"""The second factor: set up, used, taken off, and reset by two people when it is lost. Secrets and codes are never
logged; django-otp slows down guessing and refuses a code that was used.
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from ledger import clock, events
from ledger.workflow import StepRefused
from units import activation, factors
from units.models import FactorReset, User

KIND = "units.user"
WRONG_CODE = "Mã chưa đúng hoặc đã qua thời gian. Chờ ứng dụng hiện mã mới rồi nhập lại."


@transaction.atomic
def check_code(*, user: User, typed: str) -> TOTPDevice | StaticDevice | None:
    """The device that accepts the code, which is then used up; None for every reason of refusal alike."""
    model = TOTPDevice if factors.is_app_code(typed) else StaticDevice
    device = model.objects.select_for_update(no_key=True).filter(user=user, confirmed=True).first()
    if device is None or not device.verify_token(factors.token_for(device, user, typed)):
        return None
    if isinstance(device, StaticDevice):
        _record("use_recovery_code", user, by=user, left=device.token_set.count())
    return device


@transaction.atomic
def enrol_factor(*, user: User, secret: str, code: str, by: User) -> tuple[TOTPDevice, list[str]]:
    """The new device and its recovery codes, told this once. Other sessions of the person end.

    Raises ValidationError when the code does not belong to the secret.
    """
    _lock(user)
    _forget(user)
    device = TOTPDevice(user=user, name="app", key=secret)
    if not (factors.is_app_code(code) and device.verify_token(factors.bare(code))):
        raise ValidationError(WRONG_CODE)
    codes = _give_recovery_codes(user)
    _end_sessions(user)
    _record("enrol_factor", user, by=by)
    return device, codes


@transaction.atomic
def renew_recovery_codes(*, user: User, by: User) -> list[str]:
    """Ten new ones; the old ones stop working. Raises StepRefused without a device."""
    _lock(user)
    if factors.device_of(user) is None:
        raise StepRefused("Chưa cài đặt xác thực hai bước nên chưa có mã dự phòng.")
    codes = _give_recovery_codes(user)
    _record("renew_recovery_codes", user, by=by)
    return codes


@transaction.atomic
def remove_factor(*, user: User, by: User) -> None:
    """By one's own choice. Other sessions of the person end. Raises StepRefused for Home Affairs."""
    _lock(user)
    if user.works_for_home_affairs:
        raise StepRefused("Tài khoản của Sở Nội vụ luôn phải có xác thực hai bước.")
    _forget(user)
    _end_sessions(user)
    _record("remove_factor", user, by=by)


@transaction.atomic
def ask_factor_reset(*, user: User, reason: str, by: User) -> FactorReset:
    """The first of two people. Raises StepRefused when there is nothing to reset or somebody has asked already."""
    _lock(user)
    if by.pk == user.pk:
        raise StepRefused("Không ai tự đề nghị đặt lại xác thực hai bước của chính mình.")
    if factors.device_of(user) is None:
        raise StepRefused(f"{user.full_name} chưa cài đặt xác thực hai bước.")
    earlier = FactorReset.objects.open().filter(user=user).select_related("asked_by").first()
    if earlier:
        moment = clock.local(earlier.asked_at)
        raise StepRefused(
            f"{earlier.asked_by.full_name} đã đề nghị lúc {moment:%H:%M} ngày {moment:%d/%m/%Y}."
        )
    reset = FactorReset.objects.create(user=user, reason=reason, asked_by=by)
    _record("ask_factor_reset", user, by=by, reason=reason)
    return reset


@transaction.atomic
def grant_factor_reset(*, reset: FactorReset, by: User) -> FactorReset:
    """The second of two people: device and recovery codes are gone, every session of the person ends."""
    reset = _open_reset(reset)
    if by.pk in {reset.asked_by_id, reset.user_id}:
        raise StepRefused("Cần một người khác của Sở Nội vụ, không phải người đề nghị, quyết định.")
    _lock(reset.user)
    _forget(reset.user)
    _end_sessions(reset.user)
    reset.granted_by, reset.granted_at = by, clock.now()
    reset.save(update_fields=["granted_by", "granted_at"])
    _record("grant_factor_reset", reset.user, by=by, asked_by=reset.asked_by.public_id)
    return reset


@transaction.atomic
def close_factor_reset(*, reset: FactorReset, by: User) -> FactorReset:
    """Refused by another, or taken back by the one who asked: the factor stays."""
    reset = _open_reset(reset)
    reset.closed_by, reset.closed_at = by, clock.now()
    reset.save(update_fields=["closed_by", "closed_at"])
    _record("close_factor_reset", reset.user, by=by, asked_by=reset.asked_by.public_id)
    return reset


@transaction.atomic
def give_demo_device(*, user: User, secret: str = "") -> TOTPDevice:
    """For people made up by `seed_demo` alone: `manage.py demo_code` tells their codes. `secret` in hexadecimal."""
    if not user.is_demo or settings.IN_PRODUCTION:
        raise StepRefused("Chỉ tài khoản minh họa mới có mã xác thực do lệnh cấp.")
    _forget(user)
    return TOTPDevice.objects.create(user=user, name="demo", key=secret or factors.new_secret())


def _lock(user: User) -> None:
    User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _open_reset(reset: FactorReset) -> FactorReset:
    locked = FactorReset.objects.select_for_update(of=("self",), no_key=True).select_related(
        "user", "asked_by"
    )
    reset = locked.get(pk=reset.pk)
    if reset.granted_by_id or reset.closed_by_id:
        raise StepRefused("Đề nghị này đã được quyết định.")
    return reset


def _forget(user: User) -> None:
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


def _give_recovery_codes(user: User) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="paper")
    codes = [factors.new_recovery_code() for _ in range(factors.RECOVERY_CODES)]
    digests = [factors.recovery_digests(user, code)[0] for code in codes]
    StaticToken.objects.bulk_create([StaticToken(device=device, token=digest) for digest in digests])
    return codes


def _end_sessions(user: User) -> None:
    activation.end_sessions(User.objects.filter(pk=user.pk))
    user.refresh_from_db(fields=["session_epoch"])


def _record(act: str, user: User, *, by: User, reason: str = "", **data) -> None:
    events.record(f"units.{act}", by=by, object_kind=KIND, object_id=user.public_id, data=data, reason=reason)
