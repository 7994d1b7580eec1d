"""Every step from every state: the table is all there is."""

import pytest

from ledger import clock
from ledger.models import Event
from ledger.workflow import StepRefused
from pledges.models import Pledge
from pledges.workflow import PLEDGE

State = Pledge.Status
TABLE = {
    "sign": {},
    "sign_again": {State.RETURNED: State.AWAITING_HEAD, State.AWAITING_HEAD: State.AWAITING_HEAD},
    "countersign": {State.AWAITING_HEAD: State.AWAITING_UNION},
    "countersign_complete": {State.AWAITING_HEAD: State.COMPLETE},
    "countersign_union": {State.AWAITING_UNION: State.COMPLETE},
    "complete_without_union": {State.AWAITING_UNION: State.COMPLETE},
    "return": {State.AWAITING_HEAD: State.RETURNED, State.AWAITING_UNION: State.RETURNED},
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
