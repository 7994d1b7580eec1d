from datetime import timedelta

import pytest
from django.urls import reverse

from ledger import clock
from ledger.models import Event
from notices.models import Notice
from reports import deadlines, duties, services
from reports.models import ReportingRound, Rollup
from tests.factories import make_unit, person, place
from tests.reports.stories import bring_to, give_back, make_round, queries_of, send
from units.models import Unit

CREATE = "reports:round_create"
TERMS = {
    "name": "Báo cáo đột xuất",
    "code": "DX-01",
    "kind": "ad_hoc",
    "year": "2026",
    "data_since": "01/01/2026",
    "data_last": "31/10/2026",
    "opens_on": "1/11/2026",
    "due_on": "15-11-2026",
}


def board_of(opened: ReportingRound) -> str:
    return reverse("reports:round_board", args=[opened.public_id])


@pytest.fixture
def create(campaign, cast, client_of, post_form):
    def post(**changes):
        return post_form(client_of(cast.home_affairs), reverse(CREATE), TERMS | changes)

    return post


def test_a_round_has_its_data_window_and_its_due_date_free_of_each_other(create, cast):
    answer = create()
    opened = ReportingRound.objects.get()
    assert answer.url == board_of(opened)
    assert (opened.data_last.isoformat(), opened.data_until.isoformat()) == ("2026-10-31", "2026-11-01")
    assert opened.due_on.isoformat() == "2026-11-15"
    assert Event.objects.filter(kind="reports.round.open", object_id=opened.public_id).exists()


def test_heads_and_clerks_of_owing_units_are_told_when_a_round_opens(create, cast):
    create()
    told = set(Notice.objects.values_list("user__full_name", flat=True))
    assert {cast.head.full_name, cast.clerk.full_name, cast.other_head.full_name} <= told
    assert not told & {cast.school_head.full_name, cast.stranger.full_name, cast.chair_of_province.full_name}


@pytest.mark.parametrize(
    ("field", "wrong", "said"),
    [
        ("due_on", "31/02/2026", "Ngày 31/02/2026 không có trong lịch."),
        ("due_on", "11/13/2026", "Không có tháng 13."),
        ("due_on", "15/10/2026", "Hạn gửi sớm hơn ngày mở kỳ."),
        ("data_last", "01/12/2025", "Kỳ số liệu kết thúc trước khi bắt đầu."),
        ("code", "báo cáo", "Mã kỳ chỉ gồm chữ không dấu"),
        ("year", "1999", "2019"),
    ],
)
def test_a_wrong_term_is_said_at_its_field_and_the_rest_stays(field, wrong, said, create):
    answer = create(**{field: wrong})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert wrong in page
    assert "Báo cáo đột xuất" in page
    assert field in answer.context["form"].errors
    assert not ReportingRound.objects.exists()


def test_a_code_is_used_once(create):
    create()
    answer = create(name="Kỳ khác")
    assert "Đã có kỳ mang mã DX-01." in answer.content.decode()
    assert ReportingRound.objects.count() == 1


def test_the_usual_round_is_due_on_15_november(campaign, cast, client_of):
    page = client_of(cast.home_affairs).get(reverse(CREATE)).content.decode()
    assert f'value="15/11/{clock.today().year}"' in page


COMPILERS = {"home_affairs", "home_affairs_head"}
BOARD_SEEN_BY = COMPILERS | {"leadership", "standing_committee"}


@pytest.mark.parametrize(
    ("name", "seen_by"),
    [("round_list", BOARD_SEEN_BY), ("round_board", BOARD_SEEN_BY), ("round_create", COMPILERS)],
)
def test_who_sees_the_board_and_who_opens_rounds(name, seen_by, opened, cast, client_of):
    address = board_of(opened) if name == "round_board" else reverse(f"reports:{name}")
    found = {role: client_of(user).get(address).status_code for role, user in cast.people.items()}
    assert found == {role: 200 if role in seen_by else 403 for role in cast.people}


