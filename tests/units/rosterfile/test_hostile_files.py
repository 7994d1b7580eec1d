"""Workbooks made to hurt are refused with a sentence, within the limits of memory and processor (rule R31)."""

import io
import struct
import zipfile
from functools import cache

import pytest

from tests.units.rosterfile.files import PARTS, ROWS, SHEET, TYPES, line, measured, package
from units.rosterfile import reading
from units.rosterfile.workbook import FILE_BYTES, open_workbook

MIB = 1024 * 1024
HEADINGS = line(1, "Số hiệu", "Họ và tên", "Đối tượng")


def far_cell(reference: str) -> bytes:
    """A few hundred bytes whose one cell makes a careless reader lay out the whole sheet."""
    number = reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return package(f'{ROWS}<row r="{number}"><c r="{reference}"><v>1</v></c></row>')


@cache
def huge_cell() -> bytes:
    """400 MB of one letter, under a directory that says so."""
    text = b"A" * MIB
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, part in PARTS.items():
            archive.writestr(name, part)
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            part.write((SHEET.partition("%s")[0] + HEADINGS).encode())
            part.write(b'<row r="2"><c r="A2" t="inlineStr"><is><t>')
            for _ in range(400):
                part.write(text)
            part.write(b"</t></is></c></row></sheetData></worksheet>")
    return body.getvalue()


def lying_directory() -> bytes:
    """The same, under a directory that says 1,000 bytes."""
    body = bytearray(huge_cell())
    name = b"xl/worksheets/sheet1.xml"
    for signature, size_at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = body.find(signature)
        while at >= 0:
            if body[at : at + 90].find(name) > 0:
                struct.pack_into("<I", body, at + size_at, 1000)
            at = body.find(signature, at + 4)
    return bytes(body)


def many_strings() -> bytes:
    """Five million shared strings of nothing: 60 MB, and a reader keeps something for each."""
    strings = f'<sst xmlns="{TYPES}">' + "<si/>" * 9_000_000 + "</sst>"
    return package(**{"xl/sharedStrings.xml": strings})


def million_rows() -> bytes:
    numbers = (number % (97 if number % 4 else 9973) for number in range(1_000_000))
    rows = "".join(f"<row><c><v>{number}</v></c></row>" for number in numbers)
    return package(HEADINGS + rows)


def with_doctype(declaration: str, text: str) -> bytes:
    row = f'<row r="2"><c r="A2" t="inlineStr"><is><t>{text}</t></is></c></row>'
    return package(sheet=f"{declaration}{SHEET % (HEADINGS + row)}")


LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {name} "{f"&{inner};" * 20}">' for inner, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def encrypted_zip() -> bytes:
    body = bytearray(package())
    at = body.find(b"PK\x01\x02")
    while at >= 0:
        body[at + 8] |= 1
        at = body.find(b"PK\x01\x02", at + 4)
    return bytes(body)


def many_parts() -> bytes:
    return package(**{f"xl/media/{number}.xml": "" for number in range(10_000)})


COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000
MACRO_TYPES = PARTS["[Content_Types].xml"].replace(
    f"{TYPES}sheet.main+xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
)
UTF_16_BOMB = ('<?xml version="1.0" encoding="UTF-16"?>' + LAUGHS + SHEET % ROWS).encode("utf-16")

