"""How rounds and reports come to be in tests: through the acts themselves."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ledger import clock
from reports import services
from reports.models import ReportingRound, UnitReport
from reports.services import Entry
from tests.cast import Cast

Status = UnitReport.Status


def make_round(campaign, **terms) -> ReportingRound:
    """Open since a month, due in ten days, with a year of data up to today, unless told otherwise."""
    today = clock.today()
    terms = {
        "code": f"BC{today.year}",
        "name": f"Báo cáo năm {today.year}",
        "year": today.year,
        "data_since": today - timedelta(days=365),
        "data_until": today + timedelta(days=1),
        "opens_on": today - timedelta(days=30),
        "due_on": today + timedelta(days=10),
    } | terms
    return ReportingRound.objects.create(campaign=campaign, **terms)


def address(name: str, report: UnitReport) -> str:
    return reverse(f"reports:unitreport_{name}", args=[report.public_id])


def write(report: UnitReport, by, entries=None, texts=None) -> UnitReport:
    """Save as the report stands; `entries` may hold plain numbers for indicators without categories."""
    report.refresh_from_db()
    given = {key if isinstance(key, tuple) else (key, ""): value for key, value in (entries or {}).items()}
    entries = {key: value if isinstance(value, Entry) else Entry(typed=value) for key, value in given.items()}
    return services.save_report(
        report=report, by=by, entries=entries, texts=texts or {}, expect_version=report.version
    )


def send(report: UnitReport, cast: Cast) -> UnitReport:
    return services.submit_report(report=report, by=cast.head)


def give_back(report: UnitReport, cast: Cast, reason: str = "Ô I.2 chưa có số liệu.") -> UnitReport:
    return services.return_report(
        report=report, by=cast.home_affairs, reason=reason, seen_sha256=report.last_sent().sha256
    )


def accept(report: UnitReport, cast: Cast) -> UnitReport:
    return services.accept_report(report=report, by=cast.home_affairs, seen_sha256=report.last_sent().sha256)


def bring_to(report: UnitReport, status: str, cast: Cast) -> UnitReport:
    """The ward's report from draft to any state, by the acts that lead there."""
    if status == Status.DRAFT:
        return report
    if status == Status.PRESENTED:
        return services.present(report=report, by=cast.clerk)
    sent = send(report, cast)
    if status == Status.RETURNED:
        return give_back(sent, cast)
    return accept(sent, cast) if status == Status.ACCEPTED else sent


def queries_of(client, address: str) -> int:
    """Queries of one page without that of the session, which on PostgreSQL is a statement planned before."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    own = ("django_session", "EXECUTE read_session")
    return sum(not any(words in query["sql"] for words in own) for query in asked.captured_queries)
