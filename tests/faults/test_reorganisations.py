"""A thousand random reorganisations, corrections and days to come: nobody lost, nobody twice, every sum conserved."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.units import reorganisation_papers  # noqa: F401 - pledges, plans and reports take part
from tests.units.organisation import province
from tests.units.stories import step

SEED = 2607
ACTS, PARTS = 1000, 4
STORIES, STEPS = 28, 20


@pytest.mark.faults
@pytest.mark.django_db
@pytest.mark.parametrize("part", range(PARTS))
def test_over_a_thousand_random_reorganisations(record_property, part):
    done: Counter = Counter()
    acts = []

    @seed(SEED + part)
    @settings(
        max_examples=STORIES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def story(data):
        with province(data.draw) as world:
            for _ in range(STEPS):
                step(world)
            done.update(world.done)
            acts.append(world.acts_done)

    story()
    # Every one of them ended with all invariants held: an invariant that fails ends the proof.
    assert sum(acts) * PARTS >= ACTS, done
    record_property("injected", sum(acts))
    record_property("survived", sum(acts))
    record_property("lost", 0)
    record_property("doubled", 0)
    for name, number in done.items():
        record_property(f"acts: {name}", number)
