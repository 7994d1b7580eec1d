"""Head and union: in order, each in his own post, nobody his own, on exactly the text that was shown."""

from datetime import date

import pytest
from django.urls import reverse

from ledger import clock, events
from ledger.workflow import StepRefused
from notices.models import Notice
from pledges import services
from pledges.models import PaperJob, Pledge, Signature
from tests.factories import appoint, make_union, make_unit, person, place
from tests.pledges.acts import afresh, confirm, confirm_for_union, proved, send_back, sign
from units.models import Appointment


def url(name: str, pledge: Pledge) -> str:
    return reverse(f"pledges:{name}", args=[pledge.public_id])


def test_head_then_union_complete_the_pledge(cast, signed):
    pledge = confirm(signed, cast.school_head)
    assert (pledge.status, pledge.completed_at) == ("awaiting_union", None)
    pledge = confirm_for_union(pledge, cast.union_chair)
    assert pledge.status == "complete"
    assert pledge.completed_at is not None
    rows = [(row.party, row.name, row.post_title, row.sha256) for row in pledge.signatures.order_by("pk")]
    assert rows == [
        ("official", "Ưng Thị Ẩn", "Viên chức", pledge.sha256),
        ("head", "Công Tằng Tôn Nữ Ngọc Hiền", "Hiệu trưởng", pledge.sha256),
        ("union", "Hồ Văn Ưng", "Chủ tịch Công đoàn cơ sở", pledge.sha256),
    ]


def test_the_last_confirmation_orders_the_paper_and_tells_the_person(cast, half_confirmed):
    assert not PaperJob.objects.exists()
    pledge = confirm_for_union(half_confirmed, cast.union_chair)
    assert PaperJob.objects.get().pledge == pledge
    assert Notice.objects.get().user == cast.school_official


def test_without_a_union_two_confirmations_are_enough(complete):
    assert complete.status == "complete"
    assert complete.signatures.count() == 2


def test_the_order_cannot_be_skipped(cast, signed, client_of, post_form):
    with pytest.raises(StepRefused, match="Chờ người đứng đầu"):
        confirm_for_union(signed, cast.union_chair)
    client = client_of(cast.union_chair)
    link = url("pledge_countersign_union", signed)
    assert client.get(link).status_code == 302, "a copied link leads back to the pledge"
    answer = post_form(client, link, {"seen_sha256": signed.sha256}, follow=True)
    assert "đang ở trạng thái “Chờ người đứng đầu”" in answer.content.decode()
    assert Signature.objects.count() == 1


def test_nobody_confirms_his_own(cast, campaign, client_of, post_form):
    Appointment.objects.filter(user=cast.school_head).update(until=clock.today())
    pledge = sign(cast.school_official, campaign)
    appoint(cast.school_official, cast.school, "head", "Hiệu trưởng", since=clock.today())
    with pytest.raises(StepRefused, match="của chính mình"):
        confirm(pledge, cast.school_official)
    with pytest.raises(StepRefused, match="của chính mình"):
        send_back(pledge, cast.school_official)
    answer = post_form(
        client_of(cast.school_official), url("pledge_countersign", pledge), {"seen_sha256": pledge.sha256}
    )
    assert answer.status_code == 403
    assert Signature.objects.count() == 1


def test_a_head_above_does_not_confirm_in_the_place_of_the_head(cast, signed, client_of):
    assert client_of(cast.head).get(url("pledge_detail", signed)).status_code == 200
    assert client_of(cast.head).get(url("pledge_countersign", signed)).status_code == 403
    with pytest.raises(StepRefused, match="Chỉ người giữ chức vụ “Người đứng đầu”"):
        confirm(signed, cast.head)


def test_a_headmaster_s_pledge_is_confirmed_by_the_chairman_of_the_ward(cast, campaign):
    pledge = confirm(sign(cast.school_head, campaign), cast.head)
    assert pledge.status == "complete", "the ward has no union"


