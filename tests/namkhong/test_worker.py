"""The real worker command on the real broker."""

import shutil
import time

import pytest
from django.conf import settings

from ledger import events
from ledger.models import Seal
from namkhong.celery import app
from tests.servers import WorkerProcess

pytestmark = pytest.mark.worker


def record(number: int) -> None:
    events.record("thử", by=None, object_kind="test", object_id=f"{number:026d}")


def wait_for_seals(count: int, seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while Seal.objects.count() < count:
        assert time.monotonic() < deadline, "the worker did not answer"
        time.sleep(0.05)


def test_a_poke_reaches_a_real_worker(celery_worker_process: WorkerProcess) -> None:
    record(1)
    app.send_task("ledger.tasks.seal_events")
    wait_for_seals(1)


@pytest.mark.skipif(settings.CELERY_BROKER_URL.startswith("redis"), reason="about the embedded broker")
def test_the_worker_goes_on_after_its_broker_folder_was_deleted(celery_worker_process: WorkerProcess) -> None:
    shutil.rmtree(settings.BROKER_FOLDER)
    record(1)
    app.send_task("ledger.tasks.seal_events")
    wait_for_seals(1)


def test_a_killed_worker_can_be_started_again(celery_worker_process: WorkerProcess) -> None:
    celery_worker_process.kill()
    record(1)
    celery_worker_process.start()
    app.send_task("ledger.tasks.seal_events")
    wait_for_seals(1)


def test_asked_to_stop_a_worker_that_has_just_begun_leaves_by_itself(
    celery_worker_process: WorkerProcess,
) -> None:
    for number in range(10):
        app.send_task("ledger.tasks.run_job", args=["không-có-loại-này", number])
    celery_worker_process.stop()
    assert celery_worker_process.process is not None
    assert celery_worker_process.process.returncode == 0


def test_r42_a_failed_task_leaves_its_place_in_the_log_and_not_its_words(
    celery_worker_process: WorkerProcess,
) -> None:
    app.send_task("ledger.tasks.run_job", args=["không-có-loại-này", 1])
    deadline = time.monotonic() + 20
    while "raised unexpected" not in (said := celery_worker_process.log.read_text()):
        assert time.monotonic() < deadline, said
        time.sleep(0.05)
    assert '"exception": "builtins.KeyError"' in said
    assert "ledger/jobs.py" in said
    assert "không-có-loại-này" not in said
