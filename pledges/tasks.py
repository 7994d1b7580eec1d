"""What beat and the start of a worker ask for: which reminding is due is a query over rows (rule R12)."""

from celery import shared_task
from celery.signals import worker_ready

from pledges.services import books, paper, reminders


@shared_task(name=reminders.TASK)
def remind_due() -> bool:
    return reminders.remind_due() is not None


@shared_task(name="pledges.tasks.clear_shelf")
def clear_shelf() -> int:
    """Books and archives that have lain for thirty days; they can be made again."""
    return books.clear_shelf()


@shared_task(name="pledges.tasks.order_missing_papers")
def order_missing_papers() -> int:
    """Papers whose making failed while a timestamp service or fonts were away (rule R09)."""
    return paper.order_missing_papers()


@worker_ready.connect(dispatch_uid="remindings_on_start")
def remindings_on_start(**kwargs) -> None:
    """A day that passed while everything was off is made up for with the start, not at the next beat."""
    remind_due.delay()
