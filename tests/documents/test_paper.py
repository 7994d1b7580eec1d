"""The printed papers, read from outside: what a chánh văn phòng checks before bringing one to be signed."""

import itertools
import re
import unicodedata

import pytest

from documents.press import render
from documents.typeset import report_html
from tests.documents import samples
from tests.documents.conftest import Printed

ALL = pytest.mark.parametrize("name", sorted(samples.PAPERS))
TEXT_LEFT, TEXT_RIGHT = 30, 195


def lines_of(text: str) -> list[str]:
    return [re.sub(r"\s+", " ", line).strip() for line in text.splitlines() if line.strip()]


@ALL
def test_one_family_of_letters_is_embedded_and_no_other(printed, name):
    fonts = [line.split() for line in printed(name).run("pdffonts", "PDF").splitlines()[2:]]
    assert fonts
    families = {font[0].partition("+")[2].removesuffix("-Italic").removesuffix("-Bold") for font in fonts}
    assert families == {"Liberation-Serif"}
    assert {tuple(font[-5:-2]) for font in fonts} == {("yes", "yes", "yes")}, "embedded, subset, with Unicode"


@ALL
def test_the_file_is_sound_tagged_and_names_itself(printed, name):
    paper = printed(name)
    paper.run("qpdf", "--check", "PDF")
    facts = paper.run("pdfinfo", "PDF")
    assert re.search(r"Tagged:\s+yes", facts)
    assert re.search(r"Title:\s+(Báo cáo|Kế hoạch|Bản cam kết|Trang minh chứng) ", facts)
    assert re.search(r"Page size:\s+595.* \(A4\)", facts)
    plain = paper.run(
        "qpdf", "--qdf", "--object-streams=disable", "--stream-data=uncompress", "PDF", "-"
    ).encode()
    assert b"<pdfuaid:part>1" in plain or b'pdfuaid:part="1"' in plain
    assert b"/Lang (vi)" in plain
    assert b"/DisplayDocTitle true" in plain


def test_the_header_reads_exactly_as_the_decree_prints_it(printed):
    page = lines_of(printed("report").text(1))
    assert page[:3] == [
        "UBND THÀNH PHỐ HUẾ CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "SỞ NỘI VỤ Độc lập - Tự do - Hạnh phúc",
        "Số: /BC-SNV Huế, ngày tháng năm 2026",
    ]
    assert page[3:7] == [
        "BÁO CÁO",
        "Kết quả thực hiện Cuộc vận động “Cán bộ, công chức, viên chức",
        "nói không với tiêu cực” năm 2026",
        "Kính gửi: Ủy ban nhân dân thành phố Huế",
    ]


def test_an_ubnd_has_no_superior_line_and_an_issued_paper_its_number_and_day(printed):
    page = lines_of(printed("issued").text(1))
    assert page[:3] == [
        "ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "THÀNH PHỐ HUẾ Độc lập - Tự do - Hạnh phúc",
        "Số: 05/BC-UBND Huế, ngày 03 tháng 02 năm 2026",
    ]
    at = page.index("Kính gửi:")
    assert page[at + 1 : at + 4] == [
        "- Ban Thường vụ Thành ủy;",
        "- Thường trực Hội đồng nhân dân thành phố;",
        "- Bộ Nội vụ.",
    ]


def test_the_header_columns_stand_65_and_100_mm_wide(printed):
    words = [word for word in printed("report").words() if word.page == 1 and word.top < 45]
    agency = [word for word in words if word.left < TEXT_LEFT + 65]
    nation = [word for word in words if word.left >= TEXT_LEFT + 65]
    for block, middle in ((agency, 30 + 32.5), (nation, 95 + 50)):
        line = [word for word in block if abs(word.top - block[0].top) < 1]
        assert (min(w.left for w in line) + max(w.right for w in line)) / 2 == pytest.approx(middle, abs=0.5)


def test_vietnamese_letters_come_back_composed_and_unchanged(printed):
    text = printed("issued").text()
    assert unicodedata.is_normalized("NFC", text)
    for words in (
        "ỦY BAN NHÂN DÂN",
        "Ưu điểm",
        "ông Ẩn",
        "tỷ lệ",
        "Nguyễn Thị Ẩn",
        "Độc lập - Tự do - Hạnh phúc",
    ):
        assert words in text


