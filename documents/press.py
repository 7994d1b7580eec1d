"""HTML in, PDF out (rule R30): a child process with limits, and the same bytes for the same input wherever it
runs.

The child gets the page, the paper's style sheet and the faces as bytes; it has no database, no settings, no
environment of ours, and its fetcher knows nothing but those bytes. System fonts do not exist for it, so that
the paper looks the same on every machine.
"""

import json
import re
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from html import escape
from pathlib import Path

from documents.fonts import printable_characters, serif_faces

CHILD = Path(__file__).with_name("press_child.py")
STYLE_SHEET = Path(__file__).with_name("paper.css")
# Hyphens and spaces that the face lacks and a plain one replaces without loss; what else it lacks becomes a box.
SUBSTITUTES = {0x2011: "-", 0x202F: "\u00a0", 0xFEFF: "", 0x200B: ""}
BOX = "□"


@dataclass(frozen=True)
class Limits:
    """What one paper may take. Measured: 1,200 rows of 14 columns (61 pages) take 14 s of processor and 460 MB."""

    html_bytes: int = 12 * 1024 * 1024
    rows: int = 15_000
    cells: int = 200_000
    span: int = 100
    depth: int = 60
    memory_bytes: int = 3 * 1024**3
    cpu_seconds: int = 240
    wall_seconds: float = 300.0


@dataclass(frozen=True)
class Sheet:
    """One paper for the press: what stands inside `<body>`, its title and pictures.

    `check_code` goes into the file's own description (keywords), so that a copy that was changed still says which
    paper it was. `first_page`: what number its first page bears, where it is a piece of a larger paper.
    """

    html: str
    title: str
    pictures: dict[str, bytes] = field(default_factory=dict)
    check_code: str = ""
    first_page: int = 1


class PressRefused(Exception):
    """The paper cannot be made. `str(error)` is one sentence in Vietnamese; `detail` is for the log."""

    def __init__(self, sentence: str, detail: str = ""):
        super().__init__(sentence)
        self.detail = detail


def render(
    html: str, *, title: str, limits: Limits | None = None, pictures: dict[str, bytes] | None = None
) -> bytes:
    """A PDF/UA-1 of the `<body>` given, typeset by `paper.css`, bookmarks from its headings, language vi.

    `html` is what stands inside `<body>` (see `documents.typeset`); `pictures` are ours, shown by `src="press:NAME"`.
    Characters the face does not have are printed as □. Raises PressRefused (too large, asks for a file or an address,
    out of memory or time) and
    fonts.FontsMissing.
    """
    return render_all([Sheet(html, title, pictures or {})], limits)[0]


def render_all(sheets: Sequence[Sheet], limits: Limits | None = None) -> list[bytes]:
    """A PDF of each, the very bytes that `render` gives, from one child: it loads its engine, style and faces once.

    Raises what `render` raises, for all of them together.
    """
    limits = limits or Limits()
    return _run_child(job_for_child(sheets, limits=limits), limits, len(sheets)) if sheets else []


def job_for_child(sheets: Sequence[Sheet], *, limits: Limits) -> bytes:
    """Everything the child is given: one line of JSON, then the assets' bytes; those of one sheet under its number.

    Raises PressRefused when a sheet is too long.
    """
    assets = {"paper.css": _style_sheet("".join(sheet.html for sheet in sheets)).encode(), **serif_faces()}
    for number, sheet in enumerate(sheets):
        page = _printable(_page(sheet)).encode()
        if len(page) > limits.html_bytes:
            size, most = len(page) // 1024, limits.html_bytes // 1024
            raise PressRefused(f"Văn bản quá dài để in thành một bản PDF ({size} KB, giới hạn {most} KB).")
        assets[f"{number}/page.html"] = page
        assets |= {f"{number}/{name}": body for name, body in sheet.pictures.items()}
    job = {
        "limits": asdict(limits),
        "sheets": len(sheets),
        "assets": [(name, len(body)) for name, body in assets.items()],
    }
    return json.dumps(job).encode() + b"\n" + b"".join(assets.values())


def page_count(body: bytes) -> int:
    """Pages of a PDF that came from this press. ValueError when the bytes are not one."""
    for stream in re.finditer(rb"stream\r?\n", body):
        try:
            plain = zlib.decompressobj().decompress(memoryview(body)[stream.end() :], 1_000_000)
        except zlib.error:
            continue
        if found := _COUNT.search(plain):
            return int(found[1] or found[2])
    if found := _COUNT.search(body):
        return int(found[1] or found[2])
    raise ValueError("not a PDF of this press")


