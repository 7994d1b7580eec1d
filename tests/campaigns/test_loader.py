"""The decision's file: taken in whole, once, word for word; a broken one leaves nothing behind."""

import tomllib
import unicodedata
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from campaigns import services
from campaigns.datafile import BrokenFile, locate
from campaigns.models import Campaign, Commitment, Indicator, LegalBasis, Phase, Target, Task
from ledger.models import Event
from pledges.models import PledgeText

DECISION = Path(settings.BASE_DIR) / "data/campaigns/2607.toml"
TEXT = DECISION.read_text(encoding="utf-8")
DATA = tomllib.loads(TEXT)

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    """`file(old, new)`: the decision's file with one passage changed."""

    def write(old: str = "", new: str = "", *, text: str = TEXT) -> Path:
        assert not old or old in text
        path = tmp_path / "changed.toml"
        path.write_text(text.replace(old, new, 1) if old else text, encoding="utf-8")
        return path

    return write


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


def fault_in(path: Path) -> str:
    with pytest.raises(BrokenFile) as caught:
        services.load_campaign(path=path)
    return str(caught.value)


def test_everything_of_the_file_arrives_word_for_word():
    campaign = services.load_campaign(path=DECISION).campaign
    assert [one.text for one in campaign.commitments.all()] == [row["text"] for row in DATA["commitments"]]
    assert [one.text for one in campaign.tasks.all()] == [row["text"] for row in DATA["tasks"]]
    assert [one.text for one in campaign.phases.all()] == [row["text"] for row in DATA["phases"]]
    assert [one.text for one in campaign.legalbasiss.all()] == [row["text"] for row in DATA["legal_bases"]]
    assert [one.title for one in campaign.reportsections.all()] == [row["title"] for row in DATA["sections"]]
    assert [one.code for one in campaign.indicators.all()] == [row["code"] for row in DATA["indicators"]]
    assert campaign.report_text == DATA["reporting"]["text"]
    assert (campaign.report_due_month, campaign.report_due_day) == (11, 15)
    assert PledgeText.objects.get().intro == DATA["pledge_text"][0]["intro"]


def test_rows_point_to_the_rows_the_file_means():
    campaign = services.load_campaign(path=DECISION).campaign
    assert Task.objects.get(clause="IV.4.3").group.clause == "IV.4"
    assert Task.objects.get(clause="V.5").group is None
    assert Target.objects.get(code="T2").phase == Phase.objects.get(number=2)
    assert Indicator.objects.get(code="headcount").annex_title == DATA["annexes"][0]["title"]
    assert campaign.reportsections.get(number="II.6").group.order == 6


def test_texts_typed_in_decomposed_letters_are_stored_composed(file):
    path = file(text=unicodedata.normalize("NFD", TEXT))
    campaign = services.load_campaign(path=path).campaign
    assert campaign.commitments.first().text == DATA["commitments"][0]["text"]


def test_a_second_load_changes_nothing_and_says_so(capsys):
    call_command("load_campaign", DECISION)
    before = Event.objects.count()
    capsys.readouterr()
    call_command("load_campaign", DECISION)
    assert capsys.readouterr().out.startswith("Không có gì thay đổi: 2607/QĐ-UBND đã có đủ 4 căn cứ")
    assert Event.objects.count() == before
    assert services.load_campaign(path=DECISION).changes == []


def test_the_first_load_leaves_an_event_with_the_hash_of_the_file():
    campaign = services.load_campaign(path=DECISION).campaign
    event = Event.objects.get(kind="campaigns.campaign.load")
    assert event.object_id == campaign.public_id
    assert len(event.data["sha256"]) == 64


def test_a_changed_file_says_what_it_changed(file):
    services.load_campaign(path=DECISION)
    path = file("Đề nghị", "Tờ trình", text=TEXT.replace('alias = "Năm không"', 'alias = "5 không"'))
    loaded = services.load_campaign(path=path)
    assert loaded.changes == ["sửa cuộc vận động: alias", "sửa căn cứ 4: kind"]
    assert LegalBasis.objects.get(order=4).kind == "Tờ trình"


