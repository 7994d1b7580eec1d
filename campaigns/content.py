"""What a plan says, as one canonical record: shown before sending, hashed, and kept as it was sent (rule R26)."""

from collections import defaultdict
from datetime import date
from typing import Any

from campaigns.models import PlannedTask, Task, UnitPlan
from ledger.canonical import digest

FORMAT = "unitplan/1"

__all__ = ["content_of", "digest", "for_reading", "repeated_elsewhere"]


def content_of(plan: UnitPlan) -> dict[str, Any]:
    """The plan as it stands; three queries. Days are ISO text, as in every stored record."""
    rows: dict[int, list[dict[str, str]]] = defaultdict(list)
    for row in plan.rows.select_related("master").order_by("order"):
        rows[row.group_id].append(_task(row))
    groups = plan.campaign.taskgroups.order_by("order")
    return {
        "format": FORMAT,
        "campaign": {"code": plan.campaign.code, "decision_number": plan.campaign.decision_number},
        "unit": {"id": plan.unit.public_id, "name": plan.unit.name},
        "year": plan.year,
        "aims": plan.aims,
        "groups": [{"clause": one.clause, "title": one.title, "tasks": rows[one.pk]} for one in groups],
        "arrangements": plan.arrangements,
    }


def _task(row: PlannedTask) -> dict[str, str]:
    return {
        "clause": row.master.clause if row.master else "",
        "text": row.text,
        "lead": row.lead,
        "support": row.support,
        "product": row.product,
        "due_on": row.due_on.isoformat() if row.due_on else "",
    }


def for_reading(content: dict[str, Any]) -> dict[str, Any]:
    """The record with days as days, for a page."""
    return content | {
        "groups": [
            group | {"tasks": [_readable(one) for one in group["tasks"]]} for group in content["groups"]
        ]
    }


def _readable(task: dict[str, str]) -> dict[str, Any]:
    return task | {"due_on": date.fromisoformat(task["due_on"]) if task["due_on"] else None}


def repeated_elsewhere(plan: UnitPlan, content: dict[str, Any]) -> int:
    """Tasks of this plan that stand word for word in another unit's plan of the same year (clause I.2: no overlap).

    Tasks taken from the decision do not count: every unit has those.
    """
    texts = {task["text"] for group in content["groups"] for task in group["tasks"]}
    texts -= set(Task.objects.filter(campaign=plan.campaign, text__in=texts).values_list("text", flat=True))
    elsewhere = PlannedTask.objects.filter(
        plan__campaign=plan.campaign, plan__year=plan.year, plan__submitted_at__isnull=False, text__in=texts
    )
    return elsewhere.exclude(plan=plan).values("text").distinct().count()
