"""The process that looks into a PDF that came back signed, alone: no Django, no database, no network, no file of ours.

It reads one job from standard input (a line of JSON, then the bytes of the original, of the file and of the trusted
certificates), writes what it found to standard output as JSON and leaves. It judges nothing. See `documents.signed`.
"""

import ctypes
import io
import json
import os
import resource
import sys
from datetime import datetime
from operator import eq

CLONE_NEWNET = 0x40000000
PAGES_READ = 5
MOST_SIGNATURES = 10
LONGEST = 200
# Bytes of one file and another are alike by chance in one place of some dozens.
ALIKE = 0.8


def confine(memory_bytes: int, cpu_seconds: int) -> None:
    """Limits that the kernel holds; without a network where the system allows that to an ordinary process."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    ctypes.CDLL(None).unshare(CLONE_NEWNET)


def look(original: bytes, body: bytes, marker: str, roots: list[bytes], moment: datetime) -> dict:
    """`form`: same, grown (the original with something behind it), marked (made from it, not of its bytes), other,
    locked, broken.
    """
    if body == original:
        return {"form": "same"}
    if not body.startswith(original):
        cut_off = original.startswith(body)
        return {"form": "broken"} if cut_off else {"form": _kinship(original, body, marker)}
    if not body.rstrip(b"\0\t\r\n ").endswith(b"%%EOF"):
        return {"form": "broken", "detail": "no end"}
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415

    try:
        return _grown(original, body, roots, moment)
    except (PdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        # What a reader stumbles over in a file made by a stranger is not foreseen one by one.
        return {"form": "broken", "detail": repr(error)[:500]}


def _kinship(original: bytes, body: bytes, marker: str) -> str:
    """Whether a file of other bytes is ours with some changed, or shows the code that was printed on ours."""
    import pypdfium2  # noqa: PLC0415

    alike = sum(map(eq, original, body))
    if alike > ALIKE * len(original):
        return "marked"

    try:
        book = pypdfium2.PdfDocument(body)
        texts = [book[at].get_textpage().get_text_range() for at in range(min(len(book), PAGES_READ))]
    except pypdfium2.PdfiumError as error:
        return "locked" if "password" in str(error).lower() else "broken"
    return "marked" if marker in "".join(texts) else "other"


def _grown(original: bytes, body: bytes, roots: list[bytes], moment: datetime) -> dict:
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415

    before, reader = PdfFileReader(io.BytesIO(original)), PdfFileReader(io.BytesIO(body))
    if reader.encrypted:
        return {"form": "locked"}
    base = before.xrefs.total_revisions - 1
    chained = reader.xrefs.total_revisions > base and (
        reader.xrefs.get_startxref_for_revision(base) == before.last_startxref
    )
    if not chained:
        # A whole new document behind ours, which no longer leads to it.
        return {"form": "grown", "changed": "detached", "signatures": []}
    signatures = _signatures(reader, roots, moment)
    return {"form": "grown", "changed": _changed(reader, base), "signatures": signatures}


def policy():
    """What may stand behind the bytes that were shown: signatures, their fields, proofs of validity. No form is filled
    in and no note added, because the paper has none.
    """
    from pyhanko.sign import diff_analysis as diff  # noqa: PLC0415
    from pyhanko.sign.diff_analysis.constants import ACROFORM_EXEMPT_STRICT_COMPARISON  # noqa: PLC0415

    lta = diff.ModificationLevel.LTA_UPDATES
    return diff.StandardDiffPolicy(
        global_rules=[
            diff.CatalogModificationRule(),
            diff.DocInfoRule().as_qualified(lta),
            diff.XrefStreamRule().as_qualified(lta),
            diff.ObjectStreamRule().as_qualified(lta),
            diff.DSSCompareRule().as_qualified(lta),
            diff.MetadataUpdateRule().as_qualified(lta),
        ],
        form_rule=diff.FormUpdatingRule(
            field_rules=[diff.SigFieldCreationRule(), diff.SigFieldModificationRule()],
            ignored_acroform_keys=ACROFORM_EXEMPT_STRICT_COMPARISON | {"/SigFlags"},
        ),
    )


def _changed(reader, base: int) -> str:
    """Empty when nothing but signatures was added to the revision of the original."""
    from pyhanko.sign.diff_analysis import SuspiciousModification  # noqa: PLC0415

    found = policy().review_file(reader, base)
    return "content" if isinstance(found, SuspiciousModification) else ""


def _signatures(reader, roots: list[bytes], moment: datetime) -> list[dict]:
    embedded = reader.embedded_regular_signatures
    if len(embedded) > MOST_SIGNATURES:
        raise ValueError(f"{len(embedded)} signatures")
    return [_signature(reader, one, roots, moment) for one in embedded]


def _signature(reader, one, roots: list[bytes], moment: datetime) -> dict:
    from pyhanko.sign.validation import validate_pdf_signature  # noqa: PLC0415
    from pyhanko.sign.validation.errors import SignatureValidationError  # noqa: PLC0415
    from pyhanko.sign.validation.status import SignatureCoverageLevel  # noqa: PLC0415

    facts = {"picture": _picture_share(reader, one), **_certificate(one.signer_cert)}
    context = _context(roots, moment)
    try:
        status = validate_pdf_signature(one, context, diff_policy=policy())
    except SignatureValidationError as error:
        return facts | {"intact": False, "valid": False, "problem": str(error)[:LONGEST]}
    token = status.timestamp_validity
    return facts | {
        "intact": bool(status.intact),
        "valid": bool(status.valid),
        "covers": status.coverage >= SignatureCoverageLevel.ENTIRE_REVISION,
        "changed_after": status.docmdp_ok is False or _suspicious(status.diff_result),
        "trusted": bool(status.trusted),
        "problem": getattr(status.trust_problem_indic, "name", ""),
        "claimed_at": _iso(one.self_reported_timestamp),
        "token_at": _iso(token.timestamp) if token and token.intact and token.valid else "",
        "token_trusted": bool(token and token.trusted),
    }


def _suspicious(found) -> bool:
    from pyhanko.sign.diff_analysis import SuspiciousModification  # noqa: PLC0415

    return isinstance(found, SuspiciousModification)


def _context(roots: list[bytes], moment: datetime):
    from asn1crypto import pem, x509  # noqa: PLC0415
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

    trusted = []
    for root in roots:
        parts = [der for _, _, der in pem.unarmor(root, multiple=True)] if pem.detect(root) else [root]
        trusted += [x509.Certificate.load(der) for der in parts]
    return ValidationContext(trust_roots=trusted, moment=moment, allow_fetching=False)


def _certificate(certificate) -> dict:
    """Of the subject only what says who it is: other attributes may hold the number of an identity card."""
    subject, issuer = certificate.subject.native, certificate.issuer.native
    return {
        "name": _text(subject.get("common_name")),
        "organisation": _text(subject.get("organization_name")),
        "issuer": _text(issuer.get("common_name") or issuer.get("organization_name")),
        "serial": f"{certificate.serial_number:x}"[:64],
        "valid_from": _iso(certificate.not_valid_before),
        "valid_until": _iso(certificate.not_valid_after),
    }


def _text(value) -> str:
    """An attribute that stands several times comes as a list."""
    return str(value[0] if isinstance(value, list) and value else value or "")[:LONGEST]


def _picture_share(reader, one) -> float:
    """How much of a page the signature's picture covers: a large one could hide or replace the words."""
    field = one.sig_field
    kids = [kid.get_object() for kid in field.get("/Kids", [])] or [field]
    return max((_share(reader, kid) for kid in kids if "/Rect" in kid), default=0.0)


def _share(reader, widget) -> float:
    left, low, right, high = (float(side) for side in widget["/Rect"])
    page = widget["/P"] if "/P" in widget else reader.root["/Pages"]["/Kids"][0]
    while "/MediaBox" not in page:
        page = page["/Parent"]
    x0, y0, x1, y1 = (float(side) for side in page["/MediaBox"])
    whole = abs((x1 - x0) * (y1 - y0)) or 1.0
    return abs((right - left) * (high - low)) / whole


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def main() -> None:
    job = json.loads(sys.stdin.buffer.readline())
    confine(job["limits"]["memory_bytes"], job["limits"]["cpu_seconds"])
    original, body, *roots = [sys.stdin.buffer.read(size) for size in job["sizes"]]
    try:
        found = look(original, body, job["marker"], roots, datetime.fromisoformat(job["moment"]))
    except MemoryError:
        os._exit(4)
    sys.stdout.write(json.dumps(found))
    sys.stdout.flush()
    # Nothing to tidy, and threads of libraries are not waited for.
    os._exit(0)


if __name__ == "__main__":
    main()
