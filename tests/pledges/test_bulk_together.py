"""Two confirm the same hundreds at the same instant, people take theirs back meanwhile: each pledge ends one way."""

import threading

import pytest
from django.db import transaction

from ledger import jobs
from ledger.models import Event
from pledges.models import PaperJob, Pledge, Signature
from pledges.services import bulk, withdraw_pledge
from tests.cast import make_cast
from tests.factories import appoint, make_campaign, person
from tests.pledges.crowds import crowd, ordered, outcomes
from tests.together import at_once, somebody_waits
from tests.waiting import wait_until
from units.models import Appointment, User

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
PEOPLE = 230


@pytest.fixture
def cast(transactional_db):
    return make_cast()


@pytest.fixture
def pledges(cast):
    return crowd(cast.ward, PEOPLE, make_campaign())


@pytest.fixture
def deputy(cast) -> User:
    """Stands in for the chairman, for pledges."""
    found = person("Phạm Thị Phó", cast.ward, post=("deputy", "Phó Chủ tịch UBND phường"))
    row = appoint(found, cast.ward, "head", "Chủ tịch UBND phường")
    Appointment.objects.filter(pk=row.pk).update(
        manner="deputises", functions=["pledges"], document="QĐ 5", covers="ký thay", until="2099-01-01"
    )
    return found


def test_head_and_deputy_confirm_the_same_hundreds_and_each_is_confirmed_once(cast, pledges, deputy):
    orders = [ordered(one, cast.ward, pledges) for one in (cast.head, deputy)]
    at_once(*(lambda pk=order.pk: jobs.run(bulk.KIND, pk) for order in orders))
    for order in orders:
        order.refresh_from_db()
        assert order.status == "done"
    found = [outcomes(order) for order in orders]
    assert sum(one.get("done", 0) for one in found) == PEOPLE
    assert sum(one.get("refused", 0) for one in found) == PEOPLE
    assert Signature.objects.filter(party="head").count() == PEOPLE
    assert PaperJob.objects.count() == PEOPLE
    assert Event.objects.filter(kind="pledges.pledge.countersign_complete").count() == PEOPLE


def test_the_same_order_delivered_twice_at_once_is_done_once(cast, pledges):
    order = ordered(cast.head, cast.ward, pledges)
    at_once(*[lambda: jobs.run(bulk.KIND, order.pk)] * 2)
    assert outcomes(order) == {"done": PEOPLE}
    assert Signature.objects.filter(party="head").count() == PEOPLE


def test_people_who_withdraw_meanwhile_are_confirmed_or_out_never_both(cast, pledges):
    order = ordered(cast.head, cast.ward, pledges)
    leaving = pledges[::23]

    def withdraw_some():
        for row in leaving:
            at_once(
                lambda row=row: withdraw_pledge(
                    pledge=row, by=User.objects.get(pk=row.user_id), reason="Ghi nhầm"
                )
            )

    at_once(lambda: jobs.run(bulk.KIND, order.pk), withdraw_some)
    order.refresh_from_db()
    assert order.status == "done"
    withdrawn = set(Pledge.objects.filter(status="withdrawn").values_list("pk", flat=True))
    refused = set(order.items.filter(outcome="refused").values_list("pledge_id", flat=True))
    confirmed = set(Signature.objects.filter(party="head").values_list("pledge_id", flat=True))
    assert confirmed == set(order.items.filter(outcome="done").values_list("pledge_id", flat=True))
    assert refused | confirmed == {row.pk for row in pledges}
    assert refused == withdrawn - confirmed
    assert not Pledge.objects.filter(pk__in=confirmed).exclude(status="complete").exists()


def test_a_pledge_that_is_moved_while_its_batch_waits_is_named_and_not_confirmed(cast, pledges):
    """Never said to be done without a signature: the row is changed, not yet committed, when the batch asks for it."""
    order, moved = ordered(cast.head, cast.ward, pledges), threading.Event()

    def move():
        with transaction.atomic():
            Pledge.objects.filter(pk=pledges[0].pk).update(signing_unit=cast.other_ward)
            moved.set()
            wait_until(somebody_waits)

    def confirm_all():
        moved.wait(30)
        jobs.run(bulk.KIND, order.pk)

    assert at_once(move, confirm_all) == ["done", "done"]
    assert outcomes(order) == {"done": PEOPLE - 1, "refused": 1}
    assert order.items.get(outcome="refused").pledge_id == pledges[0].pk
    assert Signature.objects.filter(party="head").count() == PEOPLE - 1
