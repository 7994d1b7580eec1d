"""A roster that came as a file: what it would do, done once, taken back; what stands in its way."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ledger import clock, events
from ledger.jobs import LeaseLost
from ledger.models import Event
from ledger.workflow import StepRefused
from tests.factories import appoint, employ, make_unit, make_user, place
from tests.units.acts import move
from tests.units.rosters import (
    DAY,
    again,
    applied,
    checked,
    codes_of,
    file_of,
    former,
    line,
    line_of,
    ordered,
    upload,
    work,
)
from units.models import (
    Appointment,
    ColumnMap,
    Employment,
    RosterApply,
    RosterUpload,
    Unit,
    User,
)
from units.services import rosters, rosterwork

pytestmark = pytest.mark.django_db


def picture() -> tuple:
    """All people and employments, to the last column."""
    people = User.objects.order_by("pk").values_list(
        *(field.attname for field in User._meta.concrete_fields if field.name != "last_login")
    )
    return list(people), list(Employment.objects.order_by("pk").values_list())


def actions(found: RosterUpload) -> dict[str, str]:
    return dict(found.rows.values_list("full_name", "action"))


def mixed(cast) -> list[list]:
    """One who stays, one with a new title, one who moves, two who come (one without a code)."""
    return [
        line_of(cast.school_head),
        line_of(cast.union_chair),
        line_of(cast.school_official, job_title="Giáo viên chính"),
        line_of(cast.official, unit=cast.school.name, since=date(2026, 9, 1)),
        line("H57.001", "Trần Thị Bưởi", unit=cast.school.name, birth=1990, since=date(2026, 10, 1)),
        line("", "Lê Văn Cam", unit=cast.division.name, birth=1985, category="Người lao động"),
    ]


def test_a_roster_says_what_it_would_do_and_changes_nothing(cast):
    before = picture()
    found = checked(cast.ward, cast.clerk, *mixed(cast))
    assert found.status == "checked"
    assert actions(found) == {
        "Công Tằng Tôn Nữ Ngọc Hiền": "same",
        "Hồ Văn Ưng": "same",
        "Ưng Thị Ẩn": "changed",
        "Kăn Lịch": "moved",
        "Trần Thị Bưởi": "new",
        "Lê Văn Cam": "new",
    }
    moved = found.rows.get(action="moved")
    assert (moved.before, moved.since) == ({"unit": cast.division.pk}, date(2026, 9, 1))
    assert picture() == before


def test_the_act_writes_everything_and_tells_it(cast):
    found = applied(cast.ward, cast.clerk, *mixed(cast))
    assert found.status == "applied" and found.applied_at
    cast.school_official.refresh_from_db()
    assert cast.school_official.job_title == "Giáo viên chính"
    old, new = Employment.objects.filter(user=cast.official).order_by("since")
    assert (old.unit, old.until, old.ending) == (cast.division, date(2026, 9, 1), "moved")
    assert (new.unit, new.since, new.until) == (cast.school, date(2026, 9, 1), None)
    bought = User.objects.get(username="H57.001")
    assert (bought.birth_year, bought.code_from_portal, bought.has_usable_password()) == (1990, False, False)
    assert bought.employments.get().since == date(2026, 10, 1)
    given = User.objects.get(full_name="Lê Văn Cam")
    assert (given.username, given.code_from_portal) == ("NK000001", True)
    assert given.employments.get().since == DAY
    assert (given.search_key, len(given.public_id)) == ("le van cam", 26)
    told = events.history("units.user", cast.official.public_id)
    assert [(act.kind, act.by) for act in told] == [("units.move_person", "Nguyễn Thị Út")]
    assert Event.objects.filter(kind="units.rosterupload.apply").count() == 1


def test_a_second_import_of_the_same_file_changes_nothing(cast):
    first = applied(cast.ward, cast.clerk, *mixed(cast))
    before, told = picture(), Event.objects.exclude(kind__startswith="units.rosterupload").count()
    second = checked(cast.ward, cast.clerk, content=bytes(first.content))
    assert second.counts["same"] == 6 and rosters.changes(second) == 0
    assert rosters.applied_before(second) == first
    with pytest.raises(StepRefused, match="không làm thay đổi gì"):
        ordered(second, cast.clerk)
    assert picture() == before
    assert Event.objects.exclude(kind__startswith="units.rosterupload").count() == told


def test_undo_restores_every_row(cast):
    before = picture()
    found = applied(cast.ward, cast.clerk, *mixed(cast))
    assert picture() != before
    rosters.undo_roster(upload=found, by=again(cast.clerk))
    found.refresh_from_db()
    assert (picture(), found.status) == (before, "undone")


def test_who_is_missing_on_a_complete_list_is_gone_and_comes_back_by_undo(cast):
    before = picture()
    people = [cast.school_head, cast.union_chair]
    found = applied(cast.school, cast.head, *(line_of(user) for user in people), complete=True)
    gone = found.rows.get(action="gone")
    assert gone.user == cast.school_official
    assert cast.school_official.employments.get().until == DAY
    rosters.undo_roster(upload=found, by=again(cast.head))
    assert picture() == before


def test_a_partial_list_says_nothing_about_who_is_missing(cast):
    found = checked(cast.school, cast.head, line_of(cast.school_head))
    assert found.counts["gone"] == 0


def test_a_holder_of_a_post_is_not_made_to_vanish_or_to_move_by_a_list(cast):
    found = checked(cast.school, cast.head, line_of(cast.school_official), complete=True)
    assert codes_of(found) == [("", "missing_holder"), ("", "missing_holder")]
    found = checked(cast.ward, cast.head, line_of(cast.school_head, unit=cast.division.name))
    assert codes_of(found) == [("F2", "holder_moves")]


def test_a_list_does_not_move_one_away_from_the_head_for_whom_he_acts(cast):
    row = appoint(cast.school_official, cast.ward, "head", "Chủ tịch UBND phường")
    Appointment.objects.filter(pk=row.pk).update(manner="by_order", given_by=cast.head.appointments.get())
    line = line_of(cast.school_official, unit=cast.other_ward.name)
    assert codes_of(checked(cast.root, cast.home_affairs, line)) == [("F2", "holder_moves")]
    line = line_of(cast.school_official, unit=cast.division.name)
    assert codes_of(checked(cast.root, cast.home_affairs, line)) == []


def test_a_new_category_begins_on_the_day_and_leaves_history(cast):
    applied(cast.school, cast.head, line_of(cast.school_official, category="Người lao động"))
    old, new = Employment.objects.filter(user=cast.school_official).order_by("since")
    assert [(old.category, old.until), (new.category, new.since)] == [
        ("vien_chuc", DAY),
        ("nguoi_lao_dong", DAY),
    ]


CONFLICTS = {
    "employed elsewhere": (
        lambda cast: line_of(cast.stranger, unit=cast.division.name),
        ("A2", "employed_elsewhere"),
        "UBND xã A Lưới 2 hoặc Sở Nội vụ ghi chuyển công tác trước, rồi mới đưa vào Phòng Văn hóa",
    ),
    "the code of another name": (
        lambda cast: line(cast.official.username, "Phạm Văn Mít", unit=cast.division.name),
        ("B2", "name_of_another"),
        "trên cổng là của Kăn Lịch, không phải Phạm Văn Mít",
    ),
    "a namesake without code": (
        lambda cast: line("", "Kăn Lịch", unit=cast.division.name),
        ("C2", "namesake_without_code"),
        "cổng đã có Kăn Lịch",
    ),
    "before the present unit": (
        lambda cast: line_of(cast.official, unit=cast.school.name, since=date(2023, 5, 1)),
        ("I2", "before_the_present_unit"),
        "trước ngày 01/01/2024 mà Kăn Lịch vào Phòng Văn hóa",
    ),
}


@pytest.mark.parametrize("name", CONFLICTS)
def test_a_conflict_is_told_at_its_cell_and_nothing_is_applied(cast, name):
    make, told, sentence = CONFLICTS[name]
    found = checked(cast.ward, cast.clerk, make(cast))
    assert (found.status, codes_of(found)) == ("faulty", [told])
    assert sentence in found.faults.get().message
    with pytest.raises(StepRefused, match="Có lỗi"):
        ordered(found, cast.clerk)


def test_who_retired_does_not_come_back_by_a_list_but_who_moved_away_does(cast):
    retired = former("Mai Thị Na", cast.division, until=date(2025, 1, 1), ending="retired")
    away = former("Đỗ Văn Ổi", cast.other_ward, until=date(2026, 8, 1), ending="moved")
    rows = [line(user.username, user.full_name, unit=cast.division.name) for user in (retired, away)]
    found = checked(cast.ward, cast.clerk, *rows)
    assert codes_of(found) == [("A2", "person_has_left")]
    assert "đã nghỉ hưu từ ngày 01/01/2025" in found.faults.get().message
    found = applied(cast.ward, cast.clerk, rows[1])
    assert found.rows.get().before == {"unit": cast.other_ward.pk, "until": "2026-08-01"}
    assert away.employments.count() == 2 and User.objects.filter(full_name="Đỗ Văn Ổi").count() == 1


def test_a_list_older_than_what_happened_since_is_refused_where_it_would_change_anything(cast):
    Employment.objects.filter(user=cast.official).update(until=date(2026, 11, 10))
    employ(cast.official, cast.school, since=date(2026, 11, 10))
    row = line("X", "Y")
    row = line(cast.official.username, "Kăn Lịch", category="Công chức", unit=cast.ward.name)
    assert codes_of(checked(cast.ward, cast.clerk, row)) == [("A2", "changed_after_the_day")]
    row = line(cast.official.username, "Kăn Lịch", category="Công chức", unit=cast.division.name)
    assert checked(cast.ward, cast.clerk, row).counts["same"] == 1


def test_namesakes_are_told_apart_by_birth_year_and_never_merged(cast):
    User.objects.filter(pk=cast.official.pk).update(birth_year=1980)
    row = line("", "Kăn Lịch", unit=cast.division.name, birth=1991)
    applied(cast.ward, cast.clerk, row)
    assert sorted(User.objects.filter(full_name="Kăn Lịch").values_list("birth_year", flat=True)) == [
        1980,
        1991,
    ]
    second = checked(cast.ward, cast.clerk, row)
    assert second.counts["same"] == 1, "the portal's own code finds the same person by name, year and unit"
    twin = line("", "Kăn Lịch", unit=cast.division.name, birth=1980)
    assert codes_of(checked(cast.ward, cast.clerk, twin)) == [("A2", "namesake_without_code")]


def test_a_code_for_somebody_the_portal_has_numbered_asks_whether_it_is_he(cast):
    applied(cast.ward, cast.clerk, line("", "Lê Văn Cam", unit=cast.division.name, birth=1985))
    found = checked(cast.ward, cast.clerk, line("H9", "Lê Văn Cam", unit=cast.division.name, birth=1985))
    assert codes_of(found) == [("A2", "has_a_portal_code")]
    assert "NK000001" in found.faults.get().message


def test_a_seconded_person_stays_where_he_works_when_his_paying_unit_lists_him(cast):
    Employment.objects.filter(user=cast.school_official).update(payroll_unit=cast.division)
    found = checked(cast.ward, cast.clerk, line_of(cast.school_official, unit=cast.division.name))
    assert (found.status, found.counts["same"]) == ("checked", 1)


def test_authority_lost_after_the_check_stops_the_worker(cast):
    found = checked(cast.ward, cast.clerk, *mixed(cast))
    job, before = ordered(found, cast.clerk), picture()
    Appointment.objects.filter(user=cast.clerk).update(until=date(2026, 1, 1))
    with pytest.raises(rosterwork.NotImported) as refusal:
        work(rosters.APPLY, job)
    assert "không còn quyền" in refusal.value.sentence
    assert picture() == before


def test_whatever_changed_since_the_preview_stops_the_worker(cast):
    found = checked(cast.ward, cast.clerk, *mixed(cast))
    job = ordered(found, cast.clerk)
    Employment.objects.filter(user=cast.school_official).update(category="cong_chuc")
    before = picture()
    with pytest.raises(rosterwork.NotImported, match="đã thay đổi sau khi kiểm tra"):
        work(rosters.APPLY, job)
    assert picture() == before


def back_and_new(cast) -> list[list]:
    """One who left and comes back, one who is new and has a namesake elsewhere, one without a code."""
    away = former("Đỗ Văn Ổi", cast.other_ward, until=date(2026, 8, 1), ending="moved")
    return [
        line(away.username, away.full_name, unit=cast.division.name),
        line("H57.001", "Trần Thị Bưởi", unit=cast.school.name, birth=1990),
        line("", "Lê Văn Cam", unit=cast.division.name, birth=1985),
    ]


AFTER_THE_CHECK = {
    "who comes back is employed elsewhere": lambda cast: employ(
        User.objects.get(full_name="Đỗ Văn Ổi"), cast.other_ward, since=date(2026, 10, 1)
    ),
    "who comes back has another name": lambda cast: User.objects.filter(full_name="Đỗ Văn Ổi").update(
        full_name="Đỗ Văn Ôi"
    ),
    "the new code is somebody's": lambda cast: make_user("Võ Thị Dứa", username="H57.001"),
    "who has no code has a namesake": lambda cast: make_user("Lê Văn Cam", birth_year=1985),
    "somebody else comes to the branch": lambda cast: employ(
        make_user("Võ Thị Dứa"), cast.school, since=date(2026, 1, 1)
    ),
    "somebody of the branch moves later": lambda cast: (
        cast.school_official.employments.update(until=date(2026, 11, 10)),
        employ(cast.school_official, cast.ward, since=date(2026, 11, 10)),
    ),
    "somebody of the branch is given a post": lambda cast: appoint(
        cast.school_official, cast.school, "clerk", "Văn thư", since=date(2026, 1, 1)
    ),
}


@pytest.mark.parametrize("name", AFTER_THE_CHECK)
def test_whatever_the_preview_was_made_from_stops_the_worker_when_it_changes(cast, name):
    found = checked(cast.ward, cast.clerk, *back_and_new(cast))
    job = ordered(found, cast.clerk)
    AFTER_THE_CHECK[name](cast)
    with pytest.raises(rosterwork.NotImported, match="đã thay đổi sau khi kiểm tra"):
        work(rosters.APPLY, job)


def test_what_the_preview_was_not_made_from_stops_nobody(cast):
    found = checked(cast.ward, cast.clerk, *back_and_new(cast))
    job = ordered(found, cast.clerk)
    employ(make_user("Võ Thị Dứa"), cast.other_ward, since=date(2026, 1, 1))
    appoint(cast.stranger, cast.other_ward, "clerk", "Văn thư", since=date(2026, 1, 1))
    User.objects.filter(pk=cast.school_official.pk).update(last_login=clock.now())
    work(rosters.APPLY, job)
    found.refresh_from_db()
    assert found.status == "applied"


@pytest.mark.parametrize("title", ["a\\b", "a\tb\nc\rd", "\b\f\v", "\\N", "t", ""])
def test_signs_that_the_database_writes_in_its_own_way_are_no_change(cast, title):
    User.objects.filter(pk=cast.school_official.pk).update(job_title=title, birth_year=None)
    User.objects.filter(pk=cast.school_head.pk).update(code_from_portal=True)
    assert applied(cast.ward, cast.clerk, *back_and_new(cast)).status == "applied"


def test_a_unit_that_was_reorganised_after_the_check_is_named(cast):
    found = checked(cast.school, cast.head, line_of(cast.school_official, job_title="Kế toán"))
    job = ordered(found, cast.head)
    Unit.objects.filter(pk=cast.school.pk).update(until=date(2026, 11, 15))
    with pytest.raises(rosterwork.NotImported, match="Trường Tiểu học Kim Long 1 đã kết thúc hoạt động"):
        work(rosters.APPLY, job)


def test_a_unit_moved_out_of_the_branch_after_the_check_stops_the_worker(cast):
    found = checked(cast.ward, cast.head, line_of(cast.school_official, job_title="Kế toán"))
    job = ordered(found, cast.head)
    cast.school.placements.update(parent=cast.other_ward)
    with pytest.raises(rosterwork.NotImported, match="đã thay đổi sau khi kiểm tra"):
        work(rosters.APPLY, job)


def test_a_unit_that_has_left_the_branch_since_the_day_is_out_of_the_roster_s_reach(cast):
    move(cast.school, to=cast.other_ward, on=date(2026, 7, 1))
    people = [line_of(cast.clerk), line_of(cast.head), line_of(cast.official)]
    found = checked(cast.ward, again(cast.clerk), *people, on=date(2026, 6, 30), complete=True)
    assert (found.status, found.counts["gone"]) == ("checked", 0)
    row = line_of(cast.school_official, job_title="Kế toán")
    found = checked(cast.ward, again(cast.clerk), row, on=date(2026, 6, 30))
    assert codes_of(found) == [("F2", "unit_unknown")]
    found = checked(cast.root, cast.home_affairs, row, on=date(2026, 6, 30))
    assert found.status == "checked", "above, both are in one branch"


def test_a_unit_moved_away_from_the_branch_of_a_past_day_stops_the_worker(cast):
    row = line_of(cast.school_official, job_title="Kế toán")
    found = checked(cast.ward, again(cast.clerk), row, on=date(2026, 6, 30))
    job = ordered(found, again(cast.clerk))
    move(cast.school, to=cast.other_ward, on=date(2026, 7, 1))
    with pytest.raises(rosterwork.NotImported, match="đã thay đổi sau khi kiểm tra"):
        work(rosters.APPLY, job)


def test_the_person_decides_on_the_preview_he_saw(cast):
    found = checked(cast.ward, cast.clerk, *mixed(cast))
    seen = rosters.digest_of(found)
    rosters.check_again(upload=found, by=cast.clerk)
    User.objects.filter(pk=cast.school_official.pk).update(job_title="Thủ thư")
    work(rosters.CHECK, found.checks.order_by("-pk").first())
    with pytest.raises(StepRefused, match="vừa được kiểm tra lại"):
        rosters.apply_roster(upload=found, digest=seen, by=cast.clerk)


def test_a_worker_that_lost_its_hold_writes_nothing(cast):
    found = checked(cast.ward, cast.clerk, *mixed(cast))
    job, before = ordered(found, cast.clerk), picture()
    told = Event.objects.count()

    def write_then_lose(act):
        journal = applying_apply(act)
        RosterApply.objects.filter(pk=job.pk).update(token="another worker's")
        return journal

    applying_apply = rosters.applying.apply
    with pytest.MonkeyPatch.context() as patch, pytest.raises(LeaseLost):
        patch.setattr(rosters.applying, "apply", write_then_lose)
        work(rosters.APPLY, job)
    assert (picture(), Event.objects.count()) == (before, told)


def test_an_undo_names_what_depends_on_the_roster(cast):
    found = applied(cast.ward, cast.clerk, *mixed(cast))
    bought = User.objects.get(username="H57.001")
    bought.set_password("cầu-Trường-Tiền-sáu-vài")
    bought.save()
    appoint(User.objects.get(username="NK000001"), cast.division, "clerk", "Cán bộ đầu mối")
    Employment.objects.filter(user=cast.official, until=None).update(until=date(2026, 11, 20), ending="left")
    User.objects.filter(pk=cast.school_official.pk).update(job_title="Tổ trưởng")
    before = picture()
    with pytest.raises(StepRefused) as refusal:
        rosters.undo_roster(upload=found, by=again(cast.clerk))
    for sentence in (
        "Trần Thị Bưởi đã kích hoạt tài khoản",
        "Lê Văn Cam đã được giao chức vụ",
        "Kăn Lịch có thay đổi về nơi làm việc",
        "Ưng Thị Ẩn đã được sửa họ tên hoặc chức danh",
    ):
        assert sentence in str(refusal.value)
    assert picture() == before


def test_an_applied_roster_is_undone_once(cast):
    found = applied(cast.ward, cast.clerk, *mixed(cast))
    rosters.undo_roster(upload=found, by=again(cast.clerk))
    with pytest.raises(StepRefused, match="đã hoàn tác"):
        rosters.undo_roster(upload=found, by=again(cast.clerk))


def test_statements_do_not_grow_with_the_number_of_people(cast):
    counts = []
    for number, size in enumerate((1, 30)):
        lines = [
            line(
                f"T{number}{at:03}",
                f"Nguyễn Văn {chr(65 + at % 26)}{'a' * (at // 26)}",
                unit=cast.school.name,
            )
            for at in range(size)
        ]
        found = upload(cast.ward, again(cast.clerk), *lines)
        with CaptureQueriesContext(connection) as checking:
            work(rosters.CHECK, found.checks.get())
        found.refresh_from_db()
        job = ordered(found, again(cast.clerk))
        with CaptureQueriesContext(connection) as applying:
            work(rosters.APPLY, job)
        counts.append((len(checking), len(applying)))
    assert counts[0] == counts[1]
    assert max(counts[0]) < 60


def test_columns_of_another_system_are_shown_once_and_remembered(cast):
    headings = ["Mã NS", "Tên đầy đủ", "Ngạch", "Nơi làm"]
    content = file_of(["N1", "Trần Văn Xoài", "Viên chức", cast.school.name], headings=headings)
    found = checked(cast.ward, cast.clerk, content=content)
    assert (found.status, found.columns["samples"][1]) == ("mapping", ["Trần Văn Xoài"])
    rosters.map_columns(
        upload=found, columns={"code": 0, "full_name": 1, "category": 2, "unit": 3}, by=cast.clerk
    )
    work(rosters.CHECK, found.checks.order_by("-pk").first())
    found.refresh_from_db()
    assert (found.status, actions(found)) == ("checked", {"Trần Văn Xoài": "new"})
    assert ColumnMap.objects.count() == 1
    assert checked(cast.ward, cast.clerk, content=content).status == "checked"


def test_a_file_that_is_no_roster_is_one_fault(cast):
    found = checked(cast.ward, cast.clerk, content=b"PK\x03\x04 not a workbook")
    assert (found.status, found.counts["faults"], found.faults.get().code) == ("faulty", 1, "file")


def test_what_may_not_be_uploaded(cast):
    with pytest.raises(StepRefused, match="còn ở phía trước"):
        upload(cast.ward, cast.clerk, line(), on=date(2099, 1, 1))
    with pytest.raises(StepRefused, match="được thành lập từ"):
        upload(cast.ward, cast.clerk, line(), on=date(2020, 1, 1))
    with pytest.raises(StepRefused, match="5 MB"):
        upload(cast.ward, cast.clerk, content=b"x" * (rosters.LARGEST + 1))
    assert RosterUpload.objects.count() == 0


def test_big_text_and_signs_of_the_database_are_only_text(cast):
    title = r"Giáo viên \N \. 'x'; --" + " dài" * 20
    found = applied(cast.school, cast.head, line_of(cast.school_official, job_title=title))
    cast.school_official.refresh_from_db()
    assert cast.school_official.job_title == title == found.rows.get(action="changed").job_title


def test_two_schools_of_one_name_and_an_unknown_unit_are_told_apart(cast):
    twin = make_unit(cast.school.name, kind=Unit.Kind.SCHOOL)
    place(twin, cast.ward, own=False)
    found = checked(cast.ward, cast.clerk, line("H1", "Trần Văn Xoài", unit=cast.school.name))
    assert found.status == "faulty"
    by_key = line("H1", "Trần Văn Xoài", unit=twin.source_key)
    assert checked(cast.ward, cast.clerk, by_key).rows.get().unit == twin


def test_an_earlier_end_that_was_planned_goes_with_who_moves(cast):
    planned = date(2027, 6, 1)
    Employment.objects.filter(user=cast.official).update(until=planned, ending="retired")
    applied(cast.ward, cast.clerk, line_of_planned(cast))
    new = Employment.objects.filter(user=cast.official).order_by("-since").first()
    assert (new.unit, new.until, new.ending) == (cast.school, planned, "retired")


def line_of_planned(cast) -> list:
    return line(cast.official.username, "Kăn Lịch", category="Công chức", unit=cast.school.name)