def page_numbers(printed_paper) -> list[str]:
    """What stands in the top margin of each page."""
    top = [word for word in printed_paper.words() if word.bottom < 20]
    for word in top:
        middle = 112.5 if printed_paper.sheet_sizes()[word.page - 1][0] < 220 else 156
        assert (word.left + word.right) / 2 == pytest.approx(middle, abs=0.5), "centred over the text"
        assert word.bottom - word.top == pytest.approx(14 * 25.4 / 72 * 1.1, rel=0.15), "14 pt"
    by_page = {word.page: word.text for word in top}
    return [by_page.get(page, "") for page in range(1, printed_paper.pages + 1)]


def test_pages_are_numbered_from_the_second_and_every_annex_for_itself(printed):
    paper = printed("report")
    numbers = page_numbers(paper)
    annexes = [
        page for page in range(1, paper.pages + 1) if lines_of(paper.text(page))[0].startswith("Phụ lục")
    ]
    assert len(annexes) == 2
    starts = [1, *annexes, paper.pages + 1]
    expected = []
    for start, end in itertools.pairwise(starts):
        expected += ["", *(str(number) for number in range(2, end - start + 1))]
    assert numbers == expected


def test_annexes_lie_across_or_stand_as_they_were_asked_to(printed):
    sizes = [tuple(round(side) for side in size) for size in printed("report").sheet_sizes()]
    assert set(sizes[:3]) == {(210, 297)}
    assert set(sizes[3:]) == {(297, 210)}
    assert {tuple(round(side) for side in size) for size in printed("issued").sheet_sizes()} == {(210, 297)}


def test_headings_of_a_long_table_come_again_on_every_page_and_no_row_is_split(printed):
    paper = printed("report")
    last = range(paper.pages - 3, paper.pages + 1)
    for page in last:
        assert "Cơ quan, đơn vị, địa phương" in " ".join(lines_of(paper.text(page)))
    text = "\n".join(paper.text(page) for page in last)
    numbers = [int(found) for found in re.findall(r"^\s{0,12}(\d{1,2})\s+\S", text, re.MULTILINE)]
    assert [number for number in numbers if number] and set(range(20, 61)) <= set(numbers)


def test_the_name_of_a_group_never_ends_a_page_and_a_total_never_begins_one(tmp_path):
    """Tables of growing length, so that both fall on a page's edge somewhere."""
    head = tuple(samples.Row((f"dòng {number}",)) for number in range(42))
    tail = (samples.Row(("NHÓM",), "group"), *head[:3], samples.Row(("CỘNG",), "total"))
    columns = (samples.Column("Đơn vị", 1),)
    annexes = tuple(
        samples.Annex("Số liệu", (samples.Table("", columns, head[:length] + tail),), landscape=False)
        for length in range(20, 42)
    )
    path = tmp_path / "x.pdf"
    path.write_bytes(render(report_html(samples.report(annexes=annexes, demo=False)), title="x"))
    by_page = itertools.groupby(Printed(path).words(), key=lambda word: word.page)
    pages = [
        [word.text for word in sorted(words, key=lambda word: (word.top, word.left))] for _, words in by_page
    ]
    assert all(words[-1] != "NHÓM" for words in pages)
    assert not [words for words in pages if words[:4] == ["2", "Đơn", "vị", "CỘNG"]]


def test_the_annex_says_what_it_comes_with_and_leaves_the_number_open(printed):
    page = lines_of(printed("report").text(4))
    assert page[:3] == [
        "Phụ lục I",
        "KẾT QUẢ TRIỂN KHAI VÀ KÝ CAM KẾT",
        "(Kèm theo Báo cáo số /BC-SNV ngày tháng năm 2026 của Sở Nội vụ thành phố Huế)",
    ]
    assert "(Kèm theo Báo cáo số 05/BC-UBND ngày 03 tháng 02 năm 2026" in " ".join(
        lines_of(printed("issued").text(4))
    )


