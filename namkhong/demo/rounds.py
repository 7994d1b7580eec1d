"""The yearly rounds of the demo province, called by Home Affairs as the portal proposes them."""

from datetime import date, timedelta

from campaigns.models import Campaign
from ledger import clock
from namkhong.demo.chronicle import By, Chronicle
from namkhong.demo.dice import Dice
from namkhong.demo.letters import Letters
from namkhong.demo.offices import Offices
from namkhong.demo.province import HOME_AFFAIRS, Province
from namkhong.demo.years import Years
from reports.deadlines import due_day
from reports.forms import usual_terms
from reports.models import ReportingRound
from units.models import Post
from vietnamese.dates import short_date


def open_all(
    dice: Dice,
    years: Years,
    units: Province,
    campaign: Campaign,
    chronicle: Chronicle,
    letters: Letters,
    offices: Offices,
) -> list[ReportingRound]:
    found = []
    for year in years.rounds:
        terms = usual_terms(year)
        terms["data_until"] = terms.pop("data_last") + timedelta(days=1)
        at = dice.at(dice.day(date(year, 9, 8), date(year, 9, 22)))
        opened = ReportingRound(public_id=dice.public_id(), campaign=campaign, created_at=at, **terms)
        found.append(opened)
        post, person = units.nodes[HOME_AFFAIRS].holder(Post.Kind.HOME_AFFAIRS, clock.local(at).date()) or (
            None,
            None,
        )
        chronicle.tell(
            "reports.round.open",
            at,
            by=By(person, post) if person else None,
            object_id=opened.public_id,
            data={"code": opened.code, "due_on": opened.due_on.isoformat()},
        )
        _announce(opened, units, letters, offices)
    return ReportingRound.objects.bulk_create(found)


def _announce(opened: ReportingRound, units: Province, letters: Letters, offices: Offices) -> None:
    day = clock.local(opened.created_at).date()
    letters.tell(
        [user for node in units.owing(opened.due_on) for user in offices.authors(node, day)],
        f"reports.round.open:{opened.public_id}",
        f"{opened.name}: gửi trước khi hết ngày {short_date(due_day(opened))}.",
        opened,
        opened.created_at,
    )
