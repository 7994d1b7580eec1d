"""Lists signed by hand: who may stand on one, what recording it makes, who is refused, and how it is taken back."""

import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from documents.pictures import PagePicture
from ledger import clock, events, jobs
from ledger.canonical import digest
from ledger.workflow import StepRefused
from notices.models import Notice
from pledges.listing import people_of
from pledges.models import BlankForm, EarlierRecord, PaperJob, Pledge, Scan, SignedList, UnitAddition
from pledges.services import blankforms, decline, listentry, publish_addition, signedlists
from tests.factories import appoint, person
from tests.pledges.acts import afresh, confirm, confirm_for_union, send_back, sign
from units.models import Appointment, Unit, User

NUMBER = iter(range(10_000))


def proof() -> dict[str, str]:
    return {"by": "password", "at": clock.now().isoformat()}


def page() -> PagePicture:
    return PagePicture("quet.pdf", 2480, 3508, b"jpeg %d" % next(NUMBER))


def begin(unit: Unit, campaign, by: User, *, blank=None, on: date | None = None) -> SignedList:
    return signedlists.begin_list(
        unit=unit,
        campaign=campaign,
        blank=blank,
        signed_on=on or clock.today(),
        pages=[page()],
        by=afresh(by),
    )


def tick(
    made: SignedList, by: User, *people: User, head: bool = False, union: bool = False, signer: str = ""
) -> SignedList:
    return signedlists.save_ticks(
        signed_list=made,
        people=[one.public_id for one in people],
        head_signed=head,
        head_signer=signer,
        union_signed=union,
        signed_on=made.signed_on,
        seen_version=made.version,
        by=afresh(by),
    )


def enter(made: SignedList, by: User) -> listentry.Entered:
    made.refresh_from_db()
    return listentry.enter_list(signed_list=made, seen_version=made.version, by=afresh(by), proof=proof())


def recorded(unit, campaign, by, *people, head=False, union=False, on=None) -> listentry.Entered:
    made = tick(begin(unit, campaign, by, on=on), by, *people, head=head, union=union)
    return enter(made, by)


def names(unit: Unit, campaign, *, top: bool = False) -> set[str]:
    day = clock.today()
    return {
        one.user.full_name for one in people_of(unit, campaign=campaign, year=day.year, on=day, with_top=top)
    }


# --- Who stands on it


def test_a_list_names_who_pledges_to_the_unit_and_its_own_head_stands_on_the_one_above(cast, campaign):
    assert names(cast.school, campaign) == {"Hồ Văn Ưng", "Ưng Thị Ẩn"}
    assert names(cast.ward, campaign) == {"Nguyễn Thị Út", "Kăn Lịch", "Công Tằng Tôn Nữ Ngọc Hiền"}
    assert "Tôn Thất Đức" in names(cast.root, campaign)


def test_the_chairman_of_the_province_stands_on_its_list_for_home_affairs_alone(cast, campaign):
    assert "Nguyễn Văn Phương" not in names(cast.root, campaign)
    assert "Nguyễn Văn Phương" in names(cast.root, campaign, top=True)


def test_finding_them_takes_as_many_queries_for_two_as_for_twenty(cast, campaign):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            people = people_of(cast.school, campaign=campaign, year=clock.today().year, on=clock.today())
            assert [one.title for one in people]
            assert [one.kind for one in people]
        return len(seen)

    few = queries()
    for number in range(20):
        person(f"Giáo viên {number}", cast.school)
    assert queries() == few == 9


# --- Printing


def order(cast, campaign, form="list", by=None, unit=None) -> BlankForm:
    return blankforms.order_blank(
        unit=unit or cast.school, campaign=campaign, form=form, by=afresh(by or cast.school_head)
    )