# File, how it is called, words of the sentence.
HOSTILE = {
    "far row": (lambda: far_cell("A1048576"), "x.xlsx", "dòng|bộ nhớ"),
    "far column": (lambda: far_cell("XFD2"), "x.xlsx", "cột"),
    "far corner": (lambda: far_cell("XFD1048576"), "x.xlsx", "bộ nhớ"),
    "400 MB cell": (huge_cell, "x.xlsx", "giải nén"),
    "400 MB cell under a directory that lies": (lying_directory, "x.xlsx", "nguyên vẹn"),
    "millions of strings": (many_strings, "x.xlsx", "giải nén|bộ nhớ"),
    "a million rows": (million_rows, "x.xlsx", "giải nén|dòng|bộ nhớ"),
    "billion laughs": (lambda: with_doctype(LAUGHS, "&i;"), "x.xlsx", "thực thể"),
    "external entity": (lambda: with_doctype(EXTERNAL, "&a;"), "x.xlsx", "thực thể"),
    "entities in the list of strings": (
        lambda: package(**{"xl/sharedStrings.xml": LAUGHS + "<sst><si><t>&i;</t></si></sst>"}),
        "x.xlsx",
        "thực thể",
    ),
    "entities in another encoding": (lambda: package(sheet=UTF_16_BOMB), "x.xlsx", "nguyên vẹn"),
    "macros": (lambda: package(**{"xl/vbaProject.bin": "x"}), "x.xlsx", "macro"),
    "macros by content type": (lambda: package(**{"[Content_Types].xml": MACRO_TYPES}), "x.xlsx", "macro"),
    "old macros": (lambda: package(**{"xl/macrosheets/sheet1.xml": "<x/>"}), "x.xlsx", "macro"),
    "another file's data": (
        lambda: package(**{"xl/externalLinks/externalLink1.xml": "<x/>"}),
        "x.xlsx",
        "tệp khác",
    ),
    "encrypted": (
        lambda: COMPOUND + "EncryptedPackage".encode("utf-16-le"),
        "x.xlsx",
        "mật khẩu",
    ),
    "encrypted zip": (encrypted_zip, "x.xlsx", "mật khẩu"),
    "old xls": (lambda: COMPOUND, "x.xls", "Excel cũ"),
    "10,000 parts": (many_parts, "x.xlsx", "10005 phần"),
    "a name that climbs": (lambda: package(**{"../../etc/cron.d/x": "x"}), "x.xlsx", "nguyên vẹn"),
    "a Word file": (
        lambda: package(**{"word/document.xml": "<x/>"}).replace(b"xl/workbook.xml", b"xl/workbooq.xml"),
        "x.xlsx",
        "Word",
    ),
    "no zip": (lambda: b"xin chao", "x.xlsx", "nguyên vẹn"),
    "a renamed PDF": (lambda: b"%PDF-1.7\n" + b"x" * 5000, "x.xlsx", "PDF"),
    "a renamed picture": (
        lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
        "x.csv",
        "không phải là bảng tính",
    ),
    "cut short": (lambda: package()[:-100], "x.xlsx", "nguyên vẹn"),
    "cut in the middle": (lambda: package()[:700] + package()[900:], "x.xlsx", "nguyên vẹn"),
    "nothing": (lambda: b"", "x.csv", "không phải là bảng tính"),
    "a web page": (lambda: b"<html><table><tr><td>1</td></tr></table>", "x.xls", "trang web"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence_within_its_limits(kind):
    make, filename, words = HOSTILE[kind]
    content = make()
    assert len(content) < FILE_BYTES
    used = measured(content, filename)
    assert used.exit != 0
    assert used.peak_bytes < 200 * MIB
    assert used.cpu_seconds < 5
    refused = reading.refusal(used.exit, used.said)
    assert any(word in str(refused) for word in words.split("|")), f"{refused} · {refused.detail}"


def test_control_the_same_package_without_the_harm_is_read():
    assert [row.cells for row in reading.read(package(), "x.xlsx").rows] == [
        ["CB1", "Nguyễn Văn An", "Viên chức"]
    ]


@pytest.mark.parametrize("dimension", ["A1:XFD1048576", "A1", "B9:C9"])
def test_a_sheet_may_lie_about_its_size_and_nobody_believes_it(dimension):
    content = package(sheet=(SHEET % ROWS).replace("A1:C2", dimension))
    assert [row.line for row in reading.read(content, "x.xlsx").rows] == [2]
    assert measured(content, "x.xlsx").peak_bytes < 60 * MIB


@pytest.mark.parametrize("encoding", ["UTF-16", "UTF-7", "ISO-8859-1"])
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml"])
def test_a_part_in_another_encoding_is_refused_before_anything_parses_it(encoding, part):
    """In it a search for declarations of entities would find nothing."""
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>'
        + (PARTS | {"xl/worksheets/sheet1.xml": SHEET % ""})[part]
    )
    with pytest.raises(reading.Refused) as refused:
        open_workbook(package(**{part: text.encode("utf-16" if encoding == "UTF-16" else "ascii", "ignore")}))
    assert refused.value.detail.startswith(f"{part}: encoding")


def test_a_file_beyond_five_mebibytes_is_not_even_handed_to_the_reader():
    with pytest.raises(reading.Refused, match="5 MB"):
        reading.read(b"PK" + b"x" * FILE_BYTES, "x.xlsx")
