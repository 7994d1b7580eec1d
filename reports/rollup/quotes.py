"""The units' own words, each sentence once with its sources; in an annex when sentences or sources are many."""

from collections.abc import Mapping
from typing import Any

from documents.layout import Annex, Block, Clause, Paragraph, Point
from reports.rollup.draft import Draft
from reports.rollup.facts import Facts
from vietnamese.numbers import grouped

# So many sentences stand in the text under one heading, and so many sources after one sentence.
IN_TEXT = 10
NAMED = 4

Quotation = Mapping[str, Any]


def said(facts: Facts, number: str) -> list[Quotation]:
    return facts.manifest["words"]["quoted"].get(number, [])


def long_headings(facts: Facts) -> list[str]:
    """Headings that the text cannot carry whole."""
    return [number for number, rows in facts.manifest["words"]["quoted"].items() if _is_long(rows)]


def _is_long(rows: list[Quotation]) -> bool:
    return len(rows) > IN_TEXT or any(len(row["units"]) > NAMED for row in rows)


def lead(draft: Draft, number: str, intro: str, nothing: str) -> tuple[Block, ...]:
    """The sentence before the quotations, or instead of them."""
    rows = said(draft.facts, number)
    if not rows:
        return (Paragraph(nothing),)
    if len(rows) > IN_TEXT:
        return (Paragraph(f"{intro}: {grouped(len(rows))} ý kiến, nêu tại {draft.annexes['words']}."),)
    where = f" (tên đơn vị nêu từng ý kiến tại {draft.annexes['words']})" if _is_long(rows) else ""
    return (Paragraph(f"{intro}{where}:"),)


def points(draft: Draft, number: str) -> tuple[Point, ...]:
    return tuple(Point(text) for text in _in_text(draft, number))


def clauses(draft: Draft, number: str) -> tuple[Clause, ...]:
    return tuple(Clause(text=text) for text in _in_text(draft, number))


def _in_text(draft: Draft, number: str) -> list[str]:
    rows = said(draft.facts, number)
    return [_in_short(draft.facts, row) for row in rows] if len(rows) <= IN_TEXT else []


def _in_short(facts: Facts, row: Quotation) -> str:
    """“Sớm ban hành quy chế mẫu (Sở Du lịch; UBND phường Kim Long).”, or “(12 đơn vị)”."""
    count = len(row["units"])
    return _with(row, _names(facts, row) if count <= NAMED else f"{grouped(count)} đơn vị")


def _in_full(facts: Facts, row: Quotation) -> str:
    return _with(row, _names(facts, row))


def _with(row: Quotation, sources: str) -> str:
    return f"{row['text'].rstrip(' .')} ({sources})."


def _names(facts: Facts, row: Quotation) -> str:
    return "; ".join(facts.names[key] for key in row["units"])


def annex(facts: Facts) -> Annex:
    titles = {row["number"]: row["title"] for row in facts.manifest["sections"]}
    blocks: list[Block] = []
    for number in long_headings(facts):
        blocks.append(Paragraph(f"Mục {number}. {titles.get(number, '')}", italic=True))
        rows = enumerate(said(facts, number), start=1)
        blocks += [Paragraph(f"{place}. {_in_full(facts, row)}") for place, row in rows]
    return Annex("Ý kiến của các cơ quan, đơn vị, địa phương", tuple(blocks), landscape=False)
