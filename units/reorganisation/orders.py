"""What one act of reorganisation orders, in public ids, so that it can be stored, shown and carried out later."""

from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any


@dataclass(frozen=True)
class NewUnit:
    """A unit that the act founds. `parent` is a public id; empty: where the main predecessor stood that day.

    `source_key` comes from data files; empty: made from the act. Duties and papers empty: as the main predecessor had.
    """

    name: str
    kind: str
    parent: str = ""
    area_name: str = ""
    abbr: str = ""
    gso_code: str = ""
    place: str = "Huế"
    superior_lines: tuple[str, ...] = ()
    header_lines: tuple[str, ...] = ()
    head_title: str = ""
    deputy_title: str = ""
    union_name: str = ""
    source_key: str = ""
    source_note: str = ""
    in_scope: bool = True
    own_papers: bool | None = None
    plan_duty: str = ""
    report_duty: str = ""


@dataclass(frozen=True)
class Heir:
    """Who takes over: an existing unit (public id) or a new one. `parts`: see Succession."""

    unit: str = ""
    new: NewUnit | None = None
    parts: int = 1


@dataclass(frozen=True)
class Orders:
    """One act. By kind:

    - MERGER: `predecessors` end (at least one besides an existing heir, or two), one heir takes all.
    - SPLIT: one predecessor, heirs take its parts; it ends, or `continues` with the rest, `rest_parts` (tách).
      `children` and `people` name the heir (its place in `heirs`) of each subordinate unit and person; -1: stays with
      the predecessor that continues. Who is not named goes to the first heir, or stays where the predecessor continues.
    - MOVE: `predecessors` are the units that move below `parent`; nothing ends.
    - RENAMING: one predecessor, one new heir.
    - DISSOLUTION: the predecessor ends without successor; `children` and `people` go to `heirs` (existing units), which
      are not its successors. Who is not named goes to the only heir. Refused while a person or a subordinate unit has
      no place to go.
    - FOUNDING: one new heir, no predecessor.
    """

    kind: str
    on: date
    decision: str
    predecessors: tuple[str, ...] = ()
    heirs: tuple[Heir, ...] = ()
    parent: str = ""
    continues: bool = False
    rest_parts: int = 1
    children: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    decided_on: date | None = None
    note: str = ""
    verified: bool = True

    @property
    def named_units(self) -> set[str]:
        """Public ids of all units that the orders name."""
        return {
            *self.predecessors,
            *self.children,
            self.parent,
            *(heir.unit for heir in self.heirs),
            *(heir.new.parent for heir in self.heirs if heir.new),
        } - {""}

    def as_json(self) -> dict[str, Any]:
        stored = asdict(self)
        stored["on"] = self.on.isoformat()
        stored["decided_on"] = self.decided_on.isoformat() if self.decided_on else None
        return stored

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Orders":
        known = {name: stored[name] for name in _names(cls) if name in stored}
        known["on"] = date.fromisoformat(stored["on"])
        known["decided_on"] = date.fromisoformat(stored["decided_on"]) if stored.get("decided_on") else None
        known["predecessors"] = tuple(stored.get("predecessors", ()))
        known["heirs"] = tuple(_heir(row) for row in stored.get("heirs", ()))
        return cls(**known)


def _names(cls) -> list[str]:
    return [member.name for member in fields(cls)]


def _heir(stored: dict[str, Any]) -> Heir:
    new = stored.get("new")
    if new is not None:
        new = NewUnit(
            **new
            | {"superior_lines": tuple(new["superior_lines"]), "header_lines": tuple(new["header_lines"])}
        )
    return Heir(unit=stored["unit"], new=new, parts=stored["parts"])
