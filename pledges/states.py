"""Where everybody's pledge of a year stands on a day, as part of one query over employments.

What the portal knows today of that day: a pledge that was returned, withdrawn or signed again since is no longer known
as it stood before. Each person is in exactly one state.
"""

from datetime import date

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)

from campaigns.models import Campaign
from ledger import clock
from pledges.models import Pledge, Refusal, Signature
from units.models import Absence
from units.queries import in_force

COMPLETE, AT_UNION, AT_HEAD = "complete", "at_union", "at_head"
RETURNED, WITHDRAWN, STALE, REFUSED, NONE = "returned", "withdrawn", "stale", "refused", "none"
# Signed: the words signed are those to sign, and nobody has sent them back.
SIGNED = (COMPLETE, AT_UNION, AT_HEAD)
# Still to sign, and reminded of it; who has refused is asked no more, and counted apart.
OPEN = (RETURNED, WITHDRAWN, STALE, NONE)
STATES = (*SIGNED, *OPEN, REFUSED)

_STATUS = Pledge.Status
_WORDS = CharField(max_length=12)


def with_states(rows: QuerySet, *, campaign: Campaign, year: int, on: date) -> QuerySet:
    """Adds to employments `owes` (a pledge that day), `state` and `channel` (how it was signed; of the signed alone).

    `made` is the person's pledge of the year, joined: one at most (constraint a_person_pledges_once_a_year).
    """
    made = FilteredRelation(
        "user__pledges",
        condition=Q(user__pledges__campaign=campaign, user__pledges__year=year)
        & ~Q(user__pledges__kind=Pledge.Kind.COLLECTIVE),
    )
    end = clock.end_of_day(on)
    return (
        rows.annotate(made=made)
        .annotate(
            owes=Case(When(owes_that_day(on), then=True), default=False, output_field=BooleanField()),
            state=_state(campaign, year, end),
        )
        .annotate(
            channel=Case(
                When(state__in=SIGNED, then=F("made__channel")), default=Value(""), output_field=_WORDS
            )
        )
    )


def owes_that_day(on: date) -> Q:
    """Of employments that count: without contracts that owe none, long leave and excuses (features O9, O10)."""
    away = Absence.objects.filter(in_force(on), user=OuterRef("user"))
    return (Q(contract__isnull=True) | Q(contract__pledges=True)) & ~Q(Exists(away))


def _state(campaign: Campaign, year: int, end) -> Case:
    """The first that fits."""
    signed = Q(made__signed_at__lt=end)
    stands = signed & (Q(made__stale_since__isnull=True) | Q(made__stale_since__gte=end))
    by_head = Exists(
        Signature.objects.filter(
            pledge=OuterRef("made__pk"),
            round=OuterRef("made__round"),
            party=Signature.Party.HEAD,
            at__lt=end,
        )
    )
    refused = Exists(
        Refusal.objects.filter(
            Q(ended_at__isnull=True) | Q(ended_at__gte=end),
            campaign=campaign,
            year=year,
            user=OuterRef("user"),
            at__lt=end,
        )
    )
    past_head = [_STATUS.AWAITING_UNION, _STATUS.COMPLETE]
    cases = [
        (stands & Q(made__status=_STATUS.COMPLETE, made__completed_at__lt=end), COMPLETE),
        (stands & Q(made__status__in=past_head) & Q(by_head), AT_UNION),
        (stands & Q(made__status__in=[_STATUS.AWAITING_HEAD, *past_head]), AT_HEAD),
        (Q(refused), REFUSED),
        (signed & Q(made__status=_STATUS.RETURNED), RETURNED),
        (signed & Q(made__status=_STATUS.WITHDRAWN), WITHDRAWN),
        (signed, STALE),
    ]
    return Case(
        *(When(fits, then=Value(word)) for fits, word in cases), default=Value(NONE), output_field=_WORDS
    )
