"""Another act is in the way for too long: the page comes back as it was sent, to be sent again (rules R03, R16)."""

from collections.abc import Callable
from html import unescape

import pytest
from django.db import OperationalError
from django.urls import reverse
from lxml import html

from ledger import idempotency
from ledger.crossing import SAID
from reports.services import begin_report
from tests.campaigns.plans import draft
from tests.cast import Cast
from tests.pledges.acts import confirm, sign
from tests.pledges.looking_back import OPEN_DAY, write
from tests.pledges.test_signedlists import begin
from tests.reports.stories import make_round
from units.models import User

TYPED = "Trả lời hồ sơ trong 3 ngày làm việc."


def _report(cast: Cast, campaign) -> tuple[User, str]:
    report = begin_report(reporting_round=make_round(campaign), unit=cast.ward, by=cast.clerk)
    return cast.clerk, reverse("reports:unitreport_edit", args=[report.public_id])


def _plan(cast: Cast, campaign) -> tuple[User, str]:
    return cast.head, reverse("campaigns:unitplan_edit", args=[draft(cast, campaign).public_id])


def _signing(cast: Cast, campaign) -> tuple[User, str]:
    return cast.official, reverse("pledges:pledge_sign")


def _review(cast: Cast, campaign) -> tuple[User, str]:
    confirm(sign(cast.official, campaign), cast.head)
    return cast.official, reverse("pledges:selfreview_write")


def _ticks(cast: Cast, campaign) -> tuple[User, str]:
    made = begin(cast.ward, campaign, cast.head)
    return cast.head, reverse("pledges:signedlist_detail", args=[made.public_id])


def _confirming(cast: Cast, campaign) -> tuple[User, str]:
    return cast.head, reverse("pledges:pledge_countersign", args=[sign(cast.official, campaign).public_id])


def _sending(cast: Cast, campaign) -> tuple[User, str]:
    review = write(confirm(sign(cast.official, campaign), cast.head))
    return cast.official, reverse("pledges:selfreview_send", args=[review.public_id])


def _move(cast: Cast, campaign) -> tuple[User, str]:
    return cast.home_affairs, reverse("units:person_move", args=[cast.clerk.public_id])


PAGES: list[Callable[[Cast, object], tuple[User, str]]] = [
    _report,
    _plan,
    _signing,
    _review,
    _ticks,
    _confirming,
    _sending,
    _move,
]


@pytest.fixture(autouse=True)
def when_reviews_are_open(on_day):
    on_day(OPEN_DAY)


@pytest.mark.parametrize("page", PAGES)
def test_the_page_comes_back_as_it_was_sent(page, cast, campaign, client_of, monkeypatch):
    user, url = page(cast, campaign)
    client = client_of(user)
    forms = html.fromstring(client.get(url).content.decode()).get_element_by_id("main").iter("form")
    form = next(one for one in forms if one.method == "POST" and one.get("action") in (None, "", url))
    sent = dict(form.form_values())
    typed = [area.get("name") for area in form.iter("textarea")]
    sent |= dict.fromkeys(typed, TYPED)
    if page is _ticks:
        sent["act"] = "save"
    if page is _move:
        sent |= {"unit": cast.other_agency.name, "on": "02/11/2026"}

    def locked(**submission):
        raise OperationalError("database is locked")

    monkeypatch.setattr(idempotency, "claim", locked)
    answer = client.post(url, sent)
    shown = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert shown.count(SAID) == 1
    assert shown.count(TYPED) >= len(typed)
