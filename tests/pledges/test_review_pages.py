"""Pages of the look back: nothing typed is lost, who sees what, how many queries."""

import re

import pytest
from django.urls import reverse

from ledger import clock
from pledges.models import Pledge, SelfReview
from tests.factories import person
from tests.pledges.acts import confirm, sign
from tests.pledges.looking_back import MIXED, OPEN_DAY, again, remark, send, send_back, shown, write

WRITE, WAITING, LIST = "pledges:selfreview_write", "pledges:selfreview_waiting", "pledges:selfreview_list"
FIVE_WELL = {f"kept_{number}": "fully" for number in range(1, 6)}


@pytest.fixture(autouse=True)
def while_it_is_open(on_day):
    on_day(OPEN_DAY)


@pytest.fixture
def sent(cast, complete):
    return send(write(complete, MIXED, "Một năm có tiến bộ."))


def url(name: str, review: SelfReview) -> str:
    return reverse(f"pledges:{name}", args=[review.public_id])


def typed(pledge: Pledge, **fields) -> dict:
    """What the form of this pledge's review sends."""
    return {"ban": pledge.public_id, "version": 0, **fields}


def test_the_page_shows_the_five_commitments_as_they_were_signed(cast, complete, client_of):
    page = client_of(cast.official).get(reverse(WRITE)).content.decode()
    for text in complete.content["text"]["commitments"]:
        assert text in page
    assert 'name="version" value="0"' in page


def test_saving_sending_and_reading_it_again(cast, complete, client_of, post_form):
    client = client_of(cast.official)
    answer = post_form(client, reverse(WRITE), typed(complete, words="Dở dang"))
    assert answer.url == f"{reverse(WRITE)}?ban={complete.public_id}"
    review = SelfReview.objects.get()
    assert (review.words, review.answers[0]["kept"]) == ("Dở dang", "")
    answer = post_form(client, reverse(WRITE), typed(complete, version=review.version, send="1", **FIVE_WELL))
    assert answer.url == url("selfreview_send", review)
    page = client.get(answer.url).content.decode()
    seen = re.search(r'name="seen_sha256" value="([0-9a-f]{64})"', page)
    assert seen and seen[1] == shown(review)
    assert post_form(client, answer.url, {"seen_sha256": seen[1]}).url == url("selfreview_detail", review)
    assert again(review).status == SelfReview.Status.AWAITING_HEAD
    assert "Chờ nhận xét" in client.get(url("selfreview_detail", review)).content.decode()


