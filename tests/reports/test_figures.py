from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.models import UnitPlan
from ledger import clock
from reports import figures, services, sheet
from reports.services import Entry
from tests.factories import make_unit, person, place
from tests.pledges.acts import sign
from tests.pledges.looking_back import MIXED, OPEN_DAY, send, send_back
from tests.pledges.looking_back import write as look_back
from tests.reports.stories import make_round, write
from units import tree
from units.models import Category, Placement, Unit

PARTS = ("can_bo", "cong_chuc", "vien_chuc", "nguoi_lao_dong")


def computed(report, code: str) -> dict[str, int]:
    rows = sheet.figures_of(report.current())
    return {row.category: row.computed for row in rows if row.indicator.code == code}


def bear_own_report(unit: Unit) -> None:
    Placement.objects.filter(unit=unit).update(report_duty=Placement.Duty.OWN)


def test_a_new_report_counts_the_people_of_the_unit_and_of_all_it_covers(report):
    assert computed(report, "headcount") == dict(zip(PARTS, (1, 2, 3, 0), strict=True))
    assert computed(report, "leaders") == {"": 2}
    assert computed(report, "meetings") == {"": None}


def test_a_child_that_reports_itself_is_left_out(opened, cast):
    bear_own_report(cast.school)
    ward = services.begin_report(reporting_round=opened, unit=cast.ward, by=cast.clerk)
    school = services.begin_report(reporting_round=opened, unit=cast.school, by=cast.school_head)
    assert computed(ward, "headcount") == dict(zip(PARTS, (1, 2, 0, 0), strict=True))
    assert computed(school, "headcount") == dict(zip(PARTS, (0, 0, 3, 0), strict=True))


@pytest.mark.parametrize("own", [(), ("school",), ("division",), ("school", "division")])
def test_the_areas_of_all_reports_divide_the_scope_without_gap_or_overlap(own, cast):
    for name in own:
        bear_own_report(getattr(cast, name))
    units = tree.load(clock.today())
    areas = [units.area(unit.pk, "report_duty") for unit in units.owing("report_duty")]
    covered = {
        key for key, row in units.placements.items() if row.in_scope and units.bearer(key, "report_duty")
    }
    assert sum(len(area) for area in areas) == len(set().union(*areas))
    assert set().union(*areas) == covered


def test_people_are_counted_on_the_last_day_of_the_data(campaign, cast):
    someone = cast.school_official
    someone.employments.update(until=clock.today())
    before = make_round(campaign, data_until=clock.today())
    after = make_round(campaign, code="SAU", data_until=clock.today() + timedelta(days=9))
    assert figures.live_counts(before, cast.ward, clock.today())["headcount"]["vien_chuc"] == 3
    assert figures.live_counts(after, cast.ward, clock.today())["headcount"]["vien_chuc"] == 2
    assert figures.cutoff(after, clock.today()) == clock.today()


def test_a_plan_that_was_sent_counts_and_a_draft_does_not(opened, cast):
    plan = UnitPlan.objects.create(
        campaign=opened.campaign, unit=cast.ward, year=opened.year, created_by=cast.clerk
    )
    assert figures.live_counts(opened, cast.ward, clock.today())["plan_sent"] == {"": 0}
    UnitPlan.objects.filter(pk=plan.pk).update(status="submitted", submitted_at=clock.now())
    assert figures.live_counts(opened, cast.ward, clock.today())["plan_sent"] == {"": 1}


def test_who_looked_back_at_his_pledge_is_counted_with_each_commitment(on_day, campaign, cast):
    on_day(OPEN_DAY)
    opened = make_round(campaign)
    review = send(look_back(sign(cast.school_official, opened.campaign), MIXED))
    found = figures.live_counts(opened, cast.ward, OPEN_DAY)
    assert (found["pledged"]["vien_chuc"], found["reviewed"]) == (1, {"": 1})
    kept = [(found[f"kept_{number}"][""], found[f"not_kept_{number}"][""]) for number in range(1, 6)]
    assert kept == [(1, 0), (0, 0), (1, 0), (0, 1), (1, 0)]
    send_back(review, cast.school_head)
    assert figures.live_counts(opened, cast.ward, OPEN_DAY)["reviewed"] == {"": 0}


@pytest.mark.parametrize("children", [1, 3])
def test_counting_takes_ten_queries_whatever_the_area(children, opened, cast):
    for number in range(children):
        unit = make_unit(f"Trạm Y tế {number}", kind=Unit.Kind.HEALTH_STATION)
        place(unit, cast.ward, own=False)
        person(f"Người {number}", unit, Category.VIEN_CHUC)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        counts = figures.live_counts(opened, cast.ward, clock.today())
    assert counts["headcount"]["vien_chuc"] == 3 + children
    assert len(asked) == 10


def test_more_pledged_than_employed_is_said_by_category_with_the_cell_and_the_way_out(report, cast):
    write(report, cast.clerk, {("pledged", "vien_chuc"): 52})
    [fault] = figures.faults(sheet.figures_of(report.current()))
    assert fault.sentence == (
        "Số người đã có bản cam kết, viên chức (52) lớn hơn tổng số CBCCVC và người lao động khác, viên chức (3). "
        "Sửa ô I.3 hoặc cập nhật danh sách."
    )
    assert fault.name == "o-pledged-vien_chuc"


def test_a_limit_that_was_typed_itself_is_named_as_the_other_cell(report, cast):
    write(report, cast.clerk, {("headcount", "vien_chuc"): 40, "reached": 50})
    [fault] = figures.faults(sheet.figures_of(report.current()))
    assert fault.sentence.endswith(
        "(50) lớn hơn tổng số CBCCVC và người lao động khác (43). Sửa ô I.2 hoặc ô I.1."
    )


def test_chains_of_limits_are_checked_link_by_link(report, cast):
    write(report, cast.clerk, {"ballots_issued": 10, "ballots_returned": 12, "satisfied": 13})
    names = [fault.name for fault in figures.faults(sheet.figures_of(report.current()))]
    assert names == ["o-ballots_returned", "o-satisfied"]


def test_an_empty_figure_contradicts_nothing_and_zero_is_a_number(report, cast):
    write(report, cast.clerk, {"satisfied": 5, "violators": 0, "violators_1": 1})
    names = [fault.name for fault in figures.faults(sheet.figures_of(report.current()))]
    assert names == ["o-violators_1"]


def test_last_years_figures_are_those_the_unit_sent_last_year(opened, campaign, cast):
    today = clock.today()
    before = make_round(
        campaign,
        code="TRUOC",
        year=opened.year - 1,
        due_on=today - timedelta(days=300),
        opens_on=today - timedelta(days=330),
        data_since=date(2024, 1, 1),
        data_until=today - timedelta(days=300),
    )
    old = services.begin_report(reporting_round=before, unit=cast.ward, by=cast.clerk)
    write(old, cast.clerk, {"meetings": 7, "dialogue_on": Entry(day=date(2025, 3, 5))})
    report = services.begin_report(reporting_round=opened, unit=cast.ward, by=cast.clerk)
    assert sheet.year_before(report) is None
    services.submit_report(report=old, by=cast.head)
    last = sheet.year_before(report)
    found = {row.indicator.code: sheet.value_of(row) for row in sheet.figures_of(last)}
    assert (found["meetings"], found["dialogue_on"]) == (7, date(2025, 3, 5))
