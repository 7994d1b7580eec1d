"""Senders as processes of their own: one dies with the letter in the server's hands, two send at once."""

import signal
import subprocess
import sys
import threading
import time
from collections import Counter

import pytest

from ledger import clock
from notices.models import Digest
from notices.services import Line, collect, send_due
from tests.cast import make_cast
from tests.factories import person
from tests.notices.mailserver import Mailbox
from tests.servers import ROOT, environment
from units.models import User

SEND = "from notices.services import send_due; send_due()"


@pytest.fixture
def sender(transactional_db, mailbox):
    """`sender()` → a process that sends what is due, as the worker's task does."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        said = environment() | {"EMAIL_URL": f"smtp://127.0.0.1:{mailbox.port}"}
        command = [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", SEND]
        started.append(subprocess.Popen(command, cwd=ROOT, env=said, stdout=subprocess.DEVNULL))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def letters_for(people: int) -> list[User]:
    cast = make_cast()
    users = [person(f"Lê Thị {number}", cast.school) for number in range(people)]
    for user in users:
        User.objects.filter(pk=user.pk).update(email=f"{user.username.lower()}@hue.test")
    collect([Line(user.pk, "test", "effect", "Có việc.") for user in users], on=clock.today())
    return users


def wait_for(is_so, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def test_a_sender_killed_after_the_server_took_the_letter_sends_no_second_one(sender, mailbox: Mailbox, at):
    """kill -9 between the server's taking and its answer: at most once is what can be promised, and it is kept."""
    letters_for(3)
    mailbox.after_accepting = threading.Event()
    process = sender()
    wait_for(lambda: len(mailbox.letters) == 1)
    process.send_signal(signal.SIGKILL)
    process.wait()
    mailbox.after_accepting.set()
    mailbox.after_accepting = None
    assert Counter(Digest.objects.values_list("status", flat=True)) == {"sending": 1, "taken": 2}
    at(12, 30)
    assert send_due() == 2
    assert Counter(Digest.objects.values_list("status", flat=True)) == {"sent": 2, "unsure": 1}
    assert max(Counter(mailbox.receivers).values()) == 1 and len(mailbox.letters) == 3
    at(18)
    assert send_due() == 0 and len(mailbox.letters) == 3


def test_two_senders_at_once_send_each_letter_once(sender, mailbox: Mailbox):
    letters_for(120)
    for process in (sender(), sender()):
        process.wait(timeout=120)
    send_due()
    assert set(Digest.objects.values_list("status", flat=True)) == {"sent"}
    assert set(Counter(mailbox.receivers).values()) == {1} and len(mailbox.letters) == 120
