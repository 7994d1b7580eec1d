"""People join, move, are seconded, are away and leave; every refusal names what stands in the way."""

from datetime import date, timedelta

import pytest

from ledger import clock
from ledger.models import Event
from ledger.workflow import StepRefused
from tests.factories import appoint, employ, make_unit, make_user, place
from tests.units.acts import merge, new
from units import roster, services
from units.models import Appointment, ContractKind, Employment, Post, User

DAY = date(2026, 6, 1)
LATER = date(2026, 9, 1)


def periods(user):
    rows = user.employments.order_by("since", "pk")
    return [(row.unit.name, row.since, row.until, row.ending) for row in rows]


def test_two_overlapping_employments_are_refused_with_both_units_and_both_periods(cast):
    with pytest.raises(StepRefused) as refusal:
        services.employ(
            user=cast.official, unit=cast.school, category="vien_chuc", since=DAY, until=LATER, by=None
        )
    for words in (
        "Phòng Văn hóa - Xã hội phường Kim Long từ 01/01/2024",
        "Trường Tiểu học Kim Long 1 từ 01/06/2026 đến hết 31/08/2026",
    ):
        assert words in str(refusal.value)


def test_an_annulled_employment_stands_in_nobody_s_way(cast):
    newcomer = make_user("Lê Thị Mới")
    employ(newcomer, cast.ward, since=DAY, until=DAY)
    assert services.employ(
        user=newcomer, unit=cast.school, category="vien_chuc", since=date(2026, 1, 1), by=None
    )


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"since": date(2020, 1, 1)}, "được thành lập từ 01/01/2024"),
        ({"until": DAY}, "Ngày kết thúc phải sau"),
        ({"contract_until": date(2026, 1, 1)}, "Hợp đồng hết hạn trước"),
    ],
    ids=["before the unit", "no day", "contract over before"],
)
def test_an_impossible_employment_is_refused(cast, fields, sentence):
    asked = {"user": make_user("Lê Thị Mới"), "unit": cast.school, "category": "vien_chuc", "since": DAY}
    with pytest.raises(StepRefused, match=sentence):
        services.employ(**{**asked, **fields}, by=None)


def test_nobody_is_employed_in_a_unit_that_ended(cast):
    cast.school.until = DAY
    cast.school.save()
    with pytest.raises(StepRefused, match="đã kết thúc hoạt động từ 01/06/2026"):
        services.employ(user=make_user("Mới"), unit=cast.school, category="vien_chuc", since=DAY, by=None)


def test_who_moves_leaves_his_posts_behind_and_counts_where_he_went(cast):
    services.move_person(user=cast.union_chair, unit=cast.other_ward, on=DAY, by=cast.home_affairs)
    assert periods(cast.union_chair) == [
        ("Trường Tiểu học Kim Long 1", date(2024, 1, 1), DAY, "moved"),
        ("UBND xã A Lưới 2", DAY, None, ""),
    ]
    assert cast.union_chair.appointments.get().until == DAY
    assert {event.kind for event in Event.objects.all()} == {
        "units.employ",
        "units.end_appointment",
        "units.move_person",
    }


def test_a_post_kept_after_a_move_needs_its_paper(cast):
    post = cast.union_chair.appointments.get()
    asked = {"user": cast.union_chair, "unit": cast.other_ward, "on": DAY, "by": cast.home_affairs}
    with pytest.raises(StepRefused, match="phải nêu văn bản"):
        services.move_person(**asked, kept=[post])
    services.move_person(**asked, kept=[post], kept_because="Quyết định số 12/QĐ-UBND")
    post.refresh_from_db()
    assert (post.until, post.document) == (None, "Quyết định số 12/QĐ-UBND")


def test_only_his_own_post_in_the_old_unit_is_kept(cast):
    foreign = cast.head.appointments.get()
    with pytest.raises(StepRefused, match="không phải của người này"):
        services.move_person(
            user=cast.union_chair, unit=cast.other_ward, on=DAY, kept=[foreign], kept_because="QĐ 1", by=None
        )


