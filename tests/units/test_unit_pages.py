"""The tree of units on any day, one unit with those before and after it, and what pages cost."""

from datetime import date

import pytest
from django.urls import reverse

from ledger import clock
from tests.factories import employ, make_unit, make_user, place
from units import pedigree, succession
from units.models import Placement, Succession, Unit

LIST = reverse("units:unit_list")


def page_of(client, url: str, **query) -> str:
    response = client.get(url, query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_tree_shows_every_unit_below_its_superior_with_totals(cast, client_of):
    page = page_of(client_of(cast.head), LIST)
    ward = page.index("UBND phường Kim Long</span>")
    assert page.index("Trường Tiểu học Kim Long 1") > ward
    assert "2 đơn vị · 6 người" in page[ward:], "a ward's people with those of its school and division"


def test_searching_without_accents_shows_the_path_to_each_unit(cast, client_of):
    page = page_of(client_of(cast.head), LIST, q="tieu hoc")
    assert "Trường Tiểu học Kim Long 1" in page
    assert "UBND thành phố Huế › UBND phường Kim Long" in page
    assert "Sở Y tế" not in page.split("<table")[1]


def test_the_tree_of_an_earlier_day_has_the_units_of_that_day(cast, client_of):
    young = make_unit("Trường Tiểu học Mới", since=date(2026, 9, 1), kind=Unit.Kind.SCHOOL)
    place(young, cast.ward, since=date(2026, 9, 1))
    reader = client_of(cast.head)
    assert "Trường Tiểu học Mới" in page_of(reader, LIST)
    earlier = page_of(reader, LIST, on="31/08/2026")
    assert "Trường Tiểu học Mới" not in earlier
    assert "?on=31/08/2026" in earlier, "links keep the day"


@pytest.mark.parametrize("more", [1, 3])
def test_the_tree_takes_as_many_queries_with_one_school_more_as_with_three(
    cast, client_of, more: int, django_assert_num_queries
):
    for number in range(more):
        school = make_unit(f"Trường {number}", kind=Unit.Kind.SCHOOL)
        place(school, cast.other_ward)
        employ(make_user(f"Nguyễn Văn {number}"), school)
    reader = client_of(cast.head)
    # session, user; placements with units, head-counts; names of kinds; posts; the frame's province and demo mark
    with django_assert_num_queries(8):
        reader.get(LIST)


@pytest.mark.parametrize("more", [1, 3])
def test_a_unit_takes_as_many_queries_with_one_predecessor_as_with_three(
    cast, client_of, more: int, django_assert_num_queries
):
    for number in range(more):
        predecessor_of(cast.ward, f"UBND phường {number}")
    reader = client_of(cast.head)
    reader.get(cast.ward.get_absolute_url())
    with django_assert_num_queries(UNIT_QUERIES):
        reader.get(cast.ward.get_absolute_url())


UNIT_QUERIES = 27


def predecessor_of(unit: Unit, name: str, *, verified: bool = True) -> Unit:
    old = make_unit(name, kind=Unit.Kind.WARD, until=unit.since, since=date(2019, 1, 1))
    Succession.objects.create(
        kind="merger", predecessor=old, successor=unit, on=unit.since, verified=verified, decision="NQ 1675"
    )
    return old


def test_a_unit_shows_who_was_before_it_as_a_picture_and_as_a_table(cast, client_of):
    predecessor_of(cast.ward, "UBND phường Hương Long", verified=False)
    page = page_of(client_of(cast.head), cast.ward.get_absolute_url())
    assert "Sơ đồ kế thừa của UBND phường Kim Long" in page
    assert page.count("UBND phường Hương Long") == 1, "in the table"
    assert ">UBND phường Hương</text>" in page, "and in the picture, in two lines"
    assert "chưa xác minh" in page


def test_a_unit_that_ended_is_shown_as_it_was_on_its_last_day(cast, client_of):
    old = predecessor_of(cast.ward, "UBND phường Hương Long")
    Placement.objects.create(unit=old, parent=cast.root, since=old.since, until=old.until)
    page = page_of(client_of(cast.head), old.get_absolute_url())
    assert "Đã kết thúc" in page
    assert "Vị trí và nghĩa vụ tại ngày 31/12/2023" in page


def test_the_past_stands_left_and_the_future_right(cast):
    first = predecessor_of(cast.ward, "UBND phường A")
    second = predecessor_of(cast.ward, "UBND phường B")
    line = succession.line(cast.ward)
    picture = pedigree.draw([unit for layer in line.layers for unit in layer], line.edges, cast.ward)
    assert picture is not None
    spots = {box.unit: box for box in picture.boxes}
    assert spots[first].x == spots[second].x < spots[cast.ward].x
    assert spots[first].y != spots[second].y
    assert spots[first].y < spots[cast.ward].y < spots[second].y, "in the middle of those it took over"
    assert len(picture.arrows) == 2


def test_a_unit_without_past_or_future_has_no_picture(cast):
    assert pedigree.draw([cast.ward], [], cast.ward) is None


def test_a_unit_that_ended_has_no_duties_to_choose(cast, client_of, post_form):
    url = reverse("units:unit_duties", args=[cast.school.public_id])
    client = client_of(cast.head)
    assert url in page_of(client, cast.school.get_absolute_url())
    today = clock.today()
    Placement.objects.filter(unit=cast.school).update(until=today)
    Unit.objects.filter(pk=cast.school.pk).update(until=today)
    client = client_of(cast.home_affairs)
    assert url not in page_of(client, cast.school.get_absolute_url())
    sent = {"plan_duty": "own", "report_duty": "own", "since": today.strftime("%d/%m/%Y")}
    answer = post_form(client, url, sent, follow=True)
    assert "không còn nghĩa vụ để chọn" in answer.content.decode()
