"""The pages of plans as people use them: lists, one plan, the acts on it, and who is let in."""

import pytest
from django.urls import reverse

from campaigns import duties, services
from campaigns.content import content_of, digest
from campaigns.models import UnitPlan
from ledger.public_id import new_public_id
from tests.campaigns.plans import (
    YEAR,
    accepted,
    draft,
    own_line,
    page_data,
    plan_hash,
    returned,
    submitted,
)
from tests.factories import PASSWORD, appoint, make_unit, person, place
from units import proof
from units.models import Placement, Unit

LIST = reverse("campaigns:unitplan_list")
BEGIN = reverse("campaigns:unitplan_begin")


def url(name: str, plan: UnitPlan) -> str:
    return reverse(f"campaigns:unitplan_{name}", args=[plan.public_id])


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


# Who is let in


ROUTES = ["detail", "edit", "submit", "return", "accept"]
# People of the unit and of the units below it read what was sent, not what is written or given back.
READER = {"detail": 200, "edit": 404, "submit": 404, "return": 403, "accept": 403}
MAY = {
    "head": {"detail": 200, "edit": 200, "submit": 200, "return": 403, "accept": 403},
    "clerk": {"detail": 200, "edit": 200, "submit": 403, "return": 403, "accept": 403},
    "official": READER,
    "home_affairs": {"detail": 200, "edit": 403, "submit": 403, "return": 200, "accept": 200},
    "home_affairs_head": {"detail": 200, "edit": 403, "submit": 403, "return": 200, "accept": 200},
    "chair_of_province": {"detail": 200, "edit": 403, "submit": 403, "return": 200, "accept": 200},
    "leadership": {"detail": 200, "edit": 403, "submit": 403, "return": 403, "accept": 403},
    "standing_committee": {"detail": 200, "edit": 403, "submit": 403, "return": 403, "accept": 403},
    "other_head": dict.fromkeys(ROUTES, 404),
    "stranger": dict.fromkeys(ROUTES, 404),
    "school_head": READER,
}
# The state in which each page is open to who may use it.
OPEN_IN = {
    "detail": "submitted",
    "edit": "returned",
    "submit": "returned",
    "return": "submitted",
    "accept": "submitted",
}


@pytest.fixture
def open_plans(cast, campaign) -> dict[str, UnitPlan]:
    """A plan for each route, in the state in which its page is open."""
    plans = {"submitted": submitted(cast, campaign, year=YEAR), "returned": None}
    draft_of_next_year = submitted(cast, campaign, year=YEAR + 1)
    plans["returned"] = services.return_plan(
        by=cast.home_affairs, plan=draft_of_next_year, reason="Thiếu.", seen=draft_of_next_year.content_hash
    )
    return {route: plans[state] for route, state in OPEN_IN.items()}


@pytest.mark.parametrize("role", MAY)
def test_the_pages_of_a_plan_open_for_whom_they_should(cast, client_of, open_plans, role):
    browser = client_of(cast.people[role])
    found = {route: browser.get(url(route, plan)).status_code for route, plan in open_plans.items()}
    assert found == MAY[role]


@pytest.mark.parametrize("role", MAY)
def test_an_act_without_the_right_is_refused_however_it_is_sent(cast, client_of, post_form, open_plans, role):
    browser = client_of(cast.people[role])
    states = list(UnitPlan.objects.order_by("pk").values_list("status", "version"))
    for route, plan in open_plans.items():
        if route != "detail" and MAY[role][route] != 200:
            answer = post_form(
                browser, url(route, plan), {"seen": plan_hash(plan), "reason": "Không được phép."}
            )
            assert answer.status_code == MAY[role][route], route
    assert list(UnitPlan.objects.order_by("pk").values_list("status", "version")) == states


