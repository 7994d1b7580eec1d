"""What stands under each heading of the yearly report's outline: sentences that say what the figures say, no more."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from documents.layout import Block, Clause, Paragraph, Point, Section
from reports.rollup import quotes, sentences, tables
from reports.rollup.draft import Draft
from reports.rollup.facts import DATE, Facts
from reports.rollup.targets import Outcome, Word
from vietnamese.numbers import grouped, share

HEADCOUNT, PLAN_SENT, PLEDGE_TARGET = "headcount", "plan_sent", "T4"
# Annexes of figures whose results belong under one heading, whatever clause each indicator rests on.
HOME_OF_ANNEX = {"I": "I.3", "III": "II.6", "IV": "II.6", "V": "II.6", "VI": "II.5"}
# So many figures are spoken of in the text; the table has them all.
SPOKEN = 4

Writer = Callable[[Draft], tuple[Block, ...]]


def sections(draft: Draft) -> tuple[Section, ...]:
    rows = draft.facts.manifest["sections"]
    return tuple(_section(draft, row, rows) for row in rows if row["level"] == 1)


def _section(draft: Draft, row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Section:
    number = row["number"]
    inner = [child for child in rows if child["level"] > 1 and child["number"].startswith(f"{number}.")]
    clauses = tuple(_clause(draft, child) for child in inner) or _own_clauses(draft, number)
    blocks = WRITERS[number](draft) if number in WRITERS else ()
    return Section(_filled(row["title"], draft.facts), blocks, clauses)


def _own_clauses(draft: Draft, number: str) -> tuple[Clause, ...]:
    if number == "IV":
        return tuple(Clause(text=text) for text in _tasks_ahead(draft))
    return quotes.clauses(draft, number)


def _clause(draft: Draft, row: Mapping[str, Any]) -> Clause:
    number = row["number"]
    blocks = WRITERS[number](draft) if number in WRITERS else _results(draft, number)
    return Clause(_filled(row["title"], draft.facts), blocks=blocks, points=_points(draft, number))


def _points(draft: Draft, number: str) -> tuple[Point, ...]:
    return quotes.points(draft, number) if number.startswith("III.") else ()


def _filled(title: str, facts: Facts) -> str:
    return title.replace("{year}", str(facts.year)).replace("{next_year}", str(facts.year + 1))


# --- I. Công tác lãnh đạo, chỉ đạo, triển khai


def _situation(draft: Draft) -> tuple[Block, ...]:
    facts = draft.facts
    first = facts.manifest["branches"]
    blocks = [
        f"{grouped(len(facts.branches(block)))} {title.lower()}"
        for block, title in tables.BLOCKS.items()
        if facts.branches(block)
    ]
    said = [
        f"{facts.manifest['author']['province'][:1].upper()}{facts.manifest['author']['province'][1:]} có "
        f"{grouped(len(first))} cơ quan, đơn vị, địa phương thuộc phạm vi tổng hợp, gồm {'; '.join(blocks)}."
    ]
    total = facts.total(HEADCOUNT) if HEADCOUNT in facts.indicators else None
    if total and total.having:
        said.append(
            "Tổng số cán bộ, công chức, viên chức (sau đây viết tắt là CBCCVC) và người lao động khác: "
            f"{grouped(total.value)} người (số liệu của {total.coverage} đơn vị), gồm {_by_category(facts)}"
            f"{sentences.against_last_year(facts, HEADCOUNT)}."
        )
    return tuple(Paragraph(text) for text in said)


def _by_category(facts: Facts) -> str:
    return ", ".join(
        f"{grouped(facts.total(HEADCOUNT, row['code']).value)} {row['label'].lower()}"
        for row in facts.manifest["categories"]
    )


def _plans(draft: Draft) -> tuple[Block, ...]:
    text = sentences.together(draft.facts, [PLAN_SENT])
    last = sentences.against_last_year(draft.facts, PLAN_SENT) if text else ""
    return (Paragraph(f"{text}{last}." if text else "Chưa đơn vị nào có số liệu về kế hoạch của năm."),)


def _pledging(draft: Draft) -> tuple[Block, ...]:
    facts = draft.facts
    codes = [code for code in _codes(facts, "I.3") if code not in (HEADCOUNT, PLAN_SENT)]
    text = sentences.together(facts, codes)
    target = next((row for row in facts.manifest["targets"] if row["code"] == PLEDGE_TARGET), None)
    where = (
        f"Số liệu của từng cơ quan, đơn vị, địa phương tại {draft.annexes['figures']}; "
        f"báo cáo đã được tổng hợp tại {draft.annexes['sources']}."
    )
    return (
        Paragraph(f"Kết quả: {text}." if text else NO_FIGURES),
        *([tables.pledges(facts, target)] if text and target else []),
        Paragraph(where),
    )


NO_FIGURES = "Chưa đơn vị nào có số liệu về nội dung này."


# --- II. Kết quả thực hiện


def _results(draft: Draft, number: str) -> tuple[Block, ...]:
    """A group of tasks: the first figures in words, all of them in a table beside last year's."""
    facts = draft.facts
    codes = _codes(facts, number)
    written = facts.manifest["words"]["written"].get(number, 0)
    accepted = facts.manifest["figures"]["accepted"]
    if not codes:
        share = f"{grouped(written)}/{grouped(accepted)}"
        return (Paragraph(f"{share} báo cáo đã tiếp nhận nêu kết quả về nội dung này."),)
    text = sentences.together(facts, codes[:SPOKEN])
    if not text:
        return (Paragraph(NO_FIGURES),)
    return Paragraph(f"Kết quả: {text}."), tables.results(facts, codes)