def test_a_post_that_ended_today_confirms_no_more(cast, signed, client_of):
    Appointment.objects.filter(user=cast.school_head).update(until=clock.today())
    assert client_of(cast.school_head).get(url("pledge_countersign", signed)).status_code in {403, 404}
    with pytest.raises(StepRefused, match="Chỉ người giữ chức vụ"):
        confirm(signed, cast.school_head)


def test_a_new_head_confirms_what_waited_for_the_old_one(cast, signed):
    Appointment.objects.filter(user=cast.school_head).update(until=clock.today())
    successor = person("Lê Thị Kế", cast.school)
    appoint(successor, cast.school, "head", "Hiệu trưởng", since=clock.today())
    assert confirm(signed, successor).status == "awaiting_union"
    assert Signature.objects.get(party="head").name == "Lê Thị Kế"


def test_a_vacant_head_s_post_is_waited_for_and_the_page_says_so(cast, signed, client_of):
    Appointment.objects.filter(user=cast.school_head).update(until=clock.today())
    page = client_of(cast.school_official).get(url("pledge_detail", signed)).content.decode()
    assert "chức vụ đang khuyết" in page
    assert Pledge.objects.get().status == "awaiting_head"


# --- the union, dated


@pytest.fixture
def station(cast):
    """A health station of the ward whose union ended on 15/6/2025."""
    unit = make_unit("Trạm Y tế phường Kim Long", kind="tram_y_te")
    place(unit, cast.ward, own=False, own_papers=True)
    make_union(unit, until=date(2025, 6, 15))
    cast.people["station_head"] = person("Đỗ Thị Trạm", unit, post=("head", "Trưởng trạm"))
    chair = ("union_chair", "Chủ tịch Công đoàn cơ sở")
    cast.people["station_chair"] = person("Phan Công Đoàn", unit, post=chair)
    cast.people["nurse"] = person("Võ Thị Điều Dưỡng", unit)
    cast.people["midwife"] = person("Ngô Thị Hộ Sinh", unit)
    return unit


def test_on_its_last_day_the_union_takes_part(cast, campaign, station, on_day):
    on_day(date(2025, 6, 14))
    pledge = sign(cast.nurse, campaign)
    assert len(pledge.content["addressed_to"]) == 2
    assert confirm(pledge, cast.station_head).status == "awaiting_union"


def test_from_the_day_it_ended_two_are_enough(cast, campaign, station, on_day):
    on_day(date(2025, 6, 15))
    pledge = sign(cast.nurse, campaign)
    assert pledge.content["addressed_to"] == ["Trưởng trạm Y tế phường Kim Long"]
    assert confirm(pledge, cast.station_head).status == "complete"


@pytest.fixture
def stranded(cast, campaign, station, on_day):
    """Two pledges that the head confirmed on the union's last day; it is the day after."""
    on_day(date(2025, 6, 14))
    waiting = [confirm(sign(user, campaign), cast.station_head) for user in (cast.nurse, cast.midwife)]
    on_day(date(2025, 6, 15))
    return waiting


def test_a_union_that_ended_confirms_and_returns_nothing(cast, stranded):
    with pytest.raises(StepRefused, match="đã kết thúc hoạt động"):
        confirm_for_union(stranded[0], cast.station_chair)
    with pytest.raises(StepRefused, match="đã kết thúc hoạt động"):
        send_back(stranded[0], cast.station_chair)


def test_what_waits_for_a_union_that_ended_is_completed_by_the_head_for_the_whole_unit(
    cast, stranded, client_of, post_form
):
    client = client_of(cast.station_head)
    assert "Hoàn tất với hai xác nhận" in client.get(url("pledge_detail", stranded[0])).content.decode()
    answer = post_form(client, url("pledge_complete", stranded[0]), follow=True)
    assert "Đã hoàn tất 2 bản cam kết" in answer.content.decode()
    assert set(Pledge.objects.values_list("status", flat=True)) == {"complete"}
    assert PaperJob.objects.count() == 2
    past = events.history("pledges.pledge", stranded[1].public_id)[-1]
    assert (past.kind, past.by) == ("pledges.pledge.complete_without_union", "Đỗ Thị Trạm")


