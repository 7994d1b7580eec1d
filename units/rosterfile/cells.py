"""What one cell says, or what is wrong with it. Pure, and worked out once for each distinct value of a column."""

import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from units.rosterfile.grid import Value
from vietnamese.dates import short_date
from vietnamese.keys import search_key
from vietnamese.letters import looks_legacy, nfc

LONGEST_CODE, LONGEST_TEXT = 30, 120
# Beyond fifteen figures a spreadsheet keeps zeros in place of what was typed.
SURE_FIGURES = 15


class Wrong(NamedTuple):
    """A fault of the value, whichever cell holds it."""

    code: str
    message: str


CATEGORIES = {
    "can bo": "can_bo",
    "cb": "can_bo",
    "cong chuc": "cong_chuc",
    "cc": "cong_chuc",
    "vien chuc": "vien_chuc",
    "vc": "vien_chuc",
    "nguoi lao dong": "nguoi_lao_dong",
    "nld": "nguoi_lao_dong",
    "lao dong hop dong": "nguoi_lao_dong",
    "hop dong lao dong": "nguoi_lao_dong",
    "hdld": "nguoi_lao_dong",
    "ldhd": "nguoi_lao_dong",
}
NEW_PERSON = frozenset({"mới", "moi"})
# What people put into a cell to say that it is empty.
NOTHING = frozenset({"-", "--", "–", "—", "…", "...", "/"})

_SMALL = "a-zăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ"
_PLAIN_WORD = re.compile(f"[{_SMALL.upper()}][{_SMALL}]*")
_PLAIN_CODE = re.compile(r"(?!MOI$)[A-Z][A-Z0-9._/-]{0,28}[A-Z0-9]|[0-9]{1,15}")
_NAME = re.compile(r"[^\W\d_]+(?:[' ’ʼ‘-]{1,2}[^\W\d_]+)*")
_SEVERAL = re.compile(r"[;,/+&\r\n]|\s(?:và|VÀ)\s")
_NOTE = re.compile(r"[()\[\]*:.]|\s[-–—]\s|\d")
_WORD = re.compile(r"[^\W\d_]+")
_CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._/-]*[A-Za-z0-9])?")
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+")
_FIGURES = re.compile(r"\d+")
# UTF-8 read as Windows-1252 or Latin-1: “Nguyá»…n”, “Tráº§n”, “Ä\x90áº·ng”.
_TWICE = re.compile(r"á[º»]|Æ[°¡]|Ã[\x80-\xbf\u0160\u0161\u017d\u017e\u2018-\u203a]|Ä[\x90\x91‘]")

_OLD_FONT = Wrong(
    "legacy_font",
    "Chữ trong ô gõ bằng phông cũ (TCVN3 “.VnTime” hoặc VNI), không phải Unicode. Chuyển sang Unicode "
    "(Unikey: Ctrl+Shift+F6) hoặc gõ lại.",
)
_LOST = Wrong(
    "lost_letters", "Chữ trong ô bị hỏng khi chuyển bảng mã (mất dấu hoặc thành ký hiệu lạ). Gõ lại ô này."
)


def written(value: Value) -> str | Wrong:
    """A cell as one line of text; a whole number as its figures. Damaged letters are a fault in any column."""
    if not isinstance(value, str):
        return "" if value is None else figures(value)
    text = nfc(value)
    if text in NOTHING:
        return ""
    if text.isascii():
        # A question mark inside a word is a letter that some programme could not write.
        return _LOST if re.search(r"\w\?\w", text) else text
    if "\ufffd" in text or _TWICE.search(value) or re.search(r"\w\?\w", text):
        return _LOST
    return _OLD_FONT if looks_legacy(text) else text


def figures(value: Value) -> str:
    if isinstance(value, date):
        return short_date(value)
    return {True: "TRUE", False: "FALSE"}[value] if isinstance(value, bool) else str(value)


def name(value: Value) -> str | Wrong:
    """A person's name, NFC. Written all in capitals or all small, each word gets its capital; else left."""
    if value is None:
        return Wrong("required", "Thiếu họ và tên.")
    if not isinstance(value, str):
        return Wrong("not_a_name", "Ô này cần họ và tên, nhưng đang chứa một số hoặc một ngày.")
    if all(map(_plain_word, value.split(" "))) and len(value) <= LONGEST_TEXT:
        return value
    if isinstance(text := written(value), Wrong):
        return text
    if _NAME.fullmatch(text) and not _SEVERAL.search(value) and len(text) <= LONGEST_TEXT:
        return strange_letter(text) or _capitals(text)
    return _wrong_name(value, text)


@lru_cache(maxsize=16384)
def _plain_word(word: str) -> bool:
    """Nothing to put right and nothing to doubt: most names are made of such words, and of few different ones."""
    return bool(_PLAIN_WORD.fullmatch(word)) and not looks_legacy(word)


