"""Lists and one pledge: who sees it, what is counted, how many queries it takes."""

from datetime import date

import pytest
from django.urls import reverse

from ledger import clock
from ledger.public_id import new_public_id
from pledges.models import Pledge
from tests.factories import appoint, employ, make_user, person
from tests.pledges.acts import confirm, send_back, sign

LIST = "pledges:pledge_list"


def url(name: str, pledge: Pledge) -> str:
    return reverse(f"pledges:{name}", args=[pledge.public_id])


ONE_PLEDGE = [
    "pledge_detail",
    "pledge_paper",
    "pledge_countersign",
    "pledge_countersign_union",
    "pledge_return",
    "pledge_complete",
]


@pytest.mark.parametrize("name", ONE_PLEDGE)
@pytest.mark.parametrize("role", ["stranger", "other_head", "official", "leadership", "standing_committee"])
def test_a_foreign_pledge_is_not_there(cast, signed, client_of, post_form, role, name):  # noqa: PLR0917 - a table
    client = client_of(cast.people[role])
    assert client.get(url(name, signed)).status_code == 404
    if name != "pledge_detail":
        assert post_form(client, url(name, signed)).status_code == 404
    missing = reverse(f"pledges:{name}", args=[new_public_id()])
    assert client.get(missing).status_code == 404


@pytest.mark.parametrize(
    "role", ["school_official", "school_head", "union_chair", "head", "clerk", "home_affairs"]
)
def test_who_is_concerned_sees_the_pledge(cast, signed, client_of, role):
    page = client_of(cast.people[role]).get(url("pledge_detail", signed))
    assert page.status_code == 200
    assert signed.sha256[:16] in page.content.decode()


@pytest.mark.parametrize("name", ["pledge_countersign", "pledge_countersign_union", "pledge_return"])
@pytest.mark.parametrize("role", ["school_official", "head", "clerk", "home_affairs"])
def test_who_sees_it_may_not_yet_confirm_it(cast, signed, client_of, role, name):
    assert client_of(cast.people[role]).get(url(name, signed)).status_code == 403


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("official", 403),
        ("stranger", 403),
        ("school_head", 200),
        ("union_chair", 200),
        ("clerk", 200),
        ("home_affairs", 200),
    ],
)
def test_the_list_is_for_heads_chairs_clerks_and_home_affairs(cast, campaign, client_of, role, status):
    assert client_of(cast.people[role]).get(reverse(LIST)).status_code == status


def names_in(client, **asked) -> set[str]:
    page = client.get(reverse(LIST), asked).content.decode()
    return {pledge.user.full_name for pledge in Pledge.objects.all() if pledge.get_absolute_url() in page}


@pytest.fixture
def three(cast, campaign):
    """Three pledges in the ward: one waits for its chairman, one is returned, one is complete."""
    waiting = sign(cast.official, campaign)
    returned = send_back(sign(cast.clerk, campaign), cast.head)
    complete = confirm(sign(cast.school_head, campaign), cast.head)
    return waiting, returned, complete


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, {"Kăn Lịch", "Nguyễn Thị Út", "Công Tằng Tôn Nữ Ngọc Hiền"}),
        ({"name": "nguyen thi ut"}, {"Nguyễn Thị Út"}),
        ({"name": "TÔN NỮ"}, {"Công Tằng Tôn Nữ Ngọc Hiền"}),
        ({"unit": "phong van hoa"}, {"Kăn Lịch"}),
        ({"status": "mine"}, {"Kăn Lịch"}),
        ({"status": "returned"}, {"Nguyễn Thị Út"}),
        ({"status": "complete"}, {"Công Tằng Tôn Nữ Ngọc Hiền"}),
        ({"year": "2019"}, set()),
    ],
)
def test_the_list_is_narrowed_without_accents(cast, three, client_of, asked, found):
    assert names_in(client_of(cast.head), **asked) == found


