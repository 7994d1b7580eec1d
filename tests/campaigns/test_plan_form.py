"""Writing a plan: what is typed is brought into order, checked line by line, and never lost."""

import unicodedata
from html import unescape

import pytest
from django.urls import reverse

from campaigns import services
from campaigns.content import content_of, digest
from campaigns.models import UnitPlan
from tests.campaigns.plans import YEAR, draft, own_line, page_data, plan_hash, rows_of, submitted
from tests.marks import mark


@pytest.fixture
def plan(cast, campaign) -> UnitPlan:
    return draft(cast, campaign)


@pytest.fixture
def browser(cast, client_of):
    return client_of(cast.head)


def edit_url(plan: UnitPlan) -> str:
    return reverse("campaigns:unitplan_edit", args=[plan.public_id])


def text_of(response) -> str:
    return " ".join(unescape(response.content.decode()).split())


def rows_like(plan: UnitPlan, text: str) -> int:
    return plan.rows.filter(text=text).count()


# The decision has five tasks in its first group: the page shows them as lines 0–4 and two empty ones after them.
NEW = "nhom1-5-"


def test_a_new_line_is_added_at_the_end_of_its_group(plan, browser, post_form):
    typed = {NEW + "text": "Họp dân quý I", NEW + "lead": "Văn phòng", NEW + "due_on": f"31/03/{YEAR}"}
    assert post_form(browser, edit_url(plan), page_data(plan) | typed).status_code == 302
    row = plan.rows.get(text="Họp dân quý I")
    assert (row.group.order, row.lead, row.due_on.month, row.master) == (1, "Văn phòng", 3, None)
    assert plan.rows.count() == 26


def test_a_line_is_dropped_by_its_check_box_and_its_errors_with_it(plan, browser, post_form):
    typed = {"nhom1-0-remove": "on", "nhom1-0-due_on": "hôm qua", "nhom1-1-remove": "on"}
    assert post_form(browser, edit_url(plan), page_data(plan) | typed).status_code == 302
    assert plan.rows.count() == 23


def test_words_are_stored_in_composed_letters_with_plain_spaces(plan, browser, post_form):
    typed = unicodedata.normalize("NFD", "Đối  thoại\u00a0với\u200b dân") + "\r\ntại Ðình làng"
    post_form(browser, edit_url(plan), page_data(plan) | {NEW + "text": typed})
    assert rows_like(plan, "Đối thoại với dân\ntại Đình làng") == 1


DAYS = [
    ("31/02/2026", "Ngày 31/02/2026 không có trong lịch. Tháng 2 năm 2026 có 28 ngày."),
    ("11/13/2026", "Ngày 11/13/2026 không có trong lịch. Không có tháng 13."),
    ("cuối năm", "“cuối năm” không phải là ngày. Viết theo thứ tự ngày/tháng/năm"),
    (f"15/11/{YEAR - 1}", f"Thời hạn 15/11/{YEAR - 1} ở trước năm của kế hoạch ({YEAR})."),
]


@pytest.mark.parametrize(("typed", "said"), DAYS, ids=[day for day, _ in DAYS])
def test_a_wrong_day_is_told_at_the_field_and_on_top_and_nothing_typed_is_lost(
    plan, browser, post_form, typed, said
):
    words = {
        "aims": "Mục đích mới",
        "arrangements": "Giao Văn phòng theo dõi",
        NEW + "text": "Họp dân quý I",
        NEW + "lead": "Văn phòng",
        NEW + "product": "Biên bản",
        NEW + "due_on": typed,
        "nhom6-0-support": "Công đoàn",
        "nhom2-1-remove": "on",
    }
    answer = post_form(browser, edit_url(plan), page_data(plan) | words)
    page = text_of(answer)
    assert answer.status_code == 422
    assert f'<a href="#id_{NEW}due_on">Nhóm 1, dòng 6, Thời hạn: {said}' in page
    assert f'<p class="field-error" id="id_{NEW}due_on-loi">{said}' in page
    for value in ("Văn phòng", "Biên bản", typed, "Công đoàn"):
        assert f'value="{value}"' in page
    for value in ("Mục đích mới", "Giao Văn phòng theo dõi", "Họp dân quý I"):
        assert f"{value}</textarea>" in page
    assert 'id="id_nhom2-1-remove" checked' in page
    plan.refresh_from_db()
    assert plan.rows.count() == 25
    assert plan.aims != "Mục đích mới"


