"""Names, chance and days of the demo province."""

from datetime import date, timedelta

from ledger import clock
from namkhong.demo.dice import Dice, is_day_off, shares
from namkhong.demo.names import Names
from vietnamese.letters import nfc


def test_the_same_seed_throws_the_same():
    assert [Dice.of(7, "a").public_id() for _ in range(2)] == [Dice.of(7, "a").public_id()] * 2


def test_another_subject_throws_otherwise():
    assert Dice.of(7, "a").public_id() != Dice.of(7, "b").public_id()


def test_public_ids_and_check_codes_have_the_form_of_real_ones():
    dice = Dice.of(1, "form")
    assert len(dice.public_id()) == 26
    assert [len(part) for part in dice.check_code().split("-")] == [5, 5, 5, 5]


def test_shares_add_up_to_the_total():
    assert sum(shares(97, [0.15, 0.7, 0.15])) == 97


def test_acts_happen_in_office_hours_of_working_days():
    dice = Dice.of(1, "days")
    moments = [clock.local(dice.at(dice.day(date(2026, 2, 10), date(2026, 3, 10)))) for _ in range(300)]
    assert all(7 <= moment.hour <= 16 and not is_day_off(moment.date()) for moment in moments)


def test_what_comes_after_comes_after():
    dice = Dice.of(1, "after")
    first = dice.at(date(2026, 3, 2))
    assert all(first < dice.after(first, 0, 2) < first + timedelta(days=6) for _ in range(200))


def test_names_are_many_worded_royal_and_highland():
    names = Names(Dice.of(1, "names"))
    found = [names.next(highland=number % 4 == 0) for number in range(2000)]
    assert all(name == nfc(name) and len(name.split()) >= 2 for name in found)
    for family in ("Nguyễn", "Tôn Thất", "Công Tằng Tôn Nữ", "A Viết", "Ra Pát", "Kăn"):
        assert any(name.startswith(f"{family} ") for name in found), family
    assert any("'" in name for name in found)
