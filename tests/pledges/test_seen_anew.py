"""Somebody changed what the page showed: the page shows what is so now, beside all that was typed, and the next press
does it.
"""

import re

import pytest
from django.urls import reverse

from ledger import clock
from pledges import services
from pledges.models import BulkConfirmation, Drive, SelfReview, UnitAddition
from pledges.services import bulk
from tests.factories import PASSWORD, appoint, person
from tests.marks import mark
from tests.pledges.acts import add, afresh, confirm, send_back, sign
from tests.pledges.crowds import crowd, ordered
from tests.pledges.looking_back import MIXED, OPEN_DAY, again
from tests.pledges.looking_back import send as send_review
from tests.pledges.looking_back import send_back as give_back
from tests.pledges.looking_back import write as write_review
from units.models import Appointment

pytestmark = pytest.mark.usefixtures("in_autumn_2026")

REASON = "Việc cụ thể ghi chưa rõ, xin viết lại cho đúng nhiệm vụ."


def test_the_reason_of_a_return_outlives_another_signing(cast, campaign, signed, client_of, post_form):
    client, url = client_of(cast.school_head), reverse("pledges:pledge_return", args=[signed.public_id])
    seen = mark(client.get(url), "seen_sha256")
    send_back(signed, cast.school_head)
    anew = sign(cast.school_official, campaign, "Nội dung mới hẳn.")
    answer = post_form(client, url, {"seen_sha256": seen, "reason": REASON})
    page = answer.content.decode()
    assert answer.status_code == 422 and "đã được ký lại với nội dung khác" in page
    assert REASON in page and "Nội dung mới hẳn." in page
    assert mark(answer, "seen_sha256") == anew.sha256
    assert post_form(client, url, {"seen_sha256": anew.sha256, "reason": REASON}).status_code == 302


def test_the_words_of_an_addition_outlive_another_s(cast, campaign, client_of, post_form):
    client, url = client_of(cast.head), reverse("pledges:addition_write", args=[cast.ward.public_id])
    seen = mark(client.get(url), "seen_version")
    add(cast.head, cast.ward, campaign, "Đúng hẹn.")
    answer = post_form(client, url, {"seen_version": seen, "text": "Không để hồ sơ quá hạn."})
    page = answer.content.decode()
    assert answer.status_code == 422 and "vừa được người khác sửa" in page
    assert "Không để hồ sơ quá hạn." in page and "Đúng hẹn." in page
    assert mark(answer, "seen_version") == "1"
    post_form(client, url, {"seen_version": 1, "text": "Không để hồ sơ quá hạn."})
    assert UnitAddition.objects.get(version=2).text == "Không để hồ sơ quá hạn."


def test_an_addition_that_changes_nothing_keeps_the_tick(cast, campaign, client_of, post_form):
    client, url = client_of(cast.head), reverse("pledges:addition_write", args=[cast.ward.public_id])
    add(cast.head, cast.ward, campaign, "Đúng hẹn.")
    answer = post_form(client, url, {"seen_version": 1, "text": "Đúng hẹn.", "renews": "on"})
    assert answer.status_code == 422 and "text" in answer.context["form"].errors
    assert answer.context["form"]["renews"].value() is True


def test_the_reason_for_signing_again_outlives_a_changed_number(
    cast, campaign, complete, client_of, post_form
):
    Appointment.objects.filter(user=cast.head).update(until=clock.today())
    successor = person("Lê Thị Mới", cast.ward)
    appoint(successor, cast.ward, "head", "Chủ tịch UBND phường", since=clock.today())
    client, url = client_of(successor), reverse("pledges:renewal_ask", args=[cast.ward.public_id])
    answer = post_form(client, url, {"seen_count": 7, "reason": REASON})
    assert answer.status_code == 422 and REASON in answer.content.decode()
    assert mark(answer, "seen_count") == "1"
    assert post_form(client, url, {"seen_count": 1, "reason": REASON}).status_code == 302


def test_the_days_of_a_drive_are_set_by_the_second_press(cast, campaign, client_of, post_form):
    year = clock.today().year
    client, url = client_of(cast.home_affairs), reverse("pledges:drive_set")
    Drive.objects.update(version=5)
    typed = {
        "opens_on": f"10/01/{year}",
        "due_on": f"30/04/{year}",
        "days_before": "14, 3",
        "days_after": "0, 7",
        "escalate_after": "10",
    }
    answer = post_form(client, url, {**typed, "version": 4})
    assert answer.status_code == 422 and f'value="10/01/{year}"' in answer.content.decode()
    assert mark(answer, "version") == "5"
    assert post_form(client, url, {**typed, "version": 5}).status_code == 302
    assert Drive.objects.get().due_on.month == 4


def test_boxes_unticked_for_confirming_many_outlive_a_run_under_way(cast, campaign, client_of, post_form):
    pledges = crowd(cast.school, 4, campaign)
    ordered(cast.school_head, cast.school, pledges[:1])
    client, url = client_of(cast.school_head), reverse("pledges:bulkconfirmation_read")
    boxes = re.findall(r'name="ban" value="([^"]+)"', client.get(url).content.decode())
    answer = post_form(client, url, {"ban": boxes[1:3]})
    page = answer.content.decode()
    assert answer.status_code == 422 and bulk.UNDER_WAY in page
    assert re.findall(r'name="ban" value="([^"]+)" checked', page) == boxes[1:3]


