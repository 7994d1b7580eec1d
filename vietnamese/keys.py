"""Keys stored beside names, so that every database searches and sorts Vietnamese alike."""

import re
import unicodedata
from functools import lru_cache

from vietnamese.letters import nfc

_PLAIN = str.maketrans({"đ": "d", "’": "'", "‘": "'", "ʼ": "'", "–": "-", "—": "-", "‑": "-", "‐": "-"})


def search_key(text: str) -> str:
    """Lower case without marks, đ as d, one apostrophe, one dash: for names and queries alike.

    Tone placement folds with the tones (Hoà, Hòa → hoa); i and y stay two letters (Vĩ → vi, Vỹ → vy).
    """
    return " ".join(filter(None, map(_bare, nfc(text).split(" "))))


# Thirty thousand people share a few thousand words: each is worked out once.
@lru_cache(maxsize=16384)
def _bare(word: str) -> str:
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    bare = "".join(letter for letter in letters if not unicodedata.category(letter).startswith("M"))
    return nfc(bare.casefold().translate(_PLAIN))


# A sort key has three levels, each closed by a character lower than all it may hold: letters ("a1" a, "a2" ă,
# "a3" â …), one tone digit per syllable, then case and spelling. Only digits and a–z are used, because every
# collation of every database puts these in the same order.
_VARIANTS = {
    ("a", "\u0306"): "a2",
    ("a", "\u0302"): "a3",
    ("e", "\u0302"): "e2",
    ("o", "\u0302"): "o2",
    ("o", "\u031b"): "o3",
    ("u", "\u031b"): "u2",
}
_TONES = {"\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0301": "5", "\u0323": "6"}
# Three to four characters a letter: beyond some 130 letters a name sorts by its beginning, and fits its column.
LONGEST_SORT_KEY = 500
_PIECE = re.compile(r"[0-9]{1,999}|.", re.DOTALL)


class _Levels:
    """The three levels of one text, filled piece by piece from its NFD form."""

    def __init__(self, text: str) -> None:
        self.letters: list[str] = []
        self.tones: list[str] = []
        self.spelling: list[str] = []
        self._in_word = False
        self._last = ""
        for piece in _PIECE.findall(unicodedata.normalize("NFD", nfc(text))):
            if unicodedata.category(piece[0]).startswith("M") and self._in_word:
                self._mark(piece)
            else:
                self._piece(piece)

    def _mark(self, mark: str) -> None:
        if variant := _VARIANTS.get((self._last, mark)):
            self.letters[-1] = variant
        elif tone := _TONES.get(mark):
            self.tones[-1] = tone
            self.spelling[-1] = "4" if self.spelling[-1] in "24" else "3"

    def _piece(self, piece: str) -> None:
        self._last = piece.lower()
        is_letter = piece.isalpha()
        if is_letter and not self._in_word:
            self.tones.append("1")
        self._in_word = is_letter
        self.letters.append(_weight(self._last))
        if piece.isascii() and piece.isdigit():
            self.spelling.append(str(1 + min(8, len(piece) - len(piece.lstrip("0")))))
        else:
            self.spelling.append("2" if piece.isupper() else "1")

    def sound(self) -> str:
        return "".join(self.letters) + "00" + "".join(self.tones).rstrip("1") + "0"

    def look(self) -> str:
        return "".join(self.spelling).rstrip("1") + "0"


def _weight(piece: str) -> str:
    if piece == " ":
        return "01"
    if piece.isascii() and piece.isdigit():
        digits = piece.lstrip("0") or "0"
        return f"2{len(digits):03}{digits}"
    if piece == "đ":
        return "d2"
    if piece.isascii() and piece.isalpha():
        return piece + "1"
    return f"{'z9' if piece.isalpha() else '1'}{ord(piece[0]):06x}"


def sort_key(text: str) -> str:
    """A string of digits and a–z that sorts as the Vietnamese alphabet does: a ă â b c d đ e ê …, then tones
    (ngang huyền hỏi ngã sắc nặng), then case; numbers by value, so "A Lưới 2" stands before "A Lưới 10".
    """
    levels = _Levels(text)
    return (levels.sound() + levels.look())[:LONGEST_SORT_KEY]


def person_sort_key(full_name: str) -> str:
    """Sort key of lists of people: given name (the last word), then family name (the first), then the rest.

    Multi-word family names (Tôn Thất, Công Tằng Tôn Nữ) need no list: their words are compared in order.
    """
    words = nfc(full_name).split()
    parts = (words[-1:], words[:-1][:1], words[1:-1])
    levels = [_sound_and_look(" ".join(part)) for part in parts]
    key = "".join(sound for sound, _ in levels) + "".join(look for _, look in levels)
    return key[:LONGEST_SORT_KEY]


@lru_cache(maxsize=16384)
def _sound_and_look(text: str) -> tuple[str, str]:
    levels = _Levels(text)
    return levels.sound(), levels.look()
