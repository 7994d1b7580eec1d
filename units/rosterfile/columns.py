"""The columns of a roster: our own, what others call them, and which column of a file is which."""

import re
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

from units.rosterfile.grid import Value
from vietnamese.keys import search_key
from vietnamese.letters import nfc


class Column(NamedTuple):
    """`field` is the name in code, `heading` what our template prints, `others` what else it is called, best first."""

    field: str
    heading: str
    others: tuple[str, ...] = ()


COLUMNS = (
    Column(
        "code",
        "Số hiệu",
        (
            *("so hieu cbccvc", "so hieu can bo", "so hieu cb", "so hieu cong chuc", "so hieu vien chuc"),
            *("ma so can bo", "ma so cb", "ma can bo", "ma cb", "ma cbccvc", "ma so cbccvc", "ma so cccbvc"),
            *(
                "so hieu cong chuc vien chuc",
                "ma so can bo cong chuc vien chuc",
                "ma cong chuc",
                "ma vien chuc",
            ),
            *("ma so nhan vien", "ma nhan vien", "ma nv", "ma nhan su", "ma so"),
        ),
    ),
    Column(
        "full_name",
        "Họ và tên",
        (
            *("ho ten", "ho va ten can bo", "ho ten can bo", "ho va ten cbccvc", "ho va ten khai sinh"),
            *("ho ten khai sinh", "ten can bo", "ten nhan vien"),
        ),
    ),
    Column(
        "family_name",
        "Họ và chữ đệm",
        (
            *(
                "ho va ten dem",
                "ho va dem",
                "ho dem",
                "ho chu dem",
                "ho ten dem",
                "ho va ten lot",
                "ho va chu lot",
            ),
            *("ho lot", "ho"),
        ),
    ),
    Column("middle_name", "Chữ đệm", ("ten dem", "dem", "chu lot", "ten lot")),
    Column("given_name", "Tên"),
    Column(
        "birth",
        "Năm sinh",
        ("sinh nam", "ngay sinh", "ngay thang nam sinh", "ngay thang sinh", "nam sinh nam", "ntns"),
    ),
    Column(
        "job_title",
        "Chức danh",
        (
            *(
                "chuc vu",
                "chuc vu chuc danh",
                "chuc danh chuc vu",
                "chuc danh nghe nghiep",
                "vi tri viec lam",
            ),
            *("chuc vu hien tai", "cong viec"),
        ),
    ),
    Column(
        "category",
        "Đối tượng",
        (
            *(
                "loai doi tuong",
                "nhom doi tuong",
                "doi tuong can bo",
                "phan loai",
                "phan loai can bo",
                "loai can bo",
            ),
            *("loai cbccvc", "phan loai cbccvc"),
        ),
    ),
    Column(
        "unit",
        "Đơn vị",
        (
            *("don vi cong tac", "ten don vi", "co quan don vi", "co quan don vi cong tac", "noi cong tac"),
            *("don vi su dung", "co quan", "phong ban", "bo phan", "ma don vi"),
        ),
    ),
    Column(
        "contract",
        "Loại hợp đồng",
        ("hop dong", "loai hinh hop dong", "hinh thuc hop dong", "loai hdld", "loai hop dong lao dong"),
    ),
    Column(
        "contract_until",
        "Hợp đồng đến hết ngày",
        (
            *("hop dong den ngay", "ngay het han hop dong", "ngay het hop dong", "het han hop dong"),
            *("ngay ket thuc hop dong", "thoi han hop dong den", "thoi han hop dong den ngay"),
        ),
    ),
    Column(
        "since",
        "Ngày vào đơn vị",
        ("ngay ve don vi", "ngay den don vi", "ngay vao lam", "ngay bat dau cong tac", "vao don vi tu ngay"),
    ),
)
FIELDS = tuple(column.field for column in COLUMNS)
HEADINGS = {column.field: column.heading for column in COLUMNS}

HEADING_ROWS = 20
_IN_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_NO_LETTER = re.compile(r"[^a-z0-9]+")
_COLUMN_NUMBER = re.compile(r"\(?(?:\d{1,2}|[a-z])\)?", re.I)


def heading_key(heading: str) -> str:
    """Small letters without marks, without what stands in brackets, without asterisks and dashes."""
    return _NO_LETTER.sub(" ", _IN_BRACKETS.sub(" ", search_key(heading))).strip()


_NAMES = {column.field: (heading_key(column.heading), *column.others) for column in COLUMNS}


def guess(headings: Sequence[str]) -> dict[str, int]:
    """Field → column (from 0) for every heading that is known. Of two columns of one name the first is taken."""
    keys = [heading_key(heading) for heading in headings]
    found = {}
    for field, names in _NAMES.items():
        at = next((keys.index(name) for name in names if name in keys), None)
        if at is not None:
            found[field] = at
    if "full_name" in found:
        for part in ("family_name", "middle_name", "given_name"):
            found.pop(part, None)
    return found


def missing(columns: Mapping[str, int], *, one_unit: bool = False) -> list[str]:
    """Headings that must be shown by the user before the file can be understood. `one_unit`: the branch is one unit.

    The column of codes must be there, though its cells may be empty: without it every import would make new people.
    """
    lacking = [field for field in ("code", "category") if field not in columns]
    if not one_unit and "unit" not in columns:
        lacking.append("unit")
    if "full_name" not in columns and not {"family_name", "given_name"} <= columns.keys():
        lacking.append("full_name")
    return [HEADINGS[field] for field in FIELDS if field in lacking]


def digest(headings: Sequence[str]) -> str:
    """Names a heading row: `ColumnMap.headings_sha256`. Case, marks and spaces make no difference."""
    return sha256("\n".join(search_key(heading) for heading in headings).encode()).hexdigest()


def find_headings(rows: Sequence[Sequence[Value]]) -> int | None:
    """Index of the heading row under a title block: where most columns are known, else the first that is all words."""
    best, known = None, 1
    for index, row in enumerate(rows[:HEADING_ROWS]):
        found = len(guess(heading_texts(row)))
        if found > known:
            best, known = index, found
    return best if best is not None else _first_row_of_words(rows[:HEADING_ROWS])


def _first_row_of_words(rows: Sequence[Sequence[Value]]) -> int | None:
    for index, row in enumerate(rows):
        filled = [value for value in row if value is not None]
        words = [value for value in filled if isinstance(value, str) and any(map(str.isalpha, value))]
        if len(filled) >= 3 and len(words) == len(filled) == len(set(words)):
            return index
    return None


def heading_texts(row: Iterable[Value]) -> list[str]:
    return ["" if value is None else nfc(str(value)) for value in row]


def numbers_columns(row: Sequence[Value]) -> bool:
    """A row “(1) (2) (3)” or “A B 1 2” under the headings, as statutory forms print it."""
    filled = [str(value).strip() for value in row if value is not None]
    return len(filled) >= 3 and all(map(_COLUMN_NUMBER.fullmatch, filled)) and len(set(filled)) == len(filled)
