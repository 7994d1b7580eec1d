"""What a reorganisation does to reports, and who stands on the board of a round it falls into."""

from datetime import timedelta

import pytest

from ledger import clock, events
from ledger.canonical import digest
from ledger.workflow import StepRefused
from reports import board, rollup, services, versions
from reports.models import Figure, Handover, Narrative, ReportVersion, UnitReport
from tests.factories import person
from tests.reports.stories import accept, bring_to, give_back, make_round, send
from tests.units.acts import existing, merge, move, new, rename, split, unit_called
from units.models import Unit, User
from units.services import correct_reorganisation

OPEN, DONE = "Báo cáo chưa được tiếp nhận", "Báo cáo đã được tiếp nhận"
S = UnitReport.Status


@pytest.fixture
def today():
    return clock.today()


@pytest.fixture
def before_yesterday(campaign):
    """A round whose term ran out two days ago."""
    return make_round(campaign, code="QUA-HAN", due_on=clock.today() - timedelta(days=2))


def again(report: UnitReport) -> UnitReport:
    return UnitReport.objects.get(pk=report.pk)


def line_of(act, label: str) -> dict:
    return next(line for line in act.report if line["label"] == label)


def sealed() -> str:
    """A digest of every byte of everything that was ever sealed."""
    kept = ReportVersion.objects.filter(sealed_at__isnull=False)
    rows = [kept.order_by("pk"), Figure.objects.filter(version__in=kept).order_by("pk")]
    rows.append(Narrative.objects.filter(version__in=kept).order_by("pk"))
    return digest([[str(row) for row in found.values_list()] for found in rows])


def standing_of(asked, unit: Unit, on=None):
    return next((row for row in board.standing(asked, on or clock.today()) if row.unit == unit), None)


# --- What passes


@pytest.mark.parametrize("status", [S.DRAFT, S.PRESENTED, S.RETURNED])
def test_the_main_heir_goes_on_with_an_open_report(cast, report, today, status):
    bring_to(report, status, cast)
    bytes_before = sealed()
    act = merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân"), on=today, by=cast.home_affairs)
    heir = unit_called("UBND phường Phú Xuân")
    assert (again(report).unit, again(report).status) == (heir, status)
    assert line_of(act, OPEN)["moved"] == 1
    assert sealed() == bytes_before
    assert standing_of(report.round, heir).report == report
    assert events.history("reports.unitreport", report.public_id)[-1].kind == "reports.unitreport.move"


@pytest.mark.parametrize("status", [S.SUBMITTED, S.RETURNED, S.ACCEPTED])
def test_what_was_sealed_keeps_its_bytes_and_its_hash(cast, report, today, status):
    bring_to(report, status, cast)
    bytes_before, seals = sealed(), [row.sha256 for row in report.versions.exclude(sha256="")]
    act = rename(cast.ward, "UBND phường Hương Uyển", on=today)
    kept = [row for row in again(report).versions.all() if row.sealed_at]
    assert [versions.sha256(row) for row in kept] == seals, "the hash still names who sealed it"
    correct_reorganisation(act=act, decision="CV 1", reason="Nhầm", by=cast.home_affairs)
    assert [versions.sha256(row) for row in again(report).versions.all() if row.sealed_at] == seals
    assert sealed() == bytes_before


def test_a_report_under_review_passes_only_to_the_same_body(cast, opened, report, today):
    bring_to(report, S.SUBMITTED, cast)
    act = merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân"), on=today)
    assert again(report).unit == cast.ward, "its figures are not those of the heir"
    assert "không thay được báo cáo của" in line_of(act, OPEN)["warnings"][0]
    correct_reorganisation(act=act, decision="CV 1", reason="Nhầm", by=cast.home_affairs)
    rename(cast.ward, "UBND phường Hương Uyển", on=today)
    heir = unit_called("UBND phường Hương Uyển")
    assert again(report).unit == heir
    returned = services.return_report(
        report=again(report), by=cast.home_affairs, reason="Ô 4", seen_sha256=report.last_sent().sha256
    )
    assert standing_of(opened, heir).report == returned, "and the heir can answer the return"


def test_of_two_open_reports_the_second_stays_and_the_act_warns(cast, opened, report, today):
    presented = services.present(report=report, by=cast.clerk)
    second = services.begin_report(reporting_round=opened, unit=cast.other_ward, by=cast.other_head)
    act = merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân"), on=today)
    assert again(presented).unit.name == "UBND phường Phú Xuân"
    assert again(second).unit == cast.other_ward
    (warning,) = line_of(act, OPEN)["warnings"]
    assert cast.other_ward.name in warning and "UBND phường Phú Xuân có báo cáo riêng" in warning


def test_a_draft_of_a_round_that_was_over_stays_with_who_owed_it(cast, before_yesterday, today):
    late = services.begin_report(reporting_round=before_yesterday, unit=cast.ward, by=cast.clerk)
    act = merge(cast.ward, cast.other_agency, into=new("UBND phường Phú Xuân"), on=today)
    assert again(late).unit == cast.ward
    assert "đã hết hạn trước ngày sắp xếp" in line_of(act, OPEN)["warnings"][0]


