"""Hundreds confirmed under one proof: each pledge asked again under its lock, each answered, none twice, none lost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ledger import clock, jobs
from ledger.canonical import digest
from ledger.models import Event
from ledger.workflow import StepRefused
from notices.models import Notice
from pledges.models import BulkConfirmation, BulkItem, PaperJob, Pledge, Signature
from pledges.services import bulk, bulkwork, countersign
from tests.factories import appoint, make_union, person
from tests.pledges.crowds import crowd, fresh_proof, ordered, outcomes, read, worked
from units.models import Appointment, BaseUnion, User


@pytest.fixture
def teachers(cast, campaign):
    """Five teachers of the school, which has a union."""
    return crowd(cast.school, 5, campaign)


@pytest.fixture
def officials(cast, campaign):
    """Five officials of the ward, which has none."""
    return crowd(cast.ward, 5, campaign)


def statuses(pledges) -> set[str]:
    return set(Pledge.objects.filter(pk__in=[row.pk for row in pledges]).values_list("status", flat=True))


def reasons(order: BulkConfirmation) -> list[str]:
    return list(order.items.filter(outcome="refused").values_list("reason", flat=True))


# --- the whole story


def test_head_then_chair_confirm_all_and_the_papers_are_ordered(cast, teachers):
    by_head = worked(ordered(cast.school_head, cast.school, teachers))
    assert (by_head.status, outcomes(by_head)) == ("done", {"done": 5})
    assert statuses(teachers) == {"awaiting_union"}
    assert not PaperJob.objects.exists()
    by_chair = worked(ordered(cast.union_chair, cast.school, teachers, "union"))
    assert (by_chair.status, outcomes(by_chair)) == ("done", {"done": 5})
    assert statuses(teachers) == {"complete"}
    assert PaperJob.objects.count() == 5
    assert Notice.objects.filter(user__in=[row.user for row in teachers]).count() == 5


def test_without_a_union_the_head_s_confirmation_completes(cast, officials):
    done = worked(ordered(cast.head, cast.ward, officials))
    assert outcomes(done) == {"done": 5}
    assert statuses(officials) == {"complete"}
    assert not Pledge.objects.filter(status="complete", completed_at__isnull=True).exists()


def test_each_signature_says_who_in_which_post_what_and_by_which_proof(cast, teachers):
    order = worked(ordered(cast.school_head, cast.school, teachers))
    rows = Signature.objects.filter(party="head").select_related("pledge")
    assert {(row.name, row.post_title, row.round) for row in rows} == {
        (cast.school_head.full_name, "Hiệu trưởng", 1)
    }
    assert all(row.sha256 == row.pledge.sha256 for row in rows)
    assert all(row.proof == order.proof and row.proof["by"] == "password" for row in rows)


def test_every_pledge_has_its_event_and_the_bulk_has_its_own(cast, teachers):
    order = worked(ordered(cast.school_head, cast.school, teachers))
    acts = Event.objects.filter(kind="pledges.pledge.countersign")
    assert {row.object_id for row in acts} == {row.public_id for row in teachers}
    assert {row.data["bulk"] for row in acts} == {order.public_id}
    own = Event.objects.of(bulk.KIND, order.public_id)
    assert [row.kind.rpartition(".")[2] for row in own] == ["order", "finish"]
    assert own[1].data == {"party": "head", "done": 5, "refused": 0}


def test_who_stands_in_confirms_as_kt(cast, teachers):
    deputy = person("Phạm Thị Phó", cast.school, "vien_chuc", ("deputy", "Phó Hiệu trưởng"))
    row = appoint(deputy, cast.school, "head", "Hiệu trưởng")
    Appointment.objects.filter(pk=row.pk).update(
        manner="deputises", functions=["pledges"], document="QĐ 5", covers="ký thay", until="2099-01-01"
    )
    worked(ordered(deputy, cast.school, teachers))
    titles = set(Signature.objects.filter(party="head").values_list("post_title", flat=True))
    assert titles == {"KT. Hiệu trưởng, Phó Hiệu trưởng"}


def test_the_person_is_told_when_it_is_done(cast, teachers):
    order = worked(ordered(cast.school_head, cast.school, teachers))
    told = Notice.objects.get(user=cast.school_head)
    assert told.text == f"Đã xác nhận 5 bản cam kết của {cast.school.name}."
    assert told.url == order.get_absolute_url()


# --- what cannot be confirmed is named, the rest is confirmed


def refused_one(order: BulkConfirmation, pledge: Pledge) -> str:
    """The others were confirmed; why this one was not."""
    item = order.items.get(outcome="refused")
    assert item.pledge == pledge
    assert outcomes(order) == {"done": 4, "refused": 1}
    assert not pledge.signatures.filter(party="head").exists()
    return item.reason


def test_one_signed_again_after_it_was_read_is_refused_alone(cast, teachers):
    order = ordered(cast.school_head, cast.school, teachers)
    content = {**teachers[2].content, "own_words": "Khác"}
    Pledge.objects.filter(pk=teachers[2].pk).update(content=content, sha256=digest(content), round=2)
    assert "đã được ký lại với nội dung khác" in refused_one(worked(order), teachers[2])


def test_one_whose_words_were_altered_in_the_database_is_refused_alone(cast, teachers):
    order = ordered(cast.school_head, cast.school, teachers)
    Pledge.objects.filter(pk=teachers[1].pk).update(content={**teachers[1].content, "own_words": "Khác"})
    assert "không khớp mã nội dung" in refused_one(worked(order), teachers[1])


def test_one_withdrawn_meanwhile_is_refused_alone(cast, teachers):
    order = ordered(cast.school_head, cast.school, teachers)
    Pledge.objects.filter(pk=teachers[0].pk).update(status="withdrawn")
    assert "đang ở trạng thái “Đã rút”" in refused_one(worked(order), teachers[0])


def test_one_to_be_signed_again_is_refused_alone(cast, teachers):
    order = ordered(cast.school_head, cast.school, teachers)
    Pledge.objects.filter(pk=teachers[0].pk).update(stale_since=clock.now())
    assert "cần ký lại" in refused_one(worked(order), teachers[0])


def test_one_that_moved_to_another_unit_is_refused_alone(cast, teachers):
    order = ordered(cast.school_head, cast.school, teachers)
    Pledge.objects.filter(pk=teachers[4].pk).update(signing_unit=cast.ward)
    assert refused_one(worked(order), teachers[4]) == bulkwork.MOVED


def test_one_confirmed_by_somebody_else_meanwhile_says_by_whom(cast, teachers):
    second = person("Lê Thị Song", cast.school, "vien_chuc", ("head", "Hiệu trưởng"))
    order = ordered(cast.school_head, cast.school, teachers)
    proof = fresh_proof()
    countersign(pledge=teachers[3], by=second, seen_sha256=teachers[3].sha256, proof=proof)
    done = worked(order)
    assert outcomes(done) == {"done": 4, "refused": 1}
    assert "Lê Thị Song đã xác nhận lúc" in reasons(done)[0]
    assert Signature.objects.filter(party="head").count() == 5


def test_nobody_confirms_his_own_among_hundreds(cast, teachers):
    row = teachers[0]
    Appointment.objects.filter(user=cast.school_head).update(until=clock.today())
    appoint(row.user, cast.school, "head", "Hiệu trưởng", since=clock.today())
    done = worked(ordered(row.user, cast.school, teachers))
    assert "của chính mình" in refused_one(done, row)


def test_a_chair_who_confirmed_as_head_does_not_confirm_again(cast, campaign, teachers):
    """Two chairs, one of whom is also the head: the union's confirmation is for the other one."""
    appoint(cast.school_head, cast.school, "union_chair", "Chủ tịch Công đoàn cơ sở")
    worked(ordered(cast.school_head, cast.school, teachers[:1]))
    assert statuses(teachers[:1]) == {"awaiting_union"}
    assert not Pledge.objects.waiting_at(
        cast.school, "union", User.objects.get(pk=cast.school_head.pk)
    ).exists()
    done = worked(ordered(cast.school_head, cast.school, teachers[:1], "union"))
    assert outcomes(done) == {"refused": 1}
    assert "với tư cách người đứng đầu" in reasons(done)[0]


