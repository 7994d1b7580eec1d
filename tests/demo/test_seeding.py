"""The demo province holds together: its rows agree with one another and with the rules."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest

from campaigns.content import content_of
from campaigns.models import PlanVersion, UnitPlan
from ledger import clock
from ledger.canonical import digest
from ledger.models import Event
from namkhong.demo.dice import start_of
from pledges.models import Pledge, Signature
from reports import board, figures, sheet, versions
from reports.models import ReportingRound, ReportVersion, UnitReport
from reports.rollup import manifest
from tests.demo.provinces import FEW, LOADS, ON
from units import roster, tree
from units.models import Appointment, Category, Employment, Post, Unit, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


# --- People


def test_there_are_as_many_people_as_asked_for_and_all_are_made_up():
    assert User.objects.count() == FEW
    assert not User.objects.filter(is_demo=False).exists()


def test_only_the_people_of_the_table_can_log_in(seeded):
    able = {user.username for user in User.objects.all() if user.has_usable_password()}
    assert able == {account["username"] for account in seeded.accounts}


def test_nobody_works_in_two_places_at_once():
    jobs: dict[int, list[Employment]] = {}
    for job in Employment.objects.order_by("user", "since"):
        jobs.setdefault(job.user_id, []).append(job)
    for mine in jobs.values():
        assert all(one.until is not None and one.until <= other.since for one, other in pairwise(mine))


def test_people_come_go_and_move():
    assert Employment.objects.filter(until__isnull=False).exists()
    assert Employment.objects.filter(since__gt=ON - timedelta(days=330)).exists()


def test_nobody_is_employed_before_the_unit_exists_or_after_today():
    for job in Employment.objects.select_related("unit"):
        assert job.unit.since <= job.since < ON
        assert job.until is None or job.until <= ON or job.ending == Employment.Ending.RETIRED, (
            "only a leave is known"
        )


def test_most_people_are_of_the_four_categories_as_in_a_province():
    counts = Counter(Employment.objects.values_list("category", flat=True))
    assert set(counts) == set(Category.values)


def test_every_unit_with_papers_has_head_and_clerk_but_the_vacant_ones():
    standing = tree.load(ON)
    vacant = []
    for row in standing.placements.values():
        if not row.own_papers:
            continue
        assert roster.holder(row.unit_id, Post.Kind.CLERK, ON), row.unit
        if roster.holder(row.unit_id, Post.Kind.HEAD, ON) is None:
            vacant.append(row.unit)
    assert len(vacant) == 2


def test_a_head_post_has_one_holder_at_a_time():
    terms: dict[int, list[Appointment]] = {}
    occupying = Appointment.objects.filter(manner__in=Appointment.OCCUPYING, post__kind=Post.Kind.HEAD)
    for term in occupying.order_by("post", "since"):
        terms.setdefault(term.post_id, []).append(term)
    for mine in terms.values():
        assert all(one.until is not None and one.until <= other.since for one, other in pairwise(mine))


def test_posts_over_the_whole_province_say_so():
    root = Unit.objects.get(kind=Unit.Kind.PROVINCE)
    wide = Post.objects.filter(kind__in=["home_affairs", "leadership", "standing_committee"])
    assert {post.scope_id for post in wide} == {root.pk}
    holding = Appointment.objects.filter(until__isnull=True).values_list("post__kind", flat=True)
    counts = Counter(holding)
    assert (counts["home_affairs"], counts["leadership"], counts["standing_committee"]) == (4, 3, 2)


# --- Every state


def test_pledges_stand_in_every_state():
    assert set(Pledge.objects.filter(year=ON.year).values_list("status", flat=True)) == set(
        Pledge.Status.values
    )
    employed = Employment.objects.on(ON).values("user")
    assert User.objects.filter(pk__in=employed).exclude(pledges__year=ON.year).exists()


def test_plans_stand_in_every_state():
    assert set(UnitPlan.objects.filter(year=ON.year).values_list("status", flat=True)) == set(
        UnitPlan.Status.values
    )
    assert UnitPlan.objects.filter(year=ON.year).count() < len(tree.load(ON).owing("plan_duty"))


def test_reports_of_this_year_stand_in_every_state_and_some_are_late():
    rows = board.standing(ReportingRound.objects.get(year=ON.year), ON)
    assert {row.state for row in rows} == {*UnitReport.Status.values, board.NOT_BEGUN}
    assert any(row.is_sent and row.days_late for row in rows)


def test_last_years_reports_are_all_accepted_but_a_few_that_never_came():
    rows = board.standing(ReportingRound.objects.get(year=ON.year - 1), ON)
    states = Counter(row.state for row in rows)
    assert set(states) == {UnitReport.Status.ACCEPTED, board.NOT_BEGUN}
    assert states[board.NOT_BEGUN] <= len(rows) / 10


def test_both_rounds_can_be_compiled():
    """Their days are over, so the portal finds them due on its first start."""
    for reporting_round in ReportingRound.objects.all():
        assert reporting_round.due_on < ON
        found = manifest.gather(reporting_round)
        assert found["demo"] is True
        assert found["author"]["name"] == "Sở Nội vụ"
        assert found["figures"]["accepted"] > 0


# --- What was signed is what is stored


def test_pledges_and_signatures_carry_the_digest_of_the_record():
    for pledge in Pledge.objects.prefetch_related("signatures"):
        assert digest(pledge.content) == pledge.sha256
        now = [row for row in pledge.signatures.all() if row.round == pledge.round]
        assert now
        assert {row.sha256 for row in now} == {pledge.sha256}


def test_complete_pledges_have_the_confirmations_of_their_day():
    parties: dict[int, set[str]] = {}
    for row in Signature.objects.all():
        parties.setdefault(row.pledge_id, set()).add(row.party)
    complete = Pledge.objects.filter(status=Pledge.Status.COMPLETE)
    assert all({"official", "head"} <= parties[pledge.pk] for pledge in complete)
    assert any("union" in parties[pledge.pk] for pledge in complete)


def test_nobody_confirms_his_own_pledge():
    others = Signature.objects.exclude(party=Signature.Party.OFFICIAL).select_related("pledge")
    assert others
    assert all(row.user_id != row.pledge.user_id for row in others)


def test_heads_confirm_while_they_hold_the_post():
    for row in Signature.objects.filter(party="head").select_related("post", "pledge"):
        day = clock.local(row.at).date()
        holder = roster.holder(row.pledge.signing_unit_id, Post.Kind.HEAD, day)
        assert holder is not None
        assert (holder.user_id, holder.post_id) == (row.user_id, row.post_id)


def test_plans_are_kept_as_they_were_sent():
    assert all(digest(row.content) == row.sha256 for row in PlanVersion.objects.all())
    sent = UnitPlan.objects.exclude(content_hash="")
    assert sent
    assert all(digest(content_of(plan)) == plan.content_hash for plan in sent)


def test_sealed_reports_carry_the_hash_of_their_content():
    sealed = ReportVersion.objects.filter(sealed_at__isnull=False)
    assert sealed
    assert all(versions.sha256(version) == version.sha256 for version in sealed)


# --- Figures


def test_computed_figures_are_what_the_portal_counts():
    for report in UnitReport.objects.select_related("round__campaign", "unit"):
        counted = Event.objects.of("reports.unitreport", report.public_id)
        last = counted.filter(kind__in=["reports.unitreport.begin", "reports.unitreport.refresh"]).last()
        counts = figures.live_counts(report.round, report.unit, clock.local(last.at).date())
        for row in sheet.figures_of(report.current()):
            assert row.computed == figures.computed(row.indicator, row.category, counts), (report, row)


def test_no_report_contradicts_itself():
    for version in ReportVersion.objects.all():
        assert figures.faults(sheet.figures_of(version)) == []


def test_typed_figures_go_on_from_year_to_year():
    """Who publishes many procedures in one year does so in the next."""
    pairs = 0
    for report in UnitReport.objects.filter(round__year=ON.year).select_related("round"):
        before = sheet.year_before(report)
        now, then = _value(report.current(), "procedures_published"), _value(before, "procedures_published")
        if now is not None and then is not None:
            assert abs(now - then) <= 10
            pairs += 1
    assert pairs > 20


def _value(version: ReportVersion | None, code: str) -> int | None:
    return next((row.value for row in sheet.figures_of(version) if row.indicator.code == code), None)


# --- The log


def test_nothing_happens_on_the_day_itself_or_later():
    end = start_of(ON)
    happened = Event.objects.exclude(kind__in=LOADS)
    assert happened
    assert all(event.at < end for event in happened)
    assert all(moment < end for moment in UnitReport.objects.values_list("created_at", flat=True))


@pytest.mark.parametrize(
    ("model", "kind"),
    [(Pledge, "pledges.pledge"), (UnitPlan, "campaigns.unitplan"), (UnitReport, "reports.unitreport")],
)
def test_every_state_is_the_end_of_its_history(model, kind):
    for row in model.objects.all():
        acts = list(Event.objects.of(kind, row.public_id))
        states = [one.data["to"] for one in acts if "to" in one.data] or ["draft"]
        assert states[-1] == row.status
        assert row.version == len(acts)


def test_nobody_reviews_what_he_wrote():
    for report in UnitReport.objects.all():
        acts = Event.objects.of("reports.unitreport", report.public_id)
        wrote = set(acts.filter(kind__endswith="submit").values_list("person_id", flat=True))
        decided = set(acts.filter(kind__endswith="accept").values_list("person_id", flat=True))
        assert not wrote & decided
