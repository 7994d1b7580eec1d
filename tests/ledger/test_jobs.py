"""Long work: one worker at a time holds a job, and only the holder publishes."""

from datetime import timedelta

import pytest

from ledger import clock, jobs
from ledger.jobs import Hold, LeaseLost
from ledger.models import Job
from ledger.queries import MAX_ATTEMPTS
from reports.models import ReportingRound, Rollup


@pytest.fixture
def job(campaign):
    day = clock.today()
    round_ = ReportingRound.objects.create(
        campaign=campaign, code="T", name="Kỳ thử", year=2026, data_since=day, data_until=day + timedelta(1),
        opens_on=day, due_on=day,
    )  # fmt: skip
    return Rollup.objects.create(round=round_)


def claim(job, token="a" * 26, lease=timedelta(seconds=30)) -> bool:
    now = clock.now()
    return Rollup.objects.claim(job.pk, token=token, at=now, lease_until=now + lease)


def test_only_one_of_two_workers_gets_the_job(job):
    assert claim(job, "a" * 26)
    assert not claim(job, "b" * 26)


def test_a_job_whose_lease_ran_out_can_be_claimed_again(job):
    assert claim(job, lease=timedelta(seconds=-1))
    assert claim(job, "b" * 26)
    job.refresh_from_db()
    assert (job.token, job.attempts) == ("b" * 26, 2)


def test_a_zombie_can_neither_report_progress_nor_publish(job):
    claim(job, "a" * 26, lease=timedelta(seconds=-1))
    claim(job, "b" * 26)
    zombie = Hold(Rollup, job.pk, "a" * 26)
    for act in (lambda: zombie.progress(1, 2, "…"), zombie.renew, zombie.finish, lambda: zombie.fail("lỗi")):
        with pytest.raises(LeaseLost):
            act()
    job.refresh_from_db()
    assert job.status == Job.Status.RUNNING


def test_the_sweeper_pokes_what_waits_without_a_worker(job, monkeypatch):
    sent = []
    monkeypatch.setattr(jobs, "_send", lambda kind, pk: sent.append((kind, pk)))
    Rollup.objects.filter(pk=job.pk).update(poked_at=clock.now() - timedelta(minutes=1))
    assert jobs.sweep() == 1
    assert [pk for _, pk in sent] == [job.pk]
    assert jobs.sweep() == 0, "poked a moment ago: not again at once"


def test_the_sweeper_leaves_a_job_with_a_living_worker_alone(job, monkeypatch):
    monkeypatch.setattr(jobs, "_send", lambda kind, pk: pytest.fail("poked"))
    Rollup.objects.filter(pk=job.pk).update(poked_at=clock.now() - timedelta(minutes=1))
    claim(job)
    assert jobs.sweep() == 0


def test_after_the_last_attempt_the_job_fails_with_a_sentence(job):
    Rollup.objects.filter(pk=job.pk).update(
        status="running", attempts=MAX_ATTEMPTS, lease_until=clock.now() - timedelta(minutes=1)
    )
    assert not claim(job)
    jobs.sweep()
    job.refresh_from_db()
    assert job.status == Job.Status.FAILED
    assert "lần mà không xong" in job.error


def test_a_poke_that_finds_no_broker_loses_nothing(
    job, settings, django_capture_on_commit_callbacks, monkeypatch
):
    def unreachable(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr(jobs.current_app, "send_task", unreachable)
    with django_capture_on_commit_callbacks(execute=True):
        jobs.poke("reports.rollup", job)
    job.refresh_from_db()
    assert job.status == Job.Status.QUEUED
