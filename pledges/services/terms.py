"""When self-reviews open and are due, from the decision's file (`[[self_review]]`; one row)."""

from datetime import date
from typing import Any

from campaigns.loader import Fault, Rule, checked_rows
from campaigns.models import Campaign
from pledges.models import ReviewTerm

TABLE = "self_review"
RULES = {
    "opens_month": Rule(int),
    "opens_day": Rule(int),
    "due_month": Rule(int),
    "due_day": Rule(int),
    "clause": Rule(str, required=False),
    "source": Rule(str, required=False),
}
KEPT = ("opens_month", "opens_day", "due_month", "due_day")
LEAP = 2024


def load_review_term(campaign: Campaign, data: dict[str, Any]) -> list[str]:
    """Idempotent; a change counts from the next page on. Raises Fault for days that are none or out of order."""
    rows = checked_rows(data, TABLE, RULES)
    if len(rows) > 1:
        raise Fault(TABLE, 1, "opens_month", "chỉ được có một dòng.")
    said = []
    for index, row in enumerate(rows):
        _check(row, index)
        kept = {name: row[name] for name in KEPT}
        known = ReviewTerm.objects.filter(campaign=campaign).first()
        if known is None or any(getattr(known, name) != value for name, value in kept.items()):
            ReviewTerm.objects.update_or_create(campaign=campaign, defaults=kept)
            said.append(
                f"tự đánh giá: mở từ {row['opens_day']}/{row['opens_month']}, hạn {row['due_day']}/{row['due_month']}"
            )
    return said


def _check(row: dict[str, Any], index: int) -> None:
    days = []
    for word in ("opens", "due"):
        month, day = row[f"{word}_month"], row[f"{word}_day"]
        if (month, day) == (2, 29):
            raise Fault(TABLE, index, f"{word}_day", "không phải năm nào cũng có ngày 29/2.")
        try:
            days.append(date(LEAP, month, day))
        except ValueError as error:
            raise Fault(TABLE, index, f"{word}_day", f"không có ngày {day}/{month}.") from error
    if days[1] < days[0]:
        raise Fault(TABLE, index, "due_month", "hạn gửi phải sau ngày mở.")