def test_a_page_with_errors_says_so_in_its_title_once(plan, browser, post_form):
    answer = post_form(browser, edit_url(plan), page_data(plan) | {NEW + "lead": "Văn phòng"})
    assert f"<title>Lỗi: Sửa kế hoạch năm {YEAR}" in text_of(answer)


def test_a_line_without_its_task_is_told_and_an_empty_one_is_no_line(plan, browser, post_form):
    said = "Nhóm 1, dòng 6, Nhiệm vụ: Chưa ghi nội dung nhiệm vụ."
    answer = post_form(browser, edit_url(plan), page_data(plan) | {NEW + "lead": "Văn phòng"})
    assert said in text_of(answer)
    answer = post_form(browser, edit_url(plan), page_data(plan) | {"nhom1-0-text": ""})
    assert "Nhóm 1, dòng 1, Nhiệm vụ: Chưa ghi nội dung nhiệm vụ." in text_of(answer)
    assert post_form(browser, edit_url(plan), page_data(plan) | {NEW + "text": " \u200b "}).status_code == 302
    assert plan.rows.count() == 25


def test_text_in_an_old_font_encoding_is_refused_with_advice(plan, browser, post_form):
    answer = post_form(browser, edit_url(plan), page_data(plan) | {NEW + "text": "®oμn viªn thμnh c«ng"})
    assert "Đổi sang Unicode rồi dán lại" in text_of(answer)


def test_words_too_long_for_their_column_are_told(plan, browser, post_form):
    answer = post_form(browser, edit_url(plan), page_data(plan) | {"nhom1-0-lead": "x" * 201})
    assert "Nhóm 1, dòng 1, Chủ trì: " in text_of(answer)
    assert answer.status_code == 422


def test_one_more_line_shows_the_page_again_with_everything_typed_and_saves_nothing(plan, browser):
    typed = {"aims": "Mục đích mới", NEW + "text": "Họp dân", NEW + "due_on": "31/02/2026", "add": "1"}
    answer = browser.post(edit_url(plan), page_data(plan) | typed)
    page = text_of(answer)
    assert answer.status_code == 200
    assert 'name="nhom1-rows" value="8"' in page and 'name="nhom1-7-text"' in page
    assert 'name="nhom2-rows" value="7"' in page
    assert "Mục đích mới</textarea>" in page and "Họp dân</textarea>" in page and 'value="31/02/2026"' in page
    assert "error-summary" not in page and "Lỗi:" not in page
    plan.refresh_from_db()
    assert plan.aims != "Mục đích mới"
    assert plan.rows.count() == 25


def test_lines_added_so_are_saved_like_any_other(plan, browser, post_form):
    count = {"nhom1-rows": "9", "nhom1-8-text": "Việc thứ chín"}
    assert post_form(browser, edit_url(plan), page_data(plan) | count).status_code == 302
    assert rows_like(plan, "Việc thứ chín") == 1


def test_a_plan_of_a_hundred_lines_grows_no_further_and_says_so(plan, browser):
    answer = browser.post(edit_url(plan), page_data(plan) | {"nhom1-rows": "75", "add": "2"})
    assert "nhiều nhất 100 dòng" in text_of(answer)


@pytest.mark.parametrize("said", ["", "-1", "x", "²"])
def test_a_nonsense_count_of_lines_is_no_error_page(plan, browser, post_form, said):
    answer = post_form(browser, edit_url(plan), page_data(plan) | {"nhom1-rows": said})
    assert answer.status_code == 302


def test_somebody_elses_newer_text_is_not_overwritten_and_ones_own_stays_on_the_page(
    plan, cast, client_of, post_form
):
    mine = page_data(plan) | {NEW + "text": "Việc của văn thư"}
    own_line(plan, "Việc của chủ tịch")
    answer = post_form(client_of(cast.clerk), edit_url(plan), mine)
    page = text_of(answer)
    assert answer.status_code == 422
    assert "Tôn Thất Đức đã lưu kế hoạch lúc" in page
    assert "Việc của văn thư</textarea>" in page
    assert rows_like(plan, "Việc của chủ tịch") == 1