def test_a_planned_retirement_goes_along(cast):
    Employment.objects.filter(user=cast.official).update(until=date(2027, 1, 1), ending="retired")
    services.move_person(user=cast.official, unit=cast.ward, on=DAY, by=None)
    assert periods(cast.official)[-1] == ("UBND phường Kim Long", DAY, date(2027, 1, 1), "retired")


@pytest.mark.parametrize("away", ["same unit", "nowhere"])
def test_a_move_that_cannot_be_is_refused(cast, away):
    if away == "nowhere":
        services.end_employment(user=cast.official, on=date(2026, 5, 1), ending="left", by=None)
    with pytest.raises(StepRefused, match="đang thuộc" if away == "same unit" else "không thuộc đơn vị nào"):
        services.move_person(user=cast.official, unit=cast.division, on=DAY, by=None)


def test_who_retires_loses_every_post_everywhere_and_his_substitutes_with_him(cast):
    deputy = appoint(cast.clerk, cast.ward, "deputy", "Phó Chủ tịch UBND phường")
    stand_in = services.substitute(
        given_by=cast.head.appointments.get(), user=cast.clerk, manner="deputises", since=DAY, by=cast.head
    )
    appoint(cast.head, cast.school, "clerk", "Cán bộ đầu mối")
    services.end_employment(user=cast.head, on=LATER, ending="retired", by=cast.home_affairs)
    assert set(cast.head.appointments.values_list("until", flat=True)) == {LATER}
    stand_in.refresh_from_db()
    deputy.refresh_from_db()
    assert (stand_in.until, deputy.until) == (LATER, None)


def test_an_end_needs_its_reason_from_the_list(cast):
    with pytest.raises(StepRefused, match="Chọn lý do"):
        services.end_employment(user=cast.official, on=DAY, ending="moved", by=None)


def test_a_secondment_with_an_end_brings_the_person_back_by_itself(cast):
    services.second(
        user=cast.official, host=cast.other_ward, since=DAY, until=LATER, decision="QĐ số 7", by=None
    )
    assert periods(cast.official) == [
        ("Phòng Văn hóa - Xã hội phường Kim Long", date(2024, 1, 1), DAY, "seconded"),
        ("UBND xã A Lưới 2", DAY, LATER, "returned"),
        ("Phòng Văn hóa - Xã hội phường Kim Long", LATER, None, ""),
    ]
    day = date(2026, 7, 1)
    assert sum(roster.headcounts(day, [cast.other_ward.pk])[cast.other_ward.pk].values()) == 3
    assert cast.division.pk not in roster.headcounts(day, [cast.division.pk])
    assert roster.headcounts(day, [cast.division.pk], by="payroll") == {cast.division.pk: {"cong_chuc": 1}}


def test_an_earlier_return_moves_the_planned_one(cast):
    services.second(
        user=cast.official, host=cast.other_ward, since=DAY, until=LATER, decision="QĐ 7", by=None
    )
    back = services.end_secondment(user=cast.official, on=date(2026, 7, 1), by=None)
    assert back.unit == cast.division and back.payroll_unit is None
    assert [row[1:] for row in periods(cast.official)] == [
        (date(2024, 1, 1), DAY, "seconded"),
        (DAY, date(2026, 7, 1), "returned"),
        (date(2026, 7, 1), None, ""),
    ]


def test_an_open_secondment_ends_when_somebody_says_so(cast):
    services.second(user=cast.official, host=cast.other_ward, since=DAY, decision="QĐ 7", by=None)
    services.end_secondment(user=cast.official, on=LATER, by=None)
    assert periods(cast.official)[-1] == ("Phòng Văn hóa - Xã hội phường Kim Long", LATER, None, "")


