"""Who stands in for a head or a chair confirms only where his document reaches, and the paper says in what quality."""

import pytest

from ledger.workflow import StepRefused
from pledges import parties, services
from pledges.models import Pledge
from pledges.sheet import sheet_of
from pledges.wording import kind_of, title_of
from tests.factories import appoint, person
from tests.pledges.acts import afresh, confirm, proved, sign
from units import roster
from units.models import Appointment, User


def stand_in(
    user: User, unit, manner: str, *functions: str, kind: str = "head", title: str = "Hiệu trưởng"
) -> None:
    row = appoint(user, unit, kind, title)
    Appointment.objects.filter(pk=row.pk).update(
        manner=manner, functions=list(functions), document="QĐ 5", covers="ký thay", until="2099-01-01"
    )


@pytest.fixture
def deputy(cast) -> User:
    return person("Phạm Thị Phó", cast.school, "vien_chuc", ("deputy", "Phó Hiệu trưởng"))


@pytest.mark.parametrize("function", ["reports", "campaigns"])
def test_who_is_limited_to_another_function_sees_and_confirms_no_pledge(cast, signed, deputy, function):
    stand_in(deputy, cast.school, "deputises", function)
    reader = afresh(deputy)
    assert not Pledge.objects.visible_to(reader).exists()
    assert not Pledge.objects.waiting_for(reader).exists()
    assert parties.open_steps(signed, reader, reader.today) == frozenset()
    assert not reader.has_perm("pledges.countersign_pledge", signed)
    with pytest.raises(StepRefused, match="Người đứng đầu"):
        confirm(signed, deputy)


@pytest.mark.parametrize("functions", [(), ("pledges",), ("reports", "pledges")])
def test_who_may_confirms_and_the_paper_says_kt(cast, signed, deputy, functions):
    stand_in(deputy, cast.school, "deputises", *functions)
    assert signed in Pledge.objects.waiting_for(afresh(deputy))
    confirmed = confirm(signed, deputy)
    signatures = parties.signatures_of(confirmed)
    assert signatures["head"].post_title == "KT. Hiệu trưởng, Phó Hiệu trưởng"
    blocks = {block.party: block.post for block in sheet_of(confirmed, signatures).confirmations}
    assert blocks["THỦ TRƯỞNG ĐƠN VỊ"] == "KT. Hiệu trưởng, Phó Hiệu trưởng"


@pytest.mark.parametrize(
    ("manner", "said"),
    [
        ("acting", "Q. Hiệu trưởng"),
        ("by_order", "TL. Hiệu trưởng, Phó Hiệu trưởng"),
        ("by_authority", "TUQ. Hiệu trưởng, Phó Hiệu trưởng"),
    ],
)
def test_each_quality_has_its_mark(cast, signed, deputy, manner, said):
    if manner == "acting":
        Appointment.objects.filter(user=cast.school_head).update(until=afresh(deputy).today)
    stand_in(deputy, cast.school, manner)
    assert parties.signatures_of(confirm(signed, deputy))["head"].post_title == said


def test_the_holder_signs_in_the_post_alone(cast, half_confirmed):
    assert parties.signatures_of(half_confirmed)["head"].post_title == "Hiệu trưởng"


def test_nobody_confirms_his_own_by_standing_in_for_his_head(cast, campaign, deputy):
    stand_in(deputy, cast.school, "deputises")
    own = sign(deputy, campaign)
    assert own.signing_unit == cast.school, "standing in makes nobody a head"
    with pytest.raises(StepRefused, match="của chính mình"):
        confirm(own, deputy)


def test_who_stands_in_pledges_as_what_he_is(cast, deputy):
    stand_in(deputy, cast.school, "by_authority")
    reader = afresh(deputy)
    assert kind_of(reader) == Pledge.Kind.INDIVIDUAL
    assert title_of(reader, "vien_chuc") == "Phó Hiệu trưởng"
    assert roster.signing_unit(reader, reader.today) == cast.school


def test_a_stand_in_of_the_chair_confirms_for_the_union(cast, half_confirmed):
    member = person("Lê Ủy Viên", cast.school, "vien_chuc")
    stand_in(
        member, cast.school, "deputises", "pledges", kind="union_chair", title="Chủ tịch Công đoàn cơ sở"
    )
    done = services.countersign_for_union(
        pledge=half_confirmed, by=afresh(member), seen_sha256=half_confirmed.sha256, proof=proved()
    )
    assert parties.signatures_of(done)["union"].post_title == "KT. Chủ tịch Công đoàn cơ sở"
