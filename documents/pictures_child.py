"""The process that opens scans and photographs, alone: no Django, no database, no network, no file of the portal.

It reads one job from standard input (a line of JSON, then the files' bytes), writes a line of JSON and the pages as
JPEG to standard output and leaves. Standard error carries one line of JSON saying why it could not. See
`documents.pictures`.
"""

import ctypes
import io
import json
import os
import resource
import sys
from collections.abc import Iterator

CLONE_NEWNET = 0x40000000
# A page of a PDF is drawn as finely as the finest picture on it, within these bounds in pixels a point (1/72 inch).
COARSEST = 1.0
MOST_PICTURES_A_PAGE = 200


class Refused(Exception):
    """The arguments are a code and what belongs into its sentence."""


def confine(memory_bytes: int, cpu_seconds: int) -> None:
    """Limits that the kernel holds; without a network where the system allows that to an ordinary process."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    ctypes.CDLL(None).unshare(CLONE_NEWNET)


def pages_of(body: bytes, limits: dict, name: str) -> Iterator:
    """Pictures of pages in order, upright, in colour. By what the bytes are; the name only says what was meant."""
    if body.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        yield _photograph(body, limits, name)
    elif b"%PDF-" in body[:1024]:
        yield from _pdf(body, limits, name)
    else:
        raise Refused("kind", name)


def _photograph(body: bytes, limits: dict, name: str):
    from PIL import Image, ImageOps  # noqa: PLC0415

    Image.MAX_IMAGE_PIXELS = None
    try:
        picture = Image.open(io.BytesIO(body), formats=("JPEG", "PNG"))
        if picture.width * picture.height > limits["pixels"]:
            raise Refused("bomb", name, picture.width, picture.height)
        if getattr(picture, "n_frames", 1) > 1:
            raise Refused("kind", name)
        picture.draft("RGB", (limits["long_side"], limits["long_side"]))
        upright = ImageOps.exif_transpose(picture)
        return _plain(upright)
    except Image.DecompressionBombError as error:
        raise Refused("bomb", name, 0, 0) from error
    except (OSError, SyntaxError, ValueError, KeyError, IndexError) as error:
        raise Refused("damaged", name, repr(error)[:200]) from error


def _plain(picture):
    """In colour on white, without anything but the pixels."""
    from PIL import Image  # noqa: PLC0415

    if picture.mode in ("RGBA", "LA", "PA", "P"):
        picture = picture.convert("RGBA")
        ground = Image.new("RGB", picture.size, "white")
        ground.paste(picture, mask=picture.getchannel("A"))
        return ground
    return picture.convert("RGB")


def _pdf(body: bytes, limits: dict, name: str) -> Iterator:
    import pypdfium2  # noqa: PLC0415

    try:
        book = pypdfium2.PdfDocument(body)
        count = len(book)
        if count > limits["pages"]:
            raise Refused("pages", name, count)
        for at in range(count):
            yield _drawn(book[at], at + 1, limits, name)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise Refused("locked", name) from error
        raise Refused("damaged", name, str(error)[:200]) from error


def _drawn(page, number: int, limits: dict, name: str):
    """Drawn as finely as the finest picture on it is, and no finer: a coarse scan does not become a fine one."""
    width, height = page.get_size()
    if not 10 < min(width, height) <= max(width, height) < 20_000:
        raise Refused("damaged", name, f"page of {width} x {height} points")
    finest = _finest(page, name, limits)
    if finest <= 0:
        raise Refused("no_picture", name, number)
    long_side = max(width, height)
    scale = min(max(finest, COARSEST), limits["long_side"] / long_side)
    return page.render(scale=scale).to_pil().convert("RGB")


def _finest(page, name: str, limits: dict) -> float:
    """Pixels a point of the finest picture that covers a good part of the page; 0 where there is none."""
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE  # noqa: PLC0415

    width, height = page.get_size()
    finest = 0.0
    for seen, one in enumerate(page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE], max_depth=5)):
        if seen >= MOST_PICTURES_A_PAGE:
            raise Refused("damaged", name, "too many pictures")
        across, down = one.get_px_size()
        if across * down > limits["pixels"]:
            raise Refused("bomb", name, across, down)
        left, low, right, high = one.get_bounds()
        wide, tall = right - left, high - low
        if wide * tall >= width * height / 10:
            finest = max(finest, max(across, down) / max(wide, tall, 1.0))
    return finest


def encoded(picture, limits: dict) -> bytes:
    if max(picture.size) > limits["long_side"]:
        picture.thumbnail((limits["long_side"], limits["long_side"]))
    # Otherwise a comment or a profile of the sender's file would be written into ours.
    picture.info.clear()
    page = io.BytesIO()
    picture.save(page, "JPEG", quality=limits["quality"], subsampling="4:2:0")
    return page.getvalue()


def work(job: dict, bodies: list[bytes]) -> tuple[list[dict], list[bytes]]:
    """Each page is shrunk and encoded before the next is opened: one at a time in memory."""
    limits = job["limits"]
    facts: list[dict] = []
    pages: list[bytes] = []
    for at, (name, body) in enumerate(zip(job["names"], bodies, strict=True)):
        for number, picture in enumerate(pages_of(body, limits, name), start=1):
            if len(pages) >= limits["pages"]:
                raise Refused("pages", name, len(pages) + 1)
            page = encoded(picture, limits)
            facts.append(
                {
                    "file": at,
                    "page": number,
                    "width": picture.width,
                    "height": picture.height,
                    "size": len(page),
                }
            )
            pages.append(page)
    return facts, pages


def main() -> None:
    job = json.loads(sys.stdin.buffer.readline())
    confine(job["limits"]["memory_bytes"], job["limits"]["cpu_seconds"])
    bodies = [sys.stdin.buffer.read(size) for size in job["sizes"]]
    try:
        facts, pages = work(job, bodies)
    except Refused as refusal:
        sys.stderr.write(json.dumps({"refused": refusal.args}))
        sys.exit(3)
    except MemoryError:
        os._exit(4)
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + b"".join(pages))
    sys.stdout.buffer.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
