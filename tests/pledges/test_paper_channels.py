"""The papers of pledges that did not come through the portal: signed by hand, or with a certificate of one's own."""

import csv
import io
import re
import zipfile
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from documents.layout.evidence import exact_moment
from documents.models import Paper
from documents.seal import read_seal
from documents.services import check_address, read_paper
from documents.typeset import pledge_sheet
from ledger import clock, jobs
from ledger.qr import qr_picture
from ledger.workflow import StepRefused
from pledges import archive, books
from pledges.models import BookJob, PaperJob, Pledge, SignedList
from pledges.parties import signatures_of
from pledges.services import order_paper, revoke_pledge, signedfiles
from pledges.services.paper import KIND, order_missing_papers
from pledges.sheet import confirmations, evidence_of, printed_code, sheet_of
from tests.documents.certificates import person, sign_pdf
from tests.pledges.acts import afresh, confirm, confirm_for_union
from tests.pledges.test_paper import paper_url, text_of
from tests.pledges.test_signedfiles import bring_back, order, printed
from tests.pledges.test_signedlists import recorded

EVIDENCE = "Trang minh chứng (PDF)"
NOT_MADE = "chưa được lập"


@pytest.fixture(autouse=True)
def own_vault(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "papers"


def made(pledge: Pledge) -> Pledge:
    assert jobs.run(KIND, PaperJob.objects.get(pledge=pledge).pk)
    return Pledge.objects.select_related("paper", "evidence", "unit", "user").get(pk=pledge.pk)


@pytest.fixture
def by_hand(cast, campaign) -> Pledge:
    """A ward official's, complete with two signatures on paper, not printed yet."""
    (pledge,) = recorded(cast.ward, campaign, cast.clerk, cast.official, head=True).pledges
    return pledge


@pytest.fixture
def in_a_file(cast, campaign) -> Pledge:
    """A teacher's, signed with the certificate of another name, confirmed in the portal, not printed yet."""
    draft = printed(order(cast.school_official, campaign))
    body = sign_pdf(signedfiles.draft_bytes(draft), person("Nguyễn Thị Khác"))
    pledge = confirm(bring_back(draft, body).pledge, cast.school_head)
    return confirm_for_union(pledge, cast.union_chair)


def signed_bytes(pledge: Pledge) -> bytes:
    file = signedfiles.signed_file_of(pledge)
    assert file is not None
    return signedfiles.signed_file_bytes(file)


def squeezed(text: str) -> str:
    """Without spaces: a digest breaks where the line ends."""
    return re.sub(r"\s", "", text)


# --- What the evidence says


def test_a_pledge_signed_by_hand_gets_its_evidence_as_a_file_of_its_own(cast, by_hand):
    day = clock.local(by_hand.signed_at)
    entered = datetime.fromisoformat(by_hand.signatures.get(party="official").proof["at"])
    assert clock.now() - entered < timedelta(minutes=1), (
        "when the clerk entered it, not the beginning of the day"
    )
    pledge = made(by_hand)
    assert pledge.paper is None
    assert pledge.evidence.kind == "pledge_evidence"
    assert pledge.evidence.check_code != pledge.check_code
    text = text_of(read_paper(pledge.evidence))
    assert f"mang mã kiểm tra {pledge.evidence.check_code}" in text
    assert pledge.check_code not in text, "a code that the public check does not know"
    assert "Hình thức: Ký tay trên bản giấy" in text
    assert f"Thời điểm: ngày {day:%d/%m/%Y} (theo bản giấy)" in text
    assert f"{cast.clerk.full_name} nhập, ghi nhận lúc {exact_moment(entered)}" in text
    assert read_seal(read_paper(pledge.evidence)).is_ours
    with pytest.raises(StepRefused, match="đã được lập"):
        order_paper(pledge=pledge, by=cast.official)


def test_the_evidence_of_a_paper_pledge_names_every_scan(by_hand):
    scans = list(SignedList.objects.get().scans.values_list("sha256", flat=True))
    assert scans
    text = text_of(read_paper(made(by_hand).evidence))
    assert "từng trang bản chụp đã lưu:" in text
    assert all(scan in squeezed(text) for scan in scans)


def test_scans_stand_one_a_line(by_hand):
    by_hand.content["paper"]["scans"] = ["a" * 64, "b" * 64]
    assert evidence_of(by_hand, {}).file_sha256 == "a" * 64 + "\n" + "b" * 64


def test_the_evidence_of_a_signed_file_names_the_file_and_its_signer(in_a_file):
    file = signedfiles.signed_file_of(in_a_file)
    certificate = file.findings["signatures"][0]
    text = text_of(read_paper(made(in_a_file).evidence))
    assert "mã băm SHA-256 của tệp đã lưu:" in text
    assert file.sha256 in squeezed(text)
    assert "Người ký theo chứng thư: Nguyễn Thị Khác" in text
    assert squeezed(certificate["issuer"]) in squeezed(text)
    assert squeezed(certificate["serial"]) in squeezed(text)
    assert "khác họ tên người cam kết" in text
    assert f"mang mã kiểm tra {in_a_file.check_code}" in text


# --- Where it is opened


@pytest.mark.parametrize("reader", ["official", "head"])
def test_the_evidence_of_a_paper_pledge_is_offered_and_opens(cast, by_hand, client_of, reader):
    pledge, client = made(by_hand), client_of(cast.people[reader])
    page = client.get(pledge.get_absolute_url()).content.decode()
    assert EVIDENCE in page and NOT_MADE not in page
    assert pledge.evidence.check_code in page and pledge.check_code not in page
    for asked in ({}, {"trang": "minh-chung"}):
        answer = client.get(paper_url(pledge), asked)
        assert answer.content == read_paper(pledge.evidence)
        assert "-minh-chung.pdf" in answer["Content-Disposition"]


@pytest.mark.parametrize("name", ["pledges:pledge_mine", "home"])
def test_one_s_own_pages_offer_the_evidence(cast, by_hand, client_of, name):
    pledge = made(by_hand)
    page = client_of(cast.official).get(reverse(name)).content.decode()
    assert EVIDENCE in page
    assert f"{paper_url(pledge)}?trang=minh-chung" in page


def test_of_a_signed_file_the_same_address_leads_to_the_file_and_the_evidence_beside_it(
    cast, in_a_file, client_of
):
    pledge, client = made(in_a_file), client_of(cast.school_official)
    page = client.get(pledge.get_absolute_url()).content.decode()
    assert EVIDENCE in page and NOT_MADE not in page
    answer = client.get(paper_url(pledge), follow=True)
    assert answer.content == signed_bytes(pledge)
    assert answer["Content-Disposition"].startswith("attachment"), "what a person made is never shown by us"
    assert client.get(paper_url(pledge), {"trang": "minh-chung"}).content == read_paper(pledge.evidence)


def test_asking_a_portal_pledge_for_its_evidence_gives_its_paper(cast, complete, client_of):
    pledge = made(complete)
    answer = client_of(cast.official).get(paper_url(pledge), {"trang": "minh-chung"})
    assert answer.content == read_paper(pledge.paper)


def test_the_page_of_a_paper_pledge_takes_no_query_for_its_evidence(cast, by_hand, client_of):
    """One less when it is there: no order is looked for."""
    client = client_of(cast.head)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(by_hand.get_absolute_url())
        return len(seen)

    queries()
    before = queries()
    made(by_hand)
    assert queries() == before - 1


# --- The public check


def test_the_public_check_knows_a_signed_file_by_code_and_by_its_bytes(in_a_file, client):
    pledge = made(in_a_file)
    assert pledge.paper.kind == "pledge_signed"
    assert read_paper(pledge.paper) == signed_bytes(pledge), "never sealed again"
    assert pledge.paper.check_code == pledge.check_code
    assert pledge.evidence.kind == "pledge_evidence"
    page = client.get(reverse("documents:check", args=[pledge.check_code]))
    assert page.status_code == 200
    assert "Bản cam kết ký số cá nhân" in page.content.decode()
    file = io.BytesIO(signed_bytes(pledge))
    file.name = "da-ky.pdf"
    answer = client.post(reverse("documents:check"), {"tep": file})
    assert "Bản cam kết ký số cá nhân" in answer.content.decode()


def test_of_a_revoked_pledge_the_signed_file_says_so_too(cast, in_a_file, client):
    pledge = made(in_a_file)
    revoke_pledge(pledge=pledge, by=afresh(cast.school_head), reason="Ghi nhầm.")
    assert set(Paper.objects.values_list("kind", "state")) == {
        ("pledge_signed", "withdrawn"),
        ("pledge_evidence", "withdrawn"),
    }
    page = client.get(reverse("documents:check", args=[pledge.check_code])).content.decode()
    assert "thu hồi" in page


def test_making_the_evidence_again_stores_nothing_twice(in_a_file, monkeypatch):
    pledge = made(in_a_file)
    assert jobs.run(KIND, PaperJob.objects.create(pledge=pledge).pk)
    assert Paper.objects.count() == 2
    monkeypatch.setenv(clock.OFFSET_VARIABLE, "660")
    assert order_missing_papers() == 0


def test_a_signed_file_that_is_damaged_makes_no_paper(in_a_file, settings):
    file = signedfiles.signed_file_of(in_a_file)
    (settings.MEDIA_ROOT / file.path).write_bytes(b"%PDF-1.7 something else")
    assert made(in_a_file).evidence is None
    assert "không còn nguyên vẹn" in PaperJob.objects.get().error
    assert not Paper.objects.exists()


# --- The book and the archive


def test_the_book_says_of_who_signed_by_hand_that_he_did(cast, by_hand):
    pledge, day = made(by_hand), clock.local(by_hand.signed_at)
    html = pledge_sheet(replace(sheet_of(pledge, signatures_of(pledge)), evidence=None)).html
    assert html.count("Đã ký tay trên bản giấy") == 2
    assert f"ngày {day:%d/%m/%Y}" in html
    assert "lúc 00:00" not in html
    assert '<p class="confirmed">Xác nhận điện tử</p>' not in html
    assert " ".join(re.findall("....", pledge.sha256[:16])) not in html


def test_the_book_tells_a_file_signed_from_a_confirmation(in_a_file):
    pledge = made(in_a_file)
    head, union, own = confirmations(pledge, signatures_of(pledge))
    assert (head.manner, union.manner) == ("Xác nhận điện tử", "Xác nhận điện tử")
    assert own.manner == "Đã ký số cá nhân trên tệp PDF"
    assert own.when == f"lúc {clock.local(own.confirmed_at):%H:%M ngày %d/%m/%Y}"


def test_the_book_prints_the_code_of_the_evidence(by_hand):
    before = sheet_of(Pledge.objects.select_related("unit", "user").get(), signatures_of(by_hand))
    assert (before.check_code, pledge_sheet(before).pictures) == ("", {})
    pledge = made(by_hand)
    sheet = sheet_of(pledge, signatures_of(pledge))
    assert sheet.check_code == printed_code(pledge) == pledge.evidence.check_code
    address = check_address(pledge.evidence.check_code)
    assert pledge_sheet(sheet).pictures == {"qr.png": qr_picture(address, scale=2)}
    assert pledge.evidence.check_code in books.index_row(1, pledge)


def test_the_pages_of_a_book_take_one_query_whatever_the_channel(
    cast, campaign, by_hand, django_assert_num_queries
):
    made(by_hand)
    today = clock.today()
    found = list(books.pledges_of(cast.ward, campaign, today.year, today))
    with django_assert_num_queries(1):
        books.piece_of(found, 1, "Sổ")


def test_the_archive_holds_a_signed_file_once(cast, campaign, in_a_file, tmp_path):
    early = packed(cast, campaign, tmp_path)
    pledge = made(in_a_file)
    late = packed(cast, campaign, tmp_path)
    (name,) = [name for name in early if name.endswith("-ky-so.pdf")]
    assert early[name] == late[name] == signed_bytes(pledge)
    assert list(late.values()).count(late[name]) == 1
    assert len([one for one in late if one.endswith(".pdf")]) == 2
    (row,) = list(csv.reader(io.StringIO(late["DANH-MUC.csv"].decode("utf-8-sig")), delimiter=";"))[1:]
    assert row[8].count("-ky-so.pdf") == 1 and row[8].count("-chung-cu.pdf") == 1


def packed(cast, campaign, tmp_path) -> dict[str, bytes]:
    target = tmp_path / "archive.zip"
    job = BookJob(unit=cast.school, campaign=campaign, year=clock.today().year)
    archive.pack(job, target, clock.today(), lambda done: None)
    with zipfile.ZipFile(target) as found:
        return {name: found.read(name) for name in found.namelist()}
