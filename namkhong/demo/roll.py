"""Writing units and people into the database, in bulk, with the events of their coming."""

from datetime import date, timedelta

from django.contrib.auth.hashers import make_password

from ledger import clock
from namkhong.demo.cases import Cases
from namkhong.demo.chronicle import By, Chronicle
from namkhong.demo.dice import Dice, morning, start_of
from namkhong.demo.nodes import Node, Person, Province
from namkhong.demo.province import OWN
from namkhong.demo.story import Story
from units.models import (
    Absence,
    Appointment,
    BaseUnion,
    Employment,
    Placement,
    Post,
    ProfessionalLine,
    Unit,
    User,
)

BATCH = 2000


def save(units: Province, people: list[Person], extra_posts: list[Post], cases: Cases) -> None:
    nodes = units.nodes.values()
    Unit.objects.bulk_create([node.unit for node in units.fresh], batch_size=BATCH)
    Placement.objects.bulk_create(units.placements, batch_size=BATCH)
    BaseUnion.objects.bulk_create([node.union for node in nodes if node.union and not node.union.pk])
    posts = [post for node in nodes for post in node.posts.values() if post.pk is None]
    Post.objects.bulk_create([*posts, *extra_posts], batch_size=BATCH)
    for person in people:
        person.user.password = make_password(None)
    User.objects.bulk_create([person.user for person in people], batch_size=BATCH)
    Employment.objects.bulk_create([job for person in people for job in person.jobs], batch_size=BATCH)
    terms = [term for person in people for term in person.terms]
    Appointment.objects.bulk_create([term for term in terms if term.given_by is None], batch_size=BATCH)
    Appointment.objects.bulk_create([term for term in terms if term.given_by is not None])
    Absence.objects.bulk_create(cases.absences, batch_size=BATCH)
    ProfessionalLine.objects.bulk_create(cases.lines, batch_size=BATCH)


def tell(story: Story, people: list[Person], cases: Cases) -> None:
    """Events of `units.services`: people employed, appointed and away, duties chosen by the parent, lines."""
    stands = {node.unit.pk: node for node in story.units.nodes.values()}
    for person in people:
        for job in person.jobs:
            _tell_employed(job, stands[job.unit_id], story.chronicle)
        for term in person.terms:
            _tell_appointed(term, story.chronicle)
    _tell_cases(cases, story.chronicle)
    dice = story.dice("duties")
    for node in story.units.fresh:
        if node.own_since:
            _tell_duties(node, node.own_since, story, dice)


def _tell_employed(job: Employment, node: Node, chronicle: Chronicle) -> None:
    chronicle.tell(
        "units.employ",
        morning(max(job.since, node.since)),
        object_kind="units.user",
        object_id=job.user.public_id,
        unit_id=job.unit.public_id,
        data={"category": str(job.category), "since": job.since.isoformat()},
    )


def _tell_appointed(term: Appointment, chronicle: Chronicle) -> None:
    chronicle.tell(
        "units.appoint",
        morning(term.since) + timedelta(minutes=10),
        object_kind="units.post",
        object_id=term.post.public_id,
        unit_id=term.post.unit.public_id,
        data={
            "user": term.user.public_id,
            "appointment": term.public_id,
            "since": term.since.isoformat(),
            "manner": str(term.manner),
        },
    )


def _tell_cases(cases: Cases, chronicle: Chronicle) -> None:
    for one in cases.secondments:
        chronicle.tell(
            "units.second",
            morning(one.since) + timedelta(minutes=5),
            object_kind="units.user",
            object_id=one.person.user.public_id,
            unit_id=one.host.unit.public_id,
            data={"home": one.home.unit.public_id, "on": one.since.isoformat()},
            reason=one.decision,
        )
    for absence in cases.absences:
        until = absence.until.isoformat() if absence.until else None
        chronicle.tell(
            "units.absent",
            morning(absence.since),
            object_kind="units.user",
            object_id=absence.user.public_id,
            data={"since": absence.since.isoformat(), "until": until, "absence": str(absence.kind)},
            reason=absence.reason,
        )
    for line in cases.lines:
        chronicle.tell(
            "units.place_in_line",
            morning(line.since),
            object_kind="units.unit",
            object_id=line.unit.public_id,
            unit_id=line.unit.public_id,
            data={"on": line.since.isoformat(), "authority": line.authority.public_id},
            reason=line.decision,
        )


def _tell_duties(node: Node, since: date, story: Story, dice: Dice) -> None:
    at = dice.after(start_of(since), 0, 9)
    holder = node.parent.holder(Post.Kind.HEAD, clock.local(at).date()) if node.parent else None
    if holder and at < story.years.end:
        story.chronicle.tell(
            "units.choose_duties",
            at,
            by=By(holder[1]),
            object_kind="units.unit",
            object_id=node.unit.public_id,
            unit_id=node.unit.public_id,
            data={"plan": str(OWN), "report": str(OWN), "since": since.isoformat()},
        )
