"""People: who they are, which posts they hold today, which units that reaches."""

import copy
from datetime import date
from functools import cached_property
from typing import Any

import rules
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.crypto import salted_hmac

from ledger import clock
from ledger.prepared import Prepared
from ledger.public_id import PublicIdField
from units.models.post import Post
from units.models.unit import Placement, ProfessionalLine
from units.queries import (
    UserManager,
    ancestor_ids,
    in_force,
    readable_ids,
    subtree_ids,
)
from vietnamese.keys import person_sort_key, search_key

_POSTS_HELD = Prepared(
    lambda *, user, on: (
        Post.objects.filter(in_force(on, "appointments__"), appointments__user=user)
        .annotate(
            appointment_id=F("appointments__pk"),
            manner=F("appointments__manner"),
            functions=F("appointments__functions"),
            at_home_affairs=Exists(Post.objects.filter(unit=OuterRef("unit"), kind=Post.Kind.HOME_AFFAIRS)),
            at_root=Exists(
                Placement.objects.filter(in_force(on), unit=OuterRef("unit"), parent__isnull=True)
            ),
            at_authority=Exists(ProfessionalLine.objects.filter(in_force(on), authority=OuterRef("unit"))),
        )
        .select_related("unit", "scope")
        .order_by("pk", "appointment_id")
    )
)


