"""What a form about people and units got wrong is said at its place, and everything else that was typed stays."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from ledger import clock
from units.models import Absence, Appointment, Employment, Post
from vietnamese.dates import short_date

TODAY = clock.today()
LAST_YEAR = TODAY - timedelta(days=400)


@pytest.fixture
def desk(cast, client_of):
    return client_of(cast.home_affairs)


@pytest.fixture
def refused(desk, post_form):
    """`refused(url, typed)` → the errors of the form; all that was typed stands in the page."""

    def send(url: str, typed: dict):
        answer = post_form(desk, url, typed)
        assert answer.status_code == 422
        page = unescape(answer.content.decode())
        for value in filter(None, typed.values()):
            assert f'value="{value}"' in page or f">{value}</textarea>" in page.replace("\n", "")
        assert page.count('class="error-summary"') == 1
        return answer.context["form"].errors

    return send


def person_url(name: str, user) -> str:
    return reverse(f"units:person_{name}", args=[user.public_id])


def test_a_move_to_where_he_works_is_said_at_the_unit(cast, refused):
    typed = {"unit": "UBND phường Kim Long", "on": short_date(TODAY), "job_title": "Chuyên viên chính"}
    assert list(refused(person_url("move", cast.clerk), typed)) == ["unit"]


def test_a_move_to_a_unit_that_was_not_there_yet_is_said_at_the_day(cast, refused):
    cast.other_ward.since = TODAY
    cast.other_ward.save()
    typed = {"unit": cast.other_ward.name, "on": short_date(LAST_YEAR), "job_title": "Chuyên viên chính"}
    assert "được thành lập từ" in refused(person_url("move", cast.clerk), typed)["on"][0]


def test_a_secondment_to_where_he_works_is_said_at_the_unit(cast, refused):
    typed = {"unit": cast.ward.name, "since": short_date(TODAY), "decision": "QĐ 5/QĐ-SNV"}
    assert list(refused(person_url("second", cast.clerk), typed)) == ["unit"]


def test_an_excuse_without_an_end_is_said_at_the_end(cast, refused):
    typed = {"kind": "excused", "reason": "Điều trị dài ngày", "since": short_date(TODAY), "until": ""}
    assert refused(person_url("absent", cast.clerk), typed)["until"] == [
        "Miễn ký cam kết phải có ngày kết thúc."
    ]
    assert not Absence.objects.exists()


def test_a_contract_that_ends_before_it_begins_is_said_at_its_end(cast, refused):
    typed = {
        "full_name": "Nguyễn Thị Mới",
        "username": "HUE990001",
        "category": "vien_chuc",
        "since": short_date(TODAY),
        "contract_until": short_date(LAST_YEAR),
    }
    errors = refused(reverse("units:person_add", args=[cast.school.public_id]), typed)
    assert list(errors) == ["contract_until"]


def test_who_is_added_cannot_be_made_member_of_an_inspection_team_without_a_decision(cast, desk):
    page = desk.get(reverse("units:person_add", args=[cast.school.public_id])).content.decode()
    assert 'value="deputy"' in page and 'value="inspector"' not in page


def test_an_authority_without_its_paper_is_said_at_the_paper(cast, refused):
    post = Post.objects.get(unit=cast.ward, kind="head")
    typed = {
        "user": cast.clerk.username,
        "manner": "by_authority",
        "since": short_date(TODAY),
        "until": short_date(TODAY + timedelta(days=30)),
        "covers": "Xác nhận cam kết",
    }
    errors = refused(reverse("units:post_appoint", args=[post.public_id]), typed)
    assert "Thừa ủy quyền phải có văn bản" in errors["document"][0]


@pytest.mark.parametrize("lacking", ["covers", "until"])
def test_what_an_authority_lacks_is_said_where_it_is_missing(cast, refused, lacking):
    post = Post.objects.get(unit=cast.ward, kind="head")
    typed = {
        "user": cast.clerk.username,
        "manner": "by_authority",
        "since": short_date(TODAY),
        "until": short_date(TODAY + timedelta(days=30)),
        "document": "QĐ 4/QĐ-UBND",
        "covers": "Xác nhận cam kết",
    }
    errors = refused(reverse("units:post_appoint", args=[post.public_id]), typed | {lacking: ""})
    assert list(errors) == [lacking]


def test_standing_in_beyond_the_head_s_own_term_is_said_at_the_end(cast, refused):
    Appointment.objects.filter(user=cast.head).update(until=TODAY + timedelta(days=20))
    post = Post.objects.get(unit=cast.ward, kind="head")
    typed = {
        "user": cast.clerk.username,
        "manner": "by_order",
        "since": short_date(TODAY),
        "until": short_date(TODAY + timedelta(days=60)),
    }
    assert list(refused(reverse("units:post_appoint", args=[post.public_id]), typed)) == ["until"]


def test_a_post_that_is_held_is_said_at_the_post_of_who_is_added(cast, refused):
    typed = {
        "full_name": "Nguyễn Thị Mới",
        "username": "HUE990001",
        "category": "can_bo",
        "since": short_date(TODAY),
        "post_kind": "head",
    }
    assert list(refused(reverse("units:person_add", args=[cast.ward.public_id]), typed)) == ["post_kind"]


def test_a_return_to_a_unit_that_has_ended_by_then_is_said_at_the_return(cast, refused):
    cast.division.until = TODAY + timedelta(days=30)
    cast.division.save()
    typed = {
        "unit": cast.school.name,
        "since": short_date(TODAY),
        "until": short_date(TODAY + timedelta(days=60)),
        "decision": "QĐ 8",
    }
    assert list(refused(person_url("second", cast.official), typed)) == ["until"]


def test_the_end_of_a_post_after_the_end_known_already_is_said_at_the_day(cast, refused):
    row = cast.head.appointments.get()
    Appointment.objects.filter(pk=row.pk).update(until=TODAY + timedelta(days=5))
    typed = {"on": short_date(TODAY + timedelta(days=9)), "reason": "Nghỉ hưu theo QĐ 7"}
    assert list(refused(reverse("units:appointment_end", args=[row.public_id]), typed)) == ["on"]


def test_an_employment_that_overlaps_is_said_and_nothing_is_kept(cast, refused):
    Employment.objects.filter(user=cast.clerk).update(until=TODAY, ending="resigned")
    typed = {
        "unit": cast.school.name,
        "since": short_date(LAST_YEAR),
        "category": "vien_chuc",
        "job_title": "Văn thư",
        "reason": "QĐ 9",
    }
    errors = refused(person_url("reemploy", cast.clerk), typed)
    assert "trùng thời gian" in errors["since"][0]
    assert Employment.objects.filter(user=cast.clerk).count() == 1


def test_a_union_of_a_day_before_the_unit_is_said_at_the_day(cast, refused):
    cast.ward.since = TODAY
    cast.ward.save()
    url = reverse("units:unit_union", args=[cast.ward.public_id])
    assert list(refused(url, {"on": short_date(LAST_YEAR), "decision": "QĐ 3"})) == ["on"]


def test_an_act_with_an_impossible_day_keeps_every_word(cast, desk, post_form):
    url = f"{reverse('units:reorganisation_write')}?loai=renaming&don_vi={cast.school.public_id}"
    typed = {
        "on": "01/01/1990",
        "decision": "Quyết định số 12/QĐ-UBND",
        "heir": "new",
        "new_name": "Trường Tiểu học Sông Hương",
        "new_kind": "truong_hoc",
    }
    answer = post_form(desk, url, typed)
    page = answer.content.decode()
    assert answer.status_code == 422 and "on" in answer.context["form"].errors
    for word in ("01/01/1990", "Quyết định số 12/QĐ-UBND", "Trường Tiểu học Sông Hương"):
        assert f'value="{word}"' in page
