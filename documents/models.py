"""Official papers: bytes as they were made, never made again (rules R14, R15)."""

from django.db import models

from documents.queries import PaperQuerySet
from ledger import clock
from ledger.public_id import PublicIdField


class Paper(models.Model):
    """A stored document. The file is named by its SHA-256; `effect` makes one paper of one manifest (rule R06)."""

    class State(models.TextChoices):
        VALID = "valid", "Còn giá trị"
        REPLACED = "replaced", "Đã được thay thế"
        WITHDRAWN = "withdrawn", "Đã thu hồi"

    public_id = PublicIdField()
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    object_kind = models.CharField(max_length=60)
    object_id = models.CharField(max_length=26)
    unit_id = models.CharField(max_length=26, blank=True)
    check_code = models.CharField(max_length=40, unique=True, null=True, blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    path = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.VALID)
    manifest_sha256 = models.CharField(max_length=64)
    effect = models.CharField(max_length=200, unique=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)

    objects = PaperQuerySet.as_manager()

    def __str__(self):
        return self.title
