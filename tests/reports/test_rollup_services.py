"""Compiling a round: asked for twice, due while everything was off, cancelled, failed, done by a zombie."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from documents.models import Paper
from documents.services import read_paper
from ledger import clock, events, jobs
from ledger.canonical import digest
from ledger.jobs import Hold, LeaseLost
from ledger.models import Event
from ledger.workflow import StepRefused
from reports import tasks
from reports.models import ReportingRound, Rollup
from reports.services import rollups
from tests.cast import make_cast
from tests.factories import make_campaign
from tests.reports.province import make_small_province
from units.models import Appointment

# The lease is renewed on a connection of its own: rows must be committed.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def small():
    return make_small_province(make_cast(), make_campaign())


def compile_round(small) -> Rollup:
    return rollups.compile_rollup(reporting_round=small.this, by=small.home_affairs)


def done(rollup: Rollup) -> Rollup:
    assert jobs.run(rollups.KIND, rollup.pk)
    rollup.refresh_from_db()
    return rollup


def test_a_compiled_round_has_one_paper_with_its_manifest(small):
    rollup = done(compile_round(small))
    assert rollup.status == "done", rollup.error
    assert rollup.manifest_sha256 == digest(rollup.manifest) == rollup.paper.manifest_sha256
    assert read_paper(rollup.paper).startswith(b"%PDF-")
    acts = [act.kind for act in events.history(rollups.KIND, rollup.public_id)]
    assert acts == ["reports.rollup.queue", "reports.rollup.finish"]


def test_pressed_twice_is_compiled_once(small):
    compile_round(small)
    with pytest.raises(StepRefused, match="đang được tổng hợp theo yêu cầu của Hoàng Thị Ngọc Ánh từ"):
        compile_round(small)
    assert Rollup.objects.count() == 1
    assert Event.objects.filter(kind="reports.rollup.queue").count() == 1


def test_pressed_again_after_the_end_compiles_again(small):
    first = done(compile_round(small))
    second = done(compile_round(small))
    assert (second.status, second.paper.sha256) == ("done", first.paper.sha256)


def test_a_message_delivered_twice_works_once(small):
    rollup = done(compile_round(small))
    assert not jobs.run(rollups.KIND, rollup.pk)
    assert Paper.objects.count() == 1


def test_a_round_is_due_when_its_day_has_ended_in_viet_nam(small, monkeypatch):
    def at(moment) -> list[str]:
        offset = (moment - clock.now() + clock.offset()).total_seconds()
        monkeypatch.setenv("NAMKHONG_CLOCK_OFFSET", str(offset))
        with transaction.atomic():
            found = [row.round.code for row in rollups.compile_due_rounds()]
            transaction.set_rollback(True)
        return found

    end = clock.end_of_day(small.this.due_on)
    assert "BC-2026" not in at(end - timedelta(seconds=5))
    assert "BC-2026" in at(end + timedelta(seconds=5))


def test_what_fell_due_while_everything_was_off_is_compiled_once(small, monkeypatch):
    monkeypatch.setenv("NAMKHONG_CLOCK_OFFSET", str(40 * 86400))
    assert tasks.poke_due_rounds() == 2
    assert tasks.poke_due_rounds() == 0
    rollup = done(Rollup.objects.get(round=small.this))
    assert (rollup.status, rollup.slot, rollup.by) == ("done", "BC-2026:2026-11-15", None)
    assert tasks.poke_due_rounds() == 0


def test_a_day_moved_to_monday_is_not_due_on_sunday(small):
    ReportingRound.objects.filter(pk=small.this.pk).update(moves_to_working_day=True)
    assert rollups.slot(ReportingRound.objects.get(pk=small.this.pk)) == "BC-2026:2026-11-16"


def test_a_round_past_its_day_still_compiles_when_asked(small, monkeypatch):
    monkeypatch.setenv("NAMKHONG_CLOCK_OFFSET", str(100 * 86400))
    assert done(compile_round(small)).status == "done"


def test_while_a_person_compiles_the_schedule_waits_its_turn(small, monkeypatch):
    monkeypatch.setenv("NAMKHONG_CLOCK_OFFSET", str(40 * 86400))
    asked = compile_round(small)
    assert [row.round.code for row in rollups.compile_due_rounds()] == ["BC-2025"]
    done(asked)
    assert [row.round.code for row in rollups.compile_due_rounds()] == ["BC-2026"]


def test_a_zombie_publishes_nothing(small):
    """A worker that slept through its lease wakes with everything ready, after another has finished."""
    rollup = compile_round(small)
    moment = clock.now()
    past = moment - timedelta(seconds=1)
    assert Rollup.objects.claim(rollup.pk, token="z" * 26, at=moment, lease_until=past)
    zombie = Hold(Rollup, rollup.pk, "z" * 26)
    done(rollup)
    papers, acts = Paper.objects.count(), Event.objects.count()
    with pytest.raises(LeaseLost):
        rollups._publish(
            rollup, zombie, {**rollup.manifest, "demo": True}, "Xác sống", read_paper(rollup.paper)
        )
    rollup.refresh_from_db()
    assert (Paper.objects.count(), Event.objects.count(), rollup.status) == (papers, acts, "done")
    with pytest.raises(LeaseLost):
        rollups.run(rollup, zombie)


def test_a_cancelled_compilation_stores_nothing(small):
    rollup = compile_round(small)
    rollups.cancel_rollup(rollup=rollup, by=small.home_affairs)
    assert not jobs.run(rollups.KIND, rollup.pk)
    assert Paper.objects.count() == 0
    with pytest.raises(StepRefused, match="Đã hủy"):
        rollups.cancel_rollup(rollup=rollup, by=small.home_affairs)
    assert done(compile_round(small)).status == "done"


def test_who_lost_the_post_meanwhile_compiles_nothing(small):
    rollup = compile_round(small)
    Appointment.objects.filter(user=small.home_affairs).update(until=clock.today())
    assert done(rollup).status == "failed"
    assert "không còn quyền" in rollup.error


def test_a_failure_says_why_in_a_sentence(small, settings, tmp_path):
    settings.PAPER_FONTS = tmp_path
    rollup = done(compile_round(small))
    assert rollup.status == "failed"
    assert "fonts-liberation2" in rollup.error


def test_the_command_writes_the_stored_bytes(small, tmp_path):
    file = tmp_path / "bao-cao.pdf"
    call_command("compile_rollup", "--round", "BC-2026", "--output", str(file))
    rollup = Rollup.objects.get()
    assert file.read_bytes() == read_paper(rollup.paper)
    fresh = tmp_path / "moi.pdf"
    call_command("compile_rollup", "--round", "BC-2026", "--output", str(fresh), "--fresh")
    assert fresh.read_bytes() == file.read_bytes()
    assert (Rollup.objects.count(), Paper.objects.count()) == (1, 1)


def test_the_command_names_the_rounds_there_are(small, tmp_path):
    with pytest.raises(CommandError, match="BC-2026, BC-2025"):
        call_command("compile_rollup", "--round", "BC-2062", "--output", str(tmp_path / "x.pdf"))


def test_the_command_goes_on_with_a_compilation_under_way(small, tmp_path):
    compile_round(small)
    call_command("compile_rollup", "--round", "BC-2026", "--output", str(tmp_path / "x.pdf"))
    assert Rollup.objects.count() == 1
