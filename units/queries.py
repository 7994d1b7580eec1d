from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import Any

from django.contrib.auth.models import BaseUserManager
from django.db import connection, models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.db.models.functions import Coalesce

from ledger.prepared import Statement

DOWN = """
WITH RECURSIVE below(unit_id) AS (
    SELECT unit_id FROM units_placement
     WHERE unit_id IN ({marks}) AND since <= %s AND (until IS NULL OR until > %s)
    UNION
    SELECT child.unit_id FROM units_placement child JOIN below ON child.parent_id = below.unit_id
     WHERE child.since <= %s AND (child.until IS NULL OR child.until > %s)
) SELECT unit_id FROM below
"""

UP = Statement(
    "read_units_above",
    """
WITH RECURSIVE above(unit_id, parent_id, own_papers, depth) AS (
    SELECT unit_id, parent_id, own_papers, 0 FROM units_placement
     WHERE unit_id = %s AND since <= %s AND (until IS NULL OR until > %s)
    UNION
    SELECT p.unit_id, p.parent_id, p.own_papers, above.depth + 1
      FROM units_placement p JOIN above ON p.unit_id = above.parent_id
     WHERE p.since <= %s AND (p.until IS NULL OR p.until > %s) AND above.depth < 50
) SELECT unit_id, own_papers FROM above ORDER BY depth
""",
)

# Papers that may be read: of the branches given, of the units in a professional line of authorities given, and of units
# that ended and whose place any of these took.
READABLE = """
WITH RECURSIVE below(unit_id) AS (
    SELECT unit_id FROM units_placement
     WHERE unit_id IN ({tops}) AND since <= %s AND (until IS NULL OR until > %s)
    UNION
    SELECT child.unit_id FROM units_placement child JOIN below ON child.parent_id = below.unit_id
     WHERE child.since <= %s AND (child.until IS NULL OR child.until > %s)
), known(unit_id) AS (
    SELECT unit_id FROM below
    UNION
    SELECT unit_id FROM units_professionalline
     WHERE authority_id IN ({authorities}) AND since <= %s AND (until IS NULL OR until > %s)
    UNION
    SELECT s.predecessor_id FROM units_succession s JOIN known ON s.successor_id = known.unit_id
      JOIN units_unit u ON u.id = s.predecessor_id
     WHERE NOT s.annulled AND u.until IS NOT NULL AND u.until <= %s
) SELECT unit_id FROM known
"""


