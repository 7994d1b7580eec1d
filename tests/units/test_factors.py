"""The second factor: who must give it, how it is set up, used, lost and reset."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from ledger import clock
from ledger.models import Event
from ledger.views import gates
from ledger.workflow import StepRefused
from tests.factories import PASSWORD, appoint, person
from units import factors, proof, sessions
from units.forms.accounts import WRONG_FACTOR
from units.models import Appointment, FactorReset, User
from units.services import factors as services

CHECK, ENROL = "factor_check", "factor_enrol"


def code(secret: str, ahead: int = 0) -> str:
    """What the telephone shows; `ahead`: in so many half minutes."""
    totp = TOTP(bytes.fromhex(secret))
    totp.drift = ahead
    return f"{totp.token():06}"


@pytest.fixture
def colleague(cast):
    user = person("Lê Thị Bưởi", cast.home_affairs_unit)
    appoint(user, cast.home_affairs_unit, "home_affairs", "Chuyên viên", scope=cast.root)
    return user


def equip(user) -> tuple[TOTPDevice, list[str]]:
    """A device whose code of now is still unused."""
    device, codes = services.enrol_factor(
        user=user, secret=(secret := factors.new_secret()), code=code(secret), by=user
    )
    TOTPDevice.objects.update(last_t=-1)
    device.refresh_from_db()
    return device, codes


def sign_in(user, client=None) -> Client:
    client = client or Client()
    answer = client.post(reverse("login"), {"username": user.username, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def give(client, typed, **more):
    return client.post(reverse(CHECK), {"second_factor": typed, **more})


# --- who must


def test_without_the_second_factor_home_affairs_meets_no_page_but_those_that_take_it(cast):
    client = sign_in(cast.home_affairs)
    for address in (reverse("home"), reverse("reports:round_list"), cast.ward.get_absolute_url()):
        assert client.get(address).url.startswith(reverse(CHECK))
    page = client.get(reverse("home"), follow=True)
    assert page.redirect_chain[-1][0].startswith(reverse(ENROL))
    assert b'class="site-nav"' not in page.content, "no menu whose every page would send him back"
    assert client.post(reverse("logout")).url == reverse("login")


def test_the_head_of_the_agency_of_home_affairs_must_too(cast):
    assert sign_in(cast.home_affairs_head).get(reverse("home")).url.startswith(reverse(CHECK))


def test_the_device_is_set_up_with_a_picture_or_typed_and_proved_by_a_code(cast, post_form):
    client = sign_in(cast.home_affairs)
    page = client.get(reverse(ENROL)).content.decode()
    secret = client.session["pending_factor"]
    assert factors.typed_secret(secret) in page and "<svg" in page
    assert client.get(reverse(ENROL)).content and client.session["pending_factor"] == secret
    wrong = post_form(client, reverse(ENROL), {"second_factor": code(secret, 40)})
    assert wrong.status_code == 422 and not TOTPDevice.objects.exists()
    done = post_form(client, reverse(ENROL), {"second_factor": code(secret), "next": "/bao-cao/"})
    text = done.content.decode()
    assert text.count('<li class="code">') == factors.RECOVERY_CODES and 'href="/bao-cao/"' in text
    assert client.get(reverse("home")).status_code == 200
    assert "pending_factor" not in client.session
    assert Event.objects.filter(kind="units.enrol_factor").count() == 1


def test_the_codes_are_shown_once_and_stand_nowhere(cast, client_of, post_form):
    client = client_of(cast.official)
    client.get(reverse(ENROL))
    form = {"idempotency_key": "k" * 26, "second_factor": code(client.session["pending_factor"])}
    first = client.post(reverse(ENROL), form)
    shown = [line.split("<")[0] for line in first.content.decode().split('<li class="code">')[1:]]
    assert client.post(reverse(ENROL), form).url == reverse("factor_detail"), "sent again: not shown again"
    stored = (
        str(list(StaticToken.objects.values()))
        + str(list(Event.objects.values()))
        + str(dict(client.session))
    )
    assert len(shown) == 10
    assert not any(one in stored or factors.bare(one) in stored for one in shown)


def test_leadership_reads_freely_and_gives_the_factor_when_acting(cast, post_form):
    client = sign_in(cast.leadership)
    assert client.get(reverse("reports:round_list")).status_code == 200
    answer = post_form(client, reverse("pledges:pledge_sign"), {"own_words": "Tiếp dân mỗi thứ Năm."})
    page = answer.content.decode()
    assert answer.status_code == 401
    assert "Tiếp dân mỗi thứ Năm." in page and reverse(CHECK) in page
    assert post_form(client, reverse("factor_remove")).url.startswith(reverse(CHECK)), "nothing was typed"


def test_the_standing_committee_too(cast, post_form):
    answer = post_form(sign_in(cast.standing_committee), reverse("password_change"))
    assert answer.url.startswith(reverse(CHECK))


def in_the_chair_s_stead(cast) -> User:
    row = appoint(cast.stranger, cast.root, "head", "Chủ tịch UBND thành phố")
    giver = cast.chair_of_province.appointments.get()
    Appointment.objects.filter(pk=row.pk).update(manner="by_order", given_by=giver)
    return cast.stranger


@pytest.mark.parametrize(
    "who",
    [
        lambda cast: cast.chair_of_province,
        lambda cast: person("Phó Chủ Tịch", cast.root, post=("deputy", "Phó Chủ tịch UBND thành phố")),
        in_the_chair_s_stead,
    ],
    ids=["head", "deputy", "substitute"],
)
def test_who_leads_the_unit_above_all_gives_the_factor_when_acting(cast, post_form, who):
    client = sign_in(who(cast))
    assert client.get(reverse("home")).status_code == 200
    assert post_form(client, reverse("password_change")).url.startswith(reverse(CHECK))


def test_heads_and_deputies_below_act_without_the_factor(cast, post_form):
    deputy = person("Phó Chủ Tịch", cast.ward, post=("deputy", "Phó Chủ tịch UBND phường"))
    for user in (cast.head, deputy):
        assert post_form(sign_in(user), reverse("password_change")).status_code == 422


def test_nobody_else_is_asked_unless_he_chose_it(cast):
    assert sign_in(cast.head).get(reverse("home")).status_code == 200
    equip(cast.head)
    client = sign_in(cast.head)
    assert client.get(reverse("home")).url.startswith(reverse(CHECK))


def test_who_comes_to_home_affairs_in_the_middle_of_a_session_is_asked_at_once(cast, client_of):
    client = client_of(cast.stranger, factor=False)
    assert client.get(reverse("home")).status_code == 200
    appoint(cast.stranger, cast.home_affairs_unit, "home_affairs", "Chuyên viên chính", scope=cast.root)
    assert client.get(reverse("home")).url.startswith(reverse(CHECK))


@pytest.mark.parametrize("role", ["official", "head", "chair_of_province", "home_affairs"])
def test_the_gates_cost_no_query(cast, client_of, monkeypatch, role):
    counts = []
    for entries in (dict(gates), {}):
        monkeypatch.setattr(gates, "_entries", entries)
        with CaptureQueriesContext(connection) as asked:
            assert client_of(getattr(cast, role)).get(reverse("home")).status_code == 200
        counts.append(len(asked))
    assert counts[0] <= counts[1], "what the gates read of a person the page does not ask again"


# --- giving it


def test_a_code_opens_the_session_and_leads_where_one_wanted_to_go(cast):
    device, _ = equip(cast.head)
    client = sign_in(cast.head)
    assert give(client, code(device.key), next="/don-vi/").url == "/don-vi/"
    assert client.session[sessions.FACTOR] == device.persistent_id
    assert client.get(reverse("home")).status_code == 200


def test_a_code_never_leads_to_another_site(cast):
    device, _ = equip(cast.head)
    answer = give(sign_in(cast.head), code(device.key), next="https://evil.example/")
    assert answer.url == reverse("home")


def test_the_same_code_does_not_open_twice(cast):
    device, _ = equip(cast.head)
    now = code(device.key)
    assert give(sign_in(cast.head), now).status_code == 302
    again = sign_in(cast.head)
    assert give(again, now).status_code == 422
    assert again.get(reverse("home")).url.startswith(reverse(CHECK))


@pytest.mark.parametrize("ahead", [-40, -2, 3, 40])
def test_a_code_of_another_time_opens_nothing(cast, ahead):
    device, _ = equip(cast.head)
    assert give(sign_in(cast.head), code(device.key, ahead)).status_code == 422


def test_a_code_of_somebody_else_opens_nothing(cast):
    equip(cast.head)
    other, _ = equip(cast.clerk)
    assert give(sign_in(cast.head), code(other.key)).status_code == 422


def test_guessing_is_slowed_down_by_the_device_and_says_nothing_of_it(cast):
    device, _ = equip(cast.head)
    client = sign_in(cast.head)
    wrong = give(client, "000000" if code(device.key) != "000000" else "111111").content.decode()
    right_but_too_soon = give(client, code(device.key))
    assert right_but_too_soon.status_code == 422
    assert WRONG_FACTOR in wrong and WRONG_FACTOR in right_but_too_soon.content.decode()
    TOTPDevice.objects.update(throttling_failure_timestamp=clock.now() - timedelta(seconds=2))
    assert give(client, code(device.key)).status_code == 302


def test_five_wrong_codes_lock_this_person_at_this_address_like_passwords(cast):
    device, _ = equip(cast.head)
    client = sign_in(cast.head)
    for _ in range(5):
        answer = give(client, "1")
    assert answer.status_code == 429
    TOTPDevice.objects.update(throttling_failure_count=0)
    assert give(client, code(device.key)).status_code == 429


def test_signing_in_again_does_not_make_guessing_cheaper(cast):
    """A right password clears the login guard; the device itself still counts."""
    device, _ = equip(cast.head)
    for _ in range(4):
        give(sign_in(cast.head), "000")
    TOTPDevice.objects.update(throttling_failure_timestamp=clock.now() - timedelta(seconds=3))
    for number in range(3):
        give(sign_in(cast.head), f"{(int(code(device.key)) + number + 1) % 10**6:06}")
        TOTPDevice.objects.update(throttling_failure_timestamp=clock.now())
    device.refresh_from_db()
    assert device.throttling_failure_count == 1, "what came too soon was not even compared"
    assert give(sign_in(cast.head), code(device.key)).status_code == 422


def test_failed_codes_are_masked_where_failures_are_kept(cast):
    equip(cast.head)
    give(sign_in(cast.head), "918273")
    kept = str(list(AccessAttempt.objects.values()))
    assert "second_factor=********" in kept and "918273" not in kept


def test_fresh_proof_may_be_a_code(cast, client_of, post_form):
    device, _ = equip(cast.head)
    client = client_of(User.objects.get(pk=cast.head.pk))
    session = client.session
    session[proof.SESSION_KEY] = "2020-01-01T00:00:00+00:00"
    session.save()
    address = reverse("factor_codes")
    assert "mã xác thực" in client.get(address).content.decode()
    assert post_form(client, address, {"password": code(device.key, 40)}).status_code == 422
    TOTPDevice.objects.update(throttling_failure_count=0)
    assert post_form(client, address, {"password": code(device.key)}).status_code == 200
    assert client.session[proof.SESSION_KEY] > "2020-01-02"


def test_fresh_proof_takes_no_code_in_a_session_without_the_factor(cast, client_of, post_form):
    device, _ = equip(cast.head)
    client = client_of(User.objects.get(pk=cast.head.pk), factor=False)
    session = client.session
    session[proof.SESSION_KEY] = "2020-01-01T00:00:00+00:00"
    session.save()
    assert post_form(client, reverse("factor_codes"), {"password": code(device.key)}).status_code == 422


# --- changed and given up


def test_a_password_alone_does_not_put_another_telephone_in_place(cast, post_form):
    device, _ = equip(cast.head)
    client = sign_in(cast.head)
    assert client.get(reverse(ENROL)).url == reverse(CHECK)
    session = client.session
    session["pending_factor"] = other = factors.new_secret()
    session.save()
    assert post_form(client, reverse(ENROL), {"second_factor": code(other)}).url == reverse(CHECK)
    assert TOTPDevice.objects.get().key == device.key


def test_another_telephone_ends_the_old_one_its_codes_and_other_sessions(cast, post_form):
    device, codes = equip(cast.head)
    here, elsewhere = sign_in(cast.head), sign_in(cast.head)
    give(here, code(device.key))
    give(elsewhere, code(device.key, 1))
    here.get(reverse(ENROL))
    secret = here.session["pending_factor"]
    assert post_form(here, reverse(ENROL), {"second_factor": code(secret)}).status_code == 200
    assert here.get(reverse("home")).status_code == 200
    assert elsewhere.get(reverse("home")).url.startswith(reverse("login"))
    assert give(sign_in(cast.head), codes[0]).status_code == 422
    assert TOTPDevice.objects.get().key == secret


def test_who_chose_it_may_give_it_up_and_home_affairs_may_not(cast, client_of, post_form):
    for user, left in ((cast.head, 0), (cast.home_affairs, 1)):
        TOTPDevice.objects.all().delete()
        equip(user)
        post_form(client_of(User.objects.get(pk=user.pk)), reverse("factor_remove"))
        assert TOTPDevice.objects.count() == left


# --- lost


def test_a_recovery_code_opens_once_and_few_are_warned_of(cast):
    _, codes = equip(cast.head)
    client = sign_in(cast.head)
    assert give(client, codes[0].lower().replace("-", " ")).status_code == 302
    assert give(sign_in(cast.head), codes[0]).status_code == 422
    StaticDevice.objects.update(throttling_failure_count=0)
    page = client.get(reverse("factor_detail")).content.decode()
    assert "<dd>9</dd>" in page
    StaticToken.objects.filter(pk__in=StaticToken.objects.values("pk")[:6]).delete()
    again = sign_in(cast.head)
    give(again, next(one for one in codes[1:] if _is_there(cast.head, one)))
    assert "Chỉ còn 2 mã dự phòng" in again.get(reverse("home")).content.decode()
    assert Event.objects.filter(kind="units.use_recovery_code").count() == 2


def _is_there(user, one: str) -> bool:
    return StaticToken.objects.filter(token=factors.recovery_digests(user, one)[0]).exists()


def test_recovery_codes_live_on_while_an_older_key_is_accepted(cast, settings):
    _, codes = equip(cast.head)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "brought-in-later-" + "y" * 50
    assert give(sign_in(cast.head), codes[0]).status_code == 302


def test_ten_new_codes_end_the_old_ones(cast, client_of, post_form):
    _, codes = equip(cast.head)
    post_form(client_of(User.objects.get(pk=cast.head.pk)), reverse("factor_codes"))
    assert StaticToken.objects.count() == factors.RECOVERY_CODES
    assert not _is_there(cast.head, codes[0])


def test_a_lost_factor_is_reset_by_two_people(cast, colleague, client_of, post_form):
    device, _ = equip(cast.head)
    client = sign_in(cast.head)
    give(client, code(device.key))
    first, second = client_of(cast.home_affairs), client_of(colleague)
    ask = reverse("factor_reset_ask", args=[cast.head.public_id])
    assert post_form(first, ask, {"reason": "Mất điện thoại, đã gọi số cơ quan."}).status_code == 302
    reset = FactorReset.objects.get()
    grant = reset.get_absolute_url()
    assert grant in second.get(reverse("home")).content.decode(), "a card among what waits for the other"
    assert grant not in first.get(reverse("home")).content.decode()
    assert post_form(first, grant, {"decision": "grant"}).status_code == 422, (
        "the first may only take it back"
    )
    assert TOTPDevice.objects.exists() and client.get(reverse("home")).status_code == 200
    assert post_form(second, grant, {"decision": "grant"}).status_code == 302
    assert not TOTPDevice.objects.exists() and not StaticToken.objects.exists()
    assert client.get(reverse("home")).url.startswith(reverse("login")), "every session of the person ends"
    kinds = ["units.ask_factor_reset", "units.grant_factor_reset"]
    assert list(Event.objects.filter(kind__in=kinds).order_by("pk").values_list("kind", flat=True)) == kinds


@pytest.mark.parametrize("by", ["asked_by", "user"])
def test_neither_the_first_nor_the_person_himself_grants_in_service_and_database(cast, colleague, by):
    equip(colleague)
    reset = services.ask_factor_reset(user=colleague, reason="Mất điện thoại.", by=cast.home_affairs)
    with pytest.raises(StepRefused, match="người khác"):
        services.grant_factor_reset(reset=reset, by=getattr(reset, by))
    with pytest.raises(IntegrityError), transaction.atomic():
        FactorReset.objects.update(granted_by=getattr(reset, by), granted_at=clock.now())
    assert TOTPDevice.objects.exists()


def test_nobody_asks_for_himself_or_sees_what_is_asked_for_him(cast, colleague, client_of):
    equip(colleague)
    with pytest.raises(StepRefused, match="tự đề nghị"):
        services.ask_factor_reset(user=colleague, reason="Mất.", by=colleague)
    reset = services.ask_factor_reset(user=colleague, reason="Mất.", by=cast.home_affairs)
    client = client_of(User.objects.get(pk=colleague.pk))
    assert client.get(reset.get_absolute_url()).status_code == 404
    assert client.get(reverse("factor_reset_ask", args=[colleague.public_id])).status_code == 403


def test_one_request_at_a_time_and_a_decided_one_stays_decided(cast, colleague):
    equip(cast.head)
    reset = services.ask_factor_reset(user=cast.head, reason="Mất.", by=cast.home_affairs)
    with pytest.raises(StepRefused, match="Hoàng Thị Ngọc Ánh đã đề nghị"):
        services.ask_factor_reset(user=cast.head, reason="Mất.", by=colleague)
    services.close_factor_reset(reset=reset, by=cast.home_affairs)
    with pytest.raises(StepRefused, match="đã được quyết định"):
        services.grant_factor_reset(reset=reset, by=colleague)
    services.ask_factor_reset(user=cast.head, reason="Mất thật.", by=colleague)


def test_only_home_affairs_resets(cast, client_of):
    equip(cast.official)
    reset = services.ask_factor_reset(user=cast.official, reason="Mất.", by=cast.home_affairs)
    for role in ("clerk", "head", "leadership"):
        client = client_of(getattr(cast, role))
        assert client.get(reset.get_absolute_url()).status_code == 404
        assert client.get(reverse("factor_reset_ask", args=[cast.official.public_id])).status_code in {
            403,
            404,
        }


# --- the demo


@pytest.fixture
def made_up(cast):
    user = person("Người Minh Họa", cast.home_affairs_unit)
    User.objects.filter(pk=user.pk).update(is_demo=True)
    user.refresh_from_db()
    return user


def test_demo_code_prints_a_code_that_opens_and_then_another(made_up, capsys):
    services.give_demo_device(user=made_up)
    for _ in range(2):
        call_command("demo_code", made_up.username.lower())
        assert give(sign_in(made_up), capsys.readouterr().out.split()[0]).status_code == 302
    TOTPDevice.objects.update(last_t=F("last_t") + 2)
    call_command("demo_code", made_up.username)
    assert "dùng được sau" in capsys.readouterr().out, "the codes of the next half minutes are used up"


def test_demo_code_tells_nothing_of_real_people_nor_in_production(cast, made_up, settings):
    equip(cast.head)
    with pytest.raises(CommandError, match="không phải tài khoản minh họa"):
        call_command("demo_code", cast.head.username)
    with pytest.raises(StepRefused):
        services.give_demo_device(user=cast.head)
    services.give_demo_device(user=made_up)
    settings.IN_PRODUCTION = True
    with pytest.raises(CommandError, match="cổng thật"):
        call_command("demo_code", made_up.username)
