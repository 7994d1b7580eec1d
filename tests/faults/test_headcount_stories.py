"""A thousand random stories of people: on every day each counts once, where he works."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from tests.units.stories_of_people import stories
from tests.units.test_headcounts import one_story

WHOLE = settings(
    max_examples=1000,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.faults
@WHOLE
@given(stories)
def test_a_thousand_stories_of_people_count_everybody_once(db, story):
    with transaction.atomic():
        one_story(story)
        transaction.set_rollback(True)
