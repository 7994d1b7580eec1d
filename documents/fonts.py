"""The four faces of the paper: Liberation Serif 2, which has the widths of Times New Roman and every
Vietnamese letter.

Decree 30/2020/NĐ-CP asks for Times New Roman, Unicode. Debian's older `fonts-liberation` 1.07 carries the
same family name without 92 of the 178 Vietnamese letters, so files are opened and asked, not chosen by name.
"""

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont, TTLibError

FACES = {
    "regular": "LiberationSerif-Regular.ttf",
    "bold": "LiberationSerif-Bold.ttf",
    "italic": "LiberationSerif-Italic.ttf",
    "bold-italic": "LiberationSerif-BoldItalic.ttf",
}
# Letters that version 1.07 does not have.
PROOF = "ơưệẩỦỘỄ"
INSTALL = "Cài gói phông chữ bằng lệnh: sudo apt-get install fonts-liberation2"


class FontsMissing(Exception):
    """No faces fit for a Vietnamese paper. `str(error)` says in one sentence what to install."""


def serif_faces() -> dict[str, bytes]:
    """The faces' bytes by name, from `settings.PAPER_FONTS`. Raises FontsMissing."""
    return _read_faces(Path(settings.PAPER_FONTS))


def printable_characters() -> frozenset[int]:
    """The code points that every face has."""
    return _common_characters(Path(settings.PAPER_FONTS))


def advance_widths(face: str) -> dict[int, float]:
    """How far each character of a face moves the pen, in ems. Raises FontsMissing."""
    return _widths(Path(settings.PAPER_FONTS), face)


@lru_cache(maxsize=8)
def _widths(folder: Path, face: str) -> dict[int, float]:
    _common_characters(folder)
    with TTFont(folder / FACES[face], lazy=True) as font:
        em, advances = font["head"].unitsPerEm, font["hmtx"].metrics
        return {code: advances[glyph][0] / em for code, glyph in font.getBestCmap().items()}


@lru_cache(maxsize=2)
def _read_faces(folder: Path) -> dict[str, bytes]:
    _common_characters(folder)
    return {face: (folder / name).read_bytes() for face, name in FACES.items()}


@lru_cache(maxsize=2)
def _common_characters(folder: Path) -> frozenset[int]:
    return frozenset.intersection(*(_characters(folder / name) for name in FACES.values()))


def _characters(path: Path) -> frozenset[int]:
    try:
        with TTFont(path, lazy=True) as font:
            characters = frozenset(font.getBestCmap())
    except (OSError, TTLibError) as error:
        raise FontsMissing(f"Không đọc được phông chữ {path.name} trong {path.parent}. {INSTALL}") from error
    if missing := [letter for letter in PROOF if ord(letter) not in characters]:
        raise FontsMissing(
            f"Phông chữ {path.name} trong {path.parent} thiếu chữ tiếng Việt ({', '.join(missing)}). {INSTALL}"
        )
    return characters