def test_a_correction_is_refused_once_the_heir_worked_on_the_report(cast, report, today):
    act = rename(cast.ward, "UBND phường Hương Uyển", on=today)
    services.present(report=again(report), by=User.objects.get(pk=cast.clerk.pk))
    with pytest.raises(StepRefused, match="đã được sửa hoặc xử lý sau khi chuyển"):
        correct_reorganisation(act=act, decision="CV 1", reason="Nhầm", by=cast.home_affairs)


# --- Who owes


def test_in_a_round_that_runs_the_heir_owes_and_who_ended_is_named(cast, opened, today):
    merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân"), on=today)
    heir = unit_called("UBND phường Phú Xuân")
    rows = board.standing(opened, today)
    assert heir in [row.unit for row in rows]
    assert not {cast.ward, cast.other_ward} & {row.unit for row in rows}
    assert [(row.unit, row.heirs) for row in board.ended(opened, today)] == [
        (cast.ward, (heir,)), (cast.other_ward, (heir,)),
    ]  # fmt: skip
    assert "nay là UBND phường Phú Xuân" in board.ended(opened, today)[0].word


def test_the_last_heir_of_a_chain_is_named(cast, opened, today):
    rename(cast.ward, "UBND phường Hương Uyển", on=today - timedelta(days=3))
    merge(unit_called("UBND phường Hương Uyển"), cast.other_ward, into=existing(cast.other_ward), on=today)
    assert [(row.unit, row.heirs) for row in board.ended(opened, today)] == [(cast.ward, (cast.other_ward,))]


def test_who_ended_after_the_due_day_still_owes_and_is_named_with_the_heir(cast, before_yesterday, today):
    rename(cast.ward, "UBND phường Hương Uyển", on=today)
    row = standing_of(before_yesterday, cast.ward)
    assert row.word == "Chưa bắt đầu, quá hạn 2 ngày; nay là UBND phường Hương Uyển"
    assert board.tally(board.standing(before_yesterday, today)).total == 4
    assert board.ended(before_yesterday, today) == []


def test_a_returned_report_of_a_round_that_was_over_is_answered_by_the_heir_for_who_owed_it(
    cast, before_yesterday, today
):
    sent = send(services.begin_report(reporting_round=before_yesterday, unit=cast.ward, by=cast.clerk), cast)
    give_back(sent, cast)
    merge(cast.ward, cast.school, into=new("UBND phường Phú Xuân"), on=today)
    heir = unit_called("UBND phường Phú Xuân")
    assert again(sent).unit == heir
    row = standing_of(before_yesterday, cast.ward)
    assert (row.report, row.state) == (sent, S.RETURNED)
    assert standing_of(before_yesterday, heir) is None, "the heir owed nothing that day"
    clerk = person("Lê Mới", heir, post=("clerk", "Cán bộ tổng hợp"))
    assert [call.report for call in board.calls(clerk)] == [sent], "but finds it among his reports"


def test_an_heir_that_owed_its_own_does_not_take_another(cast, before_yesterday, today):
    sent = send(services.begin_report(reporting_round=before_yesterday, unit=cast.ward, by=cast.clerk), cast)
    give_back(sent, cast)
    merge(cast.ward, cast.other_ward, into=existing(cast.other_ward), on=today)
    assert again(sent).unit == cast.ward
    assert standing_of(before_yesterday, cast.other_ward).report is None


def test_what_was_accepted_under_the_old_name_counts_for_the_new_one(cast, opened, report, today):
    accept(send(report, cast), cast)
    before = rollup.gather(opened)["figures"]["whole"]
    rename(cast.ward, "UBND phường Hương Uyển", on=today)
    heir = unit_called("UBND phường Hương Uyển")
    assert again(report).unit == cast.ward
    assert standing_of(opened, heir).state == S.ACCEPTED
    assert rollup.gather(opened)["figures"]["whole"] == before, "counted once, under the new name"
    with pytest.raises(StepRefused, match="Lập báo cáo"):
        services.begin_report(reporting_round=opened, unit=heir, by=User.objects.get(pk=cast.clerk.pk))


def test_what_a_merged_unit_had_accepted_is_not_added_to_the_heirs_report(cast, opened, report, today):
    accept(send(report, cast), cast)
    act = merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân"), on=today)
    manifest = rollup.gather(opened)
    assert manifest["sources"] == [], "the heir reports all of it"
    assert "không cộng vào kỳ này" in line_of(act, DONE)["warnings"][0]
    assert standing_of(opened, unit_called("UBND phường Phú Xuân")).state == board.NOT_BEGUN


def test_a_unit_with_a_new_parent_keeps_its_report(cast, report, today):
    move(cast.ward, to=cast.other_agency, on=today)
    assert again(report).unit == cast.ward
    assert Handover.objects.count() == 0


def test_a_unit_split_off_owes_its_own(cast, opened, report, today):
    split(cast.ward, new("UBND phường Kim Long 2"), on=today, continues=True, rest_parts=1)
    assert again(report).unit == cast.ward
    assert standing_of(opened, unit_called("UBND phường Kim Long 2")).state == board.NOT_BEGUN
    assert board.ended(opened, today) == []
