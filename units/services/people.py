"""Who works where and who holds which post."""

from datetime import date

from django.db import transaction
from django.db.models import Q

from ledger import events
from ledger.workflow import StepRefused
from units.models import Appointment, Employment, Post, Unit, User

# Posts whose rights reach over all units, whichever unit they stand in.
WHOLE_PROVINCE = (Post.Kind.HOME_AFFAIRS, Post.Kind.LEADERSHIP, Post.Kind.STANDING_COMMITTEE)


def _overlapping(rows, since: date, until: date | None):
    rows = rows.filter(Q(until__isnull=True) | Q(until__gt=since))
    return rows.filter(since__lt=until) if until else rows


@transaction.atomic
def employ(
    *, user: User, unit: Unit, category: str, since: date, until: date | None = None, by: User | None
) -> Employment:
    """Raises StepRefused naming the other employment when the person already works somewhere in that period."""
    User.objects.select_for_update().get(pk=user.pk)
    other = _overlapping(Employment.objects.filter(user=user), since, until).select_related("unit").first()
    if other:
        raise StepRefused(f"{user.full_name} đang thuộc {other.unit.name} từ {other.since:%d/%m/%Y}.")
    row = Employment.objects.create(user=user, unit=unit, category=category, since=since, until=until)
    events.record(
        "units.employ",
        by=by,
        object_kind="units.user",
        object_id=user.public_id,
        unit_id=unit.public_id,
        data={"category": category, "since": since.isoformat()},
    )
    return row


@transaction.atomic
def appoint(
    *, post: Post, user: User, since: date, until: date | None = None, by: User | None
) -> Appointment:
    """Raises StepRefused when the post of a head is already held in that period."""
    Post.objects.select_for_update().get(pk=post.pk)
    rows = Appointment.objects.filter(post=post)
    same = rows if post.kind == Post.Kind.HEAD else rows.filter(user=user)
    other = _overlapping(same, since, until).select_related("user").first()
    if other:
        raise StepRefused(f"{other.user.full_name} đang giữ chức vụ {post.title} từ {other.since:%d/%m/%Y}.")
    row = Appointment.objects.create(post=post, user=user, since=since, until=until)
    events.record(
        "units.appoint",
        by=by,
        object_kind="units.post",
        object_id=post.public_id,
        unit_id=post.unit.public_id,
        data={"user": user.public_id, "since": since.isoformat()},
    )
    return row


@transaction.atomic
def add_person(
    *,
    unit: Unit,
    full_name: str,
    username: str,
    job_title: str,
    category: str,
    since: date,
    post_kind: str,
    by: User,
) -> User:
    """A new person of a unit, with a post there if `post_kind` names one. Raises StepRefused as `appoint` does."""
    user = User(username=username, full_name=full_name, job_title=job_title)
    user.set_unusable_password()
    user.save()
    employ(user=user, unit=unit, category=category, since=since, by=by)
    if post_kind:
        appoint(post=_post_of(unit, post_kind), user=user, since=since, by=by)
    return user


def _post_of(unit: Unit, kind: str) -> Post:
    """The unit's post of that kind, as it is called there; made under its general name when the unit has none yet."""
    found = Post.objects.filter(unit=unit, kind=kind).order_by("pk").first()
    if found:
        return found
    root = Unit.objects.filter(kind=Unit.Kind.PROVINCE, until__isnull=True).first()
    scope = root if kind in WHOLE_PROVINCE else None
    return Post.objects.create(unit=unit, kind=kind, title=Post.Kind(kind).label, scope=scope)