def test_a_row_added_and_a_row_taken_away_are_named(file):
    services.load_campaign(path=DECISION)
    added = file(
        "\n[[commitments]]\norder = 5",
        '\n[[commitments]]\norder = 6\ntext = "Không thử"\n\n[[commitments]]\norder = 5',
    )
    assert services.load_campaign(path=added).changes == ["thêm nội dung cam kết 6"]
    assert services.load_campaign(path=DECISION).changes == ["bỏ nội dung cam kết 6"]
    assert Commitment.objects.count() == 5


SENTENCE = "Triển khai thực hiện tốt quy chế dân chủ cơ sở"


def test_a_task_that_no_plan_rests_on_may_be_reworded(file):
    services.load_campaign(path=DECISION)
    changes = services.load_campaign(path=file(SENTENCE, "Thực hiện tốt quy chế dân chủ cơ sở")).changes
    assert changes == ["sửa nhiệm vụ IV.4.1: text"]


def test_a_task_that_a_plan_rests_on_is_never_reworded(file, cast):
    campaign = services.load_campaign(path=DECISION).campaign
    services.begin_plan(by=cast.head, campaign=campaign, unit=cast.ward, year=2026)
    said = fault_in(file(SENTENCE, "Thực hiện tốt quy chế dân chủ cơ sở"))
    assert said.startswith(f"changed.toml, dòng {line_of(TEXT, SENTENCE)}: nhiệm vụ IV.4.1 đã được dùng")
    assert Task.objects.get(clause="IV.4.1").text.startswith(SENTENCE)


def test_a_task_that_a_plan_rests_on_is_never_taken_away(file, cast):
    campaign = services.load_campaign(path=DECISION).campaign
    services.begin_plan(by=cast.head, campaign=campaign, unit=cast.ward, year=2026)
    assert "thiếu nhiệm vụ IV.4.1" in fault_in(file('clause = "IV.4.1"', 'clause = "IV.4.9"'))
    assert Task.objects.filter(clause="IV.4.9").count() == 0


def test_what_is_said_about_a_part_in_use_may_still_change(file, cast):
    campaign = services.load_campaign(path=DECISION).campaign
    services.begin_plan(by=cast.head, campaign=campaign, unit=cast.ward, year=2026)
    path = file("[[task_groups]]\norder = 1\n", '[[task_groups]]\norder = 1\nsource = "đã rà soát"\n')
    assert services.load_campaign(path=path).changes == ["sửa nhóm nhiệm vụ 1: source"]


FAULTS = [
    ("order = 1\ncode = \"T1\"", "order = 1\ncolour = 3\ncode = \"T1\"", "colour = 3", "không có mục “colour”"),
    ("decision_on = 2019-10-23", 'decision_on = "23/10/2019"', "decision_on", "“decision_on” phải là ngày"),
    ("decision_on = 2019-10-23", "decision_on = 2019-02-30", "decision_on", "ngày giờ không có trong lịch"),
    ("due_month = 11", "due_month = 13", "due_day", "không phải một ngày trong năm"),
    ("until = 2021-01-01", "until = 2019-01-01", "until", "“until” phải sau “since”"),
    ("phase = 1", "phase = 9", "phase = 9", "“phase” trỏ tới “9”"),
    ('numerator = "violators"', 'numerator = "violater"', "violater", "không có trong bảng “indicators”"),
    ('at_most = "leaders"', 'at_most = "leader"', 'at_most = "leader"', "“at_most” trỏ tới “leader”"),
    ("floor = 3\n", "floor = 6\n", "ceiling = 5", "“ceiling” nhỏ hơn “floor”"),
    ('direction = "down"', 'direction = "lower"', '"lower"', "“lower” không thuộc: up, down, reach"),
    ('code = "can_bo"', 'code = "quan_chuc"', "quan_chuc", "không thuộc: can_bo"),
    ("by_category = true", 'by_category = "có"', "by_category", "phải là true hoặc false"),
    ("order = 1\ncode = \"T1\"", "order = true\ncode = \"T1\"", "order = true", "“order” phải là số nguyên"),
    ("order = 1\ncode = \"T1\"", "order = 99999\ncode = \"T1\"", "order = 99999", "“order” phải từ 0 đến 9999"),
    ("floor = 3\n", "floor = nan\n", "floor = nan", "“floor” phải từ 0 đến 9999"),
    ('clause = "IV.1.2"', 'clause = "IV.1.1"', "", "clause “IV.1.1” đã dùng"),
    ('alias = "Năm không"', 'alias = ""', "alias", "“alias” để trống"),
    ('alias = "Năm không"', f'alias = "{"x" * 61}"', "alias", "“alias” dài 61 ký tự, nhiều nhất là 60"),
    ("version = 1", 'version = "1"', "version =", "“version” phải là số nguyên"),
    ('alias = "Năm không"', "alias = Năm không", "alias", "không đúng cú pháp TOML"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "at", "said"), FAULTS, ids=[fault[1][:40] for fault in FAULTS])