def test_what_was_typed_over_a_newer_draft_is_shown_and_not_lost(cast, complete, client_of, post_form):
    write(complete, MIXED, "Bản kia")
    answer = post_form(client_of(cast.official), reverse(WRITE), typed(complete, words="Bản này"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Bản này" in page and "đã được lưu ở cửa sổ khác" in page
    assert SelfReview.objects.get().words == "Bản kia"
    assert f'name="version" value="{SelfReview.objects.get().version}"' in page


def test_what_was_typed_when_it_is_no_longer_open_is_shown(cast, complete, client_of, post_form, on_day):
    client = client_of(cast.official)
    on_day(OPEN_DAY.replace(month=9))
    page = post_form(client, reverse(WRITE), typed(complete, words="Đã viết dài")).content.decode()
    assert "Đã viết dài" in page and "mở từ ngày" in page


def test_what_was_typed_when_it_was_sent_meanwhile_is_shown(cast, complete, client_of, post_form):
    send(write(complete))
    page = post_form(client_of(cast.official), reverse(WRITE), typed(complete, words="Đã viết dài"))
    assert "Đã viết dài" in page.content.decode() and "đã gửi tự đánh giá" in page.content.decode()


# --- Two years at once


@pytest.fixture
def of_two_years(cast, campaign, sent, on_day) -> tuple[SelfReview, SelfReview]:
    """Last year's, returned, and this year's, begun; both at the same version."""
    on_day(OPEN_DAY.replace(year=2027))
    fresh = write(confirm(sign(cast.official, campaign), cast.head), MIXED, "Năm nay")
    send_back(sent, cast.head)
    SelfReview.objects.update(version=5)
    return again(sent), again(fresh)


@pytest.mark.parametrize("of", [0, 1])
def test_what_is_typed_about_one_year_is_saved_in_that_year(cast, of_two_years, client_of, post_form, of):
    meant, other = again(of_two_years[of]), again(of_two_years[1 - of])
    client, where = client_of(cast.official), f"{reverse(WRITE)}?ban={meant.pledge.public_id}"
    page = client.get(where).content.decode()
    assert f"cam kết năm {meant.pledge.year}" in page
    assert f'name="ban" value="{meant.pledge.public_id}"' in page
    post_form(client, where, typed(meant.pledge, version=5, words="Mới", **FIVE_WELL))
    assert (again(meant).words, again(other).words) == ("Mới", other.words)


def test_the_page_opened_before_the_other_was_returned_still_saves_its_own(
    cast, of_two_years, client_of, post_form
):
    older, fresh = of_two_years
    answer = post_form(client_of(cast.official), reverse(WRITE), typed(fresh.pledge, version=5, words="Mới"))
    assert answer.status_code == 302
    assert (again(older).words, again(fresh).words) == (older.words, "Mới")


def test_each_returned_review_opens_itself(cast, of_two_years, client_of):
    older, _ = of_two_years
    page = client_of(cast.official).get(url("selfreview_detail", older)).content.decode()
    assert f'href="{reverse(WRITE)}?ban={older.pledge.public_id}"' in page


@pytest.mark.parametrize("named", ["", "x" * 26])
def test_a_form_that_names_no_pledge_of_ones_own_is_refused_with_what_was_typed(
    cast, of_two_years, client_of, post_form, named
):
    older, fresh = of_two_years
    form = {"version": 5, "words": "Đã viết dài"} | ({"ban": named} if named else {})
    page = post_form(client_of(cast.official), reverse(WRITE), form).content.decode()
    assert "Đã viết dài" in page and "chưa được lưu" in page
    assert (again(older).words, again(fresh).words) == (older.words, "Năm nay")


def test_what_lacks_is_said_in_the_place_of_the_button(cast, complete, client_of):
    review = write(complete, [{"kept": "not", "words": ""}, *MIXED[1:]])
    page = client_of(cast.official).get(url("selfreview_send", review)).content.decode()
    assert "Nội dung 1: chọn “chưa thực hiện được” thì cần ghi rõ" in page
    assert "seen_sha256" not in page


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("official", 200),
        ("head", 200),
        ("home_affairs", 200),
        ("clerk", 404),
        ("school_head", 404),
        ("chair_of_province", 404),
        ("leadership", 404),
        ("stranger", 404),
        ("other_head", 404),
    ],
)
def test_words_are_read_by_the_person_the_head_and_home_affairs(cast, sent, client_of, role, status):
    page = client_of(cast.people[role]).get(url("selfreview_detail", sent))
    assert page.status_code == status
    assert ("Một năm có tiến bộ." in page.content.decode()) == (status == 200)


def test_a_head_above_reads_numbers_and_no_words(cast, campaign, client_of):
    review = send(write(sign(cast.school_official, campaign), MIXED))
    assert client_of(cast.head).get(url("selfreview_detail", review)).status_code == 404
    page = client_of(cast.head).get(reverse(LIST)).content.decode()
    assert "Trường Tiểu học Kim Long 1" in page and "1/1" in page
    assert cast.school_official.full_name not in page


@pytest.mark.parametrize("step", ["remark", "remark_union", "return", "close"])
@pytest.mark.parametrize("role", ["official", "home_affairs"])
def test_who_reads_it_may_not_yet_act_on_it(cast, sent, client_of, step, role):
    assert client_of(cast.people[role]).get(url(f"selfreview_{step}", sent)).status_code == 403


