"""The frame of the pledge in the decision's file: loaded once, never changed, only added to."""

import pytest

from campaigns.datafile import BrokenFile
from campaigns.services import load_campaign
from ledger.models import Event
from pledges.models import PledgeText
from tests.factories import ROOT

SOURCE = ROOT / "data/campaigns/2607.toml"


@pytest.fixture
def load(tmp_path):
    """Loads the decision's file with some words replaced."""

    def load_changed(*changes: tuple[str, str], more: str = ""):
        text = SOURCE.read_text()
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "2607.toml"
        path.write_text(text + more)
        return load_campaign(path=path)

    return load_changed


CLOSING = "Nếu vi phạm, tôi xin chịu trách nhiệm trước cơ quan và pháp luật."


def test_a_second_load_changes_nothing(campaign, load):
    before = PledgeText.objects.values().get()
    assert load().changes == []
    assert PledgeText.objects.values().get() == before


def test_words_of_a_loaded_text_are_refused_with_the_line(campaign, load):
    line = next(n for n, text in enumerate(SOURCE.read_text().split("\n"), 1) if text.startswith("closing ="))
    with pytest.raises(BrokenFile, match=f"dòng {line}: mẫu bản cam kết 1 đã có với lời khác"):
        load((CLOSING, "Nếu vi phạm, tôi xin lỗi."))
    assert PledgeText.objects.get().closing == CLOSING


def test_a_new_version_is_added_beside_the_old_one(campaign, load):
    _, found, table = SOURCE.read_text().partition("[[pledge_text]]")
    assert found
    second = found + table.replace("version = 1", "version = 2").replace(CLOSING, "Tôi xin chịu trách nhiệm.")
    assert load(more="\n" + second).changes == ["thêm mẫu bản cam kết 2"]
    assert PledgeText.objects.count() == 2


def test_a_commitment_that_somebody_signed_keeps_its_words(signed, load):
    with pytest.raises(BrokenFile, match="không sửa được"):
        load(("Không xu nịnh, chạy chọt, gian dối", "Không xu nịnh"))
    assert not Event.objects.filter(kind="campaigns.campaign.load").exclude(data__changes__gt=0).exists()


def test_before_anybody_signed_a_commitment_can_be_put_right(campaign, load):
    assert load(("Không xu nịnh, chạy chọt, gian dối", "Không xu nịnh")).changes
