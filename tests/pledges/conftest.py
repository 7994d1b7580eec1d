from datetime import UTC, date, datetime, time

import pytest

from ledger import clock


@pytest.fixture
def on_day(monkeypatch):
    """`on_day(date(2025, 6, 14))`: from now on it is noon of that day in Việt Nam."""

    def travel(day: date) -> None:
        noon = datetime.combine(day, time(12), clock.VIETNAM)
        monkeypatch.setenv(clock.OFFSET_VARIABLE, str((noon - datetime.now(UTC)).total_seconds()))

    return travel
