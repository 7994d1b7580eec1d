"""The day written on a list signed by hand: which words stood on it then, and which year it belongs to."""

from datetime import date

import pytest
from django.urls import reverse

from ledger.workflow import StepRefused
from notices.models import Notice
from pledges.models import BlankForm, PledgeText, SignedList
from tests.pledges.acts import add, confirm
from tests.pledges.test_renewing import new_text
from tests.pledges.test_signedlists import begin, enter, order, recorded, take_back, tick

BEFORE, CHANGE, AFTER = date(2026, 10, 1), date(2026, 10, 20), date(2026, 10, 21)


def record(cast, campaign, on: date):
    (pledge,) = recorded(cast.school, campaign, cast.school_head, cast.school_official, on=on).pledges
    pledge.refresh_from_db()
    return pledge


# --- Words


def test_a_list_signed_before_the_unit_added_what_renews_is_not_recorded(cast, campaign, on_day):
    on_day(CHANGE)
    add(cast.school_head, cast.school, campaign, "Không dạy thêm.")
    on_day(AFTER)
    with pytest.raises(StepRefused, match=r"ký ngày 01/10/2026; ngày 20/10/2026 lời cam kết mới đổi"):
        record(cast, campaign, BEFORE)
    assert record(cast, campaign, AFTER).content["addition"]["text"] == "Không dạy thêm."


def test_what_a_unit_added_on_the_day_itself_stood_on_the_list(cast, campaign, on_day):
    on_day(CHANGE)
    add(cast.school_head, cast.school, campaign, "Không dạy thêm.")
    on_day(AFTER)
    assert record(cast, campaign, CHANGE).content["addition"]["text"] == "Không dạy thêm."


def test_what_a_unit_added_later_without_renewal_did_not_stand_on_it(cast, campaign, on_day):
    on_day(CHANGE)
    add(cast.school_head, cast.school, campaign, "Không dạy thêm.", renews=False)
    on_day(AFTER)
    pledge = record(cast, campaign, BEFORE)
    assert (pledge.content["addition"], pledge.addition) == (None, None)


def test_a_list_signed_before_a_new_text_that_renews_is_not_recorded(cast, campaign, on_day):
    on_day(CHANGE)
    new_text(campaign)
    on_day(AFTER)
    with pytest.raises(StepRefused, match=r"ngày 20/10/2026 lời cam kết mới đổi"):
        record(cast, campaign, BEFORE)
    assert record(cast, campaign, AFTER).content["text"]["version"] == 2


def test_a_text_put_right_later_is_not_the_one_that_was_signed(cast, campaign, on_day):
    on_day(CHANGE)
    new_text(campaign, renews=False)
    on_day(AFTER)
    assert record(cast, campaign, BEFORE).content["text"]["version"] == 1


def test_the_words_a_campaign_began_with_were_there_before_the_portal_knew_them(cast, campaign, on_day):
    on_day(CHANGE)
    new_text(campaign)
    assert dict(PledgeText.objects.values_list("version", "published_at__date")) == {1: None, 2: CHANGE}


def test_a_list_printed_after_the_unit_ended_its_addition_is_recorded_without_it(cast, campaign, on_day):
    on_day(BEFORE)
    add(cast.school_head, cast.school, campaign, "Không dạy thêm.")
    add(cast.school_head, cast.school, campaign, "", seen=1)
    blank = order(cast, campaign)
    made = begin(cast.school, campaign, cast.school_head, blank=blank)
    (pledge,) = enter(tick(made, cast.school_head, cast.school_official), cast.school_head).pledges
    assert pledge.content["addition"] is None


def test_the_page_before_recording_shows_the_words_that_will_stand_in_each_pledge(
    cast, campaign, client_of, on_day
):
    on_day(CHANGE)
    made = tick(begin(cast.school, campaign, cast.school_head), cast.school_head, cast.school_official)
    url = reverse("pledges:signedlist_enter", args=[made.public_id])
    page = client_of(cast.school_head).get(url).content.decode()
    assert "Mẫu cam kết số 1" in page and "Không có nội dung bổ sung của đơn vị." in page
    assert all(text in page for text in campaign.commitments.values_list("text", flat=True))
    add(cast.school_head, cast.school, campaign, "Không dạy thêm.")
    page = client_of(cast.school_head).get(url).content.decode()
    assert "Không dạy thêm." in page and "lời trên giấy khác thì không ghi nhận" in page