_COUNT = re.compile(rb"/Type\s*/Pages\b[^>]*?/Count\s+(\d+)|/Count\s+(\d+)[^>]*?/Type\s*/Pages\b")


def _page(sheet: Sheet) -> str:
    keywords = f'<meta name="keywords" content="{escape(sheet.check_code)}">' if sheet.check_code else ""
    counted_on = f"<style>@page:first {{ counter-reset: page {sheet.first_page} }}</style>"
    return (
        f'<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{escape(sheet.title)}</title>{keywords}'
        f"{counted_on if sheet.first_page > 1 else ''}"
        f"</head><body>{sheet.html}</body></html>"
    )


def _style_sheet(html: str) -> str:
    """The paper's own, and the widths of columns: `<col class="w125">` is 12.5 per cent of its table."""
    widths = sorted({int(found) for found in re.findall(r'<col class="w(\d{1,4})">', html)})
    return STYLE_SHEET.read_text() + "".join(f".w{width} {{ width: {width / 10}% }}\n" for width in widths)


def _printable(text: str) -> str:
    known = printable_characters()
    strange = {ord(letter) for letter in set(text)} - known - {0x09, 0x0A, 0x0D}
    return text.translate({code: SUBSTITUTES.get(code, BOX) for code in strange})


def _run_child(job: bytes, limits: Limits, count: int) -> list[bytes]:
    with tempfile.TemporaryDirectory(prefix="press-") as folder:
        no_fonts = Path(folder, "fonts.conf")
        no_fonts.write_text(f"<fontconfig><cachedir>{folder}</cachedir></fontconfig>")
        # Nothing of our environment: no addresses, no keys, no locale. Byte for byte the same child everywhere.
        environment = {
            "FONTCONFIG_FILE": str(no_fonts),
            "TMPDIR": folder,
            "LANG": "C.UTF-8",
            "PYTHONHASHSEED": "0",
        }
        try:
            child = subprocess.run(
                [sys.executable, "-s", "-P", "-W", "ignore", str(CHILD)],
                input=job,
                capture_output=True,
                timeout=limits.wall_seconds,
                env=environment,
                cwd=folder,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise PressRefused(_TOO_LONG, f"wall clock {limits.wall_seconds} s") from error
    papers = papers_in(child.stdout) if child.returncode == 0 else []
    if len(papers) == count and all(paper.startswith(b"%PDF-") for paper in papers):
        return papers
    raise _refusal(child)


def papers_in(told: bytes) -> list[bytes]:
    """One after the other, each behind its length in eight bytes."""
    papers, at = [], 0
    while at < len(told):
        size = int.from_bytes(told[at : at + 8], "big")
        papers.append(told[at + 8 : at + 8 + size])
        at += 8 + size
    return papers


_TOO_LONG = "Tạo bản PDF quá lâu nên đã dừng. Hãy rút gọn phụ lục hoặc nội dung rồi thử lại."
_SENTENCES = {
    "rows": "Bảng trong văn bản có quá nhiều dòng ({0} dòng) để in thành một bản PDF.",
    "cells": "Bảng trong văn bản có quá nhiều ô ({0} ô) để in thành một bản PDF.",
    "span": "Bảng trong văn bản có ô gộp không hợp lệ ({0}).",
    "depth": "Nội dung văn bản lồng nhau quá {0} lớp.",
    "fetch": "Văn bản đòi tải tài nguyên bên ngoài ({0}), điều không được phép.",
    "memory": "Văn bản cần nhiều bộ nhớ hơn mức cho phép để tạo bản PDF.",
}


def _refusal(child: subprocess.CompletedProcess) -> PressRefused:
    detail = child.stderr.decode(errors="replace").strip()
    last = detail.rpartition("\n")[2]
    if child.returncode == 3:
        code, value = json.loads(last)["refused"]
        return PressRefused(_SENTENCES[code].format(value), detail)
    if child.returncode in (-9, -24):
        return PressRefused(_TOO_LONG, f"killed by signal {-child.returncode}")
    if "MemoryError" in detail or "Cannot allocate memory" in detail:
        return PressRefused(_SENTENCES["memory"], detail[-2000:])
    return PressRefused("Không tạo được bản PDF.", f"exit {child.returncode}: {detail[-2000:]}")
