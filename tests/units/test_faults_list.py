"""What Sở Nội vụ and the level above are told is wrong: each kind of fault, and nothing where all is well."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import appoint, make_unit, make_user, person, place
from units import faults
from units.models import Appointment, Employment, Post, Reorganisation

TODAY = date(2026, 11, 22)


@pytest.fixture
def well(cast):
    """The cast with nothing wrong: everybody headed, a clerk at the root."""
    for unit in (cast.other_agency, cast.division):
        person(f"Trưởng {unit.name}", unit, post=("head", "Người đứng đầu"))
    appoint(cast.leadership, cast.root, "clerk", "Văn thư")
    assert faults.found(TODAY) == []
    return cast


def told(kind: str, **where) -> list[str]:
    return [fault.sentence for fault in faults.found(TODAY, **where) if fault.kind == kind]


def test_a_vacant_head_s_post(well):
    Appointment.objects.filter(user=well.head).update(until=TODAY)
    assert told("vacant") == ["UBND phường Kim Long không có người đứng đầu, người giữ quyền hay phụ trách."]
    post = Post.objects.get(unit=well.ward, kind="head")
    row = Appointment.objects.create(post=post, user=well.clerk, manner="in_charge", since=TODAY)
    assert told("vacant") == []
    Appointment.objects.filter(pk=row.pk).update(manner="deputises")
    assert len(told("vacant")) == 1, "a substitute does not occupy the post"


def test_a_branch_without_a_clerk_anywhere_above(well):
    Appointment.objects.filter(post__kind="clerk").update(until=TODAY)
    assert len(told("no_clerk")) == 4
    appoint(well.clerk, well.ward, "clerk", "Cán bộ đầu mối", since=TODAY)
    assert not any("Kim Long" in sentence for sentence in told("no_clerk"))


def test_a_substitute_whose_giver_is_gone(well):
    giver = well.head.appointments.get()
    appoint(well.official, well.ward, "head", "Chủ tịch UBND phường")
    Appointment.objects.filter(user=well.official).update(manner="by_order", given_by=giver)
    assert told("orphan") == []
    Appointment.objects.filter(pk=giver.pk).update(until=TODAY)
    assert "Kăn Lịch còn thừa lệnh (tl.)" in told("orphan")[0]


def test_a_head_who_works_elsewhere_without_a_paper(well):
    Employment.objects.filter(user=well.head).update(unit=well.other_ward)
    assert "Tôn Thất Đức đứng đầu UBND phường Kim Long nhưng không thuộc" in told("head_elsewhere")[0]
    well.head.appointments.update(document="QĐ 5 giao phụ trách")
    assert told("head_elsewhere") == []


def test_a_post_kept_where_its_holder_works_no_more_without_a_paper(well):
    appoint(well.official, well.other_ward, "clerk", "Văn thư")
    assert told("post_elsewhere") == [], "he has never worked there: it was given to one from elsewhere"
    Employment.objects.filter(user=well.clerk).update(until=TODAY)
    assert told("post_elsewhere") == [
        "Nguyễn Thị Út còn giữ chức vụ Cán bộ đầu mối của UBND phường Kim Long nhưng không còn làm việc ở đó; chưa ghi "
        "văn bản giao kiêm nhiệm."
    ]
    assert told("post_elsewhere", unit_ids=[well.other_ward.pk]) == []
    well.clerk.appointments.update(document="QĐ 5")
    assert told("post_elsewhere") == []
    well.clerk.appointments.update(document="", until=TODAY)
    assert told("post_elsewhere") == []


def test_an_employment_that_was_annulled_is_no_work_that_ended(well):
    appoint(well.official, well.other_ward, "clerk", "Văn thư")
    Employment.objects.create(
        user=well.official,
        unit=well.other_ward,
        category="can_bo",
        since=date(2026, 6, 1),
        until=date(2026, 6, 1),
    )
    assert told("post_elsewhere") == []


def test_a_post_of_who_left_for_good_whatever_the_paper(well):
    well.clerk.appointments.update(document="QĐ 5")
    Employment.objects.filter(user=well.clerk).update(until=TODAY, ending="moved")
    assert told("left") == []
    Employment.objects.filter(user=well.clerk).update(ending="retired")
    assert told("left") == [
        "Nguyễn Thị Út còn giữ chức vụ Cán bộ đầu mối của UBND phường Kim Long dù đã nghỉ."
    ]
    well.clerk.appointments.update(document="")
    assert told("post_elsewhere") == [], "it is told once"
    Employment.objects.create(user=well.clerk, unit=well.ward, category="can_bo", since=TODAY)
    assert told("left") == []


def test_people_of_a_unit_that_ended_and_contracts_that_are_over(well):
    ended = make_unit("Trung tâm cũ", until=TODAY)
    Employment.objects.create(
        user=make_user("Người Sót"), unit=ended, category="can_bo", since=date(2024, 1, 1)
    )
    assert told("ended_unit") == ["1 người còn ghi thuộc Trung tâm cũ, đã kết thúc từ 22/11/2026."]
    Employment.objects.filter(user=well.official).update(contract_until=date(2026, 11, 21))
    assert "1 người của Phòng Văn hóa" in told("contract_over")[0]
    Employment.objects.filter(user=well.official).update(contract_until=TODAY)
    assert told("contract_over") == [], "the last day is still a day"


def test_an_inspector_without_a_term(well):
    appoint(well.stranger, well.home_affairs_unit, "inspector", "Đoàn kiểm tra số 1")
    assert "không có quyết định hoặc thời hạn" in told("inspector")[0]
    Appointment.objects.filter(user=well.stranger).update(document="QĐ 1", until=date(2027, 1, 1))
    assert told("inspector") == []


def test_a_planned_act_that_could_not_be_done_is_for_home_affairs(well):
    Reorganisation.objects.create(
        kind="renaming",
        on=TODAY,
        decision="NQ 1",
        status="refused",
        refusal="Trùng tên.",
        done_at=timezone.now(),
    )
    assert "Trùng tên." in told("refused")[0]
    assert told("refused", unit_ids=[well.ward.pk]) == []


def test_a_planned_act_whose_day_has_passed_is_named_as_not_carried_out(well):
    act = Reorganisation.objects.create(kind="renaming", on=TODAY, decision="NQ 1", status="planned")
    assert told("refused") == [], "its own day is not over"
    Reorganisation.objects.filter(pk=act.pk).update(on=date(2026, 11, 21))
    assert "ngày 21/11/2026 đã qua ngày mà chưa được thực hiện" in told("refused")[0]
    Reorganisation.objects.filter(pk=act.pk).update(refusal="Trùng tên.")
    assert told("refused")[0].endswith("Lần trước: Trùng tên.")
    Reorganisation.objects.filter(pk=act.pk).update(status="withdrawn")
    assert told("refused") == []


def test_vacant_posts_below_are_on_the_home_page_of_the_head_above(well, client_of):
    Appointment.objects.filter(user=well.school_head).update(until=TODAY)
    title = "việc về tổ chức, chức vụ cần xử lý"
    for role, seen in (("head", True), ("home_affairs", True), ("other_head", False), ("official", False)):
        shown = client_of(getattr(well, role)).get(reverse("home")).content.decode()
        assert (title in shown) is seen, role
    page = client_of(well.head).get(reverse("units:fault_list")).content.decode()
    assert "Trường Tiểu học Kim Long 1 không có người đứng đầu" in page
    assert client_of(well.official).get(reverse("units:fault_list")).status_code == 403


@pytest.mark.parametrize("more", [0, 2])
def test_more_faults_cost_no_more_queries(well, django_assert_num_queries, more):
    for number in range(1 + more):
        place(make_unit(f"Đơn vị khuyết {number}"), well.root)
    with django_assert_num_queries(10):
        assert len(faults.found(TODAY)) == 1 + more
