"""When a session ends: with a post, an employment or an account; on a shared machine with the browser and with time."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ledger import clock
from namkhong.sessions import SessionStore
from tests.factories import PASSWORD, appoint, employ, make_user
from units import activation, services, sessions
from units.models import Appointment, Employment, User

OVER = "Phiên làm việc đã kết thúc vì chức vụ sau không còn: Chủ tịch UBND phường, UBND phường Kim Long."


def log_in(user, password=PASSWORD, client=None, **more):
    client = client or Client()
    answer = client.post(reverse("login"), {"username": user.username, "password": password, **more})
    return client, answer


def inside(client) -> bool:
    return client.get(reverse("home")).status_code == 200


def end_posts(user, day=None) -> None:
    Appointment.objects.filter(user=user).update(until=day or clock.today())


# --- posts


def test_the_request_after_a_post_ended_ends_the_session_and_says_which(cast):
    client, _ = log_in(cast.head)
    assert inside(client)
    end_posts(cast.head)
    answer = client.get(reverse("reports:unitreport_list"), follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("login"))
    assert OVER in answer.content.decode()
    assert not inside(client)


def test_also_where_sessions_are_read_through_a_warm_cache(cast, settings):
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
    client, _ = log_in(cast.head)
    assert inside(client) and inside(client)
    end_posts(cast.head)
    assert not inside(client) and not inside(client)


def test_the_session_is_really_gone_and_stays_gone_when_the_post_comes_back(cast):
    client, _ = log_in(cast.head)
    key = client.session.session_key
    end_posts(cast.head)
    client.get(reverse("home"))
    assert not Session.objects.filter(pk=key).exists()
    Appointment.objects.filter(user=cast.head).update(until=None)
    client.cookies["phien"] = key
    assert not inside(client)


def test_other_devices_end_too_each_at_its_next_request(cast):
    devices = [log_in(cast.head)[0] for _ in range(3)]
    keys = [client.session.session_key for client in devices]
    end_posts(cast.head)
    assert [inside(client) for client in devices] == [False] * 3
    assert not Session.objects.filter(pk__in=keys).exists()


def test_one_post_of_two_is_enough(cast):
    appoint(cast.head, cast.school, "clerk", "Cán bộ đầu mối")
    client, _ = log_in(cast.head)
    Appointment.objects.filter(user=cast.head, post__kind="clerk").update(until=clock.today())
    page = client.get(reverse("home"), follow=True).content.decode()
    assert "Cán bộ đầu mối, Trường Tiểu học Kim Long 1" in page and "Chủ tịch" not in page


def test_a_post_that_ends_tomorrow_ends_nothing_today(cast):
    client, _ = log_in(cast.head)
    end_posts(cast.head, clock.today() + timedelta(days=1))
    assert inside(client)


def test_what_was_typed_is_shown_and_not_lost(cast, post_form):
    client, _ = log_in(cast.head)
    end_posts(cast.head)
    secrets = {"password": "bí-mật-lắm", "new_password1": "bí-mật-lắm", "second_factor": "bí-mật-lắm"}
    typed = {"own_words": "Trả lời kiến nghị trong ba ngày.", **secrets}
    answer = post_form(client, reverse("pledges:pledge_sign"), typed)
    page = answer.content.decode()
    assert answer.status_code == 401
    assert OVER in page and "Trả lời kiến nghị trong ba ngày." in page and "bí-mật-lắm" not in page


def test_a_new_post_ends_nothing_and_is_watched_from_then_on(cast):
    client, _ = log_in(cast.official)
    appoint(cast.official, cast.division, "clerk", "Cán bộ đầu mối")
    assert inside(client)
    end_posts(cast.official)
    assert not inside(client)


def test_the_progress_of_a_job_asks_for_the_whole_page_instead_of_showing_login_in_itself(cast):
    client, _ = log_in(cast.head)
    end_posts(cast.head)
    answer = client.get(reverse("home"), headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (204, "true")


def test_public_pages_are_open_to_everybody_also_then(cast):
    client, _ = log_in(cast.head)
    end_posts(cast.head)
    assert client.get(reverse("documents:check")).status_code == 200


# --- employment and account


def test_who_left_is_out_at_once_and_does_not_come_in_again(cast):
    client, _ = log_in(cast.official)
    assert inside(client)
    Employment.objects.filter(user=cast.official).update(until=clock.today())
    key = client.session.session_key
    assert not inside(client)
    assert not Session.objects.filter(pk=key).exists()
    _, answer = log_in(cast.official)
    assert answer.status_code == 422


def test_who_moves_stays_in(cast):
    client, _ = log_in(cast.official)
    Employment.objects.filter(user=cast.official).update(until=clock.today())
    employ(cast.official, cast.school, since=clock.today())
    assert inside(client)


@pytest.mark.parametrize("days", [0, 400], ids=["annulled", "to come"])
def test_who_was_never_employed_is_not_one_who_left(cast, days):
    day = clock.today() + timedelta(days=days)
    user = make_user("Người Mới")
    employ(user, cast.school, since=day, until=day)
    assert inside(log_in(user)[0])


def test_a_disabled_account_comes_back_without_its_old_sessions(cast):
    client, _ = log_in(cast.official)
    User.objects.filter(pk=cast.official.pk).update(is_active=False)
    assert not inside(client)
    User.objects.filter(pk=cast.official.pk).update(is_active=True)
    assert not inside(client)


# --- shared machines


def move_clock(monkeypatch, minutes: int) -> None:
    monkeypatch.setenv(clock.OFFSET_VARIABLE, str(minutes * 60))


def test_on_a_shared_machine_the_session_lasts_until_the_browser_is_closed(cast):
    client, _ = log_in(cast.head, shared="on")
    cookie = client.cookies["phien"]
    assert cookie["max-age"] == "" and cookie["expires"] == ""
    own, _ = log_in(cast.head)
    assert own.cookies["phien"]["max-age"] == 12 * 3600


def test_the_first_password_may_be_set_on_a_shared_machine_too(cast):
    cast.official.set_unusable_password()
    cast.official.save()
    services.issue_codes(users=[cast.official], unit=cast.division, by=cast.clerk)
    user = User.objects.select_related("activation").get(pk=cast.official.pk)
    client = Client()
    new = {"new_password1": "đồng-hồ-treo-tường-7", "new_password2": "đồng-hồ-treo-tường-7", "shared": "on"}
    code = activation.code_of(user.public_id, user.activation.nonce)
    client.post(reverse("activate"), {"username": user.username, "code": code, **new})
    assert 'data-idle-minutes="15"' in client.get(reverse("home")).content.decode()


def test_on_a_shared_machine_every_page_says_so_and_has_its_way_out(cast):
    shared, own = log_in(cast.head, shared="on")[0], log_in(cast.head)[0]
    band = 'data-idle-minutes="15"'
    for address in (reverse("home"), reverse("units:unit_list"), reverse("documents:check")):
        page = shared.get(address).content.decode()
        assert band in page and "Máy dùng chung" in page and ">Thoát<" in page
        assert band not in own.get(address).content.decode()


def test_a_shared_machine_is_left_after_a_quarter_of_an_hour_without_anybody(cast, monkeypatch):
    client, _ = log_in(cast.head, shared="on")
    own, _ = log_in(cast.head)
    for minutes in (10, 20, 30):
        move_clock(monkeypatch, minutes)
        assert inside(client), "somebody is there"
    move_clock(monkeypatch, 46)
    answer = client.get(reverse("home"), follow=True)
    assert "sau 15 phút không thao tác" in answer.content.decode()
    assert not inside(client) and inside(own)


def test_leaving_takes_everything_along(cast):
    client, _ = log_in(cast.head, shared="on")
    key = client.session.session_key
    answer = client.post(reverse("logout"))
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert answer.cookies["phien"]["max-age"] == 0 and answer.cookies["csrf"]["max-age"] == 0
    assert not Session.objects.filter(pk=key).exists()


def test_a_browser_of_a_public_room_may_start_with_the_box_ticked_and_remembers_no_names(client, db):
    page = client.get(reverse("login"), {"may": "chung"}).content.decode()
    assert page.count('autocomplete="off"') >= 2 and "checked" in page
    assert "current-password" not in page
    usual = client.get(reverse("login")).content.decode()
    assert 'autocomplete="current-password"' in usual and "checked" not in usual


def test_the_next_person_on_the_machine_inherits_nothing(cast):
    client, _ = log_in(cast.head, shared="on")
    session = client.session
    session[sessions.FACTOR] = "device of the first"
    session.save()
    log_in(cast.head, client=client)
    assert sessions.FACTOR not in client.session and sessions.SHARED not in client.session


# --- launch morning


def test_a_login_writes_its_session_once(cast):
    with CaptureQueriesContext(connection) as asked:
        client, _ = log_in(cast.official)
    about = [row["sql"] for row in asked if "django_session" in row["sql"]]
    assert [sql.split()[0] for sql in about] == ["INSERT"]
    assert inside(client)


def test_a_session_that_was_there_before_goes_on_under_a_new_key(db):
    store = SessionStore()
    store["seen"] = "chào"
    store.save()
    first = store.session_key
    store.cycle_key()
    store.save()
    assert SessionStore(store.session_key)["seen"] == "chào"
    assert not Session.objects.filter(pk=first).exists()


def test_sixty_people_behind_one_address_come_in_within_a_quarter_of_an_hour(db, settings):
    """One office, one address of its own to the world; every third person mistypes twice. A guesser is stopped."""
    first = make_user("Người Thứ Nhất", username="L000")
    # A hundred passwords are checked here: the guard is the matter, not the cost of the hash.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    first.set_password(PASSWORD)
    first.save()
    crowd = User.objects.bulk_create(
        [
            User(username=f"L{number:03}", full_name=f"Người {number}", password=first.password).fill_keys()
            for number in range(1, 60)
        ]
    )
    office, came_in = {"REMOTE_ADDR": "203.0.113.7"}, 0
    for number, user in enumerate([first, *crowd]):
        client = Client(**office)
        for _ in range(2 if number % 3 == 0 else 0):
            assert log_in(user, "gõ-nhầm", client)[1].status_code == 422
        _, answer = log_in(user, client=client)
        came_in += answer.status_code == 302
    assert came_in == 60
    assert not AccessAttempt.objects.exists()
    guesser = Client(**office)
    tries = [log_in(first, f"đoán-{number}", guesser)[1].status_code for number in range(6)]
    assert tries == [422] * 4 + [429] * 2
    assert log_in(first, client=guesser)[1].status_code == 429, "also the right password waits"
    assert log_in(crowd[0], client=Client(**office))[1].status_code == 302, "the others do not"