def test_who_leaves_while_seconded_does_not_come_back(cast):
    services.second(
        user=cast.official, host=cast.other_ward, since=DAY, until=LATER, decision="QĐ 7", by=None
    )
    services.end_employment(user=cast.official, on=date(2026, 7, 1), ending="left", by=None)
    assert roster.employment_of(cast.official, LATER) is None


def test_who_moves_while_seconded_does_not_come_back_either(cast):
    services.second(
        user=cast.official, host=cast.other_ward, since=DAY, until=LATER, decision="QĐ 7", by=None
    )
    services.move_person(user=cast.official, unit=cast.ward, on=date(2026, 7, 1), by=None)
    assert roster.employment_of(cast.official, LATER).unit == cast.ward


def second_twice(cast):
    services.second(user=cast.official, host=cast.other_ward, since=DAY, decision="QĐ 7", by=None)
    services.second(user=cast.official, host=cast.ward, since=LATER, decision="QĐ 8", by=None)


def second_at_home(cast):
    services.second(user=cast.official, host=cast.division, since=DAY, decision="QĐ 7", by=None)


def second_without_paper(cast):
    services.second(user=cast.official, host=cast.ward, since=DAY, decision="", by=None)


def return_of_one_at_home(cast):
    services.end_secondment(user=cast.official, on=DAY, by=None)


def return_before_it_began(cast):
    services.second(user=cast.official, host=cast.ward, since=DAY, decision="QĐ 7", by=None)
    services.end_secondment(user=cast.official, on=DAY, by=None)


def return_to_a_unit_that_ended(cast):
    services.second(user=cast.official, host=cast.ward, since=DAY, decision="QĐ 7", by=None)
    cast.division.until = date(2026, 7, 1)
    cast.division.save()
    services.end_secondment(user=User.objects.get(pk=cast.official.pk), on=LATER, by=None)


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (second_twice, "đang được biệt phái từ Phòng Văn hóa"),
        (second_at_home, "đang làm việc tại"),
        (second_without_paper, "phải theo quyết định"),
        (return_of_one_at_home, "không biệt phái tại ngày"),
        (return_before_it_began, "chọn ngày sau đó"),
        (return_to_a_unit_that_ended, "đã kết thúc hoạt động"),
    ],
)
def test_a_secondment_that_cannot_be_is_refused(cast, act, sentence):
    with pytest.raises(StepRefused, match=sentence):
        act(cast)


def merged(cast):
    """On 1 June the ward was merged into another, and the act is recorded."""
    merge(cast.ward, cast.other_agency, into=new("UBND phường Phú Xuân"), on=DAY)


MAY = date(2026, 5, 15)


def late_move(cast):
    merged(cast)
    services.move_person(user=cast.clerk, unit=cast.other_ward, on=MAY, by=None)


def late_secondment(cast):
    merged(cast)
    services.second(user=cast.clerk, host=cast.other_ward, since=MAY, decision="QĐ 7", by=None)


def late_secondment_beyond_the_act(cast):
    merged(cast)
    services.second(user=cast.clerk, host=cast.other_ward, since=MAY, until=LATER, decision="QĐ 7", by=None)


def late_return(cast):
    services.second(user=cast.clerk, host=cast.other_ward, since=date(2026, 3, 1), decision="QĐ 7", by=None)
    merged(cast)
    services.end_secondment(user=cast.clerk, on=MAY, by=None)


@pytest.mark.parametrize(
    "act", [late_move, late_secondment, late_secondment_beyond_the_act, late_return]
)  # fmt: skip
def test_what_is_dated_before_an_act_already_recorded_is_refused_with_the_act_and_its_day(cast, act):
    with pytest.raises(StepRefused) as refusal:
        act(cast)
    for words in (
        "từ 01/06/2026 đã theo việc sắp xếp tổ chức “",
        "UBND phường Phú Xuân",
        "Chọn ngày từ 01/06/2026",
    ):
        assert words in str(refusal.value)


