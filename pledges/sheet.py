"""The BẢN CAM KẾT as a sheet of paper: every word from the confirmed record, every name and post as it was then.

Its last page says who confirmed it and by which proof. A pledge that came on paper or in a file signed with a personal
certificate has that page as a paper of its own.
"""

from datetime import datetime
from typing import Any

from documents.layout import Confirmation, Evidence, EvidencePaper, PledgePaper, Witnessed
from documents.layout.evidence import BY_FILE, ELECTRONIC, ON_PAPER, exact_moment
from documents.services import check_address
from ledger import clock
from ledger.canonical import digest
from pledges.findings import found_in
from pledges.models import Pledge, Signature, SignedFile
from pledges.parties import HEAD, OFFICIAL, UNION

CHANNELS = {
    Pledge.Channel.PORTAL: ELECTRONIC,
    Pledge.Channel.PAPER: ON_PAPER,
    Pledge.Channel.SIGNED_FILE: BY_FILE,
}
# What `Signature.proof` says in its codes, in words.
PROOFS = {
    "password": "nhập mật khẩu của mình lúc {at}",
    "code": "nhập mã từ ứng dụng xác thực lúc {at}",
    "paper": "chữ ký tay trên bản giấy{clerk}, ghi nhận lúc {at}",
    "certificate": "chữ ký số cá nhân trên tệp PDF, hệ thống kiểm tra lúc {at}",
}
BY_PROOF = {"paper": ON_PAPER, "certificate": BY_FILE}
# Of what `pledges.findings` says, what names the certificate.
CERTIFIED = ("Người ký theo chứng thư", "Nơi cấp chứng thư", "Số hiệu chứng thư")


def sheet_of(pledge: Pledge, signatures: dict[str, Signature]) -> PledgePaper:
    """`pledge` with its unit and user; `signatures` by party, of the round that counts."""
    record, code = pledge.content, printed_code(pledge)
    text = record["text"]
    addition = record.get("addition") or {}
    return PledgePaper(
        place=pledge.unit.place,
        dated_on=clock.local(pledge.signed_at).date(),
        heading="BẢN CAM KẾT TẬP THỂ" if pledge.kind == Pledge.Kind.COLLECTIVE else "BẢN CAM KẾT",
        subject=text["subject"],
        addressed_to=tuple(record["addressed_to"]),
        person_name=record["person"]["name"],
        person_post=record["person"]["post"],
        unit_name=record["unit"]["name"],
        opening=text["intro"],
        commitments=punctuated(text["commitments"]),
        unit_text=addition.get("text", ""),
        own_text=record["own_words"],
        own_label=text["own_words_label"],
        closing=tuple(filter(None, (text["leader_clause"], text["closing"]))),
        confirmations=confirmations(pledge, signatures),
        check_code=code,
        check_url=check_address(code) if code else "",
        demo=pledge.user.is_demo,
        evidence=evidence_of(pledge, signatures),
    )


def printed_code(pledge: Pledge) -> str:
    """What leads to the paper that the portal sealed; for one signed by hand or in a file that is its evidence."""
    if pledge.channel == Pledge.Channel.PORTAL:
        return pledge.check_code
    return (pledge.evidence.check_code or "") if pledge.evidence else ""


def evidence_paper_of(
    pledge: Pledge, signatures: dict[str, Signature], *, check_code: str, file: SignedFile | None = None
) -> EvidencePaper:
    """The evidence page alone, under a code of its own; `pledge` with its unit and user, `file` as it was accepted."""
    record = pledge.content
    return EvidencePaper(
        subject=record["text"]["subject"],
        person_name=record["person"]["name"],
        person_post=record["person"]["post"],
        unit_name=record["unit"]["name"],
        evidence=evidence_of(pledge, signatures, file),
        # One signed by hand carries no code; the evidence leads to it.
        pledge_code="" if pledge.channel == Pledge.Channel.PAPER else pledge.check_code,
        check_code=check_code,
        check_url=check_address(check_code),
        demo=pledge.user.is_demo,
    )


def punctuated(lines: list[str]) -> tuple[str, ...]:
    """A list inside a sentence: each line ends with “;”, the last with “.”."""
    return tuple(f"{line}{'.' if place == len(lines) else ';'}" for place, line in enumerate(lines, start=1))