def test_the_board_says_how_long_how_many_and_who_waits(report, opened, cast, client_of):
    send(report, cast)
    page = client_of(cast.home_affairs).get(board_of(opened)).content.decode()
    assert "ngày làm việc" in page
    assert "<strong>1/4</strong> đơn vị phải báo cáo; trong đó cấp một <strong>1/4</strong>" in page
    assert "Chờ tiếp nhận (1)" in page
    assert reverse("reports:rollup_compile", args=[opened.public_id]) in page
    assert page.count("Đã gửi, chờ tiếp nhận") >= 2  # the picture and the table that says the same


def test_a_round_past_its_day_says_by_how_many_days(campaign, cast, client_of):
    overdue = make_round(campaign, due_on=clock.today() - timedelta(days=4))
    page = client_of(cast.home_affairs).get(board_of(overdue)).content.decode()
    assert "quá hạn 4 ngày" in page
    assert "Tổng hợp báo cáo" in page


def test_the_leadership_reads_the_board_and_does_not_compile(opened, cast, client_of):
    page = client_of(cast.leadership).get(board_of(opened)).content.decode()
    assert reverse("reports:rollup_compile", args=[opened.public_id]) not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_board_page_takes_the_same_queries(rows, opened, cast, client_of):
    for number in range(rows):
        unit = make_unit(f"UBND xã số {number}", kind=Unit.Kind.COMMUNE)
        place(unit, cast.root)
        head = person(f"Người {number}", unit, post=("head", "Chủ tịch UBND xã"))
        row = services.begin_report(reporting_round=opened, unit=unit, by=head)
        services.submit_report(report=row, by=head)
        Rollup.objects.create(round=opened, status="failed")
    client = client_of(cast.home_affairs)
    assert queries_of(client, board_of(opened)) == 15


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_rounds_takes_the_same_queries(rows, campaign, cast, client_of):
    for number in range(rows):
        make_round(campaign, code=f"KY{number}")
    client = client_of(cast.home_affairs)
    assert queries_of(client, reverse("reports:round_list")) == 5


def cards(user) -> list[tuple[str, str]]:
    return [(duty.action, duty.tone) for duty in duties.of(type(user).objects.get(pk=user.pk))]


def test_the_home_page_leads_clerk_and_head_from_beginning_to_sending(opened, cast):
    assert cards(cast.clerk) == cards(cast.head) == [("Lập báo cáo", "none")]
    report = services.begin_report(reporting_round=opened, unit=cast.ward, by=cast.clerk)
    assert cards(cast.clerk) == [("Lập tiếp", "waiting")]
    bring_to(report, "presented", cast)
    assert (cards(cast.clerk), cards(cast.head)) == ([], [("Xem và gửi", "waiting")])
    send(report, cast)
    assert cards(cast.clerk) == cards(cast.head) == []
    give_back(report, cast)
    assert cards(cast.clerk) == [("Sửa báo cáo", "late")]


def test_a_card_says_once_how_long_the_day_is_past(opened, cast, monkeypatch):
    def said() -> str:
        return next(duty.detail for duty in duties.of(type(cast.head).objects.get(pk=cast.head.pk)))

    assert said() == f"Chưa bắt đầu; {deadlines.countdown(opened, clock.today())}"
    days = (deadlines.due_day(opened) - clock.today()).days + 15
    monkeypatch.setenv(clock.OFFSET_VARIABLE, str(days * 86400))
    assert said() == "Chưa bắt đầu, quá hạn 15 ngày"


def test_home_affairs_finds_what_waits_and_the_round(report, cast):
    assert cards(cast.home_affairs) == [("Xem bảng theo dõi", "waiting")]
    send(report, cast)
    assert [duty.count for duty in duties.of(cast.home_affairs)] == [1, None]


def test_others_have_no_cards_of_reports(opened, cast):
    assert cards(cast.official) == cards(cast.stranger) == cards(cast.school_head) == []
