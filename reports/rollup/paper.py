"""From a manifest to the BÁO CÁO of Sở Nội vụ as bản trình ký: number, day and signature stay open (decree 30/2020)."""

from collections.abc import Mapping
from typing import Any

from documents.layout import Header, Paragraph, Recipients, Signature, StatutoryPaper, Title
from reports.rollup import annexes, coverage
from reports.rollup.draft import Draft
from reports.rollup.facts import Facts
from reports.rollup.outline import AS_ABOVE, FILED
from reports.rollup.sections import sections
from reports.rollup.targets import outcomes

ANNUAL = "annual"
# The campaign's own phrase begins a line, so that the two lines under “BÁO CÁO” do not tear it apart.
PHRASE = "nói không với tiêu cực"


def compose(manifest: Mapping[str, Any]) -> StatutoryPaper:
    """The paper this manifest makes; the same manifest makes the same paper, in any process on any day."""
    facts = Facts(manifest)
    draft = Draft(facts, tuple(outcomes(facts)), annexes.names(facts))
    author = manifest["author"]
    return StatutoryPaper(
        header=_header(facts),
        title=Title("BÁO CÁO", _subject(facts)),
        issuer=author["issuer"],
        recipients_to=tuple(manifest["to"]),
        legal_bases=tuple(manifest["bases"]),
        opening=_opening(draft),
        sections=sections(draft),
        closing=(Paragraph(f"{author['name']} kính báo cáo {_addressees(manifest)} xem xét, chỉ đạo"),),
        signature=Signature(tuple(author["authority"]), author["signer"]),
        recipients=_recipients(manifest["copies"]),
        annexes=annexes.annexes(draft),
        demo=manifest["demo"],
    )


def _header(facts: Facts) -> Header:
    author = facts.manifest["author"]
    return Header(
        superior_lines=tuple(author["superior_lines"]),
        agency_lines=tuple(author["agency_lines"]),
        number_symbol=f"BC-{author['symbol']}",
        place=author["place"],
        year=facts.year,
    )


def _subject(facts: Facts) -> str:
    name = facts.manifest["campaign"]["name"]
    when = f"năm {facts.year}" if facts.round["kind"] == ANNUAL else f"({facts.round['name']})"
    return f"Kết quả thực hiện {name} {when}".replace(f" {PHRASE}", f"\n{PHRASE}")


def _opening(draft: Draft) -> tuple[Paragraph, ...]:
    facts = draft.facts
    author, alias = facts.manifest["author"]["name"], facts.manifest["campaign"]["alias"]
    lead = Paragraph(
        f"{author} báo cáo kết quả thực hiện Cuộc vận động “{alias}” năm {facts.year} "
        f"(số liệu {facts.window}) như sau:"
    )
    return *coverage.paragraphs(facts, draft.annexes.get("standing", "")), lead


def _addressees(manifest: Mapping[str, Any]) -> str:
    return ", ".join(manifest["to"])


def _recipients(copies: list[str]) -> Recipients:
    """“Như trên” and “Lưu:” stand in the data as the decision's own recipients do; the paper prints them by itself."""
    filed = next((line.removeprefix(FILED).strip(" .") for line in copies if line.startswith(FILED)), "VT")
    lines = tuple(line for line in copies if line != AS_ABOVE and not line.startswith(FILED))
    return Recipients(lines, filed)
