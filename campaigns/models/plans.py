"""The plan each unit makes of the decision."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from campaigns.models.decision import Campaign, Task, TaskGroup
from campaigns.queries import UnitPlanQuerySet
from ledger import clock
from ledger.public_id import PublicIdField
from units.models import Unit


class UnitPlan(models.Model):
    """A unit's plan for one year, made of the master tasks and its own (clause V.1)."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Đang soạn"
        SUBMITTED = "submitted", "Đã gửi"
        RETURNED = "returned", "Bị trả lại"
        ACCEPTED = "accepted", "Đã tiếp nhận"

    public_id = PublicIdField()
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="plans")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="plans")
    year = models.PositiveSmallIntegerField("năm", validators=[MinValueValidator(2019)])
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=1)
    aims = models.TextField("mục đích, yêu cầu", blank=True)
    arrangements = models.TextField("tổ chức thực hiện", blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    objects = UnitPlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "unit", "year"], name="a_unit_has_one_plan_a_year"),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(submitted_at__isnull=False), name="a_sent_plan_says_when"
            ),
        ]

    def __str__(self):
        return f"Kế hoạch năm {self.year}, {self.unit}"

    def get_absolute_url(self):
        return reverse("campaigns:unitplan_detail", args=[self.public_id])

    @property
    def event_unit_id(self) -> str:
        return self.unit.public_id


class PlannedTask(models.Model):
    """A row of a unit's plan: a master task taken over, or a task of its own."""

    plan = models.ForeignKey(UnitPlan, on_delete=models.CASCADE, related_name="rows")
    group = models.ForeignKey(TaskGroup, on_delete=models.PROTECT, related_name="+")
    master = models.ForeignKey(Task, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveIntegerField()
    text = models.TextField("nhiệm vụ")
    lead = models.CharField("chủ trì", max_length=200, blank=True)
    support = models.CharField("phối hợp", max_length=200, blank=True)
    product = models.CharField("sản phẩm", max_length=300, blank=True)
    due_on = models.DateField("thời hạn", null=True, blank=True)

    class Meta:
        ordering = ["plan", "group__order", "order"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "group", "order"], name="one_planned_task_a_line")
        ]

    def __str__(self):
        return self.text[:80]


class PlanVersion(models.Model):
    """A plan exactly as it was sent. Never changed, never deleted."""

    plan = models.ForeignKey(UnitPlan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="a_plan_version_is_sent_once")]

    def __str__(self):
        return f"{self.plan} ({self.number})"
