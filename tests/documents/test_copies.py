"""A file brought back: ours byte for byte, changed, or nothing of ours (rule R28)."""

import io
import random
import resource

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from documents import copies
from documents.check_codes import look_up_copy
from documents.copies import Copy
from documents.models import Paper
from documents.press import render_all
from documents.seal import seal
from documents.seal_keys import make_own_key
from documents.services import check_address, new_check_code, replace_paper, store_paper, withdraw_paper
from documents.typeset import pledge_sheet
from documents.vault import sha256_of
from ledger.public_id import new_public_id
from tests.documents import mutations, samples

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def originals() -> dict[str, bytes]:
    """Three sealed pledges by their check codes."""
    make_own_key()
    codes = [new_check_code() for _ in range(3)]
    papers = [samples.pledge_with_evidence(check_code=code, check_url=check_address(code)) for code in codes]
    bodies = render_all([pledge_sheet(paper) for paper in papers])
    return {
        code: seal(body, check_address=check_address(code)) for code, body in zip(codes, bodies, strict=True)
    }


@pytest.fixture
def stored(settings, tmp_path, originals, cast) -> dict[str, Paper]:
    settings.MEDIA_ROOT = tmp_path
    return {code: keep(code, body, cast) for code, body in originals.items()}


def keep(code: str | None, body: bytes, cast, **changes) -> Paper:
    facts = {
        "kind": "pledge",
        "title": "Bản cam kết của Ưng Thị Ẩn",
        "object_kind": "pledges.pledge",
        "object_id": new_public_id(),
        "unit_id": cast.school.public_id,
        "manifest_sha256": "a" * 64,
    }
    return store_paper(body=body, check_code=code, **facts | changes)


def copy_of(body: bytes) -> Copy:
    return Copy("x.pdf", body, sha256_of(body), len(body))


def send(body: bytes, name: str = "ban-cam-ket.pdf"):
    browser = Client(enforce_csrf_checks=True)
    response = browser.post(reverse("documents:check"), {"tep": SimpleUploadedFile(name, body)})
    return response, response.content.decode()


def test_the_original_is_told_to_be_valid_whole_and_ours(stored, originals):
    for code, body in originals.items():
        response, page = send(body)
        assert response.status_code == 200
        for words in ("còn giá trị", "giống từng byte", "Trường Tiểu học Kim Long 1", code):
            assert words in page
        assert "Ưng Thị Ẩn" not in page and "Ẩn" not in page, "no person is named to the public"


def test_an_original_that_was_replaced_or_withdrawn_says_so(stored, originals):
    (old, old_body), (gone, gone_body), _ = originals.items()
    replace_paper(paper=stored[old])
    withdraw_paper(paper=stored[gone], reason="Lý do")
    assert "đã được thay thế" in send(old_body)[1]
    assert "đã bị thu hồi" in send(gone_body)[1]
    assert "còn giá trị" not in send(gone_body)[1] + send(old_body)[1]


def test_a_changed_copy_of_a_withdrawn_paper_is_told_to_be_changed(stored, originals):
    code, body = next(iter(originals.items()))
    withdraw_paper(paper=stored[code], reason="Lý do")
    assert "Không khớp: tệp đã bị sửa" in send(body + b"\n")[1]


def test_a_foreign_file_is_not_ours(stored):
    blank = io.BytesIO()
    pikepdf.new().save(blank)
    for body in (blank.getvalue(), b"%PDF-1.7 nonsense", b"%PDF-" + random.Random(1).randbytes(50_000)):
        response, page = send(body)
        assert response.status_code == 200
        assert "Tệp không do hệ thống này lập" in page


def test_a_code_that_no_paper_carries_explains_nothing(stored):
    assert "không do hệ thống này lập" in send(b"%PDF-1.7 (7K3WQ-P5M2X-9HJTR-4DBNC)")[1]


