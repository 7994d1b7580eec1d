"""The year-end look back: who writes, who remarks, in which order; what was sent stays (feature S20)."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from ledger import events
from ledger.canonical import digest
from ledger.workflow import StepRefused
from notices.models import Notice
from pledges import reviewduties
from pledges.models import Pledge, Remark, SelfReview, SentReview, SignedList
from pledges.services import remarks, reviews
from pledges.workflow import REVIEW
from tests.factories import appoint, make_union, person
from tests.pledges.acts import afresh, confirm, revoke, sign, withdraw
from tests.pledges.acts import send_back as return_pledge
from tests.pledges.looking_back import (
    MIXED,
    OPEN_DAY,
    PROOF,
    WELL,
    again,
    remark,
    remark_for_union,
    send,
    send_back,
    shown,
    write,
)
from tests.pledges.test_signedlists import recorded, take_back
from units.models import Appointment, BaseUnion

State = SelfReview.Status


@pytest.fixture(autouse=True)
def while_it_is_open(on_day):
    on_day(OPEN_DAY)


@pytest.fixture
def draft(cast, complete):
    """The ward official's; the ward has no union."""
    return write(complete, MIXED, "Một năm có tiến bộ.")


@pytest.fixture
def sent(draft):
    return send(draft)


@pytest.fixture
def of_teacher(cast, signed):
    """A teacher's, sent to the headmistress; the school has a union."""
    return send(write(signed))


# --- Writing and sending


def test_it_opens_on_the_day_the_decisions_file_says(cast, complete, on_day):
    on_day(date(2026, 10, 14))
    with pytest.raises(StepRefused, match=r"mở từ ngày 15/10/2026\. Hạn gửi: hết ngày 10/11/2026"):
        write(complete)
    on_day(date(2026, 10, 15))
    assert write(complete).status == State.DRAFT


def test_who_has_no_pledge_that_counts_has_nothing_to_look_back_at(cast, signed):
    return_pledge(signed, cast.school_head)
    with pytest.raises(StepRefused, match="chưa có bản cam kết còn hiệu lực"):
        write(signed)


def test_a_draft_is_kept_half_written_and_only_its_author_sees_it(cast, complete):
    review = write(complete, [{"kept": "", "words": "Dở dang"}, *WELL[1:]])
    assert again(review).answers[0] == {"kept": "", "words": "Dở dang"}
    seen_by = {role for role, user in cast.people.items() if SelfReview.objects.visible_to(afresh(user))}
    assert seen_by == {"official"}


def test_a_draft_saved_in_another_window_is_not_overwritten_unseen(cast, draft):
    with pytest.raises(StepRefused, match="đã được lưu ở cửa sổ khác"):
        write(draft.pledge, WELL, version=0)
    assert again(draft).answers == MIXED
    assert write(draft.pledge, WELL, version=draft.version).answers == WELL


def test_nobody_writes_anothers(cast, complete):
    with pytest.raises(StepRefused, match="của mình"):
        reviews.save_review(by=afresh(cast.clerk), pledge=complete, answers=WELL, words="", expect_version=0)


def test_words_are_asked_for_unless_it_was_kept_well(cast, complete):
    review = write(complete, [{"kept": "mostly", "words": " "}, {"kept": "", "words": ""}, *WELL[2:]])
    with pytest.raises(ValidationError) as refused:
        send(review)
    assert refused.value.messages == [
        "Nội dung 1: chọn “còn hạn chế” thì cần ghi rõ việc gì, vì sao.",
        "Nội dung 2: chưa chọn mức độ thực hiện.",
    ]


def test_what_is_sent_is_what_was_shown_and_stays(cast, draft):
    seen = shown(draft)
    write(draft.pledge, WELL, version=draft.version)
    with pytest.raises(StepRefused, match="đã được sửa sau khi mở trang gửi"):
        reviews.send_review(by=afresh(cast.official), review=draft, seen_sha256=seen, proof=PROOF)
    review = send(draft)
    kept = SentReview.objects.get(review=review)
    assert (kept.sha256, kept.round, kept.proof) == (digest(kept.content), 1, PROOF)
    assert again(review).sha256 == kept.sha256
    assert kept.content["commitments"] == draft.pledge.content["text"]["commitments"]
    with pytest.raises(DatabaseError), transaction.atomic():
        SentReview.objects.filter(pk=kept.pk).update(sha256="x")


