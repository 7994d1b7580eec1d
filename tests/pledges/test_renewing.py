"""What has pledges signed again: a new text, what a unit adds, a new head who asks (S1, S12)."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from documents.models import Paper
from ledger import clock, events
from ledger.models import Event
from ledger.workflow import StepRefused
from pledges import coverage, duties, services
from pledges.history import what_stands, why_again
from pledges.models import EarlierRecord, Pledge, PledgeText, UnitAddition
from pledges.services.renewing import confirmed_before
from pledges.services.texts import load_pledge_texts
from tests.factories import appoint, employ, make_user, person
from tests.pledges.acts import (
    add,
    afresh,
    confirm,
    confirm_for_union,
    proposal,
    send_back,
    sign,
    sign_for_unit,
    withdraw,
)
from tests.pledges.test_substitutes import stand_in
from tests.pledges.test_withdrawing import printed
from units.models import Appointment

ADDED = "Trả hồ sơ đúng hẹn 100%."
SIGN = "pledges:pledge_sign"
WRITE = "pledges:addition_write"
ASK = "pledges:renewal_ask"


def again(pledge: Pledge) -> Pledge:
    return Pledge.objects.get(pk=pledge.pk)


def new_text(campaign, *, renews: bool = True) -> list[str]:
    """The next version, as the decision's file would bring it."""
    first = PledgeText.objects.get(version=1)
    names = ("subject", "intro", "own_words_label", "closing", "leader_clause", "collective_intro")
    known = {"version": 1, **{name: getattr(first, name) for name in names}}
    second = known | {"version": 2, "closing": "Nếu vi phạm, tôi chịu trách nhiệm.", "renews": renews}
    return load_pledge_texts(campaign, {"pledge_text": [known, second]})


def signed_share(campaign, user) -> int:
    reader = afresh(user)
    return coverage.of(user=reader, campaign=campaign, year=reader.today.year, today=reader.today).signed


# --- a new text


def test_a_new_text_makes_every_pledge_of_the_year_stale_in_one_statement(cast, campaign, signed, complete):
    unit = sign_for_unit(cast.school_head, cast.school, campaign)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        said = new_text(campaign)
    assert said == ["thêm mẫu bản cam kết 2; 3 bản đã ký năm nay phải ký lại"]
    updates = [row["sql"] for row in asked if row["sql"].startswith("UPDATE")]
    assert len(updates) == 1
    assert all(again(row).stale_since for row in (signed, complete, unit))
    event = Event.objects.get(kind="pledges.pledgetext.publish", data__version=2)
    assert event.data == {"version": 2, "renews": True, "stale": 3}


def test_a_slip_of_the_pen_put_right_lets_them_stand(cast, campaign, signed):
    new_text(campaign, renews=False)
    assert again(signed).stale_since is None
    assert sign(cast.official, campaign).content["text"]["version"] == 2


def test_pledges_of_other_years_stand(cast, campaign, on_day):
    on_day(date(2025, 6, 2))
    last_year = sign(cast.official, campaign)
    on_day(date(2026, 6, 2))
    new_text(campaign)
    assert again(last_year).stale_since is None


def test_the_duty_opens_again_and_every_page_says_why(cast, campaign, complete, client_of):
    new_text(campaign)
    duty = duties.of(afresh(cast.official))[0]
    assert (duty.title, duty.action) == (f"Bản cam kết năm {complete.year} phải ký lại", "Ký lại")
    client = client_of(cast.official)
    for url in ("/", reverse(SIGN), complete.get_absolute_url(), reverse("pledges:pledge_mine")):
        assert "Mẫu cam kết đã thay đổi (mẫu số 2)." in client.get(url).content.decode(), url


def test_what_is_stale_counts_no_more_until_it_is_signed_again(cast, campaign, complete):
    assert signed_share(campaign, cast.head) == 1
    new_text(campaign)
    assert signed_share(campaign, cast.head) == 0
    sign(cast.official, campaign)
    assert signed_share(campaign, cast.head) == 1


def test_nobody_confirms_what_is_stale(cast, campaign, signed, half_confirmed):
    new_text(campaign)
    assert not Pledge.objects.waiting_for(cast.union_chair).exists()
    for act, who in ((confirm, cast.school_head), (confirm_for_union, cast.union_chair)):
        Pledge.objects.update(status="awaiting_head" if act is confirm else "awaiting_union")
        with pytest.raises(StepRefused, match="cần ký lại rồi mới xác nhận"):
            act(again(signed), who)
    with pytest.raises(StepRefused, match="cần ký lại"):
        send_back(again(signed), cast.union_chair)