def test_whoever_became_head_meanwhile_does_not_complete_his_own_beside_the_others(cast, station, stranded):
    Appointment.objects.filter(user=cast.station_head).update(until=clock.today())
    appoint(cast.midwife, station, "head", "Trưởng trạm", since=clock.today())
    services.complete_without_union(pledge=stranded[0], by=afresh(cast.midwife))
    assert [Pledge.objects.get(pk=row.pk).status for row in stranded] == ["complete", "awaiting_union"]


def test_what_only_its_own_person_could_confirm_for_the_union_waits_for_the_head(
    cast, half_confirmed, client_of
):
    """The teacher has become the only chair of the union that his pledge waits for."""
    Appointment.objects.filter(user=cast.union_chair).update(until=clock.today())
    appoint(cast.school_official, cast.school, "union_chair", "Chủ tịch Công đoàn cơ sở", since=clock.today())
    assert list(Pledge.objects.waiting_for(afresh(cast.school_head))) == [half_confirmed]
    page = client_of(cast.school_head).get(reverse("pledges:bulkconfirmation_choose"), follow=True)
    assert url("pledge_complete", half_confirmed) in page.content.decode()
    services.complete_without_union(pledge=half_confirmed, by=afresh(cast.school_head))
    assert Pledge.objects.get().status == "complete"


def test_while_the_union_lives_the_head_cannot_do_without_it(cast, half_confirmed, client_of, post_form):
    with pytest.raises(StepRefused, match="vẫn đang hoạt động"):
        services.complete_without_union(pledge=half_confirmed, by=afresh(cast.school_head))
    answer = post_form(client_of(cast.school_head), url("pledge_complete", half_confirmed), follow=True)
    assert "vẫn đang hoạt động" in answer.content.decode()
    assert Pledge.objects.get().status == "awaiting_union"


def test_the_chair_s_own_pledge_is_complete_with_the_head_s_confirmation(cast, campaign):
    pledge = confirm(sign(cast.union_chair, campaign), cast.school_head)
    assert pledge.status == "complete"


def test_another_officer_of_the_union_confirms_the_chair_s_own(cast, campaign):
    vice = person("Trần Phó", cast.school, post=("union_chair", "Phó Chủ tịch Công đoàn cơ sở"))
    pledge = confirm(sign(cast.union_chair, campaign), cast.school_head)
    assert pledge.status == "awaiting_union"
    with pytest.raises(StepRefused, match="của chính mình"):
        confirm_for_union(pledge, cast.union_chair)
    assert confirm_for_union(pledge, vice).status == "complete"


def test_one_person_is_not_two_parties(cast, campaign, signed):
    appoint(cast.school_head, cast.school, "union_chair", "Phó Chủ tịch Công đoàn cơ sở")
    pledge = confirm(signed, cast.school_head)
    assert pledge.status == "awaiting_union"
    with pytest.raises(StepRefused, match="công đoàn do người khác xác nhận"):
        confirm_for_union(pledge, cast.school_head)


def test_a_vacant_chair_is_waited_for(cast, signed):
    Appointment.objects.filter(user=cast.union_chair).update(until=clock.today())
    assert confirm(signed, cast.school_head).status == "awaiting_union"


# --- what was seen


def test_what_was_signed_again_meanwhile_is_not_confirmed_unread(cast, campaign, signed):
    seen = signed.sha256
    send_back(signed, cast.school_head)
    again = sign(cast.school_official, campaign, "Lời khác.")
    with pytest.raises(StepRefused, match="ký lại với nội dung khác"):
        services.countersign(pledge=again, by=afresh(cast.school_head), seen_sha256=seen, proof=proved())
    with pytest.raises(StepRefused, match="ký lại với nội dung khác"):
        services.return_pledge(pledge=again, by=afresh(cast.school_head), reason="Chưa rõ", seen_sha256=seen)


def test_a_record_that_was_tampered_with_is_not_confirmed(cast, signed):
    Pledge.objects.filter(pk=signed.pk).update(content=signed.content | {"own_words": "Khác."})
    with pytest.raises(StepRefused, match="không khớp mã nội dung"):
        confirm(signed, cast.school_head)


