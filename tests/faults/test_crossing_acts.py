"""Some forty kinds of acts, each with each at the same instant: nobody falls over, nothing is left behind."""

import pytest

from tests.flows.crossings import ACTS, PAIRS, cross, present_world, what_cannot_be
from tests.together import at_once

pytestmark = [pytest.mark.faults, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("name", ACTS)
def test_alone_each_is_done(name, on_day):
    """The control: what crosses is not refused for another reason."""
    world = present_world(on_day)
    assert at_once(lambda: ACTS[name](world)) == ["done"]


@pytest.mark.parametrize("pair", PAIRS, ids=" and ".join)
def test_neither_falls_over_and_nothing_is_left_behind(pair, on_day, record_property):
    world = present_world(on_day)
    cross(world, *pair, seed=2607)
    faults = what_cannot_be(world)
    record_property("injected", 1)
    record_property("survived", int(not faults))
    record_property("lost", len(faults))
    assert faults == []
