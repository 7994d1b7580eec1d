from django.db import models
from django.db.models import Q


class CampaignQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The decision is public."""
        return self

    def current(self):
        """The campaign of the latest decision; None before one is loaded."""
        return self.order_by("-since", "-pk").first()


class UnitPlanQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Plans of units in charge; once sent, those of one's own unit and of the units above it; Home Affairs and the
        leadership see all that were sent."""
        if not user.is_authenticated:
            return self.none()
        mine = Q(unit_id__in=user.units_in_charge()) | Q(
            unit_id__in=user.units_above(), status__in=["submitted", "accepted"]
        )
        if user.works_for_home_affairs or user.posts_of("leadership", "standing_committee"):
            mine |= ~Q(status="draft")
        return self.filter(mine)
