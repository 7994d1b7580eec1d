"""A pledge signed with one's own certificate: ordered, signed elsewhere, brought back, judged, confirmed as always."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from documents import vault
from ledger import clock, events, jobs
from ledger.canonical import digest
from ledger.workflow import StepRefused
from pledges.findings import found_in
from pledges.models import Pledge, Refusal, SignedFile, SigningDraft
from pledges.services import decline, signedfiles, withdraw_pledge
from pledges.wording import propose
from tests.documents.certificates import authority, person, sign_pdf
from tests.pledges.acts import afresh, confirm, confirm_for_union, send_back, sign
from units.models import User

WORDS = "Không để hồ sơ quá hạn."


def proof() -> dict[str, str]:
    return {"by": "password", "at": clock.now().isoformat()}


def order(user: User, campaign, own_words: str = WORDS) -> SigningDraft:
    reader = afresh(user)
    shown = propose(
        user=reader, campaign=campaign, year=reader.today.year, on=reader.today, channel="signed_file"
    )
    return signedfiles.order_draft(
        by=reader,
        campaign=campaign,
        year=shown.year,
        own_words=own_words,
        seen_sha256=shown.sha256,
    )


def printed(draft: SigningDraft) -> SigningDraft:
    assert jobs.run(signedfiles.KIND, draft.pk)
    draft.refresh_from_db()
    assert draft.status == "done", draft.error
    return draft


def bring_back(draft: SigningDraft, body: bytes, by: User | None = None) -> SignedFile:
    return signedfiles.receive_signed_file(
        draft=draft,
        body=body,
        found=signedfiles.look_into(draft, body),
        by=afresh(by or draft.user),
        proof=proof(),
    )


@pytest.fixture
def draft(cast, campaign) -> SigningDraft:
    return printed(order(cast.school_official, campaign))


@pytest.fixture
def signed_by_her(cast, draft) -> bytes:
    return sign_pdf(signedfiles.draft_bytes(draft), person(cast.school_official.full_name))


# --- The file to sign


def test_the_file_carries_the_words_the_code_and_the_digest(draft, tmp_path):
    import pypdfium2

    paper = pypdfium2.PdfDocument(signedfiles.draft_bytes(draft))
    text = " ".join(page.get_textpage().get_text_range() for page in paper)
    assert len(paper) == 1
    for words in (WORDS, draft.check_code, "Ưng Thị Ẩn", "Không cửa quyền"):
        assert words in " ".join(text.split()), words
    assert draft.sha256 in text.replace("\r\n", "").replace("\n", "").replace("\ufffe", "")
    assert draft.file_sha256 == vault.sha256_of(signedfiles.draft_bytes(draft))
    assert digest(draft.shown) == draft.sha256


def test_the_same_words_give_the_same_file_and_other_words_another(cast, campaign, draft):
    assert order(cast.school_official, campaign) == draft
    other = order(cast.school_official, campaign, "Việc khác.")
    assert other.check_code != draft.check_code
    with pytest.raises(StepRefused, match="đang được lập"):
        order(cast.school_official, campaign, "Việc thứ ba.")


def test_who_has_signed_electronically_orders_none(cast, campaign):
    sign(cast.school_official, campaign)
    with pytest.raises(StepRefused, match="đã ký cam kết"):
        order(cast.school_official, campaign)


# --- What comes back


def test_a_valid_file_becomes_the_pledge_and_is_kept_untouched(cast, draft, signed_by_her):
    file = bring_back(draft, signed_by_her)
    pledge = Pledge.objects.get()
    assert (file.verdict, file.pledge, file.round) == ("accepted", pledge, 1)
    assert signedfiles.signed_file_bytes(file) == signed_by_her
    assert (pledge.channel, pledge.status, pledge.own_words) == ("signed_file", "awaiting_head", WORDS)
    assert pledge.check_code == draft.check_code
    assert pledge.content["signed_file"] == {
        "draft": draft.public_id,
        "draft_sha256": draft.file_sha256,
        "sha256": file.sha256,
    }
    assert digest(pledge.content) == pledge.sha256
    signature = pledge.signatures.get()
    assert (signature.party, signature.user, signature.proof["by"]) == (
        "official",
        cast.school_official,
        "certificate",
    )
    assert [act.kind for act in events.history("pledges.signingdraft", draft.public_id)] == [
        "pledges.signingdraft.order",
        "pledges.signingdraft.return",
    ]


def test_head_and_union_confirm_it_in_the_portal(cast, draft, signed_by_her):
    pledge = bring_back(draft, signed_by_her).pledge
    assert confirm(pledge, cast.school_head).status == "awaiting_union"
    assert confirm_for_union(pledge, cast.union_chair).status == "complete"


def test_what_is_found_is_said(draft, signed_by_her):
    found = found_in(bring_back(draft, signed_by_her), "Ưng Thị Ẩn")
    facts = {fact["label"]: fact["value"] for fact in found.facts}
    assert found.title == "Chữ ký số hợp lệ"
    assert facts["Người ký theo chứng thư"] == "Ưng Thị Ẩn"
    assert "theo đồng hồ máy của người ký" in facts["Thời điểm ký"]
    assert found.warnings == [
        "Chưa đối chiếu được với nguồn tin cậy: cổng chưa được khai báo tổ chức cấp chứng thư nào."
    ]


def test_another_name_in_the_certificate_is_shown_and_not_hidden(draft):
    body = sign_pdf(signedfiles.draft_bytes(draft), person("Nguyễn Thị Khác"))
    file = bring_back(draft, body)
    assert file.verdict == "accepted"
    assert "“Nguyễn Thị Khác”, khác họ tên" in found_in(file, "Ưng Thị Ẩn").warnings[0]


def test_who_confirms_many_at_once_reads_the_warning_too(cast, draft, client_of):
    bring_back(draft, sign_pdf(signedfiles.draft_bytes(draft), person("Nguyễn Thị Khác")))
    page = client_of(cast.school_head).get(reverse("pledges:bulkconfirmation_read"), follow=True)
    assert "“Nguyễn Thị Khác”, khác họ tên" in page.content.decode()


def test_the_code_printed_in_a_file_never_leads_to_a_later_signing(cast, campaign, draft, signed_by_her):
    bring_back(draft, signed_by_her)
    send_back(Pledge.objects.get(), cast.school_head)
    again = sign(cast.school_official, campaign)
    assert (again.round, again.channel) == (2, "portal")
    assert again.check_code != draft.check_code


def test_of_two_signatures_the_one_with_her_name_is_hers(draft):
    body = sign_pdf(signedfiles.draft_bytes(draft), person("Trường Tiểu học Kim Long 1"))
    file = bring_back(draft, sign_pdf(body, person("UNG THI AN"), field="S2"))
    assert file.findings["signer"] == 1
    assert file.findings["same_name"]


def test_four_files_get_four_plain_answers(cast, campaign, draft, signed_by_her):
    original = signedfiles.draft_bytes(draft)
    altered = signed_by_her[:900] + bytes([signed_by_her[900] ^ 1]) + signed_by_her[901:]
    now = clock.now()
    expired = person("Ưng Thị Ẩn", since=now - timedelta(days=400), until=now - timedelta(days=2))
    other = printed(order(cast.official, campaign))
    titles = [
        found_in(bring_back(draft, body), "").title
        for body in (
            original,
            altered,
            sign_pdf(original, expired),
            sign_pdf(signedfiles.draft_bytes(other), person("Ưng Thị Ẩn")),
            b"khong phai PDF",
        )
    ]
    assert titles == [
        "Tệp không có chữ ký số",
        "Nội dung đã bị thay đổi",
        "Chữ ký số không hợp lệ",
        "Không phải bản đã tải về",
        "Không đọc được tệp",
    ]
    assert not Pledge.objects.exists()
    assert not SignedFile.objects.exclude(path="").exists()


def test_the_draft_of_an_earlier_try_is_foreign(cast, campaign, draft, signed_by_her):
    other = printed(order(cast.school_official, campaign, "Việc khác."))
    assert bring_back(other, signed_by_her).verdict == "foreign"


def test_the_province_says_whom_it_trusts(settings, tmp_path, draft, signed_by_her):
    (tmp_path / "ca.pem").write_bytes(authority("CA khác").pem)
    (tmp_path / "README.txt").write_text("not a certificate")
    settings.TRUSTED_CAS = str(tmp_path)
    assert found_in(bring_back(draft, signed_by_her), "").title == "Chữ ký số không hợp lệ"
    (tmp_path / "vgca.crt").write_bytes(authority().pem)
    file = bring_back(draft, signed_by_her)
    assert file.findings["signatures"][0]["trust"] == "trusted"
    assert found_in(file, "Ưng Thị Ẩn").warnings == []


def test_without_anybody_to_trust_the_province_may_refuse(settings, draft, signed_by_her):
    settings.SIGNED_FILES_NEED_TRUST = True
    assert bring_back(draft, signed_by_her).findings["reason"] == "unchecked"


# --- What has changed meanwhile


def test_signed_electronically_meanwhile_the_file_is_refused(cast, campaign, draft, signed_by_her):
    sign(cast.school_official, campaign)
    with pytest.raises(StepRefused, match="đã ký cam kết"):
        bring_back(draft, signed_by_her)


def test_after_a_move_the_file_no_longer_says_the_truth(cast, draft, signed_by_her):
    cast.school_official.employments.update(unit=cast.ward)
    with pytest.raises(StepRefused, match="đã thay đổi từ khi lập tệp"):
        bring_back(draft, signed_by_her)


def test_a_draft_serves_once(cast, campaign, draft, signed_by_her):
    pledge = bring_back(draft, signed_by_her).pledge
    withdraw_pledge(pledge=pledge, by=afresh(cast.school_official), reason="Ghi nhầm.")
    with pytest.raises(StepRefused, match="đã dùng cho một lần ký"):
        bring_back(draft, signed_by_her)
    fresh = printed(order(cast.school_official, campaign))
    assert fresh != draft
    file = bring_back(fresh, sign_pdf(signedfiles.draft_bytes(fresh), person("Ưng Thị Ẩn")))
    assert (file.round, file.pledge) == (2, pledge)
    assert Pledge.objects.get().check_code == fresh.check_code


def test_who_signs_refuses_no_longer(cast, campaign, draft, signed_by_her):
    decline(by=afresh(cast.school_official), campaign=campaign, year=draft.year, reason="Chưa rõ.")
    bring_back(draft, signed_by_her)
    assert Refusal.objects.get().ended_at is not None


def test_nobody_brings_back_the_file_of_another(cast, draft, signed_by_her):
    with pytest.raises(StepRefused, match="của người khác"):
        bring_back(draft, signed_by_her, by=cast.official)


def test_an_old_proof_is_refused(cast, draft, signed_by_her):
    old = {"by": "password", "at": (clock.now() - timedelta(minutes=11)).isoformat()}
    with pytest.raises(StepRefused, match="10 phút"):
        signedfiles.receive_signed_file(
            draft=draft,
            body=signed_by_her,
            found=signedfiles.look_into(draft, signed_by_her),
            by=cast.school_official,
            proof=old,
        )


# --- Pages


def upload(client, post_form, draft, body: bytes):
    file = SimpleUploadedFile("da-ky.pdf", body, content_type="application/pdf")
    return post_form(client, draft.get_absolute_url(), {"file": file}, follow=True)


def test_the_pages_from_the_order_to_the_pledge(cast, campaign, client_of, post_form):
    client = client_of(cast.school_official)
    page = client.get(reverse("pledges:signingdraft_create"))
    seen = page.context["sha256"]
    answer = post_form(
        client, reverse("pledges:signingdraft_create"), {"own_words": WORDS, "seen_sha256": seen}
    )
    draft = printed(SigningDraft.objects.get())
    assert answer.url == draft.get_absolute_url()
    file = client.get(reverse("pledges:signingdraft_file", args=[draft.public_id]))
    assert file["Content-Disposition"].startswith("attachment")
    original = file.content
    assert "Tệp không có chữ ký số" in upload(client, post_form, draft, original).content.decode()
    signed = sign_pdf(original, person("Ưng Thị Ẩn"))
    assert "Chữ ký số hợp lệ" in upload(client, post_form, draft, signed).content.decode()
    pledge = Pledge.objects.get()
    kept = client_of(cast.school_head).get(reverse("pledges:pledge_signed_file", args=[pledge.public_id]))
    assert kept.content == signed
    assert kept["Content-Security-Policy"].startswith("sandbox")
    assert kept["X-Content-Type-Options"] == "nosniff"
    assert client_of(cast.stranger).get(kept.request["PATH_INFO"]).status_code == 404


def test_the_head_reads_what_was_found(cast, client_of, draft):
    pledge = bring_back(draft, sign_pdf(signedfiles.draft_bytes(draft), person("Tên Khác"))).pledge
    for name in ("pledges:pledge_detail", "pledges:pledge_countersign"):
        page = client_of(cast.school_head).get(reverse(name, args=[pledge.public_id])).content.decode()
        assert "khác họ tên người cam kết" in page, name
        assert reverse("pledges:pledge_signed_file", args=[pledge.public_id]) in page, name


def test_a_file_too_large_is_told_at_the_field(cast, client_of, post_form, draft):
    answer = upload(client_of(cast.school_official), post_form, draft, b"%PDF-" + bytes(10 * 1024 * 1024))
    assert answer.status_code == 422
    assert "nặng quá 10 MB" in answer.content.decode()


def test_another_does_not_even_see_the_draft(cast, client_of, draft):
    client = client_of(cast.school_head)
    for name in ("pledges:signingdraft_detail", "pledges:signingdraft_file"):
        assert client.get(reverse(name, args=[draft.public_id])).status_code == 404


def test_a_pledge_signed_otherwise_has_no_file(cast, campaign, client_of):
    pledge = sign(cast.school_official, campaign)
    url = reverse("pledges:pledge_signed_file", args=[pledge.public_id])
    assert client_of(cast.school_official).get(url).status_code == 404
