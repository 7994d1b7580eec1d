"""An administrative paper by decree 30/2020/NĐ-CP, annex I. “Ô” is the box of the position diagram (annex I,
IV).

What the agency's document system gives (number, day) is blank until the clerk types it: article 15. Nothing
is printed that the decree does not have, the demonstration mark excepted.
"""

from dataclasses import dataclass
from datetime import date

from documents.layout.blocks import Block, Section
from vietnamese.dates import statutory_date
from vietnamese.numbers import roman

# Figure spaces (U+2007) stay when a line is justified or collapsed: room for a pen or the clerk's stamp.
_ROOM = "\u2007"


@dataclass(frozen=True)
class Header:
    """Ô 1–4. `superior_lines` (2a, upright) is empty for an UBND; `agency_lines` (2b, bold) break where the
    agency breaks them.

    `number_symbol` is “BC-SNV”, without number and slash; empty for a paper that carries no number because it
    is issued with a decision. `number` is what the clerk typed (“5” prints “05”), empty while unknown.
    `dated_on` None leaves day and month to be filled, in `year`.
    """

    agency_lines: tuple[str, ...]
    number_symbol: str
    place: str
    year: int
    superior_lines: tuple[str, ...] = ()
    number: str = ""
    dated_on: date | None = None

    @property
    def number_text(self) -> str:
        """“05/BC-SNV”; numbers under 10 with a leading zero, or room for the number (item 3)."""
        number = self.number.strip()
        if number.isdecimal():
            number = f"{int(number):02}"
        return f"{number or _ROOM * 7}/{self.number_symbol}"

    @property
    def date_text(self) -> str:
        """“ngày 05 tháng 01 năm 2026” (item 4), or room for day and month."""
        if self.dated_on:
            return statutory_date(self.dated_on)
        return f"ngày{_ROOM * 4}tháng{_ROOM * 4}năm {self.year}"


@dataclass(frozen=True)
class Title:
    """Ô 5a: the type (“BÁO CÁO”) and the trích yếu under it; `issued_with` is the italic line in brackets of
    a plan issued with a decision (Mẫu 1.3), without the brackets."""

    type_name: str
    subject: str
    issued_with: str = ""

    @property
    def type_in_text(self) -> str:
        """“Báo cáo”, as running text names it."""
        return self.type_name.capitalize()


@dataclass(frozen=True)
class Signature:
    """Ô 7: authority and post in capitals (`units.signing.block`), 36 mm of room for signature and seal, the name.

    No title of learning or honour before the name (item 7b).
    """

    authority_lines: tuple[str, ...]
    name: str = ""


@dataclass(frozen=True)
class Recipients:
    """Ô 9b, without dashes and semicolons. `archive` follows “Lưu:”, e.g. “VT, CCVC”."""

    lines: tuple[str, ...]
    archive: str


@dataclass(frozen=True)
class Annex:
    """A phụ lục: begins a page, pages numbered from 1 again; across the sheet when `landscape`.

    The body must refer to it (`StatutoryPaper.annex_name`). The line “(Kèm theo Báo cáo số …)” is the paper's
    own.
    """

    title: str
    blocks: tuple[Block, ...]
    landscape: bool = True


@dataclass(frozen=True)
class StatutoryPaper:
    """A BÁO CÁO or KẾ HOẠCH from quốc hiệu to nơi nhận, with its annexes.

    `issuer` names the agency in running text (“Sở Nội vụ thành phố Huế”). `recipients_to` (ô 9a) is required
    for a report that goes upward. `legal_bases` come without final punctuation; `opening` are the paragraphs
    before the first section, `closing` those after the last. `demo` prints “DỮ LIỆU MINH HỌA” on every page.
    """

    header: Header
    title: Title
    issuer: str
    sections: tuple[Section, ...]
    signature: Signature
    recipients: Recipients
    recipients_to: tuple[str, ...] = ()
    legal_bases: tuple[str, ...] = ()
    opening: tuple[Block, ...] = ()
    closing: tuple[Block, ...] = ()
    annexes: tuple[Annex, ...] = ()
    demo: bool = False

    @property
    def document_title(self) -> str:
        subject = " ".join(self.title.subject.split())
        return f"{self.title.type_in_text} {subject[:1].lower()}{subject[1:]}"

    @property
    def recipient_lines(self) -> tuple[str, ...]:
        """“Như trên” stands first when the paper names to whom it goes."""
        above = ("Như trên",) if self.recipients_to else ()
        return above + tuple(line.rstrip(" ;.") for line in self.recipients.lines)

    def annex_name(self, place: int) -> str:
        """“Phụ lục II” for place 1; a single annex has no numeral (annex I, part III)."""
        return f"Phụ lục {roman(place + 1)}" if len(self.annexes) > 1 else "Phụ lục"

    @property
    def annex_note(self) -> str:
        """“Kèm theo Báo cáo số …/BC-SNV ngày … tháng … năm … của …”; unfilled while the paper has no number
        or day."""
        if not self.header.number_symbol:
            return f"Kèm theo {self.title.type_in_text} của {self.issuer}"
        return (
            f"Kèm theo {self.title.type_in_text} số {self.header.number_text} "
            f"{self.header.date_text} của {self.issuer}"
        )
