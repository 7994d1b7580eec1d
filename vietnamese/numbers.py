"""Numbers as Vietnamese papers print them: dot after thousands, comma before decimals (Luật Kế toán)."""

from decimal import ROUND_HALF_UP, Decimal

# Under this many cases a percentage says more than the figures know: counts are shown alone.
SMALL_COUNT = 10
_ROMAN = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)


def grouped(n: int) -> str:
    """ "1.234"."""
    return f"{n:,}".replace(",", ".")


def decimal(x: Decimal | float, places: int) -> str:
    """ "1.234,5", rounded half up to `places` decimals."""
    rounded = Decimal(str(x)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return f"{rounded + 0:,f}".translate(str.maketrans(",.", ".,"))


def percent(part: int, whole: int, places: int = 1) -> str:
    """ "96,3%"; "0%" and "100%" only when exactly so; what rounds there is "dưới 0,1%", "trên 99,9%".

    Nothing out of nothing has no rate: "–".
    """
    if whole == 0:
        return "–"
    if part in (0, whole):
        return "100%" if part else "0%"
    unit = Decimal(1).scaleb(-places)
    rate = (Decimal(part) * 100 / Decimal(whole)).quantize(unit, rounding=ROUND_HALF_UP)
    if part < whole and rate >= 100:
        return f"trên {decimal(100 - unit, places)}%"
    if part > 0 and rate == 0:
        return f"dưới {decimal(unit, places)}%"
    return f"{decimal(rate, places)}%"


def share(part: int, whole: int) -> str:
    """ "1.204/1.250 (96,3%)"; under ten cases the counts alone: "3/8"."""
    counts = f"{grouped(part)}/{grouped(whole)}"
    return counts if whole < SMALL_COUNT else f"{counts} ({percent(part, whole)})"


def roman(n: int) -> str:
    """Roman numeral of 1–3999; ValueError beyond."""
    if not 1 <= n <= 3999:
        raise ValueError(f"no Roman numeral for {n}")
    numeral = ""
    for value, letters in _ROMAN:
        count, n = divmod(n, value)
        numeral += letters * count
    return numeral
