"""An act entered by mistake is taken back by a counter-act, exactly; what stands on it by now is named."""

from datetime import timedelta

import pytest

from ledger import events
from ledger.workflow import StepRefused
from tests.factories import appoint, employ, make_user, person
from tests.units.acts import DAY, dissolve, existing, merge, move, new, rename, split, unit_called
from tests.units.organisation import snapshot
from units.models import (
    Appointment,
    Employment,
    Placement,
    ProfessionalLine,
    Reorganisation,
    Succession,
    Unit,
)
from units.services import correct_reorganisation

DOCUMENT = "Công văn số 9/UBND-NV"


def correct(act, by=None) -> Reorganisation:
    return correct_reorganisation(act=act, decision=DOCUMENT, reason="Nhập nhầm đơn vị", by=by)


ACTS = {
    "merger": lambda cast: merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân")),
    "merger into one that goes on": lambda cast: merge(cast.other_ward, into=existing(cast.ward)),
    "renaming": lambda cast: rename(cast.school, "Trường Lê Lợi", union_name="Công đoàn Trường Lê Lợi"),
    "renaming of the province": lambda cast: rename(cast.root, "UBND thành phố Huế (mới)"),
    "split": lambda cast: split(
        cast.ward, new("Phường A"), new("Phường B"), people={cast.clerk.public_id: 1}
    ),
    "split that goes on": lambda cast: split(
        cast.ward, new("Phường A"), continues=True, children={cast.school.public_id: 0}
    ),
    "move": lambda cast: move(cast.school, to=cast.other_ward),
    "dissolution": lambda cast: dissolve(cast.ward, existing(cast.other_ward)),
}


@pytest.mark.parametrize("kind", ACTS)
def test_everything_is_as_it_was_before(cast, kind):
    employ(make_user("Đến sau"), cast.ward, since=DAY + timedelta(days=20))
    Employment.objects.filter(user=cast.home_affairs).update(payroll_unit=cast.ward)
    ProfessionalLine.objects.create(unit=cast.school, authority=cast.ward, since=DAY - timedelta(days=99))
    before = snapshot()
    act = ACTS[kind](cast)
    assert snapshot() != before
    counter = correct(act, by=cast.home_affairs)
    assert snapshot() == before
    act.refresh_from_db()
    assert (act.status, counter.corrects, counter.kind, counter.on) == ("annulled", act, "correction", act.on)
    assert not Succession.objects.filter(annulled=False).exists()


def test_nothing_is_deleted_by_a_correction(cast):
    act = ACTS["merger"](cast)
    rows = {model: model.objects.count() for model in (Unit, Placement, Employment, Succession)}
    correct(act)
    assert {model: model.objects.count() for model in rows} == rows
    assert Unit.objects.get(name="UBND phường Phú Xuân").until == DAY, "it holds no day"


def test_after_a_correction_the_right_act_can_be_entered(cast):
    correct(ACTS["merger"](cast))
    merge(cast.ward, cast.other_ward, into=new("UBND phường Kim Long mới"))
    assert unit_called("UBND phường Kim Long mới").since == DAY


def test_both_acts_tell_their_story(cast):
    act = ACTS["merger"](cast)
    correct(act, by=cast.home_affairs)
    past = events.history("units.reorganisation", act.public_id)
    assert [step.kind.rpartition(".")[2] for step in past] == ["perform", "correct"]
    assert past[-1].reason == "Nhập nhầm đơn vị" and past[-1].data["decision"] == DOCUMENT
    kinds = [step.kind for step in events.history("units.unit", cast.ward.public_id)]
    assert kinds == ["units.reorganise", "units.correct_reorganisation"]


def refused(act, sentence: str) -> None:
    before = snapshot()
    with pytest.raises(StepRefused, match=sentence):
        correct(act)
    act.refresh_from_db()
    assert act.status == "done" and snapshot() == before


