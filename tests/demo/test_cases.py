"""What the demo shows besides the usual: every way to hold a post, to be employed, to be away, to be reorganised."""

from datetime import date, timedelta

import pytest

from ledger import clock
from namkhong.demo import places
from namkhong.demo.dice import start_of
from pledges.models import Pledge
from tests.demo.provinces import ON
from units import roster, signing, tree
from units.models import (
    Absence,
    Appointment,
    Employment,
    Placement,
    Post,
    ProfessionalLine,
    Reorganisation,
    Succession,
    Unit,
    User,
)
from units.reorganisation.orders import Orders
from units.services import reorganise
from vietnamese.keys import search_key

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
Manner = Appointment.Manner


def unit(key: str) -> Unit:
    return Unit.objects.get(source_key=key)


def said_of_head(key: str) -> str:
    return signing.block(unit(key), None, ON, "pledges").said


# --- Posts


def test_a_school_has_an_acting_head_who_signs_with_q():
    assert said_of_head(places.ACTING_SCHOOL) == "Q. Hiệu trưởng"


def test_a_commune_without_a_head_has_a_deputy_in_charge_who_signs_with_kt():
    assert said_of_head(places.LEADERLESS) == "KT. Chủ tịch, Phó Chủ tịch"
    term = roster.holder(unit(places.LEADERLESS).pk, Post.Kind.HEAD, ON)
    assert term.user.appointments.on(ON).filter(post__kind=Post.Kind.DEPUTY).exists()


def test_what_they_confirmed_says_in_what_quality():
    confirmed = Pledge.objects.filter(
        signing_unit__source_key=places.LEADERLESS,
        signatures__party="head",
        signatures__at__gt=start_of(ON - timedelta(days=24)),
    )
    said = set(confirmed.values_list("signatures__post_title", flat=True))
    assert not said or "KT. Chủ tịch, Phó Chủ tịch" in said


@pytest.mark.parametrize(
    ("manner", "key", "said"),
    [
        (Manner.DEPUTISES, places.EDUCATION, "KT. Giám đốc, Phó Giám đốc"),
        (Manner.BY_AUTHORITY, places.HEALTH, "TUQ. Giám đốc, Cán bộ đầu mối"),
        (Manner.BY_ORDER, places.CONSTRUCTION, "TL. Giám đốc, Cán bộ đầu mối"),
    ],
)
def test_others_stand_in_beside_a_head_who_is_there(manner, key, said):
    term = Appointment.objects.on(ON).get(manner=manner)
    assert term.post.unit == unit(key)
    assert term.given_by.manner == Manner.HOLDER
    assert term.given_by.holds(ON)
    function = term.functions[0] if term.functions else "pledges"
    assert signing.block(term.post.unit, term.user, ON, function).said == said


def test_an_authority_has_its_document_its_scope_and_its_end():
    term = Appointment.objects.get(manner=Manner.BY_AUTHORITY)
    assert "GUQ" in term.document
    assert term.covers
    assert term.functions == ["pledges"]
    assert term.until > ON


def test_inspectors_are_members_of_a_team_by_decision_with_a_term():
    team = Appointment.objects.on(ON).filter(post__kind=Post.Kind.INSPECTOR)
    assert team.count() == 2
    assert all(term.document and term.until > ON and term.post.scope_id for term in team)


def test_one_person_keeps_the_papers_of_two_schools_and_counts_in_one():
    person = User.objects.get(job_title="Kế toán", appointments__post__unit=unit(places.MERGING_SCHOOLS[1]))
    posts = Appointment.objects.on(ON).filter(user=person)
    assert {term.post.unit.source_key for term in posts} == set(places.MERGING_SCHOOLS)
    assert Employment.objects.on(ON).get(user=person).unit == unit(places.MERGING_SCHOOLS[0])


# --- People


def test_somebody_is_seconded_and_paid_at_home():
    job = Employment.objects.on(ON).get(payroll_unit__isnull=False)
    assert (job.unit, job.payroll_unit) == (unit(places.EDUCATION), unit(places.ACTING_SCHOOL))
    before = Employment.objects.get(user=job.user, until=job.since)
    assert before.ending == Employment.Ending.SECONDED


