"""What beat asks for: acts of reorganisation whose day has come (rule R12)."""

from celery import shared_task

from units.services.reorganising import perform_due_reorganisations


@shared_task(name="units.tasks.perform_due_reorganisations")
def perform_due() -> int:
    """Returns how many were carried out."""
    return perform_due_reorganisations()
