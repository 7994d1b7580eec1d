"""What beat and the start of a worker ask for: what is due is a query over rows (rule R12)."""

from celery import shared_task
from celery.signals import worker_ready

from reports.services import cutoffs, rollups


@shared_task(name="reports.tasks.poke_due_rounds")
def poke_due_rounds() -> int:
    """Freeze the head-counts of rounds whose data window has ended; queue those whose term has run out.

    Returns how many were queued.
    """
    cutoffs.freeze_ended_windows()
    return len(rollups.compile_due_rounds())


@worker_ready.connect(dispatch_uid="due_rounds_on_start")
def due_rounds_on_start(**kwargs) -> None:
    """A round whose day passed while everything was off is compiled with the start, not at the next beat."""
    poke_due_rounds.delay()