def test_a_secondment_that_was_over_before_the_act_is_written_down_late(cast):
    merged(cast)
    services.second(
        user=cast.clerk, host=cast.other_ward, since=MAY, until=date(2026, 5, 20), decision="QĐ 7", by=None
    )
    assert [(row[0], row[1]) for row in periods(cast.clerk)] == [
        ("UBND phường Kim Long", date(2024, 1, 1)),
        ("UBND xã A Lưới 2", MAY),
        ("UBND phường Kim Long", date(2026, 5, 20)),
        ("UBND phường Phú Xuân", DAY),
    ]


def test_from_the_day_of_the_act_on_people_move_as_ever(cast):
    merged(cast)
    services.move_person(user=cast.clerk, unit=cast.other_ward, on=DAY, by=None)
    assert roster.employment_of(cast.clerk, LATER).unit == cast.other_ward


def test_a_leave_dated_before_an_act_already_recorded_ends_all_work(cast):
    merged(cast)
    services.end_employment(user=cast.clerk, on=MAY, ending="retired", by=None)
    assert roster.employment_of(cast.clerk, LATER) is None


def test_who_leaves_is_away_no_more_and_owes_a_pledge_when_he_comes_back(cast):
    who = {"user": cast.official, "kind": "long_leave", "reason": "Ốm", "by": None}
    services.absent(**who, since=date(2026, 2, 1), until=DAY)
    services.absent(**who, since=DAY)
    services.end_employment(user=cast.official, on=date(2026, 4, 1), ending="left", by=None)
    assert list(cast.official.absences.order_by("since").values_list("since", "until")) == [
        (date(2026, 2, 1), date(2026, 4, 1)),
        (DAY, DAY),
    ]
    assert Event.objects.filter(kind="units.end_absence").count() == 2
    services.reemploy(user=cast.official, unit=cast.school, category="vien_chuc", since=LATER, by=None)
    assert roster.relieved(LATER, [cast.school.pk]) == {}


def test_a_person_away_counts_but_owes_no_pledge(cast):
    absence = services.absent(
        user=cast.school_official, kind="long_leave", reason="Nghỉ thai sản", since=DAY, by=cast.head
    )
    assert roster.headcounts(DAY, [cast.school.pk])[cast.school.pk] == {"vien_chuc": 3}
    assert roster.obliged(DAY, [cast.school.pk])[cast.school.pk] == {"vien_chuc": 2}
    assert roster.relieved(DAY, [cast.school.pk])[cast.school.pk] == {"vien_chuc": 1}
    services.end_absence(absence=absence, on=LATER, by=cast.head)
    assert roster.relieved(LATER, [cast.school.pk]) == {}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kind": "excused"}, "phải có ngày kết thúc"),
        ({"reason": ""}, "Nêu lý do"),
        ({"until": DAY}, "Ngày kết thúc phải sau"),
        ({"since": date(2023, 1, 1)}, "không thuộc đơn vị nào"),
        ({"since": LATER}, "“nghỉ dài ngày” từ 01/07/2026, trùng với từ 01/09/2026"),
    ],
)
def test_an_absence_that_cannot_be_is_refused(cast, fields, sentence):
    asked = {"user": cast.official, "kind": "long_leave", "reason": "Đi học", "since": DAY, "by": cast.head}
    services.absent(**{**asked, "since": date(2026, 7, 1)})
    with pytest.raises(StepRefused, match=sentence):
        services.absent(**{**asked, **fields})


def test_an_absence_ends_once_and_not_before_it_began(cast):
    row = services.absent(user=cast.official, kind="long_leave", reason="Đi học", since=DAY, by=cast.head)
    with pytest.raises(StepRefused, match="bắt đầu từ"):
        services.end_absence(absence=row, on=date(2026, 5, 1), by=cast.head)
    services.end_absence(absence=row, on=LATER, by=cast.head)
    with pytest.raises(StepRefused, match="chỉ từ"):
        services.end_absence(absence=row, on=LATER, by=cast.head)


