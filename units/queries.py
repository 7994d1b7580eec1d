from collections.abc import Iterable
from datetime import date

from django.contrib.auth.models import BaseUserManager
from django.db import connection, models
from django.db.models import Q

DOWN = """
WITH RECURSIVE below(unit_id) AS (
    SELECT unit_id FROM units_placement
     WHERE unit_id IN ({marks}) AND since <= %s AND (until IS NULL OR until > %s)
    UNION
    SELECT child.unit_id FROM units_placement child JOIN below ON child.parent_id = below.unit_id
     WHERE child.since <= %s AND (child.until IS NULL OR child.until > %s)
) SELECT unit_id FROM below
"""

UP = """
WITH RECURSIVE above(unit_id, parent_id, depth) AS (
    SELECT unit_id, parent_id, 0 FROM units_placement
     WHERE unit_id = %s AND since <= %s AND (until IS NULL OR until > %s)
    UNION
    SELECT p.unit_id, p.parent_id, above.depth + 1 FROM units_placement p JOIN above ON p.unit_id = above.parent_id
     WHERE p.since <= %s AND (p.until IS NULL OR p.until > %s) AND above.depth < 50
) SELECT unit_id FROM above ORDER BY depth
"""


def subtree_ids(unit_ids: Iterable[int], on: date) -> set[int]:
    """The units given and all below them on that day; one query."""
    keys = sorted(set(unit_ids))
    if not keys:
        return set()
    marks = ", ".join(["%s"] * len(keys))
    with connection.cursor() as cursor:
        cursor.execute(DOWN.format(marks=marks), [*keys, on, on, on, on])
        return {row[0] for row in cursor.fetchall()}


def ancestor_ids(unit_id: int, on: date) -> list[int]:
    """The unit itself, its parent, and so on up to the root; one query."""
    with connection.cursor() as cursor:
        cursor.execute(UP, [unit_id, on, on, on, on])
        return [row[0] for row in cursor.fetchall()]


# Whoever sees a slip could use it: codes of those who sign for others are given out by Home Affairs alone.
GUARDED_POSTS = (
    "head",
    "deputy",
    "union_chair",
    "home_affairs",
    "leadership",
    "standing_committee",
    "inspector",
)


def in_force(on: date, prefix: str = "") -> Q:
    """Rows whose half-open period [since, until) holds the day `on`."""
    return Q(**{f"{prefix}since__lte": on}) & (
        Q(**{f"{prefix}until__isnull": True}) | Q(**{f"{prefix}until__gt": on})
    )


class PeriodQuerySet(models.QuerySet):
    """Rows true from `since` until (and without) `until`."""

    def on(self, day: date):
        return self.filter(in_force(day))


class UnitQuerySet(PeriodQuerySet):
    def visible_to(self, user):
        """The tree of public agencies is no secret inside the administration: every signed-in official sees it."""
        return self if user.is_authenticated else self.none()


class EmploymentQuerySet(PeriodQuerySet):
    def counted(self):
        """Those that head-counts are made of: contracts that Sở Nội vụ has ruled out are not."""
        return self.filter(Q(contract__isnull=True) | Q(contract__counts=True))


class ReorganisationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Who succeeded whom is public inside the administration; what is only planned is for Home Affairs to see."""
        if not user.is_authenticated:
            return self.none()
        return self if user.works_for_home_affairs else self.filter(status__in=("done", "annulled"))


class RosterUploadQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Home Affairs sees all; heads and clerks those of their branches."""
        if not user.is_authenticated:
            return self.none()
        return self if user.works_for_home_affairs else self.filter(unit_id__in=user.units_in_charge())


class UserQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Oneself, and the people of the units one heads or keeps the papers of; Home Affairs sees all."""
        if not user.is_authenticated:
            return self.none()
        if user.works_for_home_affairs:
            return self
        units = user.units_in_charge()
        mine = Q(pk=user.pk)
        if units:
            day = user.today
            mine |= Q(employments__unit_id__in=units) & in_force(day, "employments__")
        return self.filter(pk__in=self.model._base_manager.filter(mine).values("pk"))

    def without_posts(self, *kinds: str, on: date):
        holding = self.model._base_manager.filter(
            in_force(on, "appointments__"), appointments__post__kind__in=kinds
        )
        return self.exclude(pk__in=holding.values("pk"))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username):
        return self.get(username=username)
