"""“As of then, or on today's tree”: the same figures under two trees, equal to the unit; papers untouched."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from documents.typeset import report_html
from ledger import clock
from ledger.canonical import digest
from reports import rollup, years
from reports.models import ReportVersion
from tests.factories import make_unit, place
from tests.reports.province import PLAIN, make_report, make_small_province
from tests.reports.stories import queries_of
from tests.units.acts import dissolve, existing, merge, move, new, rename, split, unit_called
from units.models import Employment, Unit

PAGE = reverse("reports:year_figures")
DAY = date(2026, 7, 1)


@pytest.fixture
def last(cast, campaign):
    """Last year's round: Sở Nội vụ and both wards accepted, the second with other numbers."""
    small = make_small_province(cast, campaign)
    make_report(small.last, cast.ward, figures=PLAIN, texts={})
    make_report(small.last, cast.other_ward, figures=PLAIN | {"meetings": 7, "reached": 11}, texts={})
    return small.last


def table(asked, on=None, codes=("headcount", "meetings", "reached")):
    found = years.read(asked, codes)
    return years.now(found, on or clock.today()) if on is not False else years.then(found)


def numbers(found) -> dict[str, list[int | None]]:
    return {row.unit.name: [cell.value for cell in row.cells] for row in found.rows}


def totals(found) -> list[int | None]:
    return [cell.value for cell in found.totals]


def test_then_the_rows_are_the_first_level_units_of_that_day(cast, last):
    merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân"), on=DAY)
    found = table(last, on=False)
    assert numbers(found) == {
        "Sở Nội vụ": [40, 3, 40], "UBND phường Kim Long": [40, 3, 40], "UBND xã A Lưới 2": [40, 7, 11],
    }  # fmt: skip
    assert (found.on, totals(found)) == (last.due_on, [120, 13, 91])


def test_on_todays_tree_an_heir_has_the_sums_of_its_predecessors(cast, last):
    merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân"), on=DAY)
    found = table(last)
    assert numbers(found) == {"Sở Nội vụ": [40, 3, 40], "UBND phường Phú Xuân": [80, 10, 51]}
    heir = next(row for row in found.rows if row.unit.name == "UBND phường Phú Xuân")
    assert heir.parts == [cast.ward, cast.other_ward]
    assert not any(cell.is_estimate for cell in heir.cells)
    assert totals(found) == totals(table(last, on=False))


def test_a_split_goes_by_its_shares_is_marked_and_conserved(cast, last):
    split(cast.other_ward, new("UBND xã Một", parts=2), new("UBND xã Hai", parts=1), on=DAY)
    found = table(last)
    assert numbers(found)["UBND xã Một"] == [27, 5, 7]
    assert numbers(found)["UBND xã Hai"] == [13, 2, 4]
    marked = {row.unit.name for row in found.rows if any(cell.is_estimate for cell in row.cells)}
    assert marked == {"UBND xã Một", "UBND xã Hai"}
    assert not any(cell.is_estimate for cell in found.totals), "the whole is no estimate"
    assert [row.words for row in found.splits] == ["UBND xã A Lưới 2: UBND xã Một 2/3; UBND xã Hai 1/3"]
    assert totals(found) == totals(table(last, on=False))


def test_who_has_no_heir_is_named_and_still_in_the_total(cast, last):
    people = {row.user.public_id: 0 for row in Employment.objects.filter(unit=cast.other_ward)}
    dissolve(cast.other_ward, existing(cast.other_agency), on=DAY, people=people)
    found = table(last)
    assert [(row.unit, [cell.value for cell in row.cells]) for row in found.gone] == [
        (cast.other_ward, [40, 7, 11])
    ]
    assert cast.other_ward.name not in numbers(found)
    assert totals(found) == totals(table(last, on=False))


def test_a_unit_that_came_below_another_is_counted_in_its_branch(cast, last):
    move(cast.other_ward, to=cast.home_affairs_unit, on=DAY)
    assert numbers(table(last)) == {"Sở Nội vụ": [80, 10, 51], "UBND phường Kim Long": [40, 3, 40]}


def test_a_number_the_unit_put_over_a_counted_one_is_marked(cast, campaign, last):
    make_report(last, cast.other_agency, figures=PLAIN, texts={}, typed={("headcount", "cong_chuc"): 31})
    rename(cast.other_agency, "Sở Y tế mới", on=DAY)
    for found in (table(last), table(last, on=False)):
        marked = {row.unit.name: [cell.is_typed for cell in row.cells] for row in found.rows}
        assert [name for name, cells in marked.items() if any(cells)] in (["Sở Y tế mới"], ["Sở Y tế"])
        assert [cell.is_typed for cell in found.totals] == [True, False, False]


def test_no_act_changes_a_byte_of_what_was_sealed_or_of_the_paper_of_that_year(cast, last):
    def everything():
        kept = ReportVersion.objects.filter(sealed_at__isnull=False).order_by("pk")
        manifest = rollup.gather(last)
        page = report_html(rollup.compose(manifest))
        return list(kept.values_list("pk", "sha256")), digest(manifest), digest({"page": str(page)})

    before = everything()
    rename(cast.home_affairs_unit, "Sở Nội vụ và Lao động", on=DAY)
    merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân"), on=DAY + timedelta(days=1))
    split(
        unit_called("UBND phường Phú Xuân"),
        new("UBND xã Một"),
        new("UBND xã Hai"),
        on=DAY + timedelta(days=2),
    )
    assert everything() == before


def test_only_counts_are_there(campaign, last):
    kinds = {row.kind for row in years.indicators(last)}
    assert kinds == {"count"}


# --- The page


def test_the_page_shows_both_trees_and_keeps_the_choice(cast, last, client_of):
    merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân"), on=DAY)
    browser = client_of(cast.home_affairs)
    then = browser.get(PAGE, {"ky": last.code, "so_lieu": "II"}).content.decode()
    assert "UBND xã A Lưới 2" in then and "UBND phường Phú Xuân" not in then
    now = browser.get(PAGE, {"ky": last.code, "so_lieu": "II", "cay": "hom-nay"}).content.decode()
    assert "UBND phường Phú Xuân" in now and "gồm 2 đơn vị khi đó" in now
    assert f'<option value="{last.code}" selected>' in now


@pytest.mark.parametrize("asked", [{"ky": "KHÔNG-CÓ"}, {"so_lieu": "X"}, {"cay": "?"}, {}])
def test_what_the_address_names_wrongly_is_taken_from_the_newest_round(cast, last, client_of, asked):
    assert client_of(cast.leadership).get(PAGE, asked).status_code == 200


@pytest.mark.parametrize(
    ("role", "status"), [("home_affairs", 200), ("leadership", 200), ("head", 403), ("official", 403)]
)
def test_it_is_for_home_affairs_and_the_leadership(cast, client_of, role, status):
    assert client_of(getattr(cast, role)).get(PAGE).status_code == status


@pytest.mark.parametrize("units", [1, 3])
def test_the_page_takes_the_same_queries_whatever_the_number_of_units(cast, last, client_of, units):
    for number in range(units):
        unit = make_unit(f"UBND xã số {number}", kind=Unit.Kind.COMMUNE)
        place(unit, cast.root)
        make_report(last, unit, figures=PLAIN, texts={})
    merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân"), on=DAY)
    browser = client_of(cast.home_affairs)
    assert queries_of(browser, f"{PAGE}?ky={last.code}&cay=hom-nay") == 19
