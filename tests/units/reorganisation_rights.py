"""Who acts by order or by authority and who inspects, in the made-up province of `organisation`, and what no act may do
to their rights; where open pledges go, whose people have moved since. Importing this module enters it all.
"""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from ledger import clock
from pledges.models import Pledge
from pledges.movers import OPEN
from pledges.standing import places
from tests.units.organisation import FIRST, INVARIANTS, SETTLERS, Invariant, World
from units.models import Appointment, Employment, Placement, Post, Reorganisation, Unit, User
from units.queries import ancestor_ids, overlapping

Manner = Appointment.Manner
BY_WORD = (Manner.BY_ORDER, Manner.BY_AUTHORITY)


def settle(world: World) -> None:
    _settle_substitutes(world)
    _settle_inspectors(world)


def _settle_substitutes(world: World) -> None:
    """Some act for a head above the unit where they work."""
    heads = {row.post.unit_id: row for row in Appointment.objects.filter(post__kind=Post.Kind.HEAD)}
    for work in Employment.objects.order_by("pk"):
        giver = heads[world.pick(ancestor_ids(work.unit_id, FIRST))[0]]
        if giver.user_id == work.user_id or world.chance(2):
            continue
        by_order = world.chance(2)
        Appointment.objects.create(
            post=giver.post,
            user_id=work.user_id,
            manner=Manner.BY_ORDER if by_order else Manner.BY_AUTHORITY,
            document="Văn bản ủy quyền",
            covers="Ký bản cam kết",
            given_by=giver,
            since=_day(world, 0, 60),
            until=None if by_order else _day(world, 61, 600),
        )


def _settle_inspectors(world: World) -> None:
    """Some people inspect two units, from and to any day."""
    units = list(Unit.objects.order_by("pk"))
    posts = Post.objects.bulk_create(
        [Post(unit=unit, kind=Post.Kind.INSPECTOR, title="Thành viên đoàn kiểm tra") for unit in units]
    )
    for user in User.objects.order_by("pk")[:4]:
        for post in world.pick(posts, least=2, most=2):
            until = _day(world, 201, 600) if world.chance(2) else None
            Appointment.objects.create(post=post, user=user, since=_day(world, 0, 200), until=until)


def _day(world: World, first: int, last: int) -> date:
    return FIRST + timedelta(days=world.draw(st.integers(first, last)))


# --- What must hold


def _out_of_reach(world: World, days: list[date]) -> list[str]:
    """Who acts for a head that does not stand above the unit where he works."""
    given = list(Appointment.objects.filter(manner__in=BY_WORD).select_related("post"))
    works = list(Employment.objects.filter(user__in=[row.user_id for row in given]))
    placements = list(Placement.objects.all())
    found = []
    for day in days:
        parents = {row.unit_id: row.parent_id for row in placements if row.holds(day)}
        units = {row.user_id: row.unit_id for row in works if row.holds(day)}
        for row in given:
            at: int | None = units.get(row.user_id)
            path = []
            while at is not None:
                path.append(at)
                at = parents[at]
            if path and row.holds(day) and row.post.unit_id not in path:
                found.append(f"appointment {row.pk} on {day}")
    return found


def _everybody_within_reach(before: list[str], after: list[str], on: date) -> None:
    assert after == []


def _held(world: World, days: list[date]) -> list[Appointment]:
    rows = Appointment.objects.filter(overlapping(FIRST, None))
    return list(rows.order_by("post_id", "user_id", "since", "pk"))


def _no_post_is_held_twice(before: list[Appointment], after: list[Appointment], on: date) -> None:
    for one, next_one in pairwise(after):
        if (one.post_id, one.user_id) == (next_one.post_id, next_one.user_id):
            assert one.until is not None and one.until <= next_one.since, f"{one} is held twice"


def _open_pledges(world: World, days: list[date]) -> dict[str, Any]:
    rows = Pledge.objects.filter(status__in=OPEN).personal()
    return {
        "corrections": Reorganisation.objects.filter(kind=Reorganisation.Kind.CORRECTION).count(),
        "waiting": {row.pk: (row.signing_unit_id, row.user_id) for row in rows},
        "right": places(rows.values("user_id"), clock.today()),
    }


def _what_passes_goes_to_who_is_right_today(before: dict, after: dict, on: date) -> None:
    """A correction brings back what was."""
    if before["corrections"] != after["corrections"]:
        return
    for pk, (unit_id, user_id) in after["waiting"].items():
        place = after["right"].get(user_id)
        if unit_id != before["waiting"][pk][0] and place and place.signing_unit_id:
            assert unit_id == place.signing_unit_id, f"pledge {pk} waits where its person is today"


SETTLERS.append(settle)
INVARIANTS += [
    Invariant("reach", _out_of_reach, _everybody_within_reach),
    Invariant("posts held", _held, _no_post_is_held_twice),
    Invariant("open pledges", _open_pledges, _what_passes_goes_to_who_is_right_today),
]
