"""The year-end look back, from the person to the head, on a phone and without script where it is written."""

import pytest
from playwright.sync_api import Page, expect

from ledger import clock, jobs
from pledges.models import BookJob, SelfReview
from pledges.services.books import KIND
from tests.browser.conftest import DESK, PHONE, assert_accessible, assert_fits, assert_touchable
from tests.factories import person
from tests.pledges.acts import confirm, sign
from tests.pledges.looking_back import MIXED, send, write


@pytest.fixture
def looked_at(picture):
    def look(page: Page, name: str) -> None:
        assert_touchable(page)
        assert_accessible(page)
        for width in (DESK, PHONE):
            page.set_viewport_size({"width": width, "height": 800})
            assert_fits(page)
            picture(page, f"review-{name}-{width}")

    return look


@pytest.fixture(autouse=True)
def in_november(on_day, settings, tmp_path):
    on_day(clock.today().replace(month=11, day=2))
    settings.MEDIA_ROOT = tmp_path / "papers"


def test_from_the_home_card_to_the_heads_remark(open_page, live_server, cast, campaign, looked_at):
    pledge = confirm(sign(cast.official, campaign, "Trả lời trong 02 ngày."), cast.head)
    page = open_page(live_server.url, width=PHONE, by=cast.official, script=False)
    page.get_by_role("link", name="Tự đánh giá", exact=False).first.click()
    for number in range(1, 6):
        page.locator(f'[name="kept_{number}"][value="{"mostly" if number == 2 else "fully"}"]').check()
    page.get_by_role("button", name="Lưu và xem lại để gửi").click()
    expect(page.locator(".notice-warning")).to_contain_text("Nội dung 2: chọn “còn hạn chế” thì cần ghi rõ")
    page.get_by_role("link", name="Viết tiếp").click()
    page.locator('[name="words_2"]').fill("Còn để người dân chờ lâu vào thứ Hai.")
    page.get_by_role("button", name="Lưu và xem lại để gửi").click()
    page.get_by_role("button", name="Gửi tự đánh giá").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tự đánh giá năm")
    for number in range(3):
        send(write(sign(person(f"Lê Thị {number}", cast.ward), campaign), MIXED))
    head = open_page(live_server.url, width=PHONE, by=cast.head)
    head.get_by_role("link", name="Xem và nhận xét").click()
    looked_at(head, "waiting")
    head.get_by_role("link", name="Chọn tất cả").click()
    head.get_by_role("button", name="Nhất trí với các bản đã chọn").click()
    expect(head.locator("main")).to_contain_text("Đã ghi “Nhất trí” cho 4 bản tự đánh giá.")
    assert SelfReview.objects.get(pledge=pledge).status == SelfReview.Status.COMPLETE
    writer = open_page(live_server.url, width=PHONE, by=cast.clerk)
    sign(cast.clerk, campaign)
    writer.goto(f"{live_server.url}/cam-ket/tu-danh-gia/")
    looked_at(writer, "write")
    writer.goto(f"{live_server.url}/cam-ket/tu-danh-gia/danh-sach/")
    looked_at(writer, "list")
    head.goto(f"{live_server.url}{SelfReview.objects.get(pledge=pledge).get_absolute_url()}")
    looked_at(head, "detail")


def test_a_book_is_ordered_watched_and_offered(open_page, live_server, cast, campaign, looked_at):
    confirm(sign(cast.official, campaign), cast.head)
    page = open_page(f"{live_server.url}/cam-ket/so/", width=PHONE, by=cast.clerk)
    looked_at(page, "book-units")
    page.get_by_role("link", name="UBND phường Kim Long").click()
    looked_at(page, "book-order")
    page.get_by_role("button", name="Lập tệp nén ZIP").click()
    expect(page.locator("#progress")).to_contain_text("Đang chờ đến lượt")
    looked_at(page, "book-waits")
    assert jobs.run(KIND, BookJob.objects.get().pk)
    expect(page.get_by_role("link", name="Tải tệp về")).to_be_visible()
    looked_at(page, "book-done")
