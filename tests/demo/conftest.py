import pytest

from tests.demo.provinces import province


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker):
    """A small demo province on 22 November 2026, the same for all tests of a file."""
    with django_db_blocker.unblock(), province() as found:
        yield found
