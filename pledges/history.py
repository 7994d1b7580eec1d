"""What happened to a pledge, from its events."""

from typing import Any

from ledger import events
from pledges.models import Pledge
from pledges.workflow import PLEDGE


def timeline(pledge: Pledge) -> list[dict[str, Any]]:
    """Newest first, as includes/_timeline.html shows it; two queries."""
    past = events.history(PLEDGE.kind, pledge.public_id)
    return [
        {
            "what": PLEDGE.done_words(act.kind).capitalize(),
            "who": act.by,
            "post": act.post,
            "at": act.at,
            "why": act.reason,
        }
        for act in reversed(past)
    ]


def returned_by(pledge: Pledge) -> events.PastAct | None:
    """Who returned it, when and why, while it stands returned."""
    if pledge.status != Pledge.Status.RETURNED:
        return None
    past = events.history(PLEDGE.kind, pledge.public_id)
    return next((act for act in reversed(past) if act.kind == f"{PLEDGE.kind}.return"), None)
