"""Long work about pledges, as rows (rules R05, R06): papers, confirmations by the hundred, books of a unit's year."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from campaigns.models import Campaign
from ledger.models import Job
from pledges.models.pledge import Pledge, Signature
from pledges.queries import BookJobQuerySet, BulkConfirmationQuerySet
from units.models import Unit

ACTIVE = Q(status__in=["queued", "running"])


class PaperJob(Job):
    """The order to make the paper of a complete pledge; queued in the transaction that completes it (rule R04)."""

    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="paper_jobs")

    class Meta(Job.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["pledge"],
                condition=Q(status__in=["queued", "running"]),
                name="a_paper_is_ordered_once_at_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["poked_at"], condition=Q(status__in=["queued", "running"]), name="paper_jobs_waiting"
            ),
        ]

    def __str__(self):
        return f"Bản PDF: {self.pledge}"


class BulkConfirmation(Job):
    """Many confirmations by one person under one fresh proof: what he read and ticked, each with its own result (S6).

    `party` says as what he confirms; `unit` is the unit whose pledges these are; `proof` as in `Signature.proof`.
    """

    party = models.CharField(max_length=10, choices=Signature.Party)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    proof = models.JSONField(default=dict)

    objects = BulkConfirmationQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Job.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "by", "party"], condition=ACTIVE, name="one_bulk_confirmation_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["poked_at"], condition=ACTIVE, name="bulk_jobs_waiting")]

    def __str__(self):
        return f"Xác nhận hàng loạt: {self.unit}"

    def get_absolute_url(self):
        return reverse("pledges:bulkconfirmation_detail", args=[self.public_id])


class BulkItem(models.Model):
    """One pledge of a bulk confirmation: the digest that was on the page (rule R23), and what became of it."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", "Đang chờ"
        DONE = "done", "Đã xác nhận"
        REFUSED = "refused", "Không xác nhận được"

    bulk = models.ForeignKey(BulkConfirmation, on_delete=models.PROTECT, related_name="items")
    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="bulk_items")
    seen_sha256 = models.CharField(max_length=64)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.WAITING)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bulk", "pledge"], name="a_pledge_stands_in_a_bulk_once")
        ]

    def __str__(self):
        return f"{self.bulk_id}: {self.pledge_id}"


class BookJob(Job):
    """The order for a unit's year as one book (PDF) or as ZIP with an index. The file is kept in the vault."""

    class Form(models.TextChoices):
        BOOK = "book", "Sổ bản cam kết (PDF)"
        ARCHIVE = "archive", "Tệp nén từng bản (ZIP)"

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("năm")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    form = models.CharField("dạng", max_length=10, choices=Form)
    pledges = models.PositiveIntegerField("số bản", default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    path = models.CharField(max_length=80, blank=True)
    size = models.PositiveBigIntegerField(default=0)

    objects = BookJobQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Job.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year", "form", "by"],
                condition=ACTIVE,
                name="a_book_is_ordered_once_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["poked_at"], condition=ACTIVE, name="book_jobs_waiting")]

    def __str__(self):
        return f"{self.get_form_display()}: {self.unit}, {self.year}"

    def get_absolute_url(self):
        return reverse("pledges:bookjob_detail", args=[self.public_id])
