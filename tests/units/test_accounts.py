"""Accounts: one-time codes from slips, passwords of one's own, the login guard, sessions that end."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from ledger import clock
from ledger.models import Event
from tests.factories import PASSWORD, appoint, employ, make_user
from units import activation, services, slips
from units.models import ActivationCode, User
from units.services import postmaking

NEW = "đồng-hồ-treo-tường-7"


@pytest.fixture
def newcomer(cast):
    user = make_user("Kăn Thị Ưu", username="H90001")
    user.set_unusable_password()
    user.save()
    employ(user, cast.school, "vien_chuc")
    services.issue_codes(users=[user], unit=cast.school, by=cast.school_head)
    user.refresh_from_db()
    return user


def code_of(user) -> str:
    return activation.code_of(user.public_id, user.activation.nonce)


def activate(client, user, code, password=NEW, again=None):
    return client.post(
        reverse("activate"),
        {
            "username": user.username,
            "code": code,
            "new_password1": password,
            "new_password2": again or password,
        },
    )


def log_in(client, username, password):
    return client.post(reverse("login"), {"username": username, "password": password})


def test_the_code_of_the_slip_opens_the_account_once(newcomer, client):
    code = code_of(newcomer)
    assert activate(client, newcomer, code.lower().replace("-", " ")).url == reverse("home")
    assert log_in(Client(), "h90001", NEW).url == reverse("home"), "the personnel code in any case of letters"
    again = activate(Client(), newcomer, code, "một-mật-khẩu-khác-9")
    assert again.status_code == 422
    assert log_in(Client(), "H90001", NEW).status_code == 302


def test_a_code_that_ran_out_opens_nothing(newcomer, client):
    ActivationCode.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert activate(client, newcomer, code_of(newcomer)).status_code == 422


def test_the_code_is_not_in_the_database(newcomer):
    stored = str(ActivationCode.objects.values().get())
    assert code_of(newcomer) not in stored
    assert code_of(newcomer).replace("-", "") not in stored


def test_a_guessed_code_is_counted_and_locked_like_a_password(newcomer, client):
    for _ in range(5):
        answer = activate(client, newcomer, "2222-2222-2222")
    assert answer.status_code == 429
    assert activate(client, newcomer, code_of(newcomer)).status_code == 429, "also the right code waits now"


def test_wrong_passwords_lock_this_person_at_this_address_only(cast, client):
    for _ in range(5):
        answer = log_in(client, cast.official.username, "sai-mật-khẩu")
    assert answer.status_code == 429
    assert log_in(client, cast.stranger.username, PASSWORD).status_code == 302
    elsewhere = Client(REMOTE_ADDR="10.0.0.9")
    assert log_in(elsewhere, cast.official.username, PASSWORD).status_code == 302


def test_login_says_the_same_for_an_unknown_person_and_a_wrong_password(cast, client):
    known = log_in(client, cast.official.username, "sai-mật-khẩu").content.decode()
    unknown = log_in(client, "H99999", "sai-mật-khẩu").content.decode()
    sentence = "Số hiệu cán bộ hoặc mật khẩu chưa đúng."
    assert sentence in known and sentence in unknown


@pytest.mark.parametrize("weak", ["1234567890", "H90001H90001", "kăn thị ưu", "namkhong2026", "aaaaaaaaaaaa"])
def test_a_password_that_anyone_would_try_is_refused(newcomer, client, weak):
    assert activate(client, newcomer, code_of(newcomer), weak).status_code == 422


def test_login_goes_back_to_the_page_asked_for_but_never_to_another_site(cast, client):
    url = reverse("login")
    data = {"username": cast.official.username, "password": PASSWORD}
    assert client.post(url, {**data, "next": "/don-vi/"}).url == "/don-vi/"
    assert client.post(url, {**data, "next": "https://evil.example/"}).url == reverse("home")


def test_a_renewed_code_ends_the_old_password_and_every_session(cast, client_of, post_form):
    of_official = client_of(cast.school_official)
    assert of_official.get(reverse("home")).status_code == 200
    url = reverse("units:user_renew_code", args=[cast.school_official.public_id])
    assert post_form(client_of(cast.school_head), url).status_code == 302
    assert of_official.get(reverse("home")).status_code == 302
    assert log_in(Client(), cast.school_official.username, PASSWORD).status_code == 422
    assert Event.objects.filter(kind="units.issue_codes").exists()


def test_nobody_below_home_affairs_holds_the_slip_of_one_who_signs_for_others(cast, client_of, post_form):
    url = reverse("units:user_renew_code", args=[cast.head.public_id])
    assert post_form(client_of(cast.clerk), url).status_code == 403
    assert post_form(client_of(cast.home_affairs), url).status_code == 302


def test_sessions_read_through_a_cache_end_at_once_too(cast, client_of, settings):
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
    client = client_of(cast.official)
    assert client.get(reverse("home")).status_code == 200
    client.session.delete()
    assert client.get(reverse("home")).status_code == 302


def test_a_disabled_person_is_out_at_the_next_request(cast, client_of):
    client = client_of(cast.official)
    cast.official.is_active = False
    cast.official.save()
    assert client.get(reverse("home")).status_code == 302


def test_slips_show_codes_to_the_clerk_and_vanish_when_used(newcomer, cast, client_of, client):
    url = reverse("units:unit_codes", args=[cast.ward.public_id])
    assert code_of(newcomer) in client_of(cast.clerk).get(url).content.decode()
    activate(client, newcomer, code_of(newcomer))
    assert newcomer.username not in client_of(cast.clerk).get(url).content.decode()


@pytest.mark.parametrize(
    ("kind", "manner"), [("deputy", "holder"), ("head", "by_order"), ("clerk", "holder")]
)
def test_a_slip_issued_before_a_post_that_signs_for_others_opens_nothing(
    cast, newcomer, client, kind, manner
):
    known = code_of(newcomer)
    post = postmaking.post_of(cast.school, kind)
    services.appoint(post=post, user=newcomer, manner=manner, since=clock.today(), by=None)
    is_good = kind == "clerk"
    assert ActivationCode.objects.filter(user=newcomer).exists() is is_good
    assert (activate(client, newcomer, known).status_code == 302) is is_good


def test_a_clerk_holds_no_slip_of_a_clerk_of_units_out_of_his_charge(cast, newcomer, client_of, post_form):
    slips_page = reverse("units:unit_codes", args=[cast.ward.public_id])
    renew = reverse("units:user_renew_code", args=[newcomer.public_id])
    within = appoint(newcomer, cast.division, "clerk", "Cán bộ đầu mối")
    assert code_of(newcomer) in client_of(cast.clerk).get(slips_page).content.decode()
    assert post_form(client_of(cast.clerk), renew).status_code == 302
    within.delete()
    appoint(newcomer, cast.other_ward, "clerk", "Cán bộ đầu mối")
    newcomer.refresh_from_db()
    for role, status in (("clerk", 403), ("head", 403), ("home_affairs", 302)):
        assert post_form(client_of(getattr(cast, role)), renew).status_code == status, role
    newcomer.refresh_from_db()
    assert code_of(newcomer) not in client_of(cast.clerk).get(slips_page).content.decode()
    assert code_of(newcomer) in client_of(cast.home_affairs).get(slips_page).content.decode()


@pytest.mark.parametrize("clerks", [1, 3])
def test_the_slips_cost_the_same_for_one_and_for_three_clerks(
    cast, newcomer, django_assert_num_queries, clerks
):
    for number in range(clerks):
        user = make_user(f"Cán Bộ {number}")
        employ(user, cast.school)
        appoint(user, cast.other_ward, "clerk", "Cán bộ đầu mối")
    by = User.objects.get(pk=cast.clerk.pk)
    with django_assert_num_queries(4):
        assert len(slips.waiting(cast.ward, by).live) == 1
