"""What beat asks of this floor."""

from celery import shared_task

from documents import slipbox


@shared_task(name="documents.tasks.burn_slips")
def burn_slips() -> int:
    return slipbox.burn_old()
