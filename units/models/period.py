"""What is true from one day to another."""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q

from vietnamese.dates import short_date


class Period(models.Model):
    """Half-open: [since, until). A row whose two days are equal holds no day: it was annulled by a counter-act."""

    since = models.DateField("từ ngày")
    until = models.DateField("đến trước ngày", null=True, blank=True)

    class Meta:
        abstract = True

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)

    @property
    def in_words(self) -> str:
        """“từ 01/07/2025 đến hết 31/12/2026”: people name the last day, not the first day after it."""
        if self.until is None:
            return f"từ {short_date(self.since)}"
        if self.until <= self.since:
            return f"từ {short_date(self.since)}, đã hủy"
        return f"từ {short_date(self.since)} đến hết {short_date(self.until - timedelta(days=1))}"


def forwards(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("since")), name=name)
