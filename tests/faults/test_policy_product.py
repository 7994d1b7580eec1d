"""The whole product of people × routes × methods × objects against the table of tests/namkhong/policy.txt."""

import pytest

from tests.namkhong import product
from tests.namkhong.test_policy_matrix import doors, expected, wide_cast
from tests.namkhong.wide_cast import ROLES

__all__ = ["doors", "wide_cast"]


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_every_cell_of_the_product_of_rights(doors, wide_cast, client_of, capsys):
    asking = product.clients(wide_cast, client_of)
    found = [product.answer(door, asking) for door in doors]
    with capsys.disabled():
        print(  # noqa: T201 - the count is part of what is shown
            f"\npolicy: {len(found)} doors × {len(ROLES)} people = {len(found) * len(ROLES)} cells"
        )
    assert found == list(expected().values())
