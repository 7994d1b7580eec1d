"""The address for the letters of a day: whose it is to write, who sees it."""

import pytest
from django.urls import reverse

from ledger.models import Event, EventText
from tests.pledges.acts import afresh

OWN = "own_email"


def person_url(user) -> str:
    return reverse("units:person_email", args=[user.public_id])


def test_everyone_writes_his_own_address_and_takes_it_away(cast, client_of, post_form):
    client = client_of(cast.official)
    assert "Mỗi ngày nhiều nhất một thư" in client.get(reverse(OWN)).content.decode()
    post_form(client, reverse(OWN), {"email": "lich.kan@hue.gov.vn"})
    assert afresh(cast.official).email == "lich.kan@hue.gov.vn"
    post_form(client, reverse(OWN), {"email": ""})
    assert afresh(cast.official).email == ""


@pytest.mark.parametrize("typed", ["khong phai thu", "a@b", "a@hue.vn\nBcc: b@hue.vn", "ẩn@hue.vn"])
def test_what_is_no_address_is_refused_in_a_sentence(cast, client_of, post_form, typed):
    answer = post_form(client_of(cast.official), reverse(OWN), {"email": typed})
    assert answer.status_code == 422 and "Ví dụ viết đúng" in answer.content.decode()
    assert afresh(cast.official).email == ""


def test_who_keeps_the_roster_writes_it_for_a_person_and_nobody_else_does(cast, client_of, post_form):
    url = person_url(cast.official)
    post_form(client_of(cast.clerk), url, {"email": "vhxh@kimlong.hue.gov.vn"})
    assert afresh(cast.official).email == "vhxh@kimlong.hue.gov.vn"
    assert client_of(cast.stranger).get(url).status_code == 404
    page = client_of(cast.clerk).get(cast.official.get_absolute_url()).content.decode()
    assert "vhxh@kimlong.hue.gov.vn" in page


def test_the_log_says_that_it_changed_and_not_to_what(cast, client_of, post_form):
    post_form(client_of(cast.official), reverse(OWN), {"email": "lich.kan@hue.gov.vn"})
    event = Event.objects.get(kind="units.change_email")
    assert "lich.kan" not in str(event.data) + str(EventText.objects.get(pk=event.pk).text)
