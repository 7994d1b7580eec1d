"""The person's own acts on a phone and on a desk: sign in three taps from login, refuse, sign again, take back."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from pledges.models import Pledge, Refusal
from tests.browser.conftest import DESK, PHONE, assert_accessible, assert_fits, assert_touchable
from tests.factories import PASSWORD
from tests.pledges.acts import add, confirm, sign, sign_for_unit
from units.models import Employment


@pytest.fixture
def looked_at(picture):
    """A page that is whole, readable and touchable on a phone, whole on a desk."""

    def look(page: Page, name: str) -> None:
        width = page.viewport_size["width"]
        assert_touchable(page)
        assert_accessible(page)
        for size in (DESK, PHONE):
            page.set_viewport_size({"width": size, "height": 800})
            assert_fits(page)
            picture(page, f"pledging-{name}-{size}")
        page.set_viewport_size({"width": width, "height": 800})

    return look


class Taps:
    """Counts what a person touches after login."""

    def __init__(self, page: Page, *, touch: bool) -> None:
        self.page, self.touch, self.count = page, touch, 0

    def __call__(self, role: str, name: str) -> None:
        found = self.page.get_by_role(role, name=name).first  # type: ignore[arg-type]
        found.tap() if self.touch else found.click()
        self.count += 1


def log_in(page: Page, username: str) -> None:
    page.get_by_label("Số hiệu cán bộ").fill(username)
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()


@pytest.mark.parametrize(("width", "touch"), [(PHONE, True), (DESK, False)])
@pytest.mark.parametrize("script", [True, False])
def test_a_pledge_takes_at_most_three_taps_after_login(  # noqa: PLR0917 - a table
    open_page, live_server, cast, campaign, width, touch, script
):
    page = open_page(live_server.url, width=width, touch=touch, script=script)
    log_in(page, cast.official.username)
    tap = Taps(page, touch=touch)
    tap("link", "Ký cam kết")
    expect(page.get_by_label("Mật khẩu")).to_have_count(0), "login itself was the proof"
    tap("button", "Ký cam kết")
    expect(page.locator(".receipt")).to_contain_text("Chủ tịch UBND phường Tôn Thất Đức xác nhận.")
    assert tap.count <= 3
    assert Pledge.objects.get().signatures.get().proof["by"] == "password"


@pytest.mark.parametrize(("width", "touch"), [(PHONE, True), (DESK, False)])
def test_an_official_refuses_with_a_reason_and_takes_it_back(  # noqa: PLR0917 - a table
    open_page, live_server, cast, campaign, looked_at, width, touch
):
    page = open_page(live_server.url, width=width, touch=touch, by=cast.school_official)
    page.get_by_role("link", name="Ký cam kết").first.click()
    page.get_by_role("link", name="Không ký").click()
    looked_at(page, "decline")
    page.get_by_role("button", name="Ghi nhận không ký").click()
    expect(page.locator(".error-summary")).to_contain_text("Cần ghi lý do.")
    page.get_by_label("Lý do không ký").fill("Đã cam kết ở nơi khác.")
    page.get_by_role("button", name="Ghi nhận không ký").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cam kết của tôi")
    looked_at(page, "declined")
    head = open_page(f"{live_server.url}{reverse('pledges:refusal_list')}", by=cast.school_head)
    expect(head.locator("main")).to_contain_text("Đã cam kết ở nơi khác.")
    looked_at(head, "refusals")
    page.get_by_role("link", name="Rút lại việc không ký").click()
    looked_at(page, "refusal-end")
    page.get_by_role("button", name="Rút lại").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ký cam kết")
    assert not Refusal.objects.filter(ended_at__isnull=True).exists()


def test_my_page_says_where_it_stands_and_what_is_to_be_signed_again(
    open_page, live_server, cast, campaign, looked_at
):
    confirm(sign(cast.official, campaign, "Trả lời trong 02 ngày."), cast.head)
    page = open_page(f"{live_server.url}{reverse('pledges:pledge_mine')}", width=PHONE, by=cast.official)
    expect(page.locator(".stops")).to_contain_text("Đã xác nhận")
    looked_at(page, "mine")
    add(cast.head, cast.ward, campaign, "Trả hồ sơ đúng hẹn.\nKhông để dân đi lại nhiều lần.")
    page.reload()
    expect(page.locator("main")).to_contain_text("Nội dung bổ sung của đơn vị đã thay đổi.")
    looked_at(page, "mine-stale")
    page.get_by_role("link", name="Ký lại").click()
    expect(page.locator(".pledge-text")).to_contain_text("Không để dân đi lại nhiều lần.")
    looked_at(page, "sign-again")
    page.get_by_role("button", name="Ký cam kết").click()
    expect(page.locator(".receipt")).to_be_visible()
    page.get_by_role("link", name="Rút cam kết").click()
    looked_at(page, "withdraw")
    page.get_by_label("Lý do").fill("Ghi nhầm việc.")
    page.get_by_role("button", name="Rút cam kết").click()
    expect(page.locator(".notice-warning")).to_contain_text("đã rút bản cam kết lúc")
    looked_at(page, "withdrawn")


def test_a_head_writes_what_his_unit_adds_and_pledges_for_it(
    open_page, live_server, cast, campaign, looked_at
):
    page = open_page(f"{live_server.url}{reverse('pledges:pledge_list')}", width=PHONE, by=cast.school_head)
    page.get_by_text("Cam kết tập thể, nội dung bổ sung").click()
    looked_at(page, "list-of-a-head")
    page.get_by_role("link", name="Nội dung bổ sung", exact=True).click()
    page.get_by_label("Nội dung bổ sung của đơn vị").fill("Không dạy thêm trái quy định.")
    page.get_by_role("button", name="Lưu bản mới").click()
    expect(page.get_by_role("heading", name="Bản 1")).to_be_visible()
    looked_at(page, "addition")
    page.goto(f"{live_server.url}{reverse('pledges:collective_sign', args=[cast.school.public_id])}")
    looked_at(page, "collective-sign")
    page.get_by_role("button", name="Ký cam kết").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("của tập thể Trường Tiểu học Kim Long 1")
    looked_at(page, "collective")


def test_what_a_new_head_may_ask_and_where_a_pledge_may_go(open_page, live_server, cast, campaign, looked_at):
    sign_for_unit(cast.school_head, cast.school, campaign)
    pledge = sign(cast.school_official, campaign)
    Employment.objects.filter(user=cast.school_official).update(unit=cast.other_ward)
    page = open_page(
        f"{live_server.url}{reverse('pledges:pledge_hand_over', args=[pledge.public_id])}",
        width=PHONE,
        by=cast.school_head,
    )
    looked_at(page, "hand-over")
    page.goto(f"{live_server.url}{reverse('pledges:renewal_ask', args=[cast.school.public_id])}")
    looked_at(page, "renewal")
