"""A worker killed while it applies a roster: all of it is there afterwards, once, or nothing is."""

import random
import time

import pytest

from tests.cast import make_cast
from tests.faults.rollups import RECOVERY_SECONDS, start
from tests.servers import WorkerProcess
from tests.units.rosters import checked, line, ordered
from tests.waiting import wait_until
from units.models import Employment, RosterApply, User

pytestmark = pytest.mark.worker
SEED, PEOPLE = 2607, 3000


@pytest.mark.faults
@pytest.mark.parametrize("seed", range(5))
def test_kill_9_while_a_roster_is_applied(worker_process: WorkerProcess, seed, record_property):
    cast = make_cast()
    people, places = User.objects.count(), Employment.objects.count()
    lines = [
        line(
            f"K{number:05}",
            f"Nguyễn Văn {chr(65 + number % 26)}{'ban'[number % 3]}",
            birth=1960 + number % 40,
        )
        for number in range(PEOPLE)
    ]
    for number, row in enumerate(lines):
        row[3] = f"Giáo viên {number}"
    found = checked(cast.school, cast.head, *lines)
    assert found.status == "checked", list(found.faults.values_list("message", flat=True)[:3])
    job = ordered(found, cast.head)
    start(worker_process)
    wait_until(lambda: RosterApply.objects.filter(pk=job.pk, status="running").exists(), 30, "the claim")
    time.sleep(random.Random(SEED + seed).uniform(0.0, 1.0))
    worker_process.kill()
    added = (User.objects.count() - people, Employment.objects.count() - places)
    assert added in {(0, 0), (PEOPLE, PEOPLE)}, "all or nothing"
    start(worker_process, NAMKHONG_CLOCK_OFFSET="60")
    wait_until(lambda: RosterApply.objects.get(pk=job.pk).is_over, RECOVERY_SECONDS, "the act")
    job.refresh_from_db()
    found.refresh_from_db()
    assert (job.status, found.status) == ("done", "applied"), job.error
    assert User.objects.count() - people == PEOPLE == Employment.objects.count() - places
    record_property("injected", 1)
    record_property("survived", 1)
