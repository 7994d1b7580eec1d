"""The pledge from both ends, on a phone: sign, return, sign again, confirm, the paper."""

import pytest
from playwright.sync_api import Page, expect

from ledger import jobs
from pledges.models import PaperJob, Pledge
from tests.browser.conftest import DESK, PHONE, assert_accessible, assert_fits, assert_touchable
from tests.pledges.acts import confirm_for_union


@pytest.fixture
def looked_at(picture):
    """A page that is whole, readable and touchable on a phone, whole on a desk."""

    def look(page: Page, name: str) -> None:
        assert_touchable(page)
        assert_accessible(page)
        for width in (DESK, PHONE):
            page.set_viewport_size({"width": width, "height": 800})
            assert_fits(page)
            picture(page, f"pledge-{name}-{width}")

    return look


def test_an_official_signs_in_two_taps_from_home(open_page, live_server, cast, campaign, looked_at):
    page = open_page(live_server.url, width=PHONE, by=cast.official, touch=True)
    page.get_by_role("link", name="Ký cam kết").tap()
    expect(page.get_by_role("heading", name="Ký cam kết", level=1)).to_be_visible()
    looked_at(page, "sign")
    page.get_by_role("button", name="Ký cam kết").tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bản cam kết năm")
    expect(page.locator(".receipt")).to_contain_text("Chủ tịch UBND phường Tôn Thất Đức xác nhận.")
    looked_at(page, "receipt")


def test_without_script_it_can_be_signed_all_the_same(open_page, live_server, cast, campaign):
    page = open_page(live_server.url, width=PHONE, by=cast.official, script=False)
    page.get_by_role("link", name="Ký cam kết").click()
    page.get_by_label("Nội dung cụ thể").fill("Trả lời trong 02 ngày.")
    page.get_by_role("button", name="Ký cam kết").click()
    expect(page.locator(".pledge-text")).to_contain_text("Trả lời trong 02 ngày.")


def test_a_pledge_goes_back_and_forth_and_ends_as_a_paper(open_page, live_server, cast, campaign, looked_at):
    person = open_page(live_server.url, width=PHONE, by=cast.school_official)
    person.get_by_role("link", name="Ký cam kết").click()
    person.get_by_role("button", name="Ký cam kết").click()
    head = open_page(live_server.url, width=PHONE, by=cast.school_head)
    head.get_by_role("link", name="Xem và xác nhận").click()
    looked_at(head, "list")
    head.get_by_role("link", name="Ưng Thị Ẩn").click()
    head.get_by_role("link", name="Trả lại").click()
    looked_at(head, "return")
    head.get_by_role("button", name="Trả lại").click()
    expect(head.locator(".error-summary")).to_contain_text("Cần ghi lý do.")
    head.get_by_label("Lý do trả lại").fill("Ghi việc cụ thể.")
    head.get_by_role("button", name="Trả lại").click()

    person.reload()
    expect(person.locator(".notice-warning")).to_contain_text("Ghi việc cụ thể.")
    looked_at(person, "returned")
    person.get_by_role("link", name="Ký lại").click()
    person.get_by_label("Nội dung cụ thể").fill("Không dạy thêm trái quy định.")
    person.get_by_role("button", name="Ký cam kết").click()

    head.reload()
    head.get_by_role("link", name="Xác nhận", exact=True).click()
    looked_at(head, "confirm")
    head.get_by_role("button", name="Xác nhận").click()
    expect(head.locator(".stops")).to_contain_text("Đã xác nhận")

    confirm_for_union(Pledge.objects.get(), cast.union_chair)
    person.reload()
    expect(person.get_by_role("heading", name="Đang lập bản PDF")).to_be_visible()
    jobs.run("pledges.paper", PaperJob.objects.get().pk)
    expect(person.get_by_role("link", name="Mở bản PDF")).to_be_visible(timeout=10_000)
    looked_at(person, "complete")
