"""The register of papers: bytes as they were made, never made again (rules R14, R15). And the order to print slips."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse

from documents.queries import PaperQuerySet, SlipJobQuerySet
from ledger import clock
from ledger.models import Job
from ledger.public_id import PublicIdField
from units.models import Unit


class Paper(models.Model):
    """One stored PDF. Only `state` ever changes; the database refuses the rest (migration 0002).

    The owner is named by opaque ids (`object_kind`, `object_id`, `unit_id`), because owners stand on the
    floors above. `effect` lets one manifest of one object become one paper however often the work is repeated
    (rule R06). `path` is relative to `settings.MEDIA_ROOT`. `check_code` is on the papers that no agency
    signs (rule R28).
    """

    class Kind(models.TextChoices):
        PLEDGE = "pledge", "Bản cam kết"
        PLEDGE_SIGNED = "pledge_signed", "Bản cam kết ký số cá nhân"
        PLEDGE_EVIDENCE = "pledge_evidence", "Trang minh chứng"
        PLEDGE_SCAN = "pledge_scan", "Bản cam kết giấy (bản chụp)"
        PLEDGE_BOOK = "pledge_book", "Sổ bản cam kết"
        PLAN = "plan", "Kế hoạch"
        UNIT_REPORT = "unit_report", "Báo cáo của đơn vị"
        ROLLUP = "rollup", "Báo cáo tổng hợp"

    class State(models.TextChoices):
        VALID = "valid", "Còn giá trị"
        REPLACED = "replaced", "Đã được thay thế"
        WITHDRAWN = "withdrawn", "Đã thu hồi"

    public_id = PublicIdField()
    kind = models.CharField("loại", max_length=40, choices=Kind)
    title = models.CharField("tên", max_length=300)
    object_kind = models.CharField(max_length=60)
    object_id = models.CharField(max_length=26)
    unit_id = models.CharField(max_length=26, blank=True)
    check_code = models.CharField("mã kiểm tra", max_length=23, unique=True, null=True, blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    pages = models.PositiveIntegerField()
    path = models.CharField(max_length=80)
    state = models.CharField("tình trạng", max_length=10, choices=State, default=State.VALID)
    manifest_sha256 = models.CharField(max_length=64)
    effect = models.CharField(max_length=200, unique=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)

    objects = PaperQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["object_kind", "object_id"], name="paper_by_object"),
            models.Index(fields=["sha256"], name="paper_by_bytes"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["valid", "replaced", "withdrawn"]), name="a_paper_has_a_known_state"
            ),
            models.CheckConstraint(condition=Q(size__gt=0, pages__gt=0), name="a_paper_is_not_empty"),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise ValidationError("Văn bản đã lưu không sửa được.")
        super().save(*args, **kwargs)


class SlipJob(Job):
    """The order to print a unit's slips. The file lies outside the database and for a day at most: whoever has it can
    open these accounts (`documents.slipbox`).
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    slips = models.PositiveIntegerField("số phiếu", default=0)
    file = models.CharField(max_length=26, blank=True)

    objects = SlipJobQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Job.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "by"],
                condition=Q(status__in=["queued", "running"]),
                name="slips_are_ordered_once_at_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["poked_at"], condition=Q(status__in=["queued", "running"]), name="slip_jobs_waiting"
            ),
        ]

    def __str__(self):
        return f"Phiếu kích hoạt: {self.unit}"

    def get_absolute_url(self):
        return reverse("documents:slips_detail", args=[self.public_id])
