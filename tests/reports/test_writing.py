import unicodedata
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from ledger import clock
from ledger.events import history
from ledger.models import Event
from ledger.workflow import StepRefused
from reports import outline, services, sheet, versions
from reports.models import UnitReport
from reports.services import Entry
from tests.factories import employ, make_user
from tests.reports.stories import make_round, send, write
from units.models import Category


def typed(report, code: str, category: str = "") -> int | None:
    rows = {(row.indicator.code, row.category): row for row in sheet.figures_of(report.current())}
    return rows[code, category].typed


def test_a_report_begins_once(report, opened, cast):
    with pytest.raises(StepRefused, match="Nguyễn Thị Út đã lập lúc"):
        services.begin_report(reporting_round=opened, unit=cast.ward, by=cast.head)
    assert UnitReport.objects.count() == 1


def test_a_unit_that_reports_within_its_parent_is_told_so(opened, cast):
    with pytest.raises(StepRefused, match=r"nằm chung trong báo cáo của UBND phường Kim Long\."):
        services.begin_report(reporting_round=opened, unit=cast.school, by=cast.school_head)


def test_nobody_begins_before_the_round_opens(campaign, cast):
    ahead = make_round(campaign, opens_on=clock.today() + timedelta(days=1))
    with pytest.raises(StepRefused, match="mở từ ngày"):
        services.begin_report(reporting_round=ahead, unit=cast.ward, by=cast.clerk)


def test_a_late_report_can_still_begin(campaign, cast):
    late = make_round(campaign, due_on=clock.today() - timedelta(days=5))
    assert services.begin_report(reporting_round=late, unit=cast.ward, by=cast.clerk).status == "draft"


def test_saving_keeps_figures_and_words_in_one_spelling(report, cast):
    words = unicodedata.normalize("NFD", "  Phường có 3  đơn vị.\r\n\r\nÐã đủ. ")
    write(report, cast.clerk, {"meetings": 12}, {"I.1": words})
    assert typed(report, "meetings") == 12
    assert outline.texts_of(report.current())["I.1"] == "Phường có 3 đơn vị.\n\nĐã đủ."


def test_what_is_not_in_the_form_stays(report, cast):
    write(report, cast.clerk, {"meetings": 12}, {"I.1": "Một."})
    write(report, cast.clerk, {"articles": 4}, {"I.2": "Hai."})
    assert (typed(report, "meetings"), typed(report, "articles")) == (12, 4)
    assert outline.texts_of(report.current())["I.1"] == "Một."


def test_who_saves_over_what_he_has_not_seen_is_told_whose_it_is(report, cast):
    seen = report.version
    write(report, cast.head, {"meetings": 1})
    with pytest.raises(StepRefused, match=r"^Tôn Thất Đức đã lưu lúc .+, sau khi ông/bà mở trang này\.$"):
        services.save_report(
            report=report, by=cast.clerk, entries={("meetings", ""): Entry(2)}, texts={}, expect_version=seen
        )
    assert typed(report, "meetings") == 1


def test_counting_again_leaves_what_was_typed(report, cast):
    write(report, cast.clerk, {("headcount", "vien_chuc"): 9})
    employ(make_user("Trần Văn Mới"), cast.school, Category.NGUOI_LAO_DONG, since=clock.today())
    report.refresh_from_db()
    assert services.refresh_figures(report=report, by=cast.clerk, expect_version=report.version) == 2
    rows = {(row.indicator.code, row.category): row for row in sheet.figures_of(report.current())}
    assert rows["headcount", "nguoi_lao_dong"].computed == 1
    assert rows["new_unpledged", ""].computed == 1
    assert rows["headcount", "vien_chuc"].value == 9


def test_every_saving_leaves_an_event_in_the_post_of_who_saved(report, cast):
    write(report, cast.clerk, {"meetings": 3})
    last = history("reports.unitreport", report.public_id)[-1]
    assert (last.kind, last.by, last.post) == ("reports.unitreport.save", "Nguyễn Thị Út", "Cán bộ đầu mối")
    assert Event.objects.get(kind="reports.unitreport.save").unit_id == cast.ward.public_id


def test_the_database_itself_refuses_to_change_what_was_sent(report, cast):
    version = send(report, cast).last_sent()
    sha256 = version.sha256
    for change in (
        lambda: version.figures.update(typed=1),
        lambda: version.narratives.update(text="Khác."),
        lambda: version.figures.all().delete(),
        lambda: report.versions.update(sha256="0" * 64),
    ):
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            change()
    assert versions.sha256(version) == sha256
