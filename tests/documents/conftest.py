"""Each sample paper is printed once per test process, and read with poppler and qpdf as a stranger would read
it."""

import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest

from documents.press import render_all
from tests.documents import samples

POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True)
class Word:
    """A word on a page; distances in millimetres from the left and the top of the sheet."""

    page: int
    left: float
    top: float
    right: float
    bottom: float
    text: str


@dataclass(frozen=True)
class Printed:
    path: Path

    def run(self, *command: str) -> str:
        words = [str(self.path) if word == "PDF" else word for word in command]
        return subprocess.run(words, capture_output=True, check=True).stdout.decode(errors="replace")

    def text(self, page: int | None = None) -> str:
        pages = ["-f", str(page), "-l", str(page)] if page else []
        return self.run("pdftotext", "-layout", *pages, "PDF", "-")

    @property
    def pages(self) -> int:
        return int(re.search(r"Pages:\s+(\d+)", self.run("pdfinfo", "PDF"))[1])

    def sheet_sizes(self) -> list[tuple[float, float]]:
        sizes = re.findall(r"Page\s+\d+ size:\s+([\d.]+) x ([\d.]+)", self.run("pdfinfo", "-l", "-1", "PDF"))
        return [(float(width) / POINTS_PER_MM, float(height) / POINTS_PER_MM) for width, height in sizes]

    def words(self) -> list[Word]:
        found, page = [], 0
        for line in self.run("pdftotext", "-bbox", "PDF", "-").splitlines():
            page += "<page " in line
            if word := re.search(r'xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*)</word>', line):
                found.append(
                    Word(page, *(float(word[n]) / POINTS_PER_MM for n in range(1, 5)), unescape(word[5]))
                )
        return found


@pytest.fixture(scope="session")
def printed(tmp_path_factory) -> Callable[[str], Printed]:
    """`printed("report")`: the sample of that name, as a file."""
    folder = tmp_path_factory.mktemp("papers")

    def print_once(name: str) -> Printed:
        path = folder / f"{name}.pdf"
        if not path.exists():
            path.write_bytes(render_all([samples.sheet_of(name)])[0])
        return Printed(path)

    return print_once
