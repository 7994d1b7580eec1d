"""The portal's seal (rule R28): put on once, last, with no changes allowed; B-B by itself, B-LT with a timestamp."""

import io
import socket
import stat
import subprocess
import time
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from pyhanko.pdf_utils.reader import PdfFileReader

from documents import seal as seals
from documents.press import render_all
from documents.seal import SealFailed, read_seal, seal
from documents.seal_keys import SealMissing, make_own_key
from tests.documents import samples
from tests.documents.timestamps import TimestampService

ADDRESS = "https://namkhong.hue.gov.vn/kiem-tra/7K3WQ-P5M2X-9HJTR-4DBNC/"


@pytest.fixture(scope="module")
def body() -> bytes:
    return render_all([samples.sheet_of("pledge-with-evidence")])[0]


@pytest.fixture(autouse=True)
def own_key(settings, tmp_path):
    settings.SEAL_FOLDER = tmp_path / "seal"
    settings.TSA_URL = settings.TSA_ROOTS = settings.SEAL_PKCS12 = ""
    make_own_key()
    return settings.SEAL_FOLDER


@pytest.fixture
def service(settings, tmp_path):
    with TimestampService(tmp_path) as running:
        settings.TSA_URL, settings.TSA_ROOTS = running.url, running.roots
        yield running


def signature_of(body: bytes):
    return PdfFileReader(io.BytesIO(body)).embedded_regular_signatures[0]


def test_a_sealed_paper_is_ours_whole_certified_and_says_what_the_seal_is(body):
    sealed = seal(body, check_address=ADDRESS)
    report = read_seal(sealed)
    assert report.is_ours and report.covers_all and not report.has_timestamp
    assert report.reason == "chữ ký số của hệ thống (xác nhận toàn vẹn)"
    signature = signature_of(sealed).sig_object
    assert signature["/Name"] == "Chữ ký số của hệ thống (xác nhận toàn vẹn)"
    assert signature["/SubFilter"] == "/ETSI.CAdES.detached", "PAdES"
    assert signature["/ContactInfo"] == ADDRESS


def test_no_change_at_all_is_allowed(body):
    with pikepdf.open(io.BytesIO(seal(body))) as pdf:
        reference = pdf.Root.Perms.DocMDP.Reference[0]
        assert reference.TransformMethod == "/DocMDP"
        assert reference.TransformParams.P == 1


def test_the_pages_are_the_rendered_ones_and_the_paper_stays_tagged(body, tmp_path):
    sealed = seal(body)
    assert sealed.startswith(body), "appended, nothing before it touched"
    path = tmp_path / "x.pdf"
    path.write_bytes(sealed)
    said = subprocess.run(["pdfinfo", path], capture_output=True, check=True, text=True).stdout
    assert "Tagged:          yes" in said and "Bản cam kết của" in said
    subprocess.run(["qpdf", "--check", path], capture_output=True, check=True)
    with pikepdf.open(path) as pdf:
        (field,) = pdf.Root.AcroForm.Fields
        assert int(field.F) & 2, "hidden: no mark on the page that looks like somebody's signature"
        assert field.TU == "Chữ ký số của hệ thống (xác nhận toàn vẹn)", "named for who listens to the file"


def test_a_stranger_s_reader_finds_the_same(body, tmp_path):
    path = tmp_path / "x.pdf"
    path.write_bytes(seal(body))
    said = subprocess.run(["pdfsig", path], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said and "Total document signed" in said


def test_an_unsealed_paper_and_a_foreign_file_carry_no_seal_of_ours(body):
    for other in (body, b"%PDF-1.7 nothing", b"", b"\x00" * 1000):
        assert not read_seal(other).is_ours


def test_a_seal_under_another_root_is_not_ours(body, settings, tmp_path):
    sealed = seal(body)
    settings.SEAL_FOLDER = tmp_path / "another"
    make_own_key()
    assert read_seal(sealed).covers_all
    assert not read_seal(sealed).is_ours


@pytest.mark.parametrize("harm", ["byte", "appended", "cut"])
def test_what_was_changed_or_added_afterwards_breaks_the_seal(body, harm):
    sealed = seal(body)
    place = len(body) // 3
    changed = {
        "byte": sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :],
        "appended": sealed + b"\n% more",
        "cut": sealed[:-40],
    }[harm]
    assert read_seal(sealed).is_ours
    assert not read_seal(changed).is_ours


