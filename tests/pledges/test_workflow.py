"""Every step from every state: the table is all there is."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from ledger import clock
from ledger.models import Event
from ledger.workflow import StepRefused
from pledges.models import EarlierRecord, Pledge, PledgeText, Signature
from pledges.workflow import PLEDGE
from tests.pledges.acts import send_back, sign

State = Pledge.Status
TABLE = {
    "sign": {},
    "sign_again": dict.fromkeys(State, State.AWAITING_HEAD),
    "countersign": {State.AWAITING_HEAD: State.AWAITING_UNION},
    "countersign_complete": {State.AWAITING_HEAD: State.COMPLETE},
    "countersign_union": {State.AWAITING_UNION: State.COMPLETE},
    "complete_without_union": {State.AWAITING_UNION: State.COMPLETE},
    "return": {State.AWAITING_HEAD: State.RETURNED, State.AWAITING_UNION: State.RETURNED},
    "withdraw": {State.AWAITING_HEAD: State.WITHDRAWN, State.AWAITING_UNION: State.WITHDRAWN},
    "revoke": {State.COMPLETE: State.WITHDRAWN},
}


def test_the_table_has_no_other_step():
    assert [step.name for step in PLEDGE.steps] == list(TABLE)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", TABLE)
def test_a_step_goes_where_the_table_says_and_nowhere_else(cast, signed, step, state):
    Pledge.objects.filter(pk=signed.pk).update(status=state, completed_at=clock.now())
    events = Event.objects.count()
    target = TABLE[step].get(state)
    if target is None:
        with pytest.raises(StepRefused, match=r"trạng thái “"):
            PLEDGE.take(signed, step, by=cast.school_head, reason="Lý do")
        assert Pledge.objects.get().status == state
        assert Event.objects.count() == events
    else:
        PLEDGE.take(signed, step, by=cast.school_head, reason="Lý do")
        assert Pledge.objects.get().status == target
        assert Event.objects.latest("pk").kind == f"pledges.pledge.{step}"


def test_every_step_and_state_has_words_for_the_reader():
    assert all(step.label and step.done for step in PLEDGE.steps)
    assert all(state.label for state in State)


@pytest.mark.parametrize("model", [Signature, EarlierRecord, PledgeText])
def test_what_was_signed_cannot_be_changed_even_in_the_database(cast, campaign, signed, model):
    send_back(signed, cast.school_head)
    sign(cast.school_official, campaign)
    row = model.objects.first()
    column = "closing" if model is PledgeText else "sha256"
    with pytest.raises(DatabaseError, match="what was signed does not change"), transaction.atomic():
        model.objects.filter(pk=row.pk).update(**{column: "0"})
    assert model.objects.get(pk=row.pk) == row


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "complete", "completed_at": None},
        {"year": 2025},
    ],
)
def test_impossible_rows_are_refused_by_the_database(cast, campaign, signed, on_day, wrong):
    if "year" in wrong:
        on_day(date(2025, 3, 3))
        sign(cast.school_official, campaign)
    with pytest.raises(IntegrityError), transaction.atomic():
        Pledge.objects.filter(pk=signed.pk).update(**wrong)
