"""A roster as text with separators: which encoding, which separator, which cells."""

import csv
import io
import re
from collections import Counter

from units.rosterfile.grid import Refused, Value
from vietnamese.letters import looks_legacy

SEPARATORS = ";,\t|"
SAMPLE_LINES = 20
CELL_BYTES = 64 * 1024

HOW_TO_SAVE = (
    "Trong Excel chọn Lưu thành (Save as) kiểu “CSV UTF-8”, hoặc tốt hơn là kiểu “Excel Workbook (.xlsx)”, "
    "rồi tải lại."
)
_HOLLOW = "Tệp không phải là bảng tính hay tệp CSV. Hãy tải lên tệp .xlsx (hoặc .csv) chứa danh sách."
_WEB_PAGE = (
    "Tệp thực chất là một trang web (HTML/XML) được đặt đuôi bảng tính. Hãy mở tệp bằng Excel, chọn Lưu thành kiểu "
    "“Excel Workbook (.xlsx)” rồi tải lại."
)
# Windows-1258 writes the tone after its letter with one of these bytes (◌̀ ◌̉ ◌̃ ◌́ ◌̣).
_TONE_1258 = re.compile(
    rb"[aeiouyAEIOUY\xe2\xea\xf4\xe3\xf5\xfd\xc2\xca\xd4\xc3\xd5\xdd][\xcc\xd2\xde\xec\xf2]"
)
_EXCEL_SEPARATOR = re.compile(r"sep=([;,\t|])\r?\n?", re.I)


def read_delimited(content: bytes) -> list[list[Value]]:
    """Rows as the spreadsheet would number them. Raises Refused, saying how to save the file."""
    text = decode(content)
    csv.field_size_limit(CELL_BYTES)
    rows: list[list[Value]] = []
    if named := _EXCEL_SEPARATOR.match(text):
        rows, separator = [[None]], named[1]
        text = text[named.end() :]
    else:
        separator = separator_of(text)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        rows.extend(list(row) for row in lines)
    except csv.Error as error:
        raise Refused(f"Tệp CSV có ô quá dài hoặc dấu nháy không đóng. {HOW_TO_SAVE}", repr(error)) from error
    return rows


def decode(content: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with or without; nothing else is guessed at."""
    start = content[:400].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<head", b"<meta")):
        raise Refused(_WEB_PAGE)
    encoding = _unicode_of(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refused(_other_encoding(content), error.reason) from error
    if "\0" in text or not text.strip() or text.startswith("%PDF-"):
        raise Refused(_HOLLOW)
    return text


def _unicode_of(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    sample = content[:400]
    if sample[1::2].count(0) * 2 > len(sample) // 2:
        return "utf-16-le"
    if sample[::2].count(0) * 2 > len(sample) // 2:
        return "utf-16-be"
    return "utf-8-sig"


def _other_encoding(content: bytes) -> str:
    sample = content[: 64 * 1024]
    controls = sum(byte < 32 and byte not in (9, 10, 13) for byte in sample)
    if controls * 20 > len(sample):
        return _HOLLOW
    if len(_TONE_1258.findall(sample)) >= 2:
        return f"Tệp CSV dùng bảng mã Windows-1258, không phải Unicode (UTF-8). {HOW_TO_SAVE}"
    if looks_legacy(sample.decode("latin-1")):
        return (
            "Chữ trong tệp CSV được gõ bằng phông cũ (TCVN3 “.VnTime” hoặc VNI), không phải Unicode. "
            f"Hãy chuyển sang Unicode (Unikey: Ctrl+Shift+F6) trước. {HOW_TO_SAVE}"
        )
    return f"Tệp CSV không ở bảng mã Unicode (UTF-8) nên chữ tiếng Việt không đọc được. {HOW_TO_SAVE}"


def separator_of(text: str) -> str:
    """The one that parts most of the first lines into the same number of cells, at least two."""
    sample = text[:CELL_BYTES].splitlines()[:SAMPLE_LINES]
    best = (0, 0, ";")
    for separator in SEPARATORS:
        try:
            widths = Counter(len(row) for row in csv.reader(sample, delimiter=separator) if len(row) > 1)
        except csv.Error:
            continue
        if widths:
            width, lines = max(widths.items(), key=lambda found: (found[1], found[0]))
            best = max(best, (lines * width, lines, separator))
    return best[2]