def test_a_union_that_ended_meanwhile_confirms_nothing(cast, teachers):
    worked(ordered(cast.school_head, cast.school, teachers))
    order = ordered(cast.union_chair, cast.school, teachers, "union")
    BaseUnion.objects.filter(unit=cast.school).update(until=clock.today())
    done = worked(order)
    assert outcomes(done) == {"refused": 5}
    assert "đã kết thúc hoạt động" in reasons(done)[0]
    assert statuses(teachers) == {"awaiting_union"}


def test_a_post_that_ended_before_the_worker_came_confirms_nothing(cast, teachers):
    order = ordered(cast.school_head, cast.school, teachers)
    Appointment.objects.filter(user=cast.school_head).update(until=clock.today())
    done = worked(order)
    assert outcomes(done) == {"refused": 5}
    assert "không giữ chức vụ “Người đứng đầu”" in reasons(done)[0]
    assert not Signature.objects.filter(party="head").exists()


def test_a_person_who_may_not_sign_in_any_more_confirms_nothing(cast, teachers):
    order = ordered(cast.school_head, cast.school, teachers)
    User.objects.filter(pk=cast.school_head.pk).update(is_active=False)
    assert outcomes(worked(order)) == {"refused": 5}


def test_what_a_unit_pledges_to_the_head_above_waits_for_no_union(cast, campaign, officials):
    make_union(cast.ward)
    Pledge.objects.filter(pk=officials[0].pk).update(kind="collective", unit=cast.school)
    worked(ordered(cast.head, cast.ward, officials))
    assert statuses(officials[:1]) == {"complete"}
    assert statuses(officials[1:]) == {"awaiting_union"}


