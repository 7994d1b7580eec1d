"""What no template may hold, read from the files themselves (rules R29, R35; the frame of every page)."""

import re
from pathlib import Path

import bootstrap_wrapper
import pytest
from django.conf import settings
from django.template.loader import get_template, render_to_string

ROOT = settings.BASE_DIR / "templates"
ALL = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.html"))
PAPER = [
    name
    for name in ALL
    if name.startswith("documents/") and "<html" in (ROOT / name).read_text(encoding="utf-8")
]
FORBIDDEN = {
    "an inline style": r"\sstyle=",
    "a style element": r"<style\b",
    "an inline script": r"<script(?![^>]*\bsrc=)",
    "an event attribute": r"<[^>]*\son[a-z]+=",
    "script in HTMX": r"\bhx-(on|vals=.js:|vars)\b",
    "text taken for HTML": r"\|\s*safe\b|autoescape off",
    "a library from elsewhere": r"(src|href)=[\"']https?://",
    "a word of Bootstrap's script": r"data-bs-toggle",
}
# Signing in and out, giving a code (used up by its first use) and reading a notice are harmless when repeated.
KEYLESS = (
    "includes/_account.html",
    "includes/_shared_machine.html",
    "units/login.html",
    "units/factor_check.html",
    "units/activate.html",
    "home.html",
)
# A public page without session and cookies: a file is read, nothing is written.
OPEN = ("documents/check.html",)


def source(name: str) -> str:
    text = (ROOT / name).read_text(encoding="utf-8")
    return re.sub(r"\{% comment %\}.*?\{% endcomment %\}", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("fault", FORBIDDEN)
def test_no_template_holds(fault):
    assert [name for name in ALL if re.search(FORBIDDEN[fault], source(name))] == []


def test_the_net_catches_what_it_is_for():
    caught = '<p style="x"><style></style><script>x</script><a onclick="x" hx-on:click="x">{{ x|safe }}<img src="https://x">'
    missed = [fault for fault, pattern in FORBIDDEN.items() if not re.search(pattern, caught)]
    assert missed == ["a word of Bootstrap's script"]


def test_every_form_that_posts_is_guarded_against_forgery_and_against_being_sent_twice():
    for name in set(ALL) - set(OPEN):
        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", source(name), flags=re.DOTALL):
            assert "{% csrf_token %}" in form, name
            assert name in KEYLESS or "_idempotency.html" in form, name


def test_every_page_has_one_heading_of_the_first_level():
    pages = [
        name for name in ALL if '{% extends "base.html" %}' in source(name) or name == "errors/base.html"
    ]
    assert pages
    assert {name: source(name).count("<h1") for name in pages if source(name).count("<h1") != 1} == {}


@pytest.mark.parametrize("name", ["400", "403", "404", "500", "403_csrf", "errors/locked"])
def test_an_error_page_needs_neither_request_nor_database(name):
    page = render_to_string(f"{name}.html")
    assert 'lang="vi"' in page
    assert "<form" not in page


@pytest.mark.parametrize("name", [name for name in ALL if name not in PAPER])
def test_every_template_can_be_read(name):
    get_template(name)


@pytest.mark.parametrize(
    "name", [name for name in ALL if Path(name).name.startswith("_") and name.startswith("includes/")]
)
def test_every_include_says_at_its_top_what_it_expects(name):
    assert (ROOT / name).read_text(encoding="utf-8").startswith("{% comment %}")


def test_every_class_has_a_style():
    sheets = [
        settings.BASE_DIR / "static/css/site.css",
        bootstrap_wrapper.get_bootstrap_dir() / "css/bootstrap.css",
    ]
    known = {
        name
        for sheet in sheets
        for name in re.findall(r"\.(-?[A-Za-z_][\w-]*)", sheet.read_text(encoding="utf-8"))
    }
    used = {
        (word, name)
        for name in ALL
        if not name.startswith("documents/")
        for value in re.findall(r'\bclass="([^"]*)"', re.sub(r"\{%.*?%\}", " ", source(name)))
        for word in re.sub(r"[\w-]*\{\{.*?\}\}[\w-]*", "", value).split()
    }
    assert sorted((word, name) for word, name in used if word not in known) == []
