"""The real history of Huế through the service of the screen: 152, 145, 141, 133 and 40 communes on the right days."""

import csv
import json
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from ledger.models import Event
from tests.data.test_history_data import LISTS, official, spelt
from units import loader, tree
from units.models import BaseUnion, Placement, Post, Reorganisation, Succession, Unit
from units.services.units import load_units

pytestmark = pytest.mark.django_db
UNITS = Path(settings.BASE_DIR) / "data" / "units"
COMMUNES = ("xa", "phuong", "thi_tran")
COUNTS = {
    "2019-01-01": (105, 39, 8),
    "2020-02-01": (98, 39, 8),
    "2021-07-01": (95, 39, 7),
    "2025-01-01": (78, 48, 7),
    "2025-07-01": (19, 21, 0),
}


def load(**options) -> str:
    said = StringIO()
    call_command("load_history", stdout=said, **options)
    return said.getvalue()


def counted(day: date) -> dict[str, int]:
    said = StringIO()
    call_command("count_units", "--on", day.isoformat(), stdout=said)
    return json.loads(said.getvalue())


def communes(day: date) -> tuple[int, ...]:
    found = counted(day)
    return tuple(found.get(kind, 0) for kind in COMMUNES)


@pytest.fixture(scope="module")
def real(django_db_setup, django_db_blocker):
    """The whole history, loaded once for all tests that only look at it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load()
        transaction.set_rollback(True)


@pytest.mark.parametrize("day", LISTS)
def test_the_communes_of_each_list_live_from_its_day_and_those_before_until_the_eve(real, day):
    first = date.fromisoformat(day)
    assert communes(first) == COUNTS[day]
    earlier = [counts for other, counts in COUNTS.items() if other < day]
    assert communes(first - timedelta(days=1)) == (earlier[-1] if earlier else (0, 0, 0))


def test_the_count_is_one_json_object_by_kind_as_the_data_files_call_them(real):
    assert counted(date(2019, 6, 1)) == {
        "tinh": 1,
        "co_quan_chuyen_mon": 20,
        "co_quan_hanh_chinh_khac": 2,
        "don_vi_su_nghiep": 2,
        "thanh_pho": 1,
        "thi_xa": 2,
        "huyen": 6,
        "phuong": 39,
        "xa": 105,
        "thi_tran": 8,
    }
    assert sum(counted(date(2026, 1, 1)).values()) == 60


@pytest.mark.parametrize("day", LISTS)
def test_the_tree_is_the_official_list_by_name_kind_and_unit_above(real, day):
    standing = tree.load(date.fromisoformat(day))
    areas = {key: row.unit.area_name for key, row in standing.placements.items()}
    found = sorted(
        (
            spelt(capital(row.unit.area_name)),
            row.unit.kind,
            capital(areas[row.parent_id]) if row.parent_id else "",
        )
        for row in standing.placements.values()
        if row.unit.area_name
    )
    assert found == official(day)


def capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def test_in_the_end_stand_exactly_the_units_in_force_as_they_are_described(real):
    living = {unit.source_key: unit for unit in Unit.objects.filter(until__isnull=True)}
    rows = loader.read(UNITS / "hue_in_force.csv")
    assert set(living) == {row.source_key for row in rows}
    titles = {(post.unit.source_key, post.kind): post.title for post in Post.objects.select_related("unit")}
    for row in rows:
        unit = living[row.source_key]
        for name in ("name", "area_name", "abbr", "kind", "gso_code", "since", "place", "source_note"):
            assert getattr(unit, name) == getattr(row, name), (row.source_key, name)
        assert (unit.superior_lines, unit.header_lines) == (row.superior_lines, row.header_lines)
        assert titles[row.source_key, "head"] == row.head_title
        assert titles[row.source_key, "deputy"] == row.deputy_title


def test_whoever_stands_below_the_city_plans_and_reports_itself_and_nobody_else_ever_did_below_a_district(
    real,
):
    today = tree.load(date(2026, 1, 1))
    assert len(today.owing("report_duty")) == len(today.owing("plan_duty")) == 59
    before = tree.load(date(2024, 1, 1))
    assert {unit.kind for unit in before.owing("report_duty")}.isdisjoint(COMMUNES)
    assert len(before.owing("report_duty")) == 9 + 24


def test_an_agency_that_never_ended_keeps_its_row_under_two_provinces(real):
    rows = Placement.objects.filter(unit__source_key="hue-agency:STP").order_by("since")
    assert [(row.parent.source_key, row.since, row.until) for row in rows] == [
        ("hue-2019:46", date(2019, 1, 1), date(2025, 1, 1)),
        ("hue-2025:46", date(2025, 1, 1), None),
    ]


def test_every_act_is_kept_with_its_document_and_whether_it_is_verified(real):
    acts = Reorganisation.objects.all()
    assert acts.count() == 91
    assert not acts.exclude(status="done").exists()
    with (UNITS.parent / "hue_successions.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] not in {"recoding", "move"}]
    told = {
        (
            row.predecessor.source_key,
            row.successor.source_key if row.successor else "",
            row.on.isoformat(),
        ): row
        for row in Succession.objects.select_related("predecessor", "successor", "act")
    }
    for row in rows:
        kept = told.pop((row["predecessor"], row["successor"], row["on"]))
        assert (kept.kind, kept.parts, kept.decision) == (
            row["kind"],
            int(row["parts"] or 1),
            row["decision"],
        )
        same_act = [
            one["verified"] for one in rows if (one["on"], one["successor"]) == (row["on"], row["successor"])
        ]
        assert kept.verified == ("chưa xác minh" not in same_act)
        assert row["note"] in kept.act.note
    assert not told


def test_no_union_is_made_up(real):
    assert not BaseUnion.objects.exists()


def test_loading_again_changes_nothing_neither_does_the_file_of_those_in_force(real):
    events = Event.objects.count()
    assert load() == "Không có gì thay đổi: lịch sử đã được nạp.\n"
    assert Event.objects.count() == events
    assert load_units(rows=loader.read(UNITS / "hue_in_force.csv"), by=None) == ([], [])


def test_who_began_without_history_stands_as_those_who_have_it(real):
    """On any day since 1 July 2025: the same names at the same places with the same duties."""
    with_history = _standing()
    with transaction.atomic():
        Succession.objects.all().delete()
        Placement.objects.all().delete()
        Post.objects.all().delete()
        Unit.objects.all().delete()
        load_units(rows=loader.read(UNITS / "hue_in_force.csv"), by=None)
        assert _standing() == with_history
        transaction.set_rollback(True)


def _standing() -> set[tuple]:
    placements = tree.load(date(2026, 1, 1)).placements.values()
    return {
        (
            row.unit.source_key,
            row.unit.since,
            row.parent and row.parent.source_key,
            row.in_scope,
            row.own_papers,
            row.plan_duty,
            row.report_duty,
        )
        for row in placements
    }
