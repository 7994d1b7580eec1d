"""The BẢN CAM KẾT: not an administrative document type (decree 30/2020/NĐ-CP, article 7), so no number and no
nơi nhận."""

from dataclasses import dataclass
from datetime import date, datetime

from documents.layout.evidence import BY_FILE, ELECTRONIC, ON_PAPER, Evidence
from vietnamese.dates import HUE_TIME, moment, short_date

MANNERS = {
    ELECTRONIC: "Xác nhận điện tử",
    ON_PAPER: "Đã ký tay trên bản giấy",
    BY_FILE: "Đã ký số cá nhân trên tệp PDF",
}


@dataclass(frozen=True)
class Confirmation:
    """One party's electronic confirmation (law 20/2023/QH15, article 22.4: not a signature, and never drawn
    as one).

    `party` is what stands above (“NGƯỜI CAM KẾT”, “THỦ TRƯỞNG ĐƠN VỊ”, “BCH CÔNG ĐOÀN CƠ SỞ”), `post` what
    the person was on that day, `confirmed_at` the moment (aware), `digest` the SHA-256 of the confirmed text,
    `channel` the way: who signed by hand or with a certificate has confirmed nothing electronically.
    Without a moment the party has not confirmed yet and the block says so.
    """

    party: str
    name: str = ""
    post: str = ""
    confirmed_at: datetime | None = None
    digest: str = ""
    channel: str = ELECTRONIC

    @property
    def manner(self) -> str:
        return MANNERS[self.channel]

    @property
    def when(self) -> str:
        """Whoever signs by hand writes a day and no hour."""
        if self.confirmed_at is None:
            return ""
        if self.channel == ON_PAPER:
            return f"ngày {short_date(self.confirmed_at.astimezone(HUE_TIME))}"
        return f"lúc {moment(self.confirmed_at)}"

    @property
    def is_electronic(self) -> bool:
        return self.channel == ELECTRONIC

    @property
    def short_digest(self) -> str:
        """The first 16 figures of the digest, in fours."""
        return " ".join(self.digest[at : at + 4] for at in range(0, 16, 4)) if self.digest else ""


@dataclass(frozen=True)
class PledgePaper:
    """One person's pledge to the head of the unit, and to the union where the unit has one.

    `subject` stands under “BẢN CAM KẾT”; `opening` leads to the commitments, which are the decision's words;
    `unit_text` is what the unit asks besides, `own_text` under `own_label` what the person wrote, `closing`
    the sentences after it (a head's extra clause comes there). `confirmations` are two or three, the person's own last.
    `check_code` and `check_url` come from `documents.services`; without a code the paper carries no QR. `evidence` is
    printed as the last page.
    """

    place: str
    dated_on: date
    subject: str
    addressed_to: tuple[str, ...]
    person_name: str
    person_post: str
    unit_name: str
    opening: str
    commitments: tuple[str, ...]
    closing: tuple[str, ...]
    confirmations: tuple[Confirmation, ...]
    own_text: str = ""
    own_label: str = "Nội dung cụ thể gắn với nhiệm vụ được giao"
    check_code: str = ""
    check_url: str = ""
    demo: bool = False
    evidence: Evidence | None = None
    heading: str = "BẢN CAM KẾT"
    unit_text: str = ""

    @property
    def subject_line(self) -> str:
        return " ".join(self.subject.split())

    @property
    def check_page(self) -> str:
        """The address to type: the check page without the code, which stands beside it."""
        return self.check_url.partition(self.check_code)[0] if self.check_code else ""

    @property
    def unit_paragraphs(self) -> tuple[str, ...]:
        return tuple(line.strip() for line in self.unit_text.splitlines() if line.strip())

    @property
    def own_paragraphs(self) -> tuple[str, ...]:
        return tuple(line.strip() for line in self.own_text.splitlines() if line.strip())

    @property
    def document_title(self) -> str:
        subject = self.subject_line
        return f"Bản cam kết của {self.person_name}: {subject[:1].lower()}{subject[1:]}"