# Answers of this module for one page that asks the same about many people (`remembering`); None: nothing is kept.
_answers: ContextVar[dict[Any, Any] | None] = ContextVar("answers", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Within the block the tree is asked each question once. For reading one page, never around an act (rule R21)."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def once(question: Any, answer: Callable[[], Any]) -> Any:
    """The answer to a question that `remembering` keeps; outside of it asked every time."""
    known = _answers.get()
    if known is None:
        return answer()
    if question not in known:
        known[question] = answer()
    return known[question]


def subtree_ids(unit_ids: Iterable[int], on: date) -> set[int]:
    """The units given and all below them on that day; one query."""
    keys = sorted(set(unit_ids))
    return set(once(("down", *keys, on), lambda: _below(keys, on))) if keys else set()


def _below(keys: list[int], on: date) -> set[int]:
    marks = ", ".join(["%s"] * len(keys))
    with connection.cursor() as cursor:
        cursor.execute(DOWN.format(marks=marks), [*keys, on, on, on, on])
        return {row[0] for row in cursor.fetchall()}


def readable_ids(tops: Iterable[int], authorities: Iterable[int], on: date) -> set[int]:
    """The units below `tops` and those in the professional line of `authorities`, with the ended units in whose place
    any of them stands: the successor sees the predecessor's papers. One query.
    """
    above, lines = sorted(set(tops)), sorted(set(authorities))
    if not above and not lines:
        return set()
    marks = {
        "tops": ", ".join(["%s"] * len(above)) or "NULL",
        "authorities": ", ".join(["%s"] * len(lines)) or "NULL",
    }
    with connection.cursor() as cursor:
        cursor.execute(READABLE.format(**marks), [*above, on, on, on, on, *lines, on, on, on])
        return {row[0] for row in cursor.fetchall()}


def ancestor_ids(unit_id: int, on: date) -> list[int]:
    """The unit itself, its parent, and so on up to the root; one query."""
    return [step for step, _issues in ancestor_steps(unit_id, on)]


def ancestor_steps(unit_id: int, on: date) -> list[tuple[int, bool]]:
    """The same, each with whether it issues papers of its own that day; one query."""
    return list(once(("up", unit_id, on), lambda: _above(unit_id, on)))


def _above(unit_id: int, on: date) -> list[tuple[int, bool]]:
    with connection.cursor() as cursor:
        UP.execute(cursor, [unit_id, on, on, on, on])
        return [(row[0], bool(row[1])) for row in cursor.fetchall()]


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


def overlapping(since: date, until: date | None, prefix: str = "") -> Q:
    """Rows that share a day with [since, until). Annulled rows (both days equal) hold none."""
    rows = (Q(**{f"{prefix}until__isnull": True}) | Q(**{f"{prefix}until__gt": since})) & ~Q(
        **{f"{prefix}until": F(f"{prefix}since")}
    )
    return rows & Q(**{f"{prefix}since__lt": until}) if until else rows


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

    def visible_to(self, user):
        """Who works where is for the person, the heads and clerks at or above the unit, and Home Affairs."""
        if not user.is_authenticated:
            return self.none()
        user = user.acting_in("units")
        if user.works_for_home_affairs:
            return self
        return self.filter(Q(user_id=user.pk) | Q(unit_id__in=user.units_in_charge()))

    def named(self, typed: str, key: str):
        """`key` is the search key of what was typed: a part of the name without accents, or the whole code."""
        return self.filter(Q(user__search_key__contains=key) | Q(user__username=typed.upper()))


class PostQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Who holds which post is no secret inside the administration."""
        return self if user.is_authenticated else self.none()


class AppointmentQuerySet(PeriodQuerySet):
    def out_of_reach_in(self, unit_id: int, on: date):
        """By order or by authority of a head who does not stand above that unit on that day: who works there may not go
        on with it. A deputy signs for his head wherever he works.
        """
        above = ancestor_ids(unit_id, on)
        return self.filter(manner__in=("by_order", "by_authority")).exclude(post__unit_id__in=above)

    def visible_to(self, user):
        return self if user.is_authenticated else self.none()


class AbsenceQuerySet(PeriodQuerySet):
    def visible_to(self, user):
        """Why a person is away is for himself and for those who keep him on a roster."""
        people: Any = self.model._meta.get_field("user").related_model
        return self.filter(user__in=people.objects.visible_to(user).values("pk"))


class SettingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What Sở Nội vụ decided for all is read by all inside the administration."""
        return self if user.is_authenticated else self.none()


class ReorganisationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Who succeeded whom is public inside the administration; what is only planned is for Home Affairs to see."""
        if not user.is_authenticated:
            return self.none()
        may = user.acting_in("units").works_for_home_affairs
        return self if may else self.filter(status__in=("done", "annulled"))


class FactorResetQuerySet(models.QuerySet):
    def open(self):
        return self.filter(granted_by__isnull=True, closed_by__isnull=True)

    def visible_to(self, user):
        """A matter of Home Affairs; nobody sees what is asked for himself, so that nobody decides on it."""
        if not user.is_authenticated or not user.acting_in("units").works_for_home_affairs:
            return self.none()
        return self.exclude(user_id=user.pk)


class RosterUploadQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Home Affairs sees all; heads and clerks those of their branches."""
        if not user.is_authenticated:
            return self.none()
        user = user.acting_in("units")
        return self if user.works_for_home_affairs else self.filter(unit_id__in=user.units_in_charge())


class UserQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Oneself, and the people of the units one heads or keeps the papers of; Home Affairs sees all."""
        if not user.is_authenticated:
            return self.none()
        user = user.acting_in("units")
        if user.works_for_home_affairs:
            return self
        units = user.units_in_charge()
        mine = Q(pk=user.pk)
        if units:
            day = user.today
            mine |= Q(employments__unit_id__in=units) & in_force(day, "employments__")
        return self.filter(pk__in=self.model._base_manager.filter(mine).values("pk"))

    def knowing_who_left(self, on: date):
        """Adds `has_left`: the person was employed before that day, is not on it, and nothing is to come."""
        employment: Any = self.model._meta.get_field("employments").related_model
        rows = employment._base_manager.filter(user=OuterRef("pk")).exclude(until=F("since"))
        ended, lasting = rows.filter(until__lte=on), rows.filter(Q(until__isnull=True) | Q(until__gt=on))
        gone = ExpressionWrapper(Exists(ended) & ~Exists(lasting), output_field=models.BooleanField())
        return self.annotate(has_left=gone)

    def with_codes_given_by(self, user):
        """Those whose one-time codes this person may see or renew, of all whom he keeps on a roster: not those who sign
        for others, nor clerks of units out of his own charge. Home Affairs: everybody.
        """
        user = user.acting_in("units")
        if user.works_for_home_affairs:
            return self
        held: Any = self.model._meta.get_field("appointments").related_model
        clerks = held._base_manager.filter(in_force(user.today), post__kind="clerk").annotate(
            reach=Coalesce("post__scope", "post__unit")
        )
        elsewhere = clerks.exclude(reach__in=user.units_in_charge())
        return self.without_posts(*GUARDED_POSTS, on=user.today).exclude(pk__in=elsewhere.values("user"))

    def without_posts(self, *kinds: str, on: date):
        holding = self.model._base_manager.filter(
            in_force(on, "appointments__"), appointments__post__kind__in=kinds
        )
        return self.exclude(pk__in=holding.values("pk"))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username):
        return self.get(username=username)
