"""A round of the year 2026 and reports in it."""

from datetime import date

import pytest

from ledger import clock
from reports import services
from reports.models import ReportingRound


@pytest.fixture
def opened(campaign):
    """A yearly round that is open today, whatever today is, and due in ten days."""
    today = clock.today()
    return make_round(campaign, due_on=date.fromordinal(today.toordinal() + 10))


def make_round(campaign, **terms) -> ReportingRound:
    terms = {
        "code": "BC2026",
        "name": "Báo cáo năm 2026",
        "year": 2026,
        "data_since": date(2025, 11, 15),
        "data_until": date(2026, 11, 15),
        "opens_on": date(2026, 10, 1),
        "due_on": date(2026, 11, 15),
    } | terms
    return ReportingRound.objects.create(campaign=campaign, **terms)


@pytest.fixture
def report(opened, cast):
    """The ward's report, just begun by its clerk."""
    return services.begin_report(reporting_round=opened, unit=cast.ward, by=cast.clerk)
