"""A round that is open today, and the ward's report in it."""

import pytest

from reports import services
from tests.reports.stories import make_round


@pytest.fixture
def opened(campaign):
    return make_round(campaign)


@pytest.fixture
def report(opened, cast):
    """The ward's report, just begun by its clerk."""
    return services.begin_report(reporting_round=opened, unit=cast.ward, by=cast.clerk)
