"""Rates by the tree: sums, a day, the year before, who reads them, the file (feature S15)."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from ledger import clock
from pledges import coverage, rates
from pledges.bars import WIDTH, parts
from pledges.coverage import Coverage
from tests.factories import make_unit, person, place
from tests.pledges.acts import confirm, sign
from units.models import Category, Placement, Succession, Unit

LIST, DETAIL, FILE = "pledges:rate_list", "pledges:rate_detail", "pledges:rate_export"


def read(campaign, on: date | None = None) -> rates.Rates:
    return rates.read(campaign=campaign, on=on or clock.today())


def page(client, unit: Unit, query: str = "") -> str:
    return client.get(reverse(DETAIL, args=[unit.public_id]) + query).content.decode()


def test_a_unit_has_its_own_people_and_those_of_all_below(cast, campaign, signed, complete):
    found = read(campaign)
    ward, school = found.node(cast.ward.pk), found.node(cast.school.pk)
    assert (ward.own.people, ward.total.people) == (2, 6)
    assert (ward.own.signed, ward.total.signed, ward.total.complete) == (0, 2, 1)
    assert (school.own.people, school.total.people, school.total.at_head) == (3, 3, 1)
    assert ward.has_below and not school.has_below


def test_the_province_is_the_sum_of_what_stands_below_it_and_of_its_own(cast, campaign, signed, complete):
    found = read(campaign)
    root = found.node(cast.root.pk)
    below = found.below(cast.root.pk)
    for name in ("people", "signed", "complete", "none", "relieved"):
        parts_of_it = [getattr(node.total, name) for node in below]
        assert getattr(root.total, name) == sum(parts_of_it) + getattr(root.own, name)
    assert root.total.people == len(cast.people)


def test_categories_stand_apart_and_add_up(cast, campaign, signed):
    node = read(campaign).node(cast.ward.pk)
    named = dict(rates.categories(node))
    assert list(named) == [category.label for category in Category]
    assert named["Viên chức"].signed == 1 and named["Công chức"].signed == 0
    assert sum(part.people for part in named.values()) == node.total.people


def test_units_out_of_scope_count_nobody(cast, campaign):
    Placement.objects.filter(unit=cast.other_ward).update(in_scope=False)
    found = read(campaign)
    assert found.node(cast.root.pk).total.people == len(cast.people) - 2


def test_figures_are_those_of_the_day(cast, campaign, signed, on_day):
    today = clock.today()
    assert read(campaign, today - timedelta(days=1)).node(cast.school.pk).total.signed == 0
    assert read(campaign, today).node(cast.school.pk).total.signed == 1


def test_the_year_before_stands_beside_on_the_same_day(cast, campaign, on_day):
    today = clock.today()
    on_day(rates.year_before(today))
    confirm(sign(cast.official, campaign), cast.head)
    on_day(today)
    node = read(campaign).node(cast.division.pk)
    assert (node.total.signed, node.total.people) == (0, 1)
    assert node.last and (node.last.signed, node.last.people) == (1, 1)


def test_a_renamed_unit_is_compared_with_itself_and_a_new_one_with_nothing(cast, campaign, on_day):
    today = clock.today()
    day = today - timedelta(days=40)
    renamed = make_unit("Phòng Văn hóa phường Kim Long", kind="division", since=day)
    Placement.objects.filter(unit=cast.division).update(until=day)
    place(renamed, cast.ward, since=day, own=False)
    Succession.objects.create(
        predecessor=cast.division, successor=renamed, kind=Succession.Kind.RENAMING, on=day
    )
    person("Lê Thị Một", renamed)
    fresh = make_unit("Trung tâm mới", since=day)
    place(fresh, cast.ward, since=day)
    person("Lê Thị Hai", fresh)
    found = read(campaign)
    assert found.node(renamed.pk).last is not None
    assert found.node(fresh.pk).last is None


def test_a_leap_day_is_compared_with_the_28th():
    assert rates.year_before(date(2028, 2, 29)) == date(2027, 2, 28)


@pytest.mark.parametrize("units", [1, 12])
def test_the_whole_tree_is_five_queries_whatever_its_size(cast, campaign, django_assert_num_queries, units):
    for number in range(units):
        unit = make_unit(f"Trường số {number}")
        place(unit, cast.ward)
        person(f"Lê Thị {number}", unit)
    with django_assert_num_queries(5):
        found = read(campaign)
    with django_assert_num_queries(0):
        assert len(list(found.branch(cast.root.pk))) == units + 7
        found.below(cast.ward.pk)


# --- The pages


def test_home_affairs_and_leadership_begin_at_the_province_and_go_down(cast, campaign, client_of, signed):
    for role in ("home_affairs", "leadership", "standing_committee"):
        client = client_of(cast.people[role])
        top = client.get(reverse(LIST)).content.decode()
        assert "UBND thành phố Huế" in top and reverse(DETAIL, args=[cast.ward.public_id]) in top
        assert "1/3" in page(client, cast.ward) and "Trường Tiểu học Kim Long 1" in page(client, cast.ward)


def test_a_head_begins_at_his_unit_and_sees_no_other_branch(cast, campaign, client_of):
    client = client_of(cast.head)
    assert "UBND phường Kim Long" in client.get(reverse(LIST)).content.decode()
    assert client.get(reverse(DETAIL, args=[cast.school.public_id])).status_code == 200
    for unit in (cast.root, cast.other_ward):
        assert client.get(reverse(DETAIL, args=[unit.public_id])).status_code == 404
        assert client.get(reverse(FILE, args=[unit.public_id])).status_code == 404


@pytest.mark.parametrize("role", ["official", "union_chair", "stranger"])
def test_who_leads_nothing_reads_no_rates(cast, campaign, client_of, role):
    assert client_of(cast.people[role]).get(reverse(LIST)).status_code == 403


def test_a_page_names_nobody(cast, campaign, client_of, signed):
    said = page(client_of(cast.leadership), cast.school)
    assert cast.school_official.full_name not in said and cast.union_chair.full_name not in said


def test_a_rate_stands_with_its_denominator_and_day_and_small_counts_without_percent(
    cast, campaign, client_of, signed
):
    small = page(client_of(cast.head), cast.school)
    assert "1/3" in small and "1/3 (" not in small
    assert f"có mặt ngày {clock.today():%d/%m/%Y}" in small
    for number in range(8):
        person(f"Lê Thị {number}", cast.school)
    assert "1/11 (9,1%)" in page(client_of(cast.head), cast.school)


def test_another_day_may_be_asked_and_a_wrong_one_is_answered(cast, campaign, client_of, signed):
    client, yesterday = client_of(cast.head), clock.today() - timedelta(days=1)
    past = page(client, cast.school, f"?ngay={yesterday:%d/%m/%Y}")
    assert "0/3" in past and "tính theo lần ký sau" in past
    assert "tính theo lần ký sau" not in page(client, cast.school)
    assert "không có trong lịch" in page(client, cast.school, "?ngay=31/02/2026")
    assert "Chọn ngày từ" in page(client, cast.school, "?ngay=01/01/2010")


def test_units_are_sorted_by_rate_when_asked(cast, campaign, client_of, signed):
    said = page(client_of(cast.head), cast.ward, "?sort=-signed")
    table = said[said.index("table-wide") :]
    assert table.index("Trường Tiểu học Kim Long 1") < table.index("Phòng Văn hóa")


def test_a_unit_that_is_not_in_the_tree_that_day_says_so(cast, campaign, client_of):
    Placement.objects.filter(unit=cast.division).update(until=clock.today())
    Unit.objects.filter(pk=cast.division.pk).update(until=clock.today())
    said = page(client_of(cast.home_affairs), cast.division)
    assert "không có trong tổ chức tại ngày này" in said


@pytest.mark.parametrize("units", [1, 12])
def test_a_page_takes_the_same_queries_whatever_stands_below(
    cast, campaign, client_of, django_assert_num_queries, units
):
    for number in range(units):
        unit = make_unit(f"Trường số {number}")
        place(unit, cast.ward)
        person(f"Lê Thị {number}", unit)
    client, url = client_of(cast.home_affairs), reverse(DETAIL, args=[cast.ward.public_id])
    client.get(url)
    with django_assert_num_queries(14):
        client.get(url)


# --- The file


def test_the_file_holds_every_unit_with_and_without_those_below(cast, campaign, client_of, signed):
    url = reverse(FILE, args=[cast.ward.public_id])
    answer = client_of(cast.head).get(url, {"dang": "csv"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    everybody = {(row["Đơn vị"], row["Phạm vi"]): row for row in rows if row["Đối tượng"] == "Tất cả"}
    assert everybody["UBND phường Kim Long", "Cả các đơn vị bên dưới"]["Phải ký"] == "6"
    assert everybody["UBND phường Kim Long", "Riêng đơn vị"]["Phải ký"] == "2"
    school = everybody["Trường Tiểu học Kim Long 1", "Đơn vị"]
    assert (school["Đã ký"], school["Phải ký"], school["Tỷ lệ đã ký"]) == ("1", "3", "")
    assert school["Tại ngày"] == f"{clock.today():%d/%m/%Y}"
    book = load_workbook(io.BytesIO(client_of(cast.head).get(url).content))
    assert book.active is not None and book.active.max_row == len(rows) + 1


def test_a_unit_named_like_a_formula_is_text_in_the_file(cast, campaign, client_of):
    Unit.objects.filter(pk=cast.school.pk).update(name="=cmd|' /C calc'!A0")
    answer = client_of(cast.head).get(reverse(FILE, args=[cast.ward.public_id]), {"dang": "csv"})
    assert "'=cmd" in answer.content.decode()


# --- The picture


def test_the_parts_of_a_bar_fill_it_exactly():
    on = clock.today()
    counts = {"complete": 333, "at_head": 1, "at_union": 2, "refused": 5, "none": 0}
    found = parts(Coverage.of_counts(counts, on))
    assert [part.name for part in found] == ["complete", "waiting", "refused"]
    assert sum(part.width for part in found) == WIDTH
    assert found[0].x == 0 and found[1].x == found[0].width
    assert parts(Coverage.of_counts({"none": 5}, on)) == ()
    assert coverage.summed({}, on).people == 0