def test_a_draft_is_seen_by_its_authors_alone(cast, campaign, client_of):
    plan = draft(cast, campaign)
    assert client_of(cast.clerk).get(url("detail", plan)).status_code == 200
    assert client_of(cast.home_affairs).get(url("detail", plan)).status_code == 404
    assert client_of(cast.leadership).get(url("detail", plan)).status_code == 404


def test_a_sent_plan_is_read_by_the_people_of_its_unit(cast, campaign, client_of):
    reader = person("Lê Thị Én", cast.ward)
    assert client_of(reader).get(url("detail", submitted(cast, campaign))).status_code == 200


def test_a_visitor_is_asked_to_sign_in(client, db):
    assert client.get(LIST)["Location"].startswith(reverse("login"))


@pytest.mark.parametrize(
    ("role", "status"), [("head", 200), ("clerk", 200), ("official", 403), ("home_affairs", 403)]
)
def test_heads_and_clerks_begin_plans(cast, campaign, client_of, role, status):
    assert client_of(cast.people[role]).get(BEGIN).status_code == status


# Beginning


def test_a_head_begins_his_units_plan_and_goes_on_to_write_it(cast, campaign, client_of, post_form):
    browser = client_of(cast.head)
    answer = post_form(browser, BEGIN, {"unit": cast.ward.public_id, "year": YEAR})
    plan = UnitPlan.objects.get()
    assert answer["Location"] == url("edit", plan)
    assert "Phát động Cuộc vận động sâu rộng" in text_of(browser.get(answer["Location"]))


def test_beginning_twice_makes_one_plan_and_a_sentence(cast, campaign, client_of, post_form):
    browser = client_of(cast.head)
    post_form(browser, BEGIN, {"unit": cast.ward.public_id, "year": YEAR})
    answer = post_form(browser, BEGIN, {"unit": cast.ward.public_id, "year": YEAR}, follow=True)
    assert f"UBND phường Kim Long đã có kế hoạch năm {YEAR}." in text_of(answer)
    assert UnitPlan.objects.count() == 1


def test_nobody_begins_the_plan_of_a_unit_that_is_not_his(cast, campaign, client_of, post_form):
    answer = post_form(client_of(cast.head), BEGIN, {"unit": cast.other_ward.public_id, "year": YEAR})
    assert answer.status_code == 422
    assert UnitPlan.objects.count() == 0


def test_a_unit_without_plan_duty_is_told_where_its_plan_stands(cast, campaign, client_of):
    assert "Đơn vị không lập kế hoạch riêng" in text_of(client_of(cast.school_head).get(BEGIN))


# The acts


def test_a_plan_goes_from_draft_to_accepted_in_the_browser(cast, campaign, client_of, post_form):
    plan = draft(cast, campaign)
    head, reviewer = client_of(cast.head), client_of(cast.home_affairs)
    page = text_of(head.get(url("submit", plan)))
    assert "Toàn bộ nội dung trên được gửi" in page and "Nâng cao trách nhiệm" in page
    answer = post_form(head, url("submit", plan), {"seen": digest(content_of(plan))}, follow=True)
    assert "Đã gửi kế hoạch." in text_of(answer)
    seen = plan_hash(plan)
    assert seen in text_of(reviewer.get(url("return", plan)))
    answer = post_form(reviewer, url("return", plan), {"seen": seen, "reason": "Nhóm 4 chưa có thời hạn."})
    assert "Nhóm 4 chưa có thời hạn." in text_of(head.get(url("detail", plan)))
    post_form(head, url("submit", plan), {"seen": digest(content_of(plan))})
    answer = post_form(reviewer, url("accept", plan), {"seen": plan_hash(plan)}, follow=True)
    assert "Đã tiếp nhận kế hoạch." in text_of(answer)
    plan.refresh_from_db()
    assert plan.status == "accepted"


