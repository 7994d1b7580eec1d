"""The BÁO CÁO made of a manifest: what stands on it, and that nothing else decides its bytes."""

import re
import subprocess
import unicodedata
from datetime import date

import pytest

from documents import press
from documents.typeset import report_html
from reports import rollup
from reports.rollup import coverage
from reports.rollup.facts import Facts
from tests.factories import make_unit, place
from tests.reports.province import PLAIN, Province, make_province, make_report, make_small_province
from units.models import Unit

# That both databases make the same bytes is proved in test_rollup_bytes.
pytestmark = [pytest.mark.django_db, pytest.mark.once]


def printed(manifest) -> bytes:
    paper = rollup.compose(manifest)
    return press.render(report_html(paper), title=paper.document_title)


def words_of(body: bytes, tmp_path, *options: str) -> str:
    """The text of a PDF on one line, as a reader copies it."""
    file = tmp_path / "paper.pdf"
    file.write_bytes(body)
    run = subprocess.run(["pdftotext", *options, str(file), "-"], capture_output=True, check=True)
    return " ".join(run.stdout.decode().split())


# Points: 15 mm of right margin, 20 mm above and below but for the page number and the demonstration mark.
RIGHT, ABOVE, BELOW = 42.5, 20.0, 20.0


def beyond_the_margins(file) -> list[str]:
    """Words that stand outside the printed area of their page."""
    run = subprocess.run(["pdftotext", "-bbox", str(file), "-"], capture_output=True, check=True, text=True)
    found, width, height = [], 0.0, 0.0
    for line in run.stdout.splitlines():
        numbers = [float(number) for number in re.findall(r'"([\d.]+)"', line)]
        if "<page " in line:
            width, height = numbers
        elif "<word " in line:
            left, top, right, bottom = numbers
            if left < 0 or right > width - RIGHT + 1 or top < ABOVE or bottom > height - BELOW:
                found.append(line.strip())
    return found


@pytest.fixture
def province(db) -> Province:
    return make_province(missing=10, waiting=0, returned=0, late=10)


def test_the_first_page_has_the_header_and_names_ten_missing_and_ten_late_units(province, tmp_path):
    manifest = rollup.gather(province.this)
    body = printed(manifest)
    first = words_of(body, tmp_path, "-l", "1")
    for line in (
        "UBND THÀNH PHỐ HUẾ",
        "SỞ NỘI VỤ",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "/BC-SNV",
        "BÁO CÁO",
    ):
        assert line in first
    assert "Kính gửi: Ủy ban nhân dân thành phố Huế" in first
    assert "49/59 đơn vị" in first
    read = Facts(manifest)
    named = [*read.units("missing"), *read.late()]
    assert len(named) == 20
    for row in named:
        assert row["name"] in first
    assert beyond_the_margins(tmp_path / "paper.pdf") == []
    assert unicodedata.is_normalized("NFC", first)
    fonts = subprocess.run(
        ["pdffonts", str(tmp_path / "paper.pdf")], capture_output=True, text=True, check=True
    )
    families = {
        re.split(r"[+]|\s", line)[1].split("-Bold")[0].split("-Italic")[0]
        for line in fonts.stdout.splitlines()[2:]
    }
    assert families == {"Liberation-Serif"}
    assert all(line.split()[-5] == "yes" for line in fonts.stdout.splitlines()[2:]), "every face is embedded"


def test_nothing_stands_outside_the_margins(small, cast, tmp_path):
    names = "; ".join(f"UBND xã A Lưới {number}" for number in range(1, 90))
    texts = {"V": f"Đề nghị {names}.\nXem {'x' * 300}", "III.2": "Ý kiến " * 400}
    make_report(small.this, cast.other_ward, figures=PLAIN, texts=texts)
    words_of(printed(rollup.gather(small.this)), tmp_path)
    assert beyond_the_margins(tmp_path / "paper.pdf") == []


