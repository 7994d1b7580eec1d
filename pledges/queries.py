from django.db import models
from django.db.models import Q

from ledger.queries import JobQuerySet
from units.queries import in_force


class PledgeQuerySet(models.QuerySet):
    def personal(self):
        """Those of people; the pledge of a whole unit counts for nobody."""
        return self.exclude(kind="collective")

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


def units_kept(user) -> set[int]:
    """The units whose papers on pledges the person keeps: head or clerk, there or above."""
    return set(user.acting_in("pledges").units_in_charge("head", "clerk"))


class UnitAdditionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What a unit asks of its people is no secret inside the administration."""
        return self if user.is_authenticated else self.none()


class RefusalQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own; those to the unit one heads, and to those below; Home Affairs sees all. No clerk reads reasons."""
        if not user.is_authenticated:
            return self.none()
        user = user.acting_in("pledges")
        if user.works_for_home_affairs:
            return self
        return self.filter(Q(user_id=user.pk) | Q(signing_unit_id__in=user.units_read("head")))


class BulkConfirmationQuerySet(JobQuerySet):
    def visible_to(self, user):
        """Only who confirmed: the result names people."""
        return self.filter(by_id=user.pk) if user.is_authenticated else self.none()


class _OfUnitsKept(JobQuerySet):
    def visible_to(self, user):
        """Who keeps the papers of the unit, and Home Affairs."""
        if not user.is_authenticated:
            return self.none()
        if user.acting_in("pledges").works_for_home_affairs:
            return self
        return self.filter(unit_id__in=units_kept(user))


class BookJobQuerySet(_OfUnitsKept):
    pass


class BlankFormQuerySet(_OfUnitsKept):
    pass


class SignedListQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Who keeps the papers of the unit, and Home Affairs."""
        if not user.is_authenticated:
            return self.none()
        if user.acting_in("pledges").works_for_home_affairs:
            return self
        return self.filter(unit_id__in=units_kept(user))


class SigningDraftQuerySet(JobQuerySet):
    def visible_to(self, user):
        return self.filter(user_id=user.pk) if user.is_authenticated else self.none()


class DriveQuerySet(models.QuerySet):
    def visible_to(self, user):
        """When pledges are due is told to everybody who owes one."""
        return self if user.is_authenticated else self.none()


class SelfReviewQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own; sent ones by head and union chair of the unit they are made to; Home Affairs sees those sent."""
        if not user.is_authenticated:
            return self.none()
        user = user.acting_in("pledges")
        sent = ~Q(status="draft")
        if user.works_for_home_affairs:
            return self.filter(Q(pledge__user_id=user.pk) | sent)
        units = user.units_read("head")
        unions = [post.unit_id for post in user.posts_of("union_chair")]
        others = Q(signing_unit_id__in=units) | Q(signing_unit_id__in=unions)
        return self.filter(Q(pledge__user_id=user.pk) | (sent & others))
