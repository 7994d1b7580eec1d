"""Who gets what answer at every door: the cast × routes × methods × (own, foreign) against a table read by people.

A cell: `o` let in, `x` 403 (may not do it), `-` 404 (may not see it), `l` sent to log in. POSTs are sent without an
idempotency key: who is let in gets no further than “this form has no key” (400), so that nothing changes between cells.
"""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from campaigns import services as plans
from campaigns.content import content_of, digest
from campaigns.models import Campaign
from ledger import jobs
from notices.models import Notice
from notices.services import tell
from reports import services as reports
from reports.models import Rollup
from reports.services import rollups
from tests.namkhong.test_policy import ROUTES
from tests.pledges.acts import sign
from tests.reports.stories import make_round
from units.models import User

TABLE = Path(__file__).with_name("policy.txt")
ROLES = [
    "nobody", "official", "clerk", "head", "school_official", "union_chair", "school_head", "other_head", "stranger",
    "home_affairs", "home_affairs_head", "leadership", "standing_committee", "chair_of_province",
]  # fmt: skip
# Answered alike for everyone, or harmless; their own tests say more.
WITHOUT_OBJECT_OF_OTHERS = {"reports:round_board", "reports:rollup_compile", "reports:unitreport_begin"}


def make_plan(unit, head, campaign: Campaign):
    plan = plans.begin_plan(by=head, campaign=campaign, unit=unit, year=2026)
    type(plan).objects.filter(pk=plan.pk).update(aims="Thực hiện Cuộc vận động.", arrangements="Cả đơn vị.")
    plan.refresh_from_db()
    return plans.submit_plan(plan=plan, by=head, seen=digest(content_of(plan)))


def make_report(unit, head, round_):
    report = reports.begin_report(reporting_round=round_, unit=unit, by=head)
    return reports.submit_report(report=report, by=head)


@pytest.fixture
def doors(cast, campaign):
    """(route, which) → the object in the address: one of the ward Kim Long, one of somebody else's."""
    round_ = make_round(campaign)
    pledge = {"own": sign(cast.official, campaign), "foreign": sign(cast.stranger, campaign)}
    plan = {
        "own": make_plan(cast.ward, cast.head, campaign),
        "foreign": make_plan(cast.other_ward, cast.other_head, campaign),
    }
    report = {
        "own": make_report(cast.ward, cast.head, round_),
        "foreign": make_report(cast.other_ward, cast.other_head, round_),
    }
    tell(users=[cast.official], effect="own", text="…", url="/")
    tell(users=[cast.stranger], effect="foreign", text="…", url="/")
    notice = {
        "own": Notice.objects.get(user=cast.official, effect="own"),
        "foreign": Notice.objects.get(user=cast.stranger, effect="foreign"),
    }
    return {
        "units:user_": {"own": cast.official, "foreign": cast.stranger},
        "units:": {"own": cast.ward, "foreign": cast.other_ward},
        "campaigns:campaign": {"own": campaign},
        "campaigns:": plan,
        "pledges:": pledge,
        "reports:round": {"own": round_},
        "reports:unitreport_begin": {"own": round_},
        "reports:rollup_compile": {"own": round_},
        "reports:rollup": {"own": make_rollup(round_, cast.home_affairs)},
        "reports:": report,
        "notices:": notice,
    }


def make_rollup(round_, by: User) -> Rollup:
    rollup = rollups.compile_rollup(reporting_round=round_, by=by)
    jobs.run("reports.rollup", rollup.pk)
    return rollup


def objects_of(route: str, doors: dict) -> dict:
    fits = [prefix for prefix in doors if route.startswith(prefix)]
    return doors[max(fits, key=len)] if fits else {}


def addresses(doors: dict):
    """(route, which, url) for every route, once for each object it can name."""
    for route, view in ROUTES:
        if route == "documents:check":
            continue
        try:
            yield route, view, "", reverse(route)
        except Exception:  # noqa: BLE001 - the route names an object
            for which, thing in objects_of(route, doors).items():
                yield route, view, which, reverse(route, args=[thing.public_id])


def letter(status: int, url: str) -> str:
    if status == 302 and url.startswith("/dang-nhap/"):
        return "l"
    return {403: "x", 404: "-"}.get(status, "o")


def answers(cast, client_of, doors) -> list[str]:
    clients = [Client() if role == "nobody" else client_of(getattr(cast, role)) for role in ROLES]
    lines = []
    for route, view, which, url in addresses(doors):
        if route == "logout":
            continue
        for method in sorted(view.permissions):
            cells = []
            for client in clients:
                response = client.get(url) if method == "GET" else client.post(url)
                cells.append(letter(response.status_code, response.headers.get("Location", "")))
            lines.append(f"{route:32} {method:5}{which:9}{' '.join(cells)}".rstrip())
    return sorted(set(lines))


@pytest.mark.django_db(transaction=True)  # the roll-up among the doors reads from a snapshot of its own
def test_every_door_answers_everyone_as_the_table_says(cast, client_of, doors, capsys):
    found = answers(cast, client_of, doors)
    expected = [line for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    with capsys.disabled():
        print(  # noqa: T201 - the count is part of what is shown
            f"\npolicy: {len(found)} doors × {len(ROLES)} people = {len(found) * len(ROLES)} cells"
        )
    assert found == expected