def test_the_confirmation_page_shows_the_stored_record_and_not_today_s(cast, signed, client_of):
    cast.school_official.full_name = "Tên Mới"
    cast.school_official.save()
    page = client_of(cast.school_head).get(url("pledge_countersign", signed)).content.decode()
    assert "Ưng Thị Ẩn" in page and "Tên Mới" not in page
    assert "Không dạy thêm trái quy định." in page
    assert f'value="{signed.sha256}"' in page


# --- late clicks, returns


def test_a_late_click_says_who_was_first(cast, signed, client_of, post_form):
    client = client_of(cast.school_head)
    link = url("pledge_countersign", signed)
    post_form(client, link, {"seen_sha256": signed.sha256})
    late = post_form(client, link, {"seen_sha256": signed.sha256}, follow=True)
    assert late.redirect_chain == [(signed.get_absolute_url(), 302)]
    assert "Không thể “Xác nhận”: Công Tằng Tôn Nữ Ngọc Hiền đã xác nhận lúc" in late.content.decode()
    assert Signature.objects.filter(party="head").count() == 1


def test_the_page_of_the_head_confirms_and_then_offers_the_next_one(
    cast, campaign, signed, client_of, post_form
):
    sign(cast.union_chair, campaign)
    answer = post_form(
        client_of(cast.school_head),
        url("pledge_countersign", signed),
        {"seen_sha256": signed.sha256},
        follow=True,
    )
    page = answer.content.decode()
    assert "Đã xác nhận bản cam kết của Ưng Thị Ẩn." in page
    assert "Bản khác đang chờ: Hồ Văn Ưng" in page


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_return_needs_a_reason(cast, signed, client_of, post_form, reason):
    with pytest.raises(StepRefused, match="Cần ghi lý do"):
        send_back(signed, cast.school_head, reason)
    answer = post_form(
        client_of(cast.school_head),
        url("pledge_return", signed),
        {"seen_sha256": signed.sha256, "reason": reason},
    )
    assert answer.status_code == 422
    assert "Cần ghi lý do." in answer.content.decode()
    assert Pledge.objects.get().status == "awaiting_head"


def test_the_reason_reaches_the_person(cast, signed, client_of, post_form):
    post_form(
        client_of(cast.school_head),
        url("pledge_return", signed),
        {"seen_sha256": signed.sha256, "reason": "Ghi rõ việc\ncụ thể."},
    )
    page = client_of(cast.school_official).get(url("pledge_detail", signed)).content.decode()
    assert "Ghi rõ việc<br>cụ thể." in page and "Ký lại" in page
    assert Notice.objects.get(user=cast.school_official).text.startswith("Bản cam kết năm")


def test_only_whose_turn_it_is_returns(cast, signed, half_confirmed):
    with pytest.raises(StepRefused, match="Chủ tịch công đoàn cơ sở"):
        send_back(half_confirmed, cast.school_head)
    assert send_back(half_confirmed, cast.union_chair).status == "returned"


def test_a_pledge_of_last_year_is_confirmed_and_not_returned_because_nobody_could_sign_it_again(
    cast, campaign, on_day, client_of
):
    today = clock.today()
    on_day(date(today.year - 1, 6, 15))
    pledge = sign(cast.official, campaign)
    on_day(today)
    with pytest.raises(StepRefused, match=f"Năm {pledge.year} đã hết"):
        send_back(pledge, cast.head)
    head, url = client_of(cast.head), reverse("pledges:pledge_return", args=[pledge.public_id])
    assert f'href="{url}"' not in head.get(pledge.get_absolute_url()).content.decode()
    assert f"Năm {pledge.year} đã hết" in head.get(url, follow=True).content.decode()
    assert confirm(pledge, cast.head).status == Pledge.Status.COMPLETE


def test_a_complete_pledge_is_not_returned(cast, complete):
    with pytest.raises(StepRefused, match="Đã đủ xác nhận"):
        send_back(complete, cast.head)
