"""People and posts: nobody works in two units at once, no post of a head is held by two."""

from datetime import date

import pytest
from django.urls import reverse

from ledger.workflow import StepRefused
from tests.factories import make_user
from units import services
from units.models import Post, User

NEWCOMER = {
    "full_name": "Nguyễn Phước Ưng",
    "username": "h777",
    "job_title": "Giáo viên",
    "category": "vien_chuc",
    "since": "01/09/2026",
    "post_kind": "",
}


def test_two_overlapping_employments_are_refused_and_the_other_is_named(cast):
    with pytest.raises(StepRefused, match="Phòng Văn hóa"):
        services.employ(
            user=cast.official,
            unit=cast.school,
            category="vien_chuc",
            since=date(2026, 1, 1),
            by=cast.home_affairs,
        )


def test_a_post_of_a_head_is_held_by_one(cast):
    post = Post.objects.get(unit=cast.ward, kind="head")
    with pytest.raises(StepRefused, match="Tôn Thất Đức"):
        services.appoint(post=post, user=make_user("Người Mới"), since=date(2026, 1, 1), by=cast.home_affairs)


def test_home_affairs_adds_a_person_with_names_in_one_unicode_form(cast, client_of, post_form):
    url = reverse("units:person_add", args=[cast.school.public_id])
    decomposed = "Nguye\u0302\u0303n  Phu\u031bo\u031b\u0301c\u00a0\u01afng"
    answer = post_form(client_of(cast.home_affairs), url, {**NEWCOMER, "full_name": decomposed})
    assert answer.status_code == 302
    assert User.objects.get(username="H777").full_name == "Nguyễn Phước Ưng"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("31/02/2026", "không có trong lịch"), ("11/13/2026", "13")],
    ids=["no day", "month 13"],
)
def test_a_wrong_date_is_told_at_the_field_and_nothing_typed_is_lost(
    cast, client_of, post_form, typed, sentence
):
    url = reverse("units:person_add", args=[cast.school.public_id])
    page = post_form(client_of(cast.home_affairs), url, {**NEWCOMER, "since": typed})
    text = page.content.decode()
    assert page.status_code == 422
    assert f'value="{typed}"' in text and 'value="Nguyễn Phước Ưng"' in text
    assert sentence in text


def test_a_personnel_code_that_is_taken_names_its_holder(cast, client_of, post_form):
    url = reverse("units:person_add", args=[cast.school.public_id])
    page = post_form(client_of(cast.home_affairs), url, {**NEWCOMER, "username": cast.official.username})
    assert "đã là của Kăn Lịch" in page.content.decode()


def test_a_refused_post_adds_nobody(cast, client_of, post_form):
    url = reverse("units:person_add", args=[cast.school.public_id])
    page = post_form(client_of(cast.home_affairs), url, {**NEWCOMER, "post_kind": "head"}, follow=True)
    assert "đang giữ chức vụ" in page.content.decode()
    assert not User.objects.filter(username="H777").exists()