def test_a_new_name_and_a_new_title_are_written_down_with_the_old_ones(cast):
    services.rename_person(user=cast.official, full_name="Kăn Thị Lịch", by=cast.home_affairs)
    services.retitle_person(user=cast.official, job_title="Chuyên viên", by=cast.head)
    again = User.objects.get(pk=cast.official.pk)
    assert (again.full_name, again.search_key, again.job_title) == (
        "Kăn Thị Lịch",
        "kan thi lich",
        "Chuyên viên",
    )
    assert Event.objects.filter(object_id=cast.official.public_id).count() == 2


def test_who_has_no_code_gets_the_next_one_of_the_portal(cast):
    make_user("Người Cũ", username="NK000041", code_from_portal=True)
    added = services.add_person(
        unit=cast.school, full_name="Mới", username="", job_title="", category="vien_chuc", since=DAY,
        post_kind="", by=cast.home_affairs,
    )  # fmt: skip
    assert (added.username, added.code_from_portal) == ("NK000042", True)
    assert services.give_codes(count=3) == ["NK000043", "NK000044", "NK000045"]


def test_a_code_of_the_portal_gives_way_to_the_personnel_code_and_never_the_other_way(cast):
    person = make_user("Người Cũ", username="NK000001", code_from_portal=True)
    with pytest.raises(StepRefused, match="đã là của Kăn Lịch"):
        services.give_code(user=person, username=cast.official.username, by=None)
    services.give_code(user=person, username="H4711", by=None)
    assert (person.username, person.code_from_portal) == ("H4711", False)
    with pytest.raises(StepRefused, match="đã có mã số cán bộ H4711"):
        services.give_code(user=person, by=None)


def test_a_union_opens_once_and_its_chair_goes_when_it_closes(cast):
    with pytest.raises(StepRefused, match="đã có Công đoàn cơ sở"):
        services.open_union(unit=cast.school, since=DAY, decision="QĐ 1", by=None)
    with pytest.raises(StepRefused, match="phải theo quyết định"):
        services.close_union(unit=cast.school, on=DAY, decision="", by=None)
    services.close_union(unit=cast.school, on=DAY, decision="QĐ 2", by=None)
    assert not roster.has_union(cast.school.pk, DAY)
    assert roster.holder(cast.school.pk, Post.Kind.UNION_CHAIR, DAY) is None
    with pytest.raises(StepRefused, match="không có công đoàn"):
        services.close_union(unit=cast.school, on=DAY, decision="QĐ 2", by=None)
    assert services.open_union(unit=cast.school, since=LATER, decision="QĐ 3", by=None).holds(LATER)


def test_a_unit_has_one_professional_superior_at_a_time(cast):
    education = make_unit("Sở Giáo dục và Đào tạo")
    place(education, cast.root)
    line = {"unit": cast.school, "decision": "QĐ 1", "by": None}
    services.place_in_line(**line, authority=education, since=date(2026, 1, 1))
    services.place_in_line(**line, authority=cast.other_agency, since=DAY)
    rows = cast.school.professional_lines.order_by("since")
    assert [(row.authority.name, row.until) for row in rows] == [
        ("Sở Giáo dục và Đào tạo", DAY),
        ("Sở Y tế", None),
    ]
    with pytest.raises(StepRefused, match="đã thuộc ngành Sở Y tế"):
        services.place_in_line(**line, authority=education, since=date(2026, 3, 1))
    with pytest.raises(StepRefused, match="của chính mình"):
        services.place_in_line(**line, authority=cast.school, since=LATER)
    services.leave_line(unit=cast.school, on=LATER, decision="QĐ 2", by=None)
    with pytest.raises(StepRefused, match="không thuộc ngành nào"):
        services.leave_line(unit=cast.school, on=LATER, decision="QĐ 2", by=None)


