from typing import Any

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When

from ledger.queries import JobQuerySet
from pledges.bodies import stood_for
from units.models import Appointment, Post
from units.queries import in_force
from units.rules import occupied


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
            | Q(unit_id__in=units) & self._not_gone(units, user.today)
            | Q(signing_unit_id__in=unions)
        )
        return self.filter(mine)

    def _not_gone(self, units, on):
        """What is still open has gone with the person who works elsewhere by now, once it was handed over there."""
        people: Any = self.model._meta.get_field("user").related_model
        here = people._base_manager.filter(
            in_force(on, "employments__"), pk=OuterRef("user_id"), employments__unit_id__in=units
        )
        return Q(status="complete") | Q(kind="collective") | Exists(here)

    def waiting_for(self, user):
        """Those whose next step is this person's: as head, as chair of a union that still exists, or as the head who
        closes what waits for a union that has ended. Never his own, nor what a unit of his pledges."""
        user = user.acting_in("pledges")
        heads = [post.unit_id for post in user.posts_of("head")]
        unions = [post.unit_id for post in user.posts_of("union_chair")]
        if not heads and not unions:
            return self.none()
        living = self._living(user.today).filter(signing_unit_id__in=[*heads, *unions]).values("pk")
        turn = Q(signing_unit_id__in=heads) & self._for_heads(living, user.today) | Q(
            status="awaiting_union", signing_unit_id__in=unions, pk__in=living
        )
        return self.filter(turn, stale_since__isnull=True).not_own_of(user)

    def not_own_of(self, user):
        """Without what the person signed or answers for as a head (rule R22; `rules.is_own` of one)."""
        rows = self.exclude(user_id=user.pk)
        headed = [post.unit_id for post in occupied(user, Post.Kind.HEAD)]
        if not headed:
            return rows
        return rows.exclude(kind="collective", unit_id__in=stood_for(headed, user.today))

    def signed_by_head_above(self, on):
        """Those whose signer, or the head of whose unit, heads by now the unit above: nobody confirms his own."""
        return self.filter(self._head_s_own(on))

    def _head_s_own(self, on):
        above = heading(on, post__unit=OuterRef("signing_unit"))
        of_unit = heading(on, post__unit=OuterRef(OuterRef("unit")))
        return Q(Exists(above.filter(user=OuterRef("user")))) | Q(kind="collective") & Exists(
            above.filter(user__in=of_unit.values("user"))
        )

    def on_their_way(self, on):
        """What waits, with `for_head`: whether its next step is the head's and not the union's, as above. Without what
        the head may not confirm because it is his own.
        """
        for_head = self._for_heads(self._living(on).values("pk"), on)
        waiting = self.filter(status__in=["awaiting_head", "awaiting_union"], stale_since__isnull=True)
        return waiting.filter(~(for_head & self._head_s_own(on))).annotate(
            for_head=Case(When(for_head, then=True), default=False, output_field=models.BooleanField())
        )

    def _living(self, on):
        """What waits for a union that exists."""
        rows = self.model._base_manager.filter(status="awaiting_union")
        return rows.filter(in_force(on, "signing_unit__unions__"))

    def _for_heads(self, living, on):
        """What a head confirms, and what he closes because the union it waits for has ended or has nobody else."""
        return Q(status="awaiting_head") | Q(status="awaiting_union") & (
            ~Q(pk__in=living) | self._nobody_left(on)
        )

    def _nobody_left(self, on):
        """The union has no chair but the person himself or the head who confirmed (`parties.UnionOn.takes_part`)."""
        chairs = Appointment.objects.filter(
            in_force(on), post__unit=OuterRef("signing_unit"), post__kind=Post.Kind.UNION_CHAIR
        )
        signatures: Any = self.model._meta.get_field("signatures").related_model
        as_head = signatures._base_manager.filter(
            pledge=OuterRef(OuterRef("pk")),
            round=OuterRef(OuterRef("round")),
            party="head",
            user=OuterRef("user"),
        )
        others = chairs.exclude(user=OuterRef("user")).exclude(Exists(as_head))
        return Exists(chairs) & ~Exists(others)

    def waiting_at(self, unit, party: str, user):
        """What this person may confirm as `party` of the unit, one by one or all at once."""
        rows = self.filter(signing_unit=unit, stale_since__isnull=True).not_own_of(user)
        if party == "head":
            return rows.filter(status="awaiting_head")
        every = self.model._base_manager.filter(signing_unit=unit, status="awaiting_union")
        own = every.filter(signatures__round=F("round"), signatures__party="head", signatures__user=user)
        living = every.filter(in_force(user.today, "signing_unit__unions__"))
        return rows.filter(pk__in=living.values("pk")).exclude(pk__in=own.values("pk"))


