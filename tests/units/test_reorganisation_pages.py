"""Sở Nội vụ reorganises in the browser: choose, write, see what will happen, do it, take it back."""

from datetime import timedelta

import pytest
from django.urls import reverse

from ledger import clock
from tests.factories import make_unit, place
from units.models import Employment, Reorganisation, Succession, Unit
from vietnamese.dates import short_date

CHOOSE, WRITE = reverse("units:reorganisation_choose"), reverse("units:reorganisation_write")


@pytest.fixture
def second_school(cast):
    school = make_unit("Trường Tiểu học Kim Long 2", kind=Unit.Kind.SCHOOL)
    place(school, cast.ward, own_papers=True, own=False)
    return school


@pytest.fixture
def desk(cast, client_of):
    return client_of(cast.home_affairs)


def address(kind: str, *units: Unit, den: Unit | None = None) -> str:
    chosen = "".join(f"&don_vi={unit.public_id}" for unit in units)
    return f"{WRITE}?loai={kind}{chosen}" + (f"&den={den.public_id}" if den else "")


def merger(cast, second_school, **changes) -> tuple[str, dict]:
    written = {
        "on": short_date(clock.today()),
        "decision": "Quyết định số 12/QĐ-UBND",
        "heir": "new",
        "new_name": "Trường Tiểu học Sông Hương",
        "new_kind": "truong_hoc",
    }
    return address("merger", cast.school, second_school), written | changes


def draft(desk, post_form, url: str, written: dict) -> Reorganisation:
    response = post_form(desk, url, written)
    assert response.status_code == 302, response.content.decode()
    return Reorganisation.objects.latest("pk")


def carry_out(desk, post_form, act: Reorganisation, digest: str | None = None):
    url = reverse("units:reorganisation_carry_out", args=[act.public_id])
    page = desk.get(url)
    digest = digest or page.context["rehearsal"].digest
    return post_form(desk, url, {"digest": digest}, follow=True)


def test_units_are_added_to_an_act_one_link_at_a_time(cast, second_school, desk):
    page = desk.get(CHOOSE, {"loai": "merger", "don_vi": cast.school.public_id, "tim": "tieu hoc kim long"})
    rows = {row["unit"].name: row["add"] for row in page.context["found"]}
    assert "Tiếp tục" not in page.content.decode(), "one unit alone is not merged"
    ready = desk.get(CHOOSE + rows["Trường Tiểu học Kim Long 2"])
    assert [unit.name for unit in ready.context["chosen"].units] == [
        "Trường Tiểu học Kim Long 1",
        "Trường Tiểu học Kim Long 2",
    ]
    assert "Tiếp tục" in ready.content.decode()


def test_a_merger_is_shown_before_it_is_done_and_moves_everyone(cast, second_school, desk, post_form):
    act = draft(desk, post_form, *merger(cast, second_school))
    shown = desk.get(reverse("units:reorganisation_carry_out", args=[act.public_id])).content.decode()
    assert "Trường Tiểu học Sông Hương chưa có người đứng đầu" in shown
    assert cast.school_head.employments.get().unit == cast.school, "looking changes nothing"
    carry_out(desk, post_form, act)
    act.refresh_from_db()
    assert act.status == "done"
    heir = Unit.objects.get(name="Trường Tiểu học Sông Hương")
    assert Employment.objects.on(clock.today()).filter(unit=heir).count() == 3
    assert "Người chuyển nơi làm việc" in desk.get(act.get_absolute_url()).content.decode()


def test_what_is_done_is_what_was_shown(cast, second_school, desk, post_form):
    act = draft(desk, post_form, *merger(cast, second_school))
    page = carry_out(desk, post_form, act, digest="0" * 64)
    assert "đã thay đổi sau khi xem trước" in page.content.decode()
    act.refresh_from_db()
    assert act.status == "draft"
    assert not Succession.objects.exists()


def test_the_preview_of_an_act_that_is_done_says_so(cast, second_school, desk, post_form):
    act = draft(desk, post_form, *merger(cast, second_school))
    carry_out(desk, post_form, act)
    answer = desk.get(reverse("units:reorganisation_carry_out", args=[act.public_id]))
    assert answer.status_code == 200
    assert "không còn ở trạng thái chờ thực hiện" in answer.content.decode()


def test_an_act_for_a_day_to_come_waits_in_the_list_and_can_be_withdrawn(
    cast, second_school, desk, post_form
):
    later = clock.today() + timedelta(days=40)
    act = draft(desk, post_form, *merger(cast, second_school, on=short_date(later)))
    carry_out(desk, post_form, act)
    act.refresh_from_db()
    assert act.status == "planned"
    assert act.subject in desk.get(reverse("units:reorganisation_list")).content.decode()
    post_form(
        desk, reverse("units:reorganisation_withdraw", args=[act.public_id]), {"reason": "Chưa đủ thủ tục."}
    )
    act.refresh_from_db()
    assert act.status == "withdrawn"


