"""What every part of the demo province is told with."""

from dataclasses import dataclass, field

from campaigns.models import Campaign
from namkhong.demo.chronicle import Chronicle
from namkhong.demo.dice import Dice
from namkhong.demo.letters import Letters
from namkhong.demo.nodes import Province
from namkhong.demo.offices import Offices
from namkhong.demo.years import Years


@dataclass
class Story:
    """The units and years it tells of; the log and the notices it leaves behind."""

    seed: int
    years: Years
    units: Province
    campaign: Campaign
    chronicle: Chronicle = field(init=False)
    letters: Letters = field(init=False)
    offices: Offices = field(init=False)

    def __post_init__(self) -> None:
        self.chronicle = Chronicle(self.dice("log"))
        self.letters = Letters(self.dice("notices"), self.years)
        self.offices = Offices(self.dice("offices"), self.units)

    def dice(self, subject: str) -> Dice:
        return Dice.of(self.seed, subject)
