"""A unit's year as one ZIP: every stored file untouched, an index, and the sums to check them by (feature S22).

Files go from the vault to the disk one by one and stand in no memory; they are stored as they are, PDF and JPEG gain
nothing by packing. Names are ASCII and the same at every making, whoever opens them on whatever system.
"""

import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from documents import vault
from documents.models import Paper
from ledger import clock, sheets
from pledges import books
from pledges.models import BookJob, Pledge, Scan, SignedFile
from vietnamese.keys import search_key

FOLDER = "ban-cam-ket"
HEADINGS = (*books.INDEX_HEADINGS, "Tệp", "SHA-256", "Ghi chú")
WIDTHS = (6, 28, 28, 36, 14, 14, 18, 26, 60, 66, 40)
NOT_MADE, DAMAGED = "chưa lập bản PDF", "tệp lưu không còn nguyên vẹn"


@dataclass(frozen=True)
class Kept:
    """One stored file and the name it gets."""

    name: str
    path: str
    sha256: str
    at: datetime


@dataclass
class Packed:
    """What went in: pledges, files; what could not be read, by name."""

    pledges: int = 0
    files: int = 0
    damaged: set[str] = field(default_factory=set)
    lists: set[int] = field(default_factory=set)


def pack(job: BookJob, target: Path, on, say: Callable[[int], None]) -> Packed:
    """Writes the archive; `say` hears how many pledges are in."""
    rows = books.pledges_of(job.unit, job.campaign, job.year, on).select_related(
        "unit", "user", "paper", "evidence"
    )
    packed = Packed()
    sums = target.with_suffix(".sums")
    with (
        zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, allowZip64=True) as archive,
        sums.open("w", encoding="ascii") as written,
    ):

        def put(name: str, body: bytes, at: datetime, sha256: str) -> None:
            archive.writestr(_entry(name, at), body)
            written.write(f"{sha256}  {name}\n")

        for chunk in books.chunks(rows):
            for kept in _files_of(chunk, packed):
                _put_kept(kept, put, packed)
            packed.pledges += len(chunk)
            say(packed.pledges)
        _put_index(job, rows, packed, put)
        written.flush()
        archive.write(sums, "SHA256SUMS")
    sums.unlink()
    return packed


def _put_kept(kept: Kept, put: Callable[..., None], packed: Packed) -> None:
    try:
        body = vault.fetch(kept.path, kept.sha256)
    except vault.PaperDamaged:
        packed.damaged.add(kept.name)
        return
    put(kept.name, body, kept.at, kept.sha256)
    packed.files += 1


def _put_index(job: BookJob, rows, packed: Packed, put: Callable[..., None]) -> None:
    """Twice the same table, for who has a spreadsheet and who has none; each read once more, row by row."""
    now = clock.now()
    for name, write in (("DANH-MUC.csv", sheets.write_csv), ("DANH-MUC.xlsx", sheets.write_xlsx)):
        table = sheets.Table(f"Cam kết {job.year}", HEADINGS, _index(rows, packed), widths=WIDTHS)
        body = write(table)
        put(name, body, now, vault.sha256_of(body))


def _index(rows, packed: Packed) -> Iterator[list[sheets.Cell]]:
    place = 0
    for chunk in books.chunks(rows):
        files: dict[int, list[Kept]] = {}
        for pledge in chunk:
            files[pledge.pk] = [kept for kept in _papers(pledge) if kept]
        for owner, kept in _signed(chunk):
            files[owner].append(kept)
        for pledge in chunk:
            place += 1
            yield _line(place, pledge, files[pledge.pk], packed)


def _line(place: int, pledge: Pledge, files: Sequence[Kept], packed: Packed) -> list[sheets.Cell]:
    names = "; ".join(kept.name for kept in files)
    hashes = "; ".join(kept.sha256 for kept in files)
    damaged = any(kept.name in packed.damaged for kept in files)
    note = DAMAGED if damaged else "" if files else NOT_MADE
    return [*books.index_row(place, pledge), names, hashes, note]


def _files_of(chunk: Sequence[Pledge], packed: Packed) -> Iterator[Kept]:
    """The sealed paper of each and its evidence, the file signed with his own certificate, the pages of the lists."""
    for pledge in chunk:
        yield from _papers(pledge)
    for _, kept in _signed(chunk):
        yield kept
    yield from _scans(chunk, packed)


def _papers(pledge: Pledge) -> Iterator[Kept]:
    if pledge.paper:
        signed = pledge.channel == Pledge.Channel.SIGNED_FILE
        yield _paper(pledge, pledge.paper, "-ky-so" if signed else "")
    if pledge.evidence:
        yield _paper(pledge, pledge.evidence, "-chung-cu")


def _paper(pledge: Pledge, paper: Paper, ending: str) -> Kept:
    return Kept(f"{FOLDER}/{stem(pledge)}{ending}.pdf", paper.path, paper.sha256, paper.created_at)


def _signed(chunk: Sequence[Pledge]) -> Iterator[tuple[int, Kept]]:
    """Files signed with a personal certificate that are not yet the paper of their pledge."""
    by_key = {row.pk: row for row in chunk if row.paper is None}
    found = SignedFile.objects.that_count().filter(pledge__in=by_key)
    for row in found.order_by("pk"):
        assert row.pledge_id is not None
        name = f"{FOLDER}/{stem(by_key[row.pledge_id])}-ky-so.pdf"
        yield row.pledge_id, Kept(name, row.path, row.sha256, row.at)


def _scans(chunk: Sequence[Pledge], packed: Packed) -> Iterator[Kept]:
    """Pages of the paper lists on which people of this chunk stand; a list goes in with the first of its people."""
    pages = Scan.objects.filter(signed_list__people__pledge__in=[row.pk for row in chunk])
    fresh = pages.exclude(signed_list__in=packed.lists).select_related("signed_list").distinct()
    for row in fresh.order_by("signed_list", "number"):
        packed.lists.add(row.signed_list_id)
        suffix = Path(row.path).suffix or ".jpg"
        name = f"danh-sach-giay/{row.signed_list.public_id}/trang-{row.number:02}{suffix}"
        yield Kept(name, row.path, row.sha256, row.at)


def stem(pledge: Pledge) -> str:
    """“H00012-nguyen-van-a”; a unit's own “tap-the-ubnd-phuong-kim-long-3f9a1c”."""
    if pledge.kind == Pledge.Kind.COLLECTIVE:
        return f"tap-the-{_ascii(pledge.unit.name)}-{pledge.unit.public_id[:6]}"
    return f"{_ascii(pledge.user.username)}-{_ascii(pledge.content['person']['name'])}"


def _ascii(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", search_key(text)).strip("-")[:60] or "khong-ten"


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, clock.local(at).timetuple()[:6])
    entry.external_attr = 0o644 << 16
    entry.create_system = 3
    return entry