def confirmations(pledge: Pledge, signatures: dict[str, Signature]) -> tuple[Confirmation, ...]:
    """Head, union where it took part, and the person last, as the blocks stand from left to right."""
    above = "THỦ TRƯỞNG ĐƠN VỊ" if pledge.kind == Pledge.Kind.INDIVIDUAL else "THỦ TRƯỞNG CẤP TRÊN"
    own = "THỦ TRƯỞNG ĐƠN VỊ" if pledge.kind == Pledge.Kind.COLLECTIVE else "NGƯỜI CAM KẾT"
    named = ((HEAD, above), (UNION, "TM. BCH CÔNG ĐOÀN"), (OFFICIAL, own))
    return tuple(_confirmation(label, signatures[party]) for party, label in named if party in signatures)


def _confirmation(label: str, signature: Signature) -> Confirmation:
    channel = BY_PROOF.get(signature.proof.get("by", ""), ELECTRONIC)
    return Confirmation(
        label, signature.name, signature.post_title, signature.at, signature.sha256, channel=channel
    )


def evidence_of(pledge: Pledge, signatures: dict[str, Signature], file: SignedFile | None = None) -> Evidence:
    """The person first, in the order in which they confirmed."""
    above = "Thủ trưởng đơn vị" if pledge.kind == Pledge.Kind.INDIVIDUAL else "Thủ trưởng cấp trên"
    own = "Thay mặt tập thể đơn vị" if pledge.kind == Pledge.Kind.COLLECTIVE else "Người cam kết"
    named = ((OFFICIAL, own), (HEAD, above), (UNION, "Công đoàn cơ sở"))
    certified = _certified(file, pledge.content["person"]["name"]) if file else ""
    return Evidence(
        wording=_wording(pledge.content),
        round=pledge.round,
        digest=pledge.sha256,
        parties=tuple(
            _witnessed(label, signatures[party], certified if party == OFFICIAL else "")
            for party, label in named
            if party in signatures
        ),
        channel=CHANNELS[Pledge.Channel(pledge.channel)],
        file_sha256=file.sha256 if file else "\n".join(pledge.content.get("paper", {}).get("scans", [])),
    )


def _certified(file: SignedFile, name: str) -> str:
    """Whose certificate it is, who issued it, and what a reader must not miss."""
    found = found_in(file, name)
    facts = [f"{fact['label']}: {fact['value']}" for fact in found.facts if fact["label"] in CERTIFIED]
    return ". ".join(filter(None, ["; ".join(facts), *(words.rstrip(".") for words in found.warnings)]))


def _wording(record: dict[str, Any]) -> str:
    """“Lời cam kết năm 2026, phiên bản 2; nội dung thêm của đơn vị, phiên bản 1”."""
    words = f"Lời cam kết năm {record['year']}, phiên bản {record['text']['version']}"
    addition = record.get("addition")
    return f"{words}; nội dung thêm của đơn vị, phiên bản {addition['version']}" if addition else words


def _witnessed(label: str, signature: Signature, certified: str) -> Witnessed:
    by = signature.proof.get("by", "")
    return Witnessed(
        label,
        signature.name,
        signature.post_title,
        signature.at,
        signature.sha256,
        channel=BY_PROOF.get(by, ELECTRONIC),
        proof=". ".join(filter(None, [_proof(signature), certified])),
    )


def _proof(signature: Signature) -> str:
    """Empty for a confirmation from before proofs were kept."""
    words = PROOFS.get(signature.proof.get("by", ""), "")
    at = signature.proof.get("at")
    clerk = f", {signature.entered_by.full_name} nhập" if words and signature.entered_by else ""
    moment = exact_moment(datetime.fromisoformat(at)) if at else exact_moment(signature.at)
    return words.format(at=moment, clerk=clerk)


def manifest_sha256(pledge: Pledge, signatures: dict[str, Signature]) -> str:
    """What went into the paper: the record and every confirmation of it (rule R06: one paper of one manifest)."""
    parties: list[tuple[str, str, datetime]] = [
        (row.party, row.sha256, row.at) for row in signatures.values()
    ]
    return digest({"pledge": pledge.public_id, "sha256": pledge.sha256, "parties": sorted(parties)})
