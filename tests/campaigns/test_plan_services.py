"""A plan from its first line to its acceptance: who may, when, and what stays behind."""

import pytest
from django.core.exceptions import ValidationError

from campaigns import coverage, services
from campaigns.content import content_of, digest, repeated_elsewhere
from campaigns.models import PlannedTask, PlanVersion, Task, UnitPlan
from campaigns.workflow import EDITABLE, PLAN
from ledger.models import Event
from ledger.workflow import StepRefused
from notices.models import Notice
from tests.campaigns.plans import AIMS, MAKERS, YEAR, draft, own_line, plan_hash, rows_of, submitted
from tests.factories import place
from units import tree
from units.models import Placement, Unit


def submit(cast, plan):
    return services.submit_plan(by=cast.head, plan=plan, seen=digest(content_of(plan)))


def give_back(cast, plan):
    return services.return_plan(
        by=cast.home_affairs, plan=plan, reason="Thiếu thời hạn.", seen=plan_hash(plan)
    )


def accept(cast, plan):
    return services.accept_plan(by=cast.home_affairs, plan=plan, seen=plan_hash(plan))


def save(cast, plan):
    return services.save_plan(
        by=cast.clerk,
        plan=plan,
        aims="Khác",
        arrangements="",
        rows=rows_of(plan),
        expect_version=plan.version,
    )


