"""A person's own pledges, as his pages read them: what `visible_to` gives everybody of himself, by queries written once
(`ledger.prepared`), because a morning of 30,000 people reads nothing else.
"""

from ledger.prepared import Prepared
from pledges.models import PaperJob, Pledge, Refusal
from units.models import User

_ONE = Prepared(
    lambda *, public_id, user: Pledge.objects.filter(public_id=public_id, user=user).select_related(
        "user", "unit", "signing_unit", "paper", "evidence"
    )
)
_OF_YEAR = Prepared(
    lambda *, user, year: (
        Pledge.objects.personal()
        .filter(user=user, year=year)
        .select_related("signing_unit")
        .order_by("-campaign__since", "-pk")[:1]
    )
)
_REFUSAL = Prepared(
    lambda *, user, year: Refusal.objects.filter(user=user, year=year, ended_at__isnull=True).order_by("pk")[
        :1
    ]
)
_OTHER_YEARS = Prepared(
    lambda *, user, pledge: (
        Pledge.objects.personal().filter(user=user).exclude(pk=pledge).order_by("-year", "-pk")
    )
)
_OTHER_YEARS_OF_UNITS = Prepared(
    lambda *, user, pledge: (
        Pledge.objects.filter(user=user, kind="collective").exclude(pk=pledge).order_by("-year", "-pk")
    )
)
_LATEST_JOB = Prepared(lambda *, pledge: PaperJob.objects.filter(pledge=pledge).order_by("-pk")[:1])


def sees_only_his_own(user: User) -> bool:
    """Whoever holds no post: `Pledge.objects.visible_to` of him is what is his."""
    return not user.posts_today


def one(user: User, public_id: str) -> Pledge | None:
    return _ONE.first(public_id=public_id, user=user.pk)


def of_this_year(user: User) -> Pledge | None:
    """Of the campaign that runs."""
    return _OF_YEAR.first(user=user.pk, year=user.today.year)


def refusal(user: User) -> Refusal | None:
    """That he does not sign this year, while it stands."""
    return _REFUSAL.first(user=user.pk, year=user.today.year)


def other_years(pledge: Pledge) -> list[Pledge]:
    """Those of the same kind that its person made, latest first."""
    alike = _OTHER_YEARS_OF_UNITS if pledge.kind == Pledge.Kind.COLLECTIVE else _OTHER_YEARS
    return alike.all(user=pledge.user_id, pledge=pledge.pk)


def latest_job(pledge: Pledge) -> PaperJob | None:
    return _LATEST_JOB.first(pledge=pledge.pk)
