"""The process that turns HTML into PDF, alone: no Django, no database, no network, no file of the portal.

It reads one job from standard input (a line of JSON, then the assets' bytes one after the other), writes the
PDFs to standard output, each behind its length, and leaves. Standard error carries one line of JSON saying why it
could not. See `documents.press`.
"""

import ctypes
import gc
import json
import os
import resource
import sys
from collections.abc import Iterator
from typing import NoReturn

CLONE_NEWNET = 0x40000000
SCHEME = "press:"
# After so many papers what the collector would have found is swept away, so that the memory stays flat.
SWEEP = 25
SPANS = ("colspan", "rowspan", "span")


class Refused(Exception):
    """The page asks for something it may not have; the arguments are a code and details."""


def confine(memory_bytes: int, cpu_seconds: int) -> None:
    """Limits that the kernel holds; without a network where the system allows that to an ordinary process."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    ctypes.CDLL(None).unshare(CLONE_NEWNET)
    gc.disable()


def read_job() -> tuple[dict, dict[str, bytes]]:
    job = json.loads(sys.stdin.buffer.readline())
    return job, {name: sys.stdin.buffer.read(size) for name, size in job["assets"]}


def check_tree(root, limits: dict) -> None:
    """Refuses what would take the memory of the machine before a line of it is laid out."""
    rows = cells = 0
    pending = [(root, 0)]
    while pending:
        element, depth = pending.pop()
        if depth > limits["depth"]:
            raise Refused("depth", limits["depth"])
        rows += element.tag == "tr"
        cells += element.tag in ("td", "th")
        for name in SPANS:
            value = element.get(name, "1").strip()
            if not value.isdecimal() or int(value) > limits["span"]:
                raise Refused("span", value[:20])
        pending += [(child, depth + 1) for child in element]
    if rows > limits["rows"]:
        raise Refused("rows", rows)
    if cells > limits["cells"]:
        raise Refused("cells", cells)


def name_each_page(document, pdf) -> None:
    """Writes the check code beside every page's content too: a file cut short or changed still says what it was."""
    codes = document.metadata.keywords
    for page in pdf.pages["Kids"][::3] if codes else ():
        content = pdf.objects[int(pdf.objects[page]["Contents"].split()[0])]
        content.extra["NKCode"] = f"({codes[0]})"


def typeset(job: dict, assets: dict[str, bytes]) -> Iterator[bytes]:
    # The engine is loaded after the limits are set, and never in the portal's own processes.
    from weasyprint import CSS, HTML  # noqa: PLC0415
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse  # noqa: PLC0415

    class HandedIn(URLFetcher):
        """Knows the bytes handed in and nothing else; whatever else is asked for stops the work."""

        sheet = ""

        def fetch(self, url, headers=None):
            name = url.removeprefix(SCHEME)
            if name == url or "/" in name:
                raise FatalURLFetchingError(url[:200])
            body = assets.get(name, assets.get(self.sheet + name))
            if body is None:
                raise FatalURLFetchingError(url[:200])
            return URLFetcherResponse(url, body)

    fetcher, fonts = HandedIn(), FontConfiguration()
    try:
        sheet = CSS(string=assets["paper.css"].decode(), url_fetcher=fetcher, font_config=fonts)
        for number in range(job["sheets"]):
            fetcher.sheet = f"{number}/"
            page = HTML(string=assets[f"{number}/page.html"].decode(), url_fetcher=fetcher)
            check_tree(page.etree_element, job["limits"])
            yield page.write_pdf(
                stylesheets=[sheet],
                font_config=fonts,
                presentational_hints=False,
                pdf_variant="pdf/ua-1",
                finisher=name_each_page,
            )
    except FatalURLFetchingError as error:
        raise Refused("fetch", str(error)) from error


def main() -> None:
    job, assets = read_job()
    limits = job["limits"]
    confine(limits["memory_bytes"], limits["cpu_seconds"])
    try:
        for place, body in enumerate(typeset(job, assets), start=1):
            sys.stdout.buffer.write(len(body).to_bytes(8, "big") + body)
            if place % SWEEP == 0:
                gc.collect()
    except Refused as refusal:
        leave_refusing(*refusal.args)
    except MemoryError:
        leave_refusing("memory", limits["memory_bytes"])
    sys.stdout.buffer.flush()
    leave(0)


def leave_refusing(code: str, detail: object) -> NoReturn:
    sys.stderr.write(json.dumps({"refused": [code, detail]}))
    sys.stderr.flush()
    leave(3)


def leave(status: int) -> NoReturn:
    """Nothing to tidy: taking the page's objects apart costs more than it gives back, and a fault of the engine's own
    library in doing so would hide what was to be told."""
    os._exit(status)


if __name__ == "__main__":
    main()
