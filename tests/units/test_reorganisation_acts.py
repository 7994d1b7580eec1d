"""What each kind of act does to units, people, posts, unions and professional lines."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from ledger import clock, events
from ledger.workflow import StepRefused
from tests.factories import appoint, employ, make_union, make_unit, make_user, person, place
from tests.units.acts import (
    DAY,
    DECISION,
    Kind,
    dissolve,
    existing,
    merge,
    move,
    new,
    orders,
    parent_of,
    rename,
    split,
    unit_called,
    works_at,
)
from units import roster
from units.models import (
    Appointment,
    BaseUnion,
    Category,
    ContractKind,
    Employment,
    Placement,
    Post,
    ProfessionalLine,
    Reorganisation,
    Succession,
    Unit,
    User,
)
from units.queries import in_force
from units.reorganisation import account
from units.services import rehearse_reorganisation, reorganise

EVE, BACK = DAY - timedelta(days=1), date(2026, 10, 1)


def holder_of(unit: Unit, kind: str, on: date = DAY) -> User | None:
    row = Appointment.objects.filter(in_force(on), post__unit=unit, post__kind=kind).first()
    return row.user if row else None


# --- Merger


def test_a_merger_moves_people_and_subordinate_units_to_the_new_unit(cast):
    merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân"))
    heir = unit_called("UBND phường Phú Xuân")
    assert parent_of(heir) == cast.root
    assert [parent_of(unit) for unit in (cast.school, cast.division)] == [heir, heir]
    assert works_at(cast.clerk) == works_at(cast.stranger) == heir
    assert works_at(cast.official) == cast.division, "who works below a unit that ends stays where he is"
    assert works_at(cast.clerk, EVE) == cast.ward
    for unit in (cast.ward, cast.other_ward):
        unit.refresh_from_db()
        assert unit.until == DAY
    told = Succession.objects.values_list("predecessor", "successor", "kind", "on", "decision", "verified")
    assert set(told) == {
        (unit.pk, heir.pk, "merger", DAY, DECISION, True) for unit in (cast.ward, cast.other_ward)
    }


def test_an_employment_that_a_merger_closes_says_why_and_is_continued_with_everything_it_had(cast):
    contract = ContractKind.objects.create(code="hd111", name="Hợp đồng 111")
    Employment.objects.filter(user=cast.clerk).update(
        contract=contract, contract_until=date(2027, 1, 1), payroll_unit=cast.other_agency
    )
    merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân"))
    old, after = Employment.objects.filter(user=cast.clerk).order_by("since")
    assert (old.until, old.ending) == (DAY, "reorganised")
    assert (after.since, after.until, after.category) == (DAY, None, old.category)
    assert (after.contract, after.contract_until) == (contract, date(2027, 1, 1))
    assert after.payroll_unit == cast.other_agency


def test_a_planned_retirement_goes_with_the_person_and_a_later_beginning_begins_in_the_heir(cast):
    Employment.objects.filter(user=cast.clerk).update(until=date(2027, 3, 1), ending="retired")
    newcomer = make_user("Đỗ Thị Đào")
    employ(newcomer, cast.other_ward, since=DAY + timedelta(days=30))
    merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân"))
    heir = unit_called("UBND phường Phú Xuân")
    last = Employment.objects.filter(user=cast.clerk).latest("since")
    assert (last.unit, last.until, last.ending) == (heir, date(2027, 3, 1), "retired")
    assert Employment.objects.get(user=newcomer).unit == heir


def test_who_works_elsewhere_for_a_time_returns_to_the_heir(cast):
    """Seconded now, back in October: he does not work in the heir yet, but that is where he will return."""
    Employment.objects.filter(user=cast.clerk).update(
        unit=cast.other_agency, payroll_unit=cast.ward, until=BACK
    )
    employ(cast.clerk, cast.ward, since=BACK)
    act = merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân"))
    heir = unit_called("UBND phường Phú Xuân")
    now = Employment.objects.get(in_force(DAY), user=cast.clerk)
    assert (now.unit, now.payroll_unit) == (cast.other_agency, heir)
    assert works_at(cast.clerk, BACK) == heir
    assert act.report[0]["moved"] == 3, "he is not among those who move"


def test_a_unit_may_take_another_in_and_go_on(cast):
    merge(cast.other_ward, into=existing(cast.ward))
    cast.ward.refresh_from_db()
    assert cast.ward.until is None
    assert works_at(cast.stranger) == cast.ward
    assert holder_of(cast.ward, "head") == cast.head, "the one that goes on keeps its head"


def test_who_was_seconded_to_the_unit_that_now_pays_him_is_an_ordinary_member_of_it(cast):
    Employment.objects.filter(user=cast.stranger).update(payroll_unit=cast.ward)
    merge(cast.other_ward, into=existing(cast.ward))
    assert Employment.objects.get(in_force(DAY), user=cast.stranger).payroll_unit is None


def test_the_payroll_of_a_unit_that_ends_passes_to_its_heir(cast):
    Employment.objects.filter(user=cast.home_affairs).update(payroll_unit=cast.ward)
    act = merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân"))
    row = Employment.objects.get(in_force(DAY), user=cast.home_affairs)
    assert (row.unit, row.payroll_unit) == (cast.home_affairs_unit, unit_called("UBND phường Phú Xuân"))
    assert Employment.objects.get(in_force(EVE), user=cast.home_affairs).payroll_unit == cast.ward
    told = {line["label"]: line["moved"] for line in act.report}
    assert told["Người do đơn vị cũ trả lương, làm việc nơi khác"] == 1


def test_the_head_of_a_merged_unit_needs_a_decision_of_his_own_and_the_act_says_so(cast):
    act = merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân"))
    heir = unit_called("UBND phường Phú Xuân")
    assert Post.objects.get(unit=heir, kind="head").title == "Chủ tịch UBND phường", (
        "as the main predecessor's"
    )
    assert holder_of(heir, "head") is None and holder_of(cast.ward, "head", EVE) == cast.head
    warnings = [sentence for line in act.report for sentence in line["warnings"]]
    assert "UBND phường Phú Xuân chưa có người đứng đầu; cần quyết định bổ nhiệm." in warnings


def test_a_merged_home_affairs_department_still_works_for_home_affairs(cast):
    """Otherwise nobody could appoint anybody on the next day: Sở Nội vụ itself merged in March 2025."""
    merge(cast.home_affairs_unit, cast.other_agency, into=new("Sở Nội vụ (mới)", kind="co_quan_chuyen_mon"))
    assert User.objects.get(pk=cast.home_affairs.pk).works_for_home_affairs
    assert works_at(cast.home_affairs) == unit_called("Sở Nội vụ (mới)")


def test_home_affairs_divided_among_several_departments_passes_to_the_first(cast):
    dissolve(
        cast.home_affairs_unit,
        existing(cast.other_agency),
        existing(cast.ward),
        people={cast.home_affairs.public_id: 1, cast.home_affairs_head.public_id: 0},
    )
    assert User.objects.get(pk=cast.home_affairs.pk).works_for_home_affairs


def test_who_held_the_same_carried_post_in_both_units_holds_it_once(cast):
    appoint(cast.home_affairs, cast.other_agency, "home_affairs", "Chuyên viên", scope=cast.root)
    merge(cast.home_affairs_unit, cast.other_agency, into=new("Sở Nội vụ (mới)", kind="co_quan_chuyen_mon"))
    held = Appointment.objects.filter(in_force(DAY), user=cast.home_affairs)
    assert held.get().post.unit == unit_called("Sở Nội vụ (mới)")


def test_the_union_of_a_merged_school_ends_unless_the_decision_names_one(cast):
    other = make_unit("Trường Tiểu học Kim Long 2", kind=Unit.Kind.SCHOOL)
    place(other, cast.ward)
    make_union(other)
    heir = new("Trường Tiểu học Kim Long", kind=Unit.Kind.SCHOOL, union_name="Công đoàn Trường Kim Long")
    merge(cast.school, other, into=heir)
    assert not BaseUnion.objects.filter(in_force(DAY), unit__in=[cast.school, other]).exists()
    assert BaseUnion.objects.get(in_force(DAY)).name == "Công đoàn Trường Kim Long"


def test_an_heir_that_stood_below_the_unit_it_takes_in_takes_its_place(cast):
    merge(cast.ward, into=existing(cast.division))
    assert parent_of(cast.division) == cast.root
    assert parent_of(cast.school) == cast.division
    assert works_at(cast.clerk) == cast.division


def test_a_unit_merges_with_the_one_above_it(cast):
    merge(cast.school, into=existing(cast.ward))
    assert works_at(cast.school_official) == cast.ward


def test_two_units_of_which_one_stands_below_the_other_merge_into_a_new_one(cast):
    merge(cast.school, cast.ward, into=new("UBND phường Kim Long mới"))
    heir = unit_called("UBND phường Kim Long mới")
    assert parent_of(heir) == cast.root
    assert parent_of(cast.division) == heir


# --- Renaming


def test_a_renaming_does_not_vacate_the_heads_post(cast):
    deputy = person("Lê Thị Hà", cast.ward, post=("deputy", "Phó Chủ tịch UBND phường"))
    head = Appointment.objects.get(user=cast.head)
    substitute = appoint(deputy, cast.ward, "head", "Chủ tịch UBND phường", until=date(2026, 12, 1))
    Appointment.objects.filter(pk=substitute.pk).update(manner="deputises", given_by=head)
    rename(cast.ward, "UBND phường Kim Long Thượng", head_title="Chủ tịch UBND phường Kim Long Thượng")
    heir = unit_called("UBND phường Kim Long Thượng")
    post = Post.objects.get(unit=heir, kind="head")
    assert post.title == "Chủ tịch UBND phường Kim Long Thượng"
    acting = Appointment.objects.get(in_force(DAY), post=post, manner="deputises")
    assert (acting.user, acting.until) == (deputy, date(2026, 12, 1))
    assert acting.given_by == Appointment.objects.get(in_force(DAY), post=post, user=cast.head)
    assert holder_of(heir, "deputy") == deputy and holder_of(heir, "clerk") == cast.clerk
    assert not Appointment.objects.filter(in_force(DAY), post__unit=cast.ward).exists()


def test_a_renamed_province_keeps_its_tree_and_what_reaches_over_it(cast):
    rename(cast.root, "UBND thành phố Huế (mới)")
    heir = unit_called("UBND thành phố Huế (mới)")
    assert parent_of(heir) is None and parent_of(cast.ward) == heir
    official = User.objects.get(pk=cast.home_affairs.pk)
    assert {post.scope for post in official.posts_today} == {heir}
    assert cast.school.pk in official.units_in_charge("home_affairs")
    before = Appointment.objects.get(in_force(EVE), user=cast.home_affairs).post
    assert before.scope == cast.root, "what was true yesterday stays true of yesterday"
    placed = Placement.objects.get(in_force(DAY), unit=cast.division.pk)
    assert placed.since < DAY, "only units right below the renamed one get a new placement"


def test_duties_of_the_units_below_do_not_change_with_the_name_above(cast):
    Placement.objects.filter(unit=cast.school).update(plan_duty="own", report_duty="within_parent")
    rename(cast.ward, "UBND phường Kim Long Thượng")
    placed = Placement.objects.get(in_force(DAY), unit=cast.school)
    assert (placed.plan_duty, placed.report_duty, placed.own_papers) == ("own", "within_parent", True)


def test_the_union_goes_on_under_the_new_name_when_the_decision_names_it(cast):
    rename(cast.school, "Trường Tiểu học Lê Lợi", union_name="Công đoàn Trường Lê Lợi")
    heir = unit_called("Trường Tiểu học Lê Lợi")
    assert BaseUnion.objects.get(in_force(DAY)).unit == heir
    assert holder_of(heir, "union_chair") == cast.union_chair


def test_a_union_nobody_names_ends_with_the_old_name_and_the_act_warns(cast):
    act = rename(cast.school, "Trường Tiểu học Lê Lợi")
    heir = unit_called("Trường Tiểu học Lê Lợi")
    assert not BaseUnion.objects.filter(in_force(DAY)).exists() and holder_of(heir, "union_chair") is None
    assert any("Công đoàn cơ sở Trường Tiểu học Kim Long 1 kết thúc" in w for w in _warnings(act))


# --- Split


def test_a_split_divides_people_and_subordinate_units_as_ordered(cast):
    split(
        cast.ward,
        new("UBND phường Kim Long A", parts=312),
        new("UBND phường Kim Long B", parts=118),
        children={cast.division.public_id: 1},
        people={cast.clerk.public_id: 1},
    )
    first, second = unit_called("UBND phường Kim Long A"), unit_called("UBND phường Kim Long B")
    assert (parent_of(cast.school), parent_of(cast.division)) == (first, second)
    assert (works_at(cast.head), works_at(cast.clerk)) == (first, second)
    parts = Succession.objects.filter(predecessor=cast.ward).values_list("successor", "parts")
    assert dict(parts) == {first.pk: 312, second.pk: 118}


def test_a_unit_that_gives_up_a_part_goes_on_with_its_head_and_all_who_are_not_named(cast):
    act = split(
        cast.ward,
        new("UBND phường Long Hồ", parts=3),
        continues=True,
        rest_parts=7,
        children={cast.division.public_id: 0, cast.school.public_id: -1},
        people={cast.clerk.public_id: 0},
    )
    heir = unit_called("UBND phường Long Hồ")
    cast.ward.refresh_from_db()
    assert cast.ward.until is None and holder_of(cast.ward, "head") == cast.head
    assert (works_at(cast.head), works_at(cast.clerk)) == (cast.ward, heir)
    assert (parent_of(cast.school), parent_of(cast.division)) == (cast.ward, heir)
    told = Succession.objects.values_list("predecessor", "successor", "parts")
    assert set(told) == {(cast.ward.pk, heir.pk, 3), (cast.ward.pk, cast.ward.pk, 7)}
    assert any("3 : 7" in sentence for sentence in _warnings(act))


def test_who_leaves_a_unit_that_goes_on_keeps_his_post_there_and_the_act_says_so(cast):
    act = split(cast.ward, existing(cast.other_ward), continues=True, people={cast.head.public_id: 0})
    assert holder_of(cast.ward, "head") == cast.head and works_at(cast.head) == cast.other_ward
    assert any("1 người chuyển đi còn giữ chức vụ" in sentence for sentence in _warnings(act))


def test_a_part_may_pass_to_a_unit_that_is_there(cast):
    split(cast.ward, existing(cast.other_ward, 2), continues=True, people={cast.clerk.public_id: 0})
    assert works_at(cast.clerk) == cast.other_ward


# --- Move, dissolution, founding


def test_a_move_is_only_a_new_placement(cast):
    move(cast.school, to=cast.other_ward)
    assert (parent_of(cast.school, EVE), parent_of(cast.school)) == (cast.ward, cast.other_ward)
    cast.school.refresh_from_db()
    assert cast.school.until is None
    assert Employment.objects.filter(unit=cast.school).count() == 3
    assert not Succession.objects.exists()
    assert Placement.objects.get(in_force(DAY), unit=cast.school).decision == DECISION


def test_a_unit_moved_right_below_the_province_plans_and_reports_itself(cast):
    move(cast.school, to=cast.root)
    placed = Placement.objects.get(in_force(DAY), unit=cast.school)
    assert (placed.plan_duty, placed.report_duty) == ("own", "own")


def test_a_dissolved_unit_has_no_successor_and_everyone_a_place(cast):
    dissolve(
        cast.ward,
        existing(cast.other_ward),
        existing(cast.other_agency),
        children={cast.school.public_id: 0, cast.division.public_id: 0},
        people={cast.head.public_id: 1, cast.clerk.public_id: 0},
    )
    assert (works_at(cast.head), works_at(cast.clerk)) == (cast.other_agency, cast.other_ward)
    assert parent_of(cast.school) == parent_of(cast.division) == cast.other_ward
    assert Succession.objects.get().successor is None


def test_a_dissolution_says_how_many_have_no_place_to_go(cast):
    with pytest.raises(StepRefused, match="2 người và 2 đơn vị trực thuộc chưa có nơi chuyển đến"):
        dissolve(cast.ward)
    with pytest.raises(StepRefused, match="1 người và 0 đơn vị"):
        dissolve(
            cast.ward,
            existing(cast.other_ward),
            existing(cast.other_agency),
            children={cast.school.public_id: 0, cast.division.public_id: 0},
            people={cast.head.public_id: 1},
        )


def test_a_founded_unit_stands_below_its_parent_with_posts_and_union(cast):
    heir = new(
        "Trung tâm Phục vụ hành chính công phường Kim Long",
        kind=Unit.Kind.PUBLIC_SERVICE,
        parent=cast.ward,
        head_title="Giám đốc",
        deputy_title="Phó Giám đốc",
        union_name="Công đoàn Trung tâm",
    )
    reorganise(orders=orders(Kind.FOUNDING, heirs=[heir]), by=None)
    unit = unit_called("Trung tâm Phục vụ hành chính công phường Kim Long")
    assert parent_of(unit) == cast.ward and unit.since == DAY
    titles = Post.objects.filter(unit=unit).order_by("pk").values_list("title", flat=True)
    assert list(titles) == ["Giám đốc", "Phó Giám đốc"]
    assert BaseUnion.objects.filter(unit=unit).count() == 1


# --- Professional lines


def test_the_professional_line_passes_to_the_heir_on_both_its_ends(cast):
    ProfessionalLine.objects.create(unit=cast.school, authority=cast.other_agency, since=date(2024, 1, 1))
    merge(cast.other_agency, cast.home_affairs_unit, into=new("Sở mới", kind="co_quan_chuyen_mon"))
    rename(cast.school, "Trường Tiểu học Lê Lợi", on=DAY + timedelta(days=1))
    line = ProfessionalLine.objects.get(in_force(date(2026, 8, 1)))
    assert (line.unit.name, line.authority.name) == ("Trường Tiểu học Lê Lợi", "Sở mới")
    before = ProfessionalLine.objects.get(in_force(EVE))
    assert (before.unit, before.authority) == (cast.school, cast.other_agency)


# --- Days


def test_the_days_before_answer_as_before(cast):
    counts = roster.headcounts(EVE)
    parents = dict(Placement.objects.filter(in_force(EVE)).values_list("unit_id", "parent_id"))
    merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân"))
    assert roster.headcounts(EVE) == counts
    assert dict(Placement.objects.filter(in_force(EVE)).values_list("unit_id", "parent_id")) == parents
    assert sum(sum(row.values()) for row in roster.headcounts(DAY).values()) == 13


def test_an_act_entered_late_begins_on_its_own_day(cast):
    late = date(2025, 3, 1)
    employ(make_user("Đến sau"), cast.ward, Category.CONG_CHUC, since=date(2025, 9, 1))
    merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân"), on=late)
    heir = unit_called("UBND phường Phú Xuân")
    assert works_at(cast.clerk, late) == heir
    assert Employment.objects.get(since=date(2025, 9, 1)).unit == heir


# --- The act itself


def _queries_of_a_merger(cast, people: int, children: int) -> int:
    for number in range(people):
        user = person(f"Người {number}", cast.ward)
        appoint(user, cast.ward, "deputy", "Phó Chủ tịch")
    for number in range(children):
        child = make_unit(f"Trường {number}", kind=Unit.Kind.SCHOOL)
        place(child, cast.ward)
        make_union(child)
        ProfessionalLine.objects.create(unit=child, authority=cast.other_ward, since=EVE)
    with CaptureQueriesContext(connection) as ran:
        merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân"))
    return len(ran)


def test_an_act_takes_as_many_queries_for_three_people_as_for_sixty(cast):
    with transaction.atomic():
        few = _queries_of_a_merger(cast, 3, 1)
        transaction.set_rollback(True)
    assert _queries_of_a_merger(cast, 60, 9) == few


def test_the_act_keeps_its_orders_its_report_and_its_words(cast):
    act = merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân"), by=cast.home_affairs)
    assert act.status == Reorganisation.Status.DONE and act.by == cast.home_affairs
    assert act.subject == "Sáp nhập UBND phường Kim Long, UBND xã A Lưới 2 thành UBND phường Phú Xuân"
    told = {line["label"]: line["moved"] for line in act.report}
    assert told["Người chuyển nơi làm việc"] == 4 and told["Đơn vị đổi cơ quan chủ quản"] == 2
    assert [past.kind for past in events.history("units.reorganisation", act.public_id)] == [
        "units.reorganisation.perform"
    ]
    assert [past.kind for past in events.history("units.unit", cast.ward.public_id)] == ["units.reorganise"]


def test_a_rehearsal_tells_everything_and_changes_nothing(cast):
    asked = orders(
        Kind.MERGER, cast.ward, cast.other_ward, heirs=[new("UBND phường Phú Xuân")], on=clock.today()
    )
    before = [model.objects.count() for model in (Unit, Placement, Employment, Appointment, Reorganisation)]
    shown = rehearse_reorganisation(orders=asked, by=cast.home_affairs)
    after = [model.objects.count() for model in (Unit, Placement, Employment, Appointment, Reorganisation)]
    assert before == after and works_at(cast.clerk) == cast.ward
    assert [(row.name, row.people, row.ends) for row in shown.before] == [
        ("UBND phường Kim Long", 6, True),
        ("UBND xã A Lưới 2", 2, True),
    ]
    assert [(row.name, row.parent, row.people, row.begins) for row in shown.after] == [
        ("UBND phường Phú Xuân", "UBND thành phố Huế", 8, True)
    ]
    assert rehearse_reorganisation(orders=asked, by=cast.home_affairs).digest == shown.digest
    done = reorganise(orders=asked, by=cast.home_affairs, expect_digest=shown.digest)
    assert account.restored(done.report) == shown.lines


def test_what_is_no_longer_as_it_was_shown_is_not_done(cast):
    asked = orders(Kind.MERGER, cast.ward, cast.other_ward, heirs=[new("UBND phường Phú Xuân")])
    shown = rehearse_reorganisation(orders=asked, by=cast.home_affairs)
    person("Người vừa đến", cast.ward)
    with pytest.raises(StepRefused, match="đã thay đổi sau khi xem trước"):
        reorganise(orders=asked, by=cast.home_affairs, expect_digest=shown.digest)
    assert not Unit.objects.filter(until__isnull=False).exists() and not Reorganisation.objects.exists()


def _warnings(act: Reorganisation) -> list[str]:
    return [sentence for line in act.report for sentence in line["warnings"]]


def test_posts_that_reached_two_units_become_one_over_the_heir(cast):
    """Nobody holds them yet; who is to hold the second one from a later day then holds the one there is."""
    office, title = cast.home_affairs_unit, "Thành viên đoàn"
    posts = [
        Post.objects.create(unit=office, kind=Post.Kind.INSPECTOR, title=title, scope=unit)
        for unit in (cast.ward, cast.other_ward)
    ]
    coming = Appointment.objects.create(
        post=posts[1], user=cast.stranger, since=DAY + timedelta(days=30), until=DAY + timedelta(days=90)
    )
    merge(cast.ward, cast.other_ward, into=new("UBND phường Kim Phụng"), by=cast.home_affairs)
    over_heir = Post.objects.get(unit=office, title=title, scope=unit_called("UBND phường Kim Phụng"))
    assert over_heir == posts[0]
    later = Appointment.objects.filter(user=cast.stranger, post__title=title, since=coming.since)
    assert {row.post for row in later.exclude(until=coming.since)} == {over_heir}
