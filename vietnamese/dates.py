"""Dates as papers print them (decree 30/2020/NĐ-CP, annex I) and as people type them."""

import calendar
import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from vietnamese.letters import nfc

HUE_TIME = ZoneInfo("Asia/Ho_Chi_Minh")
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_SATURDAY = 5
_DAY_FIRST = re.compile(r"([0-9]{1,2})([/-])([0-9]{1,2})\2([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_HOW_TO_WRITE = "Viết theo thứ tự ngày/tháng/năm, ví dụ 15/11/2026."


def statutory_date(day: date) -> str:
    """ "ngày 05 tháng 01 năm 2026": a leading zero for days under 10 and months 1 and 2 only.

    Decree 30/2020/NĐ-CP, annex I, part I, section II, item 4.
    """
    month = f"{day.month:02}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def short_date(day: date) -> str:
    """ "15/11/2026"."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def moment(at: datetime) -> str:
    """ "10:24 ngày 15/11/2026", Huế time; `at` must be aware, else ValueError."""
    if at.tzinfo is None:
        raise ValueError("moment() needs an aware datetime")
    local = at.astimezone(HUE_TIME)
    return f"{local:%H:%M} ngày {short_date(local)}"


def parse_date(text: str) -> date:
    """The day typed as d/m/Y, d-m-Y or Y-m-d; never month first. ValueError holds a sentence for the user."""
    typed = nfc(text)
    if found := _DAY_FIRST.fullmatch(typed):
        day, month, year = int(found[1]), int(found[3]), int(found[4])
    elif found := _YEAR_FIRST.fullmatch(typed):
        year, month, day = (int(part) for part in found.groups())
    else:
        raise ValueError(f"“{typed}” không phải là ngày. {_HOW_TO_WRITE}")
    if fault := _fault(day, month, year):
        raise ValueError(f"Ngày {typed} không có trong lịch. {fault} {_HOW_TO_WRITE}")
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(f"Ngày {typed} có năm ngoài khoảng {_FIRST_YEAR}–{_LAST_YEAR}. {_HOW_TO_WRITE}")
    return date(year, month, day)


def _fault(day: int, month: int, year: int) -> str:
    if not 1 <= month <= 12:
        return f"Không có tháng {month}."
    if year == 0:
        return "Không có năm 0000."
    days = calendar.monthrange(year, month)[1]
    if not 1 <= day <= days:
        return f"Tháng {month} năm {year} có {days} ngày."
    return ""


def is_working_day(day: date) -> bool:
    """Monday to Friday. Public holidays are not known to the portal."""
    return day.weekday() < _SATURDAY


def working_day(day: date) -> date:
    """The day itself, or the next working day (Bộ luật Dân sự 2015, Điều 148)."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day
