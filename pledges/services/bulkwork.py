"""What the worker does with a bulk confirmation: batch after batch, each one transaction with what became of its items.

Authority, state, words and union are read again under the locks of every batch (rule R06), in a number of queries that
does not depend on how many pledges it holds. A killed worker loses the batch it was at and nothing else.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction

from ledger import clock
from ledger.jobs import Hold
from ledger.locking import locked
from ledger.models import Job
from ledger.workflow import StepRefused
from notices.services import tell
from pledges.models import BulkConfirmation, BulkItem, Pledge, Signature
from pledges.parties import HEAD, UNION, UnionOn, union_on
from pledges.rules import is_own
from pledges.services.bulk import KIND, not_the_post, post_for, record
from pledges.services.confirming import (
    CONFIRMED_AS_HEAD,
    OUTDATED,
    OWN,
    UNION_ENDED,
    check_seen,
    complete,
    quality,
)
from pledges.workflow import PLEDGE, facts
from units.models import Post, User

BATCH = 100
STEPS: dict[str, str] = {HEAD: "countersign", UNION: "countersign_union"}
LONGEST_REASON = 500
MOVED = "Bản cam kết này nay do đơn vị khác xác nhận."
Outcome = BulkItem.Outcome


@dataclass(frozen=True)
class Ground:
    """What is true while one batch is locked: who confirms, in which post, and the union of the unit that day."""

    bulk: BulkConfirmation
    by: User
    post: Post | None
    union: UnionOn

    def takes_part(self, pledge: Pledge) -> bool:
        """Whether the union confirms after the head; never what a unit pledges to the head above."""
        return pledge.kind != Pledge.Kind.COLLECTIVE and self.union.takes_part(pledge.user_id, self.by.pk)


def run_bulk(job: Job, hold: Hold) -> None:
    """The worker's part."""
    bulk = BulkConfirmation.objects.select_related("unit").get(pk=job.pk)
    answered = bulk.items.exclude(outcome=Outcome.WAITING).count()
    while True:
        hold.progress(answered, bulk.steps, f"Đã xong {answered}/{bulk.steps} bản")
        found = _next_batch(bulk, hold)
        if not found:
            break
        answered += found
    with transaction.atomic():
        _close(bulk)
        hold.finish()


def _next_batch(bulk: BulkConfirmation, hold: Hold) -> int:
    """Answers the next items, all in one transaction; returns how many, none when nothing waits any more.

    Pledges are locked in order of key, as everywhere; the hold is proved last, so that who cancels waits for a moment
    and a worker that lost it undoes all of the batch.
    """
    with transaction.atomic():
        items = list(bulk.items.filter(outcome=Outcome.WAITING).order_by("pledge_id")[:BATCH])
        if not items:
            return 0
        rows = Pledge.objects.filter(pk__in=[item.pledge_id for item in items])
        pledges = locked(rows.select_related("unit", "signing_unit"))
        ground = _ground(bulk)
        refused = _refused(ground, pledges, {item.pledge_id: item.seen_sha256 for item in items})
        _confirm(ground, [row for row in pledges if row.pk not in refused])
        _answer(items, refused)
        hold.renew()
    return len(items)


def _ground(bulk: BulkConfirmation) -> Ground:
    by = User.objects.get(pk=bulk.by_id)
    post = post_for(by, bulk.unit_id, bulk.party) if by.is_active else None
    return Ground(bulk, by, post, union_on(bulk.unit_id, by.today))


def _refused(ground: Ground, pledges: list[Pledge], seen: dict[int, str]) -> dict[int, str]:
    """By key of the pledge why it is not confirmed; those that are have no entry."""
    if ground.post is None:
        return {row.pk: not_the_post(ground.bulk.party) for row in pledges}
    step = PLEDGE.step(STEPS[ground.bulk.party])
    reasons = {row.pk: MOVED for row in pledges if row.signing_unit_id != ground.bulk.unit_id}
    late = [row for row in pledges if row.pk not in reasons and row.status not in step.sources]
    if late:
        reasons |= PLEDGE.refusals(late, step)
    twice = _confirmed_as_head(ground, pledges)
    for row in pledges:
        if row.pk not in reasons and (said := _reason(ground, row, seen[row.pk], twice)):
            reasons[row.pk] = said
    return reasons


