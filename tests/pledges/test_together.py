"""At the same instant: the database decides, one act counts, the other is told."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from ledger.models import Event
from ledger.workflow import StepRefused
from pledges import services
from pledges.models import PaperJob, Pledge, Signature
from tests.cast import make_cast
from tests.factories import appoint, make_campaign, person
from tests.pledges.acts import afresh, confirm, proposal, proved, sign

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(transactional_db):
    return make_cast()


@pytest.fixture
def campaign(transactional_db):
    return make_campaign()


def at_once(*acts) -> list[str]:
    """Runs the acts in threads that start together; “done” or the sentence of the refusal for each."""
    barrier = threading.Barrier(len(acts))

    def run(act) -> str:
        try:
            barrier.wait()
            act()
            return "done"
        except StepRefused as refusal:
            return str(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_two_heads_confirm_at_once_and_one_signature_counts(cast, campaign):
    second = person("Lê Thị Song", cast.ward)
    appoint(second, cast.ward, "head", "Chủ tịch UBND phường")
    pledge = sign(cast.official, campaign)
    said = at_once(lambda: confirm(pledge, cast.head), lambda: confirm(pledge, second))
    assert sorted(said, key=len)[0] == "done"
    assert "đã xác nhận lúc" in sorted(said, key=len)[1]
    assert Signature.objects.filter(party="head").count() == 1
    assert PaperJob.objects.count() == 1
    assert Event.objects.filter(kind="pledges.pledge.countersign_complete").count() == 1


def test_one_person_signs_in_two_windows_at_once(cast, campaign):
    shown = proposal(cast.official, campaign)

    def act():
        services.sign_pledge(
            by=afresh(cast.official),
            campaign=campaign,
            year=shown.year,
            own_words="",
            seen_sha256=shown.sha256,
            proof=proved(),
        )

    said = at_once(act, act)
    assert sorted(said, key=len)[0] == "done"
    assert "đã ký cam kết" in sorted(said, key=len)[1]
    assert Pledge.objects.count() == Signature.objects.count() == 1


def test_a_return_and_a_confirmation_at_once_leave_one_of_them(cast, campaign):
    pledge = sign(cast.school_official, campaign)
    head = cast.school_head

    def give_back():
        services.return_pledge(pledge=pledge, by=afresh(head), reason="Chưa rõ", seen_sha256=pledge.sha256)

    said = at_once(lambda: confirm(pledge, head), give_back)
    assert said.count("done") == 1
    row = Pledge.objects.get()
    assert row.signatures.filter(party="head").exists() == (row.status == "awaiting_union")
