"""Reads the history of the units from its files: who was there on the first day, and every act since.

Pure: the files say by keys what is to be done; `units.services.history` does it through the same service as the screen.
A key names the list in which a unit first appears: `hue-2021:19756` is code 19756 of the list of July 2021.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from units.loader import BrokenFile, UnitRow, day_of, described, table
from units.models import Reorganisation, Unit

FIRST_DAY = date(2019, 1, 1)
FIRST_DAY_NOTE = "từ khi có dữ liệu; ngày thành lập chưa xác minh"
ACTS_COLUMNS = [
    "on", "kind", "predecessor", "successor", "parent", "parts", "decision", "decided_on", "verified", "note",
]  # fmt: skip
LIST_COLUMNS = ["code", "name", "level", "parent_code"]
LISTS = {
    "hue-2019": "hue_units_2019.csv",
    "hue-2020": "hue_units_2020-02.csv",
    "hue-2021": "hue_units_2021-07.csv",
    "hue-2025-01": "hue_units_2025-01.csv",
}
FIRST_LIST = "hue-2019"
FORMER, IN_FORCE = "hue_former.csv", "hue_in_force.csv"
SOURCED, UNVERIFIED = "nguồn: ", "chưa xác minh"
Kind = Reorganisation.Kind
# A code that changed while the unit went on: no act, but later lists name the unit by the new code.
RECODING = "recoding"
LEVELS = {
    "thanh_pho": "thành phố", "quan": "quận", "thi_xa": "thị xã", "huyen": "huyện",
    "phuong": "phường", "xa": "xã", "thi_tran": "thị trấn",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One row of the file of acts."""

    number: int
    on: date
    kind: str
    predecessor: str
    successor: str
    parent: str
    parts: int
    decision: str
    decided_on: date | None
    verified: str
    note: str


@dataclass(frozen=True)
class Act:
    """One act, by keys. `heirs` with their parts; `children` go to the heir at that place. `line` is its first."""

    line: int
    on: date
    kind: str
    predecessors: tuple[str, ...]
    heirs: tuple[tuple[str, int], ...] = ()
    parent: str = ""
    children: Mapping[str, int] = field(default_factory=dict)
    decision: str = ""
    decided_on: date | None = None
    is_verified: bool = False
    note: str = ""


@dataclass(frozen=True)
class History:
    """`founded`: who was there on the first day, each with the key of the unit above. `rows`: all units ever."""

    founded: list[tuple[UnitRow, str]]
    acts: list[Act]
    rows: Mapping[str, UnitRow]
    recoded: Mapping[str, str]

    @property
    def root(self) -> UnitRow:
        return self.founded[0][0]


def read(acts_file: Path, folder: Path) -> History:
    """All of it, checked from the first day to the last. Raises BrokenFile naming file, line and fault."""
    lines = _lines(acts_file)
    recoded = {line.predecessor: line.successor for line in lines if line.kind == RECODING}
    former, in_force = described(folder / FORMER), described(folder / IN_FORCE)
    rows = {row.source_key: row for row in [*former, *in_force]}
    founded = _founded(former, in_force, folder)
    for key, file in LISTS.items():
        for row, _above in _areas(folder / file, key):
            rows.setdefault(row.source_key, row)
    for old, new in recoded.items():
        if old in rows and new in rows:
            rows[old] = replace(rows[old], gso_code=rows[new].gso_code)
    founded = [(rows[row.source_key], above) for row, above in founded]
    history = History(founded, _acts(lines, acts_file.name), rows, recoded)
    _live_through(history, acts_file.name, {row.source_key for row in in_force})
    return history


# --- Who was there


