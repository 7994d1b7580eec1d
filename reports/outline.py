"""The words of a version under the headings of the yearly report (clause V.5)."""

from dataclasses import dataclass, field

from campaigns.models import ReportSection
from reports.models import Narrative, ReportingRound, ReportVersion


@dataclass
class Passage:
    """One heading; where `is_free`, with the text under it. `raw`, `errors` and `theirs` as in `sheet.Cell`."""

    section: ReportSection
    title: str
    text: str = ""
    raw: str = ""
    errors: list[str] = field(default_factory=list)
    theirs: str = ""

    @property
    def name(self) -> str:
        return f"doan-{self.section.number}"

    @property
    def is_free(self) -> bool:
        return self.section.is_free


def heading(section: ReportSection, reporting_round: ReportingRound) -> str:
    """ "Phương hướng, nhiệm vụ năm 2027" for a report of 2026."""
    return section.title.replace("{next_year}", str(reporting_round.year + 1))


def texts_of(version: ReportVersion) -> dict[str, str]:
    """Text by number of its heading; one query."""
    rows = Narrative.objects.filter(version=version).select_related("section")
    return {row.section.number: row.text for row in rows}


def passages(version: ReportVersion, reporting_round: ReportingRound) -> list[Passage]:
    """All headings in order; two queries."""
    texts = texts_of(version)
    sections = ReportSection.objects.filter(campaign_id=reporting_round.campaign_id)
    return [
        Passage(section, heading(section, reporting_round), text, text)
        for section in sections
        for text in [texts.get(section.number, "")]
    ]
