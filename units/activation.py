"""One-time codes on the unit's slips: 60 random bits, worked out from a stored nonce and the portal's key."""

import hashlib
import hmac

from django.conf import settings

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
