"""Somebody with a browser without JavaScript: opens pages, fills in the forms that are there, presses their buttons."""

from dataclasses import dataclass, field
from functools import partial
from html.parser import HTMLParser
from urllib.parse import urljoin

from django.test import Client


@dataclass
class PageForm:
    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[str] = field(default_factory=list)


class _Forms(HTMLParser):
    """The forms of a page with what their fields hold now."""

    def __init__(self):
        super().__init__()
        self.forms: list[PageForm] = []
        self.links: list[tuple[str, str]] = []
        self._form: PageForm | None = None
        self._text: list[str] | None = None
        self._done = lambda text: None
        self._select = ""

    def handle_starttag(self, tag, attributes):
        at = dict(attributes)
        if tag == "form":
            self._form = PageForm(at.get("action") or "", (at.get("method") or "get").lower())
            self.forms.append(self._form)
        elif tag == "a" and at.get("href"):
            self._capture(lambda text, href=at["href"]: self.links.append((text, href)))
        elif self._form is None:
            return
        elif tag == "input":
            self._input(at)
        elif tag == "textarea":
            self._capture(partial(self._typed, at.get("name")))
        elif tag == "select":
            self._select = at.get("name", "")
        elif tag == "option" and "selected" in at:
            self._set(self._select, at.get("value", ""))
        elif tag == "button":
            self._capture(lambda text, form=self._form: form.buttons.append(text.strip()))

    def _input(self, at):
        kind = at.get("type", "text")
        if kind in {"checkbox", "radio"} and "checked" not in at:
            return
        if kind not in {"submit", "button", "file"}:
            self._set(at.get("name"), at.get("value", "on" if kind == "checkbox" else ""))

    def _typed(self, name, text):
        self._set(name, text.removeprefix("\n"))

    def _set(self, name, value):
        if name and self._form:
            self._form.fields.setdefault(name, []).append(value)

    def _capture(self, done):
        self._text, self._done = [], done

    def handle_data(self, data):
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag):
        if tag in {"textarea", "button", "a"} and self._text is not None:
            self._done("".join(self._text))
            self._text = None
        elif tag == "form":
            self._form = None


class Visitor:
    def __init__(self, client: Client | None = None):
        self.client = client or Client()
        self.url = ""
        self.page = ""
        self.status = 0

    def open(self, url: str) -> "Visitor":
        return self._take(self.client.get(url, follow=True), url)

    def _take(self, response, url: str) -> "Visitor":
        self.url = response.redirect_chain[-1][0] if response.redirect_chain else url
        self.status = response.status_code
        self.response = response
        self.page = "" if response.streaming else response.content.decode(errors="replace")
        parser = _Forms()
        parser.feed(self.page)
        self.forms, self.links = parser.forms, parser.links
        return self

    def follow(self, words: str) -> "Visitor":
        """Follow the link that says `words`."""
        found = [href for text, href in self.links if words in " ".join(text.split())]
        assert found, f"no link “{words}” on {self.url}; there are {[text.strip() for text, _ in self.links]}"
        return self.open(urljoin(self.url, found[0]))

    def press(self, button: str, **typed: str) -> "Visitor":
        """Fill in the form that has this button and press it. Everything the page had in its fields is sent along."""
        form = next((form for form in self.forms if any(button in text for text in form.buttons)), None)
        assert form, f"no button “{button}” on {self.url}; there are {[form.buttons for form in self.forms]}"
        unknown = set(typed) - set(form.fields)
        assert not unknown, f"no field {unknown} in the form; there are {sorted(form.fields)}"
        url = urljoin(self.url, form.action)
        sent = {**form.fields, **{name: [value] for name, value in typed.items()}}
        return self._take(self.client.post(url, sent, follow=True), url)

    def sees(self, words: str) -> bool:
        return " ".join(words.split()) in " ".join(self.page.replace("&nbsp;", " ").split())