@pytest.mark.parametrize("form", ["list", "sheets"])
def test_what_is_printed_is_frozen_and_leads_back_to_the_order(cast, campaign, form):
    import pypdfium2

    blank = order(cast, campaign, form)
    assert jobs.run(blankforms.KIND, blank.pk)
    blank.refresh_from_db()
    assert blank.status == "done", blank.error
    assert [one["name"] for one in blank.content["people"]] == ["Ưng Thị Ẩn", "Hồ Văn Ưng"]
    paper = pypdfium2.PdfDocument(blankforms.blank_bytes(blank))
    text = " ".join(" ".join(page.get_textpage().get_text_range() for page in paper).split())
    for words in ("Ưng Thị Ẩn", "Hồ Văn Ưng", "Không cửa quyền", blank.public_id[:4].upper()):
        assert words in text, words
    assert len(paper) == (1 if form == "list" else 2)


def test_who_has_signed_is_not_printed_and_nobody_left_is_said(cast, campaign):
    sign(cast.school_official, campaign)
    assert [one["name"] for one in order(cast, campaign).content["people"]] == ["Hồ Văn Ưng"]
    BlankForm.objects.update(status="done")
    sign(cast.union_chair, campaign)
    with pytest.raises(StepRefused, match="Không còn ai"):
        order(cast, campaign)


def test_a_division_without_papers_prints_none(cast, campaign):
    with pytest.raises(StepRefused, match="không ban hành văn bản riêng"):
        order(cast, campaign, unit=cast.division, by=cast.head)


# --- What recording makes


def test_signed_by_all_three_on_paper_it_is_complete(cast, campaign):
    day = clock.today() - timedelta(days=3)
    entered = recorded(
        cast.school, campaign, cast.school_head, cast.school_official, head=True, union=True, on=day
    )
    pledge = Pledge.objects.get()
    assert entered.pledges == [pledge]
    assert (pledge.channel, pledge.status, pledge.own_words) == ("paper", "complete", "")
    assert clock.local(pledge.signed_at).date() == day
    made = SignedList.objects.get()
    assert pledge.content["paper"] == {
        "list": made.public_id,
        "scans": [made.scans.get().sha256],
        "signed_on": day.isoformat(),
    }
    assert digest(pledge.content) == pledge.sha256
    parties = {row.party: row for row in pledge.signatures.all()}
    assert {party: row.user for party, row in parties.items()} == {
        "official": cast.school_official,
        "head": cast.school_head,
        "union": cast.union_chair,
    }
    assert {row.entered_by for row in parties.values()} == {cast.school_head}
    assert {row.proof["by"] for row in parties.values()} == {"paper"}
    assert PaperJob.objects.get().pledge == pledge


@pytest.mark.parametrize(
    ("head", "union", "status"),
    [(False, False, "awaiting_head"), (True, False, "awaiting_union"), (True, True, "complete")],
)
def test_what_is_missing_on_paper_is_waited_for_in_the_portal(cast, campaign, head, union, status):
    entered = recorded(cast.school, campaign, cast.school_head, cast.school_official, head=head, union=union)
    assert entered.pledges[0].status == status


def test_head_and_union_confirm_in_the_portal_what_was_signed_on_paper(cast, campaign):
    (pledge,) = recorded(cast.school, campaign, cast.school_head, cast.school_official).pledges
    pledge = confirm(pledge, cast.school_head)
    assert confirm_for_union(pledge, cast.union_chair).status == "complete"


def test_where_there_is_no_union_two_signatures_are_enough(cast, campaign):
    assert recorded(cast.ward, campaign, cast.clerk, cast.official, head=True).pledges[0].status == "complete"


def test_the_chair_of_the_union_does_not_confirm_his_own(cast, campaign):
    entered = recorded(
        cast.school, campaign, cast.school_head, cast.school_official, cast.union_chair, head=True, union=True
    )
    of_chair = next(row for row in entered.pledges if row.user == cast.union_chair)
    assert of_chair.status == "complete"
    assert {row.party for row in of_chair.signatures.all()} == {"official", "head"}


@pytest.mark.usefixtures("in_autumn_2026")
def test_the_holder_on_the_day_of_signing_counts_not_the_one_of_today(cast, campaign):
    today = clock.today()
    Appointment.objects.filter(user=cast.school_head).update(until=today)
    new = person("Lê Mới", cast.school)
    appoint(new, cast.school, "head", "Hiệu trưởng", since=today)
    yesterday = today - timedelta(days=1)
    (pledge,) = recorded(cast.school, campaign, new, cast.school_official, head=True, on=yesterday).pledges
    assert pledge.signatures.get(party="head").user == cast.school_head


