"""What only a whole column tells: codes that lost their zeros, days whose day and month a spreadsheet turned round."""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date
from typing import NamedTuple

from units.rosterfile.cells import Wrong
from units.rosterfile.grid import Value
from vietnamese.dates import short_date

# Codes of one length are a habit when most have it.
MOST = 0.6
LONGEST_PADDED = 12
# Numbers 1, 2, 3… grow longer by themselves: then the largest is near the number of rows.
NATURAL = 3
FEW = 3


class Typed(NamedTuple):
    """A cell of the column: its line, what the file holds, what it was understood as."""

    line: int
    raw: Value
    value: object


def lost_zeros(codes: dict[int, str], known: Collection[str]) -> Iterator[tuple[int, Wrong]]:
    """Lines whose code of figures is shorter than its column's, or than a person's the portal knows."""
    figures = {line: code for line, code in codes.items() if code.isdigit()}
    length = _common_length(list(figures.values()))
    for line, code in figures.items():
        if code in known:
            continue
        padded = [code.zfill(size) for size in range(len(code) + 1, LONGEST_PADDED + 1)]
        presumed = next((longer for longer in padded if longer in known), "")
        if not presumed and len(code) < length:
            presumed = code.zfill(length)
        if presumed:
            yield (
                line,
                Wrong(
                    "lost_zeros",
                    f"Số hiệu “{code}” có lẽ đã mất số 0 ở đầu (“{presumed}”?). Định dạng cột kiểu Văn bản (Text) "
                    "rồi gõ lại.",
                ),
            )


def _common_length(codes: list[str]) -> int:
    """Length that most codes have; 0 where lengths differ by nature."""
    if len(codes) < FEW:
        return 0
    length, times = Counter(map(len, codes)).most_common(1)[0]
    padded = any(code.startswith("0") for code in codes)
    natural = not padded and max(map(int, codes)) <= NATURAL * len(codes)
    return length if times >= MOST * len(codes) and not natural else 0


def turned_days(cells: list[Typed]) -> Iterator[tuple[int, Wrong]]:
    """A spreadsheet set to month first makes a date of 03/04 (turned round) and leaves 25/04 as text.

    So a column with text days beyond the 12th, whose true dates are all up to the 12th, is not to be trusted.
    """
    texts = [cell for cell in cells if isinstance(cell.raw, str) and isinstance(cell.value, date)]
    late = next((cell for cell in texts if isinstance(cell.value, date) and cell.value.day > 12), None)
    dates = [(cell.line, cell.raw) for cell in cells if isinstance(cell.raw, date)]
    if late is None or len(dates) < FEW:
        return
    if any(day.day > 12 for _line, day in dates) or all(day.day == 1 for _line, day in dates):
        return
    for line, day in dates:
        if day.day != day.month:
            turned = short_date(day.replace(day=day.month, month=day.day))
            yield (
                line,
                Wrong(
                    "day_and_month_turned",
                    f"Ngày {short_date(day)} có lẽ bị Excel đảo ngày và tháng ({turned}?): cột này có ngày ở dạng chữ "
                    f"(dòng {late.line}) mà mọi ngày dạng số đều từ 12 trở xuống. Gõ lại cả cột theo ngày/tháng/năm.",
                ),
            )
