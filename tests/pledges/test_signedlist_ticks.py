"""Ticking who signed by hand: whom “Chọn tất cả” means, what is said beside a name, and whose refusal comes back."""

from datetime import timedelta

import pytest
from django.urls import reverse

from ledger import clock
from notices.models import Notice
from pledges import duties
from pledges.listing import on_the_list
from pledges.models import Pledge, Refusal, SignedList
from pledges.services import decline, take_back_refusal
from tests.factories import person
from tests.pledges.acts import afresh, send_back
from tests.pledges.test_signedlists import begin, enter, order, recorded, take_back, tick
from units.models import Absence, User


def refuse(user: User, campaign) -> Refusal:
    return decline(by=afresh(user), campaign=campaign, year=clock.today().year, reason="Chưa đồng ý.")


@pytest.fixture
def on_leave(cast) -> User:
    away = person("Lê Nghỉ Thai Sản", cast.school)
    since = clock.today() - timedelta(days=30)
    Absence.objects.create(user=away, kind=Absence.Kind.LONG_LEAVE, reason="Thai sản", since=since)
    return away


@pytest.fixture
def press_all(client_of, post_form):
    """`press_all(list, by)` → who is ticked, and the page that follows."""

    def press(made: SignedList, by: User) -> tuple[set[str], str]:
        typed = {"version": made.version, "signed_on": f"{made.signed_on:%d/%m/%Y}", "act": "all"}
        page = post_form(client_of(by), made.get_absolute_url(), typed, follow=True).content.decode()
        return set(made.people.values_list("user__full_name", flat=True)), page

    return press


@pytest.mark.usefixtures("on_leave")
def test_all_are_those_who_owe_a_pledge_and_have_not_refused(cast, campaign, press_all):
    refuse(cast.union_chair, campaign)
    ticked, page = press_all(begin(cast.school, campaign, cast.school_head), cast.school_head)
    assert ticked == {"Ưng Thị Ẩn"}
    assert "Chưa đánh dấu 2 người: không thuộc diện phải ký, đã báo không ký" in page
    assert "đã báo không ký</span>" in page and "không thuộc diện phải ký</span>" in page


def test_all_of_a_printed_list_are_those_who_stand_on_it(cast, campaign, press_all):
    blank = order(cast, campaign)
    person("Lê Mới Về", cast.school)
    made = begin(cast.school, campaign, cast.school_head, blank=blank)
    ticked, page = press_all(made, cast.school_head)
    assert ticked == {"Ưng Thị Ẩn", "Hồ Văn Ưng"}
    assert "Chưa đánh dấu 1 người" in page
    names = [one.user.full_name for one in on_the_list(made, afresh(cast.school_head))]
    assert names == ["Ưng Thị Ẩn", "Hồ Văn Ưng", "Lê Mới Về"]


def test_all_keeps_who_was_ticked_by_hand(cast, campaign, client_of, post_form):
    refuse(cast.union_chair, campaign)
    made = begin(cast.school, campaign, cast.school_head)
    typed = {"version": made.version, "signed_on": f"{made.signed_on:%d/%m/%Y}", "act": "all"}
    typed["people"] = cast.union_chair.public_id
    page = post_form(client_of(cast.school_head), made.get_absolute_url(), typed, follow=True)
    assert set(made.people.values_list("user__full_name", flat=True)) == {"Ưng Thị Ẩn", "Hồ Văn Ưng"}
    assert "Chưa đánh dấu" not in page.content.decode()


def test_nothing_is_said_where_everybody_is_ticked(cast, campaign, press_all):
    _, page = press_all(begin(cast.school, campaign, cast.school_head), cast.school_head)
    assert "Chưa đánh dấu" not in page


def test_who_signed_all_the_same_is_ticked_by_hand(cast, campaign, on_leave):
    refusal = refuse(cast.union_chair, campaign)
    entered = recorded(cast.school, campaign, cast.school_head, cast.union_chair, on_leave)
    assert {row.user for row in entered.pledges} == {cast.union_chair, on_leave}
    assert entered.refused == []
    refusal.refresh_from_db()
    assert refusal.ended_at is not None


def test_the_first_button_of_the_form_keeps_the_draft(cast, campaign, client_of):
    """Enter in a field presses it (HTML, implicit submission)."""
    made = begin(cast.school, campaign, cast.school_head)
    page = client_of(cast.school_head).get(made.get_absolute_url()).content.decode()
    buttons = [part.partition(">")[0] for part in page.partition('name="version"')[2].split("<button")[1:]]
    assert 'value="save"' in buttons[0]


# --- Taking the list back


@pytest.fixture
def refused_then_listed(cast, campaign) -> Refusal:
    refusal = refuse(cast.school_official, campaign)
    recorded(cast.school, campaign, cast.school_head, cast.school_official, cast.union_chair)
    return refusal


def test_a_refusal_that_the_list_ended_comes_back_with_its_withdrawal(cast, refused_then_listed):
    take_back(SignedList.objects.get(), cast.school_head)
    refused_then_listed.refresh_from_db()
    assert refused_then_listed.ended_at is None
    told = dict(Notice.objects.filter(text__contains="đã bị hủy").values_list("user__full_name", "text"))
    assert told["Ưng Thị Ẩn"].endswith("Việc ông/bà đã báo không ký có hiệu lực trở lại.")
    assert told["Hồ Văn Ưng"].endswith("Xem lý do và ký lại.")


def test_it_comes_back_too_where_the_wrong_tick_was_returned_first(cast, refused_then_listed):
    send_back(Pledge.objects.get(user=cast.school_official), cast.school_head)
    take_back(SignedList.objects.get(), cast.school_head)
    refused_then_listed.refresh_from_db()
    assert refused_then_listed.ended_at is None
    last = Notice.objects.filter(user=cast.school_official).latest("pk")
    assert last.text.endswith("Việc ông/bà đã báo không ký có hiệu lực trở lại.")
    assert duties.of(afresh(cast.school_official)) == []


def test_the_page_of_withdrawal_says_so(cast, refused_then_listed, client_of):
    url = reverse("pledges:signedlist_withdraw", args=[SignedList.objects.get().public_id])
    page = client_of(cast.school_head).get(url).content.decode()
    assert "Việc đã báo không ký trước đó có hiệu lực trở lại" in page


def test_a_refusal_that_was_taken_back_before_the_list_stays_taken_back(cast, campaign):
    refusal = refuse(cast.school_official, campaign)
    take_back_refusal(refusal=refusal, by=afresh(cast.school_official))
    recorded(cast.school, campaign, cast.school_head, cast.school_official)
    take_back(SignedList.objects.get(), cast.school_head)
    assert not Refusal.objects.filter(ended_at__isnull=True).exists()


def test_a_refusal_of_whom_the_list_keeps_stays_ended(cast, campaign, refused_then_listed):
    """His pledge was signed anew by a second list; the first is taken back without it."""
    first = SignedList.objects.get()
    Pledge.objects.filter(user=cast.school_official).update(stale_since=clock.now())
    enter(
        tick(begin(cast.school, campaign, cast.school_head), cast.school_head, cast.school_official),
        cast.school_head,
    )
    take_back(first, cast.school_head)
    refused_then_listed.refresh_from_db()
    assert refused_then_listed.ended_at is not None
