"""The public page: anybody with the paper in hand, without login and without cookies."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from documents.models import Paper
from documents.press import render
from documents.services import new_check_code, replace_paper, store_paper, withdraw_paper
from ledger.models import Event
from ledger.public_id import new_public_id

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def body() -> bytes:
    return render("<h1>Bản cam kết</h1>", title="x")


@pytest.fixture
def paper(settings, tmp_path, body, cast):
    settings.MEDIA_ROOT = tmp_path
    return store_paper(
        kind="pledge",
        title="Bản cam kết của Ưng Thị Ẩn",
        body=body,
        object_kind="pledges.pledge",
        object_id=new_public_id(),
        unit_id=cast.school.public_id,
        manifest_sha256="a" * 64,
        check_code=new_check_code(),
        by=cast.school_official,
    )


def ask(code: str, **extra):
    return Client().get(reverse("documents:check", args=[code]), **extra)


def send(body: bytes, name: str = "ban-cam-ket.pdf"):
    browser = Client(enforce_csrf_checks=True)
    return browser.post(reverse("documents:check"), {"tep": SimpleUploadedFile(name, body)})


def test_a_valid_paper_is_answered_with_what_it_is_and_whose_unit(paper, cast):
    response = ask(paper.check_code)
    page = response.content.decode()
    assert response.status_code == 200
    for words in ("còn giá trị", "Bản cam kết", "Trường Tiểu học Kim Long 1", paper.sha256, paper.check_code):
        assert words in page


def test_no_person_is_named_to_the_public(paper):
    page = ask(paper.check_code).content.decode()
    for words in ("Ưng", "Ẩn", paper.object_id, paper.public_id):
        assert words not in page


def test_the_code_may_be_typed_into_the_form_in_any_shape(paper):
    typed = paper.check_code.replace("-", " ").lower()
    response = Client().get(reverse("documents:check"), {"ma": typed})
    assert response.status_code == 200
    assert paper.sha256 in response.content.decode()


def test_a_replaced_paper_and_a_withdrawn_one_say_so(paper, body, cast):
    replace_paper(paper=paper)
    response = ask(paper.check_code)
    assert response.status_code == 200
    assert "đã được thay thế" in response.content.decode()
    assert "còn giá trị" not in response.content.decode()
    other = store_paper(
        kind="pledge",
        title="x",
        body=body,
        object_kind="pledges.pledge",
        object_id=new_public_id(),
        unit_id=cast.school.public_id,
        manifest_sha256="b" * 64,
        check_code=new_check_code(),
    )
    withdraw_paper(paper=other, reason="Lý do")
    assert "đã bị thu hồi" in ask(other.check_code).content.decode()


def test_an_unknown_code_is_404_with_a_sentence_and_keeps_what_was_typed(cast):
    response = ask("00000-00000-00000-00000")
    page = response.content.decode()
    assert response.status_code == 404
    assert "Không có văn bản nào mang mã này" in page
    assert "00000-00000-00000-00000" in page


def test_what_cannot_be_a_code_is_told_at_the_field(cast):
    response = Client().get(reverse("documents:check"), {"ma": "ABC"})
    assert response.status_code == 422
    assert "Mã kiểm tra gồm 20 chữ và số" in response.content.decode()
    assert 'value="ABC"' in response.content.decode()
    assert ask("ABC").status_code == 404
    assert "Nhập mã kiểm tra" in Client().get(reverse("documents:check"), {"ma": ""}).content.decode()


def test_hostile_text_comes_back_as_text(cast):
    response = Client().get(reverse("documents:check"), {"ma": "<script>alert(1)</script>"})
    assert "<script>alert" not in response.content.decode()


def test_nobody_gets_a_cookie_and_nobody_needs_one(paper):
    for response in (
        send(b"%PDF-1.7 of somebody"),
        ask(paper.check_code),
        ask("00000-00000-00000-00000"),
        Client().get(reverse("documents:check")),
    ):
        assert not response.cookies
        assert "csrfmiddlewaretoken" not in response.content.decode()
        assert response["Cache-Control"] == "no-store"


def test_the_page_only_reads(paper):
    before = (Paper.objects.count(), Event.objects.count())
    assert send(b"%PDF-1.7 of somebody").status_code == 200
    assert (Paper.objects.count(), Event.objects.count()) == before
    assert Client().put(reverse("documents:check")).status_code == 405


@pytest.mark.parametrize("known", [True, False])
def test_an_answer_costs_at_most_two_queries_of_ours(paper, known, django_assert_max_num_queries):
    code = paper.check_code if known else "00000-00000-00000-00000"
    with django_assert_max_num_queries(4):
        ask(code)


def test_demonstration_papers_are_called_so(settings, tmp_path, body, cast):
    settings.MEDIA_ROOT = tmp_path
    code = new_check_code()
    store_paper(
        kind="pledge",
        title="x",
        body=body,
        object_kind="pledges.pledge",
        object_id=new_public_id(),
        unit_id="",
        manifest_sha256="a" * 64,
        check_code=code,
        is_demo=True,
    )
    assert "DỮ LIỆU MINH HỌA" in ask(code).content.decode()
