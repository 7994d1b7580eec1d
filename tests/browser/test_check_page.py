"""The public check page on a phone, without JavaScript: by code and by file."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from documents.press import render_all
from documents.seal import seal
from documents.services import check_address, new_check_code
from documents.typeset import pledge_sheet
from tests.browser.conftest import DESK, PHONE, assert_accessible, assert_fits, assert_touchable
from tests.documents import samples
from tests.documents.test_copies import keep


@pytest.fixture
def stored(live_server, cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "papers"
    code = new_check_code()
    paper = samples.pledge_with_evidence(check_code=code, check_url=check_address(code))
    body = seal(render_all([pledge_sheet(paper)])[0], check_address=check_address(code))
    keep(code, body, cast)
    return body


def test_a_file_is_checked_on_a_phone_without_javascript(stored, live_server, open_page):
    page = open_page(live_server.url + reverse("documents:check"), width=PHONE, script=False)
    for body, words in (
        (stored, "Văn bản có trên hệ thống và còn giá trị"),
        (stored + b"\n", "Không khớp: tệp đã bị sửa"),
        (b"%PDF-1.7 of somebody", "Tệp không do hệ thống này lập"),
        (b"GIF89a", "Tệp này không phải là PDF"),
    ):
        page.get_by_label("Tệp PDF").set_input_files(
            {"name": "ban-cam-ket.pdf", "mimeType": "application/pdf", "buffer": body}
        )
        page.get_by_role("button", name="Kiểm tra tệp").click()
        assert words in page.locator("main").inner_text()
    assert page.context.cookies() == []


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_answer_about_a_changed_file_can_be_read_and_tapped(stored, live_server, open_page, width):
    page = open_page(live_server.url + reverse("documents:check"), width=width)
    changed = {"name": "x.pdf", "mimeType": "application/pdf", "buffer": stored + b"\n"}
    page.get_by_label("Tệp PDF").set_input_files(changed)
    page.get_by_role("button", name="Kiểm tra tệp").click()
    expect(page.get_by_role("heading", name="Không khớp: tệp đã bị sửa")).to_be_visible()
    assert_fits(page)
    assert_touchable(page)
    assert_accessible(page)
