import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vietnamese.keys import person_sort_key, search_key, sort_key

ALPHABET = list("aăâbcdđeêghiklmnoôơpqrstuưvxy")
GIVEN_NAMES = [
    "An",
    "An",
    "Ánh",
    "Ân",
    "Ẩn",
    "Ấn",
    "Bình",
    "Dung",
    "Đào",
    "Em",
    "Ê",
    "Oanh",
    "Ông",
    "Ơn",
    "Út",
    "Uyên",
    "Ưu",
]


def sorted_from_behind(names, key):
    backwards = list(reversed(names))
    backwards.sort(key=key)
    return backwards


def nfd(text):
    return unicodedata.normalize("NFD", text)


def test_search_keys_have_no_marks_and_d_for_d_with_stroke():
    assert search_key("Sở Nội vụ Đặng Ưng") == "so noi vu dang ung"


def test_a_search_key_keeps_numbers_and_signs_of_papers():
    assert search_key("Số 2607/QĐ-UBND") == "so 2607/qd-ubnd"


@pytest.mark.parametrize(
    "one, other", [("Hoá", "Hóa"), ("Thuỷ Xuân", "Thủy Xuân"), ("Ðào", "Đào"), ("K’Sor", "K'Sor")]
)
def test_one_name_typed_in_two_ways_is_found_by_one_search(one, other):
    assert search_key(one) == search_key(other)


@pytest.mark.parametrize("one, other", [("Vĩ Dạ", "Vỹ Dạ"), ("Sĩ", "Sỹ")])
def test_i_and_y_are_not_folded(one, other):
    assert search_key(one) != search_key(other)


@given(st.text())
def test_the_search_key_of_a_search_key_is_itself(text):
    assert search_key(search_key(text)) == search_key(text)


@given(st.text())
def test_decomposed_and_composed_text_have_the_same_keys(text):
    composed = unicodedata.normalize("NFC", text)
    assert search_key(nfd(text)) == search_key(composed)
    assert sort_key(nfd(text)) == sort_key(composed)
    assert person_sort_key(nfd(text)) == person_sort_key(composed)


@given(st.text())
def test_sort_keys_hold_only_digits_and_small_letters_so_every_collation_agrees(text):
    assert set(sort_key(text)) <= set("0123456789abcdefghijklmnopqrstuvwxyz")


def test_sort_keys_of_long_names_fit_their_columns():
    long_name = "TRƯỜNG TRUNG HỌC PHỔ THÔNG 2 " * 7
    assert len(sort_key(long_name)) == len(person_sort_key(long_name)) == 500
    assert sort_key("A" + long_name) < sort_key(long_name)


def test_letters_sort_as_the_alphabet_is_taught():
    assert sorted_from_behind(ALPHABET, sort_key) == ALPHABET


@pytest.mark.parametrize("letter", ["a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y"])
def test_tones_sort_level_falling_hook_tilde_sharp_heavy(letter):
    toned = [
        unicodedata.normalize("NFC", letter + tone)
        for tone in ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
    ]
    assert sorted_from_behind(toned, sort_key) == toned


def test_given_names_sort_as_an_officials_list_has_them():
    assert sorted_from_behind(GIVEN_NAMES, sort_key) == GIVEN_NAMES
    assert sorted_from_behind(GIVEN_NAMES, person_sort_key) == GIVEN_NAMES


def test_people_sort_by_given_name_then_family_name_then_the_names_between():
    people = [
        "An",
        "Lê Thị An",
        "Nguyễn Bá An",
        "Nguyễn Văn An",
        "NGUYỄN VĂN AN",
        "Tôn Nữ Thị An",
        "Tôn Thất An",
        "Hồ Văn Ánh",
        "A Viết Bình",
        "Trần Đào",
    ]
    for shuffled in (reversed(people), sorted(people), people[5:] + people[:5]):
        assert sorted(shuffled, key=person_sort_key) == people


def test_numbers_sort_by_value():
    communes = ["Xã A Lưới 1", "Xã A Lưới 2", "Xã A Lưới 2a", "Xã A Lưới 10", "Xã A Lưới 100", "Xã An Cựu"]
    assert sorted_from_behind(communes, sort_key) == communes


def test_leading_zeros_do_not_change_a_value_but_keep_texts_apart():
    assert sorted(["Tổ 10", "Tổ 02", "Tổ 2", "Tổ 01"], key=sort_key) == ["Tổ 01", "Tổ 2", "Tổ 02", "Tổ 10"]


def test_a_word_stands_before_its_continuation():
    names = ["Phong", "Phong An", "Phong Điền", "Phong Quảng", "Phong-Quảng", "Phongan"]
    assert sorted_from_behind(names, sort_key) == names


def test_letters_weigh_more_than_tones_and_tones_more_than_case():
    names = ["ha noi", "Ha Noi", "hà nội", "Hà Nội", "Hà Tĩnh"]
    assert sorted_from_behind(names, sort_key) == names


def test_the_two_placements_of_one_tone_stand_side_by_side():
    names = ["Hoà", "Hòa", "Hoả", "Hỏa", "Hoá", "Hóa"]
    assert sorted_from_behind(names, sort_key) == names


@given(st.lists(st.sampled_from("aáạăâdđeêiyoơu 12AĐÂ-"), max_size=6).map("".join))
def test_equal_keys_belong_to_equal_texts(text):
    for other in (text.replace("a", "á"), text.replace("d", "đ"), text.replace("1", "01"), text.upper()):
        same_text = " ".join(text.split()) == " ".join(other.split())
        assert (sort_key(text) == sort_key(other)) == same_text


WORD = st.text(alphabet="aáạâbdđ", min_size=1, max_size=3)


@given(WORD, WORD, WORD)
def test_what_follows_a_word_never_moves_it_past_a_word_of_other_letters(first, second, tail):
    low, high = sorted([first, second], key=sort_key)
    if sort_key(low).split("00")[0] != sort_key(high).split("00")[0]:
        assert sort_key(f"{low} {tail}") < sort_key(f"{high} {tail}")


def test_signs_sort_before_numbers_and_numbers_before_letters():
    ordered = [" ", "-", "1", "a", "z", "Ω"]
    for low, high in itertools.pairwise(ordered):
        assert sort_key("x" + low + "x") < sort_key("x" + high + "x")
