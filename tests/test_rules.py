"""The numbers of rules and features that the source names are explained in docs/rules.md, and no others."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = [
    *("vietnamese", "ledger", "units", "notices", "documents", "campaigns", "pledges", "reports", "namkhong"),
    *("templates", "static", "scripts", "deploy", "data", "tests", "bench", "docs/decisions"),
]
KINDS = {".py", ".html", ".css", ".js", ".sh", ".conf", ".toml", ".md"}
# “rules R22, R23”, “features O10, R7”, “rules R05–R09”, “(S6)”.
NUMBER = r"[OPSRXZ]\d{1,2}"
NAMED = re.compile(
    rf"\b(?:rules?|features?) ({NUMBER}(?:(?:, | and |–){NUMBER})*)|\(({NUMBER}(?:, {NUMBER})*)\)"
)
RULE = re.compile(r"\bR\d\d\b")


def named_in(text: str) -> set[str]:
    found = set(RULE.findall(text))
    for listed, bracketed in NAMED.findall(text):
        found |= set(re.findall(NUMBER, listed or bracketed))
        if "–" in listed:
            first, last = re.findall(r"R(\d\d)", listed)[-2:]
            found |= {f"R{number:02}" for number in range(int(first), int(last) + 1)}
    return found


def named() -> set[str]:
    here = Path(__file__)
    paths = [ROOT / "requirements.in", *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*"))]
    texts = (
        path.read_text()
        for path in paths
        if path.suffix in KINDS | {".in"} and path != here and path.is_file()
    )
    return set().union(*map(named_in, texts))


def explained() -> set[str]:
    return set(re.findall(rf"^\| ({NUMBER}) \|", (ROOT / "docs" / "rules.md").read_text(), re.MULTILINE))


def test_every_number_is_explained_and_none_is_left_over():
    assert named() - explained() == set()
    assert explained() - named() == set()


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("only a poke (rules R05, R06)", {"R05", "R06"}),
        ("long work (rules R05–R07)", {"R05", "R06", "R07"}),
        ("by a decision of Sở Nội vụ (features O10, R7)", {"O10", "R7"}),
        ("undone (X1).", {"X1"}),
        ("cell C7 of sheet S2", set()),
    ],
)
def test_numbers_are_found_in_sentences(text, numbers):
    assert named_in(text) == numbers
