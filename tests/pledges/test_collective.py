"""A unit pledges to the head above it: signed by its head, confirmed above, without the union, once a year."""

import pytest
from django.urls import reverse

from ledger import clock
from ledger.workflow import StepRefused
from notices.models import Notice
from pledges import coverage, duties
from pledges.models import Pledge
from pledges.wording import propose_collective
from tests.factories import appoint, employ, person
from tests.pledges.acts import afresh, confirm, revoke, send_back, sign, sign_for_unit, withdraw
from tests.units.acts import existing, merge, move
from units.models import Appointment, Employment

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


@pytest.fixture
def new_head(cast, collective):
    """The headmaster who signed for the school works elsewhere since today; a teacher holds the post."""
    today = clock.today()
    for held in (Appointment, Employment):
        held.objects.filter(user=cast.school_head).update(until=today)
    employ(cast.school_head, cast.other_ward, "can_bo", since=today)
    appoint(cast.school_official, cast.school, "head", "Hiệu trưởng", since=today)
    return cast.school_official


def test_a_unit_pledges_once_a_year_whoever_its_head_is(cast, campaign, collective, new_head):
    confirm(collective, cast.head)
    with pytest.raises(StepRefused, match=r"^Bản cam kết tập thể năm .* của Trường .* đã được ký lúc"):
        sign_for_unit(cast.school_official, cast.school, campaign)


def test_returned_it_is_signed_again_by_whoever_is_head_then(cast, campaign, collective, new_head):
    send_back(collective, cast.head)
    again = sign_for_unit(cast.school_official, cast.school, campaign)
    assert (again.pk, again.user, again.round) == (collective.pk, cast.school_official, 2)
    assert [row.name for row in again.signatures.order_by("round")] == [
        cast.school_head.full_name,
        cast.school_official.full_name,
    ]


def told(user) -> list[str]:
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("text", flat=True))


def test_returned_it_is_the_duty_of_the_head_in_office_and_not_of_the_one_before(
    cast, collective, new_head, client_of
):
    send_back(collective, cast.head)
    called = f"Bản cam kết tập thể năm {collective.year} của Trường Tiểu học Kim Long 1 bị trả lại"
    assert told(new_head) == [f"{called}. Xem lý do và ký lại."] and told(cast.school_head) == []
    sign_url = reverse(SIGN, args=[cast.school.public_id])
    assert (called, sign_url) in [(duty.title, duty.url) for duty in duties.of(afresh(new_head))]
    assert called not in [duty.title for duty in duties.of(afresh(cast.school_head))]
    for reader, is_offered in ((new_head, True), (cast.school_head, False)):
        page = client_of(reader).get(collective.get_absolute_url()).content.decode()
        assert (f'href="{sign_url}"' in page) == is_offered


def test_new_words_make_it_a_duty_of_the_head_in_office(cast, collective, new_head):
    Pledge.objects.update(stale_since=clock.now())
    assert any("phải ký lại" in duty.title for duty in duties.of(afresh(new_head)))


def test_complete_and_revoked_it_is_told_to_the_head_in_office(cast, collective, new_head):
    revoke(confirm(collective, cast.head), cast.head)
    said = [text.partition(" của Trường Tiểu học Kim Long 1 ")[2] for text in told(new_head)]
    assert said == ["đã đủ xác nhận.", "đã bị thu hồi. Xem lý do và ký lại."]
    assert told(cast.school_head) == []


def test_it_is_withdrawn_by_the_head_in_office_and_not_by_the_one_before(
    cast, collective, new_head, client_of
):
    url = reverse("pledges:pledge_withdraw", args=[collective.public_id])
    assert client_of(cast.school_head).get(url).status_code == 403
    assert url in client_of(new_head).get(collective.get_absolute_url()).content.decode()
    assert client_of(new_head).get(url).status_code == 200
    with pytest.raises(StepRefused, match="người đứng đầu đang giữ chức vụ"):
        withdraw(collective, cast.school_head)
    assert withdraw(collective, new_head).status == Pledge.Status.WITHDRAWN


def test_who_signed_it_and_heads_the_unit_above_by_now_is_no_end_of_the_way(
    cast, campaign, collective, new_head
):
    today = clock.today()
    Appointment.objects.filter(user=cast.head).update(until=today)
    Employment.objects.filter(user=cast.school_head, since=today).update(unit=cast.ward)
    appoint(cast.school_head, cast.ward, "head", "Chủ tịch UBND phường", since=today)
    with pytest.raises(StepRefused, match="chính mình"):
        confirm(collective, cast.school_head)
    again = sign_for_unit(new_head, cast.school, campaign)
    assert (again.pk, again.user, again.round) == (collective.pk, new_head, 2)
    assert confirm(again, cast.school_head).status == Pledge.Status.COMPLETE


def test_a_unit_without_a_head_has_nobody_to_tell(cast, collective):
    Appointment.objects.filter(user=cast.school_head).update(until=clock.today())
    send_back(collective, cast.head)
    assert told(cast.school_head) == []


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