def test_an_act_is_corrected_by_a_counter_act_and_both_stay(cast, second_school, desk, post_form):
    act = draft(desk, post_form, *merger(cast, second_school))
    carry_out(desk, post_form, act)
    page = post_form(
        desk,
        reverse("units:reorganisation_correct", args=[act.public_id]),
        {"decision": "Quyết định số 13/QĐ-UBND", "reason": "Nhầm đơn vị."},
        follow=True,
    )
    assert page.status_code == 200
    assert cast.school_head.employments.on(clock.today()).get().unit == cast.school
    act.refresh_from_db()
    assert (act.status, act.correction.kind) == ("annulled", "correction")


def test_mistakes_are_told_at_their_place(cast, second_school, desk, post_form):
    url, written = merger(cast, second_school, new_name="", decision="")
    page = post_form(desk, url, written)
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"new_name", "decision"}
    assert "Trường Tiểu học Kim Long 2" in page.content.decode()


def test_a_ward_is_split_with_its_school_and_people_named(cast, desk, post_form):
    url = address("split", cast.ward)
    written = {
        "on": short_date(clock.today()),
        "decision": "Nghị quyết số 1",
        "continues": "on",
        "rest_parts": "60",
        "part1_name": "UBND phường Kim Long Thượng",
        "part1_kind": "phuong",
        "part1_parts": "40",
        f"child_{cast.school.public_id}": "0",
        f"person_{cast.clerk.public_id}": "0",
    }
    act = draft(desk, post_form, url, written)
    carry_out(desk, post_form, act)
    heir = Unit.objects.get(name="UBND phường Kim Long Thượng")
    assert cast.school.placements.on(clock.today()).get().parent == heir
    assert cast.clerk.employments.on(clock.today()).get().unit == heir
    assert cast.head.employments.on(clock.today()).get().unit == cast.ward
    shares = Succession.objects.filter(predecessor=cast.ward).values_list("successor__name", "parts")
    assert set(shares) == {("UBND phường Kim Long Thượng", 40), ("UBND phường Kim Long", 60)}


@pytest.mark.parametrize("continues", [True, False])
def test_people_beyond_the_list_are_counted_and_go_where_the_page_says(
    cast, desk, post_form, monkeypatch, *, continues: bool
):
    monkeypatch.setattr("units.forms.reorganisation.MOST_NAMED", 1)
    url = address("split", cast.ward)
    page = desk.get(url)
    assert "1 người khác của đơn vị không có trong danh sách" in page.content.decode()
    named = page.context["form"].people
    written = {
        "on": short_date(clock.today()),
        "decision": "Nghị quyết số 1",
        "part1_name": "UBND phường Thượng",
        "part1_kind": "phuong",
        "part1_parts": "40",
        "part2_name": "UBND phường Hạ",
        "part2_kind": "phuong",
        "part2_parts": "60",
    } | ({"continues": "on", "rest_parts": "60"} if continues else {})
    carry_out(desk, post_form, draft(desk, post_form, url, written))
    unnamed = Employment.objects.on(clock.today()).exclude(user__in=named)
    where = unnamed.get(user__in=[cast.head, cast.clerk]).unit
    assert where.name == ("UBND phường Kim Long" if continues else "UBND phường Thượng")


def test_a_list_that_names_everybody_says_nothing_of_others(cast, desk):
    assert "không có trong danh sách" not in desk.get(address("split", cast.ward)).content.decode()


def test_a_division_moves_below_another_ward(cast, desk, post_form):
    written = {"on": short_date(clock.today()), "decision": "Quyết định số 5"}
    act = draft(desk, post_form, address("move", cast.division, den=cast.other_ward), written)
    carry_out(desk, post_form, act)
    assert cast.division.placements.on(clock.today()).get().parent == cast.other_ward


def test_what_cannot_be_is_said_and_not_kept(cast, desk, post_form):
    written = {"on": short_date(clock.today()), "decision": "Quyết định số 5"}
    page = post_form(desk, address("move", cast.ward, den=cast.school), written)
    assert page.status_code == 422 and "Kim Long" in page.context["form"].non_field_errors()[0]
    assert 'value="Quyết định số 5"' in page.content.decode(), "what was written stays"
    assert not Reorganisation.objects.exists()


STEPS = ("carry_out", "withdraw", "correct")


def step(name: str, act: Reorganisation) -> str:
    return reverse(f"units:reorganisation_{name}", args=[act.public_id])


@pytest.mark.parametrize("role", ["head", "clerk", "leadership", "official"])
def test_only_home_affairs_reorganises(cast, second_school, desk, client_of, post_form, *, role: str):
    url, written = merger(cast, second_school)
    act = draft(desk, post_form, url, written)
    someone = client_of(cast.people[role])
    assert someone.get(CHOOSE).status_code == 403
    assert someone.get(url).status_code == 403
    assert post_form(someone, url, written).status_code == 403
    assert someone.get(act.get_absolute_url()).status_code == 404, "a draft is nobody else's to see"
    assert {post_form(someone, step(name, act)).status_code for name in STEPS} == {404}
    carry_out(desk, post_form, act)
    assert someone.get(act.get_absolute_url()).status_code == 200, "what was done is known to all"
    assert {post_form(someone, step(name, act)).status_code for name in STEPS} == {403}
    assert {someone.get(step(name, act)).status_code for name in STEPS} == {403}