def test_a_complete_pledge_is_signed_again_and_its_paper_says_that_it_was_replaced(cast, campaign, complete):
    paper = printed(complete)
    new_text(campaign)
    fresh = sign(cast.official, campaign)
    assert (fresh.pk, fresh.round, fresh.status) == (complete.pk, 2, "awaiting_head")
    assert (fresh.stale_since, fresh.completed_at, fresh.paper) == (None, None, None)
    kept = EarlierRecord.objects.get()
    assert (kept.check_code, kept.paper, kept.sha256) == (complete.check_code, paper, complete.sha256)
    assert fresh.check_code != complete.check_code
    paper.refresh_from_db()
    assert paper.state == Paper.State.REPLACED
    assert confirm(fresh, cast.head).status == Pledge.Status.COMPLETE


def test_a_withdrawn_pledge_is_not_touched(cast, campaign, signed):
    withdraw(signed, cast.school_official)
    new_text(campaign)
    assert again(signed).stale_since is None


# --- what a unit adds


def test_the_unit_s_words_stand_in_the_record_of_those_it_reaches(cast, campaign):
    addition = add(cast.head, cast.ward, campaign, ADDED)
    said = {"id": addition.public_id, "version": 1, "text": ADDED}
    assert sign(cast.clerk, campaign).content["addition"] == said
    division = sign(cast.official, campaign)
    assert (division.content["addition"], division.addition) == (said, addition), (
        "a phòng has none of its own"
    )
    assert sign(cast.school_official, campaign).content["addition"] is None, (
        "the school has papers of its own"
    )
    assert sign(cast.school_head, campaign).content["addition"] is None, (
        "he pledges to the ward and works here"
    )


def test_the_page_shows_it_before_it_is_signed(cast, campaign, client_of):
    add(cast.head, cast.ward, campaign, ADDED)
    page = client_of(cast.official).get(reverse(SIGN)).content.decode()
    assert ADDED in page and "nội dung bổ sung bản 1" in page


def test_an_addition_that_renews_reaches_its_people_and_nobody_else(cast, campaign, signed, complete):
    add(cast.head, cast.ward, campaign, ADDED)
    assert again(complete).stale_since is not None
    assert again(signed).stale_since is None
    assert "Nội dung bổ sung của đơn vị đã thay đổi" in why_again(again(complete))
    event = Event.objects.get(kind="pledges.unitaddition.publish")
    assert event.data == {"version": 1, "renews": True, "stale": 1, "ends": False}


def test_an_addition_that_does_not_renew_lets_pledges_stand(cast, campaign, complete):
    add(cast.head, cast.ward, campaign, ADDED, renews=False)
    assert again(complete).stale_since is None


def test_a_new_version_and_the_end_of_it(cast, campaign):
    add(cast.head, cast.ward, campaign, ADDED)
    add(cast.head, cast.ward, campaign, "Trả hồ sơ trước hẹn.", seen=1)
    assert proposal(cast.official, campaign).shown["addition"]["version"] == 2
    ended = add(cast.head, cast.ward, campaign, "", seen=2)
    assert (ended.version, proposal(cast.official, campaign).shown["addition"]) == (3, None)
    assert UnitAddition.objects.count() == 3, "every version stays"


@pytest.mark.parametrize(
    ("text", "seen", "sentence"),
    [
        (ADDED, 1, "giống hệt"),
        ("Khác.", 0, "vừa được người khác sửa"),
        ("a" * 2001, 1, "dài quá 2000"),
    ],
)
def test_what_cannot_be_saved_is_said(cast, campaign, text, seen, sentence):
    add(cast.head, cast.ward, campaign, ADDED)
    with pytest.raises(StepRefused, match=sentence):
        add(cast.head, cast.ward, campaign, text, seen=seen)
    assert UnitAddition.objects.count() == 1


def test_nothing_is_ended_that_never_was_and_a_unit_without_papers_adds_nothing(cast, campaign):
    with pytest.raises(StepRefused, match="chưa có nội dung bổ sung"):
        add(cast.head, cast.ward, campaign, "")
    chief = person("Lê Trưởng", cast.division, post=("head", "Trưởng phòng"))
    with pytest.raises(StepRefused, match="không ban hành văn bản riêng"):
        add(chief, cast.division, campaign, ADDED)


@pytest.mark.parametrize("role", ["clerk", "school_head", "chair_of_province", "home_affairs", "stranger"])
def test_only_the_head_writes_it(cast, campaign, client_of, role):
    with pytest.raises(StepRefused, match="Chỉ người đứng đầu"):
        add(cast.people[role], cast.ward, campaign, ADDED)
    assert client_of(cast.people[role]).get(reverse(WRITE, args=[cast.ward.public_id])).status_code == 403


