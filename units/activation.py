"""One-time codes on the unit's slips: 60 random bits, worked out from a stored nonce and the portal's key."""

import hashlib
import hmac

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db.models import F, QuerySet

from units.models import ActivationCode, User

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS, GROUP = 3, 4


def code_of(user_public_id: str, nonce: str) -> str:
    """Such as “7KQM-2HXR-94TB”: letters and digits that are not taken for one another."""
    mac = hmac.new(
        settings.SECRET_KEY.encode(), f"activation:{user_public_id}:{nonce}".encode(), hashlib.sha256
    )
    number = int.from_bytes(mac.digest(), "big")
    letters = []
    for _ in range(GROUPS * GROUP):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    return "-".join("".join(letters[start : start + GROUP]) for start in range(0, GROUPS * GROUP, GROUP))


def same_code(typed: str, code: str) -> bool:
    """Compares without regard to case, spaces and dashes, in constant time."""
    kept = "".join(letter for letter in typed.upper() if letter.isalnum())
    return hmac.compare_digest(kept.encode(), code.replace("-", "").encode())


def void_slip(user: User) -> None:
    """A slip issued before has been in the hands of people who may not open the account of one who signs for others."""
    ActivationCode.objects.filter(user=user).delete()


def end_sessions(users: QuerySet[User]) -> None:
    """Every session of these people, at its next request."""
    users.update(session_epoch=F("session_epoch") + 1)


def close_accounts(users: QuerySet[User]) -> None:
    """Closed to the old password, to slips and to sessions, until a new slip opens them."""
    keys = list(users.values_list("pk", flat=True))
    if not keys:
        return
    people = User.objects.filter(pk__in=keys)
    ActivationCode.objects.filter(user__in=people).delete()
    people.update(password=make_password(None))
    end_sessions(people)