def test_home_affairs_records_the_pledge_of_the_chairman_complete_by_his_own_hand(cast, campaign):
    (pledge,) = recorded(cast.root, campaign, cast.home_affairs, cast.chair_of_province).pledges
    assert (pledge.status, pledge.kind) == ("complete", "leader")
    assert [row.party for row in pledge.signatures.all()] == ["official"]


def test_home_affairs_keeps_no_list_of_a_ward(cast, campaign):
    with pytest.raises(StepRefused, match="không giữ danh sách"):
        begin(cast.ward, campaign, cast.home_affairs)


def test_everyone_named_is_told_and_whoever_confirmed_on_paper(cast, campaign):
    recorded(cast.ward, campaign, cast.clerk, cast.official, cast.clerk, head=True)
    assert set(
        Notice.objects.filter(text__contains="ghi nhận").values_list("user__full_name", flat=True)
    ) == {
        "Kăn Lịch",
        "Tôn Thất Đức",
    }


def test_the_act_is_in_the_log_of_the_list_and_of_each_pledge(cast, campaign):
    (pledge,) = recorded(cast.ward, campaign, cast.clerk, cast.official).pledges
    made = SignedList.objects.get()
    acts = [act.kind.rpartition(".")[2] for act in events.history("pledges.signedlist", made.public_id)]
    assert acts == ["begin", "enter"]
    (act,) = events.history("pledges.pledge", pledge.public_id)
    assert (act.kind, act.by) == ("pledges.pledge.enter_paper", cast.clerk.full_name)


def test_recording_sixty_takes_as_many_queries_as_recording_three(cast, campaign, settings):
    """But for SQLite, which takes 999 values in one statement; on PostgreSQL one holds the organisation still."""

    def queries(count: int) -> int:
        unit = cast.ward if count == 3 else cast.other_ward
        by = cast.head if count == 3 else cast.other_head
        people = [person(f"Người {count} {number}", unit) for number in range(count)]
        made = tick(begin(unit, campaign, by), by, *people, head=True)
        with CaptureQueriesContext(connection) as seen:
            assert len(enter(made, by).pledges) == count
        return len(seen)

    assert queries(3) == (43 if settings.ON_SQLITE else 44)
    assert queries(60) == (45 if settings.ON_SQLITE else 44)


# --- Who is refused


def test_who_signed_electronically_meanwhile_is_refused_by_name_and_the_others_are_recorded(cast, campaign):
    made = tick(begin(cast.ward, campaign, cast.clerk), cast.clerk, cast.official, cast.clerk)
    sign(cast.official, campaign)
    entered = enter(made, cast.clerk)
    assert [row.user for row in entered.pledges] == [cast.clerk]
    (words,) = entered.refused
    assert words.startswith("Kăn Lịch: đã ký ngày")
    assert Pledge.objects.get(user=cast.official).channel == "portal"


def test_who_does_not_belong_and_the_units_own_head_are_refused_by_name(cast, campaign):
    made = tick(begin(cast.ward, campaign, cast.clerk), cast.clerk, cast.stranger, cast.head, cast.official)
    assert sorted(enter(made, cast.clerk).refused) == [
        "Tôn Thất Đức: ngày ký không thuộc danh sách của đơn vị",
        "Đặng Văn Ông: ngày ký không thuộc danh sách của đơn vị",
    ]


def test_a_returned_pledge_is_signed_again_on_paper_and_the_earlier_round_kept(cast, campaign):
    first = send_back(sign(cast.official, campaign, "Lần một."), cast.head)
    (pledge,) = recorded(cast.ward, campaign, cast.clerk, cast.official, head=True).pledges
    pledge.refresh_from_db()
    assert (pledge.pk, pledge.round, pledge.status, pledge.channel) == (first.pk, 2, "complete", "paper")
    assert EarlierRecord.objects.get().content["own_words"] == "Lần một."


