"""A head confirms four hundred pledges: reads them, gives the proof, watches, and sees what became of each."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from ledger import jobs
from pledges.models import BulkConfirmation, Pledge
from pledges.services import bulk
from tests.browser.conftest import DESK, PHONE, assert_accessible, assert_fits, assert_touchable
from tests.pledges.acts import sign
from tests.pledges.crowds import crowd, outcomes


@pytest.fixture
def looked_at(picture):
    """A page that is whole, readable and touchable on a phone, whole on a desk."""

    def look(page: Page, name: str, *, widths=(DESK, PHONE)) -> None:
        assert_touchable(page)
        assert_accessible(page)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 800})
            assert_fits(page)
            picture(page, f"bulk-{name}-{width}")

    return look


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_head_confirms_four_hundred(open_page, live_server, cast, campaign, width):
    pledges = crowd(cast.school, 400, campaign)
    page = open_page(live_server.url, width=width, by=cast.school_head)
    expect(page.locator(".tasks")).to_contain_text("400 bản cam kết chờ ông/bà xác nhận")
    page.get_by_role("link", name="Xem và xác nhận").click()
    page.get_by_role("link", name="Đọc tất cả 400 bản theo bộ lọc").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đọc và xác nhận 400 bản cam kết")
    assert_fits(page)
    assert page.locator(".read-row input:checked").count() == 400
    page.locator(".read-row input").nth(7).uncheck()
    # Meanwhile one person takes his back.
    Pledge.objects.filter(pk=pledges[200].pk).update(status="withdrawn")
    page.get_by_role("button", name="Xác nhận các bản đã chọn").click()
    expect(page.get_by_text("Đang chờ đến lượt")).to_be_visible()
    order = BulkConfirmation.objects.get()
    jobs.run(bulk.KIND, order.pk)
    expect(page.get_by_role("heading", name="Đã xác nhận 398 bản")).to_be_visible(timeout=10_000)
    expect(page.get_by_role("table")).to_contain_text(pledges[200].user.full_name)
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("link", name="Đọc tiếp 1 bản đang chờ").click()
    expect(page.locator(".tick")).to_have_count(1)
    assert outcomes(order) == {"done": 398, "refused": 1}


def test_the_pages_are_whole_on_a_phone_and_on_a_desk(open_page, live_server, cast, campaign, looked_at):
    rows = crowd(cast.school, 12, campaign)
    content = {**rows[3].content, "text": rows[3].content["text"] | {"leader_clause": "Chịu trách nhiệm."}}
    Pledge.objects.filter(pk=rows[3].pk).update(content=content, kind="leader")
    page = open_page(live_server.url, width=PHONE, by=cast.school_head, touch=True)
    page.goto(live_server.url + reverse("pledges:bulkconfirmation_choose"))
    looked_at(page, "list")
    page.get_by_role("link", name="Chọn cả 12 bản của trang này").click()
    expect(page.locator(".tick input:checked")).to_have_count(12)
    page.get_by_role("button", name="Đọc các bản đã chọn ở trang này").click()
    looked_at(page, "read")
    page.emulate_media(media="print")
    expect(page.locator(".read-open").first).to_be_hidden()


def test_without_script_the_same_is_done(open_page, live_server, cast, campaign):
    crowd(cast.school, 3, campaign)
    page = open_page(live_server.url, width=PHONE, by=cast.school_head, script=False)
    page.get_by_role("link", name="Xem và xác nhận").click()
    page.locator(".tick input").nth(1).check()
    page.get_by_role("button", name="Đọc các bản đã chọn ở trang này").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đọc và xác nhận 1 bản cam kết")
    page.get_by_role("button", name="Xác nhận các bản đã chọn").click()
    jobs.run(bulk.KIND, BulkConfirmation.objects.get().pk)
    page.get_by_role("link", name="Tải lại trang để xem tiến độ mới").click()
    expect(page.get_by_role("heading", name="Đã xác nhận 1 bản")).to_be_visible()
    assert Pledge.objects.filter(status="awaiting_union").count() == 1


def test_a_word_without_end_widens_neither_the_list_nor_the_reading(open_page, live_server, cast, campaign):
    sign(cast.school_official, campaign, "https://" + "dichvucong" * 25)
    reading = reverse("pledges:bulkconfirmation_read") + f"?noi=head-{cast.school.public_id}"
    for address in (reverse("pledges:bulkconfirmation_choose"), reading):
        page = open_page(live_server.url + address, width=PHONE, by=cast.school_head)
        expect(page.get_by_text("dichvucongdichvucong")).to_be_visible()
        for width in (PHONE, DESK):
            page.set_viewport_size({"width": width, "height": 800})
            assert_fits(page)