def test_frozen_head_counts_stay_when_the_roster_is_corrected(cast):
    visiting = ContractKind.objects.create(code="khoan-viec", name="Khoán việc", counts=False, pledges=False)
    employ(make_user("Khách"), cast.school)
    Employment.objects.filter(user__full_name="Khách").update(contract=visiting)
    services.freeze_headcounts(code="bc-2026", on=DAY, by=cast.home_affairs)
    before = roster.headcounts(DAY)
    assert roster.headcounts_frozen("bc-2026") == before
    services.choose_contract_kind(kind=visiting, name="Khoán việc", counts=True, pledges=False, by=None)
    assert roster.headcounts(DAY) != before == roster.headcounts_frozen("bc-2026")
    with pytest.raises(StepRefused, match="đã chốt số người tại ngày 01/06/2026"):
        services.freeze_headcounts(code="bc-2026", on=LATER, by=cast.home_affairs)
    with pytest.raises(StepRefused, match="Chưa đến ngày"):
        services.freeze_headcounts(code="bc-2030", on=clock.today() + timedelta(days=1), by=cast.home_affairs)


def test_who_pledges_is_counted(cast):
    kind = ContractKind.objects.create(code="ngan-han", name="Dưới 12 tháng")
    with pytest.raises(StepRefused, match="cũng được tính"):
        services.choose_contract_kind(kind=kind, name=kind.name, counts=False, pledges=True, by=None)
    with pytest.raises(StepRefused, match="Đã có loại hợp đồng"):
        services.add_contract_kind(code="ngan-han", name="…", counts=True, pledges=True, by=None)


@pytest.mark.parametrize("units", [1, 3])
def test_every_question_of_head_counts_is_one_query(cast, django_assert_num_queries, units):
    keys = [cast.ward.pk, cast.school.pk, cast.division.pk][:units]
    with django_assert_num_queries(4):
        roster.headcounts(DAY, keys)
        roster.obliged(DAY, keys)
        roster.relieved(DAY, keys)
        roster.totals(DAY)
    assert Appointment.objects.count() > units


def by_order_in(cast, user):
    """He acts by order of the head of the ward."""
    row = appoint(user, cast.ward, "head", "Chủ tịch UBND phường")
    Appointment.objects.filter(pk=row.pk).update(manner="by_order", given_by=cast.head.appointments.get())
    return row


def end_of(row):
    row.refresh_from_db()
    return row.until


def test_acting_by_order_for_a_head_above_ends_with_a_move_out_of_his_reach(cast):
    row = by_order_in(cast, cast.official)
    services.move_person(user=cast.official, unit=cast.school, on=DAY, by=cast.home_affairs)
    assert end_of(row) is None, "the school stands below the ward as well"
    services.move_person(user=cast.official, unit=cast.other_ward, on=LATER, by=cast.home_affairs)
    assert end_of(row) == LATER


def test_acting_by_order_for_a_head_above_ends_with_a_secondment_out_of_his_reach(cast):
    row = by_order_in(cast, cast.official)
    services.second(user=cast.official, host=cast.other_ward, since=DAY, decision="QĐ 3", by=None)
    assert end_of(row) == DAY


def test_acting_by_order_where_one_is_seconded_ends_with_the_return(cast):
    services.second(user=cast.stranger, host=cast.school, since=DAY, decision="QĐ 3", by=None)
    row = by_order_in(cast, cast.stranger)
    services.end_secondment(user=cast.stranger, on=LATER, by=None)
    assert end_of(row) == LATER


def test_a_deputy_by_a_second_post_signs_for_his_head_wherever_he_moves(cast):
    row = by_order_in(cast, cast.school_official)
    Appointment.objects.filter(pk=row.pk).update(manner="deputises")
    appoint(cast.school_official, cast.ward, "deputy", "Phó Chủ tịch UBND phường")
    services.move_person(user=cast.school_official, unit=cast.other_ward, on=DAY, by=cast.home_affairs)
    assert end_of(row) is None
