"""What beat asks for: the letters that may leave are a query over rows (rule R12)."""

from celery import shared_task

from notices import services


@shared_task(name="notices.tasks.send_letters")
def send_letters() -> int:
    return services.send_due()
