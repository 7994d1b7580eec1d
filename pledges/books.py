"""What stands in a unit's year: which pledges, on whose account, and the pages of the book (feature S22)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Case, F, QuerySet, When
from django.template.loader import render_to_string

from campaigns.models import Campaign
from documents.layout import Column, Row, Table
from documents.press import Sheet
from documents.typeset import ACROSS_MM, pledge_sheet, table_sheet
from ledger import clock
from pledges import coverage
from pledges.models import BookJob, Pledge, Signature
from pledges.sheet import printed_code, sheet_of
from units import tree
from units.models import Unit
from units.queries import readable_ids
from vietnamese.dates import moment, short_date
from vietnamese.numbers import grouped, share

# So many pledges are rendered by one child process: 50 pages take some 3 s and 150 MB.
A_PIECE = 50
# A book of more is no book: 2,000 pages are eight volumes. Larger units order by the units below, or the archive.
MOST_IN_A_BOOK = 2000
CHUNK = 500
INDEX_HEADINGS = (
    "TT",
    "Họ và tên",
    "Chức vụ, chức danh",
    "Đơn vị",
    "Ký ngày",
    "Đủ xác nhận",
    "Hình thức",
    "Mã kiểm tra",
)


def area(unit: Unit, on: date) -> set[int]:
    """The unit, those below it, and the ended ones in whose place any of them stands."""
    return readable_ids({unit.pk}, (), on)


def pledges_of(unit: Unit, campaign: Campaign, year: int, on: date) -> QuerySet[Pledge]:
    """Those complete and in force: what units pledged first, then unit by unit the people by name, its head among
    them. Units of one name stand one after the other.
    """
    rows = Pledge.objects.filter(
        campaign=campaign,
        year=year,
        status=Pledge.Status.COMPLETE,
        stale_since__isnull=True,
        unit_id__in=area(unit, on),
    )
    units_first = Case(When(kind=Pledge.Kind.COLLECTIVE, then=0), default=1)
    return rows.select_related("unit", "user", "evidence").order_by(
        units_first, "unit__sort_key", "unit_id", "user__sort_key", "pk"
    )


def signatures_of_many(pledges: Sequence[Pledge]) -> dict[int, dict[str, Signature]]:
    """Those of the round that counts, by pledge and party; one query."""
    rows = Signature.objects.filter(pledge__in=[row.pk for row in pledges], round=F("pledge__round"))
    found: dict[int, dict[str, Signature]] = {}
    for row in rows.select_related("post", "user", "entered_by"):
        found.setdefault(row.pledge_id, {})[row.party] = row
    return found


def in_pieces(pledges: Sequence[Pledge]) -> Iterator[Sequence[Pledge]]:
    for start in range(0, len(pledges), A_PIECE):
        yield pledges[start : start + A_PIECE]


def piece_of(pledges: Sequence[Pledge], first_page: int, title: str) -> Sheet:
    """Pages of pledges as their single papers show them, counted on through the book; without the pages of evidence,
    which stand in the sealed files.
    """
    signatures = signatures_of_many(pledges)
    pages: list[str] = []
    pictures: dict[str, bytes] = {}
    for place, row in enumerate(pledges):
        single = pledge_sheet(replace(sheet_of(row, signatures.get(row.pk, {})), evidence=None))
        # Each has its own code under the same name.
        pages.append(single.html.replace("press:", f"press:{place}-"))
        pictures |= {f"{place}-{name}": body for name, body in single.pictures.items()}
    bound = "".join(f'<div class="bound">{page}</div>' for page in pages)
    return Sheet(bound, title, pictures, first_page=first_page)


@dataclass(frozen=True)
class Front:
    """What the cover says. `found`: who owes a pledge that day, and who signed."""

    unit: Unit
    year: int
    on: date
    bound: int
    found: coverage.Coverage
    is_demo: bool

    @property
    def figures(self) -> list[tuple[str, str]]:
        found = self.found
        return [
            ("Đã ký cam kết", share(found.signed, found.people)),
            ("Đã đủ xác nhận", share(found.complete, found.people)),
            ("Chưa ký", f"{grouped(found.people - found.signed)} người"),
            ("Đã ký, chờ xác nhận", f"{grouped(found.signed - found.complete)} người"),
            ("Được miễn, nghỉ dài ngày", f"{grouped(found.relieved)} người"),
            ("Số bản trong sổ", f"{grouped(self.bound)} bản"),
        ]


def front_of(job: BookJob, pledges: Sequence[Pledge], on: date) -> Front:
    in_scope = {key for key, row in tree.load(on).placements.items() if row.in_scope}
    found = coverage.over(area(job.unit, on) & in_scope, campaign=job.campaign, year=job.year, on=on)
    is_demo = any(row.user.is_demo for row in pledges)
    return Front(job.unit, job.year, on, len(pledges), found, is_demo)


def front_html(front: Front, pledges: Sequence[Pledge], pages: Mapping[int, int]) -> str:
    """Cover and index. `pages`: where each pledge begins, by key."""
    columns = (
        Column("TT", 11, "center"),
        Column("Họ và tên", 58, heading=True),
        Column("Chức vụ, chức danh", 50),
        Column("Ký ngày", 23, "center"),
        Column("Đủ xác nhận", 23, "center"),
        Column("Hình thức", 28),
        Column("Mã kiểm tra", 56),
        Column("Trang", 14, "right"),
    )
    rows: list[Row] = []
    unit_id = None
    for place, row in enumerate(pledges, start=1):
        if row.unit_id != unit_id:
            unit_id = row.unit_id
            rows.append(Row((row.unit.name,), "group"))
        rows.append(Row(_cells(place, row, pages)))
    context = {
        "front": front,
        "index": table_sheet(Table("", columns, tuple(rows)), ACROSS_MM),
        "printed_at": moment(clock.now()),
    }
    return render_to_string("documents/book.html", context)


def _cells(place: int, row: Pledge, pages: Mapping[int, int]) -> tuple[str, ...]:
    return (
        str(place),
        *_whose(row),
        _day(row.signed_at),
        _day(row.completed_at),
        row.get_channel_display(),
        printed_code(row),
        str(pages[row.pk]),
    )


def _whose(row: Pledge) -> tuple[str, str]:
    """Name and title of who pledges: a person, or a whole unit."""
    if row.kind == Pledge.Kind.COLLECTIVE:
        return row.unit.name, "Cam kết của tập thể"
    person = row.content["person"]
    return person["name"], person["post"]


def _day(at) -> str:
    return short_date(clock.local(at).date()) if at else ""


def index_row(place: int, row: Pledge) -> list[Any]:
    """A line of the archive's index, in the order of INDEX_HEADINGS."""
    return [
        place,
        *_whose(row),
        row.unit.name,
        clock.local(row.signed_at).date(),
        clock.local(row.completed_at).date() if row.completed_at else None,
        row.get_channel_display(),
        printed_code(row),
    ]


def chunks(rows: QuerySet[Pledge]) -> Iterable[list[Pledge]]:
    """By fives of hundreds, so that thirty thousand stand in no memory. The order is fixed before: keys alone."""
    keys = list(rows.values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        found = rows.in_bulk(keys[start : start + CHUNK])
        yield [found[key] for key in keys[start : start + CHUNK] if key in found]
