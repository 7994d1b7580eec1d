"""What becomes of the papers of a round that no longer counts: said on the public check page, never deleted."""

from documents.models import Paper
from documents.services import replace_paper, withdraw_paper
from ledger import clock
from pledges.models import PaperJob, Pledge
from units.models import User


def papers_replaced(pledge: Pledge, *, by: User) -> None:
    """The person signs again. `pledge` is locked by the caller."""
    _stop_orders(pledge)
    for paper in _valid(pledge):
        replace_paper(paper=paper, by=by)


def papers_withdrawn(pledge: Pledge, *, reason: str, by: User) -> None:
    """The pledge is taken back. `pledge` is locked by the caller."""
    _stop_orders(pledge)
    for paper in _valid(pledge):
        withdraw_paper(paper=paper, reason=reason, by=by)


def _stop_orders(pledge: Pledge) -> None:
    """A worker that is at it finds that it holds the order no more, and publishes nothing."""
    PaperJob.objects.active().filter(pledge=pledge).update(
        status=PaperJob.Status.CANCELLED, finished_at=clock.now(), message="", lease_until=None
    )


def _valid(pledge: Pledge) -> list[Paper]:
    found = [paper for paper in (pledge.paper, pledge.evidence) if paper is not None]
    return [paper for paper in found if paper.state == Paper.State.VALID]