def test_sending_the_same_form_twice_sends_once(cast, campaign, client_of):
    plan, browser = draft(cast, campaign), client_of(cast.head)
    form = {"seen": digest(content_of(plan)), "idempotency_key": new_public_id()}
    first, second = (browser.post(url("submit", plan), form, follow=True) for _ in range(2))
    assert first.redirect_chain == second.redirect_chain
    assert "Đã gửi kế hoạch." in text_of(second)
    assert plan.versions.count() == 1


def test_a_late_click_on_a_returned_plan_is_one_sentence_on_its_page(cast, campaign, client_of, post_form):
    plan = returned(cast, campaign)
    answer = post_form(
        client_of(cast.home_affairs), url("accept", plan), {"seen": plan_hash(plan)}, follow=True
    )
    assert answer.redirect_chain[0][0] == url("detail", plan)
    assert "Không thể “Tiếp nhận”: Hoàng Thị Ngọc Ánh đã trả lại lúc" in text_of(answer)


@pytest.mark.parametrize("route", ["return", "accept"])
def test_a_late_look_at_a_step_is_one_sentence_too(cast, campaign, client_of, route):
    plan = accepted(cast, campaign)
    answer = client_of(cast.home_affairs).get(url(route, plan), follow=True)
    assert "đã tiếp nhận lúc" in text_of(answer)


def test_a_return_without_a_reason_stays_on_the_page_and_returns_nothing(
    cast, campaign, client_of, post_form
):
    plan = submitted(cast, campaign)
    answer = post_form(
        client_of(cast.home_affairs), url("return", plan), {"seen": plan_hash(plan), "reason": " "}
    )
    assert answer.status_code == 422
    plan.refresh_from_db()
    assert plan.status == "submitted"


def test_sending_asks_for_the_password_when_the_last_proof_is_old(cast, campaign, client_of, post_form):
    plan, browser = draft(cast, campaign), client_of(cast.head)
    session = browser.session
    del session[proof.SESSION_KEY]
    session.save()
    form = {"seen": digest(content_of(plan))}
    assert post_form(browser, url("submit", plan), form).status_code == 422
    assert post_form(browser, url("submit", plan), form | {"password": "sai"}).status_code == 422
    assert post_form(browser, url("submit", plan), form | {"password": PASSWORD}).status_code == 302


def test_an_incomplete_plan_is_refused_on_the_page_that_sends_it(cast, campaign, client_of, post_form):
    plan = services.begin_plan(by=cast.head, campaign=campaign, unit=cast.ward, year=YEAR)
    browser = client_of(cast.head)
    assert "Chưa ghi mục đích, yêu cầu." in text_of(browser.get(url("submit", plan)))
    answer = post_form(browser, url("submit", plan), {"seen": digest(content_of(plan))})
    assert answer.status_code == 422
    plan.refresh_from_db()
    assert plan.status == "draft"


# One plan


def test_the_reviewer_reads_what_was_sent_and_not_what_is_being_rewritten(cast, campaign, client_of):
    plan = returned(cast, campaign)
    own_line(UnitPlan.objects.get(pk=plan.pk), "Đang viết lại")
    assert "Đang viết lại" not in text_of(client_of(cast.home_affairs).get(url("detail", plan)))
    assert "Đang viết lại" in text_of(client_of(cast.head).get(url("detail", plan)))


def test_the_reviewer_is_told_of_tasks_repeated_word_for_word(cast, campaign, client_of):
    for unit, by in ((cast.ward, cast.head), (cast.other_ward, cast.other_head)):
        plan = own_line(draft(cast, campaign, unit=unit, by=by), "Tổ chức ngày thứ Bảy không hẹn")
        services.submit_plan(by=by, plan=plan, seen=digest(content_of(plan)))
    page = text_of(client_of(cast.home_affairs).get(url("detail", plan)))
    assert "1 nhiệm vụ trùng nguyên văn với kế hoạch của đơn vị khác" in page
    assert "trùng nguyên văn" not in text_of(client_of(cast.other_head).get(url("detail", plan)))


