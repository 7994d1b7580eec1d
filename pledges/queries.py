from django.db import models
from django.db.models import Q


class PledgeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own; those one countersigns or keeps for a unit in charge; Home Affairs sees all."""
        if not user.is_authenticated:
            return self.none()
        if user.works_for_home_affairs:
            return self
        units = user.units_in_charge("head", "clerk")
        unions = [post.unit_id for post in user.posts_of("union_chair")]
        mine = Q(user_id=user.pk) | Q(signing_unit_id__in=units) | Q(unit_id__in=units) | Q(signing_unit_id__in=unions)
        return self.filter(mine)