def heading(on, **where):
    """Appointments of heads that occupy the post that day."""
    return Appointment.objects.filter(
        in_force(on), post__kind=Post.Kind.HEAD, manner__in=Appointment.OCCUPYING, **where
    )


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
        """Who keeps the papers of the unit or of one that stands in its place, and Home Affairs."""
        if not user.is_authenticated:
            return self.none()
        user = user.acting_in("pledges")
        if user.works_for_home_affairs:
            return self
        return self.filter(unit_id__in=user.units_read("head", "clerk"))


class SigningDraftQuerySet(JobQuerySet):
    def visible_to(self, user):
        return self.filter(user_id=user.pk) if user.is_authenticated else self.none()


class SignedFileQuerySet(models.QuerySet):
    def that_count(self):
        """The accepted file of each pledge's round that counts."""
        return self.filter(verdict="accepted", round=F("pledge__round"))


class DriveQuerySet(models.QuerySet):
    def visible_to(self, user):
        """When pledges are due is told to everybody who owes one."""
        return self if user.is_authenticated else self.none()


class SelfReviewQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own; sent ones by the head of the unit they were made to (or that stands in its place) and its union
        chair; Home Affairs sees those sent. Heads above read numbers only.
        """
        if not user.is_authenticated:
            return self.none()
        user = user.acting_in("pledges")
        sent = ~Q(status="draft")
        if user.works_for_home_affairs:
            return self.filter(Q(pledge__user_id=user.pk) | sent)
        heads, unions = _headed_and_chaired(user)
        others = Q(signing_unit_id__in=[*heads, *unions])
        if heads:
            units: Any = self.model._meta.get_field("signing_unit").related_model
            ended = units._base_manager.filter(origins_of(heads), until__lte=user.today)
            others |= Q(signing_unit_id__in=ended.values("pk"))
        return self.filter(Q(pledge__user_id=user.pk) | (sent & others))

    def waiting_for(self, user):
        """Those on which it is this person's turn: as head, as chair of a living union, or as the head who closes what
        waits for a union that has ended. Never his own.
        """
        user = user.acting_in("pledges")
        heads, unions = _headed_and_chaired(user)
        if not heads and not unions:
            return self.none()
        living = self.model._base_manager.filter(
            in_force(user.today, "signing_unit__unions__"), signing_unit_id__in=[*heads, *unions]
        ).values("pk")
        for_union = Q(status="awaiting_union")
        turn = (
            Q(status="awaiting_head", signing_unit_id__in=heads)
            | for_union & Q(signing_unit_id__in=unions, pk__in=living)
            | for_union & Q(signing_unit_id__in=heads) & ~Q(pk__in=living)
        )
        return self.filter(turn).exclude(pledge__user_id=user.pk)


def _headed_and_chaired(user) -> tuple[list[int], list[int]]:
    return (
        [post.unit_id for post in user.posts_of("head")],
        [post.unit_id for post in user.posts_of("union_chair")],
    )


def origins_of(unit_ids: list[int]) -> Q:
    """Units in whose place one of these stands."""
    return Q(successions__successor_id__in=unit_ids, successions__annulled=False)
