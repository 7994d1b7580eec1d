"""Guards of an XLSX file before anything in it is parsed (rule R31), and a clean copy of what will be.

The reader behind it sees only parts that were counted, measured and searched here: no second directory, no other
encoding, no part that was not asked for.
"""

import io
import re
import zipfile
import zlib
from typing import NamedTuple

from defusedxml import ElementTree

from units.rosterfile.grid import Refused

MIB = 1024 * 1024
FILE_BYTES = 5 * MIB
PARTS = 200
UNPACKED_BYTES = 64 * MIB
SHEET_BYTES = 48 * MIB
SMALL_PART_BYTES = 4 * MIB
RATIO = 200
# Below this a part may be as dense as it likes: styles and empty sheets are.
RATIO_FROM = MIB
PIECE = MIB

_RELATIONS = "xl/_rels/workbook.xml.rels"
_WANTED = re.compile(
    r"\[content_types\]\.xml|_rels/\.rels|xl/_rels/workbook\.xml\.rels|xl/(?:workbook|styles|sharedstrings)\.xml"
    r"|xl/worksheets/[^/]+\.xml"
)
_LARGE = re.compile(r"xl/(?:sharedstrings|worksheets/[^/]+)\.xml")
_MACROS = re.compile(r"vbaproject|xl/macrosheets/|macroenabled", re.I)
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?\bencoding\s*=\s*["']([^"']*)""")
_OFFICE_XML = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"

RESAVE = "Hãy mở tệp bằng Excel hoặc LibreOffice, chọn Lưu thành (Save as) kiểu “Excel Workbook (.xlsx)” rồi tải lại."
NOT_WHOLE = f"Tệp không phải là bảng tính XLSX nguyên vẹn (có thể đã hỏng khi sao chép hoặc gửi đi). {RESAVE}"
_TOO_LARGE = (
    "Tệp khi giải nén lớn quá mức cho phép. Hãy xóa các dòng, cột và trang tính thừa, chép riêng bảng danh sách sang "
    "một tệp mới rồi tải lại."
)
_MACRO = (
    "Tệp có chứa macro (mã lệnh) nên không được nhận. Hãy lưu lại thành kiểu “Excel Workbook (.xlsx)”, "
    "không phải .xlsm, rồi tải lại."
)
LOCKED = "Tệp được đặt mật khẩu nên không đọc được. Hãy bỏ mật khẩu, lưu lại kiểu .xlsx rồi tải lại."
_LINKED = (
    "Tệp lấy dữ liệu từ tệp khác (liên kết ngoài). Hãy chép bảng sang một tệp mới bằng cách dán giá trị "
    "(Paste Special → Values) rồi tải lại."
)


class SheetPart(NamedTuple):
    """Where a sheet stands inside the workbook, in the order of its tabs."""

    name: str
    part: str
    hidden: bool


class Workbook(NamedTuple):
    """A copy of the parts that are read, unpacked, and the sheets in it."""

    content: bytes
    sheets: list[SheetPart]

    def part(self, name: str) -> bytes:
        with zipfile.ZipFile(io.BytesIO(self.content)) as archive:
            return archive.read(name)


def open_workbook(content: bytes) -> Workbook:
    """Raises Refused for anything but a whole, plain XLSX of moderate size."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = _directory(archive, len(content))
            copy = _copy(archive, infos)
        sheets = _sheets(copy)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        UnicodeError,
        ValueError,
        KeyError,
    ) as error:
        raise Refused(NOT_WHOLE, repr(error)) from error
    if not sheets:
        raise Refused(NOT_WHOLE, "no sheets: perhaps the strict dialect")
    return Workbook(copy, sheets)


def _directory(archive: zipfile.ZipFile, size: int) -> list[zipfile.ZipInfo]:
    """What the directory promises, held against the limits; the promises are held to in `_unpack`."""
    infos = archive.infolist()
    if len(infos) > PARTS:
        raise Refused(f"Tệp có {len(infos)} phần bên trong, quá mức cho phép ({PARTS}). {RESAVE}")
    names = [info.filename.lower() for info in infos]
    if len(set(names)) != len(names) or any(_strays(name) for name in names):
        raise Refused(NOT_WHOLE, "duplicate or straying name")
    if any(info.flag_bits & 0x1 for info in infos):
        raise Refused(LOCKED)
    if any(_MACROS.search(name) for name in names):
        raise Refused(_MACRO)
    if any(name.startswith("xl/externallinks/") for name in names):
        raise Refused(_LINKED)
    unpacked = sum(info.file_size for info in infos)
    if unpacked > UNPACKED_BYTES or unpacked > RATIO * size or any(_is_bomb(info) for info in infos):
        raise Refused(_TOO_LARGE, f"{unpacked} bytes from {size}")
    if "xl/workbook.xml" not in names:
        raise Refused(_other_archive(names))
    return infos


def _strays(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/")


def _is_bomb(info: zipfile.ZipInfo) -> bool:
    most = SHEET_BYTES if _LARGE.fullmatch(info.filename.lower()) else UNPACKED_BYTES
    dense = info.file_size > RATIO_FROM and info.file_size > RATIO * max(1, info.compress_size)
    return info.file_size > most or dense


def _other_archive(names: list[str]) -> str:
    if "xl/workbook.bin" in names:
        return f"Tệp là bảng tính nhị phân (.xlsb), không phải .xlsx. {RESAVE}"
    if "content.xml" in names and "mimetype" in names:
        return f"Tệp là bảng tính OpenDocument (.ods), không phải .xlsx. {RESAVE}"
    if any(name.startswith("word/") for name in names):
        return (
            "Tệp là văn bản Word, không phải bảng tính. Hãy chép bảng sang Excel, lưu kiểu .xlsx rồi tải lại."
        )
    return f"Tệp nén này không phải là bảng tính XLSX. {RESAVE}"


def _copy(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> bytes:
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as clean:
        for info in infos:
            if _WANTED.fullmatch(info.filename.lower()):
                clean.writestr(info.filename, _unpack(archive, info))
    return copy.getvalue()


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """In pieces, or one call would inflate the whole stream whatever the directory promised."""
    if info.file_size > SMALL_PART_BYTES and not _LARGE.fullmatch(info.filename.lower()):
        raise Refused(_TOO_LARGE, info.filename)
    body = bytearray()
    with archive.open(info) as part:
        while piece := part.read(PIECE):
            body += piece
    _refuse_unsafe_xml(bytes(body[:1024]), body, info.filename)
    return bytes(body)


def _refuse_unsafe_xml(head: bytes, body: bytearray, name: str) -> None:
    """Entities are refused wherever they are declared, and every encoding in which they could hide from this search."""
    declared = _DECLARED.search(head.removeprefix(b"\xef\xbb\xbf"))
    encoding = declared[1].lower() if declared else b"utf-8"
    if b"\0" in head or encoding not in (b"utf-8", b"us-ascii", b"ascii"):
        raise Refused(NOT_WHOLE, f"{name}: encoding {encoding!r}")
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise Refused(
            f"Tệp có khai báo thực thể XML (DTD), điều không có trong bảng tính bình thường. {RESAVE}", name
        )
    if name.lower() == "[content_types].xml" and _MACROS.search(body.decode("utf-8", "replace")):
        raise Refused(_MACRO, name)


def _sheets(copy: bytes) -> list[SheetPart]:
    with zipfile.ZipFile(io.BytesIO(copy)) as archive:
        book = _tree(archive.read("xl/workbook.xml"))
        relations = _tree(archive.read(_RELATIONS))
        names = set(archive.namelist())
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    sheets = []
    for sheet in book.iter():
        if sheet.tag.rpartition("}")[2] != "sheet":
            continue
        target = targets.get(sheet.get(f"{_OFFICE_XML}id"), "")
        part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        if part in names:
            hidden = sheet.get("state", "visible") != "visible"
            sheets.append(SheetPart(sheet.get("name", ""), part, hidden))
    return sheets


def _tree(body: bytes):
    try:
        return ElementTree.fromstring(body)
    except ElementTree.ParseError as error:
        raise Refused(NOT_WHOLE, repr(error)) from error
