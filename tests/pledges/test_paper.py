"""The BẢN CAM KẾT as PDF: ordered with the last confirmation, made by the worker, stored once, answered for."""

import subprocess

import pytest
from django.urls import reverse

from documents.models import Paper
from documents.services import check_address, read_paper
from documents.typeset import pledge_sheet
from ledger import jobs
from ledger.qr import qr_picture
from ledger.workflow import StepRefused
from pledges import services
from pledges.models import PaperJob, Pledge
from pledges.parties import signatures_of
from pledges.services.paper import KIND
from pledges.sheet import manifest_sha256, sheet_of
from tests.pledges.acts import confirm, confirm_for_union, sign


@pytest.fixture(autouse=True)
def own_vault(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "papers"


@pytest.fixture
def printed(cast, campaign):
    """The teacher's pledge with all three confirmations and its paper made."""
    cast.school_official.job_title = "Giáo viên"
    cast.school_official.save()
    pledge = confirm(
        sign(cast.school_official, campaign, "Không dạy thêm.\nTrả lời trong 02 ngày."), cast.school_head
    )
    confirm_for_union(pledge, cast.union_chair)
    assert jobs.run(KIND, PaperJob.objects.get().pk)
    return Pledge.objects.get(pk=pledge.pk)


def paper_url(pledge: Pledge) -> str:
    return reverse("pledges:pledge_paper", args=[pledge.public_id])


def text_of(body: bytes) -> str:
    command = ["pdftotext", "-layout", "-", "-"]
    said = subprocess.run(command, input=body, capture_output=True, check=True).stdout.decode()
    return " ".join(said.split())


def test_the_paper_says_who_promised_what_and_who_confirmed_it(cast, printed):
    text = text_of(read_paper(printed.paper))
    local = printed.content["signed_at"]
    assert local.endswith("Z"), "the record keeps UTC"
    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "BẢN CAM KẾT",
        "- Hiệu trưởng Trường Tiểu học Kim Long 1;",
        "- Ban Chấp hành Công đoàn cơ sở Trường Tiểu học Kim Long 1.",
        "Tôi tên là: Ưng Thị Ẩn",
        "Chức vụ, chức danh: Giáo viên",
        "1. Không cửa quyền, hách dịch, gây khó khăn, phiền hà;",
        "5. Không lợi dụng chức vụ, quyền hạn trong thực thi công vụ.",
        "Không dạy thêm.",
        "THỦ TRƯỞNG ĐƠN VỊ TM. BCH CÔNG ĐOÀN NGƯỜI CAM KẾT",
        "Hồ Văn Ưng",
        printed.check_code,
    ):
        assert words in text
    groups = [printed.sha256[at : at + 4] for at in range(0, 16, 4)]
    assert text.count(" ".join(groups)) == 3, "three parties, one text"
    assert "Xác nhận điện tử không phải là chữ ký số" in text


def test_the_qr_leads_to_the_public_check_which_knows_the_paper(printed, client):
    address = check_address(printed.check_code)
    sheet = sheet_of(printed, signatures_of(printed))
    assert pledge_sheet(sheet).pictures == {"qr.png": qr_picture(address, scale=2)}
    page = client.get(reverse("documents:check", args=[printed.check_code]))
    assert page.status_code == 200
    assert "Bản cam kết" in page.content.decode()
    assert "Ưng Thị Ẩn" not in page.content.decode(), "no name to whom only holds the code"


def test_a_leader_s_paper_carries_his_clause_and_two_parties(cast, campaign):
    confirm(sign(cast.school_head, campaign), cast.head)
    jobs.run(KIND, PaperJob.objects.get().pk)
    text = text_of(read_paper(Pledge.objects.get().paper))
    assert "Là người đứng đầu, tôi nêu cao trách nhiệm" in text
    assert "THỦ TRƯỞNG CẤP TRÊN NGƯỜI CAM KẾT" in text
    assert "CÔNG ĐOÀN" not in text


def test_the_paper_is_served_whole_to_who_may_see_the_pledge(cast, printed, client_of):
    answer = client_of(cast.school_official).get(paper_url(printed))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content == read_paper(printed.paper)
    assert client_of(cast.stranger).get(paper_url(printed)).status_code == 404


def test_a_damaged_file_is_a_sentence_and_never_served(cast, printed, client_of, settings):
    (settings.MEDIA_ROOT / printed.paper.path).write_bytes(b"%PDF-1.7 something else")
    answer = client_of(cast.school_official).get(paper_url(printed), follow=True)
    assert "không còn nguyên vẹn" in answer.content.decode()


def test_making_it_again_gives_the_same_paper(printed):
    second = PaperJob.objects.create(pledge=printed)
    assert jobs.run(KIND, second.pk)
    assert Paper.objects.count() == 1
    assert Pledge.objects.get().paper == printed.paper
    assert printed.paper.manifest_sha256 == manifest_sha256(printed, signatures_of(printed))


def test_nothing_is_rendered_while_signing(complete):
    assert complete.paper is None
    assert PaperJob.objects.get().status == "queued"
    assert not Paper.objects.exists()


def test_while_the_paper_is_made_the_page_says_how_far_it_is(cast, complete, client_of):
    client = client_of(cast.official)
    assert "Đang lập bản PDF" in client.get(complete.get_absolute_url()).content.decode()
    assert "Đang chờ đến lượt" in client.get(paper_url(complete)).content.decode()
    fragment = client.get(paper_url(complete), headers={"HX-Request": "true"})
    assert "<html" not in fragment.content.decode() and "HX-Refresh" not in fragment
    jobs.run(KIND, PaperJob.objects.get().pk)
    over = client.get(paper_url(complete), headers={"HX-Request": "true"})
    assert over["HX-Refresh"] == "true"


def test_a_complete_pledge_without_an_order_offers_the_button(cast, complete, client_of, post_form):
    PaperJob.objects.all().delete()
    client = client_of(cast.official)
    assert "Lập bản PDF" in client.get(complete.get_absolute_url()).content.decode()
    page = client.get(paper_url(complete)).content.decode()
    assert 'name="idempotency_key"' in page and "Lập bản PDF" in page
    assert not PaperJob.objects.exists(), "looking orders nothing"
    for _ in range(2):
        post_form(client, paper_url(complete))
    assert PaperJob.objects.count() == 1


def test_a_pledge_that_is_not_complete_has_no_paper(cast, signed, client_of, post_form):
    client = client_of(cast.school_official)
    answer = client.get(paper_url(signed), follow=True)
    assert "khi bản cam kết đã đủ xác nhận" in answer.content.decode()
    post_form(client, paper_url(signed))
    assert not PaperJob.objects.exists()
    with pytest.raises(StepRefused, match="đủ xác nhận"):
        services.order_paper(pledge=signed, by=cast.school_official)


@pytest.fixture
def without_fonts(settings, tmp_path):
    settings.PAPER_FONTS = tmp_path / "no-fonts"


def test_a_paper_that_could_not_be_made_says_why_and_can_be_ordered_again(
    cast, complete, without_fonts, client_of, post_form
):
    jobs.run(KIND, PaperJob.objects.get().pk)
    job = PaperJob.objects.get()
    assert job.status == "failed" and "fonts-liberation2" in job.error
    client = client_of(cast.official)
    assert "Chưa lập được bản PDF" in client.get(complete.get_absolute_url()).content.decode()
    post_form(client, paper_url(complete))
    assert PaperJob.objects.filter(status="queued").count() == 1
