import os
import re
import threading
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from documents import vault
from documents.check_codes import canonical_code, check_address, look_up
from documents.models import Paper
from documents.press import render
from documents.services import (
    PaperDamaged,
    new_check_code,
    paper_response,
    read_paper,
    replace_paper,
    store_paper,
    withdraw_paper,
)
from ledger.events import history
from ledger.public_id import new_public_id
from ledger.workflow import StepRefused

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def body() -> bytes:
    return render("<h1>Bản cam kết</h1><p>Tôi cam kết.</p>", title="Bản cam kết")


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "papers"
    settings.MEDIA_ROOT.mkdir()
    return settings.MEDIA_ROOT


@pytest.fixture
def store(folder, body):
    """`store(**changes)`: one pledge's paper."""
    object_id = new_public_id()

    def make(**changes) -> Paper:
        facts = {
            "kind": "pledge",
            "title": "Bản cam kết của Ưng Thị Ẩn",
            "body": body,
            "object_kind": "pledges.pledge",
            "object_id": object_id,
            "unit_id": "u" * 26,
            "manifest_sha256": "a" * 64,
        }
        return store_paper(**facts | changes)

    return make


def test_a_stored_paper_comes_back_byte_for_byte(store, body, folder):
    paper = store()
    assert read_paper(paper) == body
    assert (paper.size, paper.pages, paper.state) == (len(body), 1, "valid")
    assert (folder / paper.path).name == f"{paper.sha256}.pdf"


def test_the_same_effect_gives_the_same_paper_one_file_and_one_event(store, body, folder):
    first = store()
    again = store(body=body + b"\n% made once more by a slow worker")
    assert again == first
    assert Paper.objects.count() == len(list(folder.rglob("*.pdf"))) == 1
    assert [act.kind for act in history("documents.paper", first.public_id)] == ["documents.paper.store"]


def test_another_manifest_or_object_or_kind_is_another_paper(store):
    store()
    store(manifest_sha256="b" * 64)
    store(object_id=new_public_id())
    store(kind="plan")
    assert Paper.objects.count() == 4


def test_equal_bytes_are_one_file(store, folder):
    store()
    store(object_id=new_public_id())
    assert len(list(folder.rglob("*.pdf"))) == 1
    assert not list(folder.rglob(".new-*"))


