"""The pages of rosters: upload, columns, what would change, the act with fresh proof, files to take away."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.units.rosters import DAY, applied, checked, file_of, line, line_of, ordered, upload, work
from units.models import RosterUpload, User
from units.services import rosters

pytestmark = pytest.mark.django_db


def page_of(found: RosterUpload, name: str = "rosterupload_detail") -> str:
    return reverse(f"units:{name}", args=[found.public_id])


def send(client, post_form, unit, content: bytes, **more):
    file = SimpleUploadedFile("danh sách tháng 11.csv", content)
    data = {"file": file, "on": "01/11/2026"} | more
    return post_form(client, reverse("units:rosterupload_create", args=[unit.public_id]), data)


def apply_as_shown(client, post_form, found: RosterUpload, page=None, **more):
    """Sends what the page of the act holds, read now or before."""
    url = page_of(found, "rosterupload_apply")
    page = page or client.get(url)
    return post_form(client, url, {"digest": page.context["form"]["digest"].value()}, **more)


def test_from_the_file_to_the_receipt(cast, client_of, post_form):
    client = client_of(cast.clerk)
    answer = send(client, post_form, cast.ward, file_of(line("H1", "Trần Thị Bưởi", unit=cast.school.name)))
    found = RosterUpload.objects.get()
    assert (answer.status_code, answer.url) == (302, page_of(found))
    waiting = client.get(page_of(found)).content.decode()
    assert "Đang chờ đến lượt" in waiting and "Tải lại trang để xem tiến độ" in waiting
    work(rosters.CHECK, found.checks.get())
    shown = client.get(page_of(found)).content.decode()
    assert "Đã kiểm tra, không có lỗi" in shown and "Trần Thị Bưởi" in shown
    confirm = client.get(page_of(found, "rosterupload_apply")).content.decode()
    assert "1 người mới được thêm" in confirm
    assert apply_as_shown(client, post_form, found).url == page_of(found)
    work(rosters.APPLY, found.applications.get())
    assert "Đã cập nhật theo danh sách" in client.get(page_of(found)).content.decode()
    post_form(client, page_of(found, "rosterupload_undo"))
    assert "đã được hoàn tác" in client.get(page_of(found)).content.decode()
    assert not User.objects.filter(username="H1").exists()


def test_another_file_under_the_same_key_is_not_swallowed(cast, client_of):
    client, url = client_of(cast.clerk), reverse("units:rosterupload_create", args=[cast.ward.public_id])

    def again(name: str):
        file = SimpleUploadedFile("a.csv", file_of(line("H1", name, unit=cast.school.name)))
        return client.post(url, {"idempotency_key": "k" * 26, "file": file, "on": "01/11/2026"})

    assert [again("Một Hai").status_code, again("Một Hai").status_code] == [302, 302]
    assert RosterUpload.objects.count() == 1
    assert again("Ba Bốn").status_code == 409


def test_the_act_asks_for_fresh_proof(cast, client_of, post_form):
    found = checked(cast.ward, cast.clerk, line("H1", "Trần Thị Bưởi", unit=cast.school.name))
    client = client_of(cast.clerk)
    session = client.session
    del session["proved_at"]
    session.save()
    answer = apply_as_shown(client, post_form, found)
    assert set(answer.context["form"].errors) == {"password"}
    assert not found.applications.exists()


def test_faults_stand_on_the_page_and_in_a_file_with_their_cells(cast, client_of):
    found = checked(cast.ward, cast.clerk, line_of(cast.stranger, unit=cast.division.name))
    client = client_of(cast.clerk)
    page = client.get(page_of(found)).content.decode()
    assert "A2" in page and "ngoài phạm vi danh sách này" in page
    body = client.get(page_of(found, "rosterupload_faults"), {"dang": "csv"})
    rows = list(csv.reader(io.StringIO(body.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Ô", "Dòng", "Lỗi"] and rows[1][:2] == ["A2", "2"]
    assert body["Content-Disposition"].startswith("attachment")
    assert client.get(page_of(found, "rosterupload_faults")).content.startswith(b"PK")


def test_columns_are_shown_with_values_and_chosen_by_hand(cast, client_of, post_form):
    headings = ["Mã NS", "Tên đầy đủ", "Ngạch", "Nơi làm"]
    content = file_of(["N1", "Trần Văn Xoài", "Viên chức", cast.school.name], headings=headings)
    found = checked(cast.ward, cast.clerk, content=content)
    client = client_of(cast.clerk)
    assert "Chỉ các cột" in client.get(page_of(found)).content.decode()
    url = page_of(found, "rosterupload_columns")
    assert "Tên đầy đủ (Trần Văn Xoài)" in client.get(url).content.decode()
    lacking = post_form(client, url, {"code": "0"})
    assert lacking.status_code == 422
    twice = post_form(client, url, {"code": "0", "full_name": "1", "category": "2", "unit": "2"})
    assert twice.status_code == 422
    told = {"code": "0", "full_name": "1", "category": "2", "unit": "3"}
    assert post_form(client, url, told).url == page_of(found)
    found.refresh_from_db()
    assert found.status == "uploaded"


def test_every_side_door_is_shut_to_who_does_not_keep_the_roster(cast, client_of):
    found = checked(cast.ward, cast.clerk, line_of(cast.stranger, unit=cast.division.name))
    pages = ["detail", "columns", "check", "apply", "undo", "faults"]
    for role, expected in (
        ("other_head", 404),
        ("official", 404),
        ("school_head", 404),
        ("home_affairs", 200),
    ):
        client = client_of(getattr(cast, role))
        assert {client.get(page_of(found, f"rosterupload_{name}")).status_code for name in pages} == {
            expected
        }
    for role, expected in (("other_head", 403), ("official", 403), ("head", 200)):
        client = client_of(getattr(cast, role))
        of_unit = ("rosterupload_list", "rosterupload_create", "roster_template", "people_export")
        urls = [reverse(f"units:{name}", args=[cast.ward.public_id]) for name in of_unit]
        assert {client.get(url).status_code for url in urls} == {expected}


def test_the_progress_of_a_job_is_a_fragment_that_ends_by_itself(cast, client_of):
    found = upload(cast.ward, cast.clerk, line("H1", "Trần Thị Bưởi", unit=cast.school.name))
    client = client_of(cast.clerk)
    running = client.get(page_of(found), headers={"HX-Request": "true"})
    assert "<html" not in running.content.decode() and "HX-Refresh" not in running.headers
    work(rosters.CHECK, found.checks.get())
    assert client.get(page_of(found), headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_an_export_comes_back_as_a_roster_that_changes_nothing(cast, client_of):
    body = client_of(cast.head).get(
        reverse("units:people_export", args=[cast.ward.public_id]), {"dang": "csv"}
    )
    found = checked(cast.ward, cast.head, content=body.content, complete=True)
    assert (found.status, rosters.changes(found)) == ("checked", 0), list(found.faults.values_list("message"))
    assert found.counts["same"] == 6


def test_the_template_with_people_comes_back_unchanged_and_the_filter_is_in_force(cast, client_of):
    client = client_of(cast.head)
    url = reverse("units:roster_template", args=[cast.ward.public_id])
    book = client.get(url, {"kem": "nguoi"}).content
    found = rosters.upload_roster(
        unit=cast.ward, content=book, filename="mau.xlsx", on=DAY, complete=True, by=cast.head
    )
    work(rosters.CHECK, found.checks.get())
    found.refresh_from_db()
    assert (found.status, rosters.changes(found)) == ("checked", 0), list(found.faults.values_list("message"))
    export = reverse("units:people_export", args=[cast.ward.public_id])
    told = client.get(export, {"dang": "csv", "q": "ung"}).content.decode()
    assert "Hồ Văn Ưng" in told and "Kăn Lịch" not in told


@pytest.mark.parametrize("size", [1, 3])
def test_a_list_of_rows_asks_the_same_questions_whatever_its_length(
    cast, client_of, size, django_assert_num_queries
):
    lines = [line(f"H{at}", f"Trần Thị {'BCD'[at]}a", unit=cast.school.name) for at in range(size)]
    found = checked(cast.ward, cast.clerk, *lines)
    for _ in range(size - 1):
        upload(cast.ward, cast.clerk, *lines)
    client = client_of(cast.clerk)
    with django_assert_num_queries(14):
        client.get(page_of(found))
    with django_assert_num_queries(10):
        client.get(reverse("units:rosterupload_list", args=[cast.ward.public_id]))


def test_rows_are_searched_without_marks_and_shown_before_and_after(cast, client_of):
    rows = [
        line_of(cast.school_official, job_title="Giáo viên chính"),
        line_of(cast.official, unit=cast.school.name),
    ]
    found = applied(cast.ward, cast.clerk, *rows)
    client = client_of(cast.clerk)
    page = client.get(page_of(found), {"loai": "moved", "q": "kan"}).content.decode()
    assert cast.division.name in page and "<strong>Trường Tiểu học Kim Long 1</strong>" in page
    assert "Kăn Lịch" not in client.get(page_of(found), {"loai": "moved", "q": "zzz"}).content.decode()
    changed = client.get(page_of(found), {"loai": "changed"}).content.decode()
    assert "không có → <strong>Giáo viên chính</strong>" in changed


def test_a_late_click_is_a_sentence(cast, client_of, post_form):
    found = checked(cast.ward, cast.clerk, line("H1", "Trần Thị Bưởi", unit=cast.school.name))
    ordered(found, cast.clerk)
    client = client_of(cast.clerk)
    apply_as_shown(client, post_form, found)
    assert "đang được cập nhật" in client.get(page_of(found)).content.decode()


def test_what_was_checked_anew_since_it_was_shown_is_not_done(cast, client_of, post_form):
    found = checked(cast.ward, cast.clerk, line_of(cast.official, job_title="Chuyên viên"))
    client = client_of(cast.clerk)
    shown = client.get(page_of(found, "rosterupload_apply"))
    User.objects.filter(pk=cast.official.pk).update(job_title="Chuyên viên chính")
    rosters.check_again(upload=found, by=cast.head)
    work(rosters.CHECK, found.checks.latest("pk"))
    answer = apply_as_shown(client, post_form, found, shown, follow=True)
    assert "Danh sách vừa được kiểm tra lại ở nơi khác" in answer.content.decode()
    assert not found.applications.exists()
    assert apply_as_shown(client, post_form, found).status_code == 302 and found.applications.exists()
