"""Who gets what answer at every door, against a table read by people (policy.txt). A sample; whole in tests/faults.

A cell: `o` let in, `x` 403 (may not do it), `-` 404 (may not see it), `l` sent to log in.
"""

from pathlib import Path

import pytest

from tests.namkhong import product
from tests.namkhong.things import make_things
from tests.namkhong.wide_cast import ROLES, make_wide_cast

TABLE = Path(__file__).with_name("policy.txt")
SHARE, SEED = 12, 2607


def expected() -> dict[str, str]:
    lines = [line for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    return {line[: product.NAME_WIDTH].rstrip(): line for line in lines}


@pytest.fixture
def wide_cast(db):
    return make_wide_cast()


@pytest.fixture
def doors(wide_cast, campaign) -> list[product.Door]:
    return product.doors(make_things(wide_cast, campaign))


@pytest.mark.django_db(transaction=True)  # the roll-up among the doors reads from a snapshot of its own
def test_every_door_is_in_the_table_and_a_sample_answers_as_it_says(doors, wide_cast, client_of):
    table = expected()
    assert [door.name for door in doors] == list(table), "a door without a line, or a line without a door"
    asking = product.clients(wide_cast, client_of)
    asked = product.sample(doors, SHARE, SEED)
    assert [product.answer(door, asking) for door in asked] == [table[door.name] for door in asked]


def test_the_table_has_a_column_for_every_role():
    heading = next(line for line in TABLE.read_text().splitlines() if line.startswith("# nobody "))
    assert heading.removeprefix("# ").split() == ROLES
