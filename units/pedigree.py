"""Where the boxes and arrows of a line of succession stand: the past on the left, the future on the right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import wrap

from units.models import Succession, Unit

BOX_WIDTH, LINE_HEIGHT, PADDING = 210, 20, 10
COLUMN, ROW_GAP = 260, 16
LETTERS = 21
NAME_LINES = 3
BOX_HEIGHT = (NAME_LINES + 1) * LINE_HEIGHT + PADDING


@dataclass(frozen=True)
class Box:
    """A unit at its top left corner. `texts`: the lines of its name with the height of each baseline."""

    unit: Unit
    x: int
    y: int
    texts: tuple[tuple[int, str], ...]
    is_self: bool

    @property
    def middle(self) -> int:
        return self.y + BOX_HEIGHT // 2

    @property
    def text_x(self) -> int:
        return self.x + PADDING

    @property
    def period_y(self) -> int:
        return self.y + BOX_HEIGHT - PADDING


@dataclass(frozen=True)
class Arrow:
    """From the right side of a predecessor to the left side of its successor."""

    x1: int
    y1: int
    x2: int
    y2: int
    verified: bool

    @property
    def path(self) -> str:
        bend = (self.x1 + self.x2) // 2
        return f"M{self.x1} {self.y1}C{bend} {self.y1} {bend} {self.y2} {self.x2} {self.y2}"


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    box_width: int = BOX_WIDTH
    box_height: int = BOX_HEIGHT


@dataclass
class _Side:
    """One side of the unit: its predecessors or its successors, each with a column (depth) and a row (in rows)."""

    neighbours: Mapping[int, Sequence[int]]
    rows: dict[int, float] = field(default_factory=dict)
    depths: dict[int, int] = field(default_factory=dict)
    next_row: int = 0

    def place(self, unit_id: int, depth: int = 0) -> float:
        """Leaves take the rows in order; a unit stands in the middle of those it is joined with."""
        if unit_id in self.rows:
            return self.rows[unit_id]
        self.depths[unit_id] = depth
        fresh = [other for other in self.neighbours.get(unit_id, ()) if other not in self.depths]
        rows = [self.place(other, depth + 1) for other in fresh]
        if rows:
            self.rows[unit_id] = (min(rows) + max(rows)) / 2
        else:
            self.rows[unit_id] = self.next_row
            self.next_row += 1
        return self.rows[unit_id]


def draw(units: Sequence[Unit], successions: Sequence[Succession], unit: Unit) -> Picture | None:
    """The picture of all predecessors and successors of `unit`; None when it has neither."""
    joined = [row for row in successions if row.successor_id and row.predecessor_id != row.successor_id]
    if not joined:
        return None
    before, after = _Side(_grouped(joined, back=True)), _Side(_grouped(joined, back=False))
    before.place(unit.pk)
    after.place(unit.pk)
    shift = before.rows[unit.pk] - after.rows[unit.pk]
    first = min([0.0, *(row + shift for row in after.rows.values())])
    past = max(before.depths.values())
    spots = {key: (past + depth, after.rows[key] + shift - first) for key, depth in after.depths.items()}
    spots |= {key: (past - depth, before.rows[key] - first) for key, depth in before.depths.items()}
    boxes = {one.pk: _box(one, *spots[one.pk], one.pk == unit.pk) for one in units if one.pk in spots}
    arrows = [_arrow(boxes, row) for row in joined if {row.predecessor_id, row.successor_id} <= boxes.keys()]
    return Picture(
        width=max(box.x for box in boxes.values()) + BOX_WIDTH + 2,
        height=max(box.y for box in boxes.values()) + BOX_HEIGHT + 2,
        boxes=tuple(boxes.values()),
        arrows=tuple(arrows),
    )


def _grouped(successions: Sequence[Succession], *, back: bool) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for row in successions:
        assert row.successor_id is not None
        pair = (row.successor_id, row.predecessor_id) if back else (row.predecessor_id, row.successor_id)
        found.setdefault(pair[0], []).append(pair[1])
    return found


def _box(unit: Unit, column: int, row: float, is_self: bool) -> Box:
    x, y = column * COLUMN + 1, round(row * (BOX_HEIGHT + ROW_GAP)) + 1
    lines = wrap(unit.name, LETTERS, max_lines=NAME_LINES, placeholder="…")
    texts = tuple((y + (place + 1) * LINE_HEIGHT, line) for place, line in enumerate(lines))
    return Box(unit, x, y, texts, is_self)


def _arrow(boxes: Mapping[int, Box], row: Succession) -> Arrow:
    assert row.successor_id is not None
    left, right = boxes[row.predecessor_id], boxes[row.successor_id]
    return Arrow(left.x + BOX_WIDTH, left.middle, right.x, right.middle, row.verified)
