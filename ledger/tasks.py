"""What the worker does. Every task takes ids only and re-reads the truth (rule R06)."""

from celery import shared_task
from celery.signals import worker_ready

from ledger import jobs, seal


@shared_task(name="ledger.tasks.run_job")
def run_job(kind: str, pk: int) -> bool:
    return jobs.run(kind, pk)


@shared_task(name="ledger.tasks.sweep")
def sweep() -> int:
    return jobs.sweep()


@shared_task(name="ledger.tasks.seal_events")
def seal_events() -> int:
    return seal.seal_pending()


@worker_ready.connect(dispatch_uid="sweep_on_start")
def sweep_on_start(**kwargs) -> None:
    """Work that a crash interrupted starts again with the worker, not at the next beat."""
    sweep.delay()
