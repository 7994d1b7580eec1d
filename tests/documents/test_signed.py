"""A PDF that comes back signed is judged by what stands in it: real signatures, and every way to cheat we know of."""

import io
import zlib
from datetime import timedelta

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name as name

from documents import press, signed
from documents.signed import Limits, Policy, examine
from ledger import clock
from tests.documents.certificates import CA_NAME, authority, person, sign_pdf, updated

CODE = "7K3WQ-P5M2X-9HJTR-4DBNC"
WHO = "Nguyễn Thị Ánh"
TRUSTING = Policy((authority().pem,))

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def paper() -> bytes:
    return signed.ready_to_sign(press.render(f"<p>Bản cam kết {CODE}</p>", title="Bản cam kết"))


@pytest.fixture(scope="module")
def by_her(paper) -> bytes:
    return sign_pdf(paper, person(WHO))


@pytest.fixture
def look(paper):
    def look(body: bytes, policy: Policy | None = None, limits: Limits | None = None):
        moment = clock.now()
        return examine(
            body, original=paper, marker=CODE, moment=moment, policy=policy, limits=limits or Limits()
        )

    return look


def verdict(found) -> tuple[str, str]:
    return found.verdict, found.reason


def note_on(writer) -> None:
    """A note over the words, as a reader's comment tool adds it."""
    page = writer.root["/Pages"]["/Kids"][0]
    box = generic.ArrayObject([generic.NumberObject(side) for side in (50, 500, 500, 800)])
    note = generic.DictionaryObject(
        {
            name("/Type"): name("/Annot"),
            name("/Subtype"): name("/FreeText"),
            name("/Rect"): box,
            name("/Contents"): generic.pdf_string("khác"),
        }
    )
    page[name("/Annots")] = generic.ArrayObject([writer.add_object(note)])
    writer.update_container(page)


def field_of_text(writer) -> None:
    form = writer.root["/AcroForm"]
    field = generic.DictionaryObject(
        {name("/FT"): name("/Tx"), name("/T"): generic.pdf_string("ô"), name("/V"): generic.pdf_string("x")}
    )
    form["/Fields"].append(writer.add_object(field))
    writer.update_container(form["/Fields"])


def other_words(writer) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    stream = generic.StreamObject(stream_data=b"0 0 600 900 re f")
    page[name("/Contents")] = writer.add_object(stream)
    writer.update_container(page)


# --- What is accepted


@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_a_signature_of_either_kind_is_found_with_its_facts(look, paper, kind):
    found = look(sign_pdf(paper, person(WHO, kind=kind)))
    (one,) = found.signatures
    assert verdict(found) == ("accepted", "")
    assert (one.name, one.issuer, one.time_from, one.trust) == (WHO, CA_NAME, "claim", "unchecked")
    assert one.serial
    assert one.signed_at


def test_the_number_of_an_identity_card_in_the_certificate_is_not_taken_over(look, by_her):
    assert "046089" not in repr(look(by_her))


def test_with_authorities_to_compare_with_it_is_trusted(look, by_her):
    assert look(by_her, TRUSTING).signatures[0].trust == "trusted"


def test_from_another_authority_it_is_not_valid(look, by_her):
    found = look(by_her, Policy((authority("CA khác").pem,)))
    assert verdict(found) == ("invalid", "untrusted")
    assert found.signatures[0].trust == "untrusted"


def test_without_authorities_the_province_may_refuse(look, by_her):
    assert verdict(look(by_her, Policy(needs_trust=True))) == ("invalid", "unchecked")


def test_a_time_stamp_token_says_the_time_instead_of_the_signer(look, paper):
    body = sign_pdf(paper, person(WHO), stamper=person("TSA thử nghiệm", stamping=True))
    assert look(body, TRUSTING).signatures[0].time_from == "token"


def test_signed_by_the_person_and_then_by_the_agency_holds(look, by_her):
    twice = sign_pdf(by_her, person("Trường Tiểu học"), field="Signature2", box=(20, 20, 100, 80))
    found = look(twice, TRUSTING)
    assert verdict(found) == ("accepted", "")
    assert [one.name for one in found.signatures] == [WHO, "Trường Tiểu học"]


def test_a_signature_without_a_picture_holds_too(look, paper):
    assert look(sign_pdf(paper, person(WHO), box=None)).verdict == "accepted"


# --- What is not


def test_the_paper_as_it_was_given_out_carries_no_signature(look, paper):
    assert verdict(look(paper)) == ("unsigned", "")


@pytest.mark.parametrize("change", [note_on, field_of_text, other_words])
def test_what_is_slipped_in_together_with_the_signature_is_found(look, paper, change):
    """The signature itself is good and covers the change: only the comparison with what was shown tells."""
    assert verdict(look(sign_pdf(paper, person(WHO), change=change))) == ("altered", "added")


@pytest.mark.parametrize("change", [note_on, field_of_text, other_words])
def test_what_is_slipped_in_before_the_signature_is_found(look, paper, change):
    assert verdict(look(sign_pdf(updated(paper, change), person(WHO)))) == ("altered", "added")


