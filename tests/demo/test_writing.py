"""Rows written in bulk are the rows that the models would have written, on both databases."""

from datetime import UTC, datetime

import pytest

from ledger.models import Event, EventText
from namkhong.demo.writing import insert

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 3, 4, 5, 678901, tzinfo=UTC)


def event(**fields) -> Event:
    return Event(
        kind="units.employ",
        at=AT,
        object_kind="units.user",
        object_id="x",
        data={"tên": ["Huế", 1]},
        **fields,
    )


def test_a_row_is_read_back_as_it_was_and_the_next_ones_go_on_from_it():
    before = Event.objects.create(kind="units.load", at=AT, object_kind="units.unit", object_id="y")
    rows = [event(), event(person_id="p")]
    insert(rows)
    assert [row.pk for row in rows] == [before.pk + 1, before.pk + 2]
    for row in rows:
        kept = Event.objects.get(pk=row.pk)
        assert {name: value for name, value in vars(kept).items() if name != "_state"} == {
            name: value for name, value in vars(row).items() if name != "_state"
        }
    after = Event.objects.create(kind="units.load", at=AT, object_kind="units.unit", object_id="z")
    assert after.pk == rows[-1].pk + 1


def test_a_key_of_ones_own_is_kept():
    insert([EventText(event_id=77, salt="s", text={"by": "Hồ Văn Ưng"})])
    assert EventText.objects.get(pk=77).text == {"by": "Hồ Văn Ưng"}


def test_nothing_to_write_is_nothing():
    insert([])
    assert not Event.objects.exists()
