"""Pledges signed with one’s own certificate: the PDF to sign, and what was found in the one that came back."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from campaigns.models import Campaign
from ledger import clock
from ledger.models import Job
from ledger.public_id import PublicIdField
from pledges.models.pledge import Pledge
from pledges.queries import SignedFileQuerySet, SigningDraftQuerySet
from units.models import User

ACTIVE = Q(status__in=["queued", "running"])


class SigningDraft(Job):
    """The PDF a person takes to his own signing tool: `shown` is the record in it, `sha256` the digest of that record,
    `file_sha256` of the bytes. What comes back must be these bytes with signatures added behind them.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("năm")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="signing_drafts")
    shown = models.JSONField()
    own_words = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64)
    check_code = models.CharField(max_length=40, unique=True)
    path = models.CharField(max_length=80, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)

    objects = SigningDraftQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Job.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["user", "campaign", "year"], condition=ACTIVE, name="one_signing_draft_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["poked_at"], condition=ACTIVE, name="signing_drafts_waiting")]

    def __str__(self):
        return f"Bản để ký số: {self.user}, {self.year}"

    def get_absolute_url(self):
        return reverse("pledges:signingdraft_detail", args=[self.public_id])


class SignedFile(models.Model):
    """A file that came back, accepted or not: `findings` says what was found in it, in codes and plain values (signer,
    issuer, serial, time and where the time is from, whether the certificate's issuer is one the province trusts).
    Accepted files are kept untouched (rule R28); of others only the findings.
    """

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted", "Chữ ký số hợp lệ"
        UNSIGNED = "unsigned", "Tệp không có chữ ký số"
        ALTERED = "altered", "Nội dung đã bị thay đổi"
        FOREIGN = "foreign", "Không phải bản đã tải về"
        INVALID = "invalid", "Chữ ký số không hợp lệ"
        UNREADABLE = "unreadable", "Không đọc được tệp"

    public_id = PublicIdField()
    draft = models.ForeignKey(SigningDraft, on_delete=models.PROTECT, related_name="returned")
    pledge = models.ForeignKey(
        Pledge, null=True, blank=True, on_delete=models.PROTECT, related_name="signed_files"
    )
    round = models.PositiveIntegerField("lần ký", null=True)
    verdict = models.CharField(max_length=12, choices=Verdict)
    findings = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=80, blank=True)
    size = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    objects = SignedFileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pledge", "round"],
                condition=Q(verdict="accepted"),
                name="a_round_has_one_signed_file",
            ),
            models.CheckConstraint(
                condition=~Q(verdict="accepted") | (Q(pledge__isnull=False) & ~Q(path="")),
                name="an_accepted_file_is_kept",
            ),
        ]

    def __str__(self):
        return f"{self.get_verdict_display()}: {self.draft}"
