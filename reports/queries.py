from django.db import models
from django.db.models import Q

from ledger.queries import JobQuerySet


class ReportingRoundQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.is_authenticated else self.none()


class UnitReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Reports of units in charge; what was sent is seen by Home Affairs and the leadership."""
        if not user.is_authenticated:
            return self.none()
        mine = Q(unit_id__in=user.units_in_charge())
        if user.works_for_home_affairs or user.posts_of("leadership", "standing_committee"):
            mine |= Q(status__in=["submitted", "returned", "accepted"])
        return self.filter(mine)


class RollupQuerySet(JobQuerySet):
    def visible_to(self, user):
        """Home Affairs sees all; the leadership what is done."""
        if not user.is_authenticated:
            return self.none()
        if user.works_for_home_affairs:
            return self
        if user.posts_of("leadership", "standing_committee"):
            return self.filter(status="done")
        return self.none()