def test_more_than_ten_missing_units_are_named_in_an_annex(tmp_path):
    province = make_province(missing=11, waiting=0, returned=0, late=0)
    manifest = rollup.gather(province.this)
    body = printed(manifest)
    first = words_of(body, tmp_path, "-l", "1")
    assert "Chưa gửi báo cáo: 11 đơn vị (danh sách tại Phụ lục II)." in first
    whole = words_of(body, tmp_path)
    annex = whole[whole.rindex("ĐƠN VỊ CHƯA GỬI, GỬI MUỘN") :]
    for row in Facts(manifest).units("missing"):
        assert row["name"] in annex


def test_a_missing_unit_below_the_first_level_is_named_in_the_annex(cast, campaign):
    small = make_small_province(cast, campaign)
    school = make_unit("Trường THCS Chu Văn An", kind=Unit.Kind.SCHOOL)
    place(school, cast.ward)
    paper = rollup.compose(rollup.gather(small.this))
    annex = next(annex for annex in paper.annexes if annex.title.startswith("Đơn vị chưa gửi"))
    names = [row.cells[1] for table in annex.blocks for row in table.rows]
    assert "Trường THCS Chu Văn An (UBND phường Kim Long)" in names


@pytest.fixture
def small(cast, campaign) -> Province:
    return make_small_province(cast, campaign)


def test_the_paper_is_a_draft_for_signature(small):
    paper = rollup.compose(rollup.gather(small.this))
    assert (paper.header.number, paper.header.dated_on) == ("", None)
    assert paper.signature.authority_lines == ("GIÁM ĐỐC",)
    assert paper.signature.name == "Phan Quốc Sơn"
    assert paper.recipients_to == ("Ủy ban nhân dân thành phố Huế",)
    assert paper.recipients.archive == "VT"
    assert "Như trên" not in paper.recipients.lines
    assert [section.title for section in paper.sections] == [
        "Công tác lãnh đạo, chỉ đạo, triển khai",
        "Kết quả thực hiện",
        "Đánh giá chung",
        "Phương hướng, nhiệm vụ năm 2027",
        "Kiến nghị, đề xuất",
    ]


def test_every_annex_is_referred_to_in_the_text(small, cast):
    make_report(
        small.this,
        cast.other_ward,
        figures=PLAIN,
        texts={"III.2": "\n".join(f"Tồn tại {n}." for n in range(12))},
    )
    paper = rollup.compose(rollup.gather(small.this))
    text = report_html(paper).partition('<section class="annex')[0]
    for place_, _ in enumerate(paper.annexes):
        assert paper.annex_name(place_) in text


def test_every_total_of_the_annex_says_how_many_units_are_behind_it(small):
    paper = rollup.compose(rollup.gather(small.this))
    for table in paper.annexes[0].blocks[2:]:
        if hasattr(table, "rows"):
            for row in (row for row in table.rows if row.kind == "total"):
                assert all(re.search(r"\d/\d", cell) for cell in row.cells[2:]), row


def test_last_year_stands_beside_this_year(small):
    html = report_html(rollup.compose(rollup.gather(small.this)))
    assert "năm 2025: 40 người (1/4 đơn vị)" in html


def test_a_first_year_says_nothing_of_a_year_before(small):
    html = report_html(rollup.compose(rollup.gather(small.last)))
    assert "2024" not in html


def test_a_round_without_any_report_still_makes_a_paper(campaign, cast, small):
    small.this.pk, small.this.code, small.this.year = None, "BC-2030", 2030
    small.this.public_id = "a" * 26
    small.this.due_on = date(2030, 11, 15)
    small.this.save()
    manifest = rollup.gather(small.this)
    assert len(Facts(manifest).units("missing")) == 4
    assert printed(manifest).startswith(b"%PDF-")


def test_the_lists_stay_in_the_text_up_to_ten_names():
    rows = [{"name": f"Đơn vị {n}", "days_late": 0} for n in range(11)]
    assert coverage.named(rows[:10], "Phụ lục II").startswith("10 đơn vị (Đơn vị 0; ")
    assert coverage.named(rows, "Phụ lục II") == "11 đơn vị (danh sách tại Phụ lục II)"
    assert coverage.named([], "Phụ lục II") == "không có"
