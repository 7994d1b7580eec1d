"""Compiling a round in a real browser: the bar moves by itself, on a phone and at a desk."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from ledger import jobs
from reports.models import Rollup
from reports.services import rollups
from tests.browser.conftest import DESK, PHONE, assert_accessible, assert_fits, assert_touchable
from tests.reports.province import make_small_province


@pytest.fixture
def small(cast, campaign):
    return make_small_province(cast, campaign)


def assert_whole(page, width: int) -> None:
    assert_fits(page)
    assert_accessible(page)
    if width == PHONE:
        assert_touchable(page)


def compile_url(live_server, small) -> str:
    return live_server.url + reverse("reports:rollup_compile", args=[small.this.public_id])


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_one_press_then_the_bar_moves_until_the_paper_is_there(open_page, live_server, small, picture, width):
    page = open_page(compile_url(live_server, small), width=width, by=small.home_affairs)
    assert_whole(page, width)
    picture(page, f"rollup-compile-{width}")
    page.get_by_role("button", name="Tổng hợp báo cáo").click()
    expect(page.get_by_text("Đang chờ đến lượt")).to_be_visible()
    rollup = Rollup.objects.get()
    Rollup.objects.filter(pk=rollup.pk).update(step=2, steps=4, message=rollups.STEPS[1], status="running")
    expect(page.get_by_text("Lập văn bản", exact=True)).to_be_visible()
    expect(page.get_by_text("Bước 2/4")).to_be_visible()
    assert_whole(page, width)
    picture(page, f"rollup-running-{width}")
    Rollup.objects.filter(pk=rollup.pk).update(status="queued")
    jobs.run(rollups.KIND, rollup.pk)
    expect(page.get_by_role("link", name="Mở báo cáo tổng hợp (PDF)")).to_be_visible()
    expect(page.get_by_role("heading", name="Số liệu của 2/4 đơn vị")).to_be_visible()
    assert_whole(page, width)
    picture(page, f"rollup-done-{width}")


def test_without_scripts_the_page_is_read_again_by_hand(open_page, live_server, small):
    page = open_page(compile_url(live_server, small), script=False, by=small.home_affairs)
    page.get_by_role("button", name="Tổng hợp báo cáo").click()
    expect(page.get_by_text("Đang chờ đến lượt")).to_be_visible()
    jobs.run(rollups.KIND, Rollup.objects.get().pk)
    page.get_by_role("link", name="Tải lại trang để xem tiến độ mới.").click()
    expect(page.get_by_role("link", name="Mở báo cáo tổng hợp (PDF)")).to_be_visible()


def test_a_compilation_is_cancelled_from_its_page(open_page, live_server, small):
    rollup = rollups.compile_rollup(reporting_round=small.this, by=small.home_affairs)
    page = open_page(live_server.url + rollup.get_absolute_url(), by=small.home_affairs)
    page.get_by_role("button", name="Hủy").click()
    expect(page.get_by_text("Đã hủy lần tổng hợp.")).to_be_visible()