# --- ordering


@pytest.mark.parametrize(
    ("role", "party"), [("union_chair", "head"), ("school_head", "union"), ("head", "head")]
)
def test_who_holds_no_such_post_of_the_unit_orders_nothing(cast, teachers, role, party):
    with pytest.raises(StepRefused, match="không giữ chức vụ"):
        ordered(cast.people[role], cast.school, teachers, party)
    assert not BulkConfirmation.objects.exists()


def test_an_old_proof_orders_nothing(cast, teachers):
    old = {"by": "password", "at": (clock.now() - timedelta(minutes=11)).isoformat()}
    with pytest.raises(StepRefused, match="10 phút"):
        bulk.order_bulk(by=cast.school_head, unit=cast.school, party="head", seen=read(teachers), proof=old)


def test_nothing_chosen_is_said(cast, teachers):
    with pytest.raises(StepRefused, match="Chưa chọn bản nào"):
        ordered(cast.school_head, cast.school, [])


def test_one_bulk_at_a_time_for_one_person(cast, teachers):
    ordered(cast.school_head, cast.school, teachers[:2])
    with pytest.raises(StepRefused, match="đang chạy"):
        ordered(cast.school_head, cast.school, teachers[2:])
    assert BulkItem.objects.count() == 2


# --- the worker


def test_a_second_delivery_does_nothing(cast, teachers):
    order = worked(ordered(cast.school_head, cast.school, teachers))
    assert jobs.run(bulk.KIND, order.pk) is False
    assert Signature.objects.filter(party="head").count() == 5
    assert Event.objects.filter(kind="pledges.pledge.countersign").count() == 5


