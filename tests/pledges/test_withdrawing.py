"""A pledge is taken back: by the person while it is on its way, a complete one by whoever it was made to (S9)."""

from datetime import date

import pytest
from django.urls import reverse

from documents.models import Paper
from documents.services import store_paper
from ledger import clock, events
from ledger.workflow import StepRefused
from notices.models import Notice
from pledges import coverage, duties
from pledges.models import EarlierRecord, PaperJob, Pledge
from pledges.workflow import PLEDGE
from tests.pledges.acts import afresh, confirm, revoke, send_back, sign, withdraw


def again(pledge: Pledge) -> Pledge:
    return Pledge.objects.get(pk=pledge.pk)


def printed(pledge: Pledge) -> Paper:
    """Its paper, as the worker would have stored it."""
    paper = store_paper(
        kind=Paper.Kind.PLEDGE,
        title="Bản cam kết",
        body=f"%PDF-1.7 /Type /Pages /Count 1 {pledge.check_code}".encode(),
        object_kind=PLEDGE.kind,
        object_id=pledge.public_id,
        unit_id=pledge.unit.public_id,
        manifest_sha256=pledge.sha256,
        check_code=pledge.check_code,
    )
    Pledge.objects.filter(pk=pledge.pk).update(paper=paper)
    PaperJob.objects.filter(pledge=pledge).update(status="done")
    return paper


# --- by the person


@pytest.mark.parametrize("stage", ["signed", "half_confirmed"])
def test_a_person_withdraws_what_is_on_its_way_and_the_duty_opens_again(cast, request, stage):
    pledge = withdraw(request.getfixturevalue(stage), cast.school_official, "Ghi nhầm lớp.")
    assert pledge.status == Pledge.Status.WITHDRAWN
    assert [duty.action for duty in duties.of(afresh(cast.school_official))] == ["Ký cam kết"]
    last = events.history(PLEDGE.kind, pledge.public_id)[-1]
    assert (last.kind, last.by, last.reason) == ("pledges.pledge.withdraw", "Ưng Thị Ẩn", "Ghi nhầm lớp.")


def test_a_withdrawn_pledge_is_signed_again_and_what_was_signed_is_kept(cast, campaign, signed):
    withdraw(signed, cast.school_official)
    fresh = sign(cast.school_official, campaign, "Lớp 4B.")
    assert (fresh.pk, fresh.round, fresh.status) == (signed.pk, 2, "awaiting_head")
    assert EarlierRecord.objects.get().sha256 == signed.sha256


def test_a_withdrawn_pledge_waits_for_nobody_and_counts_for_nobody(cast, campaign, signed):
    withdraw(signed, cast.school_official)
    assert not Pledge.objects.waiting_for(afresh(cast.school_head)).exists()
    with pytest.raises(StepRefused, match="đã rút bản cam kết"):
        confirm(again(signed), cast.school_head)
    user = afresh(cast.school_head)
    found = coverage.of(user=user, campaign=campaign, year=signed.year, today=user.today)
    assert found.signed == 0


@pytest.mark.parametrize("role", ["school_head", "home_affairs", "stranger", "head"])
def test_nobody_else_withdraws_it(cast, signed, role):
    with pytest.raises(StepRefused, match="Chỉ người đã ký"):
        withdraw(signed, cast.people[role])
    assert again(signed).status == "awaiting_head"


def test_a_complete_pledge_is_not_withdrawn_by_the_person(cast, complete):
    with pytest.raises(StepRefused, match="Không thể “Rút cam kết”"):
        withdraw(complete, cast.official)


def test_a_returned_pledge_is_not_withdrawn_it_is_signed_again(cast, signed):
    with pytest.raises(StepRefused, match="Không thể “Rút cam kết”"):
        withdraw(send_back(signed, cast.school_head), cast.school_official)


def test_without_a_reason_nothing_is_taken_back(cast, signed, complete):
    for act, pledge, by in ((withdraw, signed, cast.school_official), (revoke, complete, cast.head)):
        with pytest.raises(StepRefused, match="Cần ghi lý do"):
            act(pledge, by, "  ")
        assert again(pledge).status == pledge.status


# --- of a complete one


@pytest.mark.parametrize("role", ["head", "home_affairs", "home_affairs_head"])
def test_the_head_and_home_affairs_revoke_a_complete_pledge_and_the_person_is_told(cast, complete, role):
    pledge = revoke(complete, cast.people[role], "Ký nhầm người.")
    assert pledge.status == Pledge.Status.WITHDRAWN
    said = Notice.objects.filter(user=cast.official).latest("pk").text
    assert said == f"Bản cam kết năm {complete.year} đã bị thu hồi. Xem lý do và ký lại."
    assert events.history(PLEDGE.kind, pledge.public_id)[-1].reason == "Ký nhầm người."


def test_of_one_of_last_year_the_person_is_not_asked_to_sign_it_again(cast, complete, on_day):
    on_day(clock.today().replace(year=complete.year + 1, month=1, day=5))
    revoke(complete, cast.head)
    said = Notice.objects.filter(user=cast.official).latest("pk").text
    assert said == f"Bản cam kết năm {complete.year} đã bị thu hồi. Xem lý do."