def test_what_was_sent_is_not_written_on(cast, sent):
    with pytest.raises(StepRefused, match="đã gửi tự đánh giá"):
        write(sent.pledge, WELL, version=again(sent).version)


def test_a_leaders_goes_to_the_head_above(cast, campaign):
    review = send(write(confirm(sign(cast.school_head, campaign), cast.head)))
    assert review.signing_unit == cast.ward
    with pytest.raises(StepRefused, match="chính mình"):
        remark(review, cast.school_head)
    assert remark(review, cast.head).status == State.COMPLETE


# --- Remarks


def test_without_a_union_the_heads_remark_closes_it(cast, sent):
    review = remark(sent, cast.head, agrees=False, words="Cần nói rõ hơn.")
    kept = Remark.objects.get(review=review)
    assert review.status == State.COMPLETE
    assert (kept.agrees, kept.words, kept.sha256, kept.name, kept.post_title) == (
        False,
        "Cần nói rõ hơn.",
        again(sent).sha256,
        cast.head.full_name,
        "Chủ tịch UBND phường",
    )
    assert Notice.objects.filter(user=cast.official, effect__startswith=f"{REVIEW.kind}.complete").exists()


def test_with_a_union_its_chair_remarks_after_the_head(cast, of_teacher):
    with pytest.raises(StepRefused, match="Không thể “Công đoàn nhận xét”"):
        remark_for_union(of_teacher, cast.union_chair)
    assert remark(of_teacher, cast.school_head).status == State.AWAITING_UNION
    assert remark_for_union(of_teacher, cast.union_chair).status == State.COMPLETE
    assert {row.party for row in Remark.objects.filter(review=of_teacher)} == {"head", "union"}


def test_the_only_chair_is_not_asked_about_his_own(cast, campaign):
    review = send(write(sign(cast.union_chair, campaign)))
    assert remark(review, cast.school_head).status == State.COMPLETE


def test_a_union_that_ended_is_waited_for_no_more(cast, of_teacher):
    remark(of_teacher, cast.school_head)
    with pytest.raises(StepRefused, match="vẫn đang hoạt động"):
        remarks.close_without_union(by=afresh(cast.school_head), review=of_teacher)
    BaseUnion.objects.filter(unit=cast.school).update(until=OPEN_DAY)
    with pytest.raises(StepRefused, match="đã kết thúc hoạt động"):
        remark_for_union(of_teacher, cast.union_chair)
    assert remarks.close_without_union(by=afresh(cast.school_head), review=of_teacher) == [of_teacher]
    assert again(of_teacher).status == State.COMPLETE


@pytest.mark.parametrize(
    "role", ["official", "clerk", "other_head", "stranger", "home_affairs", "school_head"]
)
def test_only_the_head_it_was_made_to_remarks(cast, sent, role):
    with pytest.raises(StepRefused, match=r"chính mình|Người đứng đầu"):
        remark(sent, cast.people[role])
    assert again(sent).status == State.AWAITING_HEAD


def test_a_substitute_remarks_by_his_appointment(cast, sent):
    deputy = person("Phạm Phó", cast.ward, post=("deputy", "Phó Chủ tịch UBND phường"))
    held = appoint(deputy, cast.ward, "head", "Chủ tịch UBND phường")
    Appointment.objects.filter(pk=held.pk).update(manner="deputises")
    remark(sent, deputy)
    assert Remark.objects.get(review=sent).post_title == "KT. Chủ tịch, Phó Chủ tịch"


def test_not_agreeing_needs_words(cast, sent):
    with pytest.raises(ValidationError, match="cần ghi rõ nhận xét"):
        remark(sent, cast.head, agrees=False, words="  ")


def test_who_remarks_has_read_what_stands_now(cast, sent):
    read = again(sent).sha256
    send_back(sent, cast.head)
    write(sent.pledge, WELL, version=again(sent).version)
    send(sent)
    with pytest.raises(StepRefused, match="gửi lại với nội dung khác"):
        remarks.remark_as_head(by=afresh(cast.head), review=sent, agrees=True, words="", seen_sha256=read)


