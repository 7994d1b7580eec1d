"""The page of the decision: for everyone, without a login and without a cookie, in the decision's own words."""

import tomllib
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

PAGE = reverse("campaigns:campaign_detail")
DATA = tomllib.loads((Path(settings.BASE_DIR) / "data/campaigns/2607.toml").read_text(encoding="utf-8"))


def text_of(response) -> str:
    return " ".join(unescape(response.content.decode()).split())


def test_everyone_reads_the_decision_and_gets_no_cookie(campaign, client):
    for address in (PAGE, campaign.get_absolute_url()):
        answer = client.get(address)
        assert answer.status_code == 200
        assert not answer.cookies
        assert "sessionid" not in client.cookies


def test_it_says_what_the_decision_says_word_for_word(campaign, client):
    page = text_of(client.get(PAGE))
    for table in ("commitments", "tasks", "legal_bases", "targets"):
        for row in DATA[table]:
            assert " ".join(row["text"].split()) in page
    for row in DATA["tasks"]:
        assert f"<dt>{row['clause']}</dt>" in page
    for row in DATA["phases"]:
        assert row["name"] in page
    assert "Quyết định số 2607/QĐ-UBND ngày 23 tháng 10 năm 2019" in page
    assert "“Năm không”" in page


def test_before_a_decision_is_loaded_there_is_no_page(client, db):
    assert client.get(PAGE).status_code == 404


@pytest.mark.parametrize("tasks", [1, 3])
def test_the_page_costs_the_same_for_one_task_and_for_three(
    campaign, client, django_assert_num_queries, tasks
):
    campaign.tasks.exclude(pk__in=list(campaign.tasks.values_list("pk", flat=True)[:tasks])).delete()
    with django_assert_num_queries(10):
        client.get(PAGE)
