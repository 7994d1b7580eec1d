"""The chain over the log: whatever is done to it afterwards is found and named."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from ledger import clock, events, seal
from ledger.events import EventDraft
from ledger.models import Event, EventText, Seal

TABLES = ("ledger_event", "ledger_seal")


@pytest.fixture
def log(db):
    """Ten events, sealed."""
    events.record_many(
        [
            EventDraft("test.act", "test", f"object-{n}", data={"n": n}, text={"by": f"Người thứ {n}"})
            for n in range(10)
        ]
    )
    seal.seal_pending()
    return list(Event.objects.order_by("pk"))


@pytest.fixture
def without_triggers(db):
    """As somebody with the rights of the database's owner would have it."""
    with connection.cursor() as cursor:
        for table in TABLES:
            for act in ("update", "delete"):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{act}{on}")


def faults() -> list[str]:
    return list(seal.problems())


def test_a_whole_log_verifies(log, capsys):
    call_command("verify_ledger")
    assert "10 sự kiện, 10 dấu" in capsys.readouterr().out


def test_the_database_refuses_to_change_an_event(log):
    for act in (
        lambda: Event.objects.filter(pk=log[3].pk).update(kind="test.other"),
        lambda: Event.objects.filter(pk=log[3].pk)._raw_delete("default"),
        lambda: Seal.objects.filter(position=4).update(hash="0" * 64),
        lambda: Seal.objects.filter(position=4)._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_a_changed_byte_is_named(log, without_triggers):
    Event.objects.filter(pk=log[3].pk).update(data={"n": 30})
    assert faults() == [f"Sự kiện {log[3].pk} (vị trí 4) bị sửa hoặc đổi chỗ."]
    with pytest.raises(CommandError):
        call_command("verify_ledger")


def test_changed_words_are_named(log):
    EventText.objects.filter(pk=log[2].pk).update(text={"by": "Người khác"})
    assert faults() == [f"Lời văn của sự kiện {log[2].pk} bị sửa."]


def test_removed_words_are_named_but_redacted_words_are_lawful(log):
    EventText.objects.filter(pk=log[1].pk).update(text={}, redacted_at=clock.now())
    assert faults() == []
    EventText.objects.filter(pk=log[2].pk).delete()
    assert faults() == [f"Lời văn của sự kiện {log[2].pk} đã bị xóa."]


def test_a_deleted_row_is_named(log, without_triggers):
    Event.objects.filter(pk=log[5].pk)._raw_delete("default")
    assert f"Sự kiện {log[5].pk} (vị trí 6) đã bị xóa." in faults()


def test_a_row_deleted_together_with_its_seal_is_named(log, without_triggers):
    Seal.objects.filter(position=6)._raw_delete("default")
    Event.objects.filter(pk=log[5].pk)._raw_delete("default")
    assert faults() == ["Thiếu dấu từ vị trí 6 đến vị trí 6."]


def test_two_swapped_events_are_both_named(log, without_triggers):
    first, second = log[2], log[7]
    Event.objects.filter(pk=first.pk).update(data=second.data, object_id=second.object_id)
    Event.objects.filter(pk=second.pk).update(data=first.data, object_id=first.object_id)
    assert faults() == [
        f"Sự kiện {first.pk} (vị trí 3) bị sửa hoặc đổi chỗ.",
        f"Sự kiện {second.pk} (vị trí 8) bị sửa hoặc đổi chỗ.",
    ]


def test_two_swapped_seals_are_both_named(log, without_triggers):
    third, fourth = log[2].pk, log[3].pk
    Seal.objects.filter(position=3).update(event_id=-1)
    Seal.objects.filter(position=4).update(event_id=third)
    Seal.objects.filter(position=3).update(event_id=fourth)
    assert len(faults()) == 2


def test_a_cut_tail_is_named_and_nothing_more_is_sealed(log, without_triggers):
    Seal.objects.filter(position__gt=7)._raw_delete("default")
    Event.objects.filter(pk__gt=log[6].pk)._raw_delete("default")
    assert faults() == ["Đuôi nhật ký bị cắt: đã đóng dấu đến vị trí 10, nay chỉ còn 7."]
    events.record("test.act", by=None, object_kind="test", object_id="later")
    with pytest.raises(seal.LedgerBroken):
        seal.seal_pending()


def test_a_chain_written_anew_no_longer_fits_the_head_outside(log, without_triggers, settings):
    Seal.objects.all()._raw_delete("default")
    Event.objects.filter(pk=log[0].pk).update(data={"n": 100})
    head = seal.read_head()
    Path(settings.LEDGER_HEAD_FILE).unlink()
    seal.seal_pending()
    assert faults() == []
    seal.write_head(head)
    assert faults() == ["Dấu ở vị trí 10 khác với dấu cuối lưu ngoài cơ sở dữ liệu."]
    events.record("test.act", by=None, object_kind="test", object_id="later")
    with pytest.raises(seal.LedgerBroken):
        seal.seal_pending()


def test_an_event_with_a_lower_number_that_commits_last_is_sealed(log):
    """A transaction that took its number early and committed late comes after those that overtook it."""
    late = Event.objects.create(
        pk=log[-1].pk + 5, kind="test.late", at=clock.now(), object_kind="t", object_id="5"
    )
    seal.seal_pending()
    overtaken = Event.objects.create(
        pk=late.pk - 3, kind="test.low", at=clock.now(), object_kind="t", object_id="2"
    )
    seal.seal_pending()
    assert Seal.objects.get(event_id=overtaken.pk).position > Seal.objects.get(event_id=late.pk).position
    assert faults() == []


def test_events_unsealed_too_long_are_reported(log):
    old = clock.now() - 2 * seal.UNSEALED_TOO_LONG
    events.record_many([EventDraft("test.act", "test", "old", at=old)])
    assert faults() == ["1 sự kiện chưa được đóng dấu sau 10 phút."]


def test_sealing_goes_on_where_it_stopped(log):
    events.record("test.act", by=None, object_kind="test", object_id="later")
    assert seal.seal_pending() == 1
    assert seal.seal_pending() == 0
    assert faults() == []
