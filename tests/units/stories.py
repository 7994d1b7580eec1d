"""Random acts on a made-up province: orders of every kind, days to come, corrections, and a little ordinary life."""

import os
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from hypothesis import strategies as st

from ledger import clock
from ledger.workflow import StepRefused
from tests.units import invariants, reorganisation_rights  # noqa: F401 - enter what must hold
from tests.units.organisation import FIRST, STEPS, Kind, World, fresh_number, make_people, snapshot, watched
from units.models import Appointment, Employment, Placement, Post, Reorganisation, Unit, User
from units.queries import in_force
from units.reorganisation.orders import Heir, NewUnit, Orders
from units.services import (
    appoint,
    choose_duties,
    correct_reorganisation,
    move_person,
    perform_due_reorganisations,
    plan_reorganisation,
    rehearse_reorganisation,
    reorganise,
)

# --- Random orders


def _orders(world: World, kind: str, on: date) -> Orders:
    parents = dict(Placement.objects.filter(in_force(on)).values_list("unit_id", "parent_id"))
    units = Unit.objects.filter(in_force(on), pk__in=parents).in_bulk()
    keys = sorted(units)
    fields: dict[str, Any] = {}
    chosen = world.pick(
        keys, least=2 if kind == Kind.MERGER else 1, most={Kind.MERGER: 3, Kind.MOVE: 2}.get(kind, 1)
    )
    if kind == Kind.MERGER:
        fields["heirs"] = [_heir(world, units, chosen if world.chance(2) else keys, new=world.chance(2))]
    elif kind == Kind.RENAMING:
        fields["heirs"] = [_heir(world, units, keys, new=True)]
    elif kind == Kind.FOUNDING:
        fields["heirs"] = [_heir(world, units, keys, new=True, parent=units[chosen[0]].public_id)]
        chosen = []
    elif kind == Kind.MOVE:
        fields["parent"] = units[world.pick(keys)[0]].public_id
    else:
        fields |= _division(world, chosen[0], units, parents, on, is_split=kind == Kind.SPLIT)
    fields["heirs"] = tuple(fields.get("heirs", ()))
    return Orders(
        kind=kind,
        on=on,
        decision="Quyết định ngẫu nhiên",
        predecessors=tuple(units[key].public_id for key in chosen),
        **fields,
    )


def _heir(
    world: World, units: dict[int, Unit], keys: list[int], *, new: bool, parent: str = "", parts: int = 1
) -> Heir:
    if not new:
        return Heir(unit=units[world.pick(keys)[0]].public_id, parts=parts)
    name = f"Đơn vị {fresh_number()}"
    union = f"Công đoàn {name}" if world.chance(3) else ""
    return Heir(new=NewUnit(name=name, kind=Unit.Kind.SCHOOL, parent=parent, union_name=union), parts=parts)


def _division(world: World, source: int, units, parents, on: date, *, is_split: bool) -> dict[str, Any]:
    """Heirs of a split or a dissolution, and where each child and person goes."""
    others = [key for key in sorted(units) if key != source]
    continues = is_split and world.chance(2)
    many = world.draw(st.integers(1 if continues or not is_split else 2, 3))
    parts = [world.draw(st.integers(1, 9)) for _ in range(many)]
    heirs = [
        _heir(world, units, others, new=is_split and (not others or not world.chance(4)), parts=part)
        for part in parts
        if is_split or others
    ]
    places = st.integers(-1 if continues else 0, len(heirs) - 1) if heirs else st.just(0)
    working = Employment.objects.filter(Q(until__isnull=True) | Q(until__gt=on))
    working = working.filter(Q(unit=source) | Q(payroll_unit=source)).order_by("pk")
    people = list(dict.fromkeys(working.values_list("user__public_id", flat=True)))
    below = [units[key].public_id for key, parent in parents.items() if parent == source and key in units]
    return {
        "heirs": heirs,
        "continues": continues,
        "rest_parts": world.draw(st.integers(1, 9)),
        "people": {key: world.draw(places) for key in people if not is_split or world.chance(2)},
        "children": {key: world.draw(places) for key in below if not is_split or world.chance(2)},
    }


# --- Random steps


def step(world: World) -> None:
    """One act (or a correction, or a little ordinary life) and everything that must hold after it."""
    name = world.draw(st.sampled_from([*STEPS, "correct", "live"]))
    if name == "live":
        _live(world)
    elif name == "correct":
        _correct(world)
    else:
        _act(world, name)


def _act(world: World, kind: str) -> None:
    back = world.chance(5)
    on = world.day + timedelta(days=world.draw(st.integers(-60, 0) if back else st.integers(0, 40)))
    if on <= FIRST:
        return
    orders = _orders(world, kind, on)
    planned = world.chance(5) and not back
    before = snapshot()
    world.day = max(world.day, on)
    _go_to(world.day)
    with watched(world, on):
        act = _planned(world, orders) if planned else _carried_out(world, orders)
    if act is None:
        assert snapshot() == before, "what is refused leaves nothing"
        world.done["refused"] += 1
        return
    world.acts.append((act, before))
    world.done[kind] += 1