def test_a_returned_review_is_sent_again_in_a_new_round(cast, of_teacher):
    remark(of_teacher, cast.school_head)
    send_back(of_teacher, cast.union_chair, "Nội dung 2 chưa rõ.")
    assert again(of_teacher).status == State.RETURNED
    write(of_teacher.pledge, MIXED, version=again(of_teacher).version)
    assert send(of_teacher).round == 2
    assert remark(of_teacher, cast.school_head).status == State.AWAITING_UNION
    assert [row.round for row in Remark.objects.filter(review=of_teacher).order_by("pk")] == [1, 2]
    assert SentReview.objects.filter(review=of_teacher).count() == 2


def test_a_returned_review_is_sent_again_after_the_year_has_ended(cast, sent, on_day):
    on_day(date(2026, 12, 30))
    send_back(sent, cast.head)
    on_day(date(2027, 1, 5))
    write(sent.pledge, WELL, version=again(sent).version)
    assert send(sent).status == State.AWAITING_HEAD


def test_every_act_leaves_an_event(cast, sent):
    remark(sent, cast.head)
    kinds = [act.kind.rpartition(".")[2] for act in events.history(REVIEW.kind, sent.public_id)]
    assert kinds == ["save", "send", "remark_complete"]


# --- “Nhất trí” to many


@pytest.fixture
def many(cast, campaign):
    """Three of the school: one the chair's own."""
    others = [person(f"Lê Thị {number}", cast.school, "vien_chuc") for number in range(2)]
    return [send(write(sign(user, campaign))) for user in [*others, cast.union_chair]]


def seen(found: list[SelfReview]) -> dict[str, str]:
    return {row.public_id: again(row).sha256 for row in found}


def test_a_head_agrees_to_many_under_one_proof(cast, many):
    agreed = remarks.agree_to_many(by=afresh(cast.school_head), seen=seen(many), proof=PROOF)
    assert (agreed.done, agreed.left) == (3, ())
    assert [again(row).status for row in many] == [State.AWAITING_UNION, State.AWAITING_UNION, State.COMPLETE]
    agreed = remarks.agree_to_many(by=afresh(cast.union_chair), seen=seen(many), proof=PROOF)
    assert agreed.done == 2
    assert agreed.left == ((cast.union_chair.full_name, remarks.OWN),)
    assert {again(row).status for row in many} == {State.COMPLETE}


def test_who_cannot_be_agreed_to_is_named_and_left(cast, many, sent):
    stale = seen(many) | {many[0].public_id: "0" * 64}
    agreed = remarks.agree_to_many(by=afresh(cast.school_head), seen=stale, proof=PROOF)
    assert agreed.done == 2
    assert agreed.left == ((many[0].pledge.user.full_name, remarks.REREAD),)
    assert again(many[0]).status == State.AWAITING_HEAD
    assert remarks.agree_to_many(by=afresh(cast.other_head), seen=seen(many)).done == 0


@pytest.mark.parametrize("people", [1, 3])
def test_agreeing_takes_the_same_queries_for_one_and_for_three(
    cast, campaign, django_assert_num_queries, people
):
    found = [
        send(write(sign(person(f"Lê Thị {number}", cast.school, "vien_chuc"), campaign)))
        for number in range(people)
    ]
    head, marks = afresh(cast.school_head), seen(found)
    head.posts_today  # noqa: B018 - read by the request before
    with django_assert_num_queries(QUERIES_OF_MANY):
        remarks.agree_to_many(by=head, seen=marks, proof=PROOF)


QUERIES_OF_MANY = 17


def test_a_union_elsewhere_changes_nothing_here(cast, sent):
    make_union(cast.other_ward)
    assert remark(sent, cast.head).status == State.COMPLETE


# --- The pledge that is looked back at


@pytest.mark.parametrize(
    ("end", "role"), [(revoke, "head"), (withdraw, "school_official"), (return_pledge, "school_head")]
)
def test_when_its_pledge_is_taken_or_sent_back_it_waits_for_nobody_until_that_is_signed_again(
    cast, sent, of_teacher, end, role
):
    review = sent if role == "head" else of_teacher
    author = review.pledge.user
    end(review.pledge, cast.people[role])
    assert again(review).status == State.RETURNED
    assert events.history(REVIEW.kind, review.public_id)[-1].reason.startswith(
        "Bản cam kết không còn hiệu lực."
    )
    assert "Bản tự đánh giá bị trả lại" not in [duty.title for duty in reviewduties.of(afresh(author))]
    with pytest.raises(StepRefused, match="Xin ký cam kết trước"):
        send(review)


