"""R42: logs are JSON in UTC and hold nothing that a person typed."""

import io
import json
import logging.config
from pathlib import Path

import pytest
from django.test import Client

from namkhong.logging import logging_config

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def lines():
    """Everything that the real configuration writes, parsed."""
    stream = io.StringIO()
    config = logging_config(level="INFO")
    config["handlers"]["stderr"]["stream"] = stream
    logging.config.dictConfig(config)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.config.dictConfig(logging_config(level="INFO"))


def test_a_line_says_what_where_and_when_in_utc(lines):
    logging.getLogger("reports").warning("đã chốt %s", "KY-1", extra={"job": 7})
    (line,) = lines()
    assert line["event"] == "đã chốt KY-1"
    assert (line["logger"], line["level"], line["job"]) == ("reports", "warning", 7)
    assert line["timestamp"].endswith("Z")


def test_r42_an_exception_tells_its_place_and_not_its_words(lines):
    try:
        raise ValueError("số điện thoại 0912345678")
    except ValueError:
        logging.getLogger("reports").exception("job failed")
    (line,) = lines()
    assert line["exception"] == "builtins.ValueError"
    assert "test_r42_an_exception_tells_its_place_and_not_its_words" in line["passed"][-1]
    assert "0912345678" not in json.dumps(line)


@pytest.mark.django_db
def test_r42_a_request_leaves_no_query_no_form_and_no_failure_text(lines, settings):
    settings.ROOT_URLCONF = "tests.namkhong.broken_urls"
    client = Client(raise_request_exception=False)
    client.get("/hong/?q=nguyen-van-a", headers={"user-agent": "browser-of-someone"})
    client.get("/dang-nhap/?q=nguyen-van-a", headers={"host": "evil.example"})
    Client(enforce_csrf_checks=True).post("/dang-nhap/?q=nguyen-van-a", {"username": "nguyen-van-b"})
    client.post("/dang-nhap/", {"username": "nguyen-van-b", "password": "mat-khau-cua-b"})
    written = json.dumps(lines())
    assert "/hong/" in written
    assert "GET /dang-nhap/" in written
    for secret in (
        "nguyen-van-a",
        "nguyen-van-b",
        "mat-khau-cua-b",
        "the words of a report",
        "browser-of-someone",
    ):
        assert secret not in written
