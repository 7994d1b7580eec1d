"""A province of two districts and four communes with its own files, small enough to be broken in every way."""

import csv
from pathlib import Path

from units import history
from units.loader import COLUMNS

FIRST_LIST = [
    ("46", "Tỉnh Thừa Thiên Huế", "tinh", ""),
    ("1", "Huyện Phong Điền", "huyen", "46"),
    ("2", "Huyện Nam Đông", "huyen", "46"),
    ("11", "Xã Điền Môn", "xa", "1"),
    ("12", "Xã Điền Hương", "xa", "1"),
    ("13", "Thị trấn Phong Điền", "thi_tran", "1"),
    ("21", "Thị trấn Khe Tre", "thi_tran", "2"),
]
LATER_LIST = [("46", "Tỉnh Thừa Thiên Huế", "tinh", ""), ("11", "Xã Phong Thạnh", "xa", "1")]
PROVINCE = ("hue-2019:46", "UBND tỉnh Thừa Thiên Huế", "tỉnh Thừa Thiên Huế", "tinh", "2019-01-01")
AGENCY = ("hue-agency:SNV", "Sở Nội vụ", "", "co_quan_chuyen_mon", "2019-01-01")
CITY = ("hue-2025:46", "UBND thành phố Huế", "thành phố Huế", "thanh_pho_truc_thuoc_tw", "2025-01-01")
WARDS = [
    ("hue-2025:11", "UBND phường Phong Phú", "phường Phong Phú", "phuong", "2025-07-01"),
    ("hue-2025:13", "UBND phường Phong Điền", "phường Phong Điền", "phuong", "2025-07-01"),
    ("hue-2025:21", "UBND xã Khe Tre", "xã Khe Tre", "xa", "2025-07-01"),
]
SOURCED = "nguồn: báo"
# on, kind, predecessor, successor, parent, parts, decision, decided_on, verified, note
ACTS = [
    ["2020-02-01", "merger", "hue-2019:11", "hue-2020:11", "", "", "NQ 834", "", SOURCED, ""],
    ["2020-02-01", "merger", "hue-2019:12", "hue-2020:11", "", "", "NQ 834", "", "chưa xác minh", "cùng tên"],
    ["2025-01-01", "renaming", "hue-2019:46", "hue-2025:46", "", "", "NQ 175", "2024-11-30", SOURCED, ""],
    ["2025-01-01", "move", "hue-2019:21", "", "hue-2019:1", "", "NQ 1314", "", SOURCED, ""],
    ["2025-01-01", "dissolution", "hue-2019:2", "", "", "", "NQ 1314", "", SOURCED, ""],
    ["2025-07-01", "renaming", "hue-2020:11", "hue-2025:11", "hue-2025:46", "", "NQ 1675", "", SOURCED, ""],
    ["2025-07-01", "renaming", "hue-2019:13", "hue-2025:13", "hue-2025:46", "", "NQ 1675", "", SOURCED, ""],
    ["2025-07-01", "renaming", "hue-2019:21", "hue-2025:21", "hue-2025:46", "", "NQ 1675", "", SOURCED, ""],
    ["2025-07-01", "dissolution", "hue-2019:1", "", "", "", "Luật 72", "", SOURCED, ""],
]


class SmallHistory:
    """Its files in a folder; `acts` may be changed before they are read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.acts = [list(row) for row in ACTS]
        for key, file in history.LISTS.items():
            rows = FIRST_LIST if key == "hue-2019" else LATER_LIST
            write(folder / file, history.LIST_COLUMNS, rows)
        write(folder / history.FORMER, COLUMNS, [described(*PROVINCE)])
        write(folder / history.IN_FORCE, COLUMNS, [described(*row) for row in (CITY, AGENCY, *WARDS)])

    @property
    def file(self) -> Path:
        path = self.folder / "acts.csv"
        write(path, history.ACTS_COLUMNS, self.acts)
        return path

    def read(self) -> history.History:
        return history.read(self.file, self.folder)


def described(key: str, name: str, area: str, kind: str, since: str) -> list[str]:
    known = {
        "source_key": key,
        "name": name,
        "area_name": area,
        "abbr": "UBND",
        "kind": kind,
        "since": since,
        "place": "Huế",
        "header_lines": name.upper(),
        "head_title": "Chủ tịch",
        "deputy_title": "Phó Chủ tịch",
        "base_union": "khong",
    }
    return [known.get(column, "") for column in COLUMNS]


def write(path: Path, columns: list[str], rows) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([columns, *rows])
