"""Two acts at the same instant: a seeded sample of pairs. Whole: tests/faults/test_crossing_acts.py."""

import random

import pytest

from tests.flows.crossings import PAIRS, cross, present_world, what_cannot_be

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("pair", random.Random(2607).sample(PAIRS, 16), ids=" and ".join)
def test_neither_falls_over_and_nothing_is_left_behind(pair, on_day):
    world = present_world(on_day)
    cross(world, *pair, seed=2607)
    assert what_cannot_be(world) == []
