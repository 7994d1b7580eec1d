"""Orders of reorganisation in few words, for tests."""

from datetime import date

from ledger.clock import today
from units.models import Employment, Placement, Reorganisation, Unit
from units.queries import in_force
from units.reorganisation.orders import Heir, NewUnit, Orders
from units.services import reorganise

Kind = Reorganisation.Kind
DAY = date(2026, 7, 1)
DECISION = "Quyết định số 12/QĐ-UBND"


def new(
    name: str, *, kind: str = Unit.Kind.WARD, parent: Unit | None = None, parts: int = 1, **fields
) -> Heir:
    return Heir(
        new=NewUnit(name=name, kind=kind, parent=parent.public_id if parent else "", **fields), parts=parts
    )


def existing(unit: Unit, parts: int = 1) -> Heir:
    return Heir(unit=unit.public_id, parts=parts)


def orders(kind: str, *units: Unit, heirs=(), parent: Unit | None = None, on: date = DAY, **fields) -> Orders:
    fields.setdefault("decision", DECISION)
    return Orders(
        kind=kind,
        on=on,
        predecessors=tuple(unit.public_id for unit in units),
        heirs=tuple(heirs),
        parent=parent.public_id if parent else "",
        **fields,
    )


def merge(*units: Unit, into: Heir, by=None, **fields) -> Reorganisation:
    return reorganise(orders=orders(Kind.MERGER, *units, heirs=[into], **fields), by=by)


def rename(unit: Unit, name: str, by=None, on: date = DAY, **fields) -> Reorganisation:
    fields.setdefault("kind", unit.kind)
    return reorganise(orders=orders(Kind.RENAMING, unit, heirs=[new(name, **fields)], on=on), by=by)


def split(unit: Unit, *heirs: Heir, by=None, **fields) -> Reorganisation:
    return reorganise(orders=orders(Kind.SPLIT, unit, heirs=heirs, **fields), by=by)


def move(*units: Unit, to: Unit, by=None, **fields) -> Reorganisation:
    return reorganise(orders=orders(Kind.MOVE, *units, parent=to, **fields), by=by)


def dissolve(unit: Unit, *heirs: Heir, by=None, **fields) -> Reorganisation:
    return reorganise(orders=orders(Kind.DISSOLUTION, unit, heirs=heirs, **fields), by=by)


def unit_called(name: str) -> Unit:
    return Unit.objects.get(name=name, until__isnull=True)


def parent_of(unit: Unit, on: date | None = None) -> Unit | None:
    return Placement.objects.get(in_force(on or today()), unit=unit).parent


def works_at(user, on: date | None = None) -> Unit:
    return Employment.objects.get(in_force(on or today()), user=user).unit
