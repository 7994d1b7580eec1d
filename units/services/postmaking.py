"""Which posts a unit has: made and named. Who holds them stands in `posts`."""

from ledger import clock, events
from ledger.workflow import Correctable, StepRefused
from units import rules
from units.locks import changes_organisation
from units.models import Post, Unit, User
from units.rules import WHOLE_PROVINCE
from vietnamese.dates import short_date

Kind = Post.Kind


@changes_organisation
def create_post(*, unit: Unit, kind: str, title: str, scope: Unit | None = None, by: User | None) -> Post:
    """A post of the unit; those of Home Affairs, the leadership and the Standing Committee reach the whole province."""
    unit = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    if unit.until and unit.until <= clock.today():
        raise StepRefused(f"{unit.name} đã kết thúc hoạt động từ {short_date(unit.until)}.")
    if kind == Kind.HEAD and unit.posts.filter(kind=kind).exists():
        raise Correctable(f"{unit.name} đã có chức vụ người đứng đầu.", "kind")
    if unit.posts.filter(kind=kind, title=title).exists():
        raise Correctable(f"{unit.name} đã có chức vụ {title}.", "title")
    if by and not rules.may_give(by, Post(unit=unit, kind=kind, title=title)):
        raise Correctable(f"Ông/bà không lập được chức vụ loại này tại {unit.name}.", "kind")
    post = Post.objects.create(
        unit=unit, kind=kind, title=title, scope=scope or (_root() if kind in WHOLE_PROVINCE else None)
    )
    _record_post("units.create_post", post, by, post_kind=kind)
    return post


@changes_organisation
def rename_post(*, post: Post, title: str, by: User | None) -> Post:
    """What the post is called from now on; what was signed keeps the title it was signed with."""
    post.refresh_from_db(fields=["title"])
    before = post.title
    if Post.objects.filter(unit=post.unit, kind=post.kind, title=title).exclude(pk=post.pk).exists():
        raise Correctable(f"{post.unit.name} đã có chức vụ {title}.", "title")
    if title != before:
        Post.objects.filter(pk=post.pk).update(title=title)
        post.title = title
        _record_post("units.rename_post", post, by, before=before, after=title)
    return post


def _record_post(kind: str, post: Post, by: User | None, **data: str) -> None:
    events.record(
        kind,
        by=by,
        object_kind="units.post",
        object_id=post.public_id,
        unit_id=post.unit.public_id,
        data={**data, "title": post.title},
    )


def post_of(unit: Unit, kind: str) -> Post:
    """The unit's post of that kind, as it is called there; made under its general name when the unit has none yet."""
    found = Post.objects.filter(unit=unit, kind=kind).order_by("pk").first()
    if found:
        return found
    scope = _root() if kind in WHOLE_PROVINCE else None
    return Post.objects.create(unit=unit, kind=kind, title=Kind(kind).label, scope=scope)


def _root() -> Unit | None:
    return Unit.objects.filter(kind=Unit.Kind.PROVINCE, until__isnull=True).first()
