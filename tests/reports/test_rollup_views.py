"""The pages of a roll-up: one press, a bar that moves, the paper; each under its own permission."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from documents.services import read_paper
from ledger import jobs
from reports.models import Rollup
from reports.services import rollups
from tests.cast import make_cast
from tests.factories import make_campaign
from tests.reports.province import make_small_province

HTMX = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def small(cast, campaign):
    return make_small_province(cast, campaign)


@pytest.fixture
def officer(small, client_of):
    return client_of(small.home_affairs)


def compile_url(small) -> str:
    return reverse("reports:rollup_compile", args=[small.this.public_id])


def queued(small) -> Rollup:
    return rollups.compile_rollup(reporting_round=small.this, by=small.home_affairs)


def test_the_page_says_what_will_be_counted_before_the_button(small, officer):
    page = officer.get(compile_url(small)).content.decode()
    assert "2/4 đơn vị" in page
    assert "Chỉ báo cáo đã tiếp nhận được cộng." in page


def test_a_round_past_its_day_says_by_how_much(small, officer, monkeypatch):
    monkeypatch.setattr("ledger.clock.today", lambda: small.this.due_on.replace(day=24))
    assert "quá hạn 9 ngày" in officer.get(compile_url(small)).content.decode()


def test_one_press_queues_one_compilation_and_shows_it(small, officer, post_form):
    answer = post_form(officer, compile_url(small))
    rollup = Rollup.objects.get()
    assert answer.url == rollup.get_absolute_url()
    page = officer.get(answer.url).content.decode()
    assert "Đang chờ đến lượt" in page
    assert 'hx-trigger="every 1s"' in page


def test_pressed_twice_leads_to_the_one_under_way(small, officer, post_form):
    first = post_form(officer, compile_url(small))
    second = post_form(officer, compile_url(small))
    assert second.url == first.url
    assert Rollup.objects.count() == 1
    assert "đang được tổng hợp theo yêu cầu của" in officer.get(second.url).content.decode()


def test_the_bar_moves_without_the_page(small, officer):
    rollup = queued(small)
    Rollup.objects.filter(pk=rollup.pk).update(status="running", step=3, steps=4, message="Dựng PDF")
    fragment = officer.get(rollup.get_absolute_url(), **HTMX)
    text = fragment.content.decode()
    assert "<html" not in text
    assert "Dựng PDF" in text
    assert 'value="3" max="4"' in text
    assert "HX-Refresh" not in fragment


def test_a_failure_says_why_and_what_to_do(small, officer):
    rollup = queued(small)
    Rollup.objects.filter(pk=rollup.pk).update(status="failed", error="Thiếu phông chữ.")
    page = officer.get(rollup.get_absolute_url()).content.decode()
    assert "Thiếu phông chữ." in page
    assert "Tổng hợp lại" in page
    assert officer.get(rollup.get_absolute_url(), **HTMX)["HX-Refresh"] == "true"


def test_cancelled_on_its_page(small, officer, post_form):
    rollup = queued(small)
    url = reverse("reports:rollup_cancel", args=[rollup.public_id])
    assert url in officer.get(rollup.get_absolute_url()).content.decode()
    assert post_form(officer, url).url == rollup.get_absolute_url()
    rollup.refresh_from_db()
    assert rollup.status == "cancelled"


@pytest.mark.django_db(transaction=True)
def test_when_done_the_page_links_the_stored_paper_and_tells_what_went_in(client_of):
    small = make_small_province(make_cast(), make_campaign())
    rollup = queued(small)
    jobs.run(rollups.KIND, rollup.pk)
    rollup.refresh_from_db()
    officer = client_of(small.home_affairs)
    page = officer.get(rollup.get_absolute_url()).content.decode()
    paper_url = reverse("reports:rollup_paper", args=[rollup.public_id])
    assert paper_url in page
    assert rollup.manifest["sources"][0]["sha256"][:12] in page
    assert "UBND xã A Lưới 2: Chưa gửi" in page
    assert "UBND phường Kim Long, muộn 3 ngày" in page
    answer = officer.get(paper_url)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content == read_paper(rollup.paper)


def test_without_a_paper_there_is_nothing_to_open(small, officer):
    assert officer.get(reverse("reports:rollup_paper", args=[queued(small).public_id])).status_code == 404


@pytest.mark.parametrize(
    ("role", "statuses"),
    [
        ("home_affairs", (200, 200)),
        ("leadership", (403, 404)),
        ("standing_committee", (403, 404)),
        ("head", (403, 404)),
        ("stranger", (403, 404)),
    ],
)
def test_who_may_compile_and_who_may_watch(small, cast, client_of, role, statuses):
    """Leadership sees what is done, not what is being made."""
    client = client_of(getattr(cast, role))
    urls = (compile_url(small), queued(small).get_absolute_url())
    assert tuple(client.get(url).status_code for url in urls) == statuses


def test_the_progress_fragment_costs_few_queries(small, officer):
    rollup = queued(small)
    officer.get(rollup.get_absolute_url(), **HTMX)
    with CaptureQueriesContext(connection) as queries:
        officer.get(rollup.get_absolute_url(), **HTMX)
    assert len(queries) == 6
