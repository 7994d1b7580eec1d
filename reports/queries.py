from django.db import models
from django.db.models import Q

from ledger.queries import JobQuerySet

# What a reviewer, and whoever only reads, knows of another unit's report.
SENT = ("submitted", "returned", "accepted")


class ReportingRoundQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.is_authenticated else self.none()


class UnitReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Reports of units in charge and of those in whose place they stand; what was sent is seen by the professional
        superior, Home Affairs and the leadership."""
        if not user.is_authenticated:
            return self.none()
        user = user.acting_in("reports")
        mine = Q(unit_id__in=user.units_read())
        if user.works_for_home_affairs or user.posts_of("leadership", "standing_committee"):
            mine |= Q(status__in=SENT)
        elif user.leads_a_line:
            mine |= Q(unit_id__in=user.units_in_line(), status__in=SENT)
        return self.filter(mine)


class WaiverQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Home Affairs and the leadership, who watch the board; a unit's own is seen by its head and clerks."""
        if not user.is_authenticated:
            return self.none()
        user = user.acting_in("reports")
        if user.works_for_home_affairs or user.posts_of("leadership", "standing_committee"):
            return self
        return self.filter(unit_id__in=user.units_in_charge())

    def in_force(self):
        return self.filter(withdrawn_at__isnull=True)


class RollupQuerySet(JobQuerySet):
    def visible_to(self, user):
        """Home Affairs sees all; the leadership what is done."""
        if not user.is_authenticated:
            return self.none()
        user = user.acting_in("reports")
        if user.works_for_home_affairs:
            return self
        if user.posts_of("leadership", "standing_committee"):
            return self.filter(status="done")
        return self.none()
