"""What an act of reorganisation does to self-reviews that are not complete: as to pledges (`pledges.movers`), who is
right from its day on, or today for an act entered late, remarks on them. What was sent and remarked stays (rules R24,
R26).
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import F

from ledger.events import EventDraft, record_many, signature_of
from ledger.locking import locked
from ledger.workflow import StepRefused
from pledges.models import SelfReview
from pledges.standing import Place, places
from pledges.workflow import REVIEW, review_facts
from units.models import Unit, User
from units.reorganisation.register import Line, Moved, Transition, said

LABEL = "Bản tự đánh giá chưa đủ nhận xét"
DONE = "Bản tự đánh giá đã đủ nhận xét"
OPEN = tuple(state for state in SelfReview.Status if state != SelfReview.Status.COMPLETE)
BATCH = 5000


def move(change: Transition) -> Moved:
    right = _right(change)
    rows = _locked(right)
    moving = [row for row in rows if right[row.pk] not in (None, row.signing_unit_id)]
    lost = [row for row in rows if right[row.pk] is None]
    journal = {"moved": [[row.pk, row.signing_unit_id, right[row.pk], row.version + 1] for row in moving]}
    _write({row: right[row.pk] for row in moving}, "move", 1, by=change.by)
    done = SelfReview.objects.filter(signing_unit__in=change.heirs, status=SelfReview.Status.COMPLETE).count()
    line = Line(LABEL, len(moving), len(rows) - len(moving), _unremarked(lost))
    return Moved(said(line, Line(DONE, stays=done)), journal)


def undo(journal: dict[str, Any]) -> None:
    """Raises StepRefused when somebody has acted on one of the reviews since."""
    before = {pk: (old, new, version) for pk, old, new, version in journal["moved"]}
    rows = _locked(before)
    same = [row for row in rows if (row.signing_unit_id, row.version) == before[row.pk][1:]]
    if len(same) != len(before):
        raise StepRefused(
            f"{len(before) - len(same)} bản tự đánh giá chuyển theo việc sắp xếp này đã được sửa, gửi, nhận xét hoặc "
            "trả lại."
        )
    _write({row: before[row.pk][0] for row in rows}, "move_back", -1, by=None)


def _right(change: Transition) -> dict[int, int | None]:
    """The open reviews that the act touches, each with the unit whose head is right to remark; None: nobody is."""
    waiting = SelfReview.objects.filter(status__in=OPEN)
    standing = places(waiting.values("pledge__user_id"), change.day_in_hand)
    found: dict[int, int | None] = {}
    for pk, user_id, unit_id in waiting.values_list("pk", "pledge__user_id", "signing_unit_id"):
        place = standing.get(user_id)
        if unit_id in change.heirs or user_id in change.people or _stands_anew(place, change):
            above = place.signing_unit_id if place else None
            found[pk] = above or (change.main_heir(unit_id) if unit_id in change.heirs else unit_id)
    return found


def _stands_anew(place: Place | None, change: Transition) -> bool:
    return place is not None and not change.placed_anew.isdisjoint(place.path)


def _locked(keys: Iterable[int]) -> list[SelfReview]:
    """Those of the reviews that are still open, with their units."""
    found: list[SelfReview] = []
    ordered = sorted(keys)
    for start in range(0, len(ordered), BATCH):
        rows = SelfReview.objects.filter(pk__in=ordered[start : start + BATCH], status__in=OPEN)
        found += locked(rows.select_related("pledge__unit", "signing_unit"))
    return found


def _write(moving: dict[SelfReview, Any], act: str, step: int, *, by: User | None) -> None:
    """One statement for each unit they go to, an event for each review. `step`: the version goes up, or back."""
    by_unit: dict[int, list[int]] = {}
    for row, unit_id in moving.items():
        by_unit.setdefault(unit_id, []).append(row.pk)
    for unit_id, keys in by_unit.items():
        for start in range(0, len(keys), BATCH):
            rows = SelfReview.objects.filter(pk__in=keys[start : start + BATCH])
            rows.update(signing_unit=unit_id, version=F("version") + step)
    ids = dict(Unit.objects.filter(pk__in=by_unit).values_list("pk", "public_id"))
    record_many(
        [
            EventDraft(
                kind=f"{REVIEW.kind}.{act}",
                object_kind=REVIEW.kind,
                object_id=row.public_id,
                person_id=by.public_id if by else "",
                unit_id=row.event_unit_id,
                data={"from": row.signing_unit.public_id, "to": ids[unit_id], **review_facts(row)},
                text=signature_of(by),
            )
            for row, unit_id in moving.items()
        ]
    )


def _unremarked(lost: list[SelfReview]) -> tuple[str, ...]:
    counts = Counter(row.signing_unit.name for row in lost)
    return tuple(
        f"{count} bản tự đánh giá tại {name} chưa có ai nhận xét: đơn vị kết thúc và không có đơn vị kế tục."
        for name, count in sorted(counts.items())
    )
