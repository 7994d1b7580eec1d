"""Coming in, seen from the browser."""

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, assert_accessible, assert_fits, assert_touchable
from tests.factories import PASSWORD


def test_a_wrong_password_keeps_the_code_typed_and_says_what_is_wrong(open_page, live_server):
    page = open_page(live_server.url + "/dang-nhap/", width=PHONE)
    expect(page.get_by_label("Số hiệu cán bộ")).to_be_focused()
    page.get_by_label("Số hiệu cán bộ").fill("CB000001")
    page.get_by_label("Mật khẩu").fill("không đúng đâu")
    page.get_by_role("button", name="Đăng nhập").click()
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Số hiệu cán bộ hoặc mật khẩu chưa đúng.")
    expect(page.get_by_label("Số hiệu cán bộ")).to_have_value("CB000001")
    expect(page).to_have_title("Lỗi: Đăng nhập · Cuộc vận động")
    assert_accessible(page)
    assert_touchable(page)


def test_an_unknown_activation_code_is_refused_on_the_page(open_page, live_server):
    page = open_page(live_server.url + "/kich-hoat/", width=PHONE)
    page.get_by_label("Số hiệu cán bộ").fill("CB000001")
    page.get_by_label("Mã kích hoạt").fill("7KQM-2HXR-94TB")
    page.get_by_role("button", name="Kích hoạt tài khoản").click()
    expect(page.locator(".error-summary")).to_contain_text("hoặc mã đã hết hạn")
    page.get_by_role("link", name="Mật khẩu mới: Trường này là bắt buộc.").first.click()
    expect(page.get_by_label("Mật khẩu mới", exact=True)).to_be_focused()
    assert_accessible(page)


def test_a_page_that_is_not_there_answers_in_vietnamese_without_a_cookie(open_page, live_server):
    page = open_page(live_server.url + "/khong-co/", status=404)
    expect(page.get_by_role("heading", level=1)).to_have_text("Không tìm thấy trang")
    assert page.context.cookies() == []


def test_on_a_shared_machine_the_browser_remembers_nothing_and_the_way_out_is_seen(
    open_page, live_server, cast
):
    page = open_page(live_server.url + "/dang-nhap/", width=PHONE, touch=True)
    page.get_by_label("Máy dùng chung").check()
    expect(page.get_by_label("Mật khẩu")).to_have_attribute("autocomplete", "off")
    page.get_by_label("Số hiệu cán bộ").fill(cast.home_affairs.username)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cài đặt xác thực hai bước")
    expect(page.get_by_role("img", name="Mã QR để thêm tài khoản")).to_be_visible()
    assert_accessible(page)
    assert_touchable(page)
    assert_fits(page)
    page.locator(".shared-band").get_by_role("button", name="Thoát").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập")
    assert [cookie["name"] for cookie in page.context.cookies() if cookie["name"] == "phien"] == []