class User(AbstractBaseUser):
    """A person of the administration. User name = personnel code; rights come from posts alone (no superuser)."""

    username = models.CharField("mã số cán bộ", max_length=30, unique=True)
    public_id = PublicIdField()
    full_name = models.CharField("họ và tên", max_length=120)
    search_key = models.CharField(max_length=130, editable=False, db_index=True)
    sort_key = models.CharField(max_length=500, editable=False)
    job_title = models.CharField("chức danh", max_length=120, blank=True)
    # Tells namesakes apart for those who keep the rosters; never published, never on a paper.
    birth_year = models.PositiveSmallIntegerField("năm sinh", null=True, blank=True)
    # Where letters of the day go; for the person himself and who keeps the rosters, on no paper and in no export.
    email = models.EmailField("thư điện tử", blank=True, default="", db_default="")
    code_from_portal = models.BooleanField("mã do cổng cấp", default=False)
    is_active = models.BooleanField("được đăng nhập", default=True)
    is_demo = models.BooleanField(default=False)
    # Part of what every session is bound to: raising it ends them all at their next request, without a query.
    session_epoch = models.PositiveIntegerField(default=0, editable=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["full_name"]
    objects = UserManager()

    class Meta:
        indexes = [models.Index(fields=["is_demo"], condition=Q(is_demo=True), name="people_made_up")]

    def __str__(self):
        return self.full_name

    def save(self, *args, **kwargs):
        self.fill_keys()
        super().save(*args, **kwargs)

    def fill_keys(self) -> "User":
        self.search_key, self.sort_key = search_key(self.full_name), person_sort_key(self.full_name)
        return self

    def get_absolute_url(self):
        return reverse("units:person_detail", args=[self.public_id])

    def get_full_name(self) -> str:
        return self.full_name

    def has_left_by(self, day: date) -> bool:
        return User.objects.knowing_who_left(day).filter(pk=self.pk, has_left=True).exists()

    def _get_session_auth_hash(self, secret=None) -> str:
        bound = f"{self.password}:{self.session_epoch}"
        return salted_hmac("units.User.sessions", bound, secret=secret, algorithm="sha256").hexdigest()

    def has_perm(self, perm: str, obj=None) -> bool:
        """Asks the table of namkhong/permissions.py. Raises LookupError for a name that is not in it."""
        if not rules.perm_exists(perm):
            raise LookupError(f"no permission is called {perm}")
        return self.is_active and rules.has_perm(perm, self.acting_in(perm.partition(".")[0]), obj)

    def acting_in(self, function: str) -> "User":
        """The person with only the posts that reach this function (“pledges”, “reports”, …): who signs by order or by
        authority acts only in what the document gives him. Himself where no post is limited.
        """
        reaching = _reaching(self.posts_today, function)
        if len(reaching) == len(self.posts_today):
            return self
        limited = copy.copy(self)
        limited.__dict__ |= {"posts_today": reaching, "limited_to": function}
        return limited

    @cached_property
    def today(self) -> date:
        """The day this request works on: the same from its first query to its last."""
        return clock.today()

    @cached_property
    def posts_today(self) -> list[Post]:
        """Posts held today with their units; one query, read again at every request (rule R21).

        Each carries what the appointment adds: `appointment_id`, `manner` (Appointment.Manner) and `functions`, the
        list of functions it is limited to, empty for all. A post held in two manners comes twice.
        """
        held: list[Any] = _POSTS_HELD.all(user=self.pk, on=self.today)
        function = vars(self).get("limited_to")
        return _reaching(held, function) if function else held

    def read_posts_again(self) -> None:
        """After a wait in which an act may have ended them (rule R06): the next question asks the database."""
        vars(self).pop("posts_today", None)

    def posts_if_read(self) -> list[Post] | None:
        """`posts_today` where this request has read them. (`vars` of `request.user` would see its lazy wrapper.)"""
        return vars(self).get("posts_today")

    def posts_of(self, *kinds: str) -> list[Post]:
        return [post for post in self.posts_today if post.kind in kinds]

    def post_in(self, unit_id: int, *kinds: str) -> Post | None:
        return next((post for post in self.posts_of(*kinds) if post.unit_id == unit_id), None)

    @property
    def works_for_home_affairs(self) -> bool:
        """In a post of Home Affairs, or head or deputy of the agency whose posts these are: he signs the roll-up."""
        leaders = self.posts_of(Post.Kind.HEAD, Post.Kind.DEPUTY)
        return bool(self.posts_of(Post.Kind.HOME_AFFAIRS)) or any(
            vars(post)["at_home_affairs"] for post in leaders
        )

    @property
    def leads_the_province(self) -> bool:
        """Leadership, the Standing Committee, and head or deputy of the unit above all, also in a head's stead."""
        leaders = self.posts_of(Post.Kind.HEAD, Post.Kind.DEPUTY)
        return bool(self.posts_of(Post.Kind.LEADERSHIP, Post.Kind.STANDING_COMMITTEE)) or any(
            vars(post)["at_root"] for post in leaders
        )

    def units_above(self) -> list[int]:
        """Keys of the unit where the person works today and of all above it."""
        employment = self.employments.on(self.today).values_list("unit_id", flat=True).first()
        return ancestor_ids(employment, self.today) if employment else []

    def units_in_charge(self, *kinds: str) -> set[int]:
        """Keys of the units where the person holds one of these posts (head, clerk by default), and of all below."""
        posts = self.posts_of(*(kinds or (Post.Kind.HEAD, Post.Kind.CLERK)))
        return subtree_ids({post.scope_id or post.unit_id for post in posts}, self.today)

    def units_read(self, *kinds: str) -> set[int]:
        """Those, with the units that had ended and in whose place one of them stands. For reading alone; one query."""
        posts = self.posts_of(*(kinds or (Post.Kind.HEAD, Post.Kind.CLERK)))
        return readable_ids({post.scope_id or post.unit_id for post in posts}, (), self.today)

    @property
    def leads_a_line(self) -> bool:
        """Head or clerk of an authority that is the professional superior of some unit today; no query of its own."""
        return any(vars(post)["at_authority"] for post in self.posts_of(Post.Kind.HEAD, Post.Kind.CLERK))

    def units_in_line(self) -> set[int]:
        """Keys of the units in the professional line of where the person is head or clerk, and of those in whose place
        they stand: he reads their papers and totals and takes no step. One query, none for people of other units.
        """
        posts = self.posts_of(Post.Kind.HEAD, Post.Kind.CLERK)
        return readable_ids((), {post.unit_id for post in posts if vars(post)["at_authority"]}, self.today)


def _reaching(posts: list[Any], function: str) -> list[Any]:
    limits = [(post, vars(post)["functions"]) for post in posts]
    return [post for post, functions in limits if not functions or function in functions]
