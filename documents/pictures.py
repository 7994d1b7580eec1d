"""Scans and photographs of pages, made harmless (rule R33): bytes in, plain JPEG pages out, or one sentence why not.

Files are opened in a child process with limits and without our database, settings and network. Every page is drawn
anew: upright, in colour, without metadata. How good a page is is judged in its pixels, never by what the file says of
its resolution: 200 dpi of A4 (decree 30/2020/NĐ-CP, annex I, part II) are 2,300 pixels on the long side.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from vietnamese.numbers import grouped

CHILD = Path(__file__).with_name("pictures_child.py")
MIB = 1024 * 1024
FILE_BYTES = 20 * MIB
ALL_BYTES = 60 * MIB
LONG_SIDE = 2300
# What a child without memory says, whichever library it was in.
STARVED = ("MemoryError", "Cannot allocate memory", "failed to map segment")
ENVIRONMENT = {"LANG": "C.UTF-8", "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}


@dataclass(frozen=True)
class Limits:
    """What one upload may take. `long_side`: pages are kept at 300 dpi of A4 at most, which JPEG makes some 0.8 MB."""

    pages: int = 40
    pixels: int = 80_000_000
    long_side: int = 3508
    quality: int = 78
    memory_bytes: int = 1536 * MIB
    cpu_seconds: int = 45
    wall_seconds: float = 55.0


@dataclass(frozen=True)
class Sent:
    name: str
    body: bytes


@dataclass(frozen=True)
class PagePicture:
    """`filename`: the file it came from; `body`: JPEG."""

    filename: str
    width: int
    height: int
    body: bytes


class PicturesRefused(Exception):
    """`str(error)` is one sentence in Vietnamese that names file and page; `detail` is for the log."""

    def __init__(self, sentence: str, detail: str = ""):
        super().__init__(sentence)
        self.detail = detail


def read_pages(files: Sequence[Sent], limits: Limits | None = None) -> list[PagePicture]:
    """The pages of PDF, JPEG and PNG files in the order given. Raises PicturesRefused: too large, too many pages, too
    coarse, not a picture, damaged, locked.
    """
    limits = limits or Limits()
    _check_sizes(files)
    facts, body = _ask_child(files, limits)
    pages, start = [], 0
    for fact in facts:
        name = files[fact["file"]].name
        end = start + fact["size"]
        pages.append(PagePicture(name, fact["width"], fact["height"], body[start:end]))
        start = end
        if max(fact["width"], fact["height"]) < LONG_SIDE:
            raise PicturesRefused(_coarse(name, fact, len(facts)))
    return pages


def _check_sizes(files: Sequence[Sent]) -> None:
    for file in files:
        if len(file.body) > FILE_BYTES:
            raise PicturesRefused(
                f"Tệp “{file.name}” nặng {len(file.body) // MIB} MB, quá mức cho phép ({FILE_BYTES // MIB} MB). Hãy "
                "quét lại ở 200–300 dpi, hoặc chia thành nhiều tệp."
            )
    if sum(len(file.body) for file in files) > ALL_BYTES:
        raise PicturesRefused(f"Các tệp nặng quá {ALL_BYTES // MIB} MB. Hãy tải lên làm nhiều lần.")


def _coarse(name: str, fact: dict, pages: int) -> str:
    longest = max(fact["width"], fact["height"])
    where = f"Trang {fact['page']} của tệp “{name}”" if pages > 1 else f"Ảnh “{name}”"
    return (
        f"{where} chưa đủ rõ: cạnh dài có {grouped(longest)} điểm ảnh, cần ít nhất {grouped(LONG_SIDE)}. Hãy "
        "quét ở 200 dpi trở lên, hoặc chụp lại gần hơn, mỗi trang một ảnh."
    )


def _ask_child(files: Sequence[Sent], limits: Limits) -> tuple[list[dict], bytes]:
    job = {
        "limits": asdict(limits),
        "names": [file.name for file in files],
        "sizes": [len(file.body) for file in files],
    }
    try:
        child = subprocess.run(
            [sys.executable, "-s", "-P", "-W", "ignore", str(CHILD)],
            input=json.dumps(job).encode() + b"\n" + b"".join(file.body for file in files),
            capture_output=True,
            timeout=limits.wall_seconds,
            env=ENVIRONMENT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PicturesRefused(_TOO_MUCH, f"wall clock {limits.wall_seconds} s") from error
    if child.returncode:
        raise refusal(child.returncode, child.stderr.decode(errors="replace"), limits)
    line, _, body = child.stdout.partition(b"\n")
    return json.loads(line), body


_TOO_MUCH = (
    "Mở các ảnh này tốn quá nhiều thời gian hoặc bộ nhớ nên đã "
    "dừng. Hãy quét lại ở 200–300 dpi, chia thành nhiều tệp."
)
_SENTENCES = {
    "kind": "Tệp “{0}” không phải là tệp PDF, ảnh JPEG hay PNG. Hãy quét hoặc chụp lại thành một trong các dạng này.",
    "bomb": "Ảnh trong tệp “{0}” quá lớn ({1} × {2} điểm ảnh). Hãy quét lại ở 200–300 dpi.",
    "damaged": "Không mở được tệp “{0}”: tệp bị hỏng hoặc tải lên chưa hết. Hãy quét hoặc chụp lại.",
    "locked": "Tệp “{0}” có đặt mật khẩu. Hãy lưu lại không đặt mật khẩu rồi tải lên.",
    "pages": "Tải lên quá {most} trang một lần (tệp “{0}”). Hãy chia thành nhiều danh sách.",
    "no_picture": "Trang {1} của tệp “{0}” không phải là ảnh quét: trên trang không có ảnh nào. Hãy tải lên bản đã ký "
    "tay được quét hoặc chụp lại.",
}


def refusal(exit_code: int, said: str, limits: Limits) -> PicturesRefused:
    """What a child that ended so, having said this, means for the person."""
    if exit_code == 3:
        code, *values = json.loads(said.strip().rpartition("\n")[2])["refused"]
        return PicturesRefused(_SENTENCES[code].format(*values, most=limits.pages), said[-500:])
    if exit_code in (4, -6, -9, -11, -24) or any(word in said for word in STARVED):
        return PicturesRefused(_TOO_MUCH, f"exit {exit_code}: {said[-500:]}")
    return PicturesRefused("Không mở được các tệp này như ảnh.", f"exit {exit_code}: {said[-2000:]}")
