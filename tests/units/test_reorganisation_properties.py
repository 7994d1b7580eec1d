"""A seeded sample of the thousand random reorganisations of tests/faults."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.units import reorganisation_papers  # noqa: F401 - pledges, plans and reports take part
from tests.units.organisation import province
from tests.units.stories import step


@pytest.mark.django_db
@settings(
    max_examples=4,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
def test_whatever_is_reorganised_nobody_is_lost(data):
    with province(data.draw) as world:
        for _ in range(6):
            step(world)
