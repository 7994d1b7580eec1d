"""Where people work from a day on, and which units stand above that place."""

from collections.abc import Collection, Iterator
from datetime import date

from units.models import Appointment, Employment, Placement
from units.queries import overlapping


class Workplaces:
    """Two queries, whatever the number of people."""

    def __init__(self, user_ids: Collection[int], on: date):
        self.placements = list(Placement.objects.filter(overlapping(on, None)))
        self.employments: dict[int, list[Employment]] = {}
        for row in Employment.objects.filter(overlapping(on, None), user_id__in=user_ids).order_by("since"):
            self.employments.setdefault(row.user_id, []).append(row)
        self._parents: dict[date, dict[int, int | None]] = {}

    def days(self, row: Appointment, on: date) -> Iterator[date]:
        """The days of the appointment from `on` on which the answer may be another than the day before."""
        first = max(row.since, on)
        theirs = self.employments.get(row.user_id, ())
        changes = {each.since for each in (*self.placements, *theirs)} | {each.until for each in theirs}
        later = {day for day in changes if day is not None and day > first}
        return (day for day in sorted({first, *later}) if row.holds(day))

    def path(self, user_id: int, day: date) -> list[int]:
        """The unit where the person works that day and all above it; empty: works nowhere."""
        if day not in self._parents:
            self._parents[day] = {row.unit_id: row.parent_id for row in self.placements if row.holds(day)}
        works = (row.unit_id for row in self.employments.get(user_id, ()) if row.holds(day))
        at, steps = next(works, None), []
        while at is not None and at not in steps:
            steps.append(at)
            at = self._parents[day].get(at)
        return steps