def test_the_end_of_the_text_the_recipients_and_the_signature_stand_together(printed):
    page = lines_of(printed("issued").text(3))
    at = next(place for place, line in enumerate(page) if line.endswith("./."))
    assert page[at + 1] == "Nơi nhận: TM. ỦY BAN NHÂN DÂN"
    rest = " ".join(page[at + 2 :])
    for line in (
        "- Như trên;",
        "- Các sở, ban, ngành;",
        "- UBND các xã, phường;",
        "- Lưu: VT, CCVC.",
        "KT. CHỦ TỊCH",
    ):
        assert line in rest
    assert page[-1] == "Nguyễn Thị Ẩn"


def test_the_signature_has_room_for_a_signature_and_a_seal(printed):
    words = [word for word in printed("issued").words() if word.page == 3]
    post = [word for word in words if word.text == "PHÓ"][-1]
    name = [word for word in words if word.text == "Ẩn"][-1]
    assert 34 <= name.top - post.bottom <= 42


@ALL
def test_nothing_is_cut_off_and_nothing_overlaps(printed, name):
    paper = printed(name)
    sizes = paper.sheet_sizes()
    for page, found in itertools.groupby(paper.words(), key=lambda word: word.page):
        words = list(found)
        width, height = sizes[page - 1]
        for word in words:
            assert word.left >= TEXT_LEFT - 0.5, word
            assert word.right <= width - 15 + 0.5, word
            assert 5 < word.top < word.bottom < height - 5, word
        for one, other in itertools.combinations(words, 2):
            across = min(one.right, other.right) - max(one.left, other.left)
            down = min(one.bottom, other.bottom) - max(one.top, other.top)
            assert not (across > 0.6 and down > 2.2), (one, other)


@ALL
def test_the_demonstration_mark_is_on_every_page_of_demonstration_papers_only(printed, name):
    paper = printed(name)
    marks = [("DỮ LIỆU MINH HỌA" in paper.text(page)) for page in range(1, paper.pages + 1)]
    assert marks == [samples.PAPERS[name]().demo] * paper.pages


def test_bookmarks_name_the_paper_its_sections_and_its_annexes(printed):
    plain = printed("report").run("qpdf", "--json", "--json-key=outlines", "PDF")
    for title in (
        "Báo cáo kết quả thực hiện",
        "II. KẾT QUẢ THỰC HIỆN",
        "1. Đặc điểm tình hình",
        "Phụ lục II. KẾT QUẢ",
    ):
        assert title in plain


def test_tables_are_tagged_with_heads_of_columns_and_rows(printed):
    tree = printed("issued").run("pdfinfo", "-struct-text", "PDF")
    assert re.search(r"Table\b", tree)
    assert re.search(r"Caption", tree)
    assert len(re.findall(r"\bTH\b", tree)) > 20
    assert len(re.findall(r"\bH1\b", tree)) == 1
    assert (
        "Tỷ lệ ký cam kết qua các năm" in printed("issued").run("pdfinfo", "-struct", "PDF")
        or "Figure" in tree
    )


def test_a_pledge_is_one_page_with_its_parties_its_code_and_no_drawn_signature(printed):
    paper = printed("pledge")
    assert paper.pages == 1
    text = " ".join(lines_of(paper.text()))
    for words in (
        "BẢN CAM KẾT",
        "5. Không lợi dụng chức vụ, quyền hạn trong thực thi công vụ.",
        "THỦ TRƯỞNG ĐƠN VỊ TM. BCH CÔNG ĐOÀN NGƯỜI CAM KẾT",
        "Xác nhận điện tử Xác nhận điện tử Xác nhận điện tử",
        "lúc 10:24 ngày 15/11/2026",
        "9f2c 4e1a b07d 5533",
        "Mã kiểm tra: 7K3WQ-P5M2X-9HJTR-4DBNC",
        "https://namkhong.hue.gov.vn/kiem-tra/",
    ):
        assert words in text
    assert "Số:" not in text
    assert paper.run("pdfimages", "-list", "PDF").count("\n") == 3, "the QR code and no other picture"


def test_a_party_that_has_not_confirmed_is_said_to_have_not(printed):
    text = " ".join(lines_of(printed("pledge-to-head").text()))
    assert "Chưa xác nhận" in text
    assert "CÔNG ĐOÀN" not in text