def test_one_is_to_retire_and_one_who_had_left_is_back():
    school = unit(places.ACTING_SCHOOL)
    retiring = Employment.objects.on(ON).get(unit=school, ending=Employment.Ending.RETIRED)
    assert retiring.until and retiring.until > ON
    left = Employment.objects.get(unit=school, ending=Employment.Ending.LEFT, until__gt=date(2025, 7, 1))
    again = Employment.objects.on(ON).get(user=left.user)
    assert left.until and again.since > left.until
    assert not Pledge.objects.filter(
        user=left.user, signed_at__range=(start_of(left.until), start_of(again.since))
    )


def test_some_are_on_long_leave_some_excused_and_none_of_them_signs_meanwhile():
    away = Absence.objects.on(ON)
    assert set(away.values_list("kind", flat=True)) == set(Absence.Kind.values)
    assert all(absence.until and absence.until > ON for absence in away.filter(kind="excused"))
    for absence in away:
        signed = Pledge.objects.filter(user=absence.user, signed_at__gte=start_of(absence.since))
        assert not signed.exists()


def test_short_contracts_count_without_a_pledge_and_one_does_not_count():
    jobs = Employment.objects.on(ON).filter(contract__pledges=False)
    assert {job.contract.code for job in jobs} == {"hd_duoi_12_thang", "cong_tac_vien"}
    assert not Pledge.objects.filter(user__in=jobs.values("user"), year=ON.year).exists()
    outside = jobs.get(contract__counts=False)
    counted = sum(sum(found.values()) for found in roster.headcounts(ON, [outside.unit_id]).values())
    assert counted == Employment.objects.on(ON).filter(unit=outside.unit).count() - 1


def test_who_has_no_personnel_code_got_one_of_the_portal():
    given = User.objects.filter(code_from_portal=True)
    assert given
    assert all(user.username.startswith("NK") for user in given)


def test_namesakes_in_one_school_are_told_apart_by_birth_year():
    here = User.objects.filter(employments__unit=unit(places.SCHOOL))
    names = [user.full_name for user in here]
    twice = next(name for name in names if names.count(name) > 1)
    years = {user.birth_year for user in here if user.full_name == twice}
    assert len(years) == 2
    assert {user.search_key for user in here if user.full_name == twice} == {search_key(twice)}


# --- Beside the tree, before and after it


def test_schools_and_health_stations_of_communes_have_their_professional_line():
    lines = {line.unit_id: line.authority.source_key for line in ProfessionalLine.objects.on(ON)}
    for row in tree.load(ON).placements.values():
        authority = {"truong_hoc": places.EDUCATION, "tram_y_te": places.HEALTH}.get(row.unit.kind)
        below_commune = bool(row.parent_id and Unit.objects.get(pk=row.parent_id).area_name)
        assert lines.get(row.unit_id) == (authority if below_commune else None)
    for key in (places.EDUCATION, places.HEALTH):
        assert roster.holder(unit(key).pk, Post.Kind.CLERK, ON)


def test_a_merger_of_two_schools_is_planned_and_can_be_carried_out_on_its_day(monkeypatch):
    act = Reorganisation.objects.get(status=Reorganisation.Status.PLANNED)
    assert act.on > ON + timedelta(days=30)
    assert act.by.works_for_home_affairs
    monkeypatch.setenv(clock.OFFSET_VARIABLE, str((start_of(act.on) - clock.now()).total_seconds()))
    done = reorganise(orders=Orders.from_json(act.orders), by=None)
    assert done.subject == act.subject
    assert Succession.objects.filter(act=done, kind="merger").count() == 2


def test_an_act_entered_by_mistake_is_kept_with_its_correction_and_moved_nothing():
    counter = Reorganisation.objects.get(kind=Reorganisation.Kind.CORRECTION)
    assert counter.corrects.status == Reorganisation.Status.ANNULLED
    station = unit(places.HEALTH_STATION)
    assert (
        Placement.objects.filter(unit=station, parent__source_key=places.LEADERLESS).get().since == counter.on
    )
    assert tree.load(counter.on).placements[station.pk].parent.source_key == places.COMMUNE_OF_CASES
