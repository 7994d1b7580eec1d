"""Ground floor: what was done, in which order, and what the machine still has to do."""

from django.conf import settings
from django.db import models

from ledger import clock
from ledger.public_id import PublicIdField
from ledger.queries import EventQuerySet, JobQuerySet


class Event(models.Model):
    """One act. Append-only; no foreign keys, so that no later change of people or units can touch it.

    `data` holds codes, numbers and hashes. Names and free text stand in `EventText`, which the law on personal data
    (91/2025/QH15) may require to be redacted; the chain then still holds through `text_digest`.
    """

    kind = models.CharField(max_length=80)
    at = models.DateTimeField()
    person_id = models.CharField(max_length=26, blank=True)
    post_id = models.CharField(max_length=26, blank=True)
    unit_id = models.CharField(max_length=26, blank=True)
    object_kind = models.CharField(max_length=60)
    object_id = models.CharField(max_length=26)
    data = models.JSONField(default=dict)
    text_digest = models.CharField(max_length=64, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["object_kind", "object_id"], name="event_by_object")]

    def __str__(self):
        return f"{self.kind} {self.object_kind}:{self.object_id}"


class EventText(models.Model):
    """Names and words of an event, kept apart so that they can be redacted; digest = SHA-256(salt ‖ words)."""

    event_id = models.BigIntegerField(primary_key=True)
    salt = models.CharField(max_length=32)
    text = models.JSONField(default=dict)
    redacted_at = models.DateTimeField(null=True)

    def __str__(self):
        return f"event {self.event_id}"


class Seal(models.Model):
    """The place of an event in the chain: hash = SHA-256(previous hash ‖ position ‖ event). Only the sealer writes."""

    position = models.BigIntegerField(primary_key=True)
    event_id = models.BigIntegerField(unique=True)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    def __str__(self):
        return f"{self.position}: {self.hash[:12]}"


class Receipt(models.Model):
    """What became of one submission of one form (rule R03): the same form sent twice is answered, not done, twice."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    route = models.CharField(max_length=80)
    key = models.CharField(max_length=26)
    body_digest = models.CharField(max_length=64)
    outcome = models.JSONField(null=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "route", "key"], name="a_form_is_done_once"),
        ]

    def __str__(self):
        return f"{self.route} {self.key}"


class Job(models.Model):
    """Long work as a row (rules R05–R06): the intention, the progress and the result. The broker only pokes.

    A worker claims it with a token and a lease that it renews; only the holder of the token may store the result.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", "Đang chờ"
        RUNNING = "running", "Đang chạy"
        DONE = "done", "Đã xong"
        FAILED = "failed", "Không thành công"
        CANCELLED = "cancelled", "Đã hủy"

    public_id = PublicIdField()
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    step = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    error = models.TextField(blank=True)
    token = models.CharField(max_length=26, blank=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    poked_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_over(self) -> bool:
        return self.status in {self.Status.DONE, self.Status.FAILED, self.Status.CANCELLED}
