"""Every page that a person reaches by links from home: whole, readable, touchable; no link leads to a refusal."""

from collections.abc import Callable, Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from campaigns.models import Campaign
from tests.browser.conftest import DESK, PHONE, assert_accessible, assert_fits, assert_touchable
from tests.cast import Cast

LINKS = "all => all.filter(one => one.getAttribute('href')[0] !== '#').map(one => one.href)"


@pytest.fixture
def province(cast: Cast, campaign: Campaign) -> Cast:
    return cast


def pages_from_home(page: Page, home: str) -> Iterator[str]:
    """Opens one page of every route that links lead to and yields its name; papers are fetched, not opened."""
    seen, waiting = set(), [home]
    while waiting:
        url = waiting.pop(0)
        route = route_of(url)
        if route in seen:
            continue
        seen.add(route)
        answer = page.request.get(url)
        assert answer.status == 200, f"{url} is linked and answers {answer.status}"
        if "html" not in answer.headers["content-type"]:
            continue
        page.goto(url)
        found = page.locator("a[href]").evaluate_all(LINKS)
        waiting += [urljoin(home, link) for link in found if urlsplit(link).netloc == urlsplit(home).netloc]
        yield route


def route_of(url: str) -> str:
    try:
        return resolve(urlsplit(url).path).view_name
    except Resolver404:
        return url


@pytest.mark.parametrize("role", ["official", "head", "clerk", "union_chair", "home_affairs", "leadership"])
def test_every_page_in_reach_is_accessible(
    open_page: Callable[..., Page], live_server, province, role: str, picture
):
    page = open_page(live_server.url, width=PHONE, by=province.people[role])
    for route in pages_from_home(page, live_server.url + "/"):
        name = f"{role}-{route.replace(':', '-')}"
        assert page.locator("h1").count() == 1, route
        picture(page, f"{name}-{PHONE}")
        assert_fits(page)
        assert_touchable(page)
        assert_accessible(page)
        page.set_viewport_size({"width": DESK, "height": 800})
        picture(page, f"{name}-{DESK}")
        assert_fits(page)
        page.set_viewport_size({"width": PHONE, "height": 800})


def test_a_visitor_reaches_only_public_pages(open_page: Callable[..., Page], live_server, province):
    page = open_page(live_server.url + "/dang-nhap/", width=PHONE)
    routes = list(pages_from_home(page, live_server.url + "/dang-nhap/"))
    assert set(routes) <= {"login", "activate", "home", "documents:check", "campaigns:campaign_detail"}
