"""A right ends with its post: the very next request is refused, with every cache warm too (rule R21, feature Z4).

Two hundred times in a row: tests/faults/test_revocations.py.
"""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from ledger import clock
from tests.factories import appoint
from units import services
from units.models import Appointment, User

TODAY = date(2026, 11, 22)
SAMPLE = 12
REFUSED = {302, 401, 403, 404}


def door_of(cast) -> str:
    return reverse("units:unit_people", args=[cast.ward.public_id])


def revoke_again_and_again(cast, client_of, settings, times: int) -> list[tuple[int, bool]]:
    """For each time what the door answered before and whether it refused right after, by role and kind of session.

    A POST without its key gets no further than the door (400), so that no page need be drawn.
    """
    url = reverse("units:unit_codes", args=[cast.ward.public_id])
    answers = []
    for turn in range(times):
        settings.SESSION_ENGINE = ("namkhong.sessions", "django.contrib.sessions.backends.cached_db")[
            turn % 2
        ]
        person = (cast.head, cast.clerk)[turn // 2 % 2]
        row = person.appointments.get()
        client = client_of(User.objects.get(pk=person.pk))
        before = client.post(url).status_code
        services.end_appointment(appointment=row, on=TODAY, by=None)
        answers.append((before, client.post(url).status_code in REFUSED))
        Appointment.objects.filter(pk=row.pk).update(until=None)
    return answers


def test_revoking_a_post_refuses_the_very_next_request(cast, client_of, settings):
    assert revoke_again_and_again(cast, client_of, settings, SAMPLE) == [(400, True)] * SAMPLE


def test_the_permission_refuses_also_where_the_session_would_go_on(cast):
    assert cast.head.has_perm("units.issue_codes", cast.ward)
    services.end_appointment(appointment=cast.head.appointments.get(), on=TODAY, by=None)
    assert not User.objects.get(pk=cast.head.pk).has_perm("units.issue_codes", cast.ward)


@pytest.mark.parametrize("cached", [False, True], ids=["sessions in the database", "sessions in a cache"])
def test_no_warm_cache_keeps_a_right(cast, client_of, settings, cached):
    if cached:
        settings.SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
    client, url = client_of(cast.head), door_of(cast)
    for _ in range(3):
        assert client.get(url).status_code == 200
    services.end_appointment(appointment=cast.head.appointments.get(), on=TODAY, by=None)
    assert client.get(url).status_code in REFUSED


def test_a_substitute_is_out_when_the_one_he_stands_in_for_is(cast, client_of):
    appoint(cast.official, cast.ward, "deputy", "Phó Chủ tịch UBND phường")
    services.substitute(
        given_by=cast.head.appointments.get(),
        user=cast.official,
        manner="deputises",
        since=TODAY,
        by=cast.head,
    )
    client = client_of(cast.official)
    assert client.get(door_of(cast)).status_code == 200
    services.end_appointment(appointment=cast.head.appointments.get(), on=TODAY, by=None)
    assert client.get(door_of(cast)).status_code in REFUSED


@pytest.mark.parametrize("act", ["move", "second", "end"])
def test_who_leaves_the_unit_loses_its_door_at_once(cast, client_of, act):
    client = client_of(cast.clerk)
    assert client.get(door_of(cast)).status_code == 200
    if act == "move":
        services.move_person(user=cast.clerk, unit=cast.other_ward, on=TODAY, by=None)
    elif act == "second":
        services.second(user=cast.clerk, host=cast.other_ward, since=TODAY, decision="QĐ 1", by=None)
    else:
        services.end_employment(user=cast.clerk, on=TODAY, ending="left", by=None)
    assert client.get(door_of(cast)).status_code in REFUSED


def test_a_post_that_ends_tomorrow_still_opens_today(cast, client_of):
    tomorrow = clock.today() + timedelta(days=1)
    services.end_appointment(appointment=cast.head.appointments.get(), on=tomorrow, by=None)
    assert client_of(cast.head).get(door_of(cast)).status_code == 200
