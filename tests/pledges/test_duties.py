"""What waits, on the home page."""

from datetime import date

import pytest
from django.urls import reverse

from ledger import clock
from pledges import duties
from tests.pledges.acts import afresh, confirm, send_back, sign
from units.models import Appointment, Employment


def titles(user) -> list[str]:
    return [duty.title for duty in duties.of(afresh(user))]


def test_who_has_not_signed_is_asked_to(cast, campaign):
    year = clock.today().year
    assert titles(cast.school_official) == [f"Ký cam kết năm {year}"]
    sign(cast.school_official, campaign)
    assert titles(cast.school_official) == []


def test_a_returned_pledge_is_a_duty_again(cast, signed):
    send_back(signed, cast.school_head)
    (duty,) = duties.of(afresh(cast.school_official))
    assert duty.tone == "late" and duty.action == "Ký lại"


def test_heads_and_chairs_are_told_how_many_wait_for_them(cast, campaign, signed):
    sign(cast.union_chair, campaign)
    waiting = [duty for duty in duties.of(afresh(cast.school_head)) if duty.count]
    assert [duty.count for duty in waiting] == [2]
    confirm(signed, cast.school_head)
    waiting = [duty for duty in duties.of(afresh(cast.union_chair)) if duty.count]
    assert [duty.count for duty in waiting] == [1]


def test_a_chair_is_not_asked_for_what_waits_for_an_ended_union_but_the_head_is(cast, half_confirmed):
    cast.school.unions.update(until=clock.today())
    assert not [duty for duty in duties.of(afresh(cast.union_chair)) if duty.count]
    assert [duty.count for duty in duties.of(afresh(cast.school_head)) if duty.count] == [1]


def test_who_pledges_on_paper_or_works_nowhere_has_no_duty_and_is_told_why(cast, campaign):
    assert titles(cast.chair_of_province) == []
    assert "ký trên giấy" in duties.card(afresh(cast.chair_of_province)).note
    Employment.objects.filter(user=cast.school_official).update(until=clock.today())
    assert titles(cast.school_official) == []
    assert "đang công tác" in duties.card(afresh(cast.school_official)).note


def test_the_card_shows_the_whole_way_before_signing(cast, campaign):
    card = duties.card(afresh(cast.school_official))
    assert [(stop.label, stop.name, stop.word) for stop in card.stops] == [
        ("Người cam kết", "Ưng Thị Ẩn", "Chưa ký"),
        ("Hiệu trưởng", "Công Tằng Tôn Nữ Ngọc Hiền", "Chưa tới lượt"),
        ("Chủ tịch Công đoàn cơ sở", "Hồ Văn Ưng", "Chưa tới lượt"),
    ]


def test_the_card_without_a_union_has_two_stops(cast, complete):
    card = duties.card(afresh(cast.official))
    assert [(stop.tone, stop.word) for stop in card.stops] == [("done", "Đã ký"), ("done", "Đã xác nhận")]


def test_the_card_says_who_sent_it_back(cast, half_confirmed):
    send_back(half_confirmed, cast.union_chair)
    card = duties.card(afresh(cast.school_official))
    assert [stop.word for stop in card.stops] == ["Cần ký lại", "Đã xác nhận", "Đã trả lại"]


def test_confirmations_of_a_returned_round_are_no_longer_on_the_card(cast, campaign, half_confirmed):
    send_back(half_confirmed, cast.union_chair)
    sign(cast.school_official, campaign)
    card = duties.card(afresh(cast.school_official))
    assert [stop.word for stop in card.stops] == ["Đã ký", "Chờ xác nhận", "Chưa tới lượt"]


def test_a_stop_without_a_holder_says_so(cast, signed):
    Appointment.objects.filter(user=cast.school_head).update(until=clock.today())
    card = duties.card(afresh(cast.school_official))
    assert card.stops[1].word == "Chờ xác nhận; chức vụ đang khuyết"


def test_past_years_are_on_the_card(cast, campaign, on_day, client_of):
    today = clock.today()
    on_day(date(today.year - 1, 6, 15))
    earlier = sign(cast.school_official, campaign)
    on_day(today)
    assert duties.card(afresh(cast.school_official)).past == [earlier]
    page = client_of(cast.school_official).get(reverse("home")).content.decode()
    assert earlier.get_absolute_url() in page


@pytest.mark.parametrize("waiting", [1, 3])
def test_duties_and_card_take_the_same_queries_however_much_waits(
    cast, campaign, django_assert_num_queries, waiting
):
    for user in [cast.school_official, cast.union_chair, cast.clerk][:waiting]:
        sign(user, campaign)
    reader = afresh(cast.school_head)
    assert reader.posts_today
    with django_assert_num_queries(17):
        duties.of(reader)
        duties.card(reader)
