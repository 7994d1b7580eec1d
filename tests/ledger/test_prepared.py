"""A query compiled once gives what the ORM would give, for every value, and reads the rows anew each time."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, F, OuterRef
from django.test.utils import CaptureQueriesContext

from ledger import clock
from ledger.models import Event, Receipt
from ledger.prepared import Insert, Prepared
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


def test_what_is_the_same_every_time_stands_in_the_words(cast):
    """Percent and quotation marks too, as they would be in a text that is looked for."""
    odd = "100% “kín” '%s'"
    heads = Prepared(lambda *, unit: Post.objects.filter(unit=unit, title__in=[odd, "Hiệu trưởng"]))
    assert {post.title for post in heads.all(unit=cast.school.pk)} == {"Hiệu trưởng"}
    Post.objects.filter(unit=cast.school, kind=Post.Kind.HEAD).update(title=odd)
    assert {post.title for post in heads.all(unit=cast.school.pk)} == {odd}


def test_a_row_is_written_as_the_orm_writes_it(db):
    write = Insert(Event)
    said = {
        "kind": "a.b.c",
        "at": clock.now(),
        "object_kind": "a.b",
        "object_id": "x",
        "data": {"số": [1, "%s"]},
    }
    one, other = Event(**said), Event.objects.create(**said)
    assert write(one)
    assert one.pk != other.pk
    assert not one._state.adding
    rows = [Event.objects.filter(pk=row.pk).values().get() | {"id": 0} for row in (one, other)]
    assert rows[0] == rows[1]


def test_a_row_that_is_there_is_left_as_it_is(cast):
    write = Insert(Receipt, unless_there=True)
    said = {"user": cast.head, "route": "a", "key": "k", "body_digest": ""}
    assert write(Receipt(**said, outcome={"url": "/"}))
    assert not write(Receipt(**said))
    assert Receipt.objects.get().outcome == {"url": "/"}


def test_what_a_constraint_refuses_is_djangos_error(cast):
    write = Insert(Receipt)
    said = {"user": cast.head, "route": "a", "key": "k", "body_digest": ""}
    assert write(Receipt(**said))
    with pytest.raises(IntegrityError), transaction.atomic():
        write(Receipt(**said))
    assert Receipt.objects.count() == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans in no time")
def test_postgresql_plans_a_query_once_a_connection(cast):
    """Also after a transaction that failed: what was prepared in it stays."""
    names = Prepared(lambda *, pk: Unit.objects.filter(pk=pk).values_list("name", flat=True))
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert names.first(pk=cast.ward.pk) == cast.ward.name
        _ = 1 / 0
    assert names.first(pk=cast.school.pk) == cast.school.name
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans + custom_plans FROM pg_prepared_statements WHERE name = %s",
            [names.compiled["postgresql"].statement.name],
        )
        assert cursor.fetchall() == [(2,)]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps no statements")
def test_a_connection_that_ends_with_the_request_is_told_nothing(cast, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
    names = Prepared(lambda *, pk: Unit.objects.filter(pk=pk).values_list("name", flat=True))
    assert names.first(pk=cast.ward.pk) == cast.ward.name
    with connection.cursor() as cursor:
        name = names.compiled["postgresql"].statement.name
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name = %s", [name])
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps no statements")
def test_a_new_connection_is_told_again():
    names = Prepared(lambda: Unit.objects.values_list("name", flat=True))
    assert names.all() == []
    connection.close()
    assert names.all() == []