def test_the_history_names_people_posts_and_reasons_in_vietnamese(cast, campaign, client_of):
    page = text_of(client_of(cast.clerk).get(url("detail", returned(cast, campaign))))
    assert "Đã trả lại" in page and "Hoàng Thị Ngọc Ánh, Chuyên viên" in page
    assert "Đã gửi" in page and "Tôn Thất Đức, Chủ tịch UBND phường" in page
    assert "Đã lập kế hoạch" in page


# Lists


def sent_plans(cast, campaign, count: int) -> list[UnitPlan]:
    units = [(cast.ward, cast.head), (cast.other_ward, cast.other_head)]
    while len(units) < count:
        unit = make_unit(f"Sở số {len(units)}")
        place(unit, cast.root)
        units.append((unit, person("Lê Văn Ơn", unit, post=("head", "Giám đốc"))))
    return [submitted(cast, campaign, unit=unit, by=by) for unit, by in units[:count]]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_home_affairs_costs_the_same_for_one_plan_and_for_three(
    cast, campaign, client_of, django_assert_num_queries, count
):
    plans, browser = sent_plans(cast, campaign, count), client_of(cast.home_affairs)
    with django_assert_num_queries(14):
        page = text_of(browser.get(LIST))
    assert all(plan.get_absolute_url() in page for plan in plans)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_a_head_costs_the_same_for_one_plan_and_for_three(
    cast, campaign, client_of, django_assert_num_queries, count
):
    for year in range(YEAR, YEAR - count, -1):
        draft(cast, campaign, year=year)
    browser = client_of(cast.head)
    with django_assert_num_queries(16):
        page = text_of(browser.get(LIST, {"year": ""}))
    assert page.count(f'href="{LIST}') >= 1
    assert page.count("Đang soạn</span>") == count


@pytest.mark.parametrize("count", [1, 3])
def test_one_plan_costs_the_same_with_one_own_line_and_with_three(
    cast, campaign, client_of, django_assert_num_queries, count
):
    plan = draft(cast, campaign)
    for number in range(count):
        plan = own_line(plan, f"Việc {number}")
    browser = client_of(cast.head)
    with django_assert_num_queries(14):
        browser.get(url("detail", plan))
    with django_assert_num_queries(11):
        browser.get(url("edit", plan))


def test_the_list_says_how_many_units_that_owe_a_plan_have_sent_one(cast, campaign, client_of):
    submitted(cast, campaign)
    page = text_of(client_of(cast.home_affairs).get(LIST))
    assert f"1/4 đơn vị có nghĩa vụ đã gửi kế hoạch năm {YEAR}" in page
    assert "3 đơn vị chưa gửi" in page and "UBND xã A Lưới 2</a>" in page


def test_the_list_of_a_head_counts_his_own_branch(cast, campaign, client_of):
    Placement.objects.filter(unit=cast.school).update(plan_duty=Placement.Duty.OWN)
    draft(cast, campaign)
    assert "0/2 đơn vị có nghĩa vụ" in text_of(client_of(cast.head).get(LIST))


def test_the_list_is_searched_without_accents_and_filtered_by_state_and_year(cast, campaign, client_of):
    ward, commune = sent_plans(cast, campaign, 2)
    browser = client_of(cast.home_affairs)

    def shown(**asked) -> set[str]:
        page = text_of(browser.get(LIST, asked))
        return {plan.unit.name for plan in (ward, commune) if f'href="{plan.get_absolute_url()}"' in page}

    assert shown(unit="kim long") == {"UBND phường Kim Long"}
    assert shown(unit="A LUOI") == {"UBND xã A Lưới 2"}
    assert shown(status="submitted") == {ward.unit.name, commune.unit.name}
    assert shown(status="accepted") == set()
    assert shown(year=YEAR - 1) == set()
    assert shown(year="") == {ward.unit.name, commune.unit.name}