def test_when_the_run_under_way_has_taken_all_of_them_the_list_says_so(cast, campaign, client_of, post_form):
    pledges = crowd(cast.school, 2, campaign)
    client, url = client_of(cast.school_head), reverse("pledges:bulkconfirmation_read")
    boxes = re.findall(r'name="ban" value="([^"]+)"', client.get(url).content.decode())
    order = ordered(cast.school_head, cast.school, pledges)
    for row in pledges:
        confirm(row, cast.school_head)
    assert BulkConfirmation.objects.active().get() == order
    answer = post_form(client, url, {"ban": boxes}, follow=True)
    assert (
        "Không còn bản nào" in answer.content.decode() and "Đọc và xác nhận 0" not in answer.content.decode()
    )


def test_own_words_for_a_file_outlive_another_file_under_way(cast, campaign, client_of, post_form):
    client, url = client_of(cast.official), reverse("pledges:signingdraft_create")
    post_form(client, url, {"seen_sha256": mark(client.get(url), "seen_sha256"), "own_words": "Lời đầu."})
    typed = {"seen_sha256": mark(client.get(url), "seen_sha256"), "own_words": "Lời đã sửa."}
    answer = post_form(client, url, typed)
    assert answer.status_code == 422 and "đang được lập" in answer.content.decode()
    assert "Lời đã sửa." in answer.content.decode()


def test_a_confirmation_with_nothing_typed_goes_on_to_the_pledge(
    cast, campaign, signed, client_of, post_form
):
    client, url = client_of(cast.school_head), reverse("pledges:pledge_countersign", args=[signed.public_id])
    answer = post_form(client, url, {"seen_sha256": "0" * 64})
    assert answer.status_code == 302 and answer.url == signed.get_absolute_url()


# --- Looking back


@pytest.fixture
def reviewed(complete, on_day) -> SelfReview:
    on_day(OPEN_DAY)
    return send_review(write_review(complete, MIXED, "Một năm có tiến bộ."))


def sent_again(review: SelfReview, cast) -> SelfReview:
    give_back(review, cast.head)
    opened = again(review)
    return send_review(write_review(opened.pledge, MIXED, "Viết lại sau khi bị trả.", version=opened.version))


@pytest.mark.parametrize(
    ("page_name", "typed"),
    [
        ("selfreview_remark", {"agrees": "no", "words": REASON}),
        ("selfreview_return", {"reason": REASON}),
    ],
)
def test_a_remark_and_a_return_outlive_another_sending(
    cast, reviewed, client_of, post_form, *, page_name: str, typed: dict
):
    client, url = client_of(cast.head), reverse(f"pledges:{page_name}", args=[reviewed.public_id])
    seen = mark(client.get(url), "seen_sha256")
    anew = sent_again(reviewed, cast)
    answer = post_form(client, url, {**typed, "seen_sha256": seen})
    page = answer.content.decode()
    assert answer.status_code == 422 and "đã được gửi lại với nội dung khác" in page
    assert REASON in page and "Viết lại sau khi bị trả." in page
    assert mark(answer, "seen_sha256") == again(anew).sha256
    assert post_form(client, url, {**typed, "seen_sha256": again(anew).sha256}).status_code == 302


def test_who_was_unticked_stays_unticked_when_the_password_is_wrong(cast, campaign, reviewed, client_of):
    pledge = confirm(sign(person("Lê Thị Hai", cast.ward), campaign), cast.head)
    other = send_review(write_review(pledge))
    client = client_of(cast.head)
    url = f"{reverse('pledges:selfreview_waiting')}?chon=het"
    page = client.get(url).content.decode()
    boxes = re.findall(r'name="review" value="([a-z0-9]{26}:[0-9a-f]{64})" checked', page)
    assert len(boxes) == 2
    kept = [box for box in boxes if not box.startswith(other.public_id)]
    session = client.session
    del session["proved_at"]
    session.save()
    key = mark(client.get(url), "idempotency_key")
    answer = client.post(url, {"idempotency_key": key, "review": kept, "password": f"{PASSWORD} sai"})
    assert answer.status_code == 422
    assert re.findall(r'name="review" value="([^"]+)" checked', answer.content.decode()) == kept
    sent_again(reviewed, cast)
    answer = client.post(url, {"idempotency_key": key, "review": kept, "password": f"{PASSWORD} sai"})
    page = answer.content.decode()
    assert answer.status_code == 422 and f"{reviewed.public_id}:{again(reviewed).sha256}" in page
    assert 'name="review" value="' in page and not re.findall(r'name="review" value="[^"]+" checked', page)


def test_a_draft_saved_elsewhere_is_not_written_over_by_a_page_refused_for_another_reason(
    cast, complete, client_of, post_form, on_day
):
    on_day(OPEN_DAY)
    url, client = reverse("pledges:selfreview_write"), client_of(cast.official)
    write_review(complete, MIXED, "Bản kia")
    too_long = {"ban": complete.public_id, "version": 0, "words": "dài " * 600}
    answer = post_form(client, url, too_long)
    assert answer.status_code == 422 and mark(answer, "version") == "0"
    answer = post_form(client, url, too_long | {"words": "Bản này"})
    assert answer.status_code == 422 and "đã được lưu ở cửa sổ khác" in answer.content.decode()
    assert SelfReview.objects.get().words == "Bản kia"
    assert post_form(client, url, too_long | {"words": "Bản này", "version": mark(answer, "version")}).url
    assert SelfReview.objects.get().words == "Bản này"


def test_what_is_withdrawn_by_then_is_returned_by_nobody(cast, campaign, signed, client_of, post_form):
    client, url = client_of(cast.school_head), reverse("pledges:pledge_return", args=[signed.public_id])
    seen = mark(client.get(url), "seen_sha256")
    services.withdraw_pledge(pledge=signed, by=afresh(cast.school_official), reason="Ghi nhầm.")
    answer = post_form(client, url, {"seen_sha256": seen, "reason": REASON})
    assert answer.status_code == 302 and answer.url == signed.get_absolute_url()
