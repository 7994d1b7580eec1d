"""Real rows for tests, made by plain functions. Everything holds since 2024 unless told otherwise."""

from datetime import date
from functools import cache
from itertools import count
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.core.management import call_command

from campaigns.models import Campaign
from tests.snapshot import Snapshot
from units.models import Appointment, BaseUnion, Category, Employment, Placement, Post, Unit, User

ROOT = Path(__file__).resolve().parent.parent
SINCE = date(2024, 1, 1)
PASSWORD = "cầu-Trường-Tiền-sáu-vài"
_numbers = count(1)


def make_unit(name: str, *, kind: str = Unit.Kind.SPECIALISED, since: date = SINCE, **fields) -> Unit:
    fields.setdefault("source_key", f"test:{next(_numbers)}")
    return Unit.objects.create(name=name, kind=kind, since=since, **fields)


def place(unit: Unit, parent: Unit | None, *, since: date = SINCE, own: bool = True, **fields) -> Placement:
    """`own`: the unit bears plan and report itself and issues papers of its own."""
    duty = Placement.Duty.OWN if own else Placement.Duty.WITHIN_PARENT
    fields = {"plan_duty": duty, "report_duty": duty, "own_papers": own} | fields
    return Placement.objects.create(unit=unit, parent=parent, since=since, **fields)


def make_user(full_name: str, **fields) -> User:
    fields.setdefault("username", f"H{next(_numbers):05d}")
    user = User(full_name=full_name, **fields)
    user.password = _hashed_password()
    user.save()
    return user


@cache
def _hashed_password() -> str:
    """Hashed once a run: a whole cast hashed anew for every test would take most of its time."""
    return make_password(PASSWORD)


def employ(
    user: User, unit: Unit, category: str = Category.CONG_CHUC, *, since: date = SINCE, until=None
) -> Employment:
    return Employment.objects.create(user=user, unit=unit, category=category, since=since, until=until)


def appoint(
    user: User,
    unit: Unit,
    kind: str,
    title: str,
    *,
    since: date = SINCE,
    until=None,
    scope: Unit | None = None,
) -> Appointment:
    post, _ = Post.objects.get_or_create(unit=unit, kind=kind, title=title, defaults={"scope": scope})
    return Appointment.objects.create(post=post, user=user, since=since, until=until)


def make_union(unit: Unit, *, since: date = SINCE, until: date | None = None) -> BaseUnion:
    return BaseUnion.objects.create(unit=unit, name=f"Công đoàn cơ sở {unit.name}", since=since, until=until)


def person(
    full_name: str, unit: Unit, category: str = Category.CONG_CHUC, post: tuple[str, str] | None = None
) -> User:
    """Someone employed in a unit, with a post there if given as (kind, title)."""
    user = make_user(full_name)
    employ(user, unit, category)
    if post:
        appoint(user, unit, *post)
    return user


def make_campaign() -> Campaign:
    _load_decision()
    return Campaign.objects.get(code="2607")


@Snapshot
def _load_decision() -> None:
    call_command("load_campaign", ROOT / "data/campaigns/2607.toml", verbosity=0)
