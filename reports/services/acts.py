"""What every act on a report leaves behind: an event in the right post, and a notice to whom it concerns."""

from collections.abc import Iterable

from ledger import events
from notices.services import tell
from reports.models import UnitReport
from reports.workflow import REPORTS
from units.models import Post, User

WRITERS = (Post.Kind.HEAD, Post.Kind.CLERK)


def first_post(by: User, kind: str) -> Post | None:
    return next(iter(by.acting_in("reports").posts_of(kind)), None)


def post_for(report: UnitReport, by: User) -> Post | None:
    """The post in which a person acts on this report: one in the unit, else the reviewer's."""
    own = by.acting_in("reports").post_in(report.unit_id, *WRITERS)
    return own or first_post(by, Post.Kind.HOME_AFFAIRS) or first_post(by, Post.Kind.HEAD)


def record(act: str, report: UnitReport, by: User, data: dict | None = None) -> None:
    events.record(
        f"{REPORTS.kind}.{act}",
        by=by,
        post=post_for(report, by),
        object_kind=REPORTS.kind,
        object_id=report.public_id,
        unit_id=report.event_unit_id,
        data=data,
    )


def tell_about(report: UnitReport, act: str, users: Iterable[User], what: str) -> None:
    """One notice an act: the row's version makes it new each time."""
    tell(
        users=users,
        effect=f"reports.{act}:{report.public_id}:{report.version}",
        text=f"{report.round.name}: báo cáo của {report.unit.name} {what}",
        url=report.get_absolute_url(),
    )
