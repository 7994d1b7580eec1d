"""The real worker command, killed in the middle of hundreds of confirmations: none is lost and none doubled."""

from datetime import timedelta

import pytest

from ledger import clock
from ledger.models import Event
from pledges.models import BulkConfirmation, Signature
from tests.cast import make_cast
from tests.factories import make_campaign
from tests.pledges.crowds import crowd, ordered, outcomes
from tests.servers import WorkerProcess
from tests.waiting import wait_until

pytestmark = [pytest.mark.worker, pytest.mark.slow]
PEOPLE = 1500


def test_a_worker_killed_in_the_middle_loses_nothing_and_doubles_nothing(
    worker_process: WorkerProcess, monkeypatch
) -> None:
    monkeypatch.setattr("pledges.services.bulk.MOST", PEOPLE)
    cast = make_cast()
    order = ordered(cast.school_head, cast.school, crowd(cast.school, PEOPLE, make_campaign()))
    worker_process.start()
    wait_until(lambda: outcomes(order).get("done", 0) >= 100)
    worker_process.kill()
    found = outcomes(order)
    assert found["done"] < PEOPLE, "killed too late to prove anything"
    assert found["done"] % 100 == 0, "a batch counts in whole or not at all"
    assert Signature.objects.filter(party="head").count() == found["done"]
    past = clock.now() - timedelta(minutes=1)
    BulkConfirmation.objects.filter(pk=order.pk).update(lease_until=past, poked_at=past)
    worker_process.start()
    wait_until(lambda: BulkConfirmation.objects.get(pk=order.pk).status == "done")
    assert outcomes(order) == {"done": PEOPLE}
    assert Signature.objects.filter(party="head").count() == PEOPLE
    assert Event.objects.filter(kind="pledges.pledge.countersign").count() == PEOPLE