def test_saving_a_plan_sent_meanwhile_says_who_sent_it_and_keeps_what_was_typed(
    cast, campaign, client_of, post_form
):
    plan = submitted(cast, campaign)
    typed = page_data(plan) | {NEW + "text": "Viết muộn"}
    answer = post_form(client_of(cast.clerk), edit_url(plan), typed)
    page = text_of(answer)
    assert "Không thể “Lưu kế hoạch”: Tôn Thất Đức đã gửi lúc" in page
    assert "Viết muộn</textarea>" in page
    assert rows_like(plan, "Viết muộn") == 0


def test_the_edit_page_of_a_sent_plan_leads_back_to_the_plan(cast, campaign, browser):
    plan = submitted(cast, campaign)
    answer = browser.get(edit_url(plan), follow=True)
    assert answer.redirect_chain[0][0] == plan.get_absolute_url()
    assert "Không thể “Lưu kế hoạch”" in text_of(answer)


def test_the_first_button_of_the_form_saves_so_that_enter_saves(plan, browser):
    page = browser.get(edit_url(plan)).content.decode()
    form = page[page.index('<form method="post" novalidate>') :]
    first = form[form.index("<button") : form.index("</button>")]
    assert "Lưu kế hoạch" in first and "add" not in first


# --- Saved by another since the page was opened


def test_the_second_press_saves_in_the_place_of_what_another_saved(cast, plan, browser, post_form):
    """Also where he dropped a line that the page still has: it is written anew."""
    typed = page_data(plan) | {"aims": "Mục đích của trang này", NEW + "text": "Họp dân quý I"}
    dropped = plan.rows.order_by("order").first()
    others = [row for row in rows_of(plan) if row.key != dropped.pk]
    services.save_plan(
        by=cast.clerk,
        plan=plan,
        aims="Của người kia",
        arrangements="",
        rows=others,
        expect_version=plan.version,
    )
    answer = post_form(browser, edit_url(plan), typed)
    page = text_of(answer)
    assert answer.status_code == 422 and "bấm “Lưu kế hoạch” lần nữa thì thay nội dung đang lưu" in page
    assert "Mục đích của trang này" in page and "Họp dân quý I" in page
    assert UnitPlan.objects.get().aims == "Của người kia"
    again = typed | {"version": mark(answer, "version"), "nhom1-0-key": ""}
    assert mark(answer, "nhom1-0-key") == ""
    assert post_form(browser, edit_url(plan), again).status_code == 302
    assert UnitPlan.objects.get().aims == "Mục đích của trang này"
    assert (rows_like(plan, dropped.text), plan.rows.count()) == (1, 26)


def test_a_wrong_day_does_not_let_it_write_over_what_another_saved(cast, plan, browser, post_form):
    typed = page_data(plan)
    services.save_plan(
        by=cast.clerk,
        plan=plan,
        aims="Của người kia",
        arrangements="",
        rows=rows_of(plan),
        expect_version=plan.version,
    )
    answer = post_form(browser, edit_url(plan), typed | {NEW + "text": "Họp", NEW + "due_on": "31/02/2026"})
    assert answer.status_code == 422 and mark(answer, "version") == typed["version"]
    assert post_form(browser, edit_url(plan), typed).status_code == 422
    assert UnitPlan.objects.get().aims == "Của người kia"


def test_the_reason_of_a_return_outlives_another_sending(cast, campaign, client_of, post_form):
    plan = submitted(cast, campaign)
    seen, client = plan_hash(plan), client_of(cast.home_affairs)
    services.return_plan(by=cast.home_affairs, plan=plan, reason="Thiếu.", seen=seen)
    own_line(plan, "Đối thoại với dân tháng 6")
    opened = UnitPlan.objects.get()
    services.submit_plan(by=cast.head, plan=opened, seen=digest(content_of(opened)))
    url = reverse("campaigns:unitplan_return", args=[plan.public_id])
    answer = post_form(client, url, {"seen": seen, "reason": "Nhóm 4 chưa có thời hạn."})
    page = text_of(answer)
    assert answer.status_code == 422 and "Đơn vị đã gửi lại kế hoạch" in page
    assert "Nhóm 4 chưa có thời hạn." in page and "Đối thoại với dân tháng 6" in page
    assert mark(answer, "seen") == plan_hash(plan) != seen
    again = {"seen": plan_hash(plan), "reason": "Nhóm 4 chưa có thời hạn."}
    assert post_form(client, url, again).status_code == 302
    assert UnitPlan.objects.get().status == UnitPlan.Status.RETURNED
