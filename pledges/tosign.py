"""The papers that people sign with their own hand or certificate: words from a record that is not signed yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from documents.services import check_address
from ledger.qr import qr_code
from pledges.models import BlankForm, SigningDraft
from pledges.sheet import punctuated


@dataclass(frozen=True)
class Words:
    """What stands between the heading and the signatures: frame, commitments, what the unit and the person add."""

    subject: str
    intro: str
    commitments: tuple[str, ...]
    addition: tuple[str, ...]
    own_words_label: str
    own_words: tuple[str, ...]
    leader_clause: str
    closing: str
    version: str

    @classmethod
    def of(cls, record: dict[str, Any]) -> "Words":
        text, addition = record["text"], record.get("addition")
        added = f", nội dung bổ sung bản {addition['version']}" if addition else ""
        return cls(
            subject=text["subject"],
            intro=text["intro"],
            commitments=punctuated(text["commitments"]),
            addition=_lines(addition["text"]) if addition else (),
            own_words_label=text["own_words_label"],
            own_words=_lines(record.get("own_words", "")),
            leader_clause=text["leader_clause"],
            closing=text["closing"],
            version=f"Mẫu bản cam kết số {text['version']}{added}",
        )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def addressed(lines: Sequence[str]) -> list[str]:
    """Each ends with “;”, the last with “.” (decree 30/2020/NĐ-CP, annex I, section II, item 6)."""
    bare = [line.rstrip(" ;.,") for line in lines]
    return [f"{line};" for line in bare[:-1]] + [f"{line}." for line in bare[-1:]]


def draft_title(draft: SigningDraft) -> str:
    return f"Bản cam kết năm {draft.year} của {draft.shown['person']['name']}, để ký số"


def draft_html(draft: SigningDraft, *, place: str, on: date, demo: bool) -> str:
    """The sheet that a person signs with his certificate."""
    record, address = draft.shown, check_address(draft.check_code)
    context = {
        "record": record,
        "words": Words.of(record),
        "recipients_to": addressed(record["addressed_to"]),
        "place": place,
        "on": on,
        "demo": demo,
        "title": draft_title(draft),
        "check_code": draft.check_code,
        "sha256": draft.sha256,
        "qr": qr_code(address),
    }
    return render_to_string("documents/pledge_to_sign.html", context)


def blank_title(blank: BlankForm) -> str:
    kind = "Danh sách ký cam kết" if blank.form == BlankForm.Form.LIST else "Bản cam kết in sẵn"
    return f"{kind} năm {blank.year}, {blank.unit.name}"


def blank_html(blank: BlankForm, *, on: date, demo: bool) -> str:
    """The list, or a sheet for each person; every page leads back to this order by its QR."""
    content = blank.content
    address = f"{settings.BASE_URL}{blank.get_absolute_url()}"
    units = {one["unit"] for one in content["people"]}
    context = {
        "unit": blank.unit,
        "header": blank.unit.header_lines or [blank.unit.name.upper()],
        "words": Words.of(content),
        "recipients_to": addressed(content["addressed_to"]),
        "people": content["people"],
        "several_units": len(units) > 1,
        "head": content["head"],
        "union": content["union"],
        "on": on,
        "year": blank.year,
        "demo": demo,
        "title": blank_title(blank),
        "code": list_code(blank),
    }
    if blank.form == BlankForm.Form.LIST:
        return render_to_string("documents/signing_list.html", context | {"qr": qr_code(address)})
    sheets = [
        (number, one, qr_code(f"{address}?nguoi={number}"))
        for number, one in enumerate(content["people"], start=1)
    ]
    return render_to_string("documents/signing_sheets.html", context | {"sheets": sheets})


def list_code(blank: BlankForm) -> str:
    """What a person reads aloud or types from the foot of a page: the first eight letters of the order's id."""
    return f"{blank.public_id[:4]}-{blank.public_id[4:8]}".upper()
