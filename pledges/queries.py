from django.db import models
from django.db.models import Q

from units.queries import in_force


class PledgeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own; those one countersigns or keeps for a unit in charge; Home Affairs sees all."""
        if not user.is_authenticated:
            return self.none()
        user = user.acting_in("pledges")
        if user.works_for_home_affairs:
            return self
        units = user.units_read("head", "clerk")
        unions = [post.unit_id for post in user.posts_of("union_chair")]
        mine = (
            Q(user_id=user.pk)
            | Q(signing_unit_id__in=units)
            | Q(unit_id__in=units)
            | Q(signing_unit_id__in=unions)
        )
        return self.filter(mine)

    def waiting_for(self, user):
        """Those whose next step is this person's: as head, as chair of a union that still exists, or as the head who
        closes what waits for a union that has ended. Never his own."""
        user = user.acting_in("pledges")
        heads = [post.unit_id for post in user.posts_of("head")]
        unions = [post.unit_id for post in user.posts_of("union_chair")]
        if not heads and not unions:
            return self.none()
        for_union = Q(status="awaiting_union", signing_unit_id__in=[*heads, *unions])
        living = self.model._base_manager.filter(for_union & in_force(user.today, "signing_unit__unions__"))
        turn = (
            Q(status="awaiting_head", signing_unit_id__in=heads)
            | Q(status="awaiting_union", signing_unit_id__in=unions, pk__in=living.values("pk"))
            | Q(status="awaiting_union", signing_unit_id__in=heads) & ~Q(pk__in=living.values("pk"))
        )
        return self.filter(turn).exclude(user_id=user.pk)
