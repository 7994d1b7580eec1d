"""The code printed on a paper that no agency signs (rule R28), and what the portal answers to it."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Case, When
from django.urls import reverse

from documents.copies import Copy
from documents.models import Paper
from units.models import Unit

# Crockford's base 32: no I, L, O, U, so nothing on paper is read as something else. 20 of them hold 100 bits.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, GROUP = 20, 5
_MISREAD = str.maketrans("ILO", "110")


@dataclass(frozen=True)
class CheckAnswer:
    """What anybody may know of a paper: no name of a person (law 91/2025/QH15)."""

    code: str
    kind_label: str
    unit_name: str
    created_at: datetime
    state: str
    sha256: str
    pages: int
    is_demo: bool
    matches: bool = True


def new_check_code() -> str:
    """“7K3WQ-P5M2X-9HJTR-4DBNC”, from the system's random source."""
    return _grouped("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))


def canonical_code(typed: str) -> str:
    """The code as it is stored, however it was typed; empty when it cannot be one."""
    letters = re.sub(r"[\s\-–—._/]", "", typed).upper().translate(_MISREAD)
    if len(letters) != LENGTH or set(letters) - set(ALPHABET):
        return ""
    return _grouped(letters)


def check_address(code: str) -> str:
    """The absolute address that answers for `code`: printed as QR."""
    return settings.BASE_URL + reverse("documents:check", args=[code])


def look_up(typed: str) -> CheckAnswer | None:
    """What the portal knows of the paper with this code; None when it knows none."""
    code = canonical_code(typed)
    return _answer(Paper.objects.filter(check_code=code).first()) if code else None


def look_up_copy(copy: Copy) -> CheckAnswer | None:
    """What the portal knows of this very file, or of the paper that it once was.

    `matches` is false for the latter: it carries the code of a paper of ours and is not what we stored. None for a file
    that has nothing to do with us.
    """
    same = Paper.objects.filter(sha256=copy.sha256).order_by(_VALID_FIRST, "-pk").first()
    if same is not None:
        return _answer(same)
    if not (codes := copy.codes()):
        return None
    return _answer(Paper.objects.filter(check_code__in=codes).order_by("pk").first(), matches=False)


# Equal bytes may have been stored for two objects: the one that still counts answers.
_VALID_FIRST = Case(When(state=Paper.State.VALID, then=0), default=1)


def _answer(paper: Paper | None, *, matches: bool = True) -> CheckAnswer | None:
    if paper is None:
        return None
    unit_name = Unit.objects.filter(public_id=paper.unit_id).values_list("name", flat=True).first()
    return CheckAnswer(
        code=paper.check_code or "",
        kind_label=paper.get_kind_display(),
        unit_name=unit_name or "",
        created_at=paper.created_at,
        state=paper.state,
        sha256=paper.sha256,
        pages=paper.pages,
        is_demo=paper.is_demo,
        matches=matches,
    )


def _grouped(letters: str) -> str:
    return "-".join(letters[at : at + GROUP] for at in range(0, LENGTH, GROUP))
