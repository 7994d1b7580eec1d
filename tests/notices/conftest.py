from datetime import UTC, datetime, time

import pytest

from ledger import clock
from notices.services import Line, collect
from tests.notices.mailserver import Mailbox, mail_server


@pytest.fixture(autouse=True)
def after_half_past_seven(monkeypatch):
    """`at(10, 30)`: it is half past ten of today in Việt Nam. Tests begin at noon."""

    def travel(hour: int, minute: int = 0, *, days: int = 0) -> None:
        wanted = datetime.combine(clock.local(datetime.now(UTC)).date(), time(hour, minute), clock.VIETNAM)
        shift = (wanted - datetime.now(UTC)).total_seconds() + days * 86400
        monkeypatch.setenv(clock.OFFSET_VARIABLE, str(shift))

    travel(12)
    return travel


@pytest.fixture
def at(after_half_past_seven):
    return after_half_past_seven


@pytest.fixture
def settings_of_mail(settings):
    """`settings_of_mail(port)`: Django's own SMTP backend towards a server of the test."""

    def point_at(port: int) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""

    return point_at


@pytest.fixture
def mailbox(settings_of_mail):
    with mail_server(Mailbox()) as box:
        settings_of_mail(box.port)
        yield box


@pytest.fixture
def addressed(cast):
    """Three people with an address; everybody else has none."""
    for role, address in (("official", "lich@hue.test"), ("head", "duc@hue.test"), ("clerk", "ut@hue.test")):
        person = cast.people[role]
        person.email = address
        person.save(update_fields=["email"])
    return cast


@pytest.fixture
def write():
    """`write(user, …)`: one line into today's letter of each."""

    def line(*users, text="Có việc đang chờ.", effect="effect", kind="test", on=None) -> int:
        return collect([Line(user.pk, kind, effect, text) for user in users], on=on or clock.today())

    return line
