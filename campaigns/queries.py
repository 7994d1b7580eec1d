from functools import cache

from django.db import models
from django.db.models import Q

from ledger.prepared import Prepared


class CampaignQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The decision is public."""
        return self

    def current(self):
        """The campaign of the latest decision, of all there are; None before one is loaded."""
        return _latest(self.model).first()


@cache
def _latest(model) -> Prepared:
    return Prepared(lambda: model._base_manager.order_by("-since", "-pk")[:1])


class UnitPlanQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Plans of units in charge and of those in whose place they stand; once sent, those of one's own unit, of the
        units above it and of those in one's professional line; Home Affairs and the leadership see all that were sent.
        """
        if not user.is_authenticated:
            return self.none()
        acting = user.acting_in("campaigns")
        mine = Q(unit_id__in=acting.units_read()) | Q(
            unit_id__in=user.units_above(), status__in=["submitted", "accepted"]
        )
        if acting.works_for_home_affairs or acting.posts_of("leadership", "standing_committee"):
            mine |= ~Q(status="draft")
        elif acting.leads_a_line:
            mine |= Q(unit_id__in=acting.units_in_line()) & ~Q(status="draft")
        return self.filter(mine)