def _wrong_name(value: str, text: str) -> str | Wrong:
    lines = [nfc(line) for line in value.splitlines() if nfc(line)]
    parts = lines if len(lines) > 1 else [part.strip() for part in _SEVERAL.split(text) if part.strip()]
    if len(parts) > 1 and all(len(part.split()) > 1 for part in parts):
        return Wrong(
            "several_people",
            f"Ô này có vẻ ghi {len(parts)} người. Mỗi người ghi một hàng riêng; tên một người viết liền một dòng.",
        )
    if not text:
        return Wrong("required", "Thiếu họ và tên.")
    if len(text) > LONGEST_TEXT:
        return Wrong("too_long", f"Họ và tên dài quá {LONGEST_TEXT} chữ. Chỉ ghi họ và tên.")
    if _NAME.fullmatch(text):
        return strange_letter(text) or _capitals(text)
    if _NOTE.search(text):
        return Wrong(
            "note_in_name",
            f"“{text[:60]}” có số, dấu hoặc ghi chú kèm họ tên. Chỉ ghi họ và tên, bỏ phần khác.",
        )
    odd = next((letter for letter in text if not letter.isalpha() and letter not in " '’-"), text[-1])
    return Wrong("strange_letter", f"Họ và tên có ký tự lạ “{odd}”. Gõ lại họ và tên.")


def strange_letter(text: str) -> Wrong | None:
    """Letters of another alphabet that look like ours (Cyrillic А, Greek Ο): they break every search."""
    if text.isascii():
        return None
    for letter in text:
        if letter > "\u02ff" and not "\u1e00" <= letter <= "\u1eff" and letter.isalpha() and letter != "ʼ":
            name = unicodedata.name(letter, "không rõ").split()[0].capitalize()
            return Wrong("strange_letter", f"Chữ “{letter}” thuộc bảng chữ cái khác ({name}). Gõ lại ô này.")
    return None


def _capitals(text: str) -> str:
    if not (text.isupper() or text.islower()):
        return text
    return _WORD.sub(lambda word: word[0].capitalize(), text)


def personnel_code(value: Value) -> str | Wrong:
    """The code, capitals; empty for who has none (an empty cell, or “mới”)."""
    if value is None or (isinstance(value, str) and _PLAIN_CODE.fullmatch(value)):
        return value or ""
    if isinstance(value, date):
        return Wrong(
            "code_is_a_date", "Excel đã đổi số hiệu thành ngày. Định dạng cột kiểu Văn bản (Text) rồi gõ lại."
        )
    text = written(value)
    if isinstance(text, Wrong):
        return text
    if (
        isinstance(value, float)
        or _SCIENTIFIC.fullmatch(text)
        or (isinstance(value, int) and len(text) > SURE_FIGURES)
    ):
        return Wrong(
            "scientific",
            f"Số hiệu đang là số {text} do Excel rút gọn, không còn đủ chữ số. Định dạng cột kiểu Văn bản (Text) "
            "rồi gõ lại.",
        )
    if isinstance(value, bool) or not text:
        return Wrong("code_shape", "Số hiệu không đọc được. Gõ lại.") if text else ""
    return _typed_code(text.removeprefix("'"))


def _typed_code(text: str) -> str | Wrong:
    if text.casefold() in NEW_PERSON:
        return ""
    if _GROUPED.fullmatch(text):
        bare = text.replace(".", "").replace(",", "")
        return Wrong(
            "grouped_number", f"Số hiệu “{text}” có dấu phân nghìn. Có phải là “{bare}” không? Sửa lại ô này."
        )
    if len(text) > LONGEST_CODE:
        return Wrong("too_long", f"Số hiệu dài quá {LONGEST_CODE} ký tự.")
    if _CODE.fullmatch(text):
        return text.upper()
    if re.search(r"[\s;,]", text):
        return Wrong(
            "code_shape", f"Số hiệu “{text}” có dấu cách hoặc dấu phẩy. Mỗi ô chỉ ghi một số hiệu, viết liền."
        )
    odd = next((sign for sign in text if not re.fullmatch(r"[A-Za-z0-9._/-]", sign)), text[-1])
    return Wrong(
        "code_shape", f"Số hiệu “{text}” có ký tự không dùng được “{odd}”. Chỉ dùng chữ không dấu và số."
    )


def category(value: Value) -> str | Wrong:
    text = written(value)
    if isinstance(text, Wrong):
        return text
    if not text:
        return Wrong("required", "Thiếu đối tượng: ghi Cán bộ, Công chức, Viên chức hoặc Người lao động.")
    if found := CATEGORIES.get(search_key(text)):
        return found
    return Wrong(
        "category_unknown",
        f"Không rõ đối tượng “{text[:60]}”. Ghi một trong bốn: Cán bộ, Công chức, Viên chức, Người lao động.",
    )


def job_title(value: Value) -> str | Wrong:
    if isinstance(value, date | bool):
        return Wrong("not_text", "Ô này cần chức danh bằng chữ, nhưng đang chứa một ngày hoặc giá trị khác.")
    text = written(value)
    if isinstance(text, Wrong):
        return text
    if _FIGURES.fullmatch(text) or isinstance(value, float):
        return Wrong("not_text", f"Chức danh chỉ là số “{text[:40]}”. Ghi chức danh bằng chữ.")
    if len(text) > LONGEST_TEXT:
        return Wrong("too_long", f"Chức danh dài quá {LONGEST_TEXT} chữ. Ghi gọn lại.")
    return strange_letter(text) or text
