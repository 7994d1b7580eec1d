"""A query compiled once gives what the ORM would give, for every value, and reads the rows anew each time."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models import Exists, F, OuterRef
from django.test.utils import CaptureQueriesContext

from ledger.prepared import Prepared
from tests.factories import SINCE, appoint
from units.models import Appointment, Post, Unit, User
from units.queries import in_force


def posts(*, user, on):
    """What a session asks at every request: rows of two joined models, annotations, two subqueries."""
    return (
        Post.objects.filter(in_force(on, "appointments__"), appointments__user=user)
        .annotate(appointment_id=F("appointments__pk"), functions=F("appointments__functions"))
        .annotate(has_clerk=Exists(Post.objects.filter(unit=OuterRef("unit"), kind=Post.Kind.CLERK)))
        .select_related("unit", "scope")
        .order_by("pk")
    )


def told(rows) -> list[tuple]:
    return [
        (row, row.title, row.unit, row.scope, row.appointment_id, row.functions, row.has_clerk)
        for row in rows
    ]


def test_it_gives_the_rows_of_the_orm_for_everybody_on_any_day(cast):
    appoint(cast.head, cast.school, "deputy", "Phó Hiệu trưởng", since=date(2026, 1, 1))
    prepared = Prepared(posts)
    for user in cast.people.values():
        for on in (SINCE - timedelta(days=1), SINCE, date(2026, 1, 1)):
            assert told(prepared.all(user=user.pk, on=on)) == told(posts(user=user.pk, on=on))


def test_what_was_joined_costs_no_further_query(cast):
    prepared = Prepared(posts)
    with CaptureQueriesContext(connection) as asked:
        (post,) = prepared.all(user=cast.head.pk, on=SINCE)
        assert post.unit.name == "UBND phường Kim Long"
    assert len(asked) == 1


def test_it_sees_every_change_at_once(cast):
    prepared = Prepared(posts)
    assert prepared.all(user=cast.head.pk, on=date(2026, 1, 2))
    Appointment.objects.filter(user=cast.head).update(until=date(2026, 1, 1))
    assert not prepared.all(user=cast.head.pk, on=date(2026, 1, 2))


def test_one_column_and_the_first_of_it(cast):
    names = Prepared(lambda *, name: Unit.objects.filter(name=name).values_list("public_id", flat=True))
    assert names.first(name=cast.ward.name) == cast.ward.public_id
    assert names.first(name="%s' OR 1=1 --") is None


def test_two_values_that_are_equal_are_still_two(cast):
    pair = Prepared(lambda *, one, other: User.objects.filter(pk__in=(one, other)).order_by("pk"))
    assert pair.all(one=cast.head.pk, other=cast.head.pk) == [cast.head]
    assert pair.all(one=cast.clerk.pk, other=cast.head.pk) == [cast.head, cast.clerk]


def test_a_value_the_query_does_not_ask_for_is_told(db):
    careless = Prepared(lambda *, user: User.objects.filter(pk=1))
    with pytest.raises(ValueError, match="does not ask"):
        careless.all(user=3)


@pytest.mark.parametrize("value", [None, True, 1.5, [1]])
def test_values_that_change_the_words_of_a_query_are_refused(db, value):
    with pytest.raises(TypeError):
        Prepared(lambda *, user: User.objects.filter(pk=user)).all(user=value)
