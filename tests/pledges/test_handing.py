"""A pledge that waits at a wrong unit goes to the right one (S10): by those it concerns, never away from the right."""

from datetime import date

import pytest
from django.urls import reverse

from ledger import clock, events
from ledger.workflow import StepRefused
from notices.models import Notice
from pledges.models import Pledge
from tests.factories import appoint
from tests.pledges.acts import confirm, confirm_for_union, hand_over, send_back, sign, sign_for_unit
from units.models import Appointment, Employment, Placement


@pytest.fixture
def misplaced(cast, campaign):
    """Signed at the school; since then the teacher works in the other ward."""
    pledge = sign(cast.school_official, campaign)
    Employment.objects.filter(user=cast.school_official).update(unit=cast.other_ward)
    return pledge


@pytest.mark.parametrize("role", ["school_official", "school_head", "home_affairs"])
def test_it_goes_to_the_unit_that_is_right_today_and_what_was_signed_stays(cast, misplaced, role):
    before = (misplaced.content, misplaced.sha256, misplaced.unit, misplaced.signed_at, misplaced.round)
    hand_over(misplaced, cast.people[role])
    moved = Pledge.objects.get()
    assert (moved.signing_unit, moved.version) == (cast.other_ward, misplaced.version + 1)
    assert (moved.content, moved.sha256, moved.unit, moved.signed_at, moved.round) == before
    assert confirm(moved, cast.other_head).status == Pledge.Status.COMPLETE
    last = [
        act for act in events.history("pledges.pledge", moved.public_id) if act.kind.endswith("hand_over")
    ]
    assert (last[0].data["from"], last[0].data["to"]) == (cast.school.public_id, cast.other_ward.public_id)


def test_the_clerk_of_the_unit_hands_over_too(cast, campaign):
    pledge = sign(cast.official, campaign)
    Employment.objects.filter(user=cast.official).update(unit=cast.other_ward)
    assert hand_over(pledge, cast.clerk).signing_unit == cast.other_ward


@pytest.mark.parametrize("role", ["stranger", "other_head", "union_chair", "leadership", "head"])
def test_nobody_else_hands_over(cast, misplaced, role):
    with pytest.raises(StepRefused, match="mới chuyển được"):
        hand_over(misplaced, cast.people[role])
    assert Pledge.objects.get().signing_unit == cast.school


def test_the_old_head_no_longer_finds_it_and_the_new_one_does(cast, misplaced, client_of):
    url = misplaced.get_absolute_url()
    assert client_of(cast.school_head).get(url).status_code == 200
    hand_over(misplaced, cast.home_affairs)
    assert client_of(cast.school_head).get(url).status_code == 404
    assert client_of(cast.union_chair).get(url).status_code == 404
    assert client_of(cast.other_head).get(url).status_code == 200
    told = set(Notice.objects.filter(effect__contains="hand_over").values_list("user", flat=True))
    assert told == {cast.school_official.pk, cast.other_head.pk}


def test_where_it_is_right_it_stays_and_says_so(cast, signed):
    with pytest.raises(StepRefused, match="đã ở đúng nơi: Trường Tiểu học Kim Long 1"):
        hand_over(signed, cast.school_head)
    assert Pledge.objects.get().version == signed.version


@pytest.mark.parametrize("state", ["returned", "complete", "stale"])
def test_only_what_waits_is_handed_over(cast, misplaced, state):
    if state == "returned":
        send_back(misplaced, cast.school_head)
    elif state == "complete":
        confirm_for_union(confirm(misplaced, cast.school_head), cast.union_chair)
    else:
        Pledge.objects.update(stale_since=misplaced.signed_at)
    with pytest.raises(StepRefused, match="đang chờ xác nhận"):
        hand_over(Pledge.objects.get(), cast.school_official)


def test_who_works_nowhere_has_no_right_unit(cast, campaign, misplaced):
    Employment.objects.filter(user=cast.school_official).delete()
    with pytest.raises(StepRefused, match="không có người đứng đầu"):
        hand_over(misplaced, cast.school_head)


def test_who_became_a_head_signs_the_clause_of_heads_anew(cast, campaign, signed, client_of):
    Appointment.objects.filter(user=cast.school_head).update(until=clock.today())
    appoint(cast.school_official, cast.school, "head", "Hiệu trưởng", since=clock.today())
    with pytest.raises(StepRefused, match="cần ký lại"):
        hand_over(signed, cast.school_official)
    url = reverse("pledges:pledge_hand_over", args=[signed.public_id])
    page = client_of(cast.school_official).get(url, follow=True).content.decode()
    assert "cần ký lại; bản này không chuyển nơi nhận" in page
    assert sign(cast.school_official, campaign).content["text"]["leader_clause"]


