"""A year's drive to pledge: from when to when, and on which days people are reminded (feature S14, rule R12)."""

from django.db import models
from django.db.models import F, Q

from campaigns.models import Campaign
from ledger import clock
from ledger.public_id import PublicIdField
from pledges.queries import DriveQuerySet


class Drive(models.Model):
    """`ladder`: days from `due_on` on which who has not signed is reminded ([-14, -3, 0, 7]); `escalate_after`: days
    after it from which the head above hears too. Numbers that Sở Nội vụ may change.
    """

    public_id = PublicIdField()
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="drives")
    year = models.PositiveSmallIntegerField("năm")
    opens_on = models.DateField("bắt đầu")
    due_on = models.DateField("hạn ký")
    ladder = models.JSONField("các ngày nhắc", default=list)
    escalate_after = models.PositiveSmallIntegerField("báo cấp trên sau (ngày)", default=7)
    version = models.PositiveIntegerField(default=1)

    objects = DriveQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "year"], name="one_drive_a_year"),
            models.CheckConstraint(condition=Q(due_on__gte=F("opens_on")), name="a_drive_runs_forwards"),
        ]

    def __str__(self):
        return f"Đợt ký cam kết năm {self.year}"


class Reminding(models.Model):
    """One day on which a drive reminded: the slot is made once, whoever tries (rule R12)."""

    drive = models.ForeignKey(Drive, on_delete=models.PROTECT, related_name="remindings")
    on = models.DateField("ngày")
    at = models.DateTimeField(default=clock.now)
    people = models.PositiveIntegerField("số người được nhắc", default=0)
    heads = models.PositiveIntegerField("số người đứng đầu được báo", default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["drive", "on"], name="a_drive_reminds_once_a_day")]

    def __str__(self):
        return f"{self.drive}, {self.on:%d/%m/%Y}"
