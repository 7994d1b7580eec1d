"""The units' own words, each sentence once with its sources; in an annex when there are many."""

from collections.abc import Iterable, Mapping
from typing import Any

from documents.layout import Annex, Block, Clause, Paragraph, Point
from reports.rollup.draft import Draft
from reports.rollup.facts import Facts
from vietnamese.numbers import grouped

# So many sentences stand in the text under one heading.
IN_TEXT = 10


def said(facts: Facts, number: str) -> list[Mapping[str, Any]]:
    return facts.manifest["words"]["quoted"].get(number, [])


def long_headings(facts: Facts) -> list[str]:
    return [number for number, rows in facts.manifest["words"]["quoted"].items() if len(rows) > IN_TEXT]


def lead(draft: Draft, number: str, intro: str, nothing: str) -> tuple[Block, ...]:
    """The sentence before the quotations, or instead of them."""
    rows = said(draft.facts, number)
    if not rows:
        return (Paragraph(nothing),)
    if len(rows) > IN_TEXT:
        return (Paragraph(f"{intro}: {grouped(len(rows))} ý kiến, nêu tại {draft.annexes['words']}."),)
    return (Paragraph(f"{intro}:"),)


def points(draft: Draft, number: str) -> tuple[Point, ...]:
    return tuple(Point(text) for text in _in_text(draft, number))


def clauses(draft: Draft, number: str) -> tuple[Clause, ...]:
    return tuple(Clause(text=text) for text in _in_text(draft, number))


def _in_text(draft: Draft, number: str) -> list[str]:
    rows = said(draft.facts, number)
    return [_with_sources(draft.facts, row) for row in rows] if len(rows) <= IN_TEXT else []


def _with_sources(facts: Facts, row: Mapping[str, Any]) -> str:
    """“Sớm ban hành quy chế mẫu (Sở Du lịch; UBND phường Kim Long).”"""
    return f"{row['text'].rstrip(' .')} ({'; '.join(facts.names[key] for key in row['units'])})."


def annex(facts: Facts) -> Annex:
    titles = {row["number"]: row["title"] for row in facts.manifest["sections"]}
    blocks: list[Block] = []
    for number in long_headings(facts):
        blocks.append(Paragraph(f"Mục {number}. {titles.get(number, '')}", italic=True))
        blocks += _numbered(_with_sources(facts, row) for row in said(facts, number))
    return Annex("Ý kiến của các cơ quan, đơn vị, địa phương", tuple(blocks), landscape=False)


def _numbered(texts: Iterable[str]) -> list[Block]:
    return [Paragraph(f"{place}. {text}") for place, text in enumerate(texts, start=1)]
