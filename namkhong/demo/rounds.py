"""The yearly rounds of the demo province, called by Home Affairs as the portal proposes them."""

from datetime import date, timedelta

from ledger import clock
from namkhong.demo.chronicle import By
from namkhong.demo.places import HOME_AFFAIRS
from namkhong.demo.story import Story
from reports.deadlines import due_day
from reports.forms import usual_terms
from reports.models import ReportingRound
from units.models import Post
from vietnamese.dates import short_date


def open_all(story: Story) -> list[ReportingRound]:
    dice = story.dice("rounds")
    found = []
    for year in story.years.rounds:
        terms = usual_terms(year)
        terms["data_until"] = terms.pop("data_last") + timedelta(days=1)
        at = dice.at(dice.day(date(year, 9, 8), date(year, 9, 22)))
        opened = ReportingRound(public_id=dice.public_id(), campaign=story.campaign, created_at=at, **terms)
        found.append(opened)
        post, person = story.units.nodes[HOME_AFFAIRS].holder(
            Post.Kind.HOME_AFFAIRS, clock.local(at).date()
        ) or (
            None,
            None,
        )
        story.chronicle.tell(
            "reports.round.open",
            at,
            by=By(person, post) if person else None,
            object_id=opened.public_id,
            data={"code": opened.code, "due_on": opened.due_on.isoformat()},
        )
        _announce(opened, story)
    return ReportingRound.objects.bulk_create(found)


def _announce(opened: ReportingRound, story: Story) -> None:
    day = clock.local(opened.created_at).date()
    story.letters.tell(
        [user for node in story.units.owing(opened.due_on) for user in story.offices.authors(node, day)],
        f"reports.round.open:{opened.public_id}",
        f"{opened.name}: gửi trước khi hết ngày {short_date(due_day(opened))}.",
        opened,
        opened.created_at,
    )
