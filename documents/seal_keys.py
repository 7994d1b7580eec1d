"""The key that seals papers: the office's own from a PKCS#12 file, or one that the portal makes for itself.

A self-made authority proves that a file is unchanged and nothing about who made it: nobody outside has any reason to
trust its root. It is made once, by the first start, and only the account of the portal may read its files.
"""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from django.conf import settings

from ledger import clock

ROOT, SIGNER = "root", "seal"
YEARS = 15
# A list of revoked certificates is made anew each day and counts for a month.
LIST_DAYS = 30
_SIGNS_ONLY = {
    "digital_signature": True, "content_commitment": True, "key_encipherment": False, "data_encipherment": False,
    "key_agreement": False, "key_cert_sign": False, "crl_sign": False, "encipher_only": False, "decipher_only": False,
}  # fmt: skip
_CERTIFIES_ONLY = dict.fromkeys(_SIGNS_ONLY, False) | {"key_cert_sign": True, "crl_sign": True}


class SealMissing(Exception):
    """No key to seal with. `str(error)` is one sentence in Vietnamese, and so is `sentence`."""

    @property
    def sentence(self) -> str:
        return str(self)


@dataclass(frozen=True)
class SealKey:
    """DER bytes: the signer's key and certificate, the certificates above it (root last), our list of revoked ones.

    `revoked` is empty for a key from outside, whose authority publishes its own.
    """

    key: bytes
    certificate: bytes
    above: tuple[bytes, ...]
    revoked: bytes = b""


def seal_key() -> SealKey:
    """The configured key, else the self-made one. Raises SealMissing."""
    if settings.SEAL_PKCS12:
        return _from_file(settings.SEAL_PKCS12, settings.SEAL_PASSPHRASE)
    return _own(str(settings.SEAL_FOLDER), clock.now().date().isoformat())


def has_own_key() -> bool:
    return all(_path(name, kind).is_file() for name in (ROOT, SIGNER) for kind in ("key", "crt"))


def make_own_key() -> None:
    """A root and a certificate under it, in `settings.SEAL_FOLDER`; what is there already is never written over."""
    folder = Path(settings.SEAL_FOLDER)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    if has_own_key():
        return
    at = clock.now()
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = _name("Gốc tự lập của cổng Năm Không")
    root = _certificate(root_name, root_name, root_key.public_key(), root_key, at, is_root=True)
    name = _name("Chữ ký số của hệ thống (xác nhận toàn vẹn)")
    signer = _certificate(name, root_name, key.public_key(), root_key, at, is_root=False)
    for part, own_key, certificate in ((ROOT, root_key, root), (SIGNER, key, signer)):
        _write_private(_path(part, "key"), own_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ))  # fmt: skip
        _write_private(_path(part, "crt"), certificate.public_bytes(serialization.Encoding.PEM))


def _name(common: str) -> x509.Name:
    return x509.Name([
        x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Cổng Năm Không"),
        x509.NameAttribute(NameOID.COMMON_NAME, common),
    ])  # fmt: skip


def _certificate(
    subject: x509.Name, issuer: x509.Name, public_key, signing_key, at: datetime, *, is_root: bool
) -> x509.Certificate:
    usage = _CERTIFIES_ONLY if is_root else _SIGNS_ONLY
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=0 if is_root else None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), critical=False
        )
        .sign(signing_key, hashes.SHA256())
    )


@lru_cache(maxsize=2)
def _own(folder: str, day: str) -> SealKey:
    """`day` makes the list of revoked certificates new each day."""
    if not has_own_key():
        raise SealMissing(
            "Hệ thống chưa có khóa để đóng chữ ký số lên bản PDF. Báo quản trị hệ thống chạy lệnh "
            "`manage.py make_seal`."
        )
    root = x509.load_pem_x509_certificate(_path(ROOT, "crt").read_bytes())
    root_key = serialization.load_pem_private_key(_path(ROOT, "key").read_bytes(), None)
    signer = x509.load_pem_x509_certificate(_path(SIGNER, "crt").read_bytes())
    key = serialization.load_pem_private_key(_path(SIGNER, "key").read_bytes(), None)
    return SealKey(_key_der(key), _der(signer), (_der(root),), _revoked(root, root_key))


def _revoked(root: x509.Certificate, root_key) -> bytes:
    """The list of the self-made authority, empty: a key that is no longer trusted is replaced with its root."""
    at = clock.now()
    listed = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root.subject)
        .last_update(at - timedelta(hours=1))
        .next_update(at + timedelta(days=LIST_DAYS))
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False
        )
        .add_extension(x509.CRLNumber(int(at.timestamp())), critical=False)
    )
    return listed.sign(root_key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


@lru_cache(maxsize=2)
def _from_file(path: str, passphrase: str) -> SealKey:
    try:
        bag = pkcs12.load_pkcs12(Path(path).read_bytes(), passphrase.encode() or None)
    except (OSError, ValueError) as error:
        raise SealMissing(
            "Không mở được tệp khóa đóng dấu của hệ thống (NAMKHONG_SEAL_PKCS12). Báo quản trị hệ thống."
        ) from error
    if bag.key is None or bag.cert is None:
        raise SealMissing("Tệp khóa đóng dấu của hệ thống thiếu khóa hoặc chứng thư. Báo quản trị hệ thống.")
    above = [one.certificate for one in bag.additional_certs]
    above.sort(key=lambda one: one.subject == one.issuer)
    return SealKey(_key_der(bag.key), _der(bag.cert.certificate), tuple(_der(one) for one in above))


def _key_der(key) -> bytes:
    return key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def _path(name: str, kind: str) -> Path:
    return Path(settings.SEAL_FOLDER) / f"{name}.{kind}"


def _write_private(path: Path, body: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
