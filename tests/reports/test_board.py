from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ledger import clock
from reports import board, services
from tests.factories import make_unit, place
from tests.reports.stories import accept, bring_to, give_back, make_round, send
from units.models import Placement, Unit


def of(rows, unit):
    return next(row for row in rows if row.unit == unit)


def test_everyone_who_owes_stands_on_the_board_once(opened, cast):
    rows = board.standing(opened, clock.today())
    assert {row.unit.name for row in rows} == {
        "Sở Nội vụ", "Sở Y tế", "UBND phường Kim Long", "UBND xã A Lưới 2",
    }  # fmt: skip
    assert all(row.state == board.NOT_BEGUN and row.tone == "none" and row.is_first_level for row in rows)


def test_members_are_those_who_owe_on_the_due_day(opened, cast):
    Placement.objects.filter(unit=cast.other_ward).update(until=opened.due_on)
    late_comer = make_unit("Sở Du lịch", since=opened.due_on)
    place(late_comer, cast.root, since=opened.due_on)
    names = {row.unit.name for row in board.standing(opened, clock.today())}
    assert "Sở Du lịch" in names
    assert "UBND xã A Lưới 2" not in names


def test_a_unit_below_that_reports_itself_counts_apart_from_the_first_level(opened, cast):
    Placement.objects.filter(unit=cast.school).update(report_duty=Placement.Duty.OWN)
    rows = board.standing(opened, clock.today())
    school = of(rows, cast.school)
    assert (school.is_first_level, school.branch_id) == (False, cast.ward.pk)
    assert board.tally(rows) == board.Tally(sent=0, total=5, first_level_sent=0, first_level_total=4)
    labels = [strip["label"] for strip in board.strips(rows)]
    assert labels == ["Sở, ban, ngành", "Phường", "Phường: đơn vị trực thuộc", "Xã"]


@pytest.mark.parametrize(
    ("status", "looks"),
    [
        ("draft", ("waiting", "Đang lập", 0)),
        ("presented", ("waiting", "Đã trình lãnh đạo", 0)),
        ("submitted", ("done", "Đã gửi, chờ tiếp nhận", 1)),
        ("returned", ("late", "Bị trả lại", 0)),
        ("accepted", ("done", "Đã tiếp nhận", 1)),
    ],
)
def test_each_state_has_its_shape_and_word(status, looks, report, cast):
    bring_to(report, status, cast)
    rows = board.standing(report.round, clock.today())
    ward = of(rows, cast.ward)
    assert ward.state == status
    assert (ward.tone, ward.word, board.tally(rows).sent) == looks
    assert sum(int(entry["count"].partition("/")[0]) for entry in board.legend(rows)) == 4


def test_past_the_due_day_what_is_missing_is_late_and_what_was_late_stays_so(campaign, cast):
    overdue = make_round(campaign, due_on=clock.today() - timedelta(days=3))
    report = services.begin_report(reporting_round=overdue, unit=cast.ward, by=cast.clerk)
    rows = board.standing(overdue, clock.today())
    assert of(rows, cast.other_ward).word == "Chưa bắt đầu, quá hạn 3 ngày"
    assert of(rows, cast.ward).tone == "late"
    accept(send(report, cast), cast)
    for later in (0, 5):
        ward = of(board.standing(overdue, clock.today() + timedelta(days=later)), cast.ward)
        assert (ward.tone, ward.word) == ("done", "Đã tiếp nhận, gửi muộn 3 ngày")


def test_a_cell_opens_the_report_once_it_was_sent_and_the_unit_before(opened, report, cast):
    def url():
        cells = [
            cell for strip in board.strips(board.standing(opened, clock.today())) for cell in strip["cells"]
        ]
        return next(cell["url"] for cell in cells if cell["name"] == cast.ward.name)

    assert url() == cast.ward.get_absolute_url()
    send(report, cast)
    assert url() == report.get_absolute_url()
    give_back(report, cast)
    assert url() == report.get_absolute_url()


@pytest.mark.parametrize("units", [1, 3])
def test_the_board_takes_four_queries_whatever_the_number_of_units(units, opened, cast):
    for number in range(units):
        unit = make_unit(f"UBND xã số {number}", kind=Unit.Kind.COMMUNE)
        place(unit, cast.root)
    with CaptureQueriesContext(connection) as asked:
        rows = board.standing(opened, clock.today())
        board.strips(rows)
    assert len(rows) == 4 + units
    assert len(asked) == 4


@pytest.mark.parametrize("rounds", [1, 3])
def test_what_is_asked_of_ones_own_unit_takes_six_queries(rounds, campaign, cast):
    for number in range(rounds):
        make_round(campaign, code=f"KY{number}")
    with CaptureQueriesContext(connection) as asked:
        calls = board.calls(cast.clerk)
    assert [call.unit for call in calls] == [cast.ward] * rounds
    assert len(asked) == 6