# --- The turn of the year

DECEMBER, JANUARY, FEBRUARY = date(2026, 12, 30), date(2027, 1, 4), date(2027, 2, 1)


def test_a_list_signed_in_december_is_recorded_in_january_for_the_year_it_was_signed_in(
    cast, campaign, on_day
):
    on_day(JANUARY)
    pledge = record(cast, campaign, DECEMBER)
    assert (pledge.year, pledge.content["year"], SignedList.objects.get().year) == (2026, 2026, 2026)
    assert confirm(pledge, cast.school_head).status == "awaiting_union"


def test_it_is_taken_back_like_any_other(cast, campaign, on_day):
    on_day(JANUARY)
    record(cast, campaign, DECEMBER)
    take_back(SignedList.objects.get(), cast.school_head)
    assert SignedList.objects.get().status == "withdrawn"


def test_new_words_of_january_do_not_touch_the_year_before(cast, campaign, on_day):
    on_day(DECEMBER)
    blank = order(cast, campaign)
    on_day(JANUARY)
    add(cast.school_head, cast.school, campaign, "Không dạy thêm.")
    new_text(campaign)
    made = begin(cast.school, campaign, cast.school_head, blank=blank, on=DECEMBER)
    (printed,) = enter(tick(made, cast.school_head, cast.union_chair), cast.school_head).pledges
    for pledge in (printed, record(cast, campaign, DECEMBER)):
        assert (pledge.content["text"]["version"], pledge.content["addition"]) == (1, None)


def test_after_january_it_is_too_late_and_the_year_before_last_always_was(cast, campaign, on_day):
    on_day(FEBRUARY)
    with pytest.raises(StepRefused, match=r"trong năm 2027\. .* đến hết tháng 01 năm sau"):
        begin(cast.school, campaign, cast.school_head, on=DECEMBER)
    on_day(JANUARY)
    with pytest.raises(StepRefused, match="trong năm 2026 hoặc 2027"):
        begin(cast.school, campaign, cast.school_head, on=date(2025, 12, 30))


def test_a_draft_and_a_printed_list_stay_in_their_year(cast, campaign, on_day):
    on_day(DECEMBER)
    blank = order(cast, campaign)
    on_day(JANUARY)
    with pytest.raises(StepRefused, match="in cho năm 2026; ngày ký phải trong năm đó"):
        begin(cast.school, campaign, cast.school_head, blank=blank, on=JANUARY)
    made = begin(cast.school, campaign, cast.school_head, on=DECEMBER)
    made.signed_on = JANUARY
    with pytest.raises(StepRefused, match=r"trong năm 2026\."):
        tick(made, cast.school_head, cast.school_official)


def test_a_list_printed_in_december_is_offered_until_the_end_of_january(cast, campaign, client_of, on_day):
    on_day(DECEMBER)
    order(cast, campaign)
    BlankForm.objects.update(status="done")
    url = reverse("pledges:signedlist_create", args=[cast.school.public_id])
    for day, offered in ((JANUARY, 1), (FEBRUARY, 0)):
        on_day(day)
        page = client_of(cast.school_head).get(url).content.decode()
        assert page.count("Danh sách ký cam kết, 2 người, 30/12/2026") == offered


def test_of_a_year_that_is_over_nobody_is_told_to_sign_again(cast, campaign, on_day):
    on_day(DECEMBER)
    record(cast, campaign, DECEMBER)
    on_day(FEBRUARY)
    take_back(SignedList.objects.get(), cast.school_head)
    last = Notice.objects.filter(user=cast.school_official).latest("pk")
    assert last.text == "Bản cam kết năm 2026 ký trên giấy đã bị hủy cùng danh sách. Xem lý do."


def test_what_was_begun_in_january_is_finished_later(cast, campaign, on_day):
    on_day(JANUARY)
    made = begin(cast.school, campaign, cast.school_head, on=DECEMBER)
    on_day(FEBRUARY)
    (pledge,) = enter(tick(made, cast.school_head, cast.school_official), cast.school_head).pledges
    assert pledge.year == 2026
