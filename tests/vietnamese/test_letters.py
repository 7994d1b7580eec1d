import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vietnamese.letters import looks_legacy, nfc, nfc_lines


def test_decomposed_text_from_a_mac_becomes_composed():
    decomposed = unicodedata.normalize("NFD", "Thừa Thiên Huế")
    assert len(decomposed) == 19
    assert nfc(decomposed) == "Thừa Thiên Huế"
    assert len(nfc(decomposed)) == 14


@pytest.mark.parametrize("look_alike", ["Ð", "Ɖ", "Đ"])
def test_look_alikes_of_the_capital_d_with_stroke_become_it(look_alike):
    assert nfc(f"{look_alike}ặng Ưng") == "Đặng Ưng"


@pytest.mark.parametrize("look_alike", ["ð", "ɖ", "đ"])
def test_look_alikes_of_the_small_d_with_stroke_become_it(look_alike):
    assert nfc(f"hội {look_alike}ồng") == "hội đồng"


@pytest.mark.parametrize(
    "pasted",
    [
        "Kim\u00a0Long",
        "  Kim   Long\t",
        "Kim\u200b Long",
        "\ufeffKim Long",
        "Kim\u2003Long\u200d",
        "K\u00adim\u202f\u2060Long",
        "Kim\nLong",
        "Kim\x00 Long\x07",
    ],
)
def test_invisible_characters_and_all_kinds_of_space_are_one_plain_space_or_nothing(pasted):
    assert nfc(pasted) == "Kim Long"


def test_a_zero_width_character_between_a_letter_and_its_mark_does_not_keep_them_apart():
    assert nfc("Hue\u200b\u0302\u0301") == "Huế"


@pytest.mark.parametrize(
    "name", ["Hoá", "Hóa", "Thuỷ", "Thủy", "Vĩ Dạ", "Vỹ Dạ", "Sĩ", "Sỹ", "A Viết H'Nương"]
)
def test_spellings_that_people_chose_are_never_rewritten(name):
    assert nfc(name) == name


@given(st.text())
def test_cleaning_a_second_time_changes_nothing(text):
    assert nfc(nfc(text)) == nfc(text)
    assert nfc_lines(nfc_lines(text)) == nfc_lines(text)


@given(st.text())
def test_cleaned_text_is_composed_and_has_no_space_at_its_ends(text):
    cleaned = nfc(text)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert cleaned == cleaned.strip()
    assert "  " not in cleaned


def test_lines_stay_lines_whatever_their_ends():
    assert nfc_lines(" Một\u00a0 \r\n\r\nhai\u2028 ba \rbốn\n\n") == "Một\n\nhai\nba\nbốn"


@pytest.mark.parametrize(
    "legacy",
    [
        "hoạt động đoμn viên",
        "thμnh công",
        "Céng hßa x· héi chñ nghÜa ViÖt Nam",
        "Uû ban nh©n d©n",
        "NguyÔn V¨n Th¾ng",
        "®oµn",
        "§¶ng",
        "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam",
        "UÛY BAN NHAÂN DAÂN",
        "Nguyeãn Vaên An",
    ],
)
def test_text_of_old_fonts_is_recognised(legacy):
    assert looks_legacy(legacy)


@pytest.mark.parametrize(
    "proper",
    [
        "",
        "Ủy ban nhân dân thành phố Huế",
        "Hoà bình, Thuỷ, Hoá Châu, xoã, uỷ, khoẻ, loà xoà, quỳ, tuỳ",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Luật¹ 5 m², 5 μm, 25°C, § 5 «trích»",
        "Phần mềm Windows® của ông Müller, xe Citroën và bà Nuñez ở Châu Âu",
        "© 2026 Sở Nội vụ",
        "Müller",
    ],
)
def test_unicode_vietnamese_with_foreign_names_and_signs_is_not_taken_for_old_fonts(proper):
    assert not looks_legacy(proper)
    assert not looks_legacy(unicodedata.normalize("NFD", proper))


VIETNAMESE = "aăâbcdđeêghiklmnoôơpqrstuưvxy"


@given(
    st.text(
        alphabet=VIETNAMESE
        + VIETNAMESE.upper()
        + "áàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ "
    )
)
def test_single_vietnamese_letters_are_never_signs_of_an_old_font(text):
    assert not looks_legacy(" ".join(text))
