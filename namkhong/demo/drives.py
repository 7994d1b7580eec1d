"""The drive of the demo province: on which days it reminded, whom letters reach."""

from datetime import date

from django.db.models import Value
from django.db.models.functions import Concat, Lower

from namkhong.demo.story import Story
from pledges import reminding
from pledges.drivedays import Rung, rungs
from pledges.models import Drive, Reminding
from pledges.services.drives import follow_last_year
from units.models import User

# Of the rungs that have passed these last ones are told; older ones say nothing new.
TOLD = 2
# Seven of ten have an address; one of a domain that leads nowhere (RFC 2606).
WITH_ADDRESS, DOMAIN = r"[0-6]$", "@vidu.invalid"


def arrange(story: Story) -> int:
    """After the pledges are written. Returns how many days of reminding there are; a dozen statements."""
    people = User.objects.filter(is_demo=True, username__regex=WITH_ADDRESS)
    people.update(email=Concat(Lower("username"), Value(DOMAIN)))
    year = story.years.on.year
    drive = follow_last_year(campaign=story.campaign, year=year)
    if drive is None:
        return 0
    # The row came with the decision under an id of chance; the demo's log repeats itself.
    drive.public_id = story.dice("drives").public_id()
    drive.save(update_fields=["public_id"])
    passed = [rung for rung in rungs(drive) if rung.day < story.years.on]
    rows = [_reminded(story, drive, rung) for rung in passed[-TOLD:]]
    return len(Reminding.objects.bulk_create(rows))


def _reminded(story: Story, drive: Drive, rung: Rung) -> Reminding:
    at = story.dice(f"reminding {rung.day}").at(rung.day)
    asked = reminding.to_ask(drive, rung, rung.day)
    heads = len({*_heads(asked, rung.day)})
    row = Reminding(drive=drive, on=rung.day, at=at, people=len(asked.people), heads=heads)
    story.chronicle.tell(
        "pledges.drive.remind",
        at,
        object_id=drive.public_id,
        by=None,
        data={"on": rung.day.isoformat(), "people": row.people, "heads": row.heads, "all": True},
    )
    return row


def _heads(asked: reminding.Asked, on: date) -> list[int]:
    offices = {"head": [*asked.heads, *asked.above], "union_chair": [*asked.unions]}
    return [user for kind, units in offices.items() for user, _unit in reminding.holders(units, kind, on)]
