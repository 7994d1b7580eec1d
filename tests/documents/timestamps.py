"""A timestamp service of RFC 3161 on loopback, under an authority of its own that publishes what it has revoked."""

import http.server
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

DER = serialization.Encoding.DER


@dataclass
class TimestampService:
    """`answers` may be set to False: the service then takes the connection and says nothing useful."""

    folder: Path
    answers: bool = True
    asked: int = 0
    lists_sent: int = 0
    server: http.server.ThreadingHTTPServer = field(init=False)

    def __enter__(self) -> "TimestampService":
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._make_authority()
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *args) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/tsa"

    @property
    def roots(self) -> str:
        return str(self.folder / "tsa-roots.pem")

    def _make_authority(self) -> None:
        at = datetime.now(UTC)
        root_key, key = rsa.generate_private_key(65537, 2048), rsa.generate_private_key(65537, 2048)
        root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Gốc dấu thời gian thử")])
        root = _certificate(root_name, root_name, root_key, root_key, revoked_at=None)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Dấu thời gian thử")])
        address = f"http://127.0.0.1:{self.server.server_port}/revoked.crl"
        stamper = _certificate(name, root_name, key, root_key, revoked_at=address)
        Path(self.roots).write_bytes(root.public_bytes(serialization.Encoding.PEM))
        listed = x509.CertificateRevocationListBuilder().issuer_name(root_name)
        listed = listed.last_update(at - timedelta(hours=1)).next_update(at + timedelta(days=7))
        self.revoked = listed.sign(root_key, hashes.SHA256()).public_bytes(DER)
        private = key.private_bytes(DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        self.stamper = DummyTimeStamper(
            asn1.Certificate.load(stamper.public_bytes(DER)),
            keys.PrivateKeyInfo.load(private),
            certs_to_embed=[asn1.Certificate.load(root.public_bytes(DER))],
        )


def _certificate(subject, issuer, key, signer, *, revoked_at: str | None) -> x509.Certificate:
    at = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=revoked_at is None, path_length=None), critical=True)
    )
    if revoked_at:
        where = x509.DistributionPoint([x509.UniformResourceIdentifier(revoked_at)], None, None, None)
        made = made.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
        ).add_extension(x509.CRLDistributionPoints([where]), critical=False)
    return made.sign(signer, hashes.SHA256())


def _handler(service: TimestampService) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.asked += 1
            if not service.answers:
                self.send_error(503)
                return
            request = tsp.TimeStampReq.load(body)
            self._send("application/timestamp-reply", service.stamper.request_tsa_response(request).dump())

        def do_GET(self):
            service.lists_sent += 1
            self._send("application/pkix-crl", service.revoked)

        def _send(self, kind: str, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    return Handler