def _founded(former: list[UnitRow], in_force: list[UnitRow], folder: Path) -> list[tuple[UnitRow, str]]:
    root = next((row for row in former if row.kind == Unit.Kind.OLD_PROVINCE), None)
    if root is None:
        raise BrokenFile(f"{FORMER}: phải có đúng một đơn vị cấp tỉnh.")
    agencies = [
        row
        for row in [*former, *in_force]
        if row.since == FIRST_DAY and not row.area_name and row is not root
    ]
    areas = [
        (row, above) for row, above in _areas(folder / LISTS[FIRST_LIST], FIRST_LIST) if row.kind in LEVELS
    ]
    return [(root, ""), *((row, root.source_key) for row in agencies), *areas]


def _areas(path: Path, key: str) -> Iterable[tuple[UnitRow, str]]:
    """Authorities of one list with the keys of those above, as they are called in that list; no province."""
    found = []
    for line, cells in table(path, LIST_COLUMNS):
        if not cells["parent_code"]:
            continue
        level = LEVELS.get(cells["level"])
        if level is None or not cells["name"].lower().startswith(f"{level} "):
            raise BrokenFile(
                f"{path.name}, dòng {line}: “{cells['name']}” không phải cấp “{cells['level']}”."
            )
        found.append((_authority(cells, level, key, line), f"{key}:{cells['parent_code']}"))
    return found


def _authority(cells: dict[str, str], level: str, key: str, line: int) -> UnitRow:
    bare = cells["name"][len(level) + 1 :]
    area = f"{level} {bare}"
    return UnitRow(
        line=line,
        source_key=f"{key}:{cells['code']}",
        name=f"UBND {area}",
        area_name=area,
        abbr="UBND",
        kind=cells["level"],
        gso_code=cells["code"],
        since=FIRST_DAY,
        place=bare,
        superior_lines=[],
        header_lines=["ỦY BAN NHÂN DÂN", area.upper()],
        head_title=f"Chủ tịch UBND {level}",
        deputy_title=f"Phó Chủ tịch UBND {level}",
        has_union=False,
        source_note=FIRST_DAY_NOTE if key == FIRST_LIST else "",
    )


# --- What was done


def _lines(path: Path) -> list[Line]:
    found: list[Line] = []
    for number, cells in table(path, ACTS_COLUMNS):
        try:
            line = _line(number, cells)
            if found and line.on < found[-1].on:
                raise ValueError("các dòng phải theo thứ tự ngày")
        except ValueError as error:
            raise BrokenFile(f"{path.name}, dòng {number}: {error}.") from error
        found.append(line)
    return found


def _line(number: int, cells: dict[str, str]) -> Line:
    on, kind = day_of(cells["on"]), cells["kind"]
    if kind not in {Kind.MERGER, Kind.SPLIT, Kind.MOVE, Kind.RENAMING, Kind.DISSOLUTION, RECODING}:
        raise ValueError(f"không có loại “{kind}”")
    has_successor = kind not in {Kind.MOVE, Kind.DISSOLUTION}
    if not cells["predecessor"] or bool(cells["successor"]) != has_successor:
        raise ValueError("thiếu hoặc thừa đơn vị trước, đơn vị sau")
    if kind == Kind.MOVE and not cells["parent"]:
        raise ValueError("chuyển cơ quan chủ quản phải có cột parent")
    if (kind == Kind.SPLIT) != bool(cells["parts"]) or not (cells["parts"] or "1").isdecimal():
        raise ValueError("cột parts là số nguyên dương, chỉ khi chia, tách")
    if not cells["verified"].startswith(SOURCED) and cells["verified"] != UNVERIFIED:
        raise ValueError(f"cột verified phải là “{SOURCED}…” hoặc “{UNVERIFIED}”")
    if kind != RECODING and not cells["decision"]:
        raise ValueError("cột decision để trống")
    return Line(
        number=number,
        on=on,
        kind=kind,
        predecessor=cells["predecessor"],
        successor=cells["successor"],
        parent=cells["parent"],
        parts=int(cells["parts"] or 1),
        decision=cells["decision"],
        decided_on=day_of(cells["decided_on"]) if cells["decided_on"] else None,
        verified=cells["verified"],
        note=cells["note"],
    )


