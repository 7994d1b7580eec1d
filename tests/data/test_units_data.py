"""The file that is loaded follows from the files it was made of."""

import csv
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from fontTools.ttLib import TTFont

from documents.fonts import serif_faces
from units.models import Unit

FOLDER = Path(settings.BASE_DIR) / "data" / "units"
LEFT_COLUMN_MM = 65
HEADER_POINTS = 13
FIRST_DAY = "2019-01-01"
# Under the name of the city since then; and the one ward of January 2025 that July left as it was.
SINCE = {"hue-agency:BQLKKT": "2025-01-01", "hue-2025:19909": "2025-01-01"}


def read(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


IN_FORCE, FORMER = read("hue_in_force.csv"), read("hue_former.csv")
ROOT, *OTHERS = IN_FORCE
AGENCIES = [row for row in OTHERS if row["source_key"].startswith("hue-agency:")]
COMMUNES = [row for row in OTHERS if row["source_key"].startswith("hue-2025:")]


def test_the_first_row_is_the_authority_of_the_city():
    assert (ROOT["name"], ROOT["area_name"], ROOT["kind"]) == (
        "UBND thành phố Huế",
        "thành phố Huế",
        Unit.Kind.PROVINCE,
    )
    assert 1 + len(AGENCIES) + len(COMMUNES) == len(IN_FORCE) == 60


def test_every_agency_in_force_since_july_2025_is_there_under_its_name():
    source = {row["code"]: row for row in read("hue_agencies.csv") if not row["valid_to"]}
    loaded = {row["source_key"].removeprefix("hue-agency:"): row for row in AGENCIES}
    assert set(loaded) == set(source)
    for code, row in loaded.items():
        assert row["name"] == source[code]["name"].replace("công nghiệp tỉnh", "công nghiệp thành phố")
        assert (row["abbr"], row["kind"]) == (source[code]["abbr"], source[code]["kind"])
        assert row["since"] == SINCE.get(row["source_key"], source[code]["valid_from"] or FIRST_DAY)
        assert (row["area_name"], row["gso_code"]) == ("", "")


def test_an_agency_that_ended_is_not_loaded():
    names = {row["name"] for row in AGENCIES}
    assert names.isdisjoint({"Sở Kế hoạch và Đầu tư", "Sở Giao thông vận tải", "Thanh tra tỉnh"})


def test_every_agency_that_ended_is_described_as_it_was():
    source = {row["code"]: row for row in read("hue_agencies.csv")}
    province, *agencies = FORMER
    assert (province["name"], province["kind"]) == ("UBND tỉnh Thừa Thiên Huế", Unit.Kind.OLD_PROVINCE)
    described = {row["source_key"].removeprefix("hue-agency:").removesuffix("-2019"): row for row in agencies}
    assert set(described) == {code for code, row in source.items() if row["valid_to"]} | {"BQLKKT"}
    for code, row in described.items():
        assert (row["name"], row["abbr"], row["kind"]) == tuple(
            source[code][key] for key in ("name", "abbr", "kind")
        )
        assert "general_knowledge" not in source[code]["source"] or "chưa xác minh" in row["source_note"]
    assert {row["since"] for row in FORMER} == {FIRST_DAY}
    assert {row["base_union"] for row in FORMER} == {"chua_xac_minh"}


def test_what_begins_with_the_data_says_so():
    for row in [*FORMER, *IN_FORCE]:
        assert (row["since"] == FIRST_DAY) == ("ngày đầu của dữ liệu" in row["source_note"])


def test_the_forty_communes_are_there_as_areas_and_as_authorities():
    source = {row["code"]: row for row in read("hue_units_2025.csv") if row["parent_code"]}
    assert len(source) == 40
    assert [row["gso_code"] for row in COMMUNES] == list(source)
    for row in COMMUNES:
        official = source[row["gso_code"]]
        assert row["area_name"] == official["name"][0].lower() + official["name"][1:]
        assert row["name"] == f"UBND {row['area_name']}"
        assert row["kind"] == official["level"]
        assert row["since"] == SINCE.get(row["source_key"], "2025-07-01")
        assert row["header_lines"] == f"ỦY BAN NHÂN DÂN|{row['area_name'].upper()}"
        assert row["area_name"].endswith(row["place"])


def test_wards_and_communes_are_counted_as_the_law_made_them():
    kinds = [row["kind"] for row in COMMUNES]
    assert (kinds.count("phuong"), kinds.count("xa")) == (21, 19)


@pytest.mark.parametrize("column", ["source_key", "name"])
def test_keys_and_names_are_not_repeated(column):
    """Names twice among those that ended and their successors: Sở Nội vụ, Sở Tài chính."""
    rows = [*IN_FORCE, *FORMER] if column == "source_key" else IN_FORCE
    assert len({row[column] for row in rows}) == len(rows)


def test_every_row_is_complete_and_its_day_is_a_day():
    for row in [*IN_FORCE, *FORMER]:
        assert all(
            row[column] for column in ("name", "abbr", "place", "header_lines", "head_title", "deputy_title")
        )
        assert row["kind"] in Unit.Kind.values
        assert date.fromisoformat(row["since"]) <= date(2025, 7, 1)
        assert None not in row


def test_only_authorities_and_the_office_of_the_council_print_no_superior():
    without = {row["name"] for row in AGENCIES if not row["superior_lines"]}
    assert without == {"Văn phòng Đoàn đại biểu Quốc hội và Hội đồng nhân dân"}
    assert not [row for row in [ROOT, *COMMUNES] if row["superior_lines"]]


def test_administrative_units_have_no_base_union_and_the_others_wait_for_verification():
    for row in IN_FORCE:
        expected = "chua_xac_minh" if row["kind"] == Unit.Kind.PUBLIC_SERVICE else "khong"
        assert row["base_union"] == expected


def test_what_the_source_calls_unverified_is_called_so():
    source = {f"hue-agency:{row['code']}": row for row in read("hue_agencies.csv")}
    for row in AGENCIES:
        origin = source[row["source_key"]]
        if (
            "xac_minh" in origin["source"]
            or "xác minh" in origin["note"]
            or origin["source"] == "general_knowledge"
        ):
            assert "chưa xác minh" in row["source_note"]


def test_every_header_line_fits_the_left_column():
    font = TTFont(BytesIO(serif_faces()["bold"]))
    glyphs, widths, em = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
    areas = [
        row["name"].upper()
        for file in ("hue_units_2019.csv", "hue_units_2021-07.csv", "hue_units_2025-01.csv")
        for row in read(file)
    ]
    for lines in [*(row["header_lines"] for row in [*IN_FORCE, *FORMER]), *areas]:
        for line in lines.split("|"):
            width = sum(widths[glyphs[ord(letter)]][0] for letter in line) / em * HEADER_POINTS * 25.4 / 72
            assert width <= LEFT_COLUMN_MM, line
