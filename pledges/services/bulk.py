"""Confirmations by the hundred (feature S6): ordered by one person under one fresh proof, done by the worker.

What he read travels with the order: of every pledge the digest that was on the page (rule R23).
"""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from ledger import clock, events, jobs
from ledger.models import Job
from ledger.workflow import Correctable, StepRefused
from pledges.models import BulkConfirmation, BulkItem, Pledge
from pledges.parties import HEAD, UNION
from pledges.services.signing import check_proof
from units.models import Post, Unit, User

KIND = "pledges.bulkconfirmation"
POSTS: dict[str, str] = {HEAD: Post.Kind.HEAD, UNION: Post.Kind.UNION_CHAIR}
# As many as one person can read at a sitting; the rest is a second reading.
MOST = 500
NOTHING_CHOSEN = "Chưa chọn bản nào. Đánh dấu ít nhất một bản rồi xác nhận."
TOO_MANY = f"Mỗi lần xác nhận nhiều nhất {MOST} bản. Bỏ bớt rồi xác nhận; các bản còn lại để lần sau."
UNDER_WAY = "Một lần xác nhận hàng loạt của ông/bà đang chạy. Chờ lần đó xong rồi xác nhận tiếp."
GONE = "Các bản đã chọn không còn thuộc đơn vị của ông/bà. Xin mở lại danh sách."


def post_for(by: User, unit_id: int, party: str) -> Post | None:
    """The post in which the person confirms that unit's pledges as this party, today."""
    return by.acting_in("pledges").post_in(unit_id, POSTS[party])


@transaction.atomic
def order_bulk(
    *, by: User, unit: Unit, party: str, seen: Mapping[str, str], proof: dict[str, str]
) -> BulkConfirmation:
    """Queue the confirmation of pledges that were read. `seen`: by public id the digest that was on the page.

    Nothing is confirmed yet: the worker looks at each pledge again, under its lock. Raises StepRefused (proof too old,
    no such post, nothing or too much chosen, one under way).
    """
    check_proof(proof)
    post = post_for(by, unit.pk, party)
    if post is None:
        raise StepRefused(not_the_post(party))
    if not seen or len(seen) > MOST:
        raise StepRefused(TOO_MANY if seen else NOTHING_CHOSEN)
    pledges = list(Pledge.objects.visible_to(by).filter(public_id__in=seen).only("pk", "public_id"))
    if not pledges:
        raise StepRefused(GONE)
    bulk = _create(by=by, unit=unit, party=party, proof=proof, steps=len(pledges))
    BulkItem.objects.bulk_create(
        [BulkItem(bulk=bulk, pledge=row, seen_sha256=seen[row.public_id]) for row in pledges]
    )
    record("order", bulk, by=by, post=post, data={"pledges": len(pledges)})
    jobs.poke(KIND, bulk)
    return bulk


@transaction.atomic
def cancel_bulk(*, bulk: BulkConfirmation, by: User) -> BulkConfirmation:
    """Stop what is left of it: what was confirmed by then stays confirmed. StepRefused when it is over.

    The worker notices at the end of the batch it is at, which then counts in whole or not at all.
    """
    stopped = BulkConfirmation.objects.active().filter(pk=bulk.pk)
    changed = stopped.update(status=Job.Status.CANCELLED, finished_at=clock.now(), lease_until=None)
    bulk.refresh_from_db()
    if not changed:
        raise StepRefused(f"Lần xác nhận này đang ở trạng thái “{bulk.get_status_display()}”.")
    record("cancel", bulk, by=by)
    return bulk


def not_the_post(party: str) -> str:
    label = Post.Kind(POSTS[party]).label
    return f"Ông/bà không giữ chức vụ “{label}” của đơn vị nên không xác nhận được."


def record(
    act: str,
    bulk: BulkConfirmation,
    *,
    by: User,
    post: Post | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    events.record(
        f"{KIND}.{act}",
        by=by,
        post=post,
        object_kind=KIND,
        object_id=bulk.public_id,
        unit_id=bulk.unit.public_id,
        data={"party": bulk.party, **(data or {})},
    )


def _create(**fields: Any) -> BulkConfirmation:
    """The constraint decides whether another one of the same person is under way, not a look before."""
    try:
        with transaction.atomic():
            return BulkConfirmation.objects.create(**fields, message="Chờ xác nhận")
    except IntegrityError as error:
        raise Correctable(UNDER_WAY) from error