def test_a_worker_that_lost_its_hold_in_the_middle_undoes_its_batch(cast, teachers, monkeypatch):
    monkeypatch.setattr(bulkwork, "BATCH", 2)
    order = ordered(cast.school_head, cast.school, teachers)
    answer = bulkwork._answer
    calls = []

    def lose_it_in_the_second_batch(items, refused):
        answer(items, refused)
        calls.append(len(items))
        if len(calls) == 2:
            BulkConfirmation.objects.filter(pk=order.pk).update(token="somebody else's")

    monkeypatch.setattr(bulkwork, "_answer", lose_it_in_the_second_batch)
    worked(order)
    assert outcomes(order) == {"done": 2, "waiting": 3}
    assert Signature.objects.filter(party="head").count() == 2


def test_a_worker_killed_between_batches_is_taken_up_where_it_stopped(cast, teachers, monkeypatch):
    monkeypatch.setattr(bulkwork, "BATCH", 2)
    order = ordered(cast.school_head, cast.school, teachers)
    confirm = bulkwork._confirm

    class Killed(BaseException):
        pass

    def die(ground, pledges):
        confirm(ground, pledges)
        if Signature.objects.filter(party="head").count() == 4:
            raise Killed

    monkeypatch.setattr(bulkwork, "_confirm", die)
    with pytest.raises(Killed):
        worked(order)
    assert outcomes(order) == {"done": 2, "waiting": 3}
    monkeypatch.setattr(bulkwork, "_confirm", confirm)
    BulkConfirmation.objects.filter(pk=order.pk).update(lease_until=clock.now() - timedelta(seconds=1))
    assert outcomes(worked(order)) == {"done": 5}
    assert Signature.objects.filter(party="head").count() == 5


def test_cancelling_keeps_what_was_confirmed_and_leaves_the_rest(cast, teachers, monkeypatch):
    monkeypatch.setattr(bulkwork, "BATCH", 2)
    order = ordered(cast.school_head, cast.school, teachers)
    next_batch = bulkwork._next_batch

    def cancel_after_the_first(work, hold):
        found = next_batch(work, hold)
        bulk.cancel_bulk(bulk=BulkConfirmation.objects.get(pk=order.pk), by=cast.school_head)
        return found

    monkeypatch.setattr(bulkwork, "_next_batch", cancel_after_the_first)
    worked(order)
    assert (order.status, outcomes(order)) == ("cancelled", {"done": 2, "waiting": 3})
    with pytest.raises(StepRefused, match="Đã hủy"):
        bulk.cancel_bulk(bulk=order, by=cast.school_head)
    monkeypatch.setattr(bulkwork, "_next_batch", next_batch)
    assert outcomes(worked(ordered(cast.school_head, cast.school, teachers[2:]))) == {"done": 3}


# --- figures

# SQLite takes a hundred signatures in two statements. The ward has no union: there papers are ordered, people told.
QUERIES = {"sqlite": {"school": 19, "ward": 23}, "postgresql": {"school": 18, "ward": 21}}


@pytest.mark.parametrize(("number", "batches"), [(100, 1), (300, 3)])
@pytest.mark.parametrize("place", ["school", "ward"])
def test_a_hundred_costs_the_same_queries_whichever_hundred_it_is(cast, campaign, place, number, batches):
    unit, head = (cast.school, cast.school_head) if place == "school" else (cast.ward, cast.head)
    order = ordered(head, unit, crowd(unit, number, campaign))
    hold = held(order)
    for _ in range(batches):
        with CaptureQueriesContext(connection) as found:
            assert bulkwork._next_batch(order, hold) == 100
        assert len(found) == QUERIES[connection.vendor][place]


def held(order: BulkConfirmation) -> jobs.Hold:
    moment = clock.now()
    BulkConfirmation.objects.claim(order.pk, token="t", at=moment, lease_until=moment + jobs.LEASE)
    return jobs.Hold(BulkConfirmation, order.pk, "t")
