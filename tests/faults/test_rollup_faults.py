"""The roll-up under faults: the row is the intention, so whatever dies, exactly one roll-up comes out of it."""

import random
import signal
import time

import pytest

from reports.models import Rollup
from reports.services import rollups
from tests.cast import make_cast
from tests.factories import make_campaign
from tests.faults.rollups import (
    RECOVERY_SECONDS,
    account,
    exactly_one_complete,
    is_over,
    lose_the_broker,
    not_due_yet,
    start,
    wait_for_rendering,
    wait_until,
)
from tests.reports.province import make_province, make_small_province
from tests.servers import WorkerProcess

pytestmark = pytest.mark.worker
SEED = 2607


@pytest.fixture
def province(worker_process):
    """The whole province: its paper takes seconds to render, time enough to die in. No round is due by itself yet."""
    province = make_province()
    not_due_yet()
    return province


def compile_round(province) -> Rollup:
    return rollups.compile_rollup(reporting_round=province.this, by=province.home_affairs)


def test_a_worker_killed_while_it_compiles_is_made_up_for_by_the_next(worker_process: WorkerProcess):
    """The sample of the long proofs below. The second worker's clock is past the lease, so nobody waits for it."""
    small = make_small_province(make_cast(), make_campaign())
    not_due_yet()
    start(worker_process)
    rollup = compile_round(small)
    wait_until(lambda: Rollup.objects.filter(pk=rollup.pk, status="running").exists(), 30, "the claim")
    time.sleep(random.Random(SEED).uniform(0.0, 0.6))
    worker_process.kill()
    start(worker_process, NAMKHONG_CLOCK_OFFSET="60")
    wait_until(lambda: is_over(rollup), RECOVERY_SECONDS, "the roll-up")
    exactly_one_complete(small.this)


@pytest.mark.faults
@pytest.mark.parametrize("seed", range(5))
def test_kill_9_in_the_middle_then_restart(worker_process: WorkerProcess, province, seed, record_property):
    start(worker_process)
    rollup = compile_round(province)
    wait_for_rendering(rollup)
    time.sleep(random.Random(SEED + seed).uniform(0.0, 3.0))
    worker_process.kill()
    assert not is_over(rollup)
    start(worker_process)
    seconds = wait_until(lambda: is_over(rollup), RECOVERY_SECONDS, "the roll-up")
    record_property("recovered_after_s", round(seconds, 1))
    account(record_property, province.this, injected=1)
    assert exactly_one_complete(province.this, pages_at_least=20).attempts == 2


@pytest.mark.faults
def test_killed_again_and_again_it_still_comes_out_once(
    worker_process: WorkerProcess, province, record_property
):
    start(worker_process)
    rollup = compile_round(province)
    for attempt in range(1, 4):
        wait_for_rendering(rollup, attempt=attempt)
        worker_process.kill()
        start(worker_process)
    wait_until(lambda: is_over(rollup), RECOVERY_SECONDS, "the roll-up")
    account(record_property, province.this, injected=3)
    assert exactly_one_complete(province.this, pages_at_least=20).attempts == 4


@pytest.mark.faults
def test_the_broker_is_lost_in_the_middle(worker_process: WorkerProcess, province, record_property):
    start(worker_process)
    rollup = compile_round(province)
    wait_for_rendering(rollup)
    lose_the_broker()
    wait_until(lambda: is_over(rollup), RECOVERY_SECONDS, "the roll-up")
    account(record_property, province.this, injected=1)
    exactly_one_complete(province.this, pages_at_least=20)
    assert Rollup.objects.get(pk=rollup.pk).attempts == 1


@pytest.mark.faults
def test_the_broker_is_lost_and_the_worker_killed(worker_process: WorkerProcess, province, record_property):
    start(worker_process)
    rollup = compile_round(province)
    wait_for_rendering(rollup)
    lose_the_broker()
    worker_process.kill()
    start(worker_process)
    wait_until(lambda: is_over(rollup), RECOVERY_SECONDS, "the roll-up")
    account(record_property, province.this, injected=2)
    exactly_one_complete(province.this, pages_at_least=20)


@pytest.mark.faults
def test_a_poke_that_was_lost_is_made_up_for(worker_process: WorkerProcess, province, record_property):
    """Asked for while nothing ran, and the broker emptied before anything started."""
    rollup = compile_round(province)
    lose_the_broker()
    start(worker_process)
    wait_until(lambda: is_over(rollup), RECOVERY_SECONDS, "the roll-up")
    account(record_property, province.this, injected=1)
    exactly_one_complete(province.this, pages_at_least=20)


@pytest.mark.faults
def test_a_zombie_that_wakes_after_its_lease_publishes_nothing(
    worker_process: WorkerProcess, province, tmp_path, record_property
):
    start(worker_process)
    rollup = compile_round(province)
    wait_for_rendering(rollup)
    worker_process.signal(signal.SIGSTOP)
    second = WorkerProcess(tmp_path / "second.log")
    try:
        start(second)
        wait_until(lambda: is_over(rollup), RECOVERY_SECONDS, "the second worker's roll-up")
        finished_at = exactly_one_complete(province.this, pages_at_least=20).finished_at
        worker_process.signal(signal.SIGCONT)
        wait_until(lambda: b"a late worker stopped" in worker_process.log.read_bytes(), 60, "the zombie")
        account(record_property, province.this, injected=1)
        assert exactly_one_complete(province.this, pages_at_least=20).finished_at == finished_at
    finally:
        second.kill()


@pytest.mark.faults
def test_a_day_missed_while_everything_was_off_is_compiled_once_on_the_next_start(
    worker_process: WorkerProcess, province, record_property
):
    province.this.refresh_from_db()
    later = {"NAMKHONG_CLOCK_OFFSET": str(30 * 86400)}
    start(worker_process, **later)
    wait_until(lambda: Rollup.objects.filter(status="done").count() == 2, 120, "both rounds")
    worker_process.kill()
    start(worker_process, **later)
    time.sleep(5)
    account(record_property, province.this, injected=1)
    assert exactly_one_complete(province.this, pages_at_least=20).slot == rollups.slot(province.this)
    assert exactly_one_complete(province.last, pages_at_least=20).by is None
