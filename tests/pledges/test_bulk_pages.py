"""The pages of many confirmations: the list that waits, reading it, the one act, and what became of each."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ledger import clock
from pledges.models import BulkConfirmation, Pledge
from pledges.services import bulk
from tests.factories import PASSWORD, appoint
from tests.pledges.crowds import crowd, ordered, outcomes, worked
from units import proof

LIST_QUERIES, READ_QUERIES, RESULT_QUERIES = 13, 8, 11
CHOOSE, READ = "pledges:bulkconfirmation_choose", "pledges:bulkconfirmation_read"


@pytest.fixture
def teachers(cast, campaign):
    return crowd(cast.school, 6, campaign)


def page(client, name: str, query: str = "") -> str:
    answer = client.get(reverse(name) + query, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def boxes(html: str) -> list[str]:
    return re.findall(r'name="ban" value="([^"]+)" ?(?:checked)?', html)


def ticked(html: str) -> list[str]:
    return re.findall(r'name="ban" value="([^"]+)" checked', html)


# --- the list


def test_a_head_sees_what_waits_and_what_differs(cast, teachers, client_of):
    Pledge.objects.filter(pk=teachers[1].pk).update(kind="leader")
    html = page(client_of(cast.school_head), CHOOSE)
    assert "Đọc tất cả 6 bản theo bộ lọc" in html
    assert "Trả lời hồ sơ của người dân trong 2 ngày" in html
    assert "Có điều của người đứng đầu" in html
    assert (len(boxes(html)), ticked(html)) == (6, [])


def test_all_of_a_page_are_ticked_by_a_link_and_unticked_by_another(cast, teachers, client_of):
    html = page(client_of(cast.school_head), CHOOSE, "?chon=trang")
    assert len(ticked(html)) == 6
    assert "Bỏ chọn tất cả" in html


@pytest.mark.parametrize(
    ("query", "found"),
    [("own=co", 2), ("own=khong", 4), ("name=chau", 1), ("category=vien_chuc", 6), ("category=cong_chuc", 0)],
)
def test_the_list_is_narrowed(cast, teachers, client_of, query, found):
    html = page(client_of(cast.school_head), CHOOSE, f"?{query}")
    assert len(boxes(html)) == found


def test_the_list_is_narrowed_to_a_division(cast, campaign, client_of):
    below = crowd(cast.division, 2, campaign)
    crowd(cast.ward, 3, campaign)
    html = page(client_of(cast.head), CHOOSE, f"?unit={cast.division.public_id}")
    assert set(boxes(html)) == {row.public_id for row in below}


def test_filters_hold_when_all_that_they_find_is_read(cast, teachers, client_of):
    client = client_of(cast.school_head)
    link = re.search(r'href="([^"]*/doc/\?[^"]*)"', page(client, CHOOSE, "?own=co"))
    assert link
    html = client.get(link[1].replace("&amp;", "&")).content.decode()
    assert "Đọc và xác nhận 2 bản cam kết" in html


def test_a_person_with_two_desks_chooses_one(cast, teachers, campaign, client_of):
    appoint(cast.school_head, cast.ward, "union_chair", "Chủ tịch Công đoàn cơ sở")
    html = page(client_of(cast.school_head), CHOOSE)
    assert f"Hiệu trưởng, {cast.school.name}" in html
    assert f"Chủ tịch Công đoàn cơ sở, {cast.ward.name}" in html
    other = page(client_of(cast.school_head), CHOOSE, f"?noi=union-{cast.ward.public_id}")
    assert boxes(other) == []


def test_the_chair_s_list_is_what_the_head_has_confirmed(cast, teachers, client_of):
    assert boxes(page(client_of(cast.union_chair), CHOOSE)) == []
    worked(ordered(cast.school_head, cast.school, teachers[:4]))
    assert len(boxes(page(client_of(cast.union_chair), CHOOSE))) == 4


def test_a_head_is_shown_what_waits_for_a_union_that_is_no_more(cast, campaign, client_of):
    rows = crowd(cast.ward, 2, campaign)
    Pledge.objects.filter(pk__in=[row.pk for row in rows]).update(status="awaiting_union")
    html = page(client_of(cast.head), CHOOSE)
    assert "bản đang chờ công đoàn cơ sở không còn hoạt động" in html


@pytest.mark.parametrize("role", ["official", "clerk", "home_affairs", "stranger"])
@pytest.mark.parametrize("name", [CHOOSE, READ])
def test_who_confirms_nothing_has_no_such_page(cast, client_of, role, name):
    assert client_of(cast.people[role]).get(reverse(name)).status_code == 403


@pytest.mark.parametrize("number", [1, 3, 30])
def test_the_list_costs_the_same_queries_however_long(cast, campaign, client_of, number):
    crowd(cast.school, number, campaign)
    client = client_of(cast.school_head)
    with CaptureQueriesContext(connection) as found:
        client.get(reverse(CHOOSE))
    assert len(found) == LIST_QUERIES


# --- reading


def test_the_common_words_stand_once_and_each_one_s_own_below(cast, teachers, client_of):
    html = page(client_of(cast.school_head), READ)
    assert html.count(teachers[0].content["text"]["intro"]) == 1
    assert html.count("<blockquote>") == 2
    assert len(ticked(html)) == 6
    assert all(row.user.full_name in html for row in teachers)


def test_what_differs_in_the_common_words_is_a_bundle_of_its_own(cast, teachers, client_of):
    content = dict(teachers[0].content)
    content["text"] = content["text"] | {"leader_clause": "Chịu trách nhiệm về đơn vị."}
    Pledge.objects.filter(pk=teachers[0].pk).update(content=content, kind="leader")
    html = page(client_of(cast.school_head), READ)
    assert "Bản cam kết của người đứng đầu (1)" in html
    assert "Bản cam kết của cá nhân (5)" in html
    assert html.count("Chịu trách nhiệm về đơn vị.") == 1


def test_only_the_ticked_are_read_and_none_ticked_reads_none(cast, teachers, client_of):
    client = client_of(cast.school_head)
    html = page(client, READ, f"?da-chon=1&ban={teachers[0].public_id}&ban={teachers[3].public_id}")
    assert len(boxes(html)) == 2
    assert "Chưa chọn bản nào" in page(client, READ, "?da-chon=1")


def test_of_very_many_the_first_are_read_and_the_page_says_so(cast, teachers, client_of, monkeypatch):
    monkeypatch.setattr(bulk, "MOST", 4)
    html = page(client_of(cast.school_head), READ)
    assert len(boxes(html)) == 4
    assert "còn 2 bản nữa" in html


def test_others_pledges_cannot_be_read_in_by_address(cast, teachers, campaign, client_of):
    foreign = crowd(cast.other_ward, 1, campaign)[0]
    html = page(client_of(cast.school_head), READ, f"?da-chon=1&ban={foreign.public_id}")
    assert foreign.public_id not in html
    assert "Không còn bản nào trong số đã chọn" in html


@pytest.mark.parametrize("number", [1, 3, 30])
def test_reading_costs_the_same_queries_however_many(cast, campaign, client_of, number):
    crowd(cast.school, number, campaign)
    client = client_of(cast.school_head)
    with CaptureQueriesContext(connection) as found:
        client.get(reverse(READ))
    assert len(found) == READ_QUERIES


# --- the act


def test_a_head_confirms_what_is_ticked_and_nothing_else(cast, teachers, client_of, post_form):
    client = client_of(cast.school_head)
    sent = boxes(page(client, READ))[1:]
    answer = post_form(client, reverse(READ), {"ban": sent})
    order = BulkConfirmation.objects.get()
    assert answer.url == order.get_absolute_url()
    assert "Đang chờ đến lượt" in client.get(order.get_absolute_url()).content.decode()
    worked(order)
    html = client.get(order.get_absolute_url()).content.decode()
    assert "Đã xác nhận 5 bản" in html
    assert "Đọc tiếp 1 bản đang chờ" in html
    assert Pledge.objects.filter(status="awaiting_union").count() == 5


def test_the_same_form_sent_twice_is_one_order(cast, teachers, client_of):
    client = client_of(cast.school_head)
    html = page(client, READ)
    key = re.search(r'name="idempotency_key" value="(\w+)"', html)
    assert key
    body = {"ban": boxes(html), "idempotency_key": key[1]}
    first, second = (client.post(reverse(READ), body) for _ in range(2))
    assert first.url == second.url
    assert BulkConfirmation.objects.count() == 1


def test_what_was_on_the_page_travels_with_the_form(cast, teachers, client_of, post_form):
    client = client_of(cast.school_head)
    sent = boxes(page(client, READ))
    assert set(sent) == {f"{row.public_id}:{row.sha256}" for row in teachers}
    Pledge.objects.filter(pk=teachers[0].pk).update(sha256="0" * 64)
    post_form(client, reverse(READ), {"ban": sent})
    order = worked(BulkConfirmation.objects.get())
    assert outcomes(order) == {"done": 5, "refused": 1}
    html = client.get(order.get_absolute_url()).content.decode()
    assert "Không xác nhận được (1)" in html
    assert teachers[0].user.full_name in html


def test_a_wrong_password_keeps_the_ticks(cast, teachers, client_of, post_form):
    client = client_of(cast.school_head)
    session = client.session
    session[proof.SESSION_KEY] = (clock.now() - timedelta(minutes=11)).isoformat()
    session.save()
    sent = boxes(page(client, READ))[:2]
    answer = post_form(client, reverse(READ), {"ban": sent, "password": "sai"})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "Mật khẩu" in html
    assert set(ticked(html)) == set(sent)
    assert not BulkConfirmation.objects.exists()
    post_form(client, reverse(READ), {"ban": sent, "password": PASSWORD})
    assert BulkConfirmation.objects.get().proof["by"] == "password"


@pytest.mark.parametrize("sent", [[], ["không-phải-mã"], ["a" * 26 + ":" + "g" * 64]])
def test_nothing_ticked_or_a_broken_box_is_said_on_the_page(cast, teachers, client_of, post_form, sent):
    answer = post_form(client_of(cast.school_head), reverse(READ), {"ban": sent})
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()


def test_a_second_order_while_one_runs_is_told_with_the_way_to_that_one(cast, teachers, client_of, post_form):
    order = ordered(cast.school_head, cast.school, teachers[:2])
    client = client_of(cast.school_head)
    answer = post_form(client, reverse(READ), {"ban": boxes(page(client, READ))})
    html = answer.content.decode()
    assert "đang chạy. Chờ lần đó xong" in html
    assert f'<a href="{order.get_absolute_url()}">Xem tiến độ' in html


# --- the result


def test_only_who_confirmed_sees_the_result(cast, teachers, client_of):
    order = ordered(cast.school_head, cast.school, teachers)
    assert client_of(cast.union_chair).get(order.get_absolute_url()).status_code == 404
    cancel = reverse("pledges:bulkconfirmation_cancel", args=[order.public_id])
    assert client_of(cast.home_affairs).get(cancel).status_code == 404


def test_it_is_stopped_by_who_began_it(cast, teachers, client_of, post_form):
    order = ordered(cast.school_head, cast.school, teachers)
    client = client_of(cast.school_head)
    cancel = reverse("pledges:bulkconfirmation_cancel", args=[order.public_id])
    html = post_form(client, cancel, follow=True).content.decode()
    assert "đã được dừng" in html
    assert "6 bản chưa được xử lý" in html
    assert outcomes(worked(order)) == {"waiting": 6}


def test_home_shows_it_while_it_runs(cast, teachers, client_of):
    client = client_of(cast.school_head)
    assert reverse(CHOOSE) in page(client, "home")
    order = ordered(cast.school_head, cast.school, teachers)
    assert "Đang xác nhận 6 bản cam kết" in page(client, "home")
    worked(order)
    assert "Đang xác nhận" not in page(client, "home")


@pytest.mark.parametrize("number", [1, 30])
def test_the_result_costs_the_same_queries_however_many(cast, campaign, client_of, number):
    rows = crowd(cast.school, number, campaign)
    order = ordered(cast.school_head, cast.school, rows)
    Pledge.objects.filter(pk=rows[0].pk).update(status="withdrawn")
    worked(order)
    client = client_of(cast.school_head)
    with CaptureQueriesContext(connection) as found:
        client.get(order.get_absolute_url())
    assert len(found) == RESULT_QUERIES
