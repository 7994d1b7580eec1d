"""What one cell says, and what is wrong with it."""

from datetime import date

import pytest

from tests.units.rosterfile.files import CONTEXT
from units.rosterfile import cells, days
from units.rosterfile.cells import Wrong

ON = CONTEXT.on


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Nguyê\u0303n Va\u0306n A\u0301i", "Nguyễn Văn Ái"),
        ("Ðặng\u00a0Văn\u200b Ðoàn", "Đặng Văn Đoàn"),
        ("NGUYỄN THỊ HOÀ", "Nguyễn Thị Hoà"),
        ("lê văn a", "Lê Văn A"),
        ("A VIẾT H'NƯƠNG", "A Viết H'Nương"),
        ("Nguyễn văn Hòa", "Nguyễn văn Hòa"),
        ("Trần Thị\nHằng", "Trần Thị Hằng"),
        ("Y", "Y"),
    ],
)
def test_names_are_put_into_one_spelling_and_otherwise_left(written, name):
    assert cells.name(written) == name


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Nguyễn Văn Hòa; Trần Thị Lan", "several_people"),
        ("Nguyễn Văn Hòa và Trần Thị Lan", "several_people"),
        ("Nguyễn Văn Hòa\nTrần Thị Lan", "several_people"),
        ("Nguyễn Văn Нòa", "strange_letter"),
        ("НОА", "strange_letter"),
        ("Nguyễn Văn Hòa ✓", "strange_letter"),
        ("Nguyễn Văn Hòa (BS)", "note_in_name"),
        ("Nguyễn Văn Hòa 2", "note_in_name"),
        ("Nguyeãn Vaên Hoøa", "legacy_font"),
        ("Nguyá»…n VÄƒn Hòa", "lost_letters"),
        ("Nguy\ufffdn Hòa", "lost_letters"),
    ],
)
def test_names_that_are_none_or_more_than_one(written, code):
    wrong = cells.name(written)
    assert isinstance(wrong, Wrong)
    assert wrong.code == code


@pytest.mark.parametrize(
    ("value", "year"),
    [
        (1985, 1985),
        ("1985", 1985),
        ("3/1985", 1985),
        ("31/12/1985", 1985),
        ("1985-12-31", 1985),
        (date(1985, 5, 5), 1985),
    ],
)
def test_only_the_year_of_birth_is_kept(value, year):
    assert days.birth_year(value, ON) == year


@pytest.mark.parametrize("age", [days.YOUNGEST, days.OLDEST])
def test_the_ages_at_both_ends_are_believed_and_those_beyond_are_not(age):
    step = 1 if age == days.OLDEST else -1
    assert days.birth_year(ON.year - age, ON) == ON.year - age
    beyond = days.birth_year(ON.year - age - step, ON)
    assert isinstance(beyond, Wrong) and beyond.code == "birth_implausible"


@pytest.mark.parametrize(
    ("said", "category"),
    [
        ("CÁN BỘ", "can_bo"),
        ("công  chức", "cong_chuc"),
        ("VC", "vien_chuc"),
        ("Người lao động", "nguoi_lao_dong"),
    ],
)
def test_categories_by_any_of_their_names(said, category):
    assert cells.category(said) == category
