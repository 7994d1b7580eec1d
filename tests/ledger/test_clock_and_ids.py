from datetime import UTC, date, datetime

import time_machine

from ledger import canonical, clock
from ledger.public_id import new_public_id


def test_the_day_is_that_of_viet_nam():
    with time_machine.travel(datetime(2026, 11, 15, 17, 30, tzinfo=UTC)):
        assert clock.today() == date(2026, 11, 16)


def test_a_deadline_lasts_until_the_end_of_its_day_in_viet_nam():
    assert clock.end_of_day(date(2026, 11, 15)) == datetime(2026, 11, 15, 17, 0, tzinfo=UTC)


def test_the_offset_moves_the_clock(monkeypatch):
    before = clock.now()
    monkeypatch.setenv(clock.OFFSET_VARIABLE, "86400")
    assert 86399 < (clock.now() - before).total_seconds() < 86402


def test_public_ids_are_128_random_bits():
    ids = {new_public_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(len(one) == 26 and one.islower() | one.isalnum() for one in ids)


def test_canonical_json_has_one_form():
    moment = datetime(2026, 11, 15, 10, 24, tzinfo=clock.VIETNAM)
    same = canonical.canonical_json({"b": moment, "a": "Huế", "c": date(2026, 1, 5)})
    assert same == '{"a":"Huế","b":"2026-11-15T03:24:00.000000Z","c":"2026-01-05"}'.encode()
    assert canonical.canonical_json({"c": date(2026, 1, 5), "a": "Huế", "b": moment}) == same
