"""What a person is called and by which code the portal knows him."""

from django.db import transaction

from ledger import events
from ledger.workflow import Correctable, StepRefused
from units.locks import changes_organisation
from units.models import Unit, User

# A person without a personnel code gets one from the portal: two letters that no personnel system uses, six figures.
PORTAL_PREFIX, PORTAL_FIGURES = "NK", 6


@changes_organisation
def rename_person(*, user: User, full_name: str, by: User | None) -> User:
    """A corrected or changed name. What was signed keeps the name it was signed with."""
    user.refresh_from_db(fields=["full_name"])
    before = user.full_name
    if full_name == before:
        return user
    user.full_name = full_name
    user.save(update_fields=["full_name", "search_key", "sort_key"])
    _record_naming("units.rename_person", user, by, before=before, after=full_name)
    return user


@changes_organisation
def retitle_person(*, user: User, job_title: str, by: User | None) -> User:
    user.refresh_from_db(fields=["job_title"])
    before = user.job_title
    if job_title == before:
        return user
    user.job_title = job_title
    user.save(update_fields=["job_title"])
    _record_naming("units.retitle_person", user, by, before=before, after=job_title)
    return user


@transaction.atomic
def change_email(*, user: User, email: str, by: User | None) -> User:
    """Where the person's letters go; “” for none. The log says that it changed, not to what."""
    if email == user.email:
        return user
    user.email = email
    user.save(update_fields=["email"])
    _record_naming("units.change_email", user, by)
    return user


def _record_naming(kind: str, user: User, by: User | None, **words: str) -> None:
    events.record(kind, by=by, object_kind="units.user", object_id=user.public_id, **words)


@transaction.atomic
def give_codes(*, count: int) -> list[str]:
    """That many unused codes of the portal, for people whom no personnel system has numbered.

    The root's row is the lock: two clerks who add people at once get different codes. The codes are taken by the rows
    written in the same transaction.
    """
    Unit.objects.select_for_update(no_key=True).filter(kind=Unit.Kind.PROVINCE).order_by("pk").first()
    pattern = rf"^{PORTAL_PREFIX}[0-9]{{{PORTAL_FIGURES}}}$"
    last = User.objects.filter(username__regex=pattern).order_by("-username").first()
    first = int(last.username.removeprefix(PORTAL_PREFIX)) + 1 if last else 1
    if first + count > 10**PORTAL_FIGURES:
        raise StepRefused("Cổng đã cấp hết mã số cán bộ; báo quản trị hệ thống.")
    return [f"{PORTAL_PREFIX}{number:0{PORTAL_FIGURES}}" for number in range(first, first + count)]


@changes_organisation
def give_code(*, user: User, username: str = "", by: User | None) -> User:
    """The person's code from now on: his own from the personnel office, or one of the portal where he has none.

    Only a code of the portal may be replaced: a personnel code is the identity by which rosters know a person.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if user.username and not user.code_from_portal:
        raise StepRefused(f"{user.full_name} đã có mã số cán bộ {user.username}.")
    taken = User.objects.filter(username=username).exclude(pk=user.pk).first() if username else None
    if taken:
        raise Correctable(f"Mã {username} đã là của {taken.full_name}.", "username")
    before = user.username
    user.code_from_portal = not username
    user.username = username or give_codes(count=1)[0]
    user.save(update_fields=["username", "code_from_portal"])
    events.record(
        "units.give_code",
        by=by,
        object_kind="units.user",
        object_id=user.public_id,
        data={"before": before, "after": user.username},
    )
    return user
