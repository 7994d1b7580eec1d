"""The words under the headings of the demo reports."""

from dataclasses import dataclass
from datetime import date

from campaigns.models import ReportSection
from namkhong.demo import report_wording as wording
from namkhong.demo.dice import Dice
from namkhong.demo.figures import Typed
from namkhong.demo.nodes import Node
from reports.figures import LiveCounts
from reports.models import Narrative, ReportingRound, ReportVersion
from vietnamese.dates import short_date
from vietnamese.numbers import grouped, share

QUOTED_MOST = 3
# Slot in the words → code of the indicator.
NUMBERS = {
    "meetings": "meetings",
    "attendances": "attendances",
    "articles": "articles",
    "contributions": "policy_contributions",
    "procedures": "procedures_published",
    "inspections": "inspections",
    "received": "petitions_received",
    "resolved": "petitions_resolved",
    "returned": "ballots_returned",
    "satisfied": "satisfied",
}


@dataclass
class Writer:
    """Writes for one unit in one year."""

    dice: Dice
    node: Node
    round: ReportingRound
    counts: LiveCounts
    typed: Typed
    units: int

    def words(self, *, only_begun: bool = False) -> dict[str, str]:
        """By number of the heading."""
        found = {number: self._passage(number) for number in wording.PASSAGES}
        found |= {number: self._lines(number) for number in wording.LINES}
        return {number: text for number, text in found.items() if not only_begun or number in wording.BEGUN}

    def _passage(self, number: str) -> str:
        by_family = wording.PASSAGES[number]
        choices = by_family.get(self.node.profile.family) or by_family[wording.ANY]
        return self.dice.choice(choices).format(**self._slots())

    def _lines(self, number: str) -> str:
        if number == "V" and not self.dice.happens(wording.HAS_PROPOSALS):
            return wording.NO_PROPOSALS
        lines = self.dice.some(wording.LINES[number], 1, QUOTED_MOST)
        return "\n".join(f"- {line}" for line in lines)

    def _slots(self) -> dict[str, str]:
        year = self.round.year
        people = sum(self.counts["headcount"].values())
        numbers = {name: self.typed.numbers[code] for name, code in NUMBERS.items()}
        numbers |= {"total": people, "units": self.units}
        return {name: grouped(number) for name, number in numbers.items()} | {
            "pledged": share(sum(self.counts["pledged"].values()), people),
            "year": str(year),
            "last": str(year - 1),
            "next_year": str(year + 1),
            "number": f"{self.dice.randint(2, 48):02}",
            "abbr": self.node.unit.abbr,
            "plan_on": self._plan_day(),
            "dialogue": self._dialogue(),
        }

    def _plan_day(self) -> str:
        year = self.round.year
        first = max(date(year, 1, 12), self.node.since)
        return short_date(self.dice.day(first, date(first.year, min(12, first.month + 1), 20)))

    def _dialogue(self) -> str:
        if self.typed.dialogue_on is None:
            return wording.DIALOGUE_MISSED
        return wording.DIALOGUE_HELD.format(day=short_date(self.typed.dialogue_on))


def rows(version: ReportVersion, sections: list[ReportSection], texts: dict[str, str]) -> list[Narrative]:
    """One for every heading under which a unit writes, empty where it has written nothing."""
    return [
        Narrative(version=version, section=section, text=texts.get(section.number, ""))
        for section in sections
    ]