def test_a_file_made_elsewhere_with_our_code_is_no_paper_of_ours(stored, originals):
    page = send(b"%PDF-1.7\n% " + next(iter(originals)).encode())[1]
    assert "Không khớp" in page and "còn giá trị" not in page


def test_equal_bytes_stored_twice_answer_by_the_one_that_counts(stored, originals, cast):
    code, body = next(iter(originals.items()))
    withdraw_paper(paper=stored[code], reason="Lý do")
    keep(None, body, cast, kind="pledge_signed")
    answer = look_up_copy(copy_of(body))
    assert (answer.state, answer.kind_label) == ("valid", "Bản cam kết ký số cá nhân")


def test_a_hundred_changed_copies_are_all_told_to_be_changed(stored, originals):
    """500 in tests/faults."""
    for name, _, changed in mutations.mutations(list(originals.values()), 100, seed=28):
        answer = look_up_copy(copy_of(changed))
        assert answer is not None and not answer.matches, name


def test_control_without_the_comparison_of_bytes_a_changed_copy_would_pass(stored, originals):
    _, original, changed = next(mutations.mutations(list(originals.values()), 1, seed=28))
    claimed = Copy("x.pdf", changed, sha256_of(original), len(changed))
    assert look_up_copy(claimed).matches


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "không phải là PDF"),
        (b"<html>", "không phải là PDF"),
        (b"\xff\xd8\xff\xe0 a photograph", "không phải là PDF"),
        (b"%PDF-" + bytes(copies.LARGEST), "lớn hơn 20 MB"),
    ],
)
def test_what_cannot_be_compared_is_told_at_the_field(stored, body, sentence):
    response, page = send(body)
    assert response.status_code in {413, 422}
    assert sentence in page


def test_a_form_without_a_file_asks_for_one(cast):
    response = Client().post(reverse("documents:check"), {})
    assert response.status_code == 422
    assert "Chọn tệp PDF cần kiểm tra" in response.content.decode()


def test_of_a_file_too_large_nothing_is_kept_while_it_comes():
    reception = copies.Reception()
    reception.new_file("tep", "x.pdf", "application/pdf", None)
    block = bytes(1024 * 1024)
    for number in range(30):
        reception.receive_data_chunk(block, number * len(block))
        assert len(reception.chunks) <= 20
    copy = reception.file_complete(30 * len(block))
    assert copy.body == b"" and copy.size > copies.LARGEST


def test_nothing_of_the_file_stays_behind(stored, originals, settings, tmp_path, caplog):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploads"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    before = set(tmp_path.rglob("*"))
    body = next(iter(originals.values())) + bytes(4 * 1024 * 1024)
    send(body, name="cua-ong-nguyen-van-a.pdf")
    assert set(tmp_path.rglob("*")) == before
    assert "nguyen-van-a" not in caplog.text


def test_a_hostile_file_ends_the_child_and_not_the_page(stored, monkeypatch):
    """Streams that unpack to gigabytes, objects nested without end: the child is stopped, the answer is “not ours”."""
    bomb = pikepdf.new()
    bomb.Root.Metadata = bomb.make_stream(bytes(200_000_000), Type=pikepdf.Name.Metadata)
    saved = io.BytesIO()
    bomb.save(saved, compress_streams=True)
    nested = b"%PDF-1.7\n1 0 obj\n" + b"[" * 500_000 + b"\nendobj\ntrailer <</Root 1 0 R>>"
    monkeypatch.setattr(copies, "MEMORY_BYTES", 256 * 1024**2)
    for body in (saved.getvalue(), nested):
        assert "không do hệ thống này lập" in send(body)[1]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 2 * 1024**2, "in KB: not in our own process"


def test_the_child_is_asked_only_when_the_plain_bytes_say_nothing(stored, originals, monkeypatch):
    monkeypatch.setattr(copies, "CHILD", copies.CHILD.with_name("nowhere.py"))
    assert "Không khớp" in send(next(iter(originals.values())) + b"\n")[1]
    assert "không do hệ thống này lập" in send(b"%PDF-1.7 nothing")[1]
