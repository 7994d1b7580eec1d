import re

import pytest
from django.urls import reverse

from tests.pledges.acts import confirm, sign

SIGN_URL = "pledges:pledge_sign"


@pytest.fixture
def signed(cast, campaign):
    """A teacher's pledge that waits for the headmaster; the school has a union."""
    return sign(cast.school_official, campaign, "Không dạy thêm trái quy định.")


@pytest.fixture
def half_confirmed(cast, signed):
    """The same, confirmed by the headmaster; it waits for the union."""
    return confirm(signed, cast.school_head)


@pytest.fixture
def complete(cast, campaign):
    """A ward official's pledge, complete with two: the ward has no union."""
    return confirm(sign(cast.official, campaign), cast.head)


@pytest.fixture
def open_sign_form(campaign, client_of):
    """`open_sign_form(user)` → the client and the digest that the page showed him."""

    def open_form(user):
        client = client_of(user)
        page = client.get(reverse(SIGN_URL)).content.decode()
        found = re.search(r'name="seen_sha256" value="([0-9a-f]{64})"', page)
        assert found, page
        return client, found[1]

    return open_form
