"""What people paste, made into one spelling: NFC, plain spaces, the letter Đ and not its look-alikes."""

import re
import unicodedata

# Eth and African D look like Đ and lower-case to other letters; Excel files carry them.
_LOOK_ALIKES = {"\u00d0": "Đ", "\u0189": "Đ", "\u00f0": "đ", "\u0256": "đ"}
# Zero-width characters, direction marks, soft hyphen, byte order mark: unseen, they break every search.
_INVISIBLE = [
    0x00AD,
    0x034F,
    0x061C,
    0x180E,
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    0xFEFF,
]
_CONTROLS = [code for code in (*range(0x20), *range(0x7F, 0xA0)) if not chr(code).isspace()]
_TRANSLATION = str.maketrans({**_LOOK_ALIKES, **{chr(code): None for code in (*_INVISIBLE, *_CONTROLS)}})
_LINE_END = re.compile("\r\n|[\r\n\v\f\u0085\u2028\u2029]")


def nfc(text: str) -> str:
    """One line of text: NFC, look-alikes of Đ replaced, any space to single spaces, stripped.

    Tone placement (Hoà/Hòa) and i/y (Vĩ/Vỹ) stay as written: they are how people spell their names.
    """
    return " ".join(unicodedata.normalize("NFC", text.translate(_TRANSLATION)).split())


def nfc_lines(text: str) -> str:
    """`nfc` for each line, line ends become \\n; empty lines inside are kept, those at both ends are not."""
    return "\n".join(nfc(line) for line in _LINE_END.split(text)).strip("\n")


# TCVN3 and VNI are 8-bit font encodings: read as Unicode, their letters are symbols and foreign letters.
_SURE = re.compile(
    r"[^\W\d_][µμ¸¶]"  # thµnh, lμ, c¸n
    r"|[^\W\d_][¹¨©ª«¬·][^\W\d_]"  # h¹ng, nh©n, c«ng
    r"|(?<!\w)[®§](?=[^\W\d_]|[µμ¸¶¹¨©ª«¬·\u00ad])"  # ®oµn, §¶ng, ®­îc
    r"|[a-z][ÄÅÆËÌÍÎÏÑÒÓÔÕÖ×ØÜÞß][a-z]*"  # ViÖt, nghÜa, hßa
    r"|[aeoAEO][äåÄÅ]|[aA][âáàãêéèúüëÂÁÀÃÊÉÈÚÜË]|[eE][âáàãÂÁÀÃ]|[oO][âÂ]"  # nhaân, naêm, vieät, coäng
    r"|[aeouyôöAEOUYÔÖ][øïûØÏÛ]"  # hoøa, maïnh, quûy
)
_DOUBTFUL = re.compile(r"[äåæçëîïñöøûüßþÿÄÅÆÇËÎÏÑÖØÛÜÞ÷×]|[^\W\d_][¹¨©ª«¬·\u00ad]")


def looks_legacy(text: str) -> bool:
    """True when the text was typed in a TCVN3 (ABC) or VNI font and is not Unicode Vietnamese.

    A foreign name (Müller, Citroën) or a footnote mark is not enough; one pair that no spelling has is.
    """
    words = unicodedata.normalize("NFC", text).split()
    doubtful = sum(bool(_DOUBTFUL.search(word)) for word in words)
    return any(_SURE.search(word) for word in words) or (doubtful >= 2 and doubtful * 3 >= len(words))
