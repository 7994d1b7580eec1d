"""Pledges signed with a certificate and by hand, on phone and desk: plain answers, and sixty people in minutes."""

import io
import time
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from ledger import jobs
from pledges.models import BlankForm, Pledge, SigningDraft
from pledges.services import blankforms, signedfiles
from tests.browser.conftest import DESK, PHONE, assert_accessible, assert_fits, assert_touchable
from tests.documents.certificates import person as identity
from tests.documents.certificates import sign_pdf
from tests.factories import person
from tests.pledges.test_signedlists import begin


@pytest.fixture
def looked_at(picture):
    def look(page: Page, name: str) -> None:
        assert_touchable(page)
        assert_accessible(page)
        for width in (DESK, PHONE):
            page.set_viewport_size({"width": width, "height": 800})
            assert_fits(page)
            picture(page, f"by-hand-{name}-{width}")

    return look


def file(name: str, body: bytes, kind: str = "application/pdf") -> dict:
    return {"name": name, "mimeType": kind, "buffer": body}


def scan(pages: int, size=(2480, 3508)) -> bytes:
    out = io.BytesIO()
    sheets = [Image.new("RGB", size, (255 - number, 255, 255)) for number in range(pages)]
    sheets[0].save(out, "PDF", save_all=True, append_images=sheets[1:], resolution=300)
    return out.getvalue()


@pytest.mark.usefixtures("campaign")
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_signed_tampered_unsigned_and_too_coarse_get_four_plain_answers(
    open_page, live_server, cast, looked_at, width
):
    page = open_page(f"{live_server.url}/cam-ket/ky/", width=width, by=cast.official)
    page.get_by_role("link", name="Ký bằng chứng thư số của ông/bà").click()
    page.get_by_label("Nội dung cụ thể").fill("Trả lời trong 02 ngày.")
    looked_at(page, "draft")
    page.set_viewport_size({"width": width, "height": 800})
    page.get_by_role("button", name="Lập tệp để ký số").click()
    jobs.run(signedfiles.KIND, SigningDraft.objects.get().pk)
    page.reload()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Tải tệp để ký").click()
    original = Path(waiting.value.path()).read_bytes()
    signed = sign_pdf(original, identity(cast.official.full_name))
    tampered = signed[:700] + bytes([signed[700] ^ 1]) + signed[701:]
    answer = page.locator("section[aria-labelledby=ket-qua] .state")
    for body, words in ((original, "Tệp không có chữ ký số"), (tampered, "Nội dung đã bị thay đổi")):
        page.get_by_label("Tệp PDF đã ký số").set_input_files(file("ky.pdf", body))
        page.get_by_role("button", name="Tải lên và kiểm tra").click()
        expect(answer).to_have_text(words)
    looked_at(page, "tampered")
    page.get_by_label("Tệp PDF đã ký số").set_input_files(file("ky.pdf", signed))
    page.get_by_role("button", name="Tải lên và kiểm tra").click()
    expect(answer).to_have_text("Chữ ký số hợp lệ")
    looked_at(page, "valid")
    page.get_by_role("link", name="Mở bản cam kết").click()
    expect(page.get_by_role("heading", name="Tệp ký số cá nhân")).to_be_visible()

    clerk = open_page(
        f"{live_server.url}/cam-ket/giay/nhap/{cast.ward.public_id}/", width=width, by=cast.clerk
    )
    clerk.get_by_label("Bản đã ký tay, quét hoặc chụp").set_input_files(
        file("quet.pdf", scan(1, (1240, 1754)))
    )
    clerk.get_by_role("button", name="Tải lên").click()
    expect(clerk.locator(".error-summary")).to_contain_text("cạnh dài có 1.754 điểm ảnh, cần ít nhất 2.300")
    looked_at(clerk, "coarse")


@pytest.mark.usefixtures("campaign")
def test_sixty_people_signed_on_paper_are_entered_within_five_minutes(
    open_page, live_server, cast, looked_at, record_property
):
    """Two did not sign; the head and the union signed for all."""
    for number in range(58):
        person(f"Nguyễn Thị {number:02d} Hoa", cast.school)
    unit = cast.school.public_id
    page = open_page(f"{live_server.url}/cam-ket/giay/don-vi/{unit}/", by=cast.school_head)
    page.get_by_role("link", name="In danh sách để ký").click()
    looked_at(page, "print")
    page.set_viewport_size({"width": DESK, "height": 800})
    page.get_by_role("button", name="Lập tệp PDF").click()
    jobs.run(blankforms.KIND, BlankForm.objects.get().pk)
    page.reload()
    looked_at(page, "printed")
    page.set_viewport_size({"width": DESK, "height": 800})
    began = time.monotonic()
    page.get_by_role("link", name="Nhập bản đã ký").click()
    page.get_by_label("Bản đã ký tay, quét hoặc chụp").set_input_files(file("quet.pdf", scan(3)))
    page.get_by_role("button", name="Tải lên").click()
    page.get_by_role("button", name="Chọn tất cả", exact=True).click()
    expect(page.locator(".ticks input:checked")).to_have_count(60)
    looked_at(page, "tick")
    page.set_viewport_size({"width": DESK, "height": 800})
    for name in ("Nguyễn Thị 07 Hoa", "Nguyễn Thị 33 Hoa"):
        page.get_by_label(name).uncheck()
    page.get_by_label("Trên giấy có chữ ký người đứng đầu").check()
    page.get_by_label("Trên giấy có chữ ký công đoàn cơ sở").check()
    page.get_by_role("button", name="Xem lại để ghi nhận").click()
    looked_at(page, "enter")
    page.get_by_role("button", name="Ghi nhận").click()
    expect(page.locator("main")).to_contain_text("Đã ghi nhận 58 bản cam kết ký trên giấy.")
    # Ten taps: the page, the file, upload, everyone, two names taken out, two signatures, review, record.
    taken = time.monotonic() - began
    record_property("seconds", round(taken, 1))
    looked_at(page, "entered")
    assert Pledge.objects.filter(channel="paper", status="complete").count() == 58
    assert taken < 300


@pytest.mark.parametrize("script", [True, False])
def test_enter_in_the_date_keeps_the_draft_and_ticks_nobody(open_page, live_server, cast, campaign, script):
    made = begin(cast.school, campaign, cast.school_head)
    page = open_page(
        live_server.url + made.get_absolute_url(), width=PHONE, by=cast.school_head, script=script
    )
    page.get_by_label(cast.union_chair.full_name).check()
    page.get_by_label("Ngày ký").press("Enter")
    expect(page.locator("main")).to_contain_text("Đã lưu nháp: 1 người.")
    assert [row.user for row in made.people.all()] == [cast.union_chair]
