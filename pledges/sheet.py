"""The BẢN CAM KẾT as a sheet of paper: every word from the confirmed record, every name and post as it was then."""

from datetime import datetime

from documents.layout import Confirmation, PledgePaper
from documents.services import check_address
from ledger import clock
from ledger.canonical import digest
from pledges.models import Pledge, Signature
from pledges.parties import HEAD, OFFICIAL, UNION


def sheet_of(pledge: Pledge, signatures: dict[str, Signature]) -> PledgePaper:
    """`pledge` with its unit and user; `signatures` by party, of the round that counts."""
    record = pledge.content
    text = record["text"]
    return PledgePaper(
        place=pledge.unit.place,
        dated_on=clock.local(pledge.signed_at).date(),
        subject=text["subject"],
        addressed_to=tuple(record["addressed_to"]),
        person_name=record["person"]["name"],
        person_post=record["person"]["post"],
        unit_name=record["unit"]["name"],
        opening=text["intro"],
        commitments=punctuated(text["commitments"]),
        own_text=record["own_words"],
        closing=tuple(filter(None, (text["leader_clause"], text["closing"]))),
        confirmations=confirmations(pledge, signatures),
        check_code=pledge.check_code,
        check_url=check_address(pledge.check_code),
        demo=pledge.user.is_demo,
    )


def punctuated(lines: list[str]) -> tuple[str, ...]:
    """A list inside a sentence: each line ends with “;”, the last with “.”."""
    return tuple(f"{line}{'.' if place == len(lines) else ';'}" for place, line in enumerate(lines, start=1))


def confirmations(pledge: Pledge, signatures: dict[str, Signature]) -> tuple[Confirmation, ...]:
    """Head, union where it took part, and the person last, as the blocks stand from left to right."""
    above = "THỦ TRƯỞNG CẤP TRÊN" if pledge.kind == Pledge.Kind.LEADER else "THỦ TRƯỞNG ĐƠN VỊ"
    named = ((HEAD, above), (UNION, "TM. BCH CÔNG ĐOÀN"), (OFFICIAL, "NGƯỜI CAM KẾT"))
    return tuple(_confirmation(label, signatures[party]) for party, label in named if party in signatures)


def _confirmation(label: str, signature: Signature) -> Confirmation:
    return Confirmation(label, signature.name, signature.post_title, signature.at, signature.sha256)


def manifest_sha256(pledge: Pledge, signatures: dict[str, Signature]) -> str:
    """What went into the paper: the record and every confirmation of it (rule R06: one paper of one manifest)."""
    parties: list[tuple[str, str, datetime]] = [
        (row.party, row.sha256, row.at) for row in signatures.values()
    ]
    return digest({"pledge": pledge.public_id, "sha256": pledge.sha256, "parties": sorted(parties)})