def test_a_later_act_on_the_same_units_is_to_be_corrected_first(cast):
    first = ACTS["merger"](cast)
    later = rename(unit_called("UBND phường Phú Xuân"), "UBND phường Tự Đức", on=DAY + timedelta(days=9))
    refused(first, "“Đổi tên UBND phường Phú Xuân thành UBND phường Tự Đức” từ 10/07/2026")
    correct(later)
    correct(first)


def test_acts_on_other_units_do_not_stand_in_the_way(cast):
    act = move(cast.school, to=cast.other_ward)
    rename(cast.other_agency, "Sở Y tế và Dân số", on=DAY + timedelta(days=9))
    correct(act)


def test_a_unit_is_not_put_back_below_one_that_has_ended_since(cast):
    """The one above ended later by an act that had nothing to move: the unit below was gone by then."""
    act = merge(cast.school, into=existing(cast.other_ward))
    rename(cast.ward, "UBND phường Kim Long Thượng", on=DAY + timedelta(days=9))
    refused(act, "có đơn vị trực thuộc một đơn vị không còn hoạt động")


def test_a_professional_line_is_not_put_back_below_an_authority_that_has_ended_since(cast):
    ProfessionalLine.objects.create(
        unit=cast.school, authority=cast.other_agency, since=DAY - timedelta(days=9)
    )
    act = merge(cast.school, into=existing(cast.ward))
    rename(cast.other_agency, "Sở Y tế và Dân số", on=DAY + timedelta(days=9))
    refused(act, "Sở Y tế, có liên quan đến việc này, đã kết thúc")


def test_people_employed_in_the_heir_since_are_named(cast):
    act = ACTS["merger"](cast)
    person("Người mới", unit_called("UBND phường Phú Xuân"))
    refused(act, r"1 lần tiếp nhận, chuyển hoặc nghỉ việc \(Người mới\)")


def test_people_who_left_the_heir_since_are_named(cast):
    act = ACTS["merger"](cast)
    Employment.objects.filter(user=cast.clerk, since=DAY).update(until=DAY + timedelta(days=30))
    refused(act, r"1 lần tiếp nhận, chuyển hoặc nghỉ việc \(Nguyễn Thị Út\)")


def test_a_head_appointed_in_the_new_unit_is_named(cast):
    act = ACTS["merger"](cast)
    appoint(cast.clerk, unit_called("UBND phường Phú Xuân"), "head", "Chủ tịch UBND phường", since=DAY)
    refused(act, r"1 lần bổ nhiệm hoặc thôi giữ chức vụ \(Nguyễn Thị Út\)")


def test_a_correction_is_not_corrected(cast):
    counter = correct(ACTS["merger"](cast))
    refused(counter, "không được đính chính lại")


def test_an_act_is_corrected_once_with_reason_and_document(cast):
    act = ACTS["merger"](cast)
    with pytest.raises(StepRefused, match="Cần ghi lý do"):
        correct_reorganisation(act=act, decision=DOCUMENT, reason=" ", by=None)
    with pytest.raises(StepRefused, match="văn bản đính chính"):
        correct_reorganisation(act=act, decision="", reason="Nhầm", by=None)
    correct(act)
    with pytest.raises(StepRefused, match="đã đính chính"):
        correct(act)


def test_posts_elsewhere_that_reach_over_the_heir_are_named(cast):
    act = ACTS["merger"](cast)
    heir = unit_called("UBND phường Phú Xuân")
    inspector = appoint(
        cast.stranger, cast.home_affairs_unit, "inspector", "Theo dõi phường Phú Xuân", since=DAY, scope=heir
    )
    refused(act, r"1 chức vụ phụ trách đơn vị mới đã giao cho người giữ \(Theo dõi phường Phú Xuân\)")
    Appointment.objects.filter(pk=inspector.pk).update(until=DAY)
    correct(act)


def test_posts_elsewhere_that_the_act_itself_passed_on_do_not_stand_in_the_way(cast):
    appoint(cast.stranger, cast.home_affairs_unit, "inspector", "Theo dõi phường", scope=cast.ward)
    before = snapshot()
    correct(ACTS["merger"](cast))
    assert snapshot() == before
