"""What stands on a paper, before it is typeset: frozen descriptions that know the decree and nothing of HTML
or PDF.

`statutory` describes the administrative papers of decree 30/2020/NĐ-CP, annex I (BÁO CÁO, KẾ HOẠCH); `blocks`
what their text is made of; `pledge` the BẢN CAM KẾT, which is not among the 29 types of article 7 and carries
no number; `evidence` its last page, which says who confirmed it and how.
"""

from documents.layout.blocks import (
    Block,
    Clause,
    Column,
    Figure,
    Paragraph,
    Point,
    Row,
    Section,
    Table,
    paragraphs,
)
from documents.layout.evidence import Evidence, EvidencePaper, Witnessed
from documents.layout.pledge import Confirmation, PledgePaper
from documents.layout.statutory import (
    Annex,
    Header,
    Recipients,
    Signature,
    StatutoryPaper,
    Title,
)
from vietnamese.signing import SigningMode, signing_lines

__all__ = [
    "Annex",
    "Block",
    "Clause",
    "Column",
    "Confirmation",
    "Evidence",
    "EvidencePaper",
    "Figure",
    "Header",
    "Paragraph",
    "PledgePaper",
    "Point",
    "Recipients",
    "Row",
    "Section",
    "Signature",
    "SigningMode",
    "StatutoryPaper",
    "Table",
    "Title",
    "Witnessed",
    "paragraphs",
    "signing_lines",
]