def test_the_page_to_write_it(cast, campaign, complete, client_of, post_form):
    client, url = client_of(cast.head), reverse(WRITE, args=[cast.ward.public_id])
    assert "của 3 người đang làm việc tại đơn vị" in client.get(url).content.decode()
    data = {"text": ADDED, "seen_version": 0, "renews": "on"}
    page = post_form(client, url, data, follow=True).content.decode()
    assert "Đã lưu nội dung bổ sung của UBND phường Kim Long (bản 1)." in page
    assert "người đã ký trong năm phải ký lại" in page
    assert again(complete).stale_since is not None
    page = post_form(client, url, data, follow=True).content.decode()
    assert "vừa được người khác sửa" in page


# --- heads come and go


@pytest.fixture
def new_head(cast, complete):
    """The chairman who confirmed is gone; another holds his post."""
    Appointment.objects.filter(user=cast.head).update(until=clock.today())
    successor = person("Lê Thị Mới", cast.ward)
    appoint(successor, cast.ward, "head", "Chủ tịch UBND phường", since=clock.today())
    return successor


def ask(head, unit, campaign, *, count: int, reason: str = "Nhiệm vụ mới.") -> int:
    return services.ask_renewal(
        unit=unit, campaign=campaign, reason=reason, seen_count=count, by=afresh(head)
    )


def test_what_another_head_in_office_confirmed_is_no_former_head_s(cast, campaign, complete):
    second = person("Lê Thị Song", cast.ward)
    appoint(second, cast.ward, "head", "Chủ tịch UBND phường", since=clock.today())
    confirm(sign(cast.clerk, campaign), second)
    for one in (cast.head, second):
        assert not confirmed_before(cast.ward, campaign, afresh(one)).exists()


def test_what_a_former_head_confirmed_stands_and_the_page_says_so(cast, complete, new_head, client_of):
    sentence = what_stands(complete, clock.today())[0]
    assert sentence.startswith("Tôn Thất Đức xác nhận ngày ")
    assert "khi là Chủ tịch UBND phường, nay không còn giữ chức vụ đó. Xác nhận vẫn có giá trị." in sentence
    assert sentence in client_of(cast.official).get(complete.get_absolute_url()).content.decode()


def test_while_he_holds_it_nothing_needs_saying(complete):
    assert what_stands(complete, clock.today()) == []


def test_what_waits_goes_to_the_new_head_by_itself(cast, campaign, new_head):
    waiting = sign(cast.clerk, campaign)
    assert confirm(waiting, new_head).status == Pledge.Status.COMPLETE


def test_a_new_head_has_them_signed_again_in_one_act_with_the_reason(cast, campaign, complete, new_head):
    waiting = sign(cast.clerk, campaign)
    assert ask(new_head, cast.ward, campaign, count=1) == 1
    assert again(complete).stale_since is not None
    assert again(waiting).stale_since is None, "what waits comes to him anyway"
    assert why_again(again(complete)) == "Chủ tịch UBND phường Lê Thị Mới đề nghị ký lại: Nhiệm vụ mới."
    assert len(events.history("pledges.renewal", cast.ward.public_id)) == 1
    assert confirm(sign(cast.official, campaign), new_head).status == Pledge.Status.COMPLETE
    with pytest.raises(StepRefused, match="Không có bản cam kết nào"):
        ask(new_head, cast.ward, campaign, count=0)


def test_the_number_that_was_shown_is_the_number_that_is_done(cast, campaign, complete, new_head):
    with pytest.raises(StepRefused, match="nay là 1 bản"):
        ask(new_head, cast.ward, campaign, count=2)
    assert again(complete).stale_since is None


def test_a_head_does_not_undo_what_he_confirmed_himself(cast, campaign, complete):
    with pytest.raises(StepRefused, match="Không có bản cam kết nào"):
        ask(cast.head, cast.ward, campaign, count=1)


@pytest.mark.usefixtures("in_autumn_2026")
def test_what_a_deputy_confirmed_in_his_stead_is_his_own_and_not_a_former_head_s(cast, campaign, on_day):
    deputy = person("Lê Phó", cast.ward, post=("deputy", "Phó Chủ tịch UBND phường"))
    stand_in(deputy, cast.ward, "deputises", title="Chủ tịch UBND phường")
    confirm(sign(cast.official, campaign), deputy)
    for asks in (cast.head, deputy):
        assert not confirmed_before(cast.ward, campaign, afresh(asks)).exists()
    on_day(clock.today() + timedelta(days=1))
    Appointment.objects.filter(user=cast.head).update(until=clock.today())
    successor = person("Lê Thị Mới", cast.ward)
    appoint(successor, cast.ward, "head", "Chủ tịch UBND phường", since=clock.today())
    assert confirmed_before(cast.ward, campaign, afresh(successor)).count() == 1


