"""The file of acts leads from each official list to the next, and says of every row whether it has a source.

Read here anew, without the loader: what the file says must be right by itself.
"""

import csv
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

DATA = Path(settings.BASE_DIR) / "data"
LISTS = {
    "2019-01-01": ("hue-2019", "hue_units_2019.csv"),
    "2020-02-01": ("hue-2020", "hue_units_2020-02.csv"),
    "2021-07-01": ("hue-2021", "hue_units_2021-07.csv"),
    "2025-01-01": ("hue-2025-01", "hue_units_2025-01.csv"),
    "2025-07-01": ("hue-2025", "hue_units_2025.csv"),
}
# The same place written in two ways in different lists.
SPELLINGS = {"Phường Vĩ Dạ": "Phường Vỹ Dạ", "Xã A Roằng": "Xã A Roàng"}


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ACTS = read(DATA / "hue_successions.csv")
AREAS = [row for row in ACTS if not row["predecessor"].startswith("hue-agency:")]
ROWS = {f"{tag}:{row['code']}": row for tag, file in LISTS.values() for row in read(DATA / "units" / file)}


def spelt(name):
    return SPELLINGS.get(name, name)


def official(day):
    """Name, level and name of the unit above, as the list in force since that day has them."""
    rows = {row["code"]: row for row in read(DATA / "units" / LISTS[day][1])}
    return sorted(
        (spelt(row["name"]), row["level"], rows[row["parent_code"]]["name"] if row["parent_code"] else "")
        for row in rows.values()
    )


def told(until):
    """The same after all acts up to that day, beginning with the list of 2019."""
    above = {
        key: f"hue-2019:{row['parent_code']}" if row["parent_code"] else ""
        for key, row in ROWS.items()
        if key.startswith("hue-2019:")
    }
    for row in AREAS:
        if row["on"] <= until:
            carry_out(row, above)
    names = {key: ROWS[key]["name"] for key in above}
    return sorted(
        (spelt(names[key]), ROWS[key]["level"], names[parent] if parent else "")
        for key, parent in above.items()
    )


def carry_out(row, above):
    old, new, parent = row["predecessor"], row["successor"], row["parent"]
    if row["kind"] == "recoding":
        return
    if row["kind"] == "move":
        above[old] = parent
        return
    if new and new not in above:
        above[new] = parent or above[old]
    below = [key for key, one in above.items() if one == old]
    for child in below:
        above[child] = new
    last = [other for other in ACTS if (other["on"], other["predecessor"]) == (row["on"], old)][-1]
    if last is row or row["kind"] != "split":
        del above[old]


@pytest.mark.parametrize("day", list(LISTS))
def test_the_acts_lead_to_each_official_list_by_name_level_and_district(day):
    assert told(day) == official(day)


@pytest.mark.parametrize(("day", "communes"), [*zip(LISTS, (152, 145, 141, 133, 40), strict=True)])
def test_there_are_as_many_communes_as_known(day, communes):
    levels = [level for _name, level, _above in told(day)]
    assert sum(level in {"xa", "phuong", "thi_tran"} for level in levels) == communes


def test_a_missing_act_would_be_seen():
    left_out = AREAS.pop(0)
    try:
        assert told("2020-02-01") != official("2020-02-01")
    finally:
        AREAS.insert(0, left_out)


def test_every_row_is_sourced_or_says_that_it_is_not_verified_and_why():
    for row in ACTS:
        assert row["verified"].startswith("nguồn: ") or row["verified"] == "chưa xác minh"
        if row["verified"] == "chưa xác minh":
            assert row["note"], row


def test_acts_stand_in_the_order_of_time_with_their_documents():
    days = [date.fromisoformat(row["on"]) for row in ACTS]
    assert days == sorted(days)
    assert all(row["decision"] for row in ACTS if row["kind"] != "recoding")


def test_the_map_of_july_2025_is_told_whole():
    """133 old communes, each into the new one that the map names."""
    recoded = {row["successor"]: row["predecessor"] for row in ACTS if row["kind"] == "recoding"}
    merged = {row["predecessor"]: row["successor"] for row in AREAS if row["on"] == "2025-07-01"}
    pairs = read(DATA / "units" / "hue_units_map_2025-01_to_2025-07.csv")
    assert len(pairs) == 133
    for pair in pairs:
        candidates = [f"{tag}:{pair['old_code']}" for tag, _file in LISTS.values()]
        key = next(one for one in (*candidates[::-1], *map(recoded.get, candidates)) if one in merged)
        # One ward stayed as it was and only moved to the city.
        assert merged[key] == (
            "" if pair["old_name"] == "Phường Dương Nỗ" else f"hue-2025:{pair['new_code']}"
        )


def test_agencies_follow_one_another_as_their_list_says():
    source = {row["code"]: row for row in read(DATA / "units" / "hue_agencies.csv")}
    told_of = {
        row["predecessor"].removeprefix("hue-agency:"): (
            row["successor"].removeprefix("hue-agency:"),
            row["on"],
        )
        for row in ACTS
        if row["predecessor"].startswith("hue-agency:")
    }
    assert told_of.pop("BQLKKT-2019") == ("BQLKKT", "2025-01-01")
    assert set(told_of) == {code for code, row in source.items() if row["valid_to"]}
    for code, (successor, on) in told_of.items():
        assert successor == source[code]["successor_code"]
        assert on == source[successor]["valid_from"]
        assert (date.fromisoformat(on) - date.fromisoformat(source[code]["valid_to"])).days == 1


def test_a_split_says_its_parts():
    splits = [(row["predecessor"], row["successor"], row["parts"]) for row in ACTS if row["kind"] == "split"]
    assert splits == [
        ("hue-2019:19744", "hue-2019:19750", "7548"),
        ("hue-2019:19744", "hue-2019:19762", "4926"),
        ("hue-2019:474", "hue-2025-01:474", "3"),
        ("hue-2019:474", "hue-2025-01:475", "2"),
    ]
