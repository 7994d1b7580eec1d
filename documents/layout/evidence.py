"""The “Trang minh chứng xác nhận điện tử”: who confirmed which words, when, and by which proof."""

from dataclasses import dataclass
from datetime import datetime

from vietnamese.dates import HUE_TIME, short_date

ELECTRONIC, ON_PAPER, BY_FILE = (
    "Xác nhận điện tử trên hệ thống",
    "Ký tay trên bản giấy",
    "Ký số cá nhân trên tệp PDF",
)


def exact_moment(at: datetime) -> str:
    """ "10:24:05 ngày 15/11/2026 (giờ Việt Nam, +07:00)"; `at` must be aware, else ValueError."""
    if at.tzinfo is None:
        raise ValueError("exact_moment() needs an aware datetime")
    local = at.astimezone(HUE_TIME)
    return f"{local:%H:%M:%S} ngày {short_date(local)} (giờ Việt Nam, +07:00)"


@dataclass(frozen=True)
class Witnessed:
    """One party's line: `channel` says by what way, `proof` by what it was known that it is this person.

    `digest` is the whole SHA-256 of the record that the party had before the eyes; `confirmed_at` is aware.
    """

    party: str
    name: str
    post: str
    confirmed_at: datetime
    digest: str
    channel: str = ELECTRONIC
    proof: str = ""

    @property
    def moment(self) -> str:
        """Whoever signs by hand writes a day and no hour."""
        if self.channel == ON_PAPER:
            return f"ngày {short_date(self.confirmed_at.astimezone(HUE_TIME))} (theo bản giấy)"
        return exact_moment(self.confirmed_at)


@dataclass(frozen=True)
class Evidence:
    """`wording` names the text (“Lời cam kết năm 2026, phiên bản 2”), `round` counts the signings after a return.

    `digest` is the SHA-256 of the record that counts. `file_sha256` is that of each scan, one a line, or of a PDF which
    its owner signed with his own certificate: there the page is a file of its own, since such a PDF is never sealed
    again (R28).
    """

    wording: str
    round: int
    digest: str
    parties: tuple[Witnessed, ...]
    channel: str = ELECTRONIC
    file_sha256: str = ""

    @property
    def file_name(self) -> str:
        return "từng trang bản chụp" if self.channel == ON_PAPER else "tệp"


@dataclass(frozen=True)
class EvidencePaper:
    """The evidence page as a paper of its own, with a check code of its own; `pledge_code` is that of the pledge."""

    subject: str
    person_name: str
    person_post: str
    unit_name: str
    evidence: Evidence
    pledge_code: str = ""
    check_code: str = ""
    check_url: str = ""
    demo: bool = False

    @property
    def subject_line(self) -> str:
        return " ".join(self.subject.split())

    @property
    def check_page(self) -> str:
        return self.check_url.partition(self.check_code)[0] if self.check_code else ""

    @property
    def document_title(self) -> str:
        return f"Trang minh chứng xác nhận điện tử bản cam kết của {self.person_name}"
