"""Which column is which: as the headings say, as somebody showed it for his unit, or chosen anew where it was wrong."""

import pytest
from django.urls import reverse

from tests.units.rosters import again, applied, checked, codes_of, file_of, line_of, work
from units.models import ColumnMap, RosterUpload
from units.services import rosters

pytestmark = pytest.mark.django_db

STRANGE = ["Mã thẻ", "Họ và tên", "Sinh", "Diện", "Đơn vị"]
RIGHT = {"code": 0, "full_name": 1, "birth": 2, "category": 3, "unit": 4}
# The year of birth taken for the code.
WRONG = {"code": 2, "full_name": 1, "category": 3, "unit": 4}


def strange(cast) -> bytes:
    row = [cast.official.username, cast.official.full_name, "1980", "Công chức", cast.division.name]
    return file_of(row, headings=STRANGE)


def shown(found: RosterUpload, columns: dict[str, int], by) -> RosterUpload:
    rosters.map_columns(upload=found, columns=columns, by=again(by))
    work(rosters.CHECK, found.checks.latest("pk"))
    found.refresh_from_db()
    return found


def test_what_one_unit_shows_binds_no_other(cast):
    shown(checked(cast.other_ward, again(cast.other_head), content=strange(cast)), WRONG, cast.other_head)
    found = checked(cast.ward, again(cast.clerk), content=strange(cast))
    assert found.status == "mapping"
    assert shown(found, RIGHT, cast.clerk).counts["changed"] == 1
    assert checked(cast.ward, again(cast.clerk), content=strange(cast)).columns["map"] == RIGHT
    assert ColumnMap.objects.count() == 2


def test_headings_that_say_enough_are_read_as_they_say_and_nothing_is_remembered(cast):
    found = checked(cast.ward, again(cast.clerk), line_of(cast.official, job_title="Chuyên viên"))
    said = found.columns["map"]
    swapped = said | {"job_title": said["full_name"], "full_name": said["job_title"]}
    found = shown(found, swapped, cast.clerk)
    assert (codes_of(found), found.columns["map"]) == ([("D2", "name_of_another")], swapped)
    assert not ColumnMap.objects.exists()
    later = checked(cast.ward, again(cast.clerk), line_of(cast.official, birth=1980))
    assert (later.status, later.columns["map"]) == ("checked", said)


def test_what_was_chosen_for_a_file_holds_when_it_is_checked_again(cast):
    found = checked(cast.ward, again(cast.clerk), line_of(cast.official, job_title="Chuyên viên"))
    without_titles = {name: at for name, at in found.columns["map"].items() if name != "job_title"}
    found = shown(found, without_titles, cast.clerk)
    rosters.check_again(upload=found, by=again(cast.clerk))
    work(rosters.CHECK, found.checks.latest("pk"))
    found.refresh_from_db()
    assert (found.columns["map"], rosters.changes(found)) == (without_titles, 0)


def test_a_wrong_choice_is_put_right_from_the_page_of_the_faulty_and_of_the_checked_file(
    cast, client_of, post_form
):
    found = shown(checked(cast.ward, again(cast.clerk), content=strange(cast)), WRONG, cast.clerk)
    assert found.status == "checked" and found.counts["new"] == 1, "a person made up from a wrong column"
    client = client_of(cast.clerk)
    url = reverse("units:rosterupload_columns", args=[found.public_id])
    page = client.get(found.get_absolute_url()).content.decode()
    assert url in page and "<dt>Số hiệu</dt><dd>Sinh</dd>" in page
    form = client.get(url)
    assert "Nếu cổng hiểu sai cột nào thì chọn lại" in form.content.decode()
    assert form.context["form"]["code"].value() == "2" and "Mã thẻ (" in form.content.decode()
    assert post_form(client, url, {name: str(at) for name, at in RIGHT.items()}).status_code == 302
    work(rosters.CHECK, found.checks.latest("pk"))
    found.refresh_from_db()
    assert (found.counts["new"], found.counts["changed"]) == (0, 1)
    assert ColumnMap.objects.get().columns == RIGHT
    faulty = checked(cast.ward, again(cast.clerk), line_of(cast.stranger, unit=cast.division.name))
    url = reverse("units:rosterupload_columns", args=[faulty.public_id])
    assert url in client.get(faulty.get_absolute_url()).content.decode()


def test_the_columns_of_a_file_that_was_applied_are_shown_and_no_longer_chosen(cast, client_of, post_form):
    found = applied(cast.ward, again(cast.clerk), line_of(cast.official, job_title="Chuyên viên"))
    client = client_of(cast.clerk)
    url = reverse("units:rosterupload_columns", args=[found.public_id])
    page = client.get(found.get_absolute_url()).content.decode()
    assert "Các cột cổng đã đọc" in page and url not in page
    late = {name: str(at) for name, at in found.columns["map"].items()}
    post_form(client, url, late, follow=True)
    found.refresh_from_db()
    assert found.status == "applied"
