"""One of the storm's clients: the people of one unit one after the other, and their head, by HTTP alone.

Whoever gets no answer, or an error of the server, does not know what became of his act. He sends the same form again
until he is told, as a browser's “gửi lại” does, and what he is told then must be what became of it.
"""

import http.client
import random
import re
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlencode

from tests.factories import PASSWORD

HIDDEN = re.compile(r'<input type="hidden" name="([a-z0-9_]+)" value="([^"]*)"')
SAID = re.compile(r'<div class="notice notice-(\w+)" role="\w+">\s*<p>([^<]*)')
SIGN = "/cam-ket/ky/"
WORDS = "Giải quyết hồ sơ đúng hạn."
# Longer than any restart here; then the portal counts as lost.
PATIENCE = 180.0
# Of so many people one: his form comes a second time, the head returns his pledge and his form comes a second time, the
# head confirms his pledge.
AGAIN, RETURNED, CONFIRMED = 10, 20, 25


@dataclass
class Answer:
    status: int
    location: str
    page: str

    def warnings(self) -> list[str]:
        return [text.strip() for level, text in SAID.findall(self.page) if level in ("warning", "danger")]


@dataclass
class Act:
    """One submission: how often it was in doubt, where its first and its later answers led, and what they said."""

    who: str
    kind: str
    in_doubt: int = 0
    places: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


class NotOffered(Exception):
    """Where a form is due there is none."""


class Browser:
    def __init__(self, port: int, session: str) -> None:
        self.port, self.cookies = port, {"phien": session}

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> Answer | None:
        """None: no answer came."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, urlencode(fields) if fields is not None else None, headers)
            answer = connection.getresponse()
            page = answer.read().decode()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(answer.status, answer.headers.get("Location", ""), page)

    def read(self, path: str) -> Answer:
        return self.until_told("GET", path, None, lambda answer: None)

    def until_told(
        self, method: str, path: str, fields: dict[str, str] | None, doubt: Callable[[Answer | None], None]
    ) -> Answer:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            answer = self.ask(method, path, fields)
            if answer is not None and answer.status < 500:
                return answer
            doubt(answer)
            time.sleep(random.uniform(0.05, 0.3))
        raise TimeoutError(f"{method} {path}")

    def form(self, path: str) -> dict[str, str]:
        page = self.read(path)
        if page.status != 200:
            raise NotOffered(f"the form {path} is not offered: {page.status} {page.location}")
        return dict(HIDDEN.findall(page.page)) | {"password": PASSWORD}

    def submit(self, act: Act, path: str, fields: dict[str, str]) -> Answer:
        """Until an answer comes. What it says is checked: it leads to the pledge, and nothing is refused."""

        def doubt(answer: Answer | None) -> None:
            act.in_doubt += 1
            if answer is not None and "chưa được ghi nhận" in answer.page:
                act.wrong.append(
                    "an error of the server said that nothing was recorded, which it cannot know"
                )

        answer = self.until_told("POST", path, fields, doubt)
        if answer.status != 302:
            act.wrong.append(f"answered {answer.status}: {answer.page[:300]}")
            return answer
        act.places.append(answer.location)
        if len(set(act.places)) > 1:
            act.wrong.append(f"led to {act.places}")
        # Most have been told by the redirect alone; whoever was in doubt reads what the page says.
        if act.in_doubt or len(act.places) > 1:
            shown = self.read(answer.location)
            if shown.status != 200 or shown.warnings():
                act.wrong.append(f"the page of what was done says {shown.status} {shown.warnings()}")
        return answer


@dataclass
class Client:
    port: int
    head: Browser
    acts: list[Act] = field(default_factory=list)

    def begin(self, who: str, kind: str) -> Act:
        self.acts.append(Act(who, kind))
        return self.acts[-1]

    def sign(self, who: str, browser: Browser, number: int) -> None:
        fields = browser.form(SIGN) | {"own_words": WORDS}
        act = self.begin(who, "sign")
        pledge = browser.submit(act, SIGN, fields).location
        if not pledge:
            return
        if number % AGAIN == 0:
            browser.submit(act, SIGN, fields)
        if number % RETURNED == 1:
            self.do(self.head, who, "return", f"{pledge}tra-lai/", reason="Ghi rõ việc cụ thể.")
            # The first form, late: it was answered long ago, and signs nothing a second time.
            browser.submit(act, SIGN, fields)
            self.do(browser, who, "sign_again", SIGN, own_words=WORDS)
        elif number % CONFIRMED == 2:
            self.do(self.head, who, "countersign_complete", f"{pledge}xac-nhan/")

    def do(self, browser: Browser, who: str, kind: str, path: str, **words: str) -> None:
        act = self.begin(who, kind)
        try:
            browser.submit(act, path, browser.form(path) | words)
        except NotOffered as trouble:
            act.wrong.append(str(trouble))


def run(port: int, unit: dict[str, Any], seed: int, begun: Any, told: Any) -> None:
    """The body of a client's process. `begun` counts the signings of all of them, `told` takes what became of them."""
    random.seed(seed)
    client = Client(port, Browser(port, unit["head"]))
    error = ""
    try:
        for number, (who, session) in enumerate(unit["signers"].items()):
            with begun.get_lock():
                begun.value += 1
            client.sign(who, Browser(port, session), number)
    except Exception as trouble:  # noqa: BLE001 - told to the test, which fails with it
        error = f"{type(trouble).__name__}: {trouble}"
    told.put({"acts": [asdict(act) for act in client.acts], "error": error})
