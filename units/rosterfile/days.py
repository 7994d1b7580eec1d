"""What a cell says of a day: as a date, as text d/m/Y, never as the number a spreadsheet makes of it."""

import re
from datetime import date, timedelta

from units.rosterfile.cells import Wrong, figures, written
from units.rosterfile.grid import Value
from vietnamese.dates import parse_date, short_date

YOUNGEST, OLDEST = 15, 80
FIRST_SINCE = date(1950, 1, 1)
# Days the spreadsheet counts from; 10,000 to 80,000 are 1927 to 2119.
EPOCH = date(1899, 12, 30)
SERIALS = range(10_000, 80_000)

_MONTH_YEAR = re.compile(r"(\d{1,2})[/-](\d{4})")
_DAY = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_SHORT_YEAR = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2}|\d{2}")


def birth_year(value: Value, on: date) -> int | Wrong | None:
    """The year alone is kept of whatever the cell gives: a year, a day, a month with its year."""
    if value is None:
        return None
    if isinstance(value, date):
        year: int | Wrong | None = value.year
    elif isinstance(value, bool | float):
        return Wrong("not_a_year", f"“{figures(value)}” không phải là năm sinh. Ghi bốn chữ số, ví dụ 1985.")
    elif isinstance(value, int):
        year = _year_of_number(value)
    elif isinstance(text := written(value), Wrong):
        return text
    else:
        year = _year_of_text(text) if text else None
    if year is None or isinstance(year, Wrong):
        return year
    if not on.year - OLDEST <= year <= on.year - YOUNGEST:
        return Wrong(
            "birth_implausible",
            f"Năm sinh {year} không hợp lý (tuổi phải từ {YOUNGEST} đến {OLDEST}). Kiểm tra lại.",
        )
    return year


def _year_of_number(value: int) -> int | Wrong:
    if value in SERIALS:
        day = short_date(EPOCH + timedelta(days=value))
        return Wrong(
            "date_as_number",
            f"Ô chứa số {value} thay vì năm sinh (có lẽ là ngày {day}). Ghi năm sinh, bốn chữ số.",
        )
    if 0 <= value <= 99:
        return Wrong(
            "short_year", f"Năm sinh “{value:02}” thiếu chữ số. Ghi đủ bốn chữ số, ví dụ 19{value:02}."
        )
    return value


def _year_of_text(text: str) -> int | Wrong:
    if re.fullmatch(r"\d{4}", text):
        return int(text)
    if _SHORT_YEAR.fullmatch(text):
        return Wrong("short_year", f"Năm sinh “{text}” thiếu chữ số. Ghi đủ bốn chữ số, ví dụ 1985.")
    if (found := _MONTH_YEAR.fullmatch(text)) and 1 <= int(found[1]) <= 12:
        return int(found[2])
    day = _day_of_text(text)
    if isinstance(day, date):
        return day.year
    if day.code == "not_a_day":
        return Wrong("not_a_year", f"“{text[:40]}” không phải là năm sinh. Ghi bốn chữ số, ví dụ 1985.")
    return day


def day(value: Value, first: date, last: date, *, what: str) -> date | Wrong | None:
    """A day from a date cell or from text d/m/Y, between `first` and `last`."""
    if value is None:
        return None
    if isinstance(value, date):
        found: date | Wrong | None = value
    elif isinstance(value, bool | float):
        return Wrong(
            "not_a_day", f"“{figures(value)}” không phải là ngày. Ghi ngày/tháng/năm, ví dụ 15/11/2026."
        )
    elif isinstance(value, int):
        found = _day_of_number(value)
    elif isinstance(text := written(value), Wrong):
        return text
    else:
        found = _day_of_text(text) if text else None
    if found is None or isinstance(found, Wrong) or first <= found <= last:
        return found
    return Wrong(
        "day_implausible",
        f"{what} là {short_date(found)}, ngoài khoảng {short_date(first)}–{short_date(last)}. Kiểm tra lại.",
    )


def _day_of_number(value: int) -> Wrong:
    if value in SERIALS:
        presumed = short_date(EPOCH + timedelta(days=value))
        return Wrong(
            "date_as_number",
            f"Ô chứa số {value} thay vì ngày (có lẽ là {presumed}). Định dạng ô kiểu Ngày (Date) "
            "hoặc gõ lại ngày/tháng/năm.",
        )
    return Wrong("not_a_day", f"“{value}” không phải là ngày. Ghi đủ ngày/tháng/năm, ví dụ 15/11/2026.")


def _day_of_text(text: str) -> date | Wrong:
    if _SHORT_YEAR.fullmatch(text):
        return Wrong(
            "short_year", f"Ngày “{text}” thiếu chữ số của năm. Ghi đủ bốn chữ số, ví dụ 15/11/2026."
        )
    try:
        return parse_date(text)
    except ValueError as error:
        found = _DAY.fullmatch(text)
        if found and int(found[2]) > 12 >= int(found[1]):
            return Wrong(
                "month_first",
                f"“{text}” không có tháng {found[2]}: có lẽ ngày và tháng bị đảo. Ghi theo thứ tự ngày/tháng/năm.",
            )
        return Wrong("not_a_day" if not found else "no_such_day", str(error)[:300])