def _codes(facts: Facts, number: str) -> list[str]:
    """Indicators whose results are told under this heading, in their own order."""
    return [code for code, row in facts.indicators.items() if row["kind"] != DATE and _home(row) == number]


def _home(indicator: Mapping[str, Any]) -> str:
    """By its annex, or by the clause it rests on: IV.2.5 of the plan is told under II.2."""
    parts = indicator["clause"].split(".")
    by_clause = f"II.{parts[1]}" if parts[0] == "IV" and len(parts) > 1 else "II.6"
    return HOME_OF_ANNEX.get(indicator["annex"], by_clause)


def _on_targets(draft: Draft) -> tuple[Block, ...]:
    reached, missed, open_ = _sorted_out(draft.outcomes)
    counts = [
        f"{len(rows)} chỉ tiêu {word}"
        for rows, word in ((reached, "đạt"), (missed, "chưa đạt"), (open_, "chưa đủ số liệu để kết luận"))
        if rows
    ]
    intro = f"Trong {len(draft.outcomes)} chỉ tiêu của Cuộc vận động: {', '.join(counts)}."
    return Paragraph(intro), tables.targets(draft.facts, draft.outcomes)


def _sorted_out(outcomes: Sequence[Outcome]) -> tuple[list[Outcome], list[Outcome], list[Outcome]]:
    return (
        [row for row in outcomes if row.is_reached],
        [row for row in outcomes if row.word == Word.NOT_REACHED],
        [row for row in outcomes if row.word == Word.OPEN],
    )


# --- III. Đánh giá chung


def _strengths(draft: Draft) -> tuple[Block, ...]:
    reached, _, _ = _sorted_out(draft.outcomes)
    said = [f"Chỉ tiêu đạt: {'; '.join(_named(row) for row in reached)}."] if reached else [NOTHING_REACHED]
    better = [
        f"{sentences.lowered(row.target['indicator'])} {row.change}"
        for row in draft.outcomes
        if row.is_better
    ]
    if better:
        said.append(f"So với năm {draft.facts.last_year}: {'; '.join(better)}.")
    intro = "Các cơ quan, đơn vị, địa phương tự đánh giá ưu điểm"
    nothing = "Báo cáo của các cơ quan, đơn vị, địa phương không nêu ưu điểm."
    return (*(Paragraph(text) for text in said), *quotes.lead(draft, "III.1", intro, nothing))


NOTHING_REACHED = "Chưa có chỉ tiêu nào đủ căn cứ kết luận là đạt."


