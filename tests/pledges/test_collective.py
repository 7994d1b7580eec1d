"""A unit pledges to the head above it: signed by its head, confirmed above, without the union, once a year."""

import pytest
from django.urls import reverse

from ledger import clock
from ledger.workflow import StepRefused
from pledges import coverage, duties
from pledges.models import Pledge
from pledges.wording import propose_collective
from tests.factories import appoint, person
from tests.pledges.acts import afresh, confirm, send_back, sign, sign_for_unit
from tests.units.acts import existing, merge, move
from units.models import Appointment

SIGN = "pledges:collective_sign"


@pytest.fixture
def collective(cast, campaign):
    """The school's, waiting for the chairman of the ward."""
    return sign_for_unit(cast.school_head, cast.school, campaign)


def test_the_head_signs_for_his_unit_to_the_head_above(cast, collective):
    assert (collective.kind, collective.unit, collective.signing_unit) == (
        "collective",
        cast.school,
        cast.ward,
    )
    record = collective.content
    assert "thay mặt tập thể" in record["text"]["intro"]
    assert record["text"]["leader_clause"].startswith("Là người đứng đầu"), "he answers for the unit"
    assert record["addressed_to"] == ["Chủ tịch UBND phường Kim Long"]
    assert record["person"]["post_id"] == collective.signatures.get().post.public_id


def test_the_head_above_completes_it_and_no_union_takes_part(cast, campaign):
    office = sign_for_unit(cast.head, cast.ward, campaign)
    cast.root.unions.create(name="Công đoàn UBND thành phố", since=clock.today())
    assert confirm(office, cast.chair_of_province).status == Pledge.Status.COMPLETE


def test_it_stands_beside_the_personal_pledge_and_counts_for_nobody(cast, campaign, collective):
    own = sign(cast.school_head, campaign)
    assert own.pk != collective.pk
    user = afresh(cast.school_head)
    assert coverage.of(user=user, campaign=campaign, year=own.year, today=user.today).signed == 1
    assert duties.card(user).pledge == own
    assert sign(cast.school_official, campaign).kind == "individual"


def test_a_unit_pledges_once_a_year_whoever_its_head_is(cast, campaign, collective):
    Appointment.objects.filter(user=cast.school_head).update(until=clock.today())
    appoint(cast.school_official, cast.school, "head", "Hiệu trưởng", since=clock.today())
    with pytest.raises(StepRefused, match="đã ký cam kết"):
        sign_for_unit(cast.school_official, cast.school, campaign)


def test_returned_it_is_signed_again_by_whoever_is_head_then(cast, campaign, collective):
    send_back(collective, cast.head)
    Appointment.objects.filter(user=cast.school_head).update(until=clock.today())
    appoint(cast.school_official, cast.school, "head", "Hiệu trưởng", since=clock.today())
    again = sign_for_unit(cast.school_official, cast.school, campaign)
    assert (again.pk, again.user, again.round) == (collective.pk, cast.school_official, 2)
    assert [row.name for row in again.signatures.order_by("round")] == [
        cast.school_head.full_name,
        cast.school_official.full_name,
    ]


@pytest.mark.parametrize("role", ["school_official", "union_chair", "head", "home_affairs"])
def test_nobody_but_its_head_signs_for_a_unit(cast, campaign, role):
    with pytest.raises(StepRefused, match="do người đứng đầu"):
        sign_for_unit(cast.people[role], cast.school, campaign)


def test_who_signs_for_the_head_does_not_pledge_for_the_unit(cast, campaign):
    deputy = person("Lê Phó", cast.school, post=("deputy", "Phó Hiệu trưởng"))
    substitute = appoint(deputy, cast.school, "head", "Hiệu trưởng")
    Appointment.objects.filter(pk=substitute.pk).update(manner=Appointment.Manner.DEPUTISES)
    with pytest.raises(StepRefused, match="do người đứng đầu"):
        sign_for_unit(deputy, cast.school, campaign)


def test_the_province_has_nobody_above_and_a_unit_without_papers_pledges_with_the_one_above(cast, campaign):
    chief = person("Lê Trưởng", cast.division, post=("head", "Trưởng phòng"))
    with pytest.raises(StepRefused, match="không ban hành văn bản riêng"):
        sign_for_unit(chief, cast.division, campaign)
    with pytest.raises(StepRefused, match="trên giấy"):
        sign_for_unit(cast.chair_of_province, cast.root, campaign)


def test_nobody_confirms_what_he_signed_himself_through_a_second_post(cast, campaign, collective):
    appoint(cast.school_head, cast.ward, "head", "Chủ tịch UBND phường")
    with pytest.raises(StepRefused, match="chính mình"):
        confirm(collective, cast.school_head)


def test_the_digest_of_the_personal_pledge_is_no_digest_of_the_unit_s(cast, campaign):
    by = afresh(cast.school_head)
    shown = propose_collective(user=by, unit=cast.school, campaign=campaign, year=by.today.year, on=by.today)
    assert shown.sha256 != sign(cast.school_head, campaign).sha256


def test_the_pages_do_it(cast, campaign, client_of, post_form):
    client = client_of(cast.school_head)
    url = reverse(SIGN, args=[cast.school.public_id])
    assert url in client.get(reverse("pledges:pledge_list")).content.decode()
    page = client.get(url).content.decode()
    assert "Ký cam kết tập thể" in page and "thay mặt tập thể" in page
    seen = page.partition('name="seen_sha256" value="')[2][:64]
    page = post_form(client, url, {"seen_sha256": seen}, follow=True).content.decode()
    assert "của tập thể Trường Tiểu học Kim Long 1" in page
    head = client_of(cast.head)
    pledge = Pledge.objects.get()
    answer = post_form(
        head, reverse("pledges:pledge_countersign", args=[pledge.public_id]), {"seen_sha256": pledge.sha256}
    )
    assert answer.status_code == 302
    assert Pledge.objects.get().status == Pledge.Status.COMPLETE


@pytest.mark.parametrize("role", ["school_official", "head", "clerk", "home_affairs"])
def test_the_page_is_the_head_s(cast, campaign, client_of, role):
    assert client_of(cast.people[role]).get(reverse(SIGN, args=[cast.school.public_id])).status_code == 403


# --- reorganisation


def test_a_unit_that_goes_elsewhere_takes_its_open_pledge_to_the_head_there(cast, collective):
    move(cast.school, to=cast.other_ward, on=clock.today())
    assert Pledge.objects.get().signing_unit == cast.other_ward


def test_a_unit_that_is_merged_away_leaves_its_open_pledge_to_the_head_above_its_heir(cast, collective):
    merge(
        cast.school,
        cast.other_agency,
        into=existing(cast.other_agency),
        on=clock.today(),
        by=cast.home_affairs,
    )
    moved = Pledge.objects.get()
    assert (moved.signing_unit, moved.unit) == (cast.root, cast.school)


def test_the_unit_above_renamed_or_merged_hands_it_to_the_heir(cast, collective):
    merge(cast.ward, cast.other_ward, into=existing(cast.other_ward), on=clock.today(), by=cast.home_affairs)
    assert Pledge.objects.get().signing_unit == cast.other_ward
