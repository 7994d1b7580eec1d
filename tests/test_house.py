"""Rules of the house that can be read off the source."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = [
    "vietnamese",
    "ledger",
    "units",
    "notices",
    "documents",
    "campaigns",
    "pledges",
    "reports",
    "namkhong",
]
SOURCES = [path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]
VIEWS = [path for path in SOURCES if path.stem == "views" or path.parent.name == "views"]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
MANAGERS = {"objects", "_default_manager", "_base_manager"}
VAGUE = {"utils", "helpers", "common", "managers", "mixins", "constants", "signals", "misc"}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def nodes(path: Path, kind):
    return [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, kind)]


def beyond_visible_to(path: Path) -> list[int]:
    """Lines where `.objects` is followed by anything but `.visible_to`."""
    lines = []
    for node in nodes(path, ast.Attribute):
        inner = node.value
        if (
            isinstance(inner, ast.Attribute)
            and inner.attr
            in {
                "objects",
                "_default_manager",
                "_base_manager",
            }
            and node.attr != "visible_to"
        ):
            lines.append(node.lineno)
    return lines


@pytest.mark.parametrize("path", VIEWS, ids=name)
def test_views_see_rows_only_through_visible_to(path):
    assert beyond_visible_to(path) == [], "R18"


def test_the_check_of_visible_to_can_fail(tmp_path):
    sample = tmp_path / "views.py"
    sample.write_text("rows = Pledge.objects.filter(year=2026)\nmine = Pledge.objects.visible_to(user)\n")
    assert beyond_visible_to(sample) == [1]


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_forms_name_their_fields_and_nothing_is_filtered_by_raw_input(path):
    text = path.read_text()
    assert not re.search(r"""fields\s*=\s*["']__all__""", text), "R20"
    assert not re.search(r"filter\(\*\*\w*request", text), "R20"
    assert "mark_safe" not in text
    # The public check page gives nobody a cookie, and its POST only asks a question about a file.
    assert "csrf_exempt" not in text or path == ROOT / "documents/views/check.py"


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_only_the_ledger_asks_what_time_it_is(path):
    if path == ROOT / "ledger/clock.py":
        return
    asked = re.findall(
        r"timezone\.now\(|datetime\.now\(|date\.today\(|time\.time\(|utcnow\(", path.read_text()
    )
    assert asked == [], "R13"


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_module_names_say_what_is_inside(path):
    assert path.stem not in VAGUE


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_templates_carry_no_inline_style_or_script_and_no_raw_text(path):
    text = path.read_text()
    if "documents" not in path.parts:
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"|hx-on", text), "R35"
        assert not re.search(r"<script(?![^>]*src=)", text), "R35"
    assert not re.search(r"\|\s*safe\b|autoescape off", text), "R29"


def test_every_post_form_is_guarded_and_sent_once():
    """Each POST form has its token and its idempotency key, but for acts that are harmless when repeated."""
    exempt = {
        *("units/login.html", "units/activate.html", "units/factor_check.html"),
        *("home.html", "includes/_account.html", "includes/_shared_machine.html"),
    }
    only_asks = {"documents/check.html"}  # without cookies: see documents/views/check.py
    for path in TEMPLATES:
        text = path.read_text()
        if str(path.relative_to(ROOT / "templates")) in only_asks:
            continue
        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", text, re.S):
            assert "csrf_token" in form, name(path)
            if str(path.relative_to(ROOT / "templates")) not in exempt:
                assert "_idempotency.html" in form, name(path)


def locks_against_those_who_point(path: Path) -> list[int]:
    """Lines where rows are locked against foreign keys too: those are checked at commit, when who checks holds much."""
    calls = [node for node in nodes(path, ast.Call) if getattr(node.func, "attr", "") == "select_for_update"]
    return [node.lineno for node in calls if "no_key" not in {word.arg for word in node.keywords}]


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_rows_are_locked_without_those_that_point_to_them(path):
    assert locks_against_those_who_point(path) == [], "R16"


def test_the_check_of_locks_can_fail(tmp_path):
    path = tmp_path / "services.py"
    path.write_text("User.objects.select_for_update().get(pk=1)\n")
    assert locks_against_those_who_point(path) == [1]


ORGANISATION = ("people", "posts", "postmaking", "secondments", "returns", "absences", "lines", "units")


@pytest.mark.parametrize("module", ORGANISATION)
def test_who_changes_the_organisation_begins_with_its_lock(module):
    source = (ROOT / "units" / "services" / f"{module}.py").read_text()
    assert "@changes_organisation" in source and "transaction.atomic" not in source, "R16"