ACTS = {"submit": submit, "return": give_back, "accept": accept, "save": save}
ALLOWED = {
    ("draft", "submit"): "submitted",
    ("draft", "save"): "draft",
    ("submitted", "return"): "returned",
    ("submitted", "accept"): "accepted",
    ("returned", "submit"): "submitted",
    ("returned", "save"): "returned",
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", MAKERS)
def test_every_act_in_every_state_does_what_the_table_says_or_says_why_not(cast, campaign, state, act):
    plan = MAKERS[state](cast, campaign)
    plan.refresh_from_db()
    events_before = Event.objects.count()
    if (state, act) in ALLOWED:
        ACTS[act](cast, plan)
        plan.refresh_from_db()
        assert plan.status == ALLOWED[state, act]
        assert Event.objects.count() == events_before + 1
        return
    with pytest.raises(StepRefused) as refused:
        ACTS[act](cast, plan)
    label = PLAN.step(act).label
    assert str(refused.value).startswith(f"Không thể “{label}”: ")
    assert "lúc" in str(refused.value)
    assert Event.objects.count() == events_before
    plan.refresh_from_db()
    assert plan.status == state


def test_the_table_allows_saving_exactly_where_saving_works():
    assert {state for state, act in ALLOWED if act == "save"} == set(EDITABLE)
    table = {(str(source), step.name): str(step.target) for step in PLAN.steps for source in step.sources}
    assert table == {key: target for key, target in ALLOWED.items() if key[1] != "save"}


def test_a_new_plan_holds_every_task_of_the_six_groups_word_for_word(cast, campaign):
    plan = services.begin_plan(by=cast.clerk, campaign=campaign, unit=cast.ward, year=YEAR)
    master = Task.objects.filter(group__isnull=False).order_by("order")
    assert list(plan.rows.order_by("order").values_list("text", "group_id", "master_id")) == list(
        master.values_list("text", "group_id", "pk")
    )


def test_a_unit_has_one_plan_a_year(cast, campaign):
    services.begin_plan(by=cast.head, campaign=campaign, unit=cast.ward, year=YEAR)
    with pytest.raises(StepRefused, match=f"UBND phường Kim Long đã có kế hoạch năm {YEAR}"):
        services.begin_plan(by=cast.clerk, campaign=campaign, unit=cast.ward, year=YEAR)
    services.begin_plan(by=cast.clerk, campaign=campaign, unit=cast.ward, year=YEAR + 1)


def test_a_unit_that_plans_within_its_parent_begins_no_plan(cast, campaign):
    with pytest.raises(StepRefused, match="nằm trong kế hoạch của cấp trên"):
        services.begin_plan(by=cast.school_head, campaign=campaign, unit=cast.school, year=YEAR)


def test_lines_keep_their_place_and_identity_and_new_ones_come_last(cast, campaign):
    plan = draft(cast, campaign)
    before = list(plan.rows.order_by("order").values_list("pk", flat=True))
    own_line(plan, "Việc riêng của phường")
    assert list(plan.rows.order_by("order").values_list("pk", flat=True))[:-1] == before
    assert plan.rows.order_by("order").last().text == "Việc riêng của phường"


def test_lines_not_given_are_dropped(cast, campaign):
    plan = draft(cast, campaign)
    services.save_plan(
        by=cast.head,
        plan=plan,
        aims=AIMS,
        arrangements="",
        rows=rows_of(plan)[:3],
        expect_version=plan.version,
    )
    assert plan.rows.count() == 3


def test_a_line_of_another_plan_cannot_be_rewritten(cast, campaign):
    plan = draft(cast, campaign)
    foreign = rows_of(draft(cast, campaign, unit=cast.other_ward, by=cast.other_head))[0]
    with pytest.raises(ValidationError, match="không thuộc kế hoạch này"):
        services.save_plan(
            by=cast.head, plan=plan, aims="", arrangements="", rows=[foreign], expect_version=plan.version
        )
    assert plan.rows.count() == 25


def test_saving_over_somebody_elses_newer_text_is_refused(cast, campaign):
    plan = draft(cast, campaign)
    stale = plan.version
    own_line(plan, "Việc của văn thư")
    with pytest.raises(StepRefused, match="Tôn Thất Đức đã lưu kế hoạch lúc"):
        services.save_plan(by=cast.clerk, plan=plan, aims="", arrangements="", rows=[], expect_version=stale)
    assert plan.rows.count() == 26


def test_what_is_sent_is_kept_exactly_and_a_later_change_does_not_touch_it(cast, campaign):
    plan = draft(cast, campaign)
    content = content_of(plan)
    submit(cast, plan)
    version = PlanVersion.objects.get(plan=plan)
    assert version.content == content
    assert version.sha256 == digest(version.content)
    give_back(cast, plan)
    own_line(UnitPlan.objects.get(pk=plan.pk), "Bổ sung")
    submit(cast, plan)
    first, second = plan.versions.order_by("number")
    assert first.content == content
    assert "Bổ sung" in [task["text"] for task in second.content["groups"][0]["tasks"]]


def test_what_was_not_seen_is_not_sent(cast, campaign):
    plan = draft(cast, campaign)
    seen = digest(content_of(plan))
    own_line(plan, "Thêm sau khi mở trang gửi")
    with pytest.raises(StepRefused, match="đã được sửa sau khi mở trang gửi"):
        services.submit_plan(by=cast.head, plan=plan, seen=seen)
    assert plan.versions.count() == 0


def test_an_empty_plan_is_not_sent_and_says_what_it_lacks(cast, campaign):
    plan = services.begin_plan(by=cast.head, campaign=campaign, unit=cast.ward, year=YEAR)
    plan = services.save_plan(
        by=cast.head, plan=plan, aims="", arrangements="", rows=[], expect_version=plan.version
    )
    with pytest.raises(ValidationError) as lacking:
        submit(cast, plan)
    assert lacking.value.messages == ["Chưa ghi mục đích, yêu cầu.", "Chưa có nhiệm vụ nào."]


@pytest.mark.parametrize("act", ["return", "accept"])
def test_a_decision_names_the_version_that_was_seen(cast, campaign, act):
    """R23: the plan was returned and sent anew while the reviewer read its first version."""
    plan = submitted(cast, campaign)
    seen = plan_hash(plan)
    give_back(cast, plan)
    own_line(UnitPlan.objects.get(pk=plan.pk), "Bổ sung")
    submit(cast, plan)
    words = {"reason": "Thiếu."} if act == "return" else {}
    decide = services.return_plan if act == "return" else services.accept_plan
    with pytest.raises(StepRefused, match="đã gửi lại kế hoạch sau khi mở trang này"):
        decide(by=cast.home_affairs, plan=plan, seen=seen, **words)
    ACTS[act](cast, plan)
    assert Event.objects.filter(kind=f"campaigns.unitplan.{act}").last().data["sha256"] == plan_hash(plan)


def test_a_return_needs_a_reason(cast, campaign):
    plan = submitted(cast, campaign)
    with pytest.raises(StepRefused, match="Cần ghi lý do"):
        services.return_plan(by=cast.home_affairs, plan=plan, reason=" ", seen=plan_hash(plan))


def told(user) -> list[str]:
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("text", flat=True))


