"""Papers stand in a queue of their own, and one worker serves both queues: hundreds of them hold up no roll-up."""

import pytest
import redis
from django.conf import settings

from ledger import jobs
from ledger.models import Seal
from namkhong.celery import app
from tests.namkhong.test_worker import record, wait_for_seals
from tests.servers import WorkerProcess

pytestmark = pytest.mark.worker


def waiting(queue: str) -> int:
    if settings.CELERY_BROKER_URL.startswith("redis"):
        return redis.Redis.from_url(settings.CELERY_BROKER_URL).llen(queue)
    return len(list((settings.BROKER_FOLDER / "messages" / queue).glob("*.msg")))


def test_papers_have_a_queue_of_their_own(worker_process: WorkerProcess) -> None:
    jobs._send("pledges.paper", 1)
    jobs._send("pledges.bulkconfirmation", 1)
    assert (waiting("papers"), waiting("celery")) == (1, 1)


def test_one_worker_serves_both_queues_in_turn(worker_process: WorkerProcess) -> None:
    """What comes behind four hundred papers is done while most of them still wait."""
    for number in range(400):
        jobs._send("pledges.paper", number)
    record(1)
    app.send_task("ledger.tasks.seal_events", queue="celery")
    worker_process.start()
    wait_for_seals(1)
    assert Seal.objects.count() == 1
    assert waiting("papers") > 200
