"""What the database says when acts are in each other's way, and what is made of it."""

import logging

import pytest
from django.db import OperationalError

from ledger import jobs
from ledger.crossing import SAID, Busy, told_when_busy


class _Refusal(Exception):
    def __init__(self, pgcode: str):
        super().__init__(pgcode)
        self.pgcode = pgcode


def refused(pgcode: str, words: str) -> OperationalError:
    error = OperationalError(words)
    error.__cause__ = _Refusal(pgcode)
    return error


IN_THE_WAY = [
    refused("55P03", "canceling statement due to lock timeout"),
    refused("40P01", "deadlock detected"),
    OperationalError("database is locked"),
]


@pytest.mark.parametrize("error", IN_THE_WAY, ids=str)
def test_a_wait_that_was_too_long_and_a_deadlock_are_told_and_logged(error, caplog):
    with caplog.at_level(logging.WARNING, "ledger"), pytest.raises(Busy, match=SAID), told_when_busy():
        raise error
    assert str(error) in caplog.text


def test_that_the_database_is_away_is_another_matter():
    with pytest.raises(OperationalError, match="server closed"), told_when_busy():
        raise refused("57P01", "server closed the connection unexpectedly")


def test_a_job_that_gave_way_is_not_given_up():
    """It is raised: the lease runs out and the sweeper starts the job again, as where the database was away."""

    def run(job, hold):
        raise Busy(SAID)

    class Model:
        objects = type("Rows", (), {"get": staticmethod(lambda pk: None)})

    hold = type("Hold", (), {"pk": 1})()
    with pytest.raises(Busy):
        jobs._work(jobs.JobKind(Model, run), hold)
