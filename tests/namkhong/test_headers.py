"""R35: every answer is a safe one, those of errors too."""

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from namkhong.middleware import client_address

SAFE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
REFUSED_TO_ALL = ["default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"]


@pytest.fixture
def client(settings):
    settings.ROOT_URLCONF = "tests.namkhong.broken_urls"
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


def login_page(client):
    return client.get(reverse("login"))


def health(client):
    return client.get(reverse("health"))


def missing(client):
    return client.get("/khong-co/")


def failing(client):
    return client.get("/hong/")


def forged(client):
    return client.post(reverse("login"), {"username": "a", "password": "b"})


def wrong_host(client):
    return client.get(reverse("login"), headers={"host": "evil.example"})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "status"),
    [(login_page, 200), (health, 200), (missing, 404), (failing, 500), (forged, 403), (wrong_host, 400)],
)
def test_r35_every_answer_carries_the_headers(client, answer, status):
    response = answer(client)
    assert response.status_code == status
    assert {name: response.headers.get(name) for name in SAFE} == SAFE
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert [part for part in REFUSED_TO_ALL if part not in policy] == []
    assert "camera=()" in response.headers["Permissions-Policy"]


@pytest.mark.django_db
def test_r35_a_wrong_host_under_https_is_answered_safely_too(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    response = wrong_host(client)
    assert response.status_code == 400
    assert {name: response.headers.get(name) for name in SAFE} == SAFE
    assert "Content-Security-Policy" in response.headers


@pytest.mark.django_db
@pytest.mark.parametrize("answer", [missing, failing, forged], ids=["404", "500", "403"])
def test_error_pages_speak_vietnamese(client, answer):
    assert '<html lang="vi"' in answer(client).content.decode()


@pytest.mark.django_db
def test_pages_of_a_session_are_kept_by_no_cache(client):
    session = client.session
    session["seen"] = 1
    session.save()
    assert "no-store" in client.get(reverse("login")).headers["Cache-Control"]


@pytest.mark.django_db
def test_a_failing_page_shows_nothing_of_the_failure(client):
    assert "the words of a report" not in failing(client).content.decode()


def test_the_database_answers_the_health_page(db, client):
    assert health(client).json() == {"ok": True}


class TestClientAddress:
    """R37: a limit needs the address that our own proxy saw, not the one that the client wrote."""

    def request(self, forwarded=None):
        extra = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
        return RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", **extra)

    def test_without_proxies_the_header_is_not_read(self, settings):
        settings.TRUSTED_PROXIES = 0
        assert client_address(self.request("1.1.1.1")) == "10.0.0.1"

    def test_behind_one_proxy_its_word_counts_and_not_the_clients(self, settings):
        settings.TRUSTED_PROXIES = 1
        assert client_address(self.request("6.6.6.6, 203.0.113.7")) == "203.0.113.7"

    def test_behind_two_proxies_the_outer_one_counts(self, settings):
        settings.TRUSTED_PROXIES = 2
        assert client_address(self.request("6.6.6.6, 203.0.113.7, 10.0.0.9")) == "203.0.113.7"

    def test_a_request_that_went_round_the_proxy_has_its_own_address(self, settings):
        settings.TRUSTED_PROXIES = 1
        assert client_address(self.request()) == "10.0.0.1"
