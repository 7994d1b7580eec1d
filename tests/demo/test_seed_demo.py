"""The command: the seed alone decides, any day will do, real people are never joined by made-up ones."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from ledger import clock
from ledger.models import Event
from namkhong.demo import seeding
from namkhong.demo.dice import Dice, start_of
from namkhong.demo.province import build
from pledges.models import Pledge
from reports.models import ReportingRound, UnitReport
from tests.demo.provinces import (
    FEW,
    LOADS,
    ON,
    digest_of_all_rows,
    load_what_stands_first,
    province,
    run,
    undone,
)
from tests.factories import ROOT, make_user
from units import loader
from units.models import Appointment, User
from units.services.units import load_units


@pytest.fixture
def first_loaded(db):
    load_what_stands_first()


# --- Chance and time


def _seeded(seed: int) -> tuple[str, set[str]]:
    """Digest of the whole database, and the passwords."""
    with undone():
        found = seeding.seed(officials=FEW, seed=seed, on=ON)
        return digest_of_all_rows(), {row["password"] for row in found.accounts}


def test_the_seed_alone_decides_all_rows_and_no_password(first_loaded, monkeypatch):
    rows, passwords = _seeded(1)
    monkeypatch.setenv(clock.OFFSET_VARIABLE, str(40 * 86400))
    same_rows, other_passwords = _seeded(1)
    assert same_rows == rows
    assert not passwords & other_passwords
    assert _seeded(2)[0] != rows


@pytest.mark.once
@pytest.mark.parametrize("day", [date(2026, 1, 5), date(2026, 10, 20), date(2027, 2, 1)])
def test_any_day_has_its_province(db, day):
    with province(on=day):
        assert Pledge.objects.filter(year__lte=day.year).exists()
        years = list(ReportingRound.objects.order_by("year").values_list("year", flat=True))
        assert years[-1] == (day.year if (day.month, day.day) > (10, 15) else day.year - 1)
        assert UnitReport.objects.filter(status="accepted").exists()
        happened = Event.objects.exclude(kind__in=LOADS)
        assert all(event.at < start_of(day) for event in happened)
        for term in Appointment.objects.select_related("post__unit", "given_by"):
            assert term.post.unit.since <= term.since < day
            assert term.given_by is None or term.given_by.holds(term.since)


def test_in_which_order_the_units_were_written_decides_nothing(db):
    """As when the tree came with its history: the same seed is the same province."""
    first, *others = loader.read(ROOT / "data/units/hue_in_force.csv")
    orders = []
    for rows in ([first, *others], [first, *reversed(others)]):
        with undone():
            load_units(rows=rows, by=None)
            built = build(Dice.of(1, "units"), FEW, ON)
            orders.append([(key, node.size, node.unit.name) for key, node in built.nodes.items()])
    assert orders[0] == orders[1]


# --- Refused


def test_real_people_are_never_joined_by_made_up_ones(first_loaded, tmp_path):
    make_user("Nguyễn Văn Thật")
    with pytest.raises(CommandError, match="có người thật"):
        run(tmp_path / "accounts.json")
    assert User.objects.count() == 1


def test_it_asks_for_decision_and_units_first(db, tmp_path):
    with pytest.raises(CommandError, match=r"load_campaign.*load_history.*load_units"):
        run(tmp_path / "accounts.json")


@pytest.mark.parametrize(("officials", "on"), [(10, ON), (10**7, ON), (FEW, date(2025, 8, 1))])
def test_what_cannot_be_is_refused_in_a_sentence(first_loaded, tmp_path, officials, on):
    with pytest.raises(CommandError, match=r"Số người|chọn ngày"):
        run(tmp_path / "accounts.json", officials=officials, on=on)


def test_a_day_that_is_not_in_the_calendar_is_told(db):
    with pytest.raises(CommandError, match="31/02/2026"):
        call_command("seed_demo", "--on", "31/02/2026")


def test_when_the_accounts_cannot_be_kept_nothing_is_left_behind(first_loaded, tmp_path):
    (tmp_path / "a-file").write_text("")
    with pytest.raises(OSError):
        run(tmp_path / "a-file" / "accounts.json")
    assert not User.objects.exists()