def test_home_affairs_is_told_of_a_plan_and_head_and_clerk_of_what_became_of_it(cast, campaign):
    plan = submitted(cast, campaign)
    give_back(cast, plan)
    assert told(cast.home_affairs) == [f"UBND phường Kim Long đã gửi kế hoạch năm {YEAR}."]
    assert told(cast.head) == told(cast.clerk) == [f"Kế hoạch năm {YEAR} bị trả lại: Thiếu thời hạn."]
    submit(cast, plan)
    accept(cast, plan)
    assert told(cast.clerk)[-1] == f"Kế hoạch năm {YEAR} đã được tiếp nhận."
    assert told(cast.chair_of_province) == told(cast.stranger) == []


def plans_on_its_own(unit: Unit) -> None:
    Placement.objects.filter(unit=unit).update(plan_duty=Placement.Duty.OWN)


def test_the_head_above_is_told_of_a_plan_below_the_first_level(cast, campaign):
    plans_on_its_own(cast.school)
    submitted(cast, campaign, unit=cast.school, by=cast.school_head)
    assert told(cast.head) == [f"Trường Tiểu học Kim Long 1 đã gửi kế hoạch năm {YEAR}."]
    assert told(cast.home_affairs) == []


def test_the_plan_of_home_affairs_itself_goes_to_the_head_of_the_province(cast, campaign):
    """R22: nobody reviews his own superior's act."""
    plan = submitted(cast, campaign, unit=cast.home_affairs_unit, by=cast.home_affairs_head)
    assert told(cast.chair_of_province) == [f"Sở Nội vụ đã gửi kế hoạch năm {YEAR}."]
    assert not cast.home_affairs.has_perm("campaigns.review_unitplan", plan)
    assert cast.chair_of_province.has_perm("campaigns.review_unitplan", plan)


def test_word_for_word_repetition_among_units_is_counted_without_the_decisions_own_tasks(cast, campaign):
    mine, theirs = draft(cast, campaign), draft(cast, campaign, unit=cast.other_ward, by=cast.other_head)
    own_line(mine, "Tổ chức ngày thứ Bảy không hẹn")
    own_line(theirs, "Tổ chức ngày thứ Bảy không hẹn")
    assert repeated_elsewhere(mine, content_of(mine)) == 0, "the other plan is still a draft"
    services.submit_plan(by=cast.other_head, plan=theirs, seen=digest(content_of(theirs)))
    assert repeated_elsewhere(mine, content_of(mine)) == 1


def test_coverage_counts_the_units_that_owe_a_plan(cast, campaign):
    today = cast.head.today
    place_without_duty = Unit.objects.create(
        name="Trạm Y tế", kind=Unit.Kind.HEALTH_STATION, since=today, source_key="t"
    )
    place(place_without_duty, cast.ward, since=today, own=False)
    submitted(cast, campaign)
    draft(cast, campaign, unit=cast.other_ward, by=cast.other_head)
    found = coverage.of(YEAR, tree.load(today))
    assert (found.owing, found.sent, found.accepted) == (4, 1, 0)
    assert [unit.name for unit in found.missing] == ["Sở Nội vụ", "Sở Y tế", "UBND xã A Lưới 2"]
    assert coverage.of(YEAR, tree.load(today), {cast.ward.pk, cast.school.pk}).owing == 1


def test_dropping_a_plan_row_never_reaches_the_decision(cast, campaign):
    plan = draft(cast, campaign)
    services.save_plan(
        by=cast.head, plan=plan, aims="", arrangements="", rows=[], expect_version=plan.version
    )
    assert PlannedTask.objects.count() == 0
    assert Task.objects.count() == 31