@pytest.mark.parametrize("change", [note_on, field_of_text, other_words])
def test_what_is_added_after_the_signature_is_found(look, by_her, change):
    assert verdict(look(updated(by_her, change))) == ("altered", "added")


def test_a_picture_over_the_words_is_refused(look, paper):
    assert verdict(look(sign_pdf(paper, person(WHO), box=(0, 0, 590, 800)))) == ("altered", "covered")


def test_a_byte_changed_in_what_was_shown(look, by_her):
    for at in (20, by_her.index(b"stream") + 20, by_her.index(b"startxref") + 12):
        assert verdict(look(flipped(by_her, at))) == ("altered", "saved_again")


def test_a_byte_changed_in_what_was_signed(look, paper, by_her):
    at = by_her.index(b"/Rect", len(paper)) + 7
    assert verdict(look(flipped(by_her, at, to=b"9"))) == ("altered", "after_signing")


def test_no_byte_of_the_signature_changes_what_is_said_of_the_signer(look, paper, by_her):
    """Certificates of authorities lie beside the signature unsigned; whoever changes them changes nothing."""
    true = look(by_her, TRUSTING).signatures
    start = by_her.index(b"/Contents <", len(paper)) + 11
    long = by_her.index(b"00000000", start) - start
    for at in range(start, start + long, long // 6):
        found = look(flipped(by_her, at, to=b"0" if by_her[at : at + 1] != b"0" else b"1"), TRUSTING)
        assert found.verdict != "accepted" or found.signatures == true, at - start


def flipped(body: bytes, at: int, to: bytes | None = None) -> bytes:
    return body[:at] + (to or bytes([body[at] ^ 1])) + body[at + 1 :]


def test_saved_again_by_another_program(look, by_her):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(by_her)) as opened:
        opened.save(out)
    assert verdict(look(out.getvalue())) == ("altered", "saved_again")


def test_another_paper_that_is_validly_signed(look):
    other = signed.ready_to_sign(press.render("<p>Bản cam kết khác</p>", title="Bản cam kết"))
    assert verdict(look(sign_pdf(other, person(WHO)))) == ("foreign", "")


def test_a_whole_other_document_behind_ours(look, paper):
    """It begins with our bytes, but a reader would show the other one."""
    assert verdict(look(paper + document_at(len(paper)))) == ("altered", "replaced")


def document_at(offset: int) -> bytes:
    parts = [
        b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n",
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>endobj\n",
    ]
    body, places = b"", []
    for part in parts:
        places.append(offset + len(body))
        body += part
    table = b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % at for at in places)
    end = b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (offset + len(body))
    return body + table + end


@pytest.mark.parametrize(
    ("since", "until", "reason"),
    [(-400, -1, "expired"), (1, 400, "not_yet")],
)
def test_a_certificate_out_of_its_days(look, paper, since, until, reason):
    now = clock.now()
    late = person(WHO, since=now + timedelta(days=since), until=now + timedelta(days=until))
    body = sign_pdf(paper, late)
    for policy in (None, TRUSTING):
        assert verdict(look(body, policy)) == ("invalid", reason)


# --- What cannot be read


def test_a_file_with_a_password(look, paper):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(paper)) as opened:
        opened.save(out, encryption=pikepdf.Encryption(owner="chủ", user="người"))
    assert verdict(look(out.getvalue())) == ("unreadable", "locked")


def test_files_cut_off_empty_of_another_kind_or_too_large(look, paper, by_her):
    for body in (by_her[:-100], paper[:500], by_her[: len(paper) + 50], b"%PDF-1.7 rubbish"):
        assert verdict(look(body)) == ("unreadable", "damaged")
    assert verdict(look(b"")) == ("unreadable", "not_pdf")
    assert verdict(look(b"MZ\x90 program")) == ("unreadable", "not_pdf")
    assert verdict(look(b"%PDF-" + bytes(signed.LARGEST))) == ("unreadable", "large")


def test_a_bomb_ends_the_child_and_not_the_portal(look, paper):
    """A table of places of half a gigabyte, packed into half a megabyte."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(512)) + packer.flush()
    facts = b"<</Type/XRef/Size 90/W[1 2 2]/Root 1 0 R/Filter/FlateDecode/Length %d>>" % len(packed)
    table = b"90 0 obj\n" + facts + b"\nstream\n" + packed + b"\nendstream\nendobj\n"
    body = paper + table + b"startxref\n%d\n%%%%EOF\n" % len(paper)
    assert look(body, limits=Limits(memory_bytes=400 << 20)).verdict == "unreadable"


def test_without_memory_or_time_it_is_unreadable(look, by_her):
    assert verdict(look(by_her, limits=Limits(memory_bytes=40 << 20))) == ("unreadable", "costly")
    assert verdict(look(by_her, limits=Limits(wall_seconds=0.01))) == ("unreadable", "costly")
