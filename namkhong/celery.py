"""The worker's entry point and the beat schedule.

Beat only pokes, at intervals: what is due is always a query over rows (rule R12), so a missed beat loses nothing.
"""

import os
import sys

from celery import Celery
from celery.signals import setup_logging, worker_init
from django.core.exceptions import ImproperlyConfigured
from kombu.transport import TRANSPORT_ALIASES

from namkhong import stopping  # noqa: F401 - a ready worker takes its handler from there

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "namkhong.settings")

# Wherever a URL says filesystem://, the safe transport answers: the stock one loses messages.
TRANSPORT_ALIASES["filesystem"] = "namkhong.broker:Transport"

app = Celery("namkhong")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    "sweep": {"task": "ledger.tasks.sweep", "schedule": 10.0, "options": {"expires": 30}},
    "seal-events": {"task": "ledger.tasks.seal_events", "schedule": 20.0, "options": {"expires": 60}},
    "perform-due-reorganisations": {
        "task": "units.tasks.perform_due_reorganisations",
        "schedule": 60.0,
        "options": {"expires": 180},
    },
    "remind-due": {"task": "pledges.tasks.remind_due", "schedule": 60.0, "options": {"expires": 180}},
    "send-letters": {"task": "notices.tasks.send_letters", "schedule": 30.0, "options": {"expires": 25}},
    "order-missing-papers": {
        "task": "pledges.tasks.order_missing_papers",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "clear-shelf": {"task": "pledges.tasks.clear_shelf", "schedule": 3600.0, "options": {"expires": 3600}},
    "burn-slips": {"task": "documents.tasks.burn_slips", "schedule": 1800.0, "options": {"expires": 1800}},
    "poke-due-rounds": {
        "task": "reports.tasks.poke_due_rounds",
        "schedule": 60.0,
        "options": {"expires": 180},
    },
}


@setup_logging.connect
def keep_our_logging(**kwargs: object) -> None:
    """A receiver here stops Celery from replacing the JSON logs that Django has set up (rule R42)."""


@worker_init.connect
def refuse_unsafe_ground(**kwargs: object) -> None:
    from namkhong import checks  # noqa: PLC0415 - needs the apps, which load after this module

    try:
        checks.refuse_unsafe_ground()
    except ImproperlyConfigured as refusal:
        # Celery logs an ordinary exception of a receiver and goes on.
        sys.exit(f"namkhong: {refusal}")
