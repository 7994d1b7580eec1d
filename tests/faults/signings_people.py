"""The people of the storm in the empty database of DATABASE_URL: `python -m tests.faults.signings_people PEOPLE`.

A head and his people in each of eight units, without unions. Writes to standard output, as JSON, each unit's sessions:
of the head and of everybody who is to sign.
"""

import json
import sys
from importlib import import_module

import django

django.setup()

from django.conf import settings  # noqa: E402 - needs the settings
from django.db import transaction  # noqa: E402

from documents.seal_keys import make_own_key  # noqa: E402
from ledger import clock  # noqa: E402
from tests.factories import SINCE, appoint, make_campaign, make_unit, make_user, person, place  # noqa: E402
from units import proof, sessions  # noqa: E402
from units.models import Category, Employment, Unit, User  # noqa: E402

UNITS = 8


def session_of(user: User) -> str:
    """Of a person who came in and gave his password a moment ago."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session["_auth_user_backend"] = "namkhong.authentication.PasswordBackend"
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session[proof.SESSION_KEY], session[sessions.FACTOR_DUE] = clock.now().isoformat(), False
    session[sessions.POSTS] = sessions.held_by(User.objects.get(pk=user.pk))
    session.save()
    return str(session.session_key)


def unit_of(number: int, root: Unit, people: int) -> dict:
    unit = make_unit(f"Sở Thử nghiệm {number}")
    place(unit, root)
    head = person(f"Lê Văn Trưởng {number}", unit, Category.CONG_CHUC, ("head", "Giám đốc"))
    first = make_user(f"Nguyễn Thị Một {number}")
    rows = [
        User(
            full_name=f"Trần Văn {number}-{at}", username=f"S{number}{at:05d}", password=first.password
        ).fill_keys()
        for at in range(people)
    ]
    signers = User.objects.bulk_create(rows)
    Employment.objects.bulk_create(
        Employment(user=user, unit=unit, category=Category.CONG_CHUC, since=SINCE) for user in signers
    )
    return {
        "head": session_of(head),
        "signers": {user.username: session_of(user) for user in signers},
    }


def main() -> None:
    people = int(sys.argv[1])
    make_own_key()
    with transaction.atomic():
        make_campaign()
        root = make_unit("UBND thành phố Huế", kind=Unit.Kind.PROVINCE)
        place(root, None)
        above = make_user("Nguyễn Văn Phương")
        appoint(above, root, "head", "Chủ tịch UBND thành phố")
        units = [unit_of(number, root, people // UNITS) for number in range(1, UNITS + 1)]
    json.dump(units, sys.stdout)


if __name__ == "__main__":
    main()
