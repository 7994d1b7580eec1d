"""Nobody countersigns himself through a second post: kiêm nhiệm, phụ trách, ký thay (rule R22)."""

from datetime import date

import pytest

from ledger.workflow import StepRefused
from pledges.models import Pledge
from tests.factories import appoint, make_union, make_unit, person, place
from tests.pledges.acts import afresh, confirm, confirm_for_union, sign
from units import services
from units.models import Appointment, Category, Post, Unit

pytestmark = pytest.mark.usefixtures("in_autumn_2026")

SINCE = date(2026, 1, 1)
TODAY = date(2026, 11, 22)


def vacate(unit: Unit, kind: str = "head") -> None:
    Appointment.objects.filter(post__unit=unit, post__kind=kind).update(until=SINCE)


def in_charge(cast, who, unit: Unit) -> None:
    """By the decision that puts him in charge of a unit besides his own."""
    post, _ = Post.objects.get_or_create(unit=unit, kind="head", defaults={"title": "Hiệu trưởng"})
    services.appoint(
        post=post, user=who, manner="in_charge", since=SINCE, document="QĐ 5/QĐ-UBND", by=cast.home_affairs
    )


@pytest.fixture
def other_school(cast):
    school = make_unit("Trường Tiểu học Kim Long 2", kind=Unit.Kind.SCHOOL)
    place(school, cast.ward, own_papers=True, own=False)
    return school


def test_the_head_of_a_school_in_charge_of_another_pledges_to_the_head_above_both(
    cast, campaign, other_school
):
    in_charge(cast, cast.school_head, other_school)
    pledge = sign(cast.school_head, campaign)
    assert pledge.signing_unit == cast.ward
    with pytest.raises(StepRefused):
        confirm(pledge, cast.school_head)
    assert confirm(pledge, cast.head).status == Pledge.Status.COMPLETE


def test_in_charge_of_the_unit_above_he_pledges_above_that(cast, campaign):
    vacate(cast.ward)
    in_charge(cast, cast.school_head, cast.ward)
    pledge = sign(cast.school_head, campaign)
    assert pledge.signing_unit == cast.root, "the ward's head is now he himself"
    with pytest.raises(StepRefused, match="chính mình"):
        confirm(pledge, cast.school_head)


def test_put_in_charge_after_signing_he_still_confirms_only_those_of_others(cast, campaign):
    own, teacher_s = sign(cast.school_head, campaign), sign(cast.official, campaign)
    vacate(cast.ward)
    in_charge(cast, cast.school_head, cast.ward)
    with pytest.raises(StepRefused, match="chính mình"):
        confirm(own, cast.school_head)
    assert own not in Pledge.objects.waiting_for(afresh(cast.school_head))
    assert confirm(teacher_s, cast.school_head).status == Pledge.Status.COMPLETE


def test_in_charge_and_chair_of_the_union_at_once_is_one_confirmation_and_not_two(cast, campaign):
    vacate(cast.school)
    in_charge(cast, cast.union_chair, cast.school)
    pledge = confirm(sign(cast.school_official, campaign), cast.union_chair)
    assert pledge.status == Pledge.Status.COMPLETE, "nobody else is left to confirm for the union"
    assert list(pledge.signatures.values_list("party", flat=True).order_by("party")) == ["head", "official"]


def test_who_confirmed_as_head_leaves_the_union_to_its_other_chair(cast, campaign):
    vacate(cast.school)
    in_charge(cast, cast.union_chair, cast.school)
    second = person(
        "Phó Chủ Tịch", cast.school, Category.VIEN_CHUC, ("union_chair", "Phó Chủ tịch Công đoàn")
    )
    pledge = confirm(sign(cast.school_official, campaign), cast.union_chair)
    with pytest.raises(StepRefused, match="do người khác xác nhận"):
        confirm_for_union(pledge, cast.union_chair)
    assert confirm_for_union(pledge, second).status == Pledge.Status.COMPLETE


def test_a_deputy_who_signs_for_the_head_confirms_others_and_pledges_to_that_head(cast, campaign):
    deputy = person("Phạm Thị Hương", cast.ward, post=("deputy", "Phó Chủ tịch UBND phường"))
    services.substitute(
        given_by=cast.head.appointments.get(), user=deputy, manner="deputises", since=SINCE, by=cast.head
    )
    own = sign(deputy, campaign)
    assert own.signing_unit == cast.ward
    with pytest.raises(StepRefused, match="chính mình"):
        confirm(own, deputy)
    done = confirm(sign(cast.official, campaign), deputy)
    assert done.signatures.get(party="head").post_title == "KT. Chủ tịch, Phó Chủ tịch"
    assert confirm(own, cast.head).status == Pledge.Status.COMPLETE


@pytest.mark.parametrize(("functions", "may"), [([], True), (["pledges"], True), (["reports"], False)])
def test_a_substitute_confirms_where_his_document_reaches(cast, campaign, functions, may):
    services.substitute(
        given_by=cast.head.appointments.get(), user=cast.clerk, manner="by_authority", since=SINCE,
        until=date(2027, 1, 1), document="QĐ 9", covers="Xác nhận", functions=functions, by=cast.head,
    )  # fmt: skip
    pledge = sign(cast.official, campaign)
    assert (pledge in Pledge.objects.waiting_for(afresh(cast.clerk))) is may
    if may:
        assert confirm(pledge, cast.clerk).status == Pledge.Status.COMPLETE
    else:
        with pytest.raises(StepRefused):
            confirm(pledge, cast.clerk)


def test_a_post_in_another_unit_leaves_the_pledge_where_the_person_works(cast, campaign, other_school):
    make_union(other_school)
    appoint(cast.school_official, other_school, "clerk", "Kế toán kiêm nhiệm", since=SINCE)
    assert sign(cast.school_official, campaign).signing_unit == cast.school


def test_a_seconded_person_pledges_at_the_host(cast, campaign):
    services.second(user=cast.school_official, host=cast.division, since=SINCE, decision="QĐ 3", by=None)
    assert sign(cast.school_official, campaign).signing_unit == cast.ward
