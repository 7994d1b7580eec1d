"""History is loaded whole, once, never over another tree; beside it what is there today and kinds of contract."""

import csv
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from ledger.models import Event
from tests.data.small_history import SmallHistory
from units import loader
from units.loader import BrokenFile
from units.models import ContractKind, Unit
from units.services.history import load_history
from units.services.units import load_contract_kinds, load_units

pytestmark = pytest.mark.django_db
UNITS = Path(settings.BASE_DIR) / "data" / "units"


def load(**options) -> str:
    said = StringIO()
    call_command("load_history", stdout=said, **options)
    return said.getvalue()


@pytest.fixture
def small(tmp_path):
    return SmallHistory(tmp_path)


def test_a_small_history_is_loaded_once(small):
    assert load(file=small.file, units=small.folder) == "Đã lập 8 đơn vị năm 2019, thực hiện 8 lần sắp xếp.\n"
    assert load(file=small.file, units=small.folder).startswith("Không có gì thay đổi")
    assert Unit.objects.filter(until__isnull=True).count() == 5


def test_an_act_that_is_impossible_leaves_nothing_behind(small):
    """The district still has its town when it ends: only the service can know."""
    small.acts[3], small.acts[4] = small.acts[4], small.acts[3]
    small.acts[4][4] = "hue-2025:46"
    with pytest.raises(
        CommandError, match=r"acts.csv: Dòng 5: Chưa thể giải thể UBND huyện Nam Đông.*1 đơn vị"
    ):
        load(file=small.file, units=small.folder)
    assert not Unit.objects.exists()
    assert not Event.objects.exists()


def test_a_tree_that_began_without_history_is_left_alone(small):
    load_units(rows=loader.read(UNITS / "hue_in_force.csv"), by=None)
    with pytest.raises(CommandError, match="đã được bắt đầu mà không có lịch sử"):
        load(file=small.file, units=small.folder)
    assert Unit.objects.count() == 60


def test_another_history_is_not_loaded_over_the_first(small):
    load(file=small.file, units=small.folder)
    small.acts[0][0] = small.acts[1][0] = "2020-01-01"
    with pytest.raises(CommandError, match=r"acts.csv: Dòng 2: khác với lịch sử đã nạp.*đính chính"):
        load(file=small.file, units=small.folder)


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(CommandError, match="Không có tệp"):
        load(file=tmp_path / "none.csv")


# --- The description of today, and kinds of contract


def test_a_file_may_know_of_earlier_days_but_never_forget_any():
    rows = loader.read(UNITS / "hue_in_force.csv")
    load_units(rows=rows, by=None)
    Unit.objects.filter(source_key="hue-agency:STP").update(since=date(2025, 1, 1))
    assert load_units(rows=rows, by=None) == ([], ["Sở Tư pháp"])
    Unit.objects.filter(source_key="hue-agency:STP").update(since=date(2011, 1, 1))
    with pytest.raises(BrokenFile, match="since của Sở Tư pháp khác"):
        load_units(rows=rows, by=None)


def test_kinds_of_contract_are_added_once_and_what_was_decided_of_them_stays():
    kinds = loader.read_contracts(UNITS / "contract_kinds.csv")
    assert load_contract_kinds(kinds=kinds, by=None) == [kind.name for kind in kinds]
    ContractKind.objects.filter(code="hd_duoi_12_thang").update(counts=False, pledges=False)
    ContractKind.objects.filter(code="cong_tac_vien").delete()
    again = loader.read_contracts(UNITS / "contract_kinds.csv")
    assert load_contract_kinds(kinds=again, by=None) == ["Cộng tác viên"]
    assert not ContractKind.objects.get(code="hd_duoi_12_thang").counts
    assert ContractKind.objects.count() == len(kinds)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",Biên chế,co,co,1,", "dòng 2: phải có mã, tên và số thứ tự"),
        ("bien_che,Biên chế,co,co,một,", "dòng 2: phải có mã, tên và số thứ tự"),
        ("bien_che,Biên chế,rồi,co,1,", "dòng 2: cột counts và pledges phải là"),
        ("bien_che,Biên chế,khong,co,1,", "dòng 2: ai phải ký cam kết thì phải được tính"),
        ("a,A,co,co,1,\na,B,co,co,2,", "dòng 3: mã a đã có"),
    ],
)
def test_a_broken_kind_of_contract_is_named(tmp_path, row, said):
    file = tmp_path / "kinds.csv"
    file.write_text(f"{','.join(loader.CONTRACT_COLUMNS)}\n{row}\n", encoding="utf-8")
    with pytest.raises(BrokenFile, match=said):
        loader.read_contracts(file)


def test_everybody_who_must_pledge_counts_and_every_default_is_called_one():
    with (UNITS / "contract_kinds.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert all("Sở Nội vụ quyết định" in row["note"] for row in rows)
    assert {row["code"] for row in rows if row["counts"] == "khong"} == {"hd_khoan_viec", "cong_tac_vien"}


def test_history_is_loaded_by_the_service_itself(small):
    done = load_history(history=small.read(), by=None)
    assert (done.founded, done.acts) == (8, 8)
    assert load_history(history=small.read(), by=None).founded == 0
