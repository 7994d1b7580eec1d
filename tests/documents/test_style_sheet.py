"""The papers and their one style sheet name the same classes: a class without a rule is a layout that was lost."""

import re

from django.conf import settings

from documents.press import STYLE_SHEET

# Put together by code or a tag: columns by their width (documents.press), letters by their size, annexes by their turn.
COMPOSED = re.compile(r"w\d+|w|s\d+|s|(upright|across)-(odd|even)")
# Kinds of rows and cells (documents.typeset), the frame of a page in a book (pledges.books).
FROM_CODE = {"group", "total", "r", "c", "bound"}


def papers() -> list[str]:
    """Templates that the press prints; the others stand in the frame of the site."""
    found = (settings.BASE_DIR / "templates/documents").glob("*.html")
    return [text for text in (path.read_text() for path in found) if "{% extends" not in text]


def named_in_papers() -> set[str]:
    lists = [found for text in papers() for found in re.findall(r'class="([^"]*)"', text)]
    words = {word for found in lists for word in re.sub(r"\{[{%].*?[%}]\}", " ", found).split()}
    return {word for word in words if not COMPOSED.fullmatch(word)}


def named_in_the_sheet() -> set[str]:
    plain = re.sub(r"/\*.*?\*/|\{[^{}]*\}", " ", STYLE_SHEET.read_text(), flags=re.DOTALL)
    return {word for word in re.findall(r"\.([a-z][\w-]*)", plain) if not COMPOSED.fullmatch(word)}


def test_every_class_of_a_paper_has_a_rule():
    assert len(papers()) > 10
    assert named_in_papers() - named_in_the_sheet() == set()


def test_every_rule_is_for_a_class_of_some_paper():
    assert named_in_the_sheet() - named_in_papers() == FROM_CODE - named_in_papers()
