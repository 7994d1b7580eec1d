"""The second factor (rule R36): codes of an app on the person's telephone (TOTP, RFC 6238), recovery codes on paper.

django-otp keeps the devices. Codes follow the telephone's clock, not `ledger.clock`: a drill that moves the portal's
clock must not lock people out.
"""

import base64
import hashlib
import hmac
import secrets
from typing import Any

from django.conf import settings
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

from units.activation import ALPHABET
from units.models import User

RECOVERY_CODES = 10
FEW_LEFT = 3
DIGITS = 6
GROUPS, GROUP = 3, 4


def device_of(user: User) -> TOTPDevice | None:
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def codes_left(user: User) -> int:
    return StaticToken.objects.filter(device__user=user, device__confirmed=True).count()


def has_few_codes(user: User) -> bool:
    """Fewer than three are left of those given out; nobody is warned who never had any."""
    return StaticDevice.objects.filter(user=user).exists() and codes_left(user) < FEW_LEFT


def new_secret() -> str:
    """160 random bits, in hexadecimal as django-otp stores them."""
    return random_hex(20)


def typed_secret(secret: str) -> str:
    """What a person types who cannot photograph the code: base32 in groups of four."""
    letters = base64.b32encode(bytes.fromhex(secret)).decode()
    return " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def otpauth_address(user: User, secret: str) -> str:
    return TOTPDevice(user=user, key=secret).config_url


def new_recovery_code() -> str:
    """Such as “7KQM-2HXR-94TB”: 58 random bits."""
    letters = [secrets.choice(ALPHABET) for _ in range(GROUPS * GROUP)]
    return "-".join("".join(letters[at : at + GROUP]) for at in range(0, len(letters), GROUP))


def bare(typed: str) -> str:
    """Without the spaces and dashes by which people read codes."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def is_app_code(typed: str) -> bool:
    kept = bare(typed)
    return len(kept) == DIGITS and kept.isdecimal()


def recovery_digests(user: User, code: str) -> list[str]:
    """What the database holds instead of the code, under the portal's key and under older keys still accepted."""
    message = f"recovery:{user.public_id}:{bare(code)}".encode()
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    macs = [hmac.new(key.encode(), message, hashlib.sha256).digest() for key in keys]
    return [base64.b32encode(mac[:10]).decode() for mac in macs]


def token_for(device: TOTPDevice | StaticDevice, user: User, typed: str) -> str:
    """What `device.verify_token` is asked: the app's code itself, or the stored digest of a recovery code."""
    if isinstance(device, TOTPDevice):
        return bare(typed)
    known = recovery_digests(user, typed)
    found: Any = device.token_set.filter(token__in=known).first()
    return found.token if found else known[0]


def code_to_give(device: TOTPDevice) -> tuple[str, int]:
    """A code that the device would accept now, and the seconds to wait for it (0 unless two were just used)."""
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    now = totp.t()
    wanted = max(now, device.last_t + 1)
    totp.drift += wanted - now
    ahead = wanted - now - device.tolerance
    return f"{totp.token():0{device.digits}}", max(0, ahead * device.step)