def test_when_the_list_of_its_pledge_is_taken_back_so_does_it(cast, campaign):
    recorded(cast.ward, campaign, cast.clerk, cast.official, cast.clerk, head=True)
    reviews_sent = [send(write(row)) for row in Pledge.objects.order_by("pk")]
    assert len(reviews_sent) == 2
    take_back(SignedList.objects.get(), cast.clerk)
    for review in reviews_sent:
        assert again(review).status == State.RETURNED
        last = events.history(REVIEW.kind, review.public_id)[-1]
        assert last.reason.startswith("Bản cam kết không còn hiệu lực.")
    assert reviewduties.of(afresh(cast.head)) == []


def test_after_the_new_pledge_it_is_written_and_sent_against_that(cast, campaign, sent):
    revoke(sent.pledge, cast.head)
    fresh = sign(cast.official, campaign, "Việc mới.")
    assert [duty.action for duty in reviewduties.of(afresh(cast.official))] == ["Sửa và gửi lại"]
    renewed = send(sent)
    assert (renewed.status, renewed.round) == (State.AWAITING_HEAD, 2)
    kept = [row.content["pledge"]["sha256"] for row in renewed.sendings.order_by("round")]
    assert kept == [sent.pledge.sha256, fresh.sha256]


def test_a_review_with_all_remarks_stays_when_its_pledge_is_revoked(cast, sent):
    remark(sent, cast.head)
    revoke(again(sent).pledge, cast.head)
    assert again(sent).status == State.COMPLETE


def test_of_an_earlier_year_it_stays_because_nothing_is_signed_for_it_any_more(cast, sent, on_day):
    on_day(date(2027, 1, 5))
    revoke(sent.pledge, cast.head)
    assert again(sent).status == State.AWAITING_HEAD


def test_one_that_could_not_be_sent_again_is_remarked_on_and_not_returned(cast, sent, on_day, client_of):
    on_day(date(2027, 1, 5))
    revoke(sent.pledge, cast.head)
    page = client_of(cast.head).get(sent.get_absolute_url()).content.decode()
    return_url = reverse("pledges:selfreview_return", args=[sent.public_id])
    assert return_url not in page
    page = client_of(cast.head).get(return_url, follow=True).content.decode()
    assert "không gửi lại được nên không trả lại nữa" in page
    with pytest.raises(StepRefused, match="không trả lại nữa; vẫn nhận xét được"):
        send_back(sent, cast.head)
    assert remark(sent, cast.head).status == State.COMPLETE


def test_returned_in_the_next_year_it_is_still_corrected_and_sent(cast, sent, on_day, client_of, post_form):
    on_day(date(2027, 1, 5))
    send_back(sent, cast.head)
    client, url = client_of(cast.official), reverse("pledges:selfreview_write")
    page = client.get(url).content.decode()
    assert "việc thực hiện cam kết năm 2026" in page and "Ghi rõ việc cụ thể." in page
    form = {"ban": sent.pledge.public_id, "version": again(sent).version, "words": "Đã sửa."} | {
        f"kept_{number}": "fully" for number in range(1, 6)
    }
    assert post_form(client, url, form).status_code == 302
    assert again(sent).words == "Đã sửa."
    assert send(sent).status == State.AWAITING_HEAD


def test_returned_it_comes_before_the_one_begun_this_year(cast, campaign, sent, on_day, client_of):
    on_day(date(2027, 11, 2))
    write(confirm(sign(cast.official, campaign), cast.head), MIXED)
    send_back(sent, cast.head)
    page = client_of(cast.official).get(reverse("pledges:selfreview_write")).content.decode()
    assert "việc thực hiện cam kết năm 2026" in page
    assert [duty.action for duty in reviewduties.of(afresh(cast.official))] == ["Sửa và gửi lại"]
    send(sent)
    assert [duty.action for duty in reviewduties.of(afresh(cast.official))] == ["Viết tiếp"]


def test_an_old_draft_that_was_never_sent_makes_no_duty_of_this_year(cast, campaign, draft, on_day):
    on_day(date(2027, 11, 20))
    assert [duty.action for duty in reviewduties.of(afresh(cast.official))] == []
    pledge = confirm(sign(cast.official, campaign), cast.head)
    assert [duty.action for duty in reviewduties.of(afresh(cast.official))] == ["Tự đánh giá"]
    remark(send(write(pledge)), cast.head)
    assert reviewduties.of(afresh(cast.official)) == []