def _named(outcome: Outcome) -> str:
    """“tỷ lệ CBCCVC có bản cam kết: 2.302/2.602 (88,5%), số liệu của 71/80 đơn vị”."""
    this = outcome.this
    return (
        f"{sentences.lowered(outcome.target['indicator'])}: {share(this.part, this.whole)}, "
        f"số liệu của {this.coverage}"
    )


def _shortcomings(draft: Draft) -> tuple[Block, ...]:
    facts = draft.facts
    _, missed, open_ = _sorted_out(draft.outcomes)
    said = [f"Chưa đạt {len(missed)} chỉ tiêu: {'; '.join(_named(row) for row in missed)}."] if missed else []
    said += [
        f"Chưa đủ số liệu để kết luận: {sentences.lowered(row.target['indicator'])} ({row.why})."
        for row in open_
    ]
    missing, late = grouped(len(facts.units("missing"))), grouped(len(facts.late()))
    if facts.units("missing") or facts.late():
        said.append(f"Kỷ luật báo cáo: {missing} đơn vị chưa gửi báo cáo, {late} đơn vị gửi sau hạn.")
    intro = "Các cơ quan, đơn vị, địa phương tự đánh giá tồn tại, hạn chế"
    nothing = "Báo cáo của các cơ quan, đơn vị, địa phương không nêu tồn tại, hạn chế."
    return (*(Paragraph(text) for text in said), *quotes.lead(draft, "III.2", intro, nothing))


def _causes(draft: Draft) -> tuple[Block, ...]:
    intro = "Các cơ quan, đơn vị, địa phương nêu nguyên nhân"
    return quotes.lead(
        draft, "III.3", intro, "Báo cáo của các cơ quan, đơn vị, địa phương không nêu nguyên nhân."
    )


def _lessons(draft: Draft) -> tuple[Block, ...]:
    intro = "Các cơ quan, đơn vị, địa phương rút ra bài học kinh nghiệm"
    return quotes.lead(
        draft, "III.4", intro, "Báo cáo của các cơ quan, đơn vị, địa phương không nêu bài học kinh nghiệm."
    )


# --- IV. Phương hướng, nhiệm vụ; V. Kiến nghị, đề xuất


def _tasks_ahead(draft: Draft) -> list[str]:
    facts = draft.facts
    author, campaign = facts.manifest["author"]["name"], facts.manifest["campaign"]
    _, missed, open_ = _sorted_out(draft.outcomes)
    tasks = [
        f"Các cơ quan, đơn vị, địa phương tiếp tục thực hiện {len(facts.manifest['groups'])} nhóm nhiệm vụ, giải pháp "
        f"của Kế hoạch ban hành kèm theo Quyết định số {campaign['decision_number']}."
    ]
    if missed:
        names = "; ".join(sentences.lowered(row.target["indicator"]) for row in missed)
        tasks.append(f"Tập trung thực hiện các chỉ tiêu chưa đạt: {names}.")
    if open_:
        names = "; ".join(sentences.lowered(row.target["indicator"]) for row in open_)
        tasks.append(f"Bổ sung số liệu để đánh giá đủ các chỉ tiêu: {names}.")
    if missing := facts.units("missing"):
        tasks.append(f"Đề nghị {grouped(len(missing))} đơn vị chưa gửi báo cáo khẩn trương gửi về {author}.")
    return tasks


def _proposals(draft: Draft) -> tuple[Block, ...]:
    author = draft.facts.manifest["author"]["name"]
    intro = f"{author} tổng hợp kiến nghị, đề xuất của các cơ quan, đơn vị, địa phương như sau"
    return quotes.lead(draft, "V", intro, "Các báo cáo đã tiếp nhận không có kiến nghị, đề xuất.")


WRITERS: dict[str, Writer] = {
    "I.1": _situation,
    "I.2": _plans,
    "I.3": _pledging,
    "II.7": _on_targets,
    "III.1": _strengths,
    "III.2": _shortcomings,
    "III.3": _causes,
    "III.4": _lessons,
    "V": _proposals,
}
