"""What a reorganisation does to plans: the heir goes on with what is open; what was accepted stays and may count."""

import pytest

from campaigns import coverage, duties
from campaigns.models import UnitPlan
from ledger import clock, events
from ledger.workflow import StepRefused
from tests.campaigns.plans import YEAR, accepted, draft, returned, submitted
from tests.factories import person
from tests.units.acts import dissolve, existing, merge, new, rename, split, unit_called
from units import tree
from units.models import User
from units.services import correct_reorganisation

S = UnitPlan.Status


@pytest.fixture
def today():
    return clock.today()


def again(plan: UnitPlan) -> UnitPlan:
    return UnitPlan.objects.get(pk=plan.pk)


def line_of(act, label: str) -> dict:
    return next(line for line in act.report if line["label"] == label)


@pytest.mark.parametrize("make", [draft, submitted, returned])
def test_the_main_heir_goes_on_with_an_open_plan(cast, campaign, today, make):
    plan = make(cast, campaign)
    versions = list(plan.versions.values())
    act = merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân"), on=today, by=cast.home_affairs)
    moved = again(plan)
    assert (moved.unit, moved.status) == (unit_called("UBND phường Phú Xuân"), plan.status)
    assert list(moved.versions.values()) == versions, (
        "what was sent keeps the words and the name of who sent it"
    )
    assert line_of(act, "Kế hoạch chưa được tiếp nhận")["moved"] == 1
    assert events.history("campaigns.unitplan", plan.public_id)[-1].kind == "campaigns.unitplan.move"


def test_a_second_open_plan_stays_with_the_old_unit_and_both_are_named(cast, campaign, today):
    first = draft(cast, campaign)
    second = submitted(cast, campaign, unit=cast.other_ward, by=cast.other_head)
    act = merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân"), on=today)
    assert again(second).unit.name == "UBND phường Phú Xuân", "what was sent goes before a draft"
    assert again(first).unit == cast.ward
    (warning,) = line_of(act, "Kế hoạch chưa được tiếp nhận")["warnings"]
    assert cast.ward.name in warning and "UBND phường Phú Xuân đã có kế hoạch" in warning


def test_without_an_heir_a_plan_stays_and_the_act_warns(cast, campaign, today):
    plan = draft(cast, campaign)
    people = {user.public_id: 0 for user in (cast.head, cast.clerk)}
    children = {unit.public_id: 0 for unit in (cast.school, cast.division)}
    act = dissolve(cast.ward, existing(cast.other_ward), on=today, people=people, children=children)
    assert again(plan).unit == cast.ward
    assert "không có đơn vị kế tục" in line_of(act, "Kế hoạch chưa được tiếp nhận")["warnings"][0]


def test_a_unit_that_continues_keeps_its_plan(cast, campaign, today):
    plan = draft(cast, campaign)
    split(cast.ward, new("UBND phường Kim Long 2"), on=today, continues=True, rest_parts=1)
    assert again(plan).unit == cast.ward


def test_plans_of_earlier_years_are_history_and_stay(cast, campaign, today):
    plan = draft(cast, campaign, year=YEAR - 1)
    rename(cast.ward, "UBND phường Hương Uyển", on=today)
    assert again(plan).unit == cast.ward


# --- Who is covered


def test_a_new_name_is_covered_by_the_plan_accepted_under_the_old_one(cast, campaign, today):
    plan = accepted(cast, campaign)
    rename(cast.ward, "UBND phường Hương Uyển", on=today)
    heir = unit_called("UBND phường Hương Uyển")
    assert again(plan).unit == cast.ward, "the plan stays the paper of who wrote it"
    assert coverage.plans(YEAR, [heir.pk], today) == {heir.pk: plan}
    assert heir not in coverage.of(YEAR, tree.load(today)).missing
    head = User.objects.get(pk=cast.head.pk)
    assert not [duty for duty in duties.of(head) if heir.name in duty.title], "nothing is asked a second time"
    assert plan in UnitPlan.objects.visible_to(head), "and the head still reads it"


def test_the_heir_of_a_merger_owes_a_plan_of_its_own(cast, campaign, today):
    plan = accepted(cast, campaign)
    merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân"), on=today)
    heir = unit_called("UBND phường Phú Xuân")
    assert heir in coverage.of(YEAR, tree.load(today)).missing
    assert again(plan).unit == cast.ward


def test_only_the_heirs_read_the_plan_of_a_unit_that_ended(cast, campaign, today):
    plan = draft(cast, campaign)
    accepted_plan = accepted(cast, campaign, unit=cast.other_ward, by=cast.other_head)
    merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân"), on=today)
    heir = unit_called("UBND phường Phú Xuân")
    clerk = person("Lê Mới", heir, post=("clerk", "Cán bộ tổng hợp"))
    assert set(UnitPlan.objects.visible_to(clerk)) == {plan, accepted_plan}
    assert not clerk.has_perm("campaigns.write_unitplan", again(accepted_plan)), "to read, not to write"
    stranger = person("Lê Lạ", cast.other_agency, post=("head", "Giám đốc"))
    assert not UnitPlan.objects.visible_to(stranger).exists()


def test_a_unit_that_lives_on_is_not_read_by_the_one_split_off_it(cast, campaign, today):
    draft(cast, campaign)
    split(cast.ward, new("UBND phường Kim Long 2"), on=today, continues=True, rest_parts=1)
    head = person("Lê Mới", unit_called("UBND phường Kim Long 2"), post=("clerk", "Cán bộ tổng hợp"))
    assert not UnitPlan.objects.visible_to(head).exists()


# --- Taking it back


def test_a_correction_brings_plans_back_unless_they_were_worked_on(cast, campaign, today):
    plan = draft(cast, campaign)
    before = UnitPlan.objects.filter(pk=plan.pk).values().get()
    act = rename(cast.ward, "UBND phường Hương Uyển", on=today)
    correct_reorganisation(act=act, decision="CV 1", reason="Nhầm", by=cast.home_affairs)
    assert UnitPlan.objects.filter(pk=plan.pk).values().get() == before
    act = rename(cast.ward, "UBND phường Hương Uyển", on=today)
    UnitPlan.objects.filter(pk=plan.pk).update(version=9)
    with pytest.raises(StepRefused, match="đã được sửa hoặc xử lý sau khi chuyển"):
        correct_reorganisation(act=act, decision="CV 1", reason="Nhầm", by=cast.home_affairs)
