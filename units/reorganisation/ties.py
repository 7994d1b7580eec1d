"""Base unions and professional lines of the units an act ends, and the rows of succession it writes."""

from dataclasses import dataclass

from django.db.models import Q

from units.models import BaseUnion, ProfessionalLine, Succession, Unit
from units.reorganisation.journal import Journal, Values, hand_over
from units.reorganisation.situation import Kind, Situation


@dataclass(frozen=True)
class Tied:
    """Unions that ended with their units (by name); professional lines that run on, and those that ended."""

    unions: tuple[str, ...]
    lines: int
    lines_ended: int


def pass_on(situation: Situation, journal: Journal) -> Tied:
    ended = situation.ended_ids
    lasting = Q(until__isnull=True) | Q(until__gt=situation.on)
    unions = list(
        BaseUnion.objects.select_for_update(no_key=True).filter(lasting, unit_id__in=ended).order_by("pk")
    )
    names = tuple(row.name for row in unions if row.holds(situation.on))
    hand_over(journal, unions, situation.on, lambda row: None)
    lines, lines_ended = _professional_lines(situation, journal, lasting)
    return Tied(names, lines, lines_ended)


def _professional_lines(situation: Situation, journal: Journal, lasting: Q) -> tuple[int, int]:
    """Lines of an ended unit pass to the new heirs; lines below an ended authority to its main heir."""
    ended, heir = situation.ended_ids, situation.main_heir
    concerned = Q(unit_id__in=situation.source_ids) | Q(authority_id__in=ended)
    rows = list(
        ProfessionalLine.objects.select_for_update(no_key=True)
        .filter(lasting, concerned)
        .order_by("since", "pk")
    )
    below = [row for row in rows if row.authority_id in ended and row.unit_id not in ended]
    own = [row for row in rows if row.unit_id in ended]

    def values_of(row: ProfessionalLine) -> Values | None:
        return {"authority_id": heir.pk} if heir and heir.pk != row.unit_id else None

    new = _lines_of_heirs(rows, situation)
    follows = hand_over(journal, below, situation.on, values_of)
    hand_over(journal, own, situation.on, lambda row: None)
    opened = journal.open(new)
    return len(follows) + len(opened), len(below) - len(follows)


def _lines_of_heirs(rows: list[ProfessionalLine], situation: Situation) -> list[ProfessionalLine]:
    """A new unit stands in the professional line of the first predecessor that has one."""
    if situation.kind in (Kind.DISSOLUTION, Kind.MOVE):
        return []
    order = [unit.pk for unit in situation.predecessors]
    holding = [row for row in rows if row.unit_id in order and row.holds(situation.on)]
    former = min(holding, key=lambda row: order.index(row.unit_id), default=None)
    if former is None:
        return []
    ended, heir = situation.ended_ids, situation.main_heir
    authority = heir.pk if former.authority_id in ended and heir else former.authority_id
    new = [
        unit for unit, row in zip(situation.heirs, situation.orders.heirs, strict=True) if unit and row.new
    ]
    return [
        ProfessionalLine(
            unit=unit,
            authority_id=authority,
            since=situation.on,
            until=former.until,
            decision=former.decision,
        )
        for unit in new
        if unit.pk != authority and authority not in ended
    ]


def succeed(situation: Situation, journal: Journal) -> list[Succession]:
    """Who succeeded whom; a unit that gives up a part and continues has a row to itself for the rest."""
    kind, orders = situation.kind, situation.orders
    told: list[tuple[Unit, Unit | None, int]] = []
    if kind in (Kind.MERGER, Kind.RENAMING):
        told = [(unit, situation.takers[0], 1) for unit in situation.ended]
    elif kind == Kind.SPLIT:
        split = situation.predecessors[0]
        told = [(split, unit, row.parts) for unit, row in zip(situation.heirs, orders.heirs, strict=True)]
        if orders.continues:
            told.append((split, split, orders.rest_parts))
    elif kind == Kind.DISSOLUTION:
        told = [(situation.predecessors[0], None, 1)]
    return journal.open(
        [
            Succession(
                kind=kind,
                predecessor=predecessor,
                successor=successor,
                on=orders.on,
                parts=parts,
                decision=orders.decision,
                verified=orders.verified,
                act=situation.act,
            )
            for predecessor, successor, parts in told
        ]
    )
