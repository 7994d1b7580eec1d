"""Writing and reviewing a plan with real keys and buttons, on a phone and at a desk, with and without scripts."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, assert_accessible, assert_fits, assert_touchable
from tests.campaigns.plans import MAKERS, draft, own_line, submitted
from tests.factories import make_campaign

ADD = "Thêm dòng vào nhóm 2"


def assert_whole(page, picture, name: str) -> None:
    """At both widths: nothing cut, nothing axe objects to, and on a phone nothing too small to touch."""
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 800})
        picture(page, f"{name}-{width}")
        assert_fits(page)
        assert_accessible(page)
        if width == PHONE:
            assert_touchable(page)


@pytest.fixture
def plan(cast, campaign):
    return draft(cast, campaign)


def address(live_server, name: str, plan) -> str:
    return live_server.url + reverse(f"campaigns:unitplan_{name}", args=[plan.public_id])


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_a_line_is_added_written_and_saved(open_page, live_server, cast, plan, script):
    page = open_page(address(live_server, "edit", plan), by=cast.head, script=script)
    page.get_by_label("Mục đích, yêu cầu").fill("Viết dở")
    page.get_by_role("button", name=ADD).click()
    assert page.url.endswith("#nhom-2")
    expect(page.get_by_label("Mục đích, yêu cầu")).to_have_value("Viết dở")
    page.locator('[name="nhom2-7-text"]').fill("Góp ý dự thảo quy chế")
    page.locator('[name="nhom2-7-due_on"]').fill("30/06/2199")
    page.get_by_role("button", name="Lưu kế hoạch").last.click()
    expect(page.get_by_text("Đã lưu kế hoạch.")).to_be_visible()
    assert plan.rows.filter(text="Góp ý dự thảo quy chế", group__order=2).count() == 1


def test_the_enter_key_saves(open_page, live_server, cast, plan):
    page = open_page(address(live_server, "edit", plan), by=cast.head)
    page.locator('[name="nhom1-0-lead"]').fill("Văn phòng")
    page.locator('[name="nhom1-0-lead"]').press("Enter")
    expect(page.get_by_text("Đã lưu kế hoạch.")).to_be_visible()
    assert plan.rows.filter(lead="Văn phòng").count() == 1


def test_an_error_on_top_leads_to_its_field(open_page, live_server, cast, plan):
    page = open_page(address(live_server, "edit", plan), width=PHONE, by=cast.head)
    page.locator('[name="nhom3-0-due_on"]').fill("31/02/2026")
    page.get_by_role("button", name="Lưu kế hoạch").last.click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert_fits(page)
    assert_accessible(page)
    page.get_by_role("link", name="Nhóm 3, dòng 1, Thời hạn").click()
    expect(page.locator('[name="nhom3-0-due_on"]')).to_be_focused()


STEPS = {
    "edit": "returned",
    "submit": "returned",
    "detail": "returned",
    "return": "submitted",
    "accept": "submitted",
}


@pytest.mark.parametrize("name", STEPS)
def test_every_page_of_a_plan_is_whole_and_accessible(open_page, live_server, cast, picture, name):
    plan = MAKERS[STEPS[name]](cast, make_campaign())
    by = cast.home_affairs if STEPS[name] == "submitted" else cast.head
    assert_whole(open_page(address(live_server, name, plan), by=by), picture, f"plan-{name}")


def test_the_list_of_plans_and_the_decision_are_whole_and_accessible(open_page, live_server, cast, picture):
    campaign = make_campaign()
    own_line(draft(cast, campaign, unit=cast.other_ward, by=cast.other_head), "Việc riêng")
    submitted(cast, campaign)
    pages = {"unitplan_list": cast.home_affairs, "unitplan_begin": cast.head, "campaign_detail": None}
    for name, by in pages.items():
        assert_whole(open_page(live_server.url + reverse(f"campaigns:{name}"), by=by), picture, name)
