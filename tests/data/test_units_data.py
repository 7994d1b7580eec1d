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


def read(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


IN_FORCE = read("hue_in_force.csv")
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
        assert row["since"] == (source[code]["valid_from"] or "2025-01-01")
        assert (row["area_name"], row["gso_code"]) == ("", "")


def test_an_agency_that_ended_is_not_loaded():
    names = {row["name"] for row in AGENCIES}
    assert names.isdisjoint({"Sở Kế hoạch và Đầu tư", "Sở Giao thông vận tải", "Thanh tra tỉnh"})


def test_the_forty_communes_are_there_as_areas_and_as_authorities():
    source = {row["code"]: row for row in read("hue_units_2025.csv") if row["parent_code"]}
    assert len(source) == 40
    assert [row["gso_code"] for row in COMMUNES] == list(source)
    for row in COMMUNES:
        official = source[row["gso_code"]]
        assert row["area_name"] == official["name"][0].lower() + official["name"][1:]
        assert row["name"] == f"UBND {row['area_name']}"
        assert row["kind"] == official["level"]
        assert row["since"] == "2025-07-01"
        assert row["header_lines"] == f"ỦY BAN NHÂN DÂN|{row['area_name'].upper()}"
        assert row["area_name"].endswith(row["place"])


def test_wards_and_communes_are_counted_as_the_law_made_them():
    kinds = [row["kind"] for row in COMMUNES]
    assert (kinds.count("phuong"), kinds.count("xa")) == (21, 19)


@pytest.mark.parametrize("column", ["source_key", "name"])
def test_keys_and_names_are_not_repeated(column):
    assert len({row[column] for row in IN_FORCE}) == len(IN_FORCE)


def test_every_row_is_complete_and_its_day_is_a_day():
    for row in IN_FORCE:
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
    for row in IN_FORCE:
        for line in row["header_lines"].split("|"):
            width = sum(widths[glyphs[ord(letter)]][0] for letter in line) / em * HEADER_POINTS * 25.4 / 72
            assert width <= LEFT_COLUMN_MM, line
