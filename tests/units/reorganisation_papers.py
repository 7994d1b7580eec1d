"""Pledges, plans and reports in the made-up province of `organisation`, and what no act may do to them.

Importing this module enters a settler, two invariants and the rows that a correction must bring back exactly.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

from campaigns.models import Campaign, Indicator, PlanVersion, UnitPlan
from ledger import clock
from ledger.canonical import digest
from pledges.models import Pledge, PledgeText, SelfReview
from pledges.movers import OPEN
from pledges.reviewmovers import OPEN as OPEN_REVIEWS
from pledges.standing import places, units_above
from reports import board, versions
from reports.models import Figure, ReportingRound, ReportVersion, UnitReport
from tests.units.organisation import (
    FIRST,
    INVARIANTS,
    MORE_ROWS,
    SETTLERS,
    Invariant,
    World,
)
from units.models import Category, Placement, Reorganisation, Unit, User

SENT = (UnitReport.Status.SUBMITTED, UnitReport.Status.RETURNED, UnitReport.Status.ACCEPTED)
MOMENT = datetime.combine(FIRST, time(9), clock.VIETNAM)


def settle(world: World) -> None:
    """A campaign with two rounds; papers of people and units in any state."""
    campaign = Campaign.objects.create(
        code="2607",
        decision_on=FIRST,
        since=FIRST,
        report_due_month=11,
        report_due_day=15,
    )
    _settle_pledges(world, campaign)
    _settle_plans(world, campaign)
    _settle_reports(world, campaign)


def _settle_pledges(world: World, campaign: Campaign) -> None:
    text = PledgeText.objects.create(
        campaign=campaign, version=1, subject="", intro="", own_words_label="", closing=""
    )
    states = st.sampled_from(Pledge.Status.values)
    rows = []
    for user_id, place in sorted(places(User.objects.values("pk"), FIRST).items()):
        if place.signing_unit_id is None:
            continue
        content = {"person": user_id, "unit": place.path[0], "signing_unit": place.signing_unit_id}
        rows.append(
            Pledge(
                campaign=campaign, year=FIRST.year, user_id=user_id, unit_id=place.path[0],
                signing_unit_id=place.signing_unit_id, category=Category.VIEN_CHUC, text=text, content=content,
                sha256=digest(content), status=world.draw(states), signed_at=MOMENT, completed_at=MOMENT,
                check_code=f"{user_id}",
            )
        )  # fmt: skip
    Pledge.objects.bulk_create(rows)
    _settle_reviews(world)
    _settle_pledges_of_units(world, campaign, text)


def _settle_pledges_of_units(world: World, campaign: Campaign, text: PledgeText) -> None:
    """Of units with papers of their own, to the head above; some of them no longer in today's words."""
    ladder = units_above(Unit.objects.values_list("pk", flat=True), FIRST)
    with_papers = set(Placement.objects.filter(own_papers=True).values_list("unit_id", flat=True))
    states = st.sampled_from(Pledge.Status.values)
    rows = []
    for unit_id, above in sorted(ladder.items()):
        if above is None or unit_id not in with_papers or not world.chance(2):
            continue
        content = {"collective": unit_id, "signing_unit": above}
        rows.append(
            Pledge(
                campaign=campaign, year=FIRST.year, user=world.planner, kind=Pledge.Kind.COLLECTIVE, unit_id=unit_id,
                signing_unit_id=above, category=Category.VIEN_CHUC, text=text, content=content, sha256=digest(content),
                status=world.draw(states), signed_at=MOMENT, completed_at=MOMENT, check_code=f"u{unit_id}",
                stale_since=MOMENT if world.chance(3) else None,
            )
        )  # fmt: skip
    Pledge.objects.bulk_create(rows)


def _settle_reviews(world: World) -> None:
    """Of some of these pledges, in any state."""
    states = st.sampled_from(SelfReview.Status.values)
    SelfReview.objects.bulk_create(
        SelfReview(
            pledge=pledge, signing_unit=pledge.signing_unit, answers=[], status=world.draw(states), sent_at=MOMENT,
            sha256=pledge.sha256,
        )
        for pledge in Pledge.objects.select_related("signing_unit").order_by("pk")
        if world.chance(2)
    )  # fmt: skip


def _settle_plans(world: World, campaign: Campaign) -> None:
    for unit in Unit.objects.order_by("pk"):
        if not world.chance(2):
            continue
        status = world.draw(st.sampled_from(UnitPlan.Status.values))
        plan = UnitPlan.objects.create(
            campaign=campaign, unit=unit, year=FIRST.year + world.draw(st.integers(0, 1)), status=status,
            submitted_at=MOMENT, created_by=world.planner,
        )  # fmt: skip
        content = {"unit": unit.public_id}
        PlanVersion.objects.create(
            plan=plan, number=1, content=content, sha256=digest(content), sent_at=MOMENT
        )