def _reason(ground: Ground, pledge: Pledge, seen_sha256: str, twice: set[int]) -> str:
    """As `confirming` asks one pledge, in the same order; empty when it may be confirmed (rules R22, R23)."""
    if is_own(ground.by, pledge):
        return OWN
    if pledge.stale_since is not None:
        return OUTDATED
    try:
        check_seen(pledge, seen_sha256)
    except StepRefused as refusal:
        return str(refusal)
    if ground.bulk.party == UNION and not ground.union.exists:
        return UNION_ENDED
    return CONFIRMED_AS_HEAD if pledge.pk in twice else ""


def _confirmed_as_head(ground: Ground, pledges: list[Pledge]) -> set[int]:
    """Those which the chair has confirmed already, as the head he also is; one query, none for a head."""
    if ground.bulk.party != UNION:
        return set()
    rounds = {row.pk: row.round for row in pledges}
    own = Signature.objects.filter(pledge_id__in=rounds, party=HEAD, user=ground.by)
    return {key for key, signed in own.values_list("pledge_id", "round") if signed == rounds[key]}


def _confirm(ground: Ground, pledges: list[Pledge]) -> None:
    """State, events, signatures, orders for papers, notices: each in one statement for all."""
    if not pledges or ground.post is None:
        return
    act: dict[str, Any] = {
        "by": ground.by,
        "post": ground.post,
        "data": partial(_facts, ground.bulk.public_id),
    }
    if ground.bulk.party == UNION:
        complete(pledges, "countersign_union", **act)
    else:
        to_union = [row for row in pledges if ground.takes_part(row)]
        to_end = [row for row in pledges if not ground.takes_part(row)]
        if to_union:
            PLEDGE.take(to_union, "countersign", **act)
        if to_end:
            complete(to_end, "countersign_complete", **act)
    _sign(ground, ground.post, pledges)


def _facts(bulk_id: str, pledge: Pledge) -> dict[str, Any]:
    return {**facts(pledge), "bulk": bulk_id}


def _sign(ground: Ground, post: Post, pledges: list[Pledge]) -> None:
    said, moment = quality(post, pledges[0], ground.by), clock.now()
    Signature.objects.bulk_create(
        [
            Signature(
                pledge=row,
                party=ground.bulk.party,
                user=ground.by,
                post=post,
                name=ground.by.full_name,
                post_title=said,
                round=row.round,
                sha256=row.sha256,
                at=moment,
                proof=ground.bulk.proof,
            )
            for row in pledges
        ]
    )


def _answer(items: list[BulkItem], refused: dict[int, str]) -> None:
    done = [item.pk for item in items if item.pledge_id not in refused]
    BulkItem.objects.filter(pk__in=done).update(outcome=Outcome.DONE)
    others = [item for item in items if item.pledge_id in refused]
    for item in others:
        item.outcome, item.reason = Outcome.REFUSED, refused[item.pledge_id][:LONGEST_REASON]
    BulkItem.objects.bulk_update(others, ["outcome", "reason"])


def _close(bulk: BulkConfirmation) -> None:
    """The end is an event of its own, and the person is told: he may have left the page."""
    by = User.objects.get(pk=bulk.by_id)
    outcomes = list(bulk.items.values_list("outcome", flat=True))
    done, refused = outcomes.count(Outcome.DONE), outcomes.count(Outcome.REFUSED)
    record("finish", bulk, by=by, data={"done": done, "refused": refused})
    rest = f"; {refused} bản không xác nhận được, xem lý do từng bản" if refused else ""
    tell(
        users=[by],
        effect=f"{KIND}.finish:{bulk.public_id}",
        text=f"Đã xác nhận {done} bản cam kết của {bulk.unit.name}{rest}.",
        url=bulk.get_absolute_url(),
    )
