"""Figures as sentences: “123 hội nghị, lớp phổ biến, quán triệt (số liệu của 55/60 đơn vị)”."""

from collections.abc import Sequence

from reports.rollup.facts import DATE, YES_NO, Facts, Total
from vietnamese.numbers import grouped

COUNT_OF = "Số "


def one(facts: Facts, code: str, total: Total) -> str:
    """The figure in the words of its label."""
    indicator = facts.indicators[code]
    label = indicator["label"]
    number = grouped(total.value)
    if indicator["kind"] in (YES_NO, DATE):
        return f"{number} đơn vị {lowered(label)}"
    if label.startswith(COUNT_OF):
        return f"{number} {label.removeprefix(COUNT_OF)}"
    return f"{lowered(label)}: {number} {indicator['unit']}".strip()


def together(facts: Facts, codes: Sequence[str]) -> str:
    """Several figures in one sentence, with the number of units behind them; “” when no unit has any."""
    known = [
        (code, total) for code in codes if code in facts.indicators and (total := facts.total(code)).having
    ]
    if not known:
        return ""
    if len({total.coverage for _, total in known}) == 1:
        text = "; ".join(one(facts, code, total) for code, total in known)
        return f"{text} (số liệu của {known[0][1].coverage} đơn vị)"
    return "; ".join(f"{one(facts, code, total)} ({total.coverage} đơn vị)" for code, total in known)


def against_last_year(facts: Facts, code: str) -> str:
    """“; năm 2025: 2.950 người (54/58 đơn vị)”, or nothing."""
    total = facts.last_total(code)
    if not total.having:
        return ""
    unit = "đơn vị" if facts.indicators[code]["kind"] in (YES_NO, DATE) else facts.indicators[code]["unit"]
    return f"; năm {facts.last_year}: {grouped(total.value)} {unit} ({total.coverage} đơn vị)"


def lowered(text: str) -> str:
    """The first letter small, unless the word is an abbreviation."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]
