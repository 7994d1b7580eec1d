"""Revoking a post refuses the very next request, 200 of 200 times, with sessions in the database and in a cache."""

import pytest

from tests.units.test_rights_end import revoke_again_and_again

TIMES = 200


@pytest.mark.faults
def test_revoking_a_post_refuses_the_very_next_request_200_of_200_times(cast, client_of, settings):
    answers = revoke_again_and_again(cast, client_of, settings, TIMES)
    assert answers == [(400, True)] * TIMES
