"""Acts that change the tree (merger, split, move, renaming, dissolution) and who succeeded whom."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from ledger import clock
from ledger.public_id import PublicIdField
from units.models.unit import Unit
from units.queries import ReorganisationQuerySet


class Reorganisation(models.Model):
    """One act of reorganisation by one decision, in force from the start of the day `on`.

    `subject` says it in words with the names of that day, `orders` what is to be done (units.reorganisation.orders, by
    public ids), `report` what moved and what stayed as it was shown and done, `journal` what was written, by mover, so
    that a counter-act can take it back. Never deleted: an act entered by mistake is annulled by another row with
    `corrects`.
    """

    class Kind(models.TextChoices):
        MERGER = "merger", "Hợp nhất, sáp nhập"
        SPLIT = "split", "Chia, tách"
        MOVE = "move", "Chuyển cơ quan chủ quản"
        RENAMING = "renaming", "Đổi tên"
        DISSOLUTION = "dissolution", "Giải thể"
        FOUNDING = "founding", "Thành lập"
        CORRECTION = "correction", "Đính chính"

    class Status(models.TextChoices):
        DRAFT = "draft", "Đang soạn"
        PLANNED = "planned", "Chờ đến ngày"
        DONE = "done", "Đã thực hiện"
        REFUSED = "refused", "Không thực hiện được"
        WITHDRAWN = "withdrawn", "Đã rút"
        ANNULLED = "annulled", "Đã đính chính"

    public_id = PublicIdField()
    kind = models.CharField("loại", max_length=15, choices=Kind)
    subject = models.CharField("nội dung", max_length=500, blank=True)
    on = models.DateField("từ ngày")
    decision = models.CharField("theo văn bản", max_length=200)
    decided_on = models.DateField("ngày văn bản", null=True, blank=True)
    note = models.CharField("ghi chú", max_length=500, blank=True)
    verified = models.BooleanField("đã xác minh", default=True)
    orders = models.JSONField(default=dict)
    report = models.JSONField(default=list)
    journal = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=Status, default=Status.PLANNED)
    version = models.PositiveIntegerField(default=1)
    refusal = models.TextField(blank=True)
    corrects = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="correction"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = ReorganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=["done", "annulled"]) | Q(done_at__isnull=False),
                name="a_reorganisation_that_was_done_says_when",
            ),
            models.CheckConstraint(
                condition=Q(kind="correction", corrects__isnull=False)
                | (~Q(kind="correction") & Q(corrects__isnull=True)),
                name="only_a_correction_corrects",
            ),
        ]
        indexes = [
            models.Index(fields=["on"], condition=Q(status="planned"), name="reorganisations_to_come"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} từ {self.on:%d/%m/%Y}: {self.decision}"

    def get_absolute_url(self):
        return reverse("units:reorganisation_detail", args=[self.public_id])

    @property
    def tone(self) -> str:
        """The tone of includes/_state.html."""
        tones = {"draft": "waiting", "planned": "waiting", "done": "done", "refused": "late"}
        return tones.get(self.status, "none")

    @property
    def event_unit_id(self) -> str:
        return ""


class Succession(models.Model):
    """A unit that ended (or gave up a part) and one that took its place, by which decision.

    Figures of earlier years pass to the successors of a split in proportion to `parts` (312 and 118 people, or 60 and
    40): an estimate, and marked as one. A unit that continues after giving up a part has a row to itself for the rest.
    A merger and a renaming pass the whole. A row that its counter-act took back is `annulled` and no longer followed.
    """

    class Kind(models.TextChoices):
        MERGER = "merger", "Hợp nhất, sáp nhập"
        SPLIT = "split", "Chia, tách"
        RENAMING = "renaming", "Đổi tên"
        DISSOLUTION = "dissolution", "Giải thể"

    kind = models.CharField(max_length=15, choices=Kind)
    predecessor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="origins"
    )
    on = models.DateField("từ ngày")
    parts = models.PositiveIntegerField("phần", default=1)
    decision = models.CharField("theo văn bản", max_length=200, blank=True)
    verified = models.BooleanField("đã xác minh", default=False)
    annulled = models.BooleanField("đã đính chính", default=False)
    act = models.ForeignKey(
        Reorganisation, null=True, blank=True, on_delete=models.PROTECT, related_name="successions"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor", "on"],
                condition=Q(annulled=False),
                name="a_succession_is_told_once",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=False) | Q(kind="dissolution"),
                name="only_a_dissolution_has_no_successor",
            ),
            models.CheckConstraint(condition=Q(parts__gt=0), name="a_successor_takes_some_part"),
        ]

    def __str__(self):
        return f"{self.predecessor} → {self.successor}"
