"""What goes into a roll-up: accepted reports as they were sealed, and nothing of what only looks like one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ledger.canonical import canonical_json
from ledger.public_id import new_public_id
from reports import rollup, services
from reports.models import ReportingRound, ReportVersion, UnitReport
from reports.rollup.facts import Facts
from tests.factories import appoint, make_unit, make_user, place
from tests.reports.province import PLAIN, PROPOSALS, make_report, make_small_province
from units.models import Appointment, Post, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(cast, campaign):
    return make_small_province(cast, campaign)


def facts(small) -> Facts:
    return Facts(rollup.gather(small.this))


def test_only_accepted_reports_are_counted_and_every_total_knows_its_units(small):
    total = facts(small).total("headcount")
    assert (total.value, total.having, total.owing) == (80, 2, 4)


def test_units_are_told_apart_by_what_became_of_their_report(small):
    units = {row["name"]: (row["state"], row["days_late"]) for row in rollup.gather(small.this)["units"]}
    assert units == {
        "Sở Nội vụ": ("accepted", 0),
        "Sở Y tế": ("submitted", 0),
        "UBND phường Kim Long": ("accepted", 3),
        "UBND xã A Lưới 2": ("missing", 0),
    }


def test_the_version_recorded_is_the_one_that_was_sealed_last(small, cast):
    report = UnitReport.objects.get(round=small.this, unit=cast.ward)
    newer = ReportVersion.objects.create(report=report, number=2, sealed_at=report.sent_at, sha256="b" * 64)
    ReportVersion.objects.create(report=report, number=3)
    source = next(row for row in rollup.gather(small.this)["sources"] if row["report"] == report.public_id)
    assert (source["version"], source["sha256"]) == (newer.number, newer.sha256)


def test_a_report_accepted_through_the_services_goes_in_with_its_seal(campaign, cast, small):
    report = UnitReport.objects.get(round=small.this, unit=cast.other_agency)
    sent = report.last_sent()
    services.accept_report(report=report, by=cast.home_affairs, seen_sha256=sent.sha256)
    source = next(row for row in rollup.gather(small.this)["sources"] if row["report"] == report.public_id)
    assert (source["version"], source["sha256"]) == (sent.number, sent.sha256)


def test_what_the_unit_typed_counts_and_is_told(small, cast):
    make_report(small.this, cast.other_ward, figures=PLAIN, texts={}, typed={("headcount", "vien_chuc"): 10})
    manifest = rollup.gather(small.this)
    assert Facts(manifest).total("headcount", "vien_chuc").value == 26
    typed = {row["unit"]: row["typed"] for row in manifest["sources"]}
    assert (typed[cast.other_ward.source_key], typed[cast.ward.source_key]) == (1, 0)


def test_an_empty_figure_is_not_a_zero(small, cast):
    make_report(small.this, cast.other_ward, figures={**PLAIN, "meetings": None, "violators": 0}, texts={})
    read = facts(small)
    assert (read.total("meetings").in_full, read.total("violators").in_full) == ("6 (2/4)", "0 (3/4)")


def test_last_years_figures_stand_beside_with_their_own_coverage(small):
    total = facts(small).last_total("headcount")
    assert (total.value, total.having, total.owing) == (40, 1, 4)


def test_an_ad_hoc_round_is_not_compared_with_a_year(small):
    ReportingRound.objects.filter(pk=small.this.pk).update(kind="ad_hoc")
    small.this.refresh_from_db()
    assert rollup.gather(small.this)["last"] == {}


def test_units_below_the_first_level_count_in_their_branch(small, cast):
    school = make_unit("Trường THCS Chu Văn An", kind=Unit.Kind.SCHOOL)
    place(school, cast.ward)
    make_report(small.this, school, figures=PLAIN, texts={})
    read = facts(small)
    ward = next(row for row in read.manifest["branches"] if row["key"] == cast.ward.source_key)
    assert (read.branch(ward, "headcount").value, read.branch(ward, "headcount").owing) == (80, 2)
    assert read.block("communes", "headcount").in_full == "80 (2/3)"
    assert read.total("headcount").in_full == "120 (3/5)"


def test_the_same_sentence_of_two_units_stands_once_with_both(small, cast):
    said = rollup.gather(small.this)["words"]["quoted"]["V"]
    assert [row["units"] for row in said] == [[cast.home_affairs_unit.source_key, cast.ward.source_key]]


def test_the_signer_is_the_head_in_office_on_the_due_day(small, cast):
    Appointment.objects.filter(user=small.director).update(until=small.this.due_on)
    new = make_user("Lê Thị Ưng")
    appoint(new, cast.home_affairs_unit, "head", "Giám đốc", since=small.this.due_on)
    assert rollup.gather(small.this)["author"]["signer"] == "Lê Thị Ưng"


def test_without_home_affairs_there_is_no_roll_up(small):
    Appointment.objects.filter(post__kind=Post.Kind.HOME_AFFAIRS).delete()
    Post.objects.filter(kind=Post.Kind.HOME_AFFAIRS).delete()
    with pytest.raises(rollup.NoAuthor, match="Cán bộ Sở Nội vụ"):
        rollup.gather(small.this)


def test_another_day_changes_nothing(small, monkeypatch):
    before = canonical_json(rollup.gather(small.this))
    monkeypatch.setenv("NAMKHONG_CLOCK_OFFSET", str(400 * 86400))
    assert canonical_json(rollup.gather(small.this)) == before


def test_the_order_in_which_rows_were_made_changes_nothing(small, cast, campaign):
    twin = ReportingRound.objects.get(pk=small.this.pk)
    twin.pk, twin.public_id, twin.code = None, new_public_id(), "BC-2026-L"
    twin.save()
    make_report(twin, cast.other_agency, state="submitted", figures=PLAIN, texts={})
    backwards = dict(reversed(PLAIN.items()))
    make_report(twin, cast.ward, days_late=3, figures=backwards, texts={"V": PROPOSALS[0]})
    make_report(twin, cast.home_affairs_unit, figures=backwards, texts={"V": PROPOSALS[0]})
    first, second = rollup.gather(small.this), rollup.gather(twin)
    same = ("units", "branches", "figures", "words", "author")
    assert canonical_json([first[key] for key in same]) == canonical_json([second[key] for key in same])


@pytest.mark.parametrize("schools", [1, 3])
def test_gathering_takes_the_same_queries_whatever_the_number_of_units(small, cast, schools):
    for number in range(schools):
        school = make_unit(f"Trường Tiểu học {number}", kind=Unit.Kind.SCHOOL)
        place(school, cast.ward)
        make_report(small.this, school, figures=PLAIN, texts={"V": "Đề nghị thêm kinh phí."})
    with CaptureQueriesContext(connection) as queries:
        rollup.gather(small.this)
    assert len(queries) == 34