def test_who_signs_on_paper_refuses_no_longer(cast, campaign):
    refusal = decline(by=afresh(cast.official), campaign=campaign, year=clock.today().year, reason="Chưa rõ.")
    recorded(cast.ward, campaign, cast.clerk, cast.official)
    refusal.refresh_from_db()
    assert refusal.ended_at is not None


def test_signatures_that_nobody_could_give_are_refused(cast, campaign):
    def error(**signed) -> str:
        made = tick(begin(cast.ward, campaign, cast.clerk), cast.clerk, cast.official, **signed)
        with pytest.raises(StepRefused) as refused:
            enter(made, cast.clerk)
        return str(refused.value)

    assert "không có chủ tịch công đoàn" in error(head=True, union=True)
    assert "sau người đứng đầu" in error(union=True)
    Appointment.objects.filter(user=cast.head).delete()
    assert "chưa có người đứng đầu" in error(head=True)


def test_an_empty_list_and_one_saved_meanwhile_record_nothing(cast, campaign):
    made = begin(cast.ward, campaign, cast.clerk)
    with pytest.raises(StepRefused, match="Chưa đánh dấu ai"):
        enter(made, cast.clerk)
    made.refresh_from_db()
    tick(made, cast.clerk, cast.official)
    with pytest.raises(StepRefused, match="vừa được lưu lại"):
        listentry.enter_list(
            signed_list=made, seen_version=made.version, by=afresh(cast.clerk), proof=proof()
        )
    with pytest.raises(StepRefused, match="vừa được người khác lưu"):
        tick(made, cast.clerk, cast.official)


def test_a_list_is_recorded_once(cast, campaign):
    made = tick(begin(cast.ward, campaign, cast.clerk), cast.clerk, cast.official)
    enter(made, cast.clerk)
    with pytest.raises(StepRefused, match="Đã ghi nhận"):
        enter(made, cast.clerk)


@pytest.mark.usefixtures("in_autumn_2026")
def test_days_that_cannot_be(cast, campaign):
    today = clock.today()
    for day, words in (
        (today + timedelta(days=1), "chưa tới"),
        (date(today.year - 2, 12, 31), f"trong năm .*{today.year}"),
    ):
        with pytest.raises(StepRefused, match=words):
            begin(cast.ward, campaign, cast.clerk, on=day)
    blank = order(cast, campaign)
    with pytest.raises(StepRefused, match="không thể trước ngày đó"):
        begin(cast.school, campaign, cast.school_head, blank=blank, on=today - timedelta(days=1))


def test_a_list_printed_with_words_that_are_to_be_signed_anew_is_refused(cast, campaign):
    blank = order(cast, campaign)
    publish_addition(
        unit=cast.school,
        campaign=campaign,
        text="Không dạy thêm.",
        renews=True,
        seen_version=0,
        by=afresh(cast.school_head),
    )
    made = begin(cast.school, campaign, cast.school_head, blank=blank)
    tick(made, cast.school_head, cast.school_official)
    with pytest.raises(StepRefused, match="theo mẫu cũ"):
        enter(made, cast.school_head)


def test_what_the_unit_adds_without_renewal_after_printing_is_not_what_was_signed(cast, campaign):
    blank = order(cast, campaign)
    publish_addition(
        unit=cast.school,
        campaign=campaign,
        text="Không dạy thêm.",
        renews=False,
        seen_version=0,
        by=afresh(cast.school_head),
    )
    made = tick(
        begin(cast.school, campaign, cast.school_head, blank=blank), cast.school_head, cast.school_official
    )
    (pledge,) = enter(made, cast.school_head).pledges
    assert pledge.content["addition"] is None
    assert UnitAddition.objects.exists()


# --- Taking it back


def take_back(made: SignedList, by: User, reason="Nhầm danh sách.") -> list[Pledge]:
    return signedlists.withdraw_list(signed_list=made, reason=reason, by=afresh(by))


