"""Certificates and signatures as people bring them: made here, real, by pyHanko and cryptography."""

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from ledger import clock

CA_NAME = "CA thử nghiệm Ban Cơ yếu"


@dataclass(frozen=True)
class Identity:
    """A certificate with its key, and who issued it."""

    certificate: x509.Certificate
    key: object
    issuer: "Identity | None" = None

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def as_asn1(self) -> asn1_x509.Certificate:
        return asn1_x509.Certificate.load(self.certificate.public_bytes(serialization.Encoding.DER))

    @property
    def key_as_asn1(self) -> asn1_keys.PrivateKeyInfo:
        der = self.key.private_bytes(  # type: ignore[attr-defined]
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return asn1_keys.PrivateKeyInfo.load(der)

    @property
    def store(self) -> SimpleCertificateStore:
        store = SimpleCertificateStore()
        if self.issuer:
            store.register(self.issuer.as_asn1)
        return store


@cache
def _key(kind: str, number: int):
    if kind == "ecdsa":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(65537, 2048)


@cache
def authority(name: str = CA_NAME) -> Identity:
    key = _key("rsa", hash(name))
    now = clock.now()
    built = _builder(name, key, now - timedelta(days=400), now + timedelta(days=3650))
    built = built.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    return Identity(built.sign(key, hashes.SHA256()), key)


def person(
    name: str,
    *,
    kind: str = "rsa",
    since: datetime | None = None,
    until: datetime | None = None,
    issuer: Identity | None = None,
    stamping: bool = False,
) -> Identity:
    """A certificate for signing in this name; for a time-stamp authority when `stamping`."""
    above, key = issuer or authority(), _key(kind, 1)
    since, until = since or clock.now() - timedelta(days=30), until or clock.now() + timedelta(days=365)
    built = _builder(name, key, since, until, above.certificate)
    usage = {"digital_signature": True, "content_commitment": True} | dict.fromkeys(
        (
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    built = built.add_extension(x509.KeyUsage(**usage), critical=True)
    if stamping:
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        built = built.add_extension(purpose, critical=True)
    return Identity(built.sign(above.key, hashes.SHA256()), key, above)  # type: ignore[arg-type]


def _builder(name: str, key, since: datetime, until: datetime, issuer=None):
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, "CCCD:046089000001"),
        ]
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since.astimezone(UTC))
        .not_valid_after(until.astimezone(UTC))
    )


def sign_pdf(
    body: bytes,
    identity: Identity,
    *,
    field: str = "Signature1",
    box: tuple[int, int, int, int] | None = (300, 60, 540, 140),
    stamper: Identity | None = None,
    change=None,
) -> bytes:
    """As a signing tool does: an incremental update behind the bytes given; `change(writer)` slips something in."""
    writer = IncrementalPdfFileWriter(io.BytesIO(body))
    if change:
        change(writer)
    fields.append_signature_field(writer, fields.SigFieldSpec(field, box=box))
    signer = signers.SimpleSigner(identity.as_asn1, identity.key_as_asn1, identity.store)
    tsa = DummyTimeStamper(stamper.as_asn1, stamper.key_as_asn1, stamper.store) if stamper else None
    meta = signers.PdfSignatureMetadata(field_name=field, md_algorithm="sha256")
    # In a thread of its own: beside a browser this one has an event loop already, and pyHanko begins another.
    with ThreadPoolExecutor(1) as aside:
        signed = aside.submit(signers.sign_pdf, writer, meta, signer, timestamper=tsa).result()
    return signed.getvalue()


def updated(body: bytes, change) -> bytes:
    """An incremental update without a signature."""
    writer = IncrementalPdfFileWriter(io.BytesIO(body))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