def test_the_head_disagrees_on_the_page(cast, sent, client_of, post_form):
    client, where = client_of(cast.head), url("selfreview_remark", sent)
    seen = {"seen_sha256": again(sent).sha256, "agrees": "no"}
    assert "cần ghi rõ nhận xét" in post_form(client, where, seen).content.decode()
    assert post_form(client, where, seen | {"words": "Chưa rõ."}).status_code == 302
    assert "Chưa rõ." in client_of(cast.official).get(url("selfreview_detail", sent)).content.decode()


def test_many_are_agreed_to_from_the_list(cast, campaign, sent, client_of, post_form):
    other = send(write(confirm(sign(person("Lê Thị Hai", cast.ward), campaign), cast.head)))
    client = client_of(cast.head)
    page = client.get(reverse(WAITING), {"chon": "het"}).content.decode()
    marks = re.findall(r'name="review" value="([a-z0-9]{26}:[0-9a-f]{64})" checked', page)
    assert {mark.partition(":")[0] for mark in marks} == {sent.public_id, other.public_id}
    assert post_form(client, reverse(WAITING)).status_code == 422
    assert post_form(client, reverse(WAITING), {"review": marks}).url == reverse(WAITING)
    assert {again(row).status for row in (sent, other)} == {SelfReview.Status.COMPLETE}


def test_a_late_click_is_a_sentence_on_the_reviews_own_page(cast, sent, client_of):
    remark(sent, cast.head)
    answer = client_of(cast.head).get(url("selfreview_remark", sent), follow=True)
    assert "Tôn Thất Đức đã nhận xét với tư cách người đứng đầu" in answer.content.decode()


def test_the_home_page_tells_both(cast, complete, client_of):
    assert "Tự đánh giá năm 2026" in client_of(cast.official).get("/").content.decode()
    review = send(write(complete))
    assert "Tự đánh giá năm 2026" not in client_of(cast.official).get("/").content.decode()
    assert "bản tự đánh giá chờ ông/bà nhận xét" in client_of(cast.head).get("/").content.decode()
    assert review.status == SelfReview.Status.AWAITING_HEAD


def test_the_clerk_downloads_the_list_without_the_heads_words(cast, sent, client_of):
    remark(sent, cast.head, agrees=False, words="Chưa rõ.")
    where = f"{reverse('pledges:selfreview_export')}?dang=csv&don_vi={cast.ward.public_id}"
    of_clerk = client_of(cast.clerk).get(where)
    assert of_clerk["Content-Disposition"].startswith("attachment")
    assert cast.official.full_name in of_clerk.content.decode()
    assert "Chưa rõ." not in of_clerk.content.decode()
    assert "Chưa rõ." in client_of(cast.head).get(where).content.decode()
    assert client_of(cast.other_head).get(where.replace("don_vi", "x")).status_code == 200
    foreign = client_of(cast.other_head).get(where)
    assert cast.official.full_name not in foreign.content.decode()


def test_one_that_waits_since_an_earlier_year_says_so(cast, sent, client_of):
    page = client_of(cast.head).get(reverse(WAITING)).content.decode()
    assert "· năm 2026" not in page
    Pledge.objects.filter(pk=sent.pledge_id).update(year=2025)
    page = client_of(cast.head).get(reverse(WAITING)).content.decode()
    assert "· năm 2025" in page


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_of_what_waits_takes_the_same_queries_for_one_and_for_three(
    cast, campaign, client_of, django_assert_num_queries, people
):
    for number in range(people):
        send(write(confirm(sign(person(f"Lê Thị {number}", cast.ward), campaign), cast.head)))
    client = client_of(cast.head)
    assert clock.today() == OPEN_DAY
    with django_assert_num_queries(QUERIES):
        client.get(reverse(WAITING))


QUERIES = 7
