"""1,000 transplants of another person, year, text, addition, unit, post, kind, channel, moment or row: all refused."""

import pytest

from tests.pledges.transplants import KINDS, make_world, try_all

TIMES = 1000
SEED = 4


@pytest.mark.faults
def test_a_thousand_transplants_are_refused_and_write_nothing(
    cast, campaign, client_of, capsys, record_property
):
    refused = try_all(make_world(cast, campaign, client_of), TIMES, SEED)
    record_property("injected", TIMES)
    record_property("survived", refused.total())
    with capsys.disabled():
        kinds = ", ".join(f"{name} {times}" for name, times in refused.items())
        print(f"\ntransplants: {refused.total()} of {TIMES} refused ({kinds})")  # noqa: T201 - what is shown
    assert refused.total() == TIMES
    assert set(refused) == set(KINDS)