def test_a_list_is_taken_back_as_a_whole_with_a_reason(cast, campaign):
    recorded(cast.ward, campaign, cast.clerk, cast.official, cast.clerk, head=True)
    made = SignedList.objects.get()
    with pytest.raises(StepRefused, match="lý do"):
        take_back(made, cast.clerk, reason=" ")
    assert take_back(made, cast.clerk) == []
    assert set(Pledge.objects.values_list("status", flat=True)) == {"withdrawn"}
    assert set(PaperJob.objects.values_list("status", flat=True)) == {"cancelled"}
    made.refresh_from_db()
    assert made.status == "withdrawn"
    assert sign(cast.official, campaign).round == 2


def test_what_was_confirmed_electronically_since_stands(cast, campaign):
    pledges = recorded(
        cast.school, campaign, cast.school_head, cast.school_official, cast.union_chair
    ).pledges
    confirmed = next(row for row in pledges if row.user == cast.school_official)
    confirm(confirmed, cast.school_head)
    kept = take_back(SignedList.objects.get(), cast.school_head)
    assert [row.pk for row in kept] == [confirmed.pk]
    statuses = dict(Pledge.objects.values_list("user__full_name", "status"))
    assert statuses == {"Ưng Thị Ẩn": "awaiting_union", "Hồ Văn Ưng": "withdrawn"}


def test_what_was_returned_after_it_was_confirmed_electronically_does_not_stand(cast, campaign):
    [pledge] = recorded(cast.school, campaign, cast.school_head, cast.school_official).pledges
    confirm(pledge, cast.school_head)
    send_back(pledge, cast.union_chair)
    assert take_back(SignedList.objects.get(), cast.school_head) == []


def test_a_draft_is_dropped(cast, campaign):
    made = begin(cast.ward, campaign, cast.clerk)
    signedlists.discard_list(signed_list=made, by=afresh(cast.clerk))
    with pytest.raises(StepRefused, match="Đã hủy"):
        tick(made, cast.clerk, cast.official)


# --- Pages


def photograph(width=1800, height=2400, kind="JPEG") -> bytes:
    out = io.BytesIO()
    picture = Image.effect_noise((width, height), 30).convert("RGB")
    picture.save(out, kind)
    return out.getvalue()


def files(*bodies: bytes):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return [SimpleUploadedFile(f"trang-{at}.jpg", body) for at, body in enumerate(bodies, start=1)]


def test_from_the_upload_to_the_record_page_by_page(cast, campaign, client_of, post_form):
    client, today = client_of(cast.clerk), f"{clock.today():%d/%m/%Y}"
    url = reverse("pledges:signedlist_create", args=[cast.ward.public_id])
    assert client.get(url).status_code == 200
    answer = post_form(client, url, {"files": files(photograph(), photograph()), "signed_on": today})
    made = SignedList.objects.get()
    assert answer.url == made.get_absolute_url()
    assert [(scan.number, scan.height) for scan in made.scans.order_by("number")] == [(1, 2400), (2, 2400)]
    page = client.get(answer.url).content.decode()
    assert page.count('type="checkbox"') == 4
    ticks = {"signed_on": today, "version": made.version}
    page = post_form(client, answer.url, ticks | {"act": "all"}, follow=True).content.decode()
    assert page.count(" checked") == 3
    made.refresh_from_db()
    ticks |= {"version": made.version, "people": [cast.official.public_id], "head_signed": "on", "act": "go"}
    review = post_form(client, answer.url, ticks, follow=True)
    assert "1 bản cam kết sẽ được ghi nhận" in review.content.decode()
    made.refresh_from_db()
    enter_url = reverse("pledges:signedlist_enter", args=[made.public_id])
    done = post_form(client, enter_url, {"version": made.version}, follow=True).content.decode()
    assert "Đã ghi nhận 1 bản cam kết" in done
    assert Pledge.objects.get().status == "complete"


def test_a_scan_too_coarse_is_told_with_its_pixels(cast, campaign, client_of, post_form):
    url = reverse("pledges:signedlist_create", args=[cast.ward.public_id])
    today = f"{clock.today():%d/%m/%Y}"
    answer = post_form(
        client_of(cast.clerk), url, {"files": files(photograph(900, 1200)), "signed_on": today}
    )
    assert answer.status_code == 422
    assert "cạnh dài có 1.200 điểm ảnh, cần ít nhất 2.300" in answer.content.decode()
    assert not SignedList.objects.exists()


