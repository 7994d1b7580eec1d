"""A roster that came as a file: the upload, its rows as they were understood, its faults, and the two jobs on it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from ledger import clock
from ledger.models import Job
from ledger.public_id import PublicIdField
from units.models.employment import Category, ContractKind
from units.models.person import User
from units.models.unit import Unit
from units.queries import RosterUploadQuerySet


class RosterUpload(models.Model):
    """One file for one branch of the tree, true on the day `on`. Checked first, then applied as one act, or undone.

    `unit` is the top of the branch: people outside it are never touched. Where `complete`, who is employed in the
    branch and missing in the file is shown as gone. `journal` holds what the act wrote, for its undoing.
    """

    class Status(models.TextChoices):
        UPLOADED = "uploaded", "Đã tải lên"
        MAPPING = "mapping", "Cần chỉ cột"
        FAULTY = "faulty", "Có lỗi"
        CHECKED = "checked", "Đã kiểm tra"
        APPLIED = "applied", "Đã cập nhật"
        UNDONE = "undone", "Đã hoàn tác"

    public_id = PublicIdField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="roster_uploads")
    on = models.DateField("tại ngày")
    complete = models.BooleanField("là danh sách đầy đủ", default=False)
    filename = models.CharField(max_length=200)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    columns = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    journal = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=Status, default=Status.UPLOADED)
    version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = RosterUploadQuerySet.as_manager()

    def __str__(self):
        return f"{self.filename} ({self.unit})"

    def get_absolute_url(self):
        return reverse("units:rosterupload_detail", args=[self.public_id])

    @property
    def event_unit_id(self) -> str:
        return self.unit.public_id


class RosterRow(models.Model):
    """One row of an upload as it was understood, and what it will do: for a person known before, `before` what differs.

    A staging table: its rows are copied in by the ten thousand and only ever read by upload, so the database neither
    checks nor indexes their references; units, kinds of contract, people are never deleted, uploads by services alone.
    """

    class Action(models.TextChoices):
        NEW = "new", "Người mới"
        CHANGED = "changed", "Thay đổi"
        MOVED = "moved", "Chuyển đơn vị"
        SAME = "same", "Như cũ"
        GONE = "gone", "Không còn trong danh sách"

    upload = models.ForeignKey(
        RosterUpload, on_delete=models.CASCADE, related_name="rows", db_constraint=False, db_index=False
    )
    line = models.PositiveIntegerField("dòng", null=True)
    code = models.CharField("số hiệu", max_length=30, blank=True)
    full_name = models.CharField(max_length=120)
    search_key = models.CharField(max_length=130)
    sort_key = models.CharField(max_length=500)
    birth_year = models.PositiveSmallIntegerField(null=True)
    job_title = models.CharField(max_length=120, blank=True)
    category = models.CharField(max_length=15, choices=Category)
    contract = models.ForeignKey(
        ContractKind,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    contract_until = models.DateField(null=True)
    since = models.DateField(null=True)
    unit = models.ForeignKey(
        Unit, null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    user = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    action = models.CharField(max_length=10, choices=Action, blank=True)
    before = models.JSONField(default=dict)

    class Meta:
        # Without the sort key: comparing names for an index costs more than all else of copying them in.
        indexes = [models.Index(fields=["upload", "action"], name="roster_rows_by_action")]

    def __str__(self):
        return f"{self.line}: {self.full_name}"


class RosterFault(models.Model):
    """What is wrong at one cell. A file with a single fault changes nothing."""

    upload = models.ForeignKey(RosterUpload, on_delete=models.CASCADE, related_name="faults")
    cell = models.CharField("ô", max_length=60, blank=True)
    line = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=40)
    message = models.CharField(max_length=500)

    class Meta:
        ordering = ["upload", "line", "pk"]

    def __str__(self):
        return f"{self.cell}: {self.message}"


class ColumnMap(models.Model):
    """The columns of another system's export, shown once and remembered for the unit by the digest of the heading row.

    Each unit has shown its own: what one takes for a column binds no other.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="column_maps")
    headings_sha256 = models.CharField(max_length=64)
    headings = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "headings_sha256"], name="a_unit_shows_the_columns_of_a_heading_row_once"
            )
        ]

    def __str__(self):
        return ", ".join(self.headings)[:80]


class RosterCheck(Job):
    """Reading, understanding and comparing an uploaded roster."""

    upload = models.ForeignKey(RosterUpload, on_delete=models.PROTECT, related_name="checks")

    class Meta(Job.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["upload"],
                condition=Q(status__in=["queued", "running"]),
                name="a_roster_is_checked_once_at_a_time",
            ),
        ]

    def __str__(self):
        return f"Kiểm tra {self.upload}"


class RosterApply(Job):
    """Applying a checked roster as one act. `digest` names what the person saw in the preview (rule R23)."""

    upload = models.ForeignKey(RosterUpload, on_delete=models.PROTECT, related_name="applications")
    digest = models.CharField(max_length=64)

    class Meta(Job.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["upload"],
                condition=Q(status__in=["queued", "running"]),
                name="a_roster_is_applied_once_at_a_time",
            ),
        ]

    def __str__(self):
        return f"Cập nhật theo {self.upload}"