def _settle_reports(world: World, campaign: Campaign) -> None:
    indicator = Indicator.objects.create(
        campaign=campaign, order=1, code="meetings", number="1", annex="II", annex_title="", label="Hội nghị"
    )
    for number, days in enumerate((30, 150)):
        due = FIRST + timedelta(days=days)
        asked = ReportingRound.objects.create(
            campaign=campaign, code=f"R{number}", name=f"Kỳ {number}", year=FIRST.year, data_since=FIRST,
            data_until=due, opens_on=FIRST, due_on=due,
        )  # fmt: skip
        for unit in Unit.objects.order_by("pk"):
            if world.chance(2):
                _settle_report(world, asked, unit, indicator)


def _settle_report(world: World, asked: ReportingRound, unit: Unit, indicator: Indicator) -> None:
    status = world.draw(st.sampled_from(UnitReport.Status.values))
    sent = MOMENT if status in SENT else None
    report = UnitReport.objects.create(
        round=asked, unit=unit, status=status, sent_at=sent, first_sent_at=sent, created_by=world.planner,
        accepted_at=MOMENT if status == UnitReport.Status.ACCEPTED else None,
    )  # fmt: skip
    version = ReportVersion.objects.create(report=report, number=1)
    Figure.objects.create(version=version, indicator=indicator, typed=world.draw(st.integers(0, 50)))
    if sent:
        version.sealed_at = sent
        ReportVersion.objects.filter(pk=version.pk).update(sealed_at=sent, sha256=versions.sha256(version))


# --- What must hold


def _papers(world: World, days: list[date]) -> dict[str, Any]:
    """All that an act may not touch: how many there are, what was signed and sealed, in which state, by whom."""
    sealed = list(
        ReportVersion.objects.filter(sealed_at__isnull=False).select_related("report__round", "report__unit")
    )
    assert all(versions.sha256(row) == row.sha256 for row in sealed), "what was sealed still has its hash"
    assert all(digest(row.content) == row.sha256 for row in Pledge.objects.all())
    return {
        "pledges": sorted(
            Pledge.objects.values_list(
                "pk", "user", "year", "unit", "kind", "sha256", "status", "round", "signed_at", "stale_since"
            )
        ),
        "reviews": sorted(
            SelfReview.objects.values_list("pk", "pledge", "sha256", "status", "round", "sent_at")
        ),
        "plans": sorted(UnitPlan.objects.values_list("pk", "campaign", "year", "status")),
        "plan versions": sorted(PlanVersion.objects.values_list("pk", "plan", "sha256")),
        "reports": sorted(UnitReport.objects.values_list("pk", "round", "status")),
        "sealed": sorted((row.pk, row.report_id, row.sha256) for row in sealed),
        "figures": sorted(Figure.objects.values_list("pk", "version", "typed")),
    }


def _as_they_were(before: dict, after: dict, on: date) -> None:
    assert after == before


def _confirmers(world: World, days: list[date]) -> list[str]:
    """Open pledges and reviews whose confirming unit has ended, and which no act named in a warning."""
    warned = " ".join(
        sentence
        for lines in Reorganisation.objects.filter(status="done").values_list("report", flat=True)
        for line in lines
        for sentence in line["warnings"]
    )
    waiting = Pledge.objects.filter(status__in=OPEN).select_related("signing_unit")
    reviews = SelfReview.objects.filter(status__in=OPEN_REVIEWS).select_related("signing_unit")
    return [
        f"{type(row).__name__} {row.pk}"
        for row in [*waiting, *reviews]
        if not row.signing_unit.holds(world.day) and row.signing_unit.name not in warned
    ]


def _every_open_pledge_has_a_confirmer(before: list[str], after: list[str], on: date) -> None:
    assert after == []


def _boards(world: World, days: list[date]) -> list[str]:
    """Reports that stand twice on the board of a round."""
    twice = []
    for asked in ReportingRound.objects.all():
        shown = [row.report.pk for row in board.standing(asked, world.day) if row.report]
        twice += [f"{asked}: {pk}" for pk in set(shown) if shown.count(pk) > 1]
    return twice


def _no_report_counts_twice(before: list[str], after: list[str], on: date) -> None:
    assert after == []


def rows() -> dict[str, Any]:
    """Whose the papers are: what a correction brings back."""
    return {
        "Pledge": sorted(Pledge.objects.values_list("pk", "signing_unit")),
        "SelfReview": sorted(SelfReview.objects.values_list("pk", "signing_unit")),
        "UnitPlan": sorted(UnitPlan.objects.values_list("pk", "unit")),
        "UnitReport": sorted(UnitReport.objects.values_list("pk", "unit")),
    }


SETTLERS.append(settle)
MORE_ROWS.append(rows)
INVARIANTS += [
    Invariant("papers", _papers, _as_they_were),
    Invariant("confirmers", _confirmers, _every_open_pledge_has_a_confirmer),
    Invariant("boards", _boards, _no_report_counts_twice),
]