def test_a_page_is_served_as_a_harmless_attachment_to_who_sees_the_list(cast, campaign, client_of):
    made = begin(cast.ward, campaign, cast.clerk)
    url = reverse("pledges:signedlist_page", args=[made.public_id, 1])
    for by in (cast.clerk, cast.head, cast.home_affairs, cast.chair_of_province):
        answer = client_of(by).get(url)
        assert answer.status_code == 200, by
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert answer["X-Content-Type-Options"] == "nosniff"
    for by in (cast.official, cast.stranger, cast.other_head):
        assert client_of(by).get(url).status_code == 404, by


def test_home_affairs_looks_a_list_over_and_changes_nothing(cast, campaign, client_of, post_form):
    recorded(cast.ward, campaign, cast.clerk, cast.official)
    made = SignedList.objects.get()
    client = client_of(cast.home_affairs)
    assert "UBND phường Kim Long" in client.get(reverse("pledges:signedlist_list")).content.decode()
    page = client.get(made.get_absolute_url()).content.decode()
    assert "Kăn Lịch" in page
    assert "Hủy danh sách" not in page
    assert client.get(reverse("pledges:signedlist_withdraw", args=[made.public_id])).status_code == 403
    assert post_form(client, made.get_absolute_url()).status_code == 403


def test_the_pages_of_printing(cast, campaign, client_of, post_form):
    client = client_of(cast.school_head)
    for name in ("pledges:onpaper", "pledges:blankform_order"):
        assert client.get(reverse(name, args=[cast.school.public_id])).status_code == 200
    url = reverse("pledges:blankform_order", args=[cast.school.public_id])
    answer = post_form(client, url, {"form": "list"})
    blank = BlankForm.objects.get()
    assert answer.url == blank.get_absolute_url()
    jobs.run(blankforms.KIND, blank.pk)
    assert client.get(blank.get_absolute_url()).status_code == 200
    file = client.get(reverse("pledges:blankform_file", args=[blank.public_id]))
    assert file.content.startswith(b"%PDF-")
    assert client_of(cast.school_official).get(blank.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(("asked", "told"), [("2", "tờ số 2"), ("3", ""), ("0", ""), ("²", ""), ("x", "")])
def test_the_code_of_a_sheet_tells_whose_it_is(cast, campaign, client_of, asked, told):
    blank = order(cast, campaign, "sheets")
    page = client_of(cast.school_head).get(blank.get_absolute_url(), {"nguoi": asked}).content.decode()
    assert ("Mã QR vừa quét" in page) == bool(told)
    assert not told or (told in page and "<strong>Hồ Văn Ưng</strong>" in page)


def test_the_pledge_says_that_it_was_signed_on_paper(cast, campaign, client_of):
    (pledge,) = recorded(cast.ward, campaign, cast.clerk, cast.official).pledges
    page = client_of(cast.official).get(pledge.get_absolute_url()).content.decode()
    assert "Ký trên giấy" in page
    assert cast.clerk.full_name in page


def test_adding_pages_and_dropping_the_draft(cast, campaign, client_of, post_form):
    made = begin(cast.ward, campaign, cast.clerk)
    client = client_of(cast.clerk)
    url = reverse("pledges:signedlist_add_pages", args=[made.public_id])
    assert client.get(url).status_code == 200
    post_form(client, url, {"files": files(photograph())})
    assert Scan.objects.filter(signed_list=made).count() == 2
    drop = reverse("pledges:signedlist_withdraw", args=[made.public_id])
    assert "Bỏ bản nháp" in client.get(drop).content.decode()
    assert "Đã bỏ bản nháp" in post_form(client, drop, follow=True).content.decode()


def test_taking_back_on_the_page(cast, campaign, client_of, post_form):
    recorded(cast.ward, campaign, cast.clerk, cast.official)
    made, client = SignedList.objects.get(), client_of(cast.clerk)
    url = reverse("pledges:signedlist_withdraw", args=[made.public_id])
    assert post_form(client, url).status_code == 422
    assert "Đã hủy danh sách" in post_form(client, url, {"reason": "Nhầm."}, follow=True).content.decode()