def test_a_pledge_is_found_by_the_personnel_code(cast, three, client_of):
    assert names_in(client_of(cast.head), name=cast.clerk.username.lower()) == {"Nguyễn Thị Út"}


def test_nonsense_in_the_filter_is_a_sentence_and_no_error_page(cast, three, client_of):
    answer = client_of(cast.head).get(reverse(LIST), {"year": "hai nghìn", "status": "x"})
    assert answer.status_code == 200
    assert "hai nghìn không phải là một trong các lựa chọn" in answer.content.decode()


def test_the_figures_of_a_head_have_his_whole_branch_as_denominator(cast, three, client_of):
    page = client_of(cast.head).get(reverse(LIST)).content.decode()
    # Chairman, clerk, the official of the division, three of the school; the returned one has not signed.
    assert "2/6" in page and "1/6" in page


def test_the_figures_of_a_union_chair_are_of_those_who_pledge_to_his_union(cast, signed, client_of):
    page = client_of(cast.union_chair).get(reverse(LIST)).content.decode()
    assert "1/3" in page and "0/3" in page


def test_waiting_for_me_never_counts_one_s_own(cast, campaign, signed, client_of):
    sign(cast.union_chair, campaign)
    appoint(cast.school_official, cast.school, "head", "Hiệu trưởng")
    page = client_of(cast.school_official).get(reverse(LIST)).content.decode()
    assert "<strong>1</strong> bản cam kết đang chờ ông/bà xác nhận" in page


# --- queries


@pytest.fixture
def sessions_in_database(settings):
    """A session is one query wherever the tests run; with Redis it would be none."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"


def queries(client, address, django_assert_num_queries, number, **asked):
    client.get(address, asked)
    with django_assert_num_queries(number):
        assert client.get(address, asked).status_code == 200


@pytest.mark.usefixtures("sessions_in_database")
@pytest.mark.parametrize("people", [1, 3])
def test_the_list_takes_the_same_queries_for_one_and_for_three(
    cast, campaign, client_of, django_assert_num_queries, people
):
    for number in range(people):
        confirm(sign(person(f"Lê Thị {number}", cast.ward), campaign), cast.head)
    queries(client_of(cast.head), reverse(LIST), django_assert_num_queries, 19)


@pytest.mark.usefixtures("sessions_in_database")
@pytest.mark.parametrize(("rounds", "asked"), [(1, 17), (2, 18), (4, 18)])
def test_one_pledge_takes_one_query_more_for_what_was_signed_before_however_often(  # noqa: PLR0917 - fixtures
    cast, campaign, client_of, django_assert_num_queries, rounds, asked
):
    for _ in range(rounds - 1):
        send_back(sign(cast.school_official, campaign), cast.school_head)
    pledge = sign(cast.school_official, campaign)
    client = client_of(cast.school_head)
    queries(client, url("pledge_detail", pledge), django_assert_num_queries, asked)


@pytest.mark.usefixtures("sessions_in_database")
@pytest.mark.parametrize("years", [1, 3])
def test_one_s_own_pledge_takes_the_same_queries_with_one_year_and_with_three(  # noqa: PLR0917 - fixtures
    cast, campaign, client_of, django_assert_num_queries, on_day, years
):
    today = clock.today()
    for back in range(years - 1, -1, -1):
        on_day(date(today.year - back, 6, 15))
        pledge = sign(cast.official, campaign)
    queries(client_of(cast.official), url("pledge_detail", pledge), django_assert_num_queries, 17)


@pytest.mark.usefixtures("sessions_in_database")
@pytest.mark.parametrize("people", [1, 3])
def test_the_page_to_sign_takes_the_same_queries_in_a_small_and_a_larger_unit(
    cast, campaign, client_of, django_assert_num_queries, people
):
    for number in range(people):
        employ(make_user(f"Lê Thị {number}"), cast.school)
    client = client_of(cast.school_official)
    queries(client, reverse("pledges:pledge_sign"), django_assert_num_queries, 15)
