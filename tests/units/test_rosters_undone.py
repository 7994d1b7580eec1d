"""A roster is taken back only while nothing stands on it: posts, later lists, acts of reorganisation, ended units."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ledger.models import Event
from ledger.workflow import StepRefused
from tests.factories import appoint, make_unit, person, place
from tests.units.acts import dissolve, existing, merge, new, works_at
from tests.units.rosters import DAY, again, applied, former, line, line_of
from units import services
from units.models import Absence, ContractKind, Employment, RosterUpload, User
from units.services import rosters

pytestmark = pytest.mark.django_db
AUGUST, SEPTEMBER = date(2026, 8, 1), date(2026, 9, 1)


def moved_to_the_school(cast) -> RosterUpload:
    return applied(cast.ward, again(cast.clerk), line_of(cast.official, unit=cast.school.name), on=AUGUST)


def without_the_official(cast) -> RosterUpload:
    """A complete list of the school on which he, and whoever else was not there at first, is missing."""
    people = [line_of(user) for user in (cast.school_head, cast.union_chair)]
    return applied(cast.school, cast.head, *people, complete=True)


def undo(found: RosterUpload, by: User) -> None:
    rosters.undo_roster(upload=found, by=again(by))


def test_a_post_given_where_the_list_has_put_somebody(cast):
    found = moved_to_the_school(cast)
    appoint(cast.official, cast.school, "clerk", "Cán bộ đầu mối", since=SEPTEMBER)
    with pytest.raises(StepRefused, match="Kăn Lịch đã được giao chức vụ sau đó"):
        undo(found, cast.clerk)
    assert works_at(cast.official) == cast.school


def test_a_post_annulled_since_and_one_held_before_stand_in_nobody_s_way(cast):
    appoint(cast.official, cast.other_ward, "clerk", "Văn thư")
    found = moved_to_the_school(cast)
    appoint(cast.official, cast.school, "clerk", "Cán bộ đầu mối", since=SEPTEMBER, until=SEPTEMBER)
    undo(found, cast.clerk)
    assert works_at(cast.official) == cast.division


@pytest.mark.parametrize(
    ("since_then", "sentence"),
    [
        (lambda cast, user: appoint(user, cast.school, "clerk", "Văn thư", since=DAY), "được giao chức vụ"),
        (
            lambda cast, user: services.absent(
                user=user, kind="long_leave", reason="Đi học", since=DAY, by=None
            ),
            "có thời gian vắng mặt",
        ),
    ],
    ids=["a post", "an absence"],
)
def test_what_was_written_of_somebody_who_came_back_by_the_list(cast, since_then, sentence):
    away = former("Đỗ Văn Ổi", cast.other_ward, until=AUGUST, ending="moved")
    found = applied(cast.ward, cast.clerk, line(away.username, away.full_name, unit=cast.school.name))
    since_then(cast, away)
    with pytest.raises(StepRefused, match=sentence):
        undo(found, cast.clerk)


@pytest.mark.parametrize(
    ("later", "sentence"),
    [
        ({"contract_until": date(2027, 12, 31)}, "đã được sửa ngày hết hợp đồng sau đó"),
        ({"birth": 1981, "contract_until": date(2027, 6, 30)}, "đã được sửa năm sinh sau đó"),
    ],
    ids=["the end of a contract", "a birth year"],
)
def test_what_a_later_list_has_changed_again(cast, later, sentence):
    kind = ContractKind.objects.create(code="hd", name="Hợp đồng 12 tháng")
    Employment.objects.filter(user=cast.official).update(contract=kind, contract_until=date(2026, 12, 31))
    first = line_of(cast.official, contract=kind.name, contract_until=date(2027, 6, 30))
    one = applied(cast.ward, cast.clerk, first, on=AUGUST)
    two = applied(cast.ward, cast.clerk, line_of(cast.official, contract=kind.name, **later), on=SEPTEMBER)
    with pytest.raises(StepRefused, match=f"Kăn Lịch {sentence}"):
        undo(one, cast.clerk)
    undo(two, cast.clerk)
    undo(one, cast.clerk)
    assert cast.official.employments.get().contract_until == date(2026, 12, 31)
    assert again(cast.official).birth_year is None


def test_a_newcomer_of_one_list_whom_a_later_list_has_described_anew(cast):
    row = ("H57.001", "Trần Thị Bưởi")
    one = applied(cast.ward, cast.clerk, line(*row, unit=cast.school.name), on=AUGUST)
    two = applied(cast.ward, cast.clerk, line(*row, unit=cast.school.name, job_title="Kế toán"), on=SEPTEMBER)
    with pytest.raises(StepRefused, match="Trần Thị Bưởi đã được sửa họ tên hoặc chức danh"):
        undo(one, cast.clerk)
    undo(two, cast.clerk)
    undo(one, cast.clerk)
    assert not User.objects.filter(username="H57.001").exists()


def test_a_unit_to_which_somebody_would_return_has_ended(cast):
    found = moved_to_the_school(cast)
    dissolve(cast.division, existing(cast.ward), on=SEPTEMBER)
    with pytest.raises(StepRefused) as refusal:
        undo(found, cast.clerk)
    assert (
        "Kăn Lịch sẽ trở về nơi không còn: Phòng Văn hóa - Xã hội phường Kim Long đã kết thúc hoạt động từ 01/09/2026"
        in str(refusal.value)
    )
    assert works_at(cast.official) == cast.school


def test_a_unit_whose_missing_people_would_return_has_ended(cast):
    people = [line_of(user) for user in (cast.school_head, cast.union_chair)]
    found = applied(cast.school, cast.head, *people, complete=True, on=AUGUST)
    second = make_unit("Trường 2", kind="truong_hoc")
    place(second, cast.ward, own=False)
    merge(cast.school, second, into=new("Trường mới", kind="truong_hoc"), on=SEPTEMBER)
    with pytest.raises(StepRefused, match="Ưng Thị Ẩn sẽ trở về nơi không còn"):
        undo(found, cast.head)


def test_a_planned_end_before_the_end_of_the_unit_stands_in_nobody_s_way(cast):
    Employment.objects.filter(user=cast.official).update(until=SEPTEMBER, ending="retired")
    row = line(cast.official.username, "Kăn Lịch", category="Công chức", unit=cast.school.name)
    found = applied(cast.ward, cast.clerk, row, on=AUGUST)
    dissolve(cast.division, existing(cast.ward), on=date(2026, 10, 1))
    undo(found, cast.clerk)
    assert [(row.unit, row.until) for row in cast.official.employments.all()] == [(cast.division, SEPTEMBER)]


def test_an_act_entered_late_has_moved_somebody_of_the_list_and_is_corrected_first(cast):
    row = line("", "Lê Văn Cam", birth=1990, unit=cast.division.name)
    found = applied(cast.ward, cast.clerk, row, on=AUGUST)
    act = merge(cast.division, cast.school, into=new("Phòng mới", kind="phong"), on=date(2026, 7, 1))
    with pytest.raises(StepRefused, match=r"từ 01/07/2026, ghi sau đó, .*; đính chính việc ấy trước"):
        undo(found, cast.clerk)
    services.correct_reorganisation(act=act, decision="QĐ 9", reason="Ghi nhầm", by=cast.home_affairs)
    undo(found, cast.clerk)
    assert not User.objects.filter(full_name="Lê Văn Cam").exists()


def test_an_act_on_other_people_stands_in_nobody_s_way(cast):
    found = moved_to_the_school(cast)
    merge(cast.other_ward, cast.other_agency, into=new("UBND xã mới"), on=SEPTEMBER)
    undo(found, cast.clerk)
    assert works_at(cast.official) == cast.division


def test_who_is_gone_is_no_longer_away_and_is_away_again_when_the_list_is_taken_back(cast):
    who = {"user": cast.school_official, "reason": "Nghỉ thai sản", "by": None}
    services.absent(kind="long_leave", since=date(2026, 2, 1), until=AUGUST, **who)
    services.absent(kind="long_leave", since=SEPTEMBER, **who)
    services.absent(user=cast.school_head, kind="long_leave", reason="Đi học", since=SEPTEMBER, by=None)
    before = list(Absence.objects.order_by("pk").values_list())
    found = without_the_official(cast)
    assert list(Absence.objects.order_by("pk").values_list("until", flat=True)) == [AUGUST, DAY, None]
    told = Event.objects.filter(object_id=cast.school_official.public_id, kind="units.end_absence")
    assert [event.data["until"] for event in told] == [DAY.isoformat()]
    undo(found, cast.head)
    assert list(Absence.objects.order_by("pk").values_list()) == before
    told = Event.objects.filter(kind="units.absent", data__roster=found.public_id).order_by("pk")
    assert [event.data["until"] for event in told] == [None]


def test_an_absence_that_was_corrected_since_is_not_overwritten(cast):
    services.absent(user=cast.school_official, kind="long_leave", reason="Đi học", since=SEPTEMBER, by=None)
    found = without_the_official(cast)
    Absence.objects.update(until=date(2026, 10, 1))
    with pytest.raises(StepRefused, match="Ưng Thị Ẩn đã được sửa thời gian vắng mặt sau đó"):
        undo(found, cast.head)
    assert Absence.objects.get().until == date(2026, 10, 1)


@pytest.mark.parametrize("people", [1, 3])
def test_absences_of_one_and_of_three_take_the_same_queries(cast, people):
    for number in range(people):
        user = person(f"Lê Thị {number}", cast.school)
        services.absent(user=user, kind="long_leave", reason="Đi học", since=SEPTEMBER, by=None)
    found = without_the_official(cast)
    with CaptureQueriesContext(connection) as asked:
        undo(found, cast.head)
    assert Absence.objects.filter(until=None).count() == people
    said = [query["sql"] for query in asked.captured_queries if '"units_absence"' in query["sql"]]
    assert sum(sql.startswith("UPDATE") for sql in said) == 1


def test_the_act_to_correct_first_is_told_before_what_only_stands_in_the_way(cast):
    names = ("Cam", "Quýt", "Bưởi", "Mận", "Xoài", "Ổi")
    rows = [line("", f"Lê Văn {name}", birth=1990, unit=cast.division.name) for name in names]
    found = applied(cast.ward, cast.clerk, *rows, on=AUGUST)
    merge(cast.division, into=existing(cast.school), on=SEPTEMBER)
    with pytest.raises(StepRefused, match="Không thể hoàn tác: việc sắp xếp tổ chức “Sáp nhập Phòng Văn hóa"):
        undo(found, cast.clerk)


def test_a_list_of_before_the_last_post_was_kept_is_not_held_up_by_posts_of_long_ago(cast):
    appoint(cast.official, cast.other_ward, "clerk", "Văn thư")
    found = moved_to_the_school(cast)
    del found.journal["last_post"]
    found.save()
    undo(found, cast.clerk)
    assert works_at(cast.official) == cast.division