def test_nothing_half_written_is_left_when_the_disk_fails(store, folder, monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        store()
    assert Paper.objects.count() == 0
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_the_file_is_durable_before_the_row_exists(store, folder, monkeypatch):
    steps = []
    real_sync = os.fsync

    def sync(handle):
        steps.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
        real_sync(handle)

    def watch(run, sql, *rest):
        if sql.startswith('INSERT INTO "documents_paper"'):
            steps.append("row")
        return run(sql, *rest)

    monkeypatch.setattr(os, "fsync", sync)
    with connection.execute_wrapper(watch):
        paper = store()
    synced = [Path(step) for step in steps[: steps.index("row")]]
    assert steps.count("row") == 1
    assert [path.name[:5] for path in synced[:1]] == [".new-"]
    assert synced[1:] == [(folder / paper.path).parent, folder]


@pytest.mark.parametrize("harm", ["one byte", "cut", "gone"])
def test_a_damaged_file_is_noticed_on_every_reading(store, body, folder, harm):
    paper = store()
    file = folder / paper.path
    if harm == "gone":
        file.unlink()
    else:
        file.write_bytes(body[:-1] if harm == "cut" else body[:-1] + bytes([body[-1] ^ 1]))
    with pytest.raises(PaperDamaged, match="Báo quản trị hệ thống"):
        read_paper(paper)
    with pytest.raises(PaperDamaged):
        paper_response(paper, "x.pdf")


def test_a_damaged_file_is_replaced_when_equal_bytes_are_stored_again(store, folder):
    paper = store()
    (folder / paper.path).write_bytes(b"%PDF-")
    store(object_id=new_public_id())
    assert read_paper(paper)


def test_what_is_not_a_paper_of_the_press_is_not_stored(store):
    with pytest.raises(ValueError, match="not a PDF"):
        store(body=b"<html>")
    assert Paper.objects.count() == 0


def test_a_stored_paper_is_never_saved_again(store):
    paper = store()
    paper.title = "Tên khác"
    with pytest.raises(ValidationError):
        paper.save()


@pytest.mark.parametrize(
    "column", ["title", "sha256", "path", "size", "effect", "check_code", "object_id", "unit_id"]
)
def test_the_database_itself_refuses_to_change_a_stored_paper(store, column):
    paper = store(check_code=new_check_code())
    with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
        Paper.objects.filter(pk=paper.pk).update(**{column: 7 if column == "size" else "x"})


def test_a_check_code_stands_on_one_paper_only(store):
    code = new_check_code()
    store(check_code=code)
    with pytest.raises(IntegrityError), transaction.atomic():
        store(check_code=code, object_id=new_public_id())


def test_a_replaced_or_withdrawn_paper_stays_readable_and_says_who_and_why(store, cast):
    old, gone = store(), store(object_id=new_public_id())
    replace_paper(paper=old, by=cast.head)
    withdraw_paper(paper=gone, reason="In nhầm đơn vị", by=cast.home_affairs)
    assert (old.state, gone.state) == ("replaced", "withdrawn")
    assert read_paper(old)
    last = history("documents.paper", gone.public_id)[-1]
    assert (last.by, last.reason) == ("Hoàng Thị Ngọc Ánh", "In nhầm đơn vị")


def test_a_paper_leaves_validity_once(store):
    paper = store()
    replace_paper(paper=paper)
    with pytest.raises(StepRefused, match="Đã được thay thế"):
        withdraw_paper(paper=paper, reason="Lý do")
    with pytest.raises(StepRefused, match="lý do"):
        withdraw_paper(paper=store(manifest_sha256="c" * 64), reason=" ")


def test_the_browser_gets_a_pdf_it_may_not_take_for_something_else(store, body):
    response = paper_response(store(), "Bản cam kết Ẩn.pdf")
    assert response.content == body
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("inline; filename*=utf-8''B%E1%BA%A3n%20cam")


def test_check_codes_are_a_hundred_bits_in_letters_nobody_misreads():
    codes = {new_check_code() for _ in range(500)}
    assert len(codes) == 500
    for code in codes:
        assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{5}-){3}[0-9A-HJKMNP-TV-Z]{5}", code)
        assert canonical_code(code) == code


@pytest.mark.parametrize(
    "typed",
    [
        "7k3wq p5m2x 9hjtr 4dbn0",
        "7K3WQP5M2X9HJTR4DBN0",
        " 7K3WQ–P5M2X–9HJTR–4DBNO ",
        "7k3wq-p5m2x-9hjtr-4dbno",
    ],
)
def test_a_code_is_understood_however_it_is_typed(typed):
    assert canonical_code(typed) == "7K3WQ-P5M2X-9HJTR-4DBN0"


@pytest.mark.parametrize("typed", ["", "7K3WQ", "7K3WQ-P5M2X-9HJTR-4DBNU", "Ẩ" * 20, "x" * 5000, "'; --"])
def test_what_cannot_be_a_code_is_none(typed):
    assert canonical_code(typed) == ""
    assert look_up(typed) is None


def test_the_printed_address_is_absolute(settings):
    settings.BASE_URL = "https://namkhong.hue.gov.vn"
    assert check_address("A" * 5) == "https://namkhong.hue.gov.vn/kiem-tra/AAAAA/"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_that_store_at_once_make_one_paper(store, folder):
    papers, barrier = [], threading.Barrier(2)

    def work():
        barrier.wait()
        try:
            papers.append(store().public_id)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(papers) == 2
    assert len(set(papers)) == 1
    assert Paper.objects.count() == 1
    assert vault.sha256_of(read_paper(Paper.objects.get())) == Paper.objects.get().sha256
