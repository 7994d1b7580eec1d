"""The portal runs with requirements.txt alone; what only tests have must not be needed by it (rule R43)."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ["vietnamese", "ledger", "units", "notices", "documents", "campaigns"]
HOUSE += ["pledges", "reports", "namkhong", "deploy"]
# Looked for by name, not imported.
ASKED_FOR = {"defusedxml"}


def imported() -> set[str]:
    """Top-level names of everything that the house imports."""
    found = set(ASKED_FOR)
    for package in HOUSE:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Import):
                    found |= {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names) - set(HOUSE)


def pinned(file: str) -> set[str]:
    return {
        re.sub(r"[-_.]+", "-", name).lower()
        for name in re.findall(r"^([A-Za-z0-9_.-]+)==", (ROOT / file).read_text(), flags=re.MULTILINE)
    }


def test_every_import_comes_from_requirements_txt():
    distributions = packages_distributions()
    missing = {
        name
        for name in imported()
        if not {re.sub(r"[-_.]+", "-", dist).lower() for dist in distributions.get(name, [])}
        & pinned("requirements.txt")
    }
    assert missing == set()


def test_every_pin_has_hashes_and_no_index_is_named():
    for file in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / file).read_text()
        assert "://" not in text
        assert "--index" not in text
        for pin in re.split(r"\n(?=\S)", text.strip()):
            assert "--hash=sha256:" in pin or pin.startswith("#"), pin[:80]


def test_both_files_pin_the_same_versions():
    run, dev = (
        dict(re.findall(r"^([A-Za-z0-9_.-]+)==(\S+)", (ROOT / file).read_text(), flags=re.MULTILINE))
        for file in ("requirements.txt", "requirements-dev.txt")
    )
    assert {name: version for name, version in run.items() if dev.get(name) != version} == {}
