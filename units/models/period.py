"""What is true from one day to another."""

from datetime import date

from django.db import models
from django.db.models import F, Q


class Period(models.Model):
    """Half-open: [since, until). A row whose two days are equal holds no day: it was annulled by a counter-act."""

    since = models.DateField("từ ngày")
    until = models.DateField("đến trước ngày", null=True, blank=True)

    class Meta:
        abstract = True

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


def forwards(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("since")), name=name)
