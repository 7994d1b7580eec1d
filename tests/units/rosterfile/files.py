"""Roster files made for the tests: honest ones by the ordinary writer, hostile ones part by part."""

import io
import json
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from datetime import date

from openpyxl import Workbook

from units.rosterfile import columns, reading
from units.rosterfile.understanding import Context, understand
from vietnamese.keys import search_key

HEADINGS = [
    column.heading for column in columns.COLUMNS if "_name" not in column.field or column.field == "full_name"
]
UNITS = {
    1: "UBND phường Kim Long",
    2: "UBND phường Thuận Hóa",
    3: "Trường Tiểu học số 1",
    4: "Trường Tiểu học số 1",
}
CONTEXT = Context(
    on=date(2026, 11, 15),
    units_by_key={f"hue:{key}": key for key in UNITS},
    units_by_name={
        search_key(name): [key for key, other in UNITS.items() if other == name] for name in UNITS.values()
    },
    unit_names=UNITS,
    contracts={"khong xac dinh thoi han": 1, "xac dinh thoi han": 2},
    contract_names=["Không xác định thời hạn", "Xác định thời hạn"],
)


def person(number: int, **other) -> list:
    """A row without fault, under HEADINGS; `other` replaces cells by field."""
    names = [
        "Nguyễn Văn An",
        "Trần Thị Bình",
        "Lê Hữu Châu",
        "Phạm Đức Dũng",
        "Hoàng Ngọc Hà",
        "Tôn Nữ Thị Ý",
    ]
    row = {
        "code": f"CB{number:05}",
        "full_name": f"{names[number % 6]} {'ABCDEFGHIKLMNOPQRSTUVXY'[number // 6 % 23]}",
        "birth": 1970 + number % 30,
        "job_title": "Chuyên viên",
        "category": "Viên chức",
        "unit": UNITS[1 + number % 2],
        "contract": "Xác định thời hạn",
        "contract_until": date(2027, 12, 1 + number % 28),
        "since": date(2015, 1 + number % 12, 1 + number % 28),
    }
    return list((row | other).values())


def xlsx(rows: list[list], headings: list[str] | None = None, title: int = 0, change=None) -> bytes:
    """`title` lines stand above the headings; `change(sheet, book)` does to the sheet what a test is about."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Danh sách"
    for line in range(title):
        sheet.append([f"DANH SÁCH CÁN BỘ {line}"])
    sheet.append(HEADINGS if headings is None else headings)
    for row in rows:
        sheet.append(row)
    if change:
        change(sheet, book)
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def read(rows: list[list], **options) -> reading.Sheet:
    return reading.read(xlsx(rows, **options), "danh-sach.xlsx")


def faults(content: bytes, context: Context = CONTEXT, filename: str = "danh-sach.xlsx") -> dict[str, str]:
    """Cell → code of what is wrong with it."""
    sheet = reading.read(content, filename)
    found = understand(sheet, columns.guess(sheet.headings), context).faults
    return {fault.cell: fault.code for fault in found}


TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml."
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}sheet.main+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
    f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
    '<sheet name="Danh sách" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
    f'Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}
SHEET = f'<worksheet xmlns="{MAIN}"><dimension ref="A1:C2"/><sheetData>%s</sheetData></worksheet>'


def line(number: int, *cells: str) -> str:
    text = "".join(
        f'<c r="{chr(65 + at)}{number}" t="inlineStr"><is><t>{cell}</t></is></c>'
        for at, cell in enumerate(cells)
    )
    return f'<row r="{number}">{text}</row>'


ROWS = line(1, "Số hiệu", "Họ và tên", "Đối tượng") + line(2, "CB1", "Nguyễn Văn An", "Viên chức")


def package(rows: str = ROWS, sheet: str | None = None, **parts: str | bytes) -> bytes:
    """An XLSX put together by hand; `parts` replace or add, “/” and “.” in their names written as `__` and `_`."""
    body = io.BytesIO()
    whole = PARTS | {"xl/worksheets/sheet1.xml": SHEET % rows if sheet is None else sheet} | parts
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in whole.items():
            archive.writestr(name, text)
    return body.getvalue()


@dataclass(frozen=True)
class Measured:
    exit: int
    said: str
    peak_bytes: int
    cpu_seconds: float


# The peak of a child counts what its parent was before the two parted: so a small process stands between.
LAUNCHER = """
import json, resource, subprocess, sys
child = subprocess.run(sys.argv[1:], stdin=sys.stdin.buffer, capture_output=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
said = child.stderr.decode(errors="replace")[-2000:]
print(json.dumps([child.returncode, said, used.ru_maxrss * 1024, used.ru_utime + used.ru_stime]))
"""


def measured(content: bytes, filename: str) -> Measured:
    """What the reading child took for this file, however it ended."""
    launched = subprocess.run(
        [sys.executable, "-I", "-c", LAUNCHER, *reading.COMMAND],
        input=reading.job_for_child(content, filename, reading.Limits()),
        capture_output=True,
        env=reading.ENVIRONMENT,
        check=True,
    )
    return Measured(*json.loads(launched.stdout))
