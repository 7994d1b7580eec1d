"""What people see and may do; bad input keeps everything typed."""

import re
import unicodedata

import pytest
from django.urls import reverse

from ledger.models import Event
from ledger.public_id import new_public_id
from reports import outline, services, sheet
from reports.models import UnitReport
from tests.factories import make_unit, person, place
from tests.marks import mark
from tests.reports.stories import accept, address, give_back, make_round, queries_of, send, write
from units.models import Unit


def typed(report: UnitReport, code: str, category: str = "") -> int | None:
    rows = {(row.indicator.code, row.category): row for row in sheet.figures_of(report.current())}
    return rows[code, category].typed


@pytest.fixture
def saved_by_clerk(report, cast, client_of, post_form):
    """The clerk fills in the form as it stands and presses “Lưu”."""

    def save(fields: dict[str, str]):
        report.refresh_from_db()
        return post_form(
            client_of(cast.clerk), address("edit", report), {"expect_version": report.version} | fields
        )

    return save


def sentences(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_a_clerk_begins_from_the_list_and_finds_the_figures_filled_in(opened, cast, client_of, post_form):
    client = client_of(cast.clerk)
    page = client.get(reverse("reports:unitreport_list")).content.decode()
    begin = reverse("reports:unitreport_begin", args=[opened.public_id])
    assert f"{begin}?don-vi={cast.ward.public_id}" in page
    answer = post_form(client, begin, {"unit": cast.ward.pk})
    report = UnitReport.objects.get()
    assert answer.url == address("edit", report)
    page = client.get(answer.url).content.decode()
    assert 'data-label="Từ hệ thống" class="num">3</td>' in page
    assert 'id="o-headcount-vien_chuc"' in page


def test_nobody_begins_for_a_unit_that_is_not_his(opened, cast, client_of, post_form):
    begin = reverse("reports:unitreport_begin", args=[opened.public_id])
    answer = post_form(client_of(cast.clerk), begin, {"unit": cast.other_ward.pk})
    assert answer.status_code == 422
    assert not UnitReport.objects.exists()


def test_numbers_are_read_with_or_without_dots(report, cast, client_of, saved_by_clerk):
    saved_by_clerk({"o-attendances": "1.234", "o-articles": " 1 234 ", "o-meetings": "0"})
    assert [typed(report, code) for code in ("attendances", "articles", "meetings")] == [1234, 1234, 0]
    assert 'value="1.234"' in client_of(cast.clerk).get(address("edit", report)).content.decode()


@pytest.mark.parametrize(
    ("field", "wrong", "said"),
    [
        ("o-dialogue_on", "31/02/2026", "Ngày 31/02/2026 không có trong lịch."),
        ("o-dialogue_on", "11/13/2026", "Không có tháng 13."),
        ("o-meetings", "12,5", "“12,5” không phải là số đếm."),
        ("o-meetings", "-3", "“-3” không phải là số đếm."),
        ("o-meetings", "1.23", "“1.23” không phải là số đếm."),
        ("o-meetings", "1234567890", "quá lớn"),
        ("o-dialogue_held", "có", "Chọn “Có” hoặc “Không”."),
    ],
)
def test_what_cannot_be_read_is_said_at_its_place_and_nothing_typed_is_lost(
    field, wrong, said, report, saved_by_clerk
):
    answer = saved_by_clerk({field: wrong, "o-articles": "7", "doan-I.1": "Đã gõ."})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert f'href="#{field}"' in page
    assert 'value="7"' in page and "Đã gõ." in page
    assert wrong in page or field == "o-dialogue_held"
    assert typed(report, "articles") is None


def test_decomposed_letters_are_stored_composed(report, saved_by_clerk):
    words = unicodedata.normalize("NFD", "Ưu điểm nổi bật của phường Vỹ Dạ")
    saved_by_clerk({"doan-III.1": words})
    assert outline.texts_of(report.current())["III.1"] == "Ưu điểm nổi bật của phường Vỹ Dạ"


def test_markup_in_words_stays_words(report, cast, client_of):
    write(report, cast.clerk, texts={"I.1": "<script>alert(1)</script>"})
    for name in ("edit", "detail"):
        assert b"<script>alert" not in client_of(cast.clerk).get(address(name, report)).content


def test_more_pledged_than_employed_is_kept_shown_and_not_sent(
    report, cast, client_of, post_form, saved_by_clerk
):
    answer = saved_by_clerk({"o-pledged-vien_chuc": "52"})
    page = client_of(cast.clerk).get(answer.url).content.decode()
    sentence = "viên chức (52) lớn hơn tổng số CBCCVC và người lao động khác, viên chức (3). Sửa ô I.3"
    assert sentence in page
    assert 'href="#o-pledged-vien_chuc"' in page
    head = client_of(cast.head)
    shown = head.get(address("submit", report)).content.decode()
    assert sentence in shown
    report.refresh_from_db()
    refused = post_form(head, address("submit", report), {"expect_version": report.version})
    assert refused.status_code == 422
    assert sentence in refused.content.decode()
    report.refresh_from_db()
    assert (report.status, typed(report, "pledged", "vien_chuc")) == ("draft", 52)


def test_two_people_on_one_report_see_both_contents_side_by_side(report, cast, client_of, post_form):
    seen = report.version
    write(report, cast.head, {"meetings": 11}, {"I.1": "Lời của thủ trưởng."})
    client = client_of(cast.clerk)
    data = {"expect_version": seen, "o-meetings": "22", "doan-I.1": "Lời của đầu mối."}
    answer = post_form(client, address("edit", report), data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Tôn Thất Đức đã lưu lúc" in page
    assert 'value="22"' in page and "Đang lưu: <strong>11</strong>" in page
    assert "Lời của đầu mối." in page and "Lời của thủ trưởng." in page
    assert typed(report, "meetings") == 11
    report.refresh_from_db()
    assert f'name="expect_version" value="{report.version}"' in page
    post_form(client, address("edit", report), data | {"expect_version": report.version})
    assert typed(report, "meetings") == 22


def test_a_page_refused_for_a_figure_does_not_write_over_what_another_saved(
    report, cast, client_of, post_form
):
    seen = report.version
    write(report, cast.head, {"meetings": 11})
    client, url = client_of(cast.clerk), address("edit", report)
    answer = post_form(client, url, {"expect_version": seen, "o-meetings": "hai mươi"})
    assert answer.status_code == 422 and mark(answer, "expect_version") == str(seen)
    answer = post_form(client, url, {"expect_version": seen, "o-meetings": "22"})
    assert answer.status_code == 422 and "Đang lưu: <strong>11</strong>" in answer.content.decode()
    assert typed(report, "meetings") == 11


def test_the_reason_of_a_return_outlives_another_sending(report, cast, client_of, post_form):
    sha256 = send(report, cast).last_sent().sha256
    services.recall(report=report, by=cast.head, expect_version=UnitReport.objects.get().version)
    write(report, cast.clerk, {"meetings": 33})
    send(report, cast)
    client, url = client_of(cast.home_affairs), address("return", report)
    answer = post_form(client, url, {"seen_sha256": sha256, "reason": "Ô I.2 chưa có số liệu."})
    page = answer.content.decode()
    assert answer.status_code == 422 and "vừa gửi lại báo cáo với nội dung khác" in page
    assert "Ô I.2 chưa có số liệu." in page and ">33<" in page
    again = {"seen_sha256": mark(answer, "seen_sha256"), "reason": "Ô I.2 chưa có số liệu."}
    assert post_form(client, url, again).status_code == 302
    assert UnitReport.objects.get().status == "returned"


def test_what_was_accepted_meanwhile_is_told_on_its_page(report, cast, client_of, post_form):
    sha256 = send(report, cast).last_sent().sha256
    services.recall(report=report, by=cast.head, expect_version=UnitReport.objects.get().version)
    write(report, cast.clerk, {"meetings": 33})
    accept(send(report, cast), cast)
    typed = {"seen_sha256": sha256, "reason": "Ô I.2 chưa có số liệu."}
    answer = post_form(client_of(cast.home_affairs), address("return", report), typed, follow=True)
    assert answer.redirect_chain[0][0] == report.get_absolute_url()
    assert "đã tiếp nhận" in sentences(answer)[0]


def test_saving_a_report_that_was_sent_meanwhile_loses_no_word(report, cast, client_of, post_form):
    seen = report.version
    send(report, cast)
    data = {"expect_version": seen, "doan-I.1": "Chưa kịp lưu."}
    page = post_form(client_of(cast.clerk), address("edit", report), data).content.decode()
    assert "Tôn Thất Đức đã gửi lúc" in page
    assert "Chưa kịp lưu." in page
    assert "Báo cáo không sửa được nữa." in page


def test_a_form_sent_twice_is_done_once(report, cast, client_of):
    client = client_of(cast.head)
    data = {"expect_version": report.version, "idempotency_key": new_public_id()}
    first, second = (client.post(address("submit", report), data) for _ in range(2))
    assert first.url == second.url == report.get_absolute_url()
    assert Event.objects.filter(kind="reports.unitreport.submit").count() == 1
    assert report.versions.count() == 1


def test_a_second_send_from_another_window_is_one_sentence(report, cast, client_of, post_form):
    client = client_of(cast.head)
    data = {"expect_version": report.version}
    post_form(client, address("submit", report), data)
    answer = post_form(client, address("submit", report), data, follow=True)
    assert answer.redirect_chain[0][0] == report.get_absolute_url()
    [sentence] = [said for said in sentences(answer) if "Không thể" in said]
    assert "Tôn Thất Đức đã gửi lúc" in sentence


def test_a_late_click_on_a_returned_report_is_one_sentence(report, cast, client_of, post_form):
    sha256 = send(report, cast).last_sent().sha256
    give_back(report, cast)
    client = client_of(cast.home_affairs)
    answer = post_form(client, address("accept", report), {"seen_sha256": sha256}, follow=True)
    [sentence] = sentences(answer)
    assert re.match(r"Không thể “Tiếp nhận”: Hoàng Thị Ngọc Ánh đã trả lại lúc", sentence)
    report.refresh_from_db()
    assert report.status == "returned"
    opened_late = client.get(address("return", report), follow=True)
    assert sentences(opened_late) == [sentence.replace("Tiếp nhận", "Trả lại", 1)]


def test_a_return_without_a_reason_asks_for_it(report, cast, client_of, post_form):
    sha256 = send(report, cast).last_sent().sha256
    answer = post_form(
        client_of(cast.home_affairs), address("return", report), {"seen_sha256": sha256, "reason": " "}
    )
    assert answer.status_code == 422
    assert "Cần ghi lý do." in answer.content.decode()


def test_the_clerk_of_a_returned_report_reads_why_above_the_form(report, cast, client_of):
    give_back(send(report, cast), cast, reason="Ô II.1 chưa đúng.")
    for name in ("edit", "detail"):
        assert "Ô II.1 chưa đúng." in client_of(cast.clerk).get(address(name, report)).content.decode()


def test_a_reviewer_sees_what_was_sent_and_not_what_is_being_changed(report, cast, client_of):
    write(report, cast.clerk, texts={"I.1": "Lời đã gửi."})
    row = give_back(send(report, cast), cast)
    write(row, cast.clerk, texts={"I.1": "Lời đang sửa."})
    page = client_of(cast.home_affairs).get(address("detail", report)).content.decode()
    assert "Lời đã gửi." in page and "Lời đang sửa." not in page
    assert "Lời đang sửa." in client_of(cast.clerk).get(address("detail", report)).content.decode()


def test_typed_figures_are_marked_beside_the_computed(report, cast, client_of):
    write(report, cast.clerk, {("headcount", "vien_chuc"): 5})
    page = client_of(cast.clerk).get(address("detail", report)).content.decode()
    assert page.count("nhập tay") == 1
    assert "hệ thống: 3" in page


def test_the_queue_is_searched_without_accents_and_shows_what_waits_first(report, cast, client_of):
    send(report, cast)
    client = client_of(cast.home_affairs)
    for typed_name, found in (("", True), ("kim long", True), ("KIM LÔNG", True), ("vy da", False)):
        page = client.get(reverse("reports:unitreport_list"), {"q": typed_name}).content.decode()
        assert (report.get_absolute_url() in page) is found
    page = client.get(reverse("reports:unitreport_list"), {"status": "accepted"}).content.decode()
    assert report.get_absolute_url() not in page


def reports_of(names, opened, cast) -> list[UnitReport]:
    made = []
    for name in names:
        unit = make_unit(f"UBND phường {name}", kind=Unit.Kind.WARD)
        place(unit, cast.root)
        head = person(f"Người {name}", unit, post=("head", "Chủ tịch UBND phường"))
        row = services.begin_report(reporting_round=opened, unit=unit, by=head)
        made.append(services.submit_report(report=row, by=head))
    return made


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queue_takes_the_same_queries_for_one_report_and_for_three(rows, opened, cast, client_of):
    reports_of(["Vỹ Dạ", "An Cựu", "Phú Xuân"][:rows], opened, cast)
    client = client_of(cast.home_affairs)
    assert queries_of(client, reverse("reports:unitreport_list")) == 9


@pytest.mark.parametrize("rounds", [1, 3])
def test_the_clerks_list_takes_the_same_queries_for_one_round_and_for_three(
    rounds, campaign, cast, client_of
):
    for number in range(rounds):
        make_round(campaign, code=f"KY{number}")
    client = client_of(cast.clerk)
    assert queries_of(client, reverse("reports:unitreport_list")) == 9


@pytest.mark.parametrize("savings", [1, 3])
def test_a_report_takes_the_same_queries_however_often_it_was_saved(savings, report, cast, client_of):
    for number in range(savings):
        write(report, cast.clerk, {"meetings": number}, {"I.1": "Lời."})
    client = client_of(cast.clerk)
    assert queries_of(client, address("edit", report)) == 12
    assert queries_of(client, address("detail", report)) == 13
