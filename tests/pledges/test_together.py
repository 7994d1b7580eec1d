"""At the same instant: the database decides, one act counts, the other is told."""

import pytest

from ledger.models import Event
from pledges import services
from pledges.models import PaperJob, Pledge, Refusal, Signature
from tests.cast import make_cast
from tests.factories import appoint, make_campaign, person
from tests.pledges.acts import (
    add,
    afresh,
    confirm,
    hand_over,
    proposal,
    proved,
    revoke,
    sign,
    sign_for_unit,
    withdraw,
)
from tests.together import at_once
from units.models import Appointment, Employment

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(transactional_db):
    return make_cast()


@pytest.fixture
def campaign(transactional_db):
    return make_campaign()


def test_two_heads_confirm_at_once_and_one_signature_counts(cast, campaign):
    second = person("Lê Thị Song", cast.ward)
    appoint(second, cast.ward, "head", "Chủ tịch UBND phường")
    pledge = sign(cast.official, campaign)
    said = at_once(lambda: confirm(pledge, cast.head), lambda: confirm(pledge, second))
    assert sorted(said, key=len)[0] == "done"
    assert "đã xác nhận lúc" in sorted(said, key=len)[1]
    assert Signature.objects.filter(party="head").count() == 1
    assert PaperJob.objects.count() == 1
    assert Event.objects.filter(kind="pledges.pledge.countersign_complete").count() == 1


def test_one_person_signs_in_two_windows_at_once(cast, campaign):
    shown = proposal(cast.official, campaign)

    def act():
        services.sign_pledge(
            by=afresh(cast.official),
            campaign=campaign,
            year=shown.year,
            own_words="",
            seen_sha256=shown.sha256,
            proof=proved(),
        )

    said = at_once(act, act)
    assert sorted(said, key=len)[0] == "done"
    assert "đã ký cam kết" in sorted(said, key=len)[1]
    assert Pledge.objects.count() == Signature.objects.count() == 1


def test_a_return_and_a_confirmation_at_once_leave_one_of_them(cast, campaign):
    pledge = sign(cast.school_official, campaign)
    head = cast.school_head

    def give_back():
        services.return_pledge(pledge=pledge, by=afresh(head), reason="Chưa rõ", seen_sha256=pledge.sha256)

    said = at_once(lambda: confirm(pledge, head), give_back)
    assert said.count("done") == 1
    row = Pledge.objects.get()
    assert row.signatures.filter(party="head").exists() == (row.status == "awaiting_union")


def test_the_person_withdraws_while_the_head_confirms_and_one_of_them_is_told(cast, campaign):
    for _ in range(5):
        pledge = sign(cast.official, campaign)
        said = at_once(lambda row=pledge: confirm(row, cast.head), lambda row=pledge: withdraw(row, row.user))
        assert said.count("done") == 1
        assert sum("lúc" in sentence for sentence in said) == 1, "who did what and when"
        row = Pledge.objects.get()
        by_head = row.signatures.filter(party="head", round=row.round).exists()
        assert by_head == (row.status == "complete")
        if by_head:
            revoke(row, cast.head)


def test_head_and_substitute_confirm_at_once_and_one_signature_counts(cast, campaign):
    deputy = person("Lê Thị Phó", cast.ward)
    stands_in = appoint(deputy, cast.ward, "head", "Chủ tịch UBND phường")
    Appointment.objects.filter(pk=stands_in.pk).update(manner=Appointment.Manner.DEPUTISES)
    pledge = sign(cast.official, campaign)
    said = at_once(lambda: confirm(pledge, cast.head), lambda: confirm(pledge, deputy))
    assert said.count("done") == 1
    assert Signature.objects.filter(party="head").count() == PaperJob.objects.count() == 1


def test_head_confirms_while_the_pledge_is_handed_over_and_one_place_has_it(cast, campaign):
    pledge = sign(cast.official, campaign)
    Employment.objects.filter(user=cast.official).update(unit=cast.other_ward)
    said = at_once(lambda: confirm(pledge, cast.head), lambda: hand_over(pledge, cast.home_affairs))
    assert said.count("done") == 1
    row = Pledge.objects.get()
    assert (row.status == "complete") == (row.signing_unit == cast.ward)


def test_no_pledge_with_the_old_words_slips_in_after_the_new_ones(cast, campaign):
    """Either it was signed first and is stale, or it was refused: the words changed meanwhile."""
    people = [person(f"Lê Thị {number}", cast.ward) for number in range(7)]
    shown = {user.pk: proposal(user, campaign) for user in people}

    def signing(user):
        seen = shown[user.pk]
        return lambda: services.sign_pledge(
            by=afresh(user),
            campaign=campaign,
            year=seen.year,
            own_words="",
            seen_sha256=seen.sha256,
            proof=proved(),
        )

    said = at_once(lambda: add(cast.head, cast.ward, campaign, "Đúng hẹn."), *map(signing, people))
    assert said[0] == "done"
    assert {sentence for sentence in said[1:] if "đã thay đổi từ khi mở trang" not in sentence} <= {"done"}
    assert Pledge.objects.count() == said[1:].count("done")
    assert not Pledge.objects.filter(stale_since__isnull=True).exists()


def test_two_windows_decline_at_once_and_one_refusal_stands(cast, campaign):
    def act():
        by = afresh(cast.official)
        services.decline(by=by, campaign=campaign, year=by.today.year, reason="Không đồng ý.")

    said = at_once(act, act)
    assert said.count("done") == 1
    assert Refusal.objects.count() == 1


def test_two_heads_pledge_for_the_unit_at_once_and_it_pledges_once(cast, campaign):
    second = person("Lê Thị Song", cast.ward)
    appoint(second, cast.ward, "head", "Chủ tịch UBND phường")
    said = at_once(
        lambda: sign_for_unit(cast.head, cast.ward, campaign),
        lambda: sign_for_unit(second, cast.ward, campaign),
    )
    assert said.count("done") == 1
    assert Pledge.objects.filter(kind="collective").count() == Signature.objects.count() == 1
