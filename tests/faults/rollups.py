"""What the fault tests of the roll-up share: a province in committed rows, waiting, and what must hold at the end."""

import shutil
from collections.abc import Callable
from datetime import timedelta

import redis
from django.conf import settings

from documents.models import Paper
from documents.press import page_count
from documents.services import read_paper
from ledger import clock
from ledger.models import Event
from reports.models import ReportingRound, Rollup
from reports.services import rollups
from tests.servers import WorkerProcess
from tests.waiting import wait_until

# Recovered within 90 s of a restart.
RECOVERY_SECONDS = 90.0


def start(worker: WorkerProcess, **environment: str) -> None:
    """Worker and beat, as the supervisor starts them."""
    worker.start("--beat", **environment)


def not_due_yet() -> None:
    """Or worker and beat would compile the rounds by themselves besides."""
    ReportingRound.objects.update(due_on=clock.today() + timedelta(days=10))


def is_rendering(rollup: Rollup, attempt: int) -> bool:
    rollup.refresh_from_db()
    at = (rollup.status, rollup.message, rollup.attempts)
    return at == ("running", rollups.STEPS[2], attempt)


def wait_for_rendering(rollup: Rollup, *, attempt: int = 1) -> None:
    """The third of four steps; a dead worker's words stay on the row until the next attempt."""
    wait_until(lambda: is_rendering(rollup, attempt), RECOVERY_SECONDS, "the rendering")


def is_over(rollup: Rollup) -> bool:
    rollup.refresh_from_db()
    return rollup.is_over


def lose_the_broker() -> None:
    if settings.CELERY_BROKER_URL.startswith("redis"):
        redis.Redis.from_url(settings.CELERY_BROKER_URL).flushdb()
    else:
        shutil.rmtree(settings.BROKER_FOLDER, ignore_errors=True)


def account(
    record_property: Callable[[str, object], None], reporting_round: ReportingRound, *, injected: int
) -> None:
    """What `make faults` adds up: faults, those after which the roll-up came out, roll-ups lost, papers too many."""
    done = Rollup.objects.filter(round=reporting_round, status="done")
    papers = Paper.objects.filter(object_id__in=done.values("public_id")).count()
    record_property("injected", injected)
    record_property("survived", injected if done else 0)
    record_property("lost", int(not done))
    record_property("doubled", max(0, papers - 1))


def exactly_one_complete(reporting_round: ReportingRound, *, pages_at_least: int = 2) -> Rollup:
    """One roll-up, done, its paper whole, published once."""
    rollup = Rollup.objects.get(round=reporting_round)
    assert rollup.status == "done", rollup.error
    assert Paper.objects.filter(object_id=rollup.public_id).count() == 1
    assert page_count(read_paper(rollup.paper)) >= pages_at_least
    assert Event.objects.filter(kind="reports.rollup.finish", object_id=rollup.public_id).count() == 1
    assert rollup.manifest_sha256 == rollup.paper.manifest_sha256
    return rollup
