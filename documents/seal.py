"""The portal's seal on a PDF: “chữ ký số của hệ thống (xác nhận toàn vẹn)” (rule R28). Nobody's signature.

PAdES, put on once and last, certified with no changes allowed (DocMDP level 1): B-LT where a timestamp service is
configured, with the proof that nothing was revoked inside the same revision; B-B else. The field shows nothing on the
page and is hidden, so the paper stays PDF/UA. Sealing happens where the key is, never in the press's child.
"""

import io
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from asn1crypto import crl, keys, x509
from cryptography import x509 as pem
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, SigDSSPlacementPreference
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from documents.seal_keys import SealKey, seal_key
from ledger import clock

logger = logging.getLogger(__name__)

NAME = "Chữ ký số của hệ thống (xác nhận toàn vẹn)"
REASON = "chữ ký số của hệ thống (xác nhận toàn vẹn)"
FIELD = "HeThong"
# Of a timestamp service, each time it is asked (rule R16); asked again once, then the paper waits.
TIMEOUT_SECONDS, TRIES = 8, 2
# For so many seconds the answer of an authority about revoked certificates is used again.
ASKED_FOR = 300


class SealFailed(Exception):
    """The paper could not be sealed now. `sentence` is for the page; a paper is never stored without its seal."""

    def __init__(self, sentence: str):
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class SealReport:
    """What stands in a file that carries a seal of ours.

    `is_ours` is true only when everything holds: certificate under our root, bytes unchanged, nothing added after it,
    certified with no changes allowed. `has_timestamp` tells B-LT from B-B.
    """

    is_ours: bool
    reason: str = ""
    covers_all: bool = False
    has_timestamp: bool = False


def seal(body: bytes, *, check_address: str = "") -> bytes:
    """`body` with the portal's seal appended; `check_address` is written beside it for whoever opens the panel.

    Raises SealFailed (no answer from the timestamp service, a PDF that carries a signature already) and SealMissing.
    """
    signer = _signer(seal_key(), settings.TSA_URL, str(settings.TSA_ROOTS), check_address)
    error: Exception | None = None
    for _ in range(TRIES if settings.TSA_URL else 1):
        try:
            sealed = _apart(lambda: signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(body))))
        except TimestampRequestError as failed:
            error = failed
        except (SigningError, PathError, PdfError) as failed:
            error = failed
            break
        else:
            return sealed.getvalue()
    logger.warning("seal failed", extra={"error": type(error).__name__})
    if isinstance(error, TimestampRequestError):
        raise SealFailed(
            "Máy chủ cấp dấu thời gian không trả lời nên bản PDF chưa được đóng chữ ký số của hệ thống. Hãy lập lại "
            "sau ít phút; xác nhận của ông/bà không bị ảnh hưởng."
        ) from error
    raise SealFailed("Không đóng được chữ ký số của hệ thống lên bản PDF. Báo quản trị hệ thống.") from error


def read_seal(body: bytes) -> SealReport:
    """Checks our seal offline. For bytes that may be hostile call it in a limited process; raises nothing."""
    try:
        reader = PdfFileReader(io.BytesIO(body))
        signatures = reader.embedded_regular_signatures
        if len(signatures) != 1:
            return SealReport(is_ours=False)
        trusting = _trusting(seal_key(), str(settings.TSA_ROOTS))
        status = _apart(lambda: validate_pdf_signature(signatures[0], trusting))
    except (PdfError, SignatureValidationError, PathError, ValueError, KeyError, TypeError, RecursionError):
        return SealReport(is_ours=False)
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    certified = reader.root.get("/Perms", {}).get("/DocMDP") is not None
    return SealReport(
        # `bottom_line` and not `valid`, which says nothing of who signed or what was added behind.
        is_ours=bool(status.bottom_line and whole and certified),
        reason=str(signatures[0].sig_object.get("/Reason", "")),
        covers_all=whole,
        has_timestamp=status.timestamp_validity is not None,
    )


def _apart(work: Callable[[], Any]) -> Any:
    """In a thread of its own: pyHanko runs an event loop, which a thread that has one already does not allow."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(work).result()


@lru_cache(maxsize=4)
def _parts(key: SealKey) -> tuple[SimpleSigner, list[x509.Certificate]]:
    certificate = x509.Certificate.load(key.certificate)
    above = [x509.Certificate.load(one) for one in key.above]
    store = SimpleCertificateStore()
    store.register_multiple(above)
    signer = SimpleSigner(certificate, keys.PrivateKeyInfo.load(key.key), store)
    return signer, above


@lru_cache(maxsize=4)
def _stamper(url: str) -> HTTPTimeStamper:
    return HTTPTimeStamper(url, timeout=TIMEOUT_SECONDS)


def _signer(key: SealKey, service: str, service_roots: str, check_address: str) -> PdfSigner:
    simple, _ = _parts(key)
    meta: dict[str, Any] = {}
    if service:
        meta = {
            "embed_validation_info": True,
            "validation_context": _asking(key, service_roots, int(clock.now().timestamp()) // ASKED_FOR),
            # In the signature's own revision, so that it covers the whole file.
            "dss_settings": DSSContentSettings(
                include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE
            ),
        }
    what = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        reason=REASON,
        name=NAME,
        contact_info=check_address or None,
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        **meta,
    )
    field = SigFieldSpec(
        FIELD,
        readable_field_name=NAME,
        invis_sig_settings=InvisSigSettings(set_print_flag=False, set_hidden_flag=True),
    )
    stamper = _stamper(service) if service else None
    return PdfSigner(what, simple, timestamper=stamper, new_field_spec=field)


@lru_cache(maxsize=1)
def _asking(key: SealKey, service_roots: str, period: int) -> ValidationContext:
    """For sealing with a timestamp: every certificate's authority is asked, once in a `period`, what it has revoked.

    One that does not answer ends the sealing, since the seal would not be the B-LT that it says it is.
    """
    return _trusting(key, service_roots, allow_fetching=True, revocation_mode="hard-fail")


def _trusting(key: SealKey, service_roots: str, **how: Any) -> ValidationContext:
    """Our root, with our own list of what is revoked, and the roots of the timestamp service."""
    _, above = _parts(key)
    return ValidationContext(
        trust_roots=[*above[-1:], *_roots(service_roots)],
        other_certs=above,
        crls=[crl.CertificateList.load(key.revoked)] if key.revoked else [],
        **{"revocation_mode": "soft-fail", **how},
    )


@lru_cache(maxsize=2)
def _roots(path: str) -> tuple[x509.Certificate, ...]:
    if not path:
        return ()
    found = pem.load_pem_x509_certificates(Path(path).read_bytes())
    return tuple(x509.Certificate.load(one.public_bytes(Encoding.DER)) for one in found)
