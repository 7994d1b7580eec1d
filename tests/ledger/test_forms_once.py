"""A form sent twice is done once; a form with an error uses up nothing (rule R03)."""

import pytest
from django.urls import reverse

from ledger.models import Event, Receipt
from ledger.public_id import new_public_id
from units.models import Placement


@pytest.fixture
def duties_url(cast):
    return reverse("units:unit_duties", args=[cast.school.public_id])


CHOICE = {"plan_duty": "own", "report_duty": "own", "since": "01/12/2026"}


def choices(cast) -> int:
    return Placement.objects.filter(unit=cast.school).count()


def test_the_same_form_sent_twice_is_done_once_and_answered_the_same(cast, client_of, post_form, duties_url):
    client = client_of(cast.head)
    key = new_public_id()
    first = post_form(client, duties_url, {**CHOICE, "idempotency_key": key})
    second = post_form(client, duties_url, {**CHOICE, "idempotency_key": key}, follow=True)
    assert first.status_code == 302
    assert second.redirect_chain[-1][0] == first.url
    assert "Đã ghi nghĩa vụ của đơn vị." in second.content.decode()
    assert choices(cast) == 2
    assert Event.objects.filter(kind="units.choose_duties").count() == 1


def test_the_same_key_with_other_words_is_shown_not_swallowed(cast, client_of, post_form, duties_url):
    client = client_of(cast.head)
    key = new_public_id()
    post_form(client, duties_url, {**CHOICE, "idempotency_key": key})
    other = post_form(client, duties_url, {**CHOICE, "since": "15/12/2026", "idempotency_key": key})
    assert other.status_code == 409
    page = other.content.decode()
    assert "với nội dung khác" in page and 'value="15/12/2026"' in page
    assert choices(cast) == 2


def test_a_form_error_uses_up_no_key_and_keeps_what_was_typed(cast, client_of, post_form, duties_url):
    client = client_of(cast.head)
    key = new_public_id()
    wrong = post_form(client, duties_url, {**CHOICE, "since": "31/02/2026", "idempotency_key": key})
    assert wrong.status_code == 422
    assert 'value="31/02/2026"' in wrong.content.decode()
    assert not Receipt.objects.exists()
    assert post_form(client, duties_url, {**CHOICE, "idempotency_key": key}).status_code == 302


def test_an_act_that_is_refused_leaves_no_receipt(cast, client_of, post_form, duties_url):
    client = client_of(cast.head)
    refused = post_form(client, duties_url, {**CHOICE, "since": "01/01/2020"}, follow=True)
    assert "chọn ngày từ đó trở đi" in refused.content.decode()
    assert not Receipt.objects.exists()
    assert not Event.objects.filter(kind="units.choose_duties").exists()


def test_a_post_without_a_key_does_nothing(cast, client_of, duties_url):
    assert client_of(cast.head).post(duties_url, CHOICE).status_code == 400
    assert choices(cast) == 1


def test_a_session_that_ended_does_not_take_the_words_with_it(cast, client, post_form, duties_url):
    answer = post_form(client, duties_url, {**CHOICE, "password": "bí-mật-của-tôi"})
    page = answer.content.decode()
    assert answer.status_code == 401
    assert "01/12/2026" in page and "chưa được lưu" in page
    assert "bí-mật-của-tôi" not in page
    assert choices(cast) == 1
