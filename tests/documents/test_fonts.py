import shutil
from pathlib import Path

import pytest
from django.conf import settings as portal
from fontTools.ttLib import TTFont

from documents.fonts import FACES, FontsMissing, printable_characters, serif_faces


def test_every_vietnamese_letter_can_be_printed():
    letters = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
    tones = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
    import unicodedata

    for letter in letters:
        for tone in tones if letter in "aăâeêioôơuưy" else ("",):
            for shape in (letter, letter.upper()):
                assert ord(unicodedata.normalize("NFC", shape + tone)) in printable_characters()
    assert set(serif_faces()) == {"regular", "bold", "italic", "bold-italic"}


def test_an_older_font_without_vietnamese_letters_is_refused_with_what_to_install(tmp_path, settings):
    for name in FACES.values():
        shutil.copy(Path(portal.PAPER_FONTS) / name, tmp_path / name)
    old = TTFont(tmp_path / FACES["bold"])
    for table in old["cmap"].tables:
        for letter in "ơưệ":
            table.cmap.pop(ord(letter), None)
    old.save(tmp_path / FACES["bold"])
    settings.PAPER_FONTS = tmp_path
    with pytest.raises(FontsMissing, match=r"LiberationSerif-Bold.ttf .* thiếu chữ .*ơ.*fonts-liberation2"):
        serif_faces()


def test_missing_fonts_are_said_in_one_sentence_with_what_to_install(tmp_path, settings):
    settings.PAPER_FONTS = tmp_path
    with pytest.raises(FontsMissing, match="sudo apt-get install fonts-liberation2"):
        serif_faces()