def test_so_it_is_where_his_standing_in_ended_on_the_very_day(cast, campaign):
    deputy = person("Lê Phó", cast.ward, post=("deputy", "Phó Chủ tịch UBND phường"))
    stand_in(deputy, cast.ward, "deputises", title="Chủ tịch UBND phường")
    confirm(sign(cast.official, campaign), deputy)
    Appointment.objects.filter(user=deputy, manner="deputises").update(until=clock.today())
    assert not confirmed_before(cast.ward, campaign, afresh(cast.head)).exists()


def test_who_stands_in_for_the_head_does_not_undo_what_the_head_confirmed(cast, campaign, complete):
    deputy = person("Lê Phó", cast.ward, post=("deputy", "Phó Chủ tịch UBND phường"))
    stand_in(deputy, cast.ward, "deputises", title="Chủ tịch UBND phường")
    with pytest.raises(StepRefused, match="Không có bản cam kết nào"):
        ask(deputy, cast.ward, campaign, count=1)


def test_each_pledge_tells_the_act_that_made_it_stale(cast, campaign, complete, new_head):
    confirmed_by_him = confirm(sign(cast.clerk, campaign), new_head)
    ask(new_head, cast.ward, campaign, count=1)
    add(new_head, cast.ward, campaign, ADDED)
    assert why_again(again(complete)) == "Chủ tịch UBND phường Lê Thị Mới đề nghị ký lại: Nhiệm vụ mới."
    assert why_again(again(confirmed_by_him)).startswith("Nội dung bổ sung của đơn vị đã thay đổi")


def marked_a_moment_later(pledge: Pledge) -> Pledge:
    """As requests were once written: the pledge carries a moment of its own, right after the act's."""
    Pledge.objects.filter(pk=pledge.pk).update(stale_since=clock.now())
    return again(pledge)


def test_one_made_stale_a_moment_after_the_request_tells_the_request(cast, campaign, complete, new_head):
    ask(new_head, cast.ward, campaign, count=1)
    assert "đề nghị ký lại: Nhiệm vụ mới." in why_again(marked_a_moment_later(complete))


def test_one_that_an_addition_made_stale_after_that_tells_the_addition(cast, campaign, complete, new_head):
    ask(new_head, cast.ward, campaign, count=1)
    add(new_head, cast.ward, campaign, ADDED)
    said = why_again(marked_a_moment_later(complete))
    assert said.startswith("Nội dung bổ sung của đơn vị đã thay đổi")


def test_a_request_from_before_it_was_signed_is_not_its_reason(cast, campaign, complete, new_head):
    ask(new_head, cast.ward, campaign, count=1)
    fresh = sign(cast.official, campaign)
    add(new_head, cast.ward, campaign, ADDED)
    said = why_again(marked_a_moment_later(fresh))
    assert said.startswith("Nội dung bổ sung của đơn vị đã thay đổi")


def test_nobody_else_asks_for_it(cast, campaign, complete, new_head, client_of):
    for role in ("head", "clerk", "home_affairs", "chair_of_province"):
        with pytest.raises(StepRefused, match="Chỉ người đứng đầu"):
            ask(cast.people[role], cast.ward, campaign, count=1)
    assert client_of(cast.clerk).get(reverse(ASK, args=[cast.ward.public_id])).status_code == 403


def test_the_page_shows_the_number_first(cast, complete, new_head, client_of, post_form):
    client, url = client_of(new_head), reverse(ASK, args=[cast.ward.public_id])
    page = client.get(url).content.decode()
    assert "<strong>1</strong> bản do người đứng đầu trước xác nhận" in page
    page = post_form(client, url, {"seen_count": 1, "reason": "Nhiệm vụ mới."}, follow=True).content.decode()
    assert "Đã đề nghị ký lại 1 bản cam kết" in page
    assert "Không có bản cam kết nào" in client.get(url).content.decode()


@pytest.mark.parametrize("people", [1, 5])
def test_an_addition_costs_the_same_for_one_and_for_five(
    cast, campaign, django_assert_num_queries, settings, people
):
    for number in range(people):
        user = make_user(f"Lê Thị {number}")
        employ(user, cast.ward)
        sign(user, campaign)
    head = afresh(cast.head)
    assert head.posts_today
    # On PostgreSQL one statement holds the organisation still and one closes the book; posts are read again after it.
    with django_assert_num_queries(11 if settings.ON_SQLITE else 13):
        services.publish_addition(
            unit=cast.ward, campaign=campaign, text=ADDED, renews=True, seen_version=0, by=head
        )
    assert Pledge.objects.filter(stale_since__isnull=False).count() == people
