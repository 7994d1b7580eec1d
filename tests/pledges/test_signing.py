"""The person's own act: what is shown is what is signed (rule R26), once a year, to the right head."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from ledger import clock, events
from ledger.canonical import digest
from ledger.models import Event
from ledger.public_id import new_public_id
from ledger.workflow import StepRefused
from pledges import services
from pledges.models import EarlierRecord, Pledge, PledgeText, Signature
from pledges.wording import propose, titled
from tests.factories import appoint, employ, make_unit, make_user, person, place
from tests.pledges.acts import afresh, confirm, proposal, proved, send_back, sign
from units.models import Appointment, Employment, Unit
from units.roster import signing_unit

SIGN = "pledges:pledge_sign"


def test_the_record_is_what_was_shown_with_own_words_and_moment(cast, campaign):
    shown = proposal(cast.school_official, campaign).shown
    pledge = Pledge.objects.get(pk=sign(cast.school_official, campaign, "Không dạy thêm.").pk)
    assert pledge.content == shown | {
        "own_words": "Không dạy thêm.",
        "signed_at": pledge.content["signed_at"],
    }
    assert digest(pledge.content) == pledge.sha256
    assert digest({**pledge.content, "signed_at": pledge.signed_at}) == pledge.sha256


def test_the_page_shows_every_word_of_the_record(cast, campaign, open_sign_form):
    client, sha256 = open_sign_form(cast.school_official)
    shown = proposal(cast.school_official, campaign)
    page = client.get(reverse(SIGN)).content.decode()
    assert sha256 == shown.sha256
    text, who = shown.shown["text"], shown.shown["person"]
    said = [text["subject"], text["intro"], text["own_words_label"], text["closing"], *text["commitments"]]
    said += [who["name"], who["code"], who["post"], shown.shown["unit"]["name"], *shown.shown["addressed_to"]]
    assert [words for words in said if words not in page] == []
    assert text["commitments"] == [part.text for part in campaign.commitments.all()]
    assert len(text["commitments"]) == 5


def test_the_signature_names_person_and_digest_and_the_event_says_the_same(cast, signed):
    signature = signed.signatures.get()
    assert (signature.party, signature.user, signature.sha256) == (
        "official",
        cast.school_official,
        signed.sha256,
    )
    event = Event.objects.get(object_id=signed.public_id)
    assert event.kind == "pledges.pledge.sign"
    assert event.person_id == cast.school_official.public_id
    assert event.unit_id == cast.school.public_id
    assert event.data == {"to": "awaiting_head", "year": signed.year, "round": 1, "sha256": signed.sha256}


# --- to whom


def test_an_official_of_a_division_pledges_to_the_head_of_the_ward(cast, campaign):
    pledge = sign(cast.official, campaign)
    assert (pledge.unit, pledge.signing_unit) == (cast.division, cast.ward)
    assert pledge.content["addressed_to"] == ["Chủ tịch UBND phường Kim Long"]


def test_where_there_is_a_union_the_pledge_is_addressed_to_it_too(signed):
    assert signed.content["addressed_to"] == [
        "Hiệu trưởng Trường Tiểu học Kim Long 1",
        "Ban Chấp hành Công đoàn cơ sở Trường Tiểu học Kim Long 1",
    ]


def test_a_head_pledges_to_the_head_above_with_the_clause_of_leaders(cast, campaign):
    pledge = sign(cast.school_head, campaign)
    assert (pledge.kind, pledge.signing_unit) == ("leader", cast.ward)
    assert pledge.content["text"]["leader_clause"].startswith("Là người đứng đầu, tôi nêu cao trách nhiệm")
    assert pledge.signatures.get().post.title == "Hiệu trưởng"
    assert sign(cast.school_official, campaign).content["text"]["leader_clause"] == ""


def test_a_head_on_the_strength_of_a_lower_unit_never_pledges_to_his_own_people(cast, campaign):
    office = make_unit("Văn phòng UBND thành phố")
    place(office, cast.root)
    person("Trần Văn Chánh", office, post=("head", "Chánh Văn phòng"))
    Employment.objects.filter(user=cast.chair_of_province).update(unit=office)
    assert signing_unit(cast.chair_of_province, clock.today()) is None


def test_the_head_of_the_province_is_told_that_he_pledges_on_paper(cast, campaign, client_of):
    page = client_of(cast.chair_of_province).get(reverse(SIGN)).content.decode()
    assert "ký trên giấy" in page and "<textarea" not in page
    with pytest.raises(StepRefused, match="trên giấy"):
        proposal(cast.chair_of_province, campaign)


def test_who_is_not_employed_today_signs_nothing(cast, campaign, client_of):
    """Not yet: whose employment has ended does not even come in (tests/units/test_sessions.py)."""
    Employment.objects.filter(user=cast.school_official).update(since=clock.today() + timedelta(days=1))
    page = client_of(cast.school_official).get(reverse(SIGN)).content.decode()
    assert "Chưa ghi nhận ông/bà đang công tác" in page and "<textarea" not in page
    with pytest.raises(StepRefused, match="đang công tác"):
        services.sign_pledge(
            by=cast.school_official,
            campaign=campaign,
            year=clock.today().year,
            own_words="",
            seen_sha256="0" * 64,
            proof=proved(),
        )


@pytest.mark.parametrize(
    ("title", "unit", "whole"),
    [
        ("Giám đốc", "Sở Du lịch", "Giám đốc Sở Du lịch"),
        ("Chủ tịch UBND phường", "UBND phường Kim Long", "Chủ tịch UBND phường Kim Long"),
        ("Trưởng trạm", "Trạm Y tế phường An Cựu", "Trưởng trạm Y tế phường An Cựu"),
        ("Chánh Văn phòng", "Văn phòng UBND thành phố", "Chánh Văn phòng UBND thành phố"),
        ("Chủ tịch UBND thành phố", "UBND thành phố Huế", "Chủ tịch UBND thành phố Huế"),
    ],
)
def test_a_title_and_its_unit_are_joined_without_saying_a_word_twice(title, unit, whole):
    assert titled(title, unit) == whole


# --- transplants


def refused_digest(user, campaign, seen_sha256: str) -> None:
    with pytest.raises(services.TextChanged, match="đã thay đổi từ khi mở trang"), transaction.atomic():
        services.sign_pledge(
            by=afresh(user),
            campaign=campaign,
            year=clock.today().year,
            own_words="",
            seen_sha256=seen_sha256,
            proof=proved(),
        )
    assert not Pledge.objects.filter(user=user).exists()
    assert not Signature.objects.filter(user=user).exists()


def test_the_digest_of_another_person_is_refused(cast, campaign):
    refused_digest(cast.school_official, campaign, proposal(cast.union_chair, campaign).sha256)


def test_the_digest_of_another_year_is_refused(cast, campaign, on_day):
    on_day(date(2025, 11, 3))
    last_year = proposal(cast.school_official, campaign).sha256
    on_day(date(2026, 11, 3))
    refused_digest(cast.school_official, campaign, last_year)


def test_the_digest_seen_in_another_unit_is_refused(cast, campaign):
    seen = proposal(cast.school_official, campaign).sha256
    Employment.objects.filter(user=cast.school_official).update(unit=cast.other_ward)
    refused_digest(cast.school_official, campaign, seen)


def test_the_digest_of_an_earlier_text_is_refused(cast, campaign):
    seen = proposal(cast.school_official, campaign).sha256
    first = PledgeText.objects.get()
    PledgeText.objects.create(
        campaign=campaign,
        version=2,
        subject=first.subject,
        intro=first.intro + " ",
        own_words_label=first.own_words_label,
        closing=first.closing,
    )
    refused_digest(cast.school_official, campaign, seen)


def test_the_digest_seen_in_another_post_is_refused(cast, campaign):
    seen = proposal(cast.school_official, campaign).sha256
    appoint(cast.school_official, cast.school, "deputy", "Phó Hiệu trưởng")
    refused_digest(cast.school_official, campaign, seen)


def test_the_digest_seen_while_the_unit_had_a_union_is_refused(cast, campaign):
    seen = proposal(cast.school_official, campaign).sha256
    cast.school.unions.update(until=clock.today())
    refused_digest(cast.school_official, campaign, seen)


def test_only_this_year_can_be_signed(cast, campaign):
    today = clock.today()
    with pytest.raises(StepRefused, match=f"năm {today.year}"):
        propose(user=cast.school_official, campaign=campaign, year=today.year - 1, on=today)


# --- the form


def test_signing_on_the_page_leads_to_the_receipt(cast, campaign, open_sign_form, post_form):
    client, seen = open_sign_form(cast.school_official)
    words = "Tra\u0309 lời phụ huynh trong 02 ngày.\r\nKhông Ðể trễ hẹn."
    answer = post_form(client, reverse(SIGN), {"seen_sha256": seen, "own_words": words}, follow=True)
    pledge = Pledge.objects.get()
    assert answer.redirect_chain == [(pledge.get_absolute_url(), 302)]
    page = answer.content.decode()
    assert pledge.check_code in page
    assert "Hiệu trưởng Công Tằng Tôn Nữ Ngọc Hiền xác nhận." in page
    assert "Chủ tịch Công đoàn cơ sở Hồ Văn Ưng xác nhận." in page
    assert pledge.own_words == "Trả lời phụ huynh trong 02 ngày.\nKhông Để trễ hẹn.", (
        "NFC, Đ and plain line ends"
    )


def test_a_text_that_changed_meanwhile_is_shown_anew_with_what_was_typed(
    cast, campaign, open_sign_form, post_form
):
    client, seen = open_sign_form(cast.school_official)
    Employment.objects.filter(user=cast.school_official).update(unit=cast.other_ward)
    answer = post_form(client, reverse(SIGN), {"seen_sha256": seen, "own_words": "Giữ đúng hẹn."})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "đã thay đổi từ khi mở trang" in page
    assert "Giữ đúng hẹn." in page, "nothing typed is lost"
    fresh = proposal(cast.school_official, campaign)
    assert "UBND xã A Lưới 2" in page and f'value="{fresh.sha256}"' in page
    assert not Pledge.objects.exists()
    post_form(client, reverse(SIGN), {"seen_sha256": fresh.sha256, "own_words": "Giữ đúng hẹn."})
    assert Pledge.objects.get().unit == cast.other_ward


def test_the_same_form_sent_twice_signs_once(cast, campaign, open_sign_form, post_form):
    client, seen = open_sign_form(cast.school_official)
    data = {"seen_sha256": seen, "own_words": "", "idempotency_key": new_public_id()}
    first, second = (post_form(client, reverse(SIGN), data) for _ in range(2))
    assert first.status_code == second.status_code == 302
    assert first.url == second.url == Pledge.objects.get().get_absolute_url()
    assert Signature.objects.count() == 1


def test_signing_in_two_windows_signs_once_and_says_so(cast, campaign, open_sign_form, post_form):
    client, seen = open_sign_form(cast.school_official)
    post_form(client, reverse(SIGN), {"seen_sha256": seen})
    late = post_form(client, reverse(SIGN), {"seen_sha256": seen}, follow=True)
    assert "Ông/bà đã ký cam kết năm" in late.content.decode()
    assert late.redirect_chain[-1][0] == Pledge.objects.get().get_absolute_url()
    assert Signature.objects.count() == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("Kh«ng d¹y thªm tr¸i quy ®Þnh", "bảng mã cũ"),
        ("a" * 2001, "2000"),
    ],
)
def test_words_that_cannot_be_taken_stay_on_the_page(cast, open_sign_form, post_form, words, sentence):
    client, seen = open_sign_form(cast.school_official)
    answer = post_form(client, reverse(SIGN), {"seen_sha256": seen, "own_words": words})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page and words in page
    assert not Pledge.objects.exists()


def test_the_service_itself_refuses_words_without_end(cast, campaign):
    with pytest.raises(ValidationError, match="2000"):
        sign(cast.school_official, campaign, "a" * 2001)


def test_a_form_without_the_digest_signs_nothing(cast, campaign, client_of, post_form):
    answer = post_form(client_of(cast.school_official), reverse(SIGN), {"own_words": ""})
    assert answer.status_code == 422
    assert "thiếu mã của nội dung đã đọc" in answer.content.decode()


def test_without_fresh_proof_the_password_is_asked_for(cast, campaign, client, post_form):
    client.force_login(cast.school_official, backend="namkhong.authentication.PasswordBackend")
    session = client.session
    session["proved_at"] = "2020-01-01T00:00:00+00:00"
    session.save()
    assert 'name="password"' in client.get(reverse(SIGN)).content.decode()
    seen = proposal(cast.school_official, campaign).sha256
    answer = post_form(client, reverse(SIGN), {"seen_sha256": seen, "password": "không phải đâu"})
    assert "Mật khẩu chưa đúng" in answer.content.decode()
    assert not Pledge.objects.exists()


# --- again


def test_a_returned_pledge_is_signed_anew_and_nothing_signed_is_lost(cast, campaign, signed):
    first_content, first_sha = signed.content, signed.sha256
    send_back(signed, cast.school_head, "Ghi rõ việc cụ thể.")
    again = sign(cast.school_official, campaign, "Công khai lịch dạy.")
    assert (again.pk, again.status, again.round) == (signed.pk, "awaiting_head", 2)
    kept = EarlierRecord.objects.get()
    assert (kept.round, kept.content, kept.sha256) == (1, first_content, first_sha)
    assert digest(kept.content) == kept.sha256
    by_round = list(again.signatures.order_by("round").values_list("round", "sha256"))
    assert by_round == [(1, first_sha), (2, again.sha256)]
    assert again.check_code == signed.check_code
    kinds = [act.kind.rpartition(".")[2] for act in events.history("pledges.pledge", again.public_id)]
    assert kinds == ["sign", "return", "sign_again"]


def test_what_was_signed_before_can_be_read_by_whoever_reads_the_pledge(cast, campaign, signed, client_of):
    page = client_of(cast.school_official).get(signed.get_absolute_url()).content.decode()
    assert "Các lần ký trước" not in page
    send_back(signed, cast.school_head)
    sign(cast.school_official, campaign, "Công khai lịch dạy.")
    for reader in (cast.school_official, cast.school_head):
        page = client_of(reader).get(signed.get_absolute_url()).content.decode()
        assert "Lần 1: ký" in page and "Không dạy thêm trái quy định." in page


def test_the_page_of_a_returned_pledge_gives_the_reason_and_the_words_of_before(cast, signed, client_of):
    send_back(signed, cast.school_head, "Ghi rõ việc cụ thể.")
    page = client_of(cast.school_official).get(reverse(SIGN)).content.decode()
    assert "Công Tằng Tôn Nữ Ngọc Hiền, Hiệu trưởng, đã trả lại" in page
    assert "Ghi rõ việc cụ thể." in page and "Không dạy thêm trái quy định." in page


def test_confirmations_of_an_earlier_round_do_not_count(cast, campaign, half_confirmed):
    send_back(half_confirmed, cast.union_chair)
    again = sign(cast.school_official, campaign)
    assert again.status == "awaiting_head"
    assert confirm(again, cast.school_head).status == "awaiting_union"
    assert again.signatures.filter(party="head").count() == 2


def test_who_moved_before_the_head_confirmed_signs_again_to_the_new_head(cast, campaign, signed, client_of):
    Employment.objects.filter(user=cast.school_official).update(unit=cast.other_ward)
    page = client_of(cast.school_official).get(reverse(SIGN)).content.decode()
    assert "đơn vị hoặc chức vụ của ông/bà đã thay đổi" in page
    again = sign(cast.school_official, campaign)
    assert (again.signing_unit, again.round) == (cast.other_ward, 2)
    with pytest.raises(StepRefused, match="Chỉ người giữ chức vụ"):
        confirm(again, cast.school_head)


def test_who_became_head_before_the_pledge_was_confirmed_signs_again_as_a_leader(cast, campaign, signed):
    Appointment.objects.filter(user=cast.school_head).update(until=clock.today())
    appoint(cast.school_official, cast.school, "head", "Hiệu trưởng", since=clock.today())
    again = sign(cast.school_official, campaign)
    assert (again.kind, again.signing_unit, again.round) == ("leader", cast.ward, 2)


def test_a_confirmed_pledge_stands_when_the_person_moves(cast, campaign, complete):
    Employment.objects.filter(user=cast.official).update(unit=cast.other_ward)
    with pytest.raises(StepRefused, match="đã ký cam kết"):
        sign(cast.official, campaign)


def test_a_person_who_returns_to_work_signs_as_everybody(cast, campaign):
    newcomer = make_user("Lê Mới")
    employ(newcomer, cast.school, "nguoi_lao_dong", since=clock.today())
    pledge = sign(newcomer, campaign)
    assert (pledge.category, pledge.post_title) == ("nguoi_lao_dong", "Người lao động")
    assert Unit.objects.get(pk=pledge.unit_id) == cast.school
