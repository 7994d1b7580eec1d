"""Who stands in for a head acts only where his document reaches; the roll-up says in what quality its signer signs."""

import pytest

from campaigns import duties as plan_duties
from campaigns.models import UnitPlan
from reports import board, duties, rollup
from reports.models import UnitReport
from tests.campaigns.plans import draft
from tests.factories import appoint, person
from units.models import Appointment, User


@pytest.fixture
def limited(cast):
    """`limited("pledges")`: a deputy of the ward who stands in for its head in that function alone."""

    def make(*functions: str) -> User:
        deputy = person("Phạm Thị Phó", cast.ward, "can_bo", ("deputy", "Phó Chủ tịch UBND phường"))
        row = appoint(deputy, cast.ward, "head", "Chủ tịch UBND phường")
        Appointment.objects.filter(pk=row.pk).update(manner="deputises", functions=list(functions))
        return User.objects.get(pk=deputy.pk)

    return make


def test_who_stands_in_for_reports_sees_and_sends_reports_and_no_plans(cast, campaign, report, limited):
    plan, reader = draft(cast, campaign), limited("reports")
    assert list(UnitReport.objects.visible_to(reader)) == [report]
    assert reader.has_perm("reports.submit_unitreport", report)
    assert [call.unit for call in board.calls(reader)] == [cast.ward]
    assert not UnitPlan.objects.visible_to(reader).exists()
    assert not reader.has_perm("campaigns.submit_unitplan", plan)
    assert plan_duties.of(reader) == []


def test_who_stands_in_for_plans_sees_and_sends_plans_and_no_reports(cast, campaign, report, limited):
    plan, reader = draft(cast, campaign), limited("campaigns")
    assert list(UnitPlan.objects.visible_to(reader)) == [plan]
    assert reader.has_perm("campaigns.submit_unitplan", plan)
    assert not UnitReport.objects.visible_to(reader).exists()
    assert not reader.has_perm("reports.submit_unitreport", report)
    assert board.calls(reader) == [] and duties.of(reader) == []


def test_who_stands_in_for_everything_does_both(cast, campaign, report, limited):
    plan, reader = draft(cast, campaign), limited()
    assert list(UnitPlan.objects.visible_to(reader)) == [plan]
    assert list(UnitReport.objects.visible_to(reader)) == [report]


@pytest.mark.parametrize(
    ("manner", "lines"),
    [
        ("holder", ["GIÁM ĐỐC"]),
        ("acting", ["Q. GIÁM ĐỐC"]),
        ("in_charge", ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]),
    ],
)
def test_the_roll_up_prints_in_what_quality_its_signer_signs(cast, opened, manner, lines):
    Appointment.objects.filter(post__unit=cast.home_affairs_unit, post__kind="head").update(
        until=opened.data_since
    )
    title = "Phó Giám đốc"
    signer = person("Lê Thị Ưng", cast.home_affairs_unit, post=("deputy", title))
    row = appoint(signer, cast.home_affairs_unit, "head", "Giám đốc")
    Appointment.objects.filter(pk=row.pk).update(manner=manner)
    paper = rollup.compose(rollup.gather(opened))
    assert list(paper.signature.authority_lines) == lines
    assert paper.signature.name == "Lê Thị Ưng"
