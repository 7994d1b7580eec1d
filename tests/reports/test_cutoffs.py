"""Head-counts of a round are frozen once, when its data window has ended, and its figures use them from then on."""

from datetime import timedelta

import pytest

from ledger import clock
from reports import figures
from reports.services import cutoffs
from reports.tasks import poke_due_rounds
from tests.factories import person
from tests.reports.stories import make_round
from units.models import Cutoff, FrozenCount


@pytest.fixture
def over(campaign):
    """A round whose data ended yesterday."""
    today = clock.today()
    return make_round(campaign, code="QUA", data_until=today)


def people_of(asked, unit) -> int:
    return sum(figures.live_counts(asked, unit, clock.today())["headcount"].values())


def test_the_sweep_freezes_a_round_whose_window_ended_and_no_other(cast, opened, over):
    assert cutoffs.freeze_ended_windows() == ["round:QUA"]
    cut = Cutoff.objects.get()
    assert (cut.on, cut.by) == (clock.today() - timedelta(days=1), None)
    assert FrozenCount.objects.get(unit=cast.school).people == 3


def test_it_is_done_once_whoever_asks(cast, over):
    cutoffs.freeze_ended_windows()
    before = list(FrozenCount.objects.values())
    person("Lê Mới", cast.school)
    assert cutoffs.freeze_ended_windows() == []
    assert list(FrozenCount.objects.values()) == before


def test_the_beat_does_it(cast, over):
    poke_due_rounds()
    assert Cutoff.objects.filter(code="round:QUA").exists()


def test_a_later_correction_of_the_roster_leaves_the_figures_of_the_round(cast, opened, over):
    assert people_of(over, cast.ward) == people_of(opened, cast.ward) == 6
    cutoffs.freeze_ended_windows()
    person("Lê Mới", cast.school)
    assert people_of(over, cast.ward) == 6
    assert people_of(opened, cast.ward) == 7, "a round without a cut-off counts the living rows"


def test_pages_say_from_which_day_the_numbers_are(cast, over, client_of):
    day = (clock.today() - timedelta(days=1)).strftime("%d/%m/%Y")
    assert figures.counted_on(over, clock.today()) == f"tính đến ngày {day}"
    cutoffs.freeze_ended_windows()
    assert figures.counted_on(over, clock.today()) == f"số người chốt ngày {day}"
    board = client_of(cast.home_affairs).get(over.get_absolute_url()).content.decode()
    assert f"Số người chốt ngày {day}" in board
