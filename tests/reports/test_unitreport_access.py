"""Who sees and does what with a report: the cast by the routes, in the states in which they matter."""

import pytest
from django.urls import reverse

from ledger.public_id import new_public_id
from reports import services
from tests.reports.stories import address, bring_to, send

OWN = {"head", "clerk"}
SEES_DRAFTS = OWN | {"chair_of_province"}
SEES_SENT = SEES_DRAFTS | {"home_affairs", "home_affairs_head", "leadership", "standing_committee"}
# Route → state in which it is asked → who sees the page; who sees the report but may not do this gets 403.
MAY = {
    ("detail", "draft"): SEES_DRAFTS,
    ("detail", "submitted"): SEES_SENT,
    ("edit", "draft"): OWN,
    ("edit", "returned"): OWN,
    ("refresh", "draft"): OWN,
    ("present", "draft"): OWN,
    ("withdraw", "presented"): OWN,
    ("submit", "draft"): {"head"},
    ("recall", "submitted"): {"head"},
    ("return", "submitted"): {"home_affairs", "home_affairs_head", "chair_of_province"},
    ("accept", "submitted"): {"home_affairs", "home_affairs_head", "chair_of_province"},
}


@pytest.mark.parametrize(("name", "status"), MAY)
def test_who_may_open_what(name, status, report, cast, client_of):
    row = bring_to(report, status, cast)
    sees = SEES_SENT if status in {"submitted", "returned", "accepted"} else SEES_DRAFTS
    found = {
        role: client_of(person).get(address(name, row)).status_code for role, person in cast.people.items()
    }
    expected = {
        role: 200 if role in MAY[name, status] else 403 if role in sees else 404 for role in cast.people
    }
    assert found == expected


@pytest.mark.parametrize(
    "name", ["edit", "refresh", "present", "withdraw", "submit", "recall", "return", "accept"]
)
def test_a_foreign_report_is_the_same_as_none(name, report, cast, client_of, post_form):
    send(report, cast)
    client = client_of(cast.other_head)
    foreign = post_form(client, address(name, report))
    missing = post_form(client, reverse(f"reports:unitreport_{name}", args=[new_public_id()]))
    assert (foreign.status_code, foreign.content) == (404, missing.content)


def test_strangers_are_sent_to_log_in(report, client):
    for name in ("detail", "edit", "submit"):
        assert client.get(address(name, report)).status_code == 302


def test_no_one_reviews_the_report_of_his_own_unit(opened, cast, client_of):
    own = services.begin_report(
        reporting_round=opened, unit=cast.home_affairs_unit, by=cast.home_affairs_head
    )
    services.submit_report(report=own, by=cast.home_affairs_head)
    reviewers = {"home_affairs_head": 403, "home_affairs": 403, "chair_of_province": 200}
    for role, status in reviewers.items():
        assert client_of(cast.people[role]).get(address("accept", own)).status_code == status
