"""What an act writes, noted row by row, so that a counter-act can take exactly that back.

Rows are written as sets: one statement for all rows that get the same values, however many people an act moves. A row
that the act opened is never deleted: taken back, its period is left without a day.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import F

from units.models import (
    Appointment,
    BaseUnion,
    Employment,
    Placement,
    Post,
    ProfessionalLine,
    Succession,
    Unit,
)

# What must still be as the act left it when the act is taken back.
WATCHED: dict[type[models.Model], tuple[str, ...]] = {
    Unit: ("until",),
    Placement: ("parent_id", "until"),
    Employment: ("unit_id", "payroll_unit_id", "until"),
    Appointment: ("post_id", "until"),
    BaseUnion: ("until",),
    ProfessionalLine: ("unit_id", "authority_id", "until"),
    Post: (),
    Succession: ("annulled",),
}
Values = dict[str, Any]
Entry = dict[str, Any]


class Journal:
    """`entries`, in the order written: {"do": "open" | "change", "model", "pks", "was", "now"}."""

    def __init__(self, entries: Iterable[Entry] = ()):
        self.entries: list[Entry] = list(entries)

    def open(self, rows: list) -> list:
        """Insert rows of one model and note them."""
        if not rows:
            return []
        made = type(rows[0])._base_manager.bulk_create(rows)
        groups: dict[tuple, list[int]] = defaultdict(list)
        for row in made:
            groups[_values(row, WATCHED[type(row)])].append(row.pk)
        for now, pks in groups.items():
            self._note("open", type(rows[0]), pks, {}, dict(now))
        return made

    def change(self, rows: Iterable, **new: Any) -> None:
        """Give all these rows of one model the same new values; attribute names (`parent_id`), not relations."""
        changed = list(rows)
        if not changed:
            return
        model = type(changed[0])
        groups: dict[tuple, list[int]] = defaultdict(list)
        for row in changed:
            groups[_values(row, tuple(new))].append(row.pk)
        model._base_manager.filter(pk__in=[row.pk for row in changed]).update(**new)
        for was, pks in groups.items():
            self._note("change", model, pks, dict(was), {name: _plain(value) for name, value in new.items()})
        for row in changed:
            for name, value in new.items():
                setattr(row, name, value)

    def pks(self, model: type[models.Model], *doing: str) -> set[int]:
        label = model._meta.label_lower
        wanted = doing or ("open", "change")
        return {
            pk
            for entry in self.entries
            if entry["model"] == label and entry["do"] in wanted
            for pk in entry["pks"]
        }

    def touched_since(self) -> dict[type[models.Model], list[int]]:
        """Rows that are no longer as the act left them, by model."""
        found: dict[type[models.Model], list[int]] = defaultdict(list)
        for label, now, pks in self._left():
            model = apps.get_model(label)
            same = model._base_manager.filter(pk__in=pks, **_lookups(model, now))
            kept = set(same.values_list("pk", flat=True))
            if gone := [pk for pk in pks if pk not in kept]:
                found[model] += gone
        return dict(found)

    def _left(self) -> Iterator[tuple[str, Values, list[int]]]:
        """Model, values and rows: how the act left them, that is the last it wrote where it wrote a row twice."""
        rows: dict[tuple[str, int], Values] = defaultdict(dict)
        for entry in self.entries:
            for pk in entry["pks"]:
                rows[entry["model"], pk] |= entry["now"]
        groups: dict[tuple[str, tuple], list[int]] = defaultdict(list)
        for (label, pk), now in rows.items():
            groups[label, tuple(sorted(now.items()))].append(pk)
        for (label, values), pks in groups.items():
            yield label, dict(values), pks

    def take_back(self) -> None:
        """The last written first, so that no two periods ever stand side by side where one may."""
        for entry in reversed(self.entries):
            model = _model(entry)
            rows = model._base_manager.filter(pk__in=entry["pks"])
            if entry["do"] == "change":
                rows.update(**_parsed(model, entry["was"]))
            elif model is Succession:
                rows.update(annulled=True)
            elif model is not Post:
                rows.update(until=F("since"))

    def _note(self, do: str, model: type[models.Model], pks: list[int], was: Values, now: Values) -> None:
        self.entries.append(
            {"do": do, "model": model._meta.label_lower, "pks": sorted(pks), "was": was, "now": now}
        )


def hand_over(journal: Journal, rows: Iterable, on: date, values_of, **closing: Any) -> dict[int, Any]:
    """Pass dated rows to another owner from the start of `on`; days before stay as they were.

    `values_of(row)`: the new owner's values, or None where the row ends without one. A row that began before is closed
    (with `closing`) and continued by a new one, from that day unless `since` is among the values; a row that begins
    later changes owner, or loses its days. Returns the row that now holds each one's days, by the key of the old.
    """
    new_of = {row.pk: (row, values_of(row)) for row in rows}
    begun = [row for row, _values in new_of.values() if row.since < on]
    later = [(row, values) for row, values in new_of.values() if row.since >= on]
    successors = [
        continued(row, **{"since": on} | values) for row in begun if (values := new_of[row.pk][1]) is not None
    ]
    journal.change(begun, until=on, **closing)
    for values, group in _by_values(later):
        if values is not None:
            journal.change(group, **values)
        else:
            for since, same in _by_since(group):
                journal.change(same, until=since)
    opened = journal.open(successors)
    follows = {
        row.pk: new
        for row, new in zip([r for r in begun if new_of[r.pk][1] is not None], opened, strict=True)
    }
    return follows | {row.pk: row for row, values in later if values is not None}


def continued(row, **values: Any):
    """An unsaved row like this one, with these values instead."""
    kept = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key and field.attname != "public_id"
    }
    return type(row)(**kept | values)


def _by_values(rows: list[tuple[Any, Values | None]]) -> list[tuple[Values | None, list]]:
    groups: dict[Any, tuple[Values | None, list]] = {}
    for row, values in rows:
        key = None if values is None else tuple(sorted(values.items(), key=lambda pair: pair[0]))
        groups.setdefault(key, (values, []))[1].append(row)
    return list(groups.values())


def _by_since(rows: list) -> list[tuple[date, list]]:
    groups: dict[date, list] = defaultdict(list)
    for row in rows:
        groups[row.since].append(row)
    return list(groups.items())


def _model(entry: Entry) -> type[models.Model]:
    return apps.get_model(entry["model"])


def _values(row, names: tuple[str, ...]) -> tuple:
    return tuple((name, _plain(getattr(row, name))) for name in names)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _parsed(model: type[models.Model], values: Values) -> Values:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return {name: fields[name].to_python(value) for name, value in values.items()}


def _lookups(model: type[models.Model], values: Values) -> Values:
    return {
        (f"{name}__isnull" if value is None else name): (True if value is None else value)
        for name, value in _parsed(model, values).items()
    }