@pytest.mark.parametrize("role", ["clerk", "other_head", "school_head", "leadership", "union_chair"])
def test_nobody_else_revokes(cast, complete, role):
    with pytest.raises(StepRefused, match="Chỉ người đứng đầu đơn vị nhận"):
        revoke(complete, cast.people[role])


def test_nobody_revokes_his_own_pledge_not_even_home_affairs(cast, campaign):
    own = confirm(sign(cast.home_affairs, campaign), cast.home_affairs_head)
    with pytest.raises(StepRefused, match="chính mình"):
        revoke(own, cast.home_affairs)


def test_what_is_not_complete_is_not_revoked(cast, signed):
    with pytest.raises(StepRefused, match="Thu hồi"):
        revoke(signed, cast.school_head)


def test_whoever_checks_the_paper_reads_that_it_was_withdrawn(cast, complete, client):
    paper = printed(complete)
    revoke(again(complete), cast.head, "Ký nhầm người.")
    paper.refresh_from_db()
    assert paper.state == Paper.State.WITHDRAWN


def test_after_a_revocation_the_new_round_has_a_new_code_and_the_old_paper_stays_withdrawn(
    cast, campaign, complete
):
    paper = printed(complete)
    revoke(again(complete), cast.head)
    fresh = sign(cast.official, campaign)
    assert (fresh.round, fresh.paper, fresh.completed_at) == (2, None, None)
    assert fresh.check_code != complete.check_code
    kept = EarlierRecord.objects.get()
    assert (kept.check_code, kept.paper) == (complete.check_code, paper)
    paper.refresh_from_db()
    assert paper.state == Paper.State.WITHDRAWN


def test_an_order_for_the_paper_that_was_not_made_yet_is_stopped(cast, campaign, complete):
    assert PaperJob.objects.active().count() == 1
    revoke(complete, cast.head)
    assert not PaperJob.objects.active().exists()
    confirm(sign(cast.official, campaign), cast.head)
    assert PaperJob.objects.active().count() == 1, "the new round has its own"


# --- the pages


def test_the_pages_do_it(cast, complete, signed, client_of, post_form):
    client = client_of(cast.school_official)
    page = client.get(signed.get_absolute_url()).content.decode()
    url = reverse("pledges:pledge_withdraw", args=[signed.public_id])
    assert url in page
    assert "lại phải ký" in client.get(url).content.decode()
    answer = post_form(client, url, {"reason": "Ghi nhầm."}, follow=True)
    assert "Ghi nhầm." in answer.content.decode() and "Đã rút" in answer.content.decode()
    head = client_of(cast.head)
    url = reverse("pledges:pledge_revoke", args=[complete.public_id])
    assert url in head.get(complete.get_absolute_url()).content.decode()
    assert "“Đã thu hồi”" in head.get(url).content.decode()
    answer = post_form(head, url, {"reason": "Ký nhầm người."}, follow=True)
    assert "đã thu hồi lúc" in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "role", "status"),
    [
        ("pledge_withdraw", "school_head", 403),
        ("pledge_withdraw", "stranger", 404),
        ("pledge_revoke", "school_official", 403),
        ("pledge_revoke", "clerk", 403),
        ("pledge_revoke", "stranger", 404),
    ],
)
def test_who_may_not_is_told_so_and_who_sees_nothing_finds_nothing(  # noqa: PLR0917 - a table
    cast, signed, client_of, name, role, status
):
    url = reverse(f"pledges:{name}", args=[signed.public_id])
    assert client_of(cast.people[role]).get(url).status_code == status


# --- When the year is over


def test_pages_of_a_year_that_is_over_do_not_say_to_sign_again(cast, campaign, on_day, client_of):
    """Only this year's pledges are signed."""
    on_day(date(2026, 12, 20))
    waits = sign(cast.school_official, campaign)
    stands = confirm(sign(cast.official, campaign), cast.head)
    pages = {
        "pledge_withdraw": (waits, cast.school_official, "; ông/bà lại phải ký"),
        "pledge_revoke": (stands, cast.head, " và phải ký lại"),
    }
    for year, is_said in ((2026, True), (2027, False)):
        on_day(date(year, 12, 21))
        for name, (pledge, reader, words) in pages.items():
            url = reverse(f"pledges:{name}", args=[pledge.public_id])
            page = client_of(reader).get(url).content.decode()
            assert (words in page) == is_said and "không còn hiệu lực" in page


def test_taken_back_it_says_that_nothing_is_signed_for_it_any_more(cast, campaign, on_day, client_of):
    on_day(date(2026, 12, 20))
    pledge = confirm(sign(cast.official, campaign), cast.head)
    on_day(date(2027, 1, 5))
    revoke(pledge, cast.head)
    page = client_of(cast.head).get(pledge.get_absolute_url()).content.decode()
    assert "Năm 2026 đã hết nên bản này không ký lại nữa" in page
    assert "ký lại khi cần" not in page
