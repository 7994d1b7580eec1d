"""Who has not signed: since when, why, who sees the names, the text without names (feature S15)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from ledger import clock
from pledges import unsigned
from pledges.drivedays import drive_of
from pledges.models import Pledge, Refusal
from tests.factories import employ, make_unit, make_user, person, place
from tests.pledges.acts import afresh, send_back, sign
from units.models import Absence, Employment, User

pytestmark = pytest.mark.usefixtures("in_autumn_2026")

LIST, DETAIL = "pledges:unsigned_list", "pledges:unsigned_detail"


def why(cast, campaign, reader=None) -> dict[str, tuple[date, str, str]]:
    """Of the school: person → since when, why, the reason if the reader may know it."""
    today = clock.today()
    drive = drive_of(campaign, today.year)
    opens_on = drive.opens_on
    rows = unsigned.rows(campaign=campaign, on=today, unit_ids=[cast.school.pk], opens_on=opens_on)
    found = unsigned.describe(rows, reader=afresh(reader or cast.school_head), opens_on=opens_on)
    return {row.user.full_name: (row.since, row.why, row.reason) for row in found}


@pytest.fixture
def opens_on(campaign) -> date:
    return drive_of(campaign, clock.today().year).opens_on


def test_who_was_there_all_the_time_owes_it_since_the_drive_opened(cast, campaign, opens_on):
    found = why(cast, campaign)
    assert found["Ưng Thị Ẩn"] == (opens_on, "Chưa ký", "")
    sign(cast.school_official, campaign)
    assert "Ưng Thị Ẩn" not in why(cast, campaign)


def test_who_is_new_owes_it_since_he_came(cast, campaign):
    day = clock.today() - timedelta(days=3)
    newcomer = make_user("Lê Mới")
    employ(newcomer, cast.school, since=day)
    assert why(cast, campaign)["Lê Mới"] == (day, f"Mới nhận công tác từ {day:%d/%m/%Y}", "")


def test_who_moved_owes_it_since_before_and_it_is_said_where_from(cast, campaign, opens_on):
    day = clock.today() - timedelta(days=3)
    Employment.objects.filter(user=cast.stranger).update(until=day, ending="moved")
    employ(cast.stranger, cast.school, since=day)
    since, said, _ = why(cast, campaign)["Đặng Văn Ông"]
    assert since == opens_on and said == f"Chuyển đến từ {day:%d/%m/%Y}, chưa ký ở đơn vị cũ"


def test_who_came_back_from_long_leave_owes_it_since_he_is_back(cast, campaign):
    back = clock.today() - timedelta(days=2)
    Absence.objects.create(
        user=cast.school_official,
        kind="long_leave",
        reason="Học",
        since=date(clock.today().year, 1, 2),
        until=back,
    )
    assert why(cast, campaign)["Ưng Thị Ẩn"] == (back, f"Đi làm lại từ {back:%d/%m/%Y}", "")


def test_returned_withdrawn_and_overtaken_pledges_say_so(cast, campaign, signed):
    send_back(signed, cast.school_head)
    assert why(cast, campaign)["Ưng Thị Ẩn"][1] == "Bị trả lại, chưa ký lại"
    Pledge.objects.filter(pk=signed.pk).update(status="withdrawn")
    assert why(cast, campaign)["Ưng Thị Ẩn"][1] == "Đã rút, chưa ký lại"
    Pledge.objects.filter(pk=signed.pk).update(status="awaiting_head", stale_since=clock.now())
    today = clock.today()
    assert why(cast, campaign)["Ưng Thị Ẩn"][:2] == (
        today,
        f"Phải ký lại từ {today:%d/%m/%Y}",
    )


def test_a_refusal_is_on_the_list_and_its_reason_is_for_the_head_alone(cast, campaign, client_of):
    Refusal.objects.create(
        campaign=campaign,
        year=clock.today().year,
        user=cast.school_official,
        unit=cast.school,
        signing_unit=cast.school,
        reason="Vì một lẽ riêng.",
    )
    assert why(cast, campaign)["Ưng Thị Ẩn"][1:] == ("Đã báo không ký", "Vì một lẽ riêng.")
    assert why(cast, campaign, cast.home_affairs)["Ưng Thị Ẩn"][2] == "Vì một lẽ riêng."
    assert why(cast, campaign, cast.clerk)["Ưng Thị Ẩn"][2] == ""
    for role, known in (("school_head", True), ("clerk", False), ("union_chair", False)):
        said = client_of(cast.people[role]).get(reverse(DETAIL, args=[cast.school.public_id]))
        assert ("Vì một lẽ riêng." in said.content.decode()) is known
        assert "Đã báo không ký" in said.content.decode()


@pytest.mark.parametrize(
    ("role", "units"),
    [
        ("head", {"ward", "school", "division"}),
        ("clerk", {"ward", "school", "division"}),
        ("union_chair", {"school"}),
        ("home_affairs", {"root", "ward", "school", "division", "other_ward"}),
        ("other_head", {"other_ward"}),
    ],
)
def test_names_are_seen_only_where_one_follows_pledges(cast, campaign, client_of, role, units):
    client = client_of(cast.people[role])
    for name in ("root", "ward", "school", "division", "other_ward"):
        unit = getattr(cast, name)
        answer = client.get(reverse(DETAIL, args=[unit.public_id]))
        assert answer.status_code == (200 if name in units else 404), (role, name)


def test_a_union_chair_sees_the_people_of_his_unit_and_no_others(cast, campaign, client_of):
    division = make_unit("Tổ chuyên môn 1", kind="division")
    place(division, cast.school, own=False)
    person("Lê Thị Tổ", division)
    said = client_of(cast.union_chair).get(reverse(DETAIL, args=[cast.school.public_id])).content.decode()
    assert "Ưng Thị Ẩn" in said and "Lê Thị Tổ" in said and "Nguyễn Thị Út" not in said


@pytest.mark.parametrize("role", ["official", "leadership", "standing_committee", "stranger"])
def test_nobody_else_sees_names(cast, campaign, client_of, role):
    client = client_of(cast.people[role])
    assert client.get(reverse(LIST)).status_code == 403
    assert client.get(reverse(DETAIL, args=[cast.school.public_id])).status_code in {403, 404}


def test_the_list_leads_to_ones_own_unit(cast, campaign, client_of):
    for role, unit in (("school_head", cast.school), ("union_chair", cast.school), ("clerk", cast.ward)):
        answer = client_of(cast.people[role]).get(reverse(LIST))
        assert answer.url == reverse(DETAIL, args=[unit.public_id])


def test_the_text_for_the_group_has_figures_and_the_address_and_no_name(cast, campaign, client_of, signed):
    said = client_of(cast.school_head).get(reverse(DETAIL, args=[cast.school.public_id])).content.decode()
    text = said[said.index("<textarea") : said.index("</textarea>")]
    assert "đã ký cam kết năm" in text and "1/3" in text and "còn 2 người chưa ký" in text
    assert reverse("pledges:pledge_sign") in text
    assert not any(user.full_name in text for user in cast.people.values())


def test_the_page_to_print_holds_all_and_can_be_that_of_people_without_an_address(cast, campaign, client_of):
    for number in range(60):
        person(f"Lê Thị {number}", cast.school)
    User.objects.filter(pk=cast.school_official.pk).update(email="an@hue.test")
    client, url = client_of(cast.school_head), reverse(DETAIL, args=[cast.school.public_id])
    assert client.get(url).content.decode().count('data-label="Họ và tên"') == 50
    printed = client.get(url, {"in": "1"}).content.decode()
    assert printed.count('data-label="Họ và tên"') == 63 and "<textarea" not in printed
    without = client.get(url, {"in": "1", "thu": "khong"}).content.decode()
    assert without.count('data-label="Họ và tên"') == 62 and "Ưng Thị Ẩn" not in without


def test_a_name_is_found_without_accents(cast, campaign, client_of):
    url = reverse(DETAIL, args=[cast.ward.public_id])
    said = client_of(cast.head).get(url, {"ten": "ung thi an"}).content.decode()
    assert said.count('data-label="Họ và tên"') == 1 and "Ưng Thị Ẩn" in said


@pytest.mark.parametrize("people", [1, 12])
def test_a_page_takes_the_same_queries_however_many_are_on_it(
    cast, campaign, client_of, django_assert_num_queries, people
):
    for number in range(people):
        person(f"Lê Thị {number}", cast.school)
    client, url = client_of(cast.head), reverse(DETAIL, args=[cast.ward.public_id])
    client.get(url)
    with django_assert_num_queries(14):
        client.get(url)
