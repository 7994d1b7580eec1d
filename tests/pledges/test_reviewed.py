"""The numbers of the year-end look back, the list handed over, and when it opens."""

import csv
import io
from datetime import date

import pytest

from campaigns.datafile import Fault
from ledger import sheets
from pledges import reviewed, reviewing
from pledges.models import ReviewTerm
from pledges.services.terms import load_review_term
from tests.factories import person
from tests.pledges.acts import confirm, sign
from tests.pledges.acts import send_back as return_pledge
from tests.pledges.looking_back import MIXED, OPEN_DAY, remark, send, send_back, write


@pytest.fixture(autouse=True)
def while_it_is_open(on_day):
    on_day(OPEN_DAY)


@pytest.fixture
def told(cast, campaign):
    """In the ward: one remarked on, one disagreed with, one returned, one draft, one that has written nothing."""
    people = [person(f"Lê Thị {number}", cast.ward) for number in range(5)]
    pledges = [confirm(sign(user, campaign), cast.head) for user in people]
    agreed, disagreed, returned = (send(write(pledge, MIXED)) for pledge in pledges[:3])
    write(pledges[3])
    remark(agreed, cast.head)
    remark(disagreed, cast.head, agrees=False, words="=Chưa đúng.")
    send_back(returned, cast.head)
    return people


def over(campaign, on=OPEN_DAY):
    return reviewed.over(campaign=campaign, year=2026, on=on)


def test_numbers_have_who_pledged_as_denominator(cast, campaign, told):
    found = over(campaign)
    assert (found.people, found.reviewed, found.agreed, found.disagreed) == (5, 2, 1, 1)
    assert found.kept == ((2, 0, 0), (0, 2, 0), (2, 0, 0), (0, 0, 2), (2, 0, 0))


def test_before_it_was_sent_it_counts_for_nothing(cast, campaign, told):
    assert over(campaign, date(2026, 11, 1)).reviewed == 0


def test_who_moved_counts_where_he_works_that_day(cast, campaign, told):
    told[0].employments.update(unit=cast.division)
    found = reviewed.by_unit(campaign=campaign, year=2026, on=OPEN_DAY)
    assert (found[cast.division.pk].reviewed, found[cast.ward.pk].reviewed) == (1, 1)


def test_a_pledge_that_counts_no_more_takes_its_review_with_it(cast, campaign, signed):
    send(write(signed))
    assert over(campaign).reviewed == 1
    return_pledge(signed, cast.school_head)
    assert (over(campaign).people, over(campaign).reviewed) == (0, 0)


def test_it_is_one_query_whatever_the_number_of_units(cast, campaign, told, django_assert_num_queries):
    with django_assert_num_queries(1):
        over(campaign)


def test_the_list_has_counts_and_the_heads_words_only_for_who_may_read_them(cast, told):
    lines = reviewed.lines_of(cast.ward, 2026, with_words=True)
    assert [line.counts for line in lines] == [{"fully": 3, "mostly": 1, "not": 1}] * 2
    assert [(line.remark, line.words) for line in lines] == [
        ("Nhất trí", ""),
        ("Không nhất trí", "=Chưa đúng."),
    ]
    assert {line.remark for line in reviewed.lines_of(cast.ward, 2026, with_words=False)} == {""}


def test_what_leaves_as_a_file_runs_in_no_spreadsheet(cast, told):
    body = sheets.write_csv(reviewed.sheet_of(cast.ward, 2026, with_words=True)).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(body), delimiter=";"))
    assert rows[0][-2:] == ["Nhận xét của người đứng đầu", "Ý kiến"]
    assert {row[-1] for row in rows[1:]} == {"", "'=Chưa đúng."}
    plain = sheets.write_csv(reviewed.sheet_of(cast.ward, 2026, with_words=False)).decode("utf-8-sig")
    assert "Chưa đúng" not in plain and "Nhận xét" not in plain


# --- When it opens


def row(**days):
    return {"self_review": [{"opens_month": 10, "opens_day": 15, "due_month": 11, "due_day": 10} | days]}


def test_the_decisions_file_sets_the_days_and_sets_them_again(campaign):
    found = reviewing.term(campaign, 2026)
    assert (found.opens_on, found.due_on) == (date(2026, 10, 15), date(2026, 11, 10))
    assert load_review_term(campaign, row()) == []
    assert load_review_term(campaign, row(opens_month=11, opens_day=1)) == [
        "tự đánh giá: mở từ 1/11, hạn 10/11"
    ]
    assert reviewing.term(campaign, 2027).opens_on == date(2027, 11, 1)


@pytest.mark.parametrize(
    "days", [{"opens_day": 32}, {"opens_month": 2, "opens_day": 29}, {"due_month": 9}, {"due_month": 13}]
)
def test_days_that_are_none_or_out_of_order_are_faults(campaign, days):
    with pytest.raises(Fault):
        load_review_term(campaign, row(**days))


def test_without_a_row_the_usual_days_hold(campaign):
    ReviewTerm.objects.all().delete()
    assert reviewing.term(campaign, 2026).due_on == date(2026, 11, 10)