def test_a_broken_file_is_refused_with_file_line_and_what_is_wrong(file, old, new, at, said):
    broken = TEXT.replace(old, new, 1)
    message = fault_in(file(text=broken))
    assert said in message
    if at:
        after = broken.index("[reporting]") if at == "due_day" else broken.index(new)
        line = broken[: broken.index(at, after)].count("\n") + 1
        assert f"changed.toml, dòng {line}: " in message
    assert Campaign.objects.count() == 0


def test_all_faults_are_told_at_once_in_the_order_of_the_lines(file):
    text = TEXT.replace('alias = "Năm không"', "alias = 5").replace('direction = "up"', 'direction = "high"')
    first, second = fault_in(file(text=text)).split("\n")
    assert "“alias” phải là chữ" in first
    assert "“high” không thuộc" in second


def test_a_missing_key_is_told_with_the_line_of_its_table(file):
    text = TEXT.replace(
        'title = "Tuyên truyền nâng cao nhận thức', 'titel = "Tuyên truyền nâng cao nhận thức', 1
    )
    line = text[: text.index("[[task_groups]]")].count("\n") + 1
    assert f"dòng {line}: bảng “task_groups” thiếu mục “title”" in fault_in(file(text=text))


def test_an_unknown_table_a_missing_table_and_a_table_written_as_a_key_are_refused(file):
    assert "không có bảng nào tên “colours”" in fault_in(file(text=TEXT + "\n[colours]\nred = 1\n"))
    assert "thiếu bảng [[commitments]]" in fault_in(file(text=TEXT.replace("[[commitments]]", "[[tasks]]")))
    assert "“recipients” phải viết thành bảng [[recipients]]" in fault_in(
        file(text="recipients = 3\n" + TEXT.replace("[[recipients]]", "[[commitments]]"))
    )


def test_a_file_that_is_absent_or_not_utf8_is_told_so(tmp_path):
    assert "không đọc được tệp" in fault_in(tmp_path / "no.toml")
    path = tmp_path / "old.toml"
    path.write_bytes(b'# ok\nalias = "N\xe3m"\n')
    assert fault_in(path).startswith("old.toml, dòng 2: có chữ không phải UTF-8")


def test_a_fault_found_by_a_floor_above_leaves_nothing_behind(file):
    """The pledge's text is loaded last, by pledges: its fault takes the whole load back."""
    message = fault_in(file("[[pledge_text]]\nversion = 1", "[[pledge_text]]\ncolour = 1\nversion = 1"))
    assert "bảng “pledge_text” không có mục “colour”" in message
    assert "dòng" in message
    assert Campaign.objects.count() == Task.objects.count() == PledgeText.objects.count() == 0


def test_a_fault_in_a_second_load_keeps_the_first_as_it_was(file):
    services.load_campaign(path=DECISION)
    fault_in(
        file("version = 1", 'version = "1"', text=TEXT.replace('alias = "Năm không"', 'alias = "5 không"'))
    )
    assert Campaign.objects.get().alias == "Năm không"


def test_the_command_fails_with_the_sentence_and_not_with_a_trace(file):
    with pytest.raises(CommandError, match=r"dữ liệu giữ nguyên.\n.*dòng \d+"):
        call_command("load_campaign", file('alias = "Năm không"', "alias = 5"))


def test_lines_are_found_past_long_strings_that_look_like_tables():
    text = '[[tasks]]\ntext = """\n[[tasks]]\norder = 9"""\norder = 1\n[[tasks]]\norder = 2\n'
    places = locate(text)
    assert places["tasks", 0, "order"] == 5
    assert places["tasks", 1, ""] == 6
    assert ("tasks", 2, "") not in places
