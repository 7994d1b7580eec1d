"""Chromium for the tests that look: phone and desk, a complaint in the console fails the test."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, Page, sync_playwright

# Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

PHONE = 360
DESK = 1280
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip(f"{CHROMIUM} is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, client_of) -> Iterator[Callable[..., Page]]:
    """open_page(url, width=DESK, script=True, touch=False, status=200, by=user) → Page; `by` has just signed in.

    Whatever the browser complains about (a script error, a refused style) fails the test at its end, unless the test
    expects it and takes it out of `open_page.complaints`.
    """
    complaints: list[str] = []
    contexts = []

    def note(message) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            complaints.append(message.text)

    def open_one(
        url: str, *, width: int = DESK, script: bool = True, touch: bool = False, status: int = 200, by=None
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 800},
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            java_script_enabled=script,
            has_touch=touch,
            reduced_motion="reduce",
        )
        contexts.append(context)
        if by is not None:
            name = settings.SESSION_COOKIE_NAME
            # For the whole site: given the address alone, Playwright keeps the cookie to that page's folder.
            place = {"domain": urlsplit(url).hostname, "path": "/"}
            context.add_cookies([{"name": name, "value": client_of(by).cookies[name].value, **place}])
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        answer = page.goto(url)
        assert answer is not None
        assert answer.status == status, f"{url} answered {answer.status}"
        return page

    open_one.complaints = complaints
    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def picture() -> Callable[[Page, str], None]:
    """picture(page, "board-360") keeps a whole-page picture in var/pictures, for people to look at.

    They take a third of the browser's time, so only when asked for: NAMKHONG_TEST_PICTURES=1 make test.
    """
    folder = settings.BASE_DIR / "var" / "pictures"

    def take(page: Page, name: str) -> None:
        if os.environ.get("NAMKHONG_TEST_PICTURES"):
            folder.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=folder / f"{name}.png", full_page=True)

    return take


def assert_accessible(page: Page) -> None:
    """No finding of axe at WCAG 2.2 AA, best practice included."""
    found = Axe().run(page, options={"runOnly": STANDARD, "resultTypes": ["violations"]})
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"


def assert_fits(page: Page) -> None:
    """Nothing is wider than the screen (WCAG 1.4.10)."""
    wide, screen = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= screen, f"{page.url} is {wide} px wide on a screen of {screen} px"


IN_SENTENCES = ".cell, .skip-link, p a, .error-summary a, .form-check-input"


def assert_touchable(page: Page) -> None:
    """What is tapped is at least 44 px high, except links inside sentences and the cells of the unit strip."""
    small = page.evaluate(
        """(excepted) => [...document.querySelectorAll("a, button, summary, select, input:not([type=hidden])")]
            .filter((one) => one.offsetParent && !one.matches(excepted))
            .filter((one) => one.getBoundingClientRect().height < 43.5)
            .map((one) => one.outerHTML.slice(0, 120))""",
        IN_SENTENCES,
    )
    assert small == [], page.url