def _carried_out(world: World, orders: Orders) -> Reorganisation | None:
    """Sometimes looked at before: then the report must be the one that was shown, with the floors above."""
    shown = ""
    try:
        if world.chance(4):
            before = snapshot()
            shown = rehearse_reorganisation(orders=orders, by=world.planner).digest
            assert snapshot() == before, "a rehearsal changes nothing"
        return reorganise(orders=orders, by=world.planner, expect_digest=shown)
    except StepRefused:
        assert not shown, "what can be rehearsed can be done"
        return None


def _planned(world: World, orders: Orders) -> Reorganisation | None:
    """Ordered on the eve, done by the sweep of its day."""
    _go_to(orders.on - timedelta(days=1))
    try:
        act = plan_reorganisation(orders=orders, by=world.planner)
    except StepRefused:
        return None
    finally:
        _go_to(orders.on)
    perform_due_reorganisations()
    act.refresh_from_db()
    return act if act.status == Reorganisation.Status.DONE else None


def _go_to(day: date) -> None:
    """Moves the portal's clock: what was done later in a story has a later moment."""
    os.environ.pop(clock.OFFSET_VARIABLE, None)
    os.environ[clock.OFFSET_VARIABLE] = str((day - clock.today()).days * 86400)


def _correct(world: World) -> None:
    """The last act, usually, is taken back to the very rows that were there; an earlier one if nothing stands on it."""
    if not world.acts:
        return
    place = len(world.acts) - 1 if not world.chance(3) else world.draw(st.integers(0, len(world.acts) - 1))
    act, before = world.acts[place]
    now = snapshot()
    with watched(world, act.on):
        try:
            correct_reorganisation(act=act, decision="Đính chính", reason="Nhầm", by=world.planner)
        except StepRefused:
            assert snapshot() == now, "what is refused leaves nothing"
            world.done["correction refused"] += 1
            assert not before or place < len(world.acts) - 1, "only what stands on an act keeps it"
            return
    if before and place == len(world.acts) - 1:
        assert snapshot() == before, f"{act} is taken back exactly"
    del world.acts[place]
    world.forget(place)
    world.done["correction"] += 1


def _live(world: World) -> None:
    """Somebody joins, leaves or moves, duties are chosen, some act by order from an earlier day: acts are taken back
    around it, or refused because of it.
    """
    unit = world.pick(Unit.objects.filter(in_force(world.day)).order_by("pk"))[0]
    user = make_people([unit])[0]
    Employment.objects.filter(user=user).update(since=world.day)
    last = Employment.objects.filter(in_force(world.day), until__isnull=True, since__lt=world.day)
    leaver = last.exclude(user=world.planner).order_by("pk").first()
    if leaver and world.chance(2):
        Employment.objects.filter(pk=leaver.pk).update(until=world.day + timedelta(days=10), ending="left")
    _move_somebody(world)
    if world.chance(2):
        _give_by_order(world)
    if world.chance(3):
        _choose_duties(world)
    world.forget()
    world.done["lived"] += 1


def _move_somebody(world: World) -> None:
    """An act entered late finds him elsewhere."""
    working = Employment.objects.filter(in_force(world.day), since__lt=world.day).exclude(user=world.planner)
    people = list(User.objects.filter(pk__in=working.values("user")).order_by("pk"))
    if not people:
        return
    unit = world.pick(Unit.objects.filter(in_force(world.day)).order_by("pk"))[0]
    with suppress(StepRefused):
        move_person(user=world.pick(people)[0], unit=unit, on=world.day, by=None)


def _give_by_order(world: World) -> None:
    """As from a day before some of the acts."""
    since = max(FIRST, world.day - timedelta(days=world.draw(st.integers(0, 90))))
    heads = Appointment.objects.filter(in_force(since), post__kind=Post.Kind.HEAD, manner="holder")
    working = Employment.objects.filter(in_force(since)).exclude(user=world.planner)
    people = list(User.objects.filter(pk__in=working.values("user")).order_by("pk"))
    given_by = list(heads.select_related("post").order_by("pk"))
    if not people or not given_by:
        return
    giver = world.pick(given_by)[0]
    with suppress(StepRefused):
        appoint(
            post=giver.post,
            user=world.pick(people)[0],
            manner="by_order",
            since=since,
            until=giver.until,
            given_by=giver,
            by=None,
        )


def _choose_duties(world: World) -> None:
    unit = world.pick(Unit.objects.filter(until__isnull=True).order_by("pk"))[0]
    own = Placement.Duty.OWN
    since = world.day + timedelta(days=world.draw(st.integers(0, 60)))
    with suppress(StepRefused):
        choose_duties(unit=unit, plan_duty=own, report_duty=own, since=since, by=world.planner)