def test_what_he_signed_last_year_is_handed_over_all_the_same(cast, campaign, on_day):
    today = clock.today()
    on_day(date(today.year - 1, 6, 15))
    pledge = sign(cast.school_official, campaign)
    on_day(today)
    Appointment.objects.filter(user=cast.school_head).update(until=today)
    appoint(cast.school_official, cast.school, "head", "Hiệu trưởng", since=today)
    assert hand_over(pledge, cast.school_official).signing_unit == cast.ward


def test_half_confirmed_it_keeps_the_confirmation_and_waits_as_the_new_unit_has_a_union_or_not(
    cast, half_confirmed
):
    Employment.objects.filter(user=cast.school_official).update(unit=cast.other_ward)
    moved = hand_over(half_confirmed, cast.school_official)
    assert moved.status == Pledge.Status.AWAITING_UNION
    assert moved in Pledge.objects.waiting_for(cast.other_head), "no union there: its head completes"


def test_half_confirmed_it_is_handed_over_though_its_person_heads_a_unit_by_now(
    cast, half_confirmed, client_of
):
    """There is nothing for him to sign again: the head has confirmed what he signed."""
    appoint(cast.school_official, cast.division, "head", "Trưởng phòng", since=clock.today())
    Employment.objects.filter(user=cast.school_official).update(unit=cast.division)
    url = reverse("pledges:pledge_hand_over", args=[half_confirmed.public_id])
    assert "tới UBND phường Kim Long" in client_of(cast.school_official).get(url).content.decode()
    assert hand_over(half_confirmed, cast.school_official).signing_unit == cast.ward


def test_a_unit_s_own_pledge_goes_to_whoever_stands_above_it_today(cast, campaign):
    pledge = sign_for_unit(cast.school_head, cast.school, campaign)
    Placement.objects.filter(unit=cast.school).update(parent=cast.other_ward)
    assert hand_over(pledge, cast.school_head).signing_unit == cast.other_ward


def test_of_a_unit_s_own_pledge_the_unit_is_named_and_not_who_once_signed(cast, campaign):
    pledge = sign_for_unit(cast.school_head, cast.school, campaign)
    Appointment.objects.filter(user=cast.school_head).update(until=clock.today())
    appoint(cast.school_official, cast.school, "head", "Hiệu trưởng", since=clock.today())
    Placement.objects.filter(unit=cast.school).update(parent=cast.other_ward)
    hand_over(pledge, cast.home_affairs)
    said = f"Bản cam kết năm {pledge.year} của tập thể Trường Tiểu học Kim Long 1 đã chuyển tới UBND xã A Lưới 2."
    told = Notice.objects.filter(user__in=[cast.school_official, cast.other_head])
    assert list(told.values_list("text", flat=True)) == [said, said]


def test_the_page_names_both_units_and_does_it(cast, misplaced, client_of, post_form):
    client = client_of(cast.school_head)
    url = reverse("pledges:pledge_hand_over", args=[misplaced.public_id])
    assert url in client.get(misplaced.get_absolute_url()).content.decode()
    page = client.get(url).content.decode()
    assert "từ Trường Tiểu học Kim Long 1 tới UBND xã A Lưới 2" in page
    answer = post_form(client, url, {}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("home"), "there is nothing for him to see any more"
    assert "tới UBND xã A Lưới 2" in answer.content.decode()


@pytest.mark.parametrize(("role", "status"), [("head", 403), ("stranger", 404)])
def test_the_page_is_for_those_it_concerns(cast, signed, client_of, role, status):
    url = reverse("pledges:pledge_hand_over", args=[signed.public_id])
    assert client_of(cast.people[role]).get(url).status_code == status


def test_the_page_of_one_that_is_right_leads_back_and_says_so(cast, signed, client_of):
    url = reverse("pledges:pledge_hand_over", args=[signed.public_id])
    answer = client_of(cast.school_head).get(url, follow=True)
    assert answer.redirect_chain == [(signed.get_absolute_url(), 302)]
    assert "đang ở đúng nơi: Trường Tiểu học Kim Long 1. Không cần chuyển." in answer.content.decode()
