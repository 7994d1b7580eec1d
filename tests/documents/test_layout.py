from datetime import date

import pytest

from documents.layout import (
    Clause,
    Column,
    Figure,
    Header,
    Paragraph,
    Point,
    Row,
    Section,
    SigningMode,
    Table,
    paragraphs,
    signing_lines,
)
from documents.typeset import body_lines, report_html, table_sheet
from tests.documents import samples

SNV = Header(agency_lines=("SỞ NỘI VỤ",), number_symbol="BC-SNV", place="Huế", year=2026)


def test_a_number_below_ten_gets_a_zero_and_an_unknown_one_gets_room():
    assert Header(("SỞ NỘI VỤ",), "BC-SNV", "Huế", 2026, number="5").number_text == "05/BC-SNV"
    assert Header(("SỞ NỘI VỤ",), "BC-SNV", "Huế", 2026, number="105").number_text == "105/BC-SNV"
    assert SNV.number_text.strip("\u2007") == "/BC-SNV"
    assert len(SNV.number_text) > len("/BC-SNV") + 5


@pytest.mark.parametrize(
    ("day", "printed"),
    [
        (date(2026, 1, 5), "ngày 05 tháng 01 năm 2026"),
        (date(2026, 6, 29), "ngày 29 tháng 6 năm 2026"),
        (None, "ngày\u2007\u2007\u2007\u2007tháng\u2007\u2007\u2007\u2007năm 2026"),
    ],
)
def test_the_day_is_written_as_the_decree_writes_it(day, printed):
    assert Header(("SỞ NỘI VỤ",), "BC-SNV", "Huế", 2026, dated_on=day).date_text == printed


def test_signing_lines_follow_article_13():
    assert signing_lines("Giám đốc") == ("GIÁM ĐỐC",)
    assert signing_lines("Phó Giám đốc", mode=SigningMode.DEPUTY, head_post="Giám đốc") == (
        "KT. GIÁM ĐỐC",
        "PHÓ GIÁM ĐỐC",
    )
    assert signing_lines("Chủ tịch", collective="Ủy ban nhân dân") == ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")
    assert signing_lines("Giám đốc", mode=SigningMode.ACTING) == ("Q. GIÁM ĐỐC",)


def test_a_deputy_without_a_head_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="head_post"):
        signing_lines("Phó Giám đốc", mode=SigningMode.DEPUTY)


def test_points_are_lettered_in_the_order_of_the_vietnamese_alphabet():
    points = tuple(Point("nội dung") for _ in range(9))
    lines = body_lines(samples.report(sections=(Section("Mục", clauses=(Clause("Khoản", points=points),)),)))
    assert [line.label for line in lines if line.label.endswith(")")] == [
        f"{letter})" for letter in "abcdđeghi"
    ]


def test_sections_are_roman_capitals_and_clauses_arabic():
    lines = body_lines(samples.report())
    assert [(line.label, line.text) for line in lines if line.kind == "section"][:2] == [
        ("I.", "CÔNG TÁC LÃNH ĐẠO, CHỈ ĐẠO, TRIỂN KHAI"),
        ("II.", "KẾT QUẢ THỰC HIỆN"),
    ]
    assert [line.label for line in lines if line.kind == "clause"][:2] == ["1.", "3."]


def test_the_text_ends_with_the_mark_of_the_decree_on_its_last_line():
    assert body_lines(samples.report())[-1].text == "Đề nghị Ủy ban nhân dân thành phố xem xét, chỉ đạo./."
    after_table = body_lines(samples.report(sections=(Section("Số liệu", (samples.progress_table(),)),)))
    assert after_table[-1].text == "./."


def test_every_legal_basis_ends_with_a_semicolon_and_the_last_with_a_stop():
    html = report_html(samples.report(legal_bases=("Căn cứ Luật A.", "Căn cứ Luật B;", "Căn cứ Luật C")))
    assert "Luật A;</p>" in html
    assert "Luật B;</p>" in html
    assert "Luật C.</p>" in html


def test_one_annex_has_no_numeral_and_two_have_roman_ones():
    one = samples.report().annexes[:1]
    assert samples.report(annexes=one).annex_name(0) == "Phụ lục"
    assert [samples.report(annexes=one * 2).annex_name(place) for place in (0, 1)] == [
        "Phụ lục I",
        "Phụ lục II",
    ]


def test_as_above_stands_first_only_when_the_paper_names_its_addressee():
    assert samples.report().recipient_lines[0] == "Như trên"
    assert samples.plan().recipient_lines[0] == "Các sở, ban, ngành"


def test_typed_text_becomes_a_paragraph_a_line():
    assert paragraphs("Một.\n\n  Hai. \r\nBa.") == (Paragraph("Một."), Paragraph("Hai."), Paragraph("Ba."))


@pytest.mark.parametrize("widths", [[9, 55, 17, 17, 17], [1, 1, 1], [0.1, 300], [14] * 14])
def test_columns_of_a_table_fill_its_width_exactly(widths):
    sheet = table_sheet(Table("Bảng", tuple(Column("Cột", width) for width in widths), ()))
    assert sum(sheet.widths) == 1000
    assert min(sheet.widths) > 0


def test_a_column_too_narrow_for_its_longest_word_is_given_room():
    columns = (Column("TT", 1), Column("Đơn vị", 100), Column("Số", 1))
    table = Table("", columns, (Row(("1", "Sở Nội vụ", "1.234.567")),))
    number_mm = table_sheet(table).widths[2] * 165 / 1000
    assert 17 < number_mm < 21, "seven figures and two dots of 12 pt are 17 mm, and padding"


def test_letters_grow_smaller_only_when_the_words_do_not_fit():
    def size(columns: int, width_mm: float) -> int:
        row = Row(("1.234.567",) * columns)
        return table_sheet(Table("", tuple(Column("x", 1) for _ in range(columns)), (row,)), width_mm).size

    assert [size(columns, 165) for columns in (8, 9, 10, 14)] == [12, 11, 10, 9]
    assert size(14, 252) == 11


def test_one_endless_word_does_not_push_the_other_columns_away():
    columns = (Column("Tên", 50), Column("Ghi chú", 50))
    table = Table("", columns, (Row(("Sở Nội vụ", "x" * 500)),))
    assert table_sheet(table).widths == (500, 500)


def test_a_row_that_does_not_fit_its_columns_is_refused():
    with pytest.raises(ValueError, match="expected 2"):
        Table("Bảng", (Column("A", 1), Column("B", 1)), (Row(("chỉ một ô",)),))


def test_a_chart_given_as_a_plain_string_is_refused():
    with pytest.raises(TypeError):
        Figure("Biểu đồ", "<svg onload='x'></svg>")


def test_what_people_typed_is_text_and_never_markup():
    hostile = "<img src=http://127.0.0.1/x> & “Năm không”"
    html = report_html(
        samples.report(
            opening=(Paragraph(hostile),),
            annexes=(samples.Annex(hostile, (Table(hostile, (Column(hostile, 1),), (Row((hostile,)),)),)),),
        )
    )
    assert "<img" not in html.lower()
    assert html.count("&lt;img") >= 4