def test_a_pdf_that_carries_a_signature_is_never_certified_again(body):
    with pytest.raises(SealFailed, match="Không đóng được"):
        seal(seal(body))


def test_with_a_timestamp_service_the_seal_is_b_lt_in_one_revision(body, service):
    sealed = seal(body)
    report = read_seal(sealed)
    assert report.is_ours and report.covers_all and report.has_timestamp
    with pikepdf.open(io.BytesIO(sealed)) as pdf:
        store = pdf.Root.DSS
        assert len(store.CRLs) == 2, "that nothing was revoked: of our authority and of the service's"
        assert len(store.Certs) == 4
    assert service.asked >= 1


def test_authorities_are_asked_once_for_many_papers(body, service):
    for _ in range(3):
        seal(body)
    assert service.lists_sent == 1


def test_while_the_service_answers_nothing_useful_no_paper_is_sealed(body, service):
    service.answers = False
    with pytest.raises(SealFailed, match="dấu thời gian không trả lời"):
        seal(body)
    assert service.asked == seals.TRIES
    service.answers = True
    assert read_seal(seal(body)).has_timestamp


def test_a_service_that_hangs_is_left_after_its_time(body, settings, monkeypatch):
    monkeypatch.setattr(seals, "TIMEOUT_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        settings.TSA_URL = f"http://127.0.0.1:{deaf.getsockname()[1]}/"
        started = time.monotonic()
        with pytest.raises(SealFailed, match="dấu thời gian không trả lời"):
            seal(body)
        assert time.monotonic() - started < 10


def test_a_service_whose_root_is_not_known_is_not_believed(body, service, settings):
    settings.TSA_ROOTS = ""
    with pytest.raises(SealFailed):
        seal(body)


def test_the_key_is_readable_by_the_portal_alone_and_made_once(own_key):
    made = {path.name: path.read_bytes() for path in own_key.iterdir()}
    assert set(made) == {"root.key", "root.crt", "seal.key", "seal.crt"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in own_key.iterdir()} == {0o600}
    assert stat.S_IMODE(own_key.stat().st_mode) == 0o700
    make_own_key()
    assert {path.name: path.read_bytes() for path in own_key.iterdir()} == made


def test_the_certificate_calls_itself_the_system_s_and_no_person_s(own_key):
    certificate = x509.load_pem_x509_certificate((own_key / "seal.crt").read_bytes())
    assert "Chữ ký số của hệ thống (xác nhận toàn vẹn)" in certificate.subject.rfc4514_string()


def test_without_a_key_the_sentence_says_what_to_do(body, settings, tmp_path):
    settings.SEAL_FOLDER = tmp_path / "nothing"
    with pytest.raises(SealMissing, match=r"Báo quản trị hệ thống.*manage\.py make_seal"):
        seal(body)
    assert not Path(settings.SEAL_FOLDER).exists(), "never made in passing"


def test_the_office_s_own_key_is_taken_from_its_file(body, settings, own_key, tmp_path):
    path = tmp_path / "office.p12"
    root, certificate = (
        x509.load_pem_x509_certificate((own_key / f"{name}.crt").read_bytes()) for name in ("root", "seal")
    )
    key = serialization.load_pem_private_key((own_key / "seal.key").read_bytes(), None)
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"x", key, certificate, [root], serialization.BestAvailableEncryption(b"mat-khau")
        )
    )
    settings.SEAL_PKCS12, settings.SEAL_PASSPHRASE = str(path), "mat-khau"
    settings.SEAL_FOLDER = tmp_path / "nothing"
    assert read_seal(seal(body)).is_ours
    settings.SEAL_PASSPHRASE = "sai"
    with pytest.raises(SealMissing, match="NAMKHONG_SEAL_PKCS12"):
        seal(body)