@pytest.mark.parametrize(
    "query", ["?year=abc", "?page=999", "?page=x", "?sort=drop", "?status=zzz", "?unit=%00"]
)
def test_a_list_survives_any_address(cast, campaign, client_of, query):
    submitted(cast, campaign)
    assert client_of(cast.home_affairs).get(LIST + query).status_code == 200


def test_an_empty_list_says_what_to_do_next(cast, campaign, client_of):
    page = text_of(client_of(cast.head).get(LIST))
    assert "Lập kế hoạch từ các nhiệm vụ của quyết định." in page


# What waits


def titles(user) -> list[str]:
    return [duty.title for duty in duties.of(type(user).objects.get(pk=user.pk))]


def test_the_head_is_reminded_until_the_plan_is_sent(cast, campaign):
    ward = "UBND phường Kim Long"
    assert titles(cast.head) == [f"Kế hoạch năm {YEAR} của {ward}: chưa lập"]
    plan = draft(cast, campaign)
    assert titles(cast.head) == [f"Kế hoạch năm {YEAR} của {ward}: đang soạn, chưa gửi"]
    services.submit_plan(by=cast.head, plan=plan, seen=digest(content_of(plan)))
    assert titles(cast.head) == []
    services.return_plan(by=cast.home_affairs, plan=plan, reason="Thiếu.", seen=plan_hash(plan))
    assert titles(cast.head) == [f"Kế hoạch năm {YEAR} của {ward}: bị trả lại"]


def test_who_has_nothing_to_do_with_plans_is_not_reminded(cast, campaign):
    submitted(cast, campaign)
    for role in ("official", "stranger", "school_head", "leadership", "union_chair"):
        assert titles(cast.people[role]) == [], role


def test_reviewers_see_how_many_plans_wait_for_them(cast, campaign):
    submitted(cast, campaign)
    Placement.objects.filter(unit=cast.school).update(plan_duty=Placement.Duty.OWN)
    submitted(cast, campaign, unit=cast.school, by=cast.school_head)
    submitted(cast, campaign, unit=cast.home_affairs_unit, by=cast.home_affairs_head)
    assert [(duty.title, duty.count) for duty in duties.of(cast.home_affairs)] == [
        ("kế hoạch chờ tiếp nhận", 2)
    ]
    assert [duty.count for duty in duties.of(cast.head)] == [1]
    assert [duty.count for duty in duties.of(cast.chair_of_province)] == [1]


@pytest.mark.parametrize("extra", [0, 3])
def test_what_waits_costs_the_same_however_many_units_there_are(
    cast, campaign, extra, django_assert_num_queries
):
    sent_plans(cast, campaign, 2 + extra)
    second = make_unit("Sở Tư pháp", kind=Unit.Kind.SPECIALISED)
    place(second, cast.root)
    appoint(cast.head, second, "head", "Giám đốc")
    user = type(cast.head).objects.get(pk=cast.head.pk)
    with django_assert_num_queries(6):
        duties.of(user)


def test_saving_keeps_the_page_data_as_it_was(cast, campaign, client_of, post_form):
    """Negative control of the form helper: sending the page untouched changes nothing."""
    plan = draft(cast, campaign)
    before = content_of(plan)
    assert post_form(client_of(cast.head), url("edit", plan), page_data(plan)).status_code == 302
    assert content_of(UnitPlan.objects.get(pk=plan.pk)) == before


def test_a_sent_plan_gives_its_authors_a_receipt_and_nobody_else(cast, campaign, client_of):
    plan = submitted(cast, campaign)
    code = plan_hash(plan)[:16]
    assert "Đã gửi kế hoạch, đang chờ tiếp nhận" in text_of(client_of(cast.clerk).get(url("detail", plan)))
    page = text_of(client_of(cast.home_affairs).get(url("detail", plan)))
    assert "đang chờ tiếp nhận" not in page and code in page