def _acts(lines: list[Line], file: str) -> list[Act]:
    """Rows of one merger, split or move are one act, at the place of its first row."""
    groups: dict[tuple, list[Line]] = {}
    for line in lines:
        if line.kind != RECODING:
            groups.setdefault(_group(line), []).append(line)
    heirs_of_splits = {
        (line.on, line.successor): line.predecessor for line in lines if line.kind == Kind.SPLIT
    }
    children: dict[tuple[date, str], dict[str, str]] = {}
    for key, group in list(groups.items()):
        split = heirs_of_splits.get((group[0].on, group[0].parent)) if group[0].kind == Kind.MOVE else None
        if split:
            children.setdefault((group[0].on, split), {}).update(
                {line.predecessor: line.parent for line in groups.pop(key)}
            )
    return [
        _act(group, children.get((group[0].on, group[0].predecessor), {}), file) for group in groups.values()
    ]


def _group(line: Line) -> tuple:
    same = {
        Kind.MERGER.value: line.successor,
        Kind.SPLIT.value: line.predecessor,
        Kind.MOVE.value: f"{line.parent} {line.decision}",
    }
    return line.on, line.kind, same.get(line.kind, line.predecessor)


def _act(group: list[Line], children: dict[str, str], file: str) -> Act:
    first = group[0]
    for line in group:
        if (line.parent, line.decision, line.decided_on) != (first.parent, first.decision, first.decided_on):
            raise BrokenFile(
                f"{file}, dòng {line.number}: khác dòng {first.number} của cùng một lần sắp xếp ở cột "
                "parent, decision hay decided_on."
            )
    heirs = tuple(dict.fromkeys((line.successor, line.parts) for line in group if line.successor))
    places = {key: place for place, (key, _parts) in enumerate(heirs)}
    said = [*(line.verified for line in group), *(line.note for line in group if line.note)]
    return Act(
        line=first.number,
        on=first.on,
        kind=first.kind,
        predecessors=tuple(dict.fromkeys(line.predecessor for line in group)),
        heirs=heirs,
        parent=first.parent,
        children={child: places[parent] for child, parent in children.items()}
        if first.kind == Kind.SPLIT
        else {},
        decision=first.decision,
        decided_on=first.decided_on,
        is_verified=all(line.verified != UNVERIFIED for line in group),
        note="; ".join(dict.fromkeys(said)),
    )


# --- Whether it can have been


def _live_through(history: History, file: str, at_last: set[str]) -> None:
    """Nobody acts before he is there or after his end, and in the end there are exactly those in force."""
    living = {row.source_key for row, _above in history.founded}
    ended: set[str] = set()
    for act in history.acts:
        fault = _fault(act, history.rows, living, ended)
        if fault:
            raise BrokenFile(f"{file}, dòng {act.line}: {fault}.")
        if act.kind != Kind.MOVE:
            ended |= set(act.predecessors)
        living = (living | {key for key, _parts in act.heirs}) - ended
    if living != at_last:
        left = ", ".join(sorted(living ^ at_last)[:3])
        raise BrokenFile(f"{file}: sau dòng cuối, các đơn vị còn lại khác {IN_FORCE} ({left}).")


def _fault(act: Act, rows: Mapping[str, UnitRow], living: set[str], ended: set[str]) -> str:
    for key in [*act.predecessors, *act.children]:
        if key not in living:
            return f"{key} không hoạt động vào ngày {act.on:%d/%m/%Y}"
    for key, _parts in act.heirs:
        if key not in rows:
            return f"không có đơn vị {key} trong danh sách nào"
        if key in ended or key in act.predecessors:
            return f"{key} đã kết thúc"
    if act.parent and act.parent not in living:
        return f"cấp trên {act.parent} không hoạt động vào ngày {act.on:%d/%m/%Y}"
    return ""
