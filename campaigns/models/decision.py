"""The decision as data. Every part says which clause it stands in."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from campaigns.queries import CampaignQuerySet
from ledger.public_id import PublicIdField
from units.models import Category


class Campaign(models.Model):
    """A campaign ordered by one decision, such as 2607/QĐ-UBND."""

    public_id = PublicIdField()
    code = models.CharField(max_length=20, unique=True)
    decision_number = models.CharField("số quyết định", max_length=40)
    decision_on = models.DateField("ngày quyết định")
    issuer = models.CharField("cơ quan ban hành", max_length=200)
    decision_subject = models.CharField("trích yếu", max_length=500)
    plan_subject = models.CharField("trích yếu của kế hoạch", max_length=500)
    signed_by = models.CharField("người ký", max_length=120)
    name = models.CharField("tên gọi", max_length=300)
    alias = models.CharField("hay còn gọi là", max_length=60)
    report_addressee = models.CharField("nơi gửi báo cáo của đơn vị", max_length=200)
    report_clause = models.CharField("căn cứ của chế độ báo cáo", max_length=20)
    report_due_month = models.PositiveSmallIntegerField("tháng gửi báo cáo")
    report_due_day = models.PositiveSmallIntegerField("ngày gửi báo cáo")
    report_text = models.TextField("chế độ báo cáo")
    since = models.DateField()

    objects = CampaignQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(report_due_month__range=(1, 12), report_due_day__range=(1, 31)),
                name="the_report_is_due_on_a_day_of_the_year",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("campaigns:campaign_detail", args=[self.public_id])


class CampaignPart(models.Model):
    """A part of the decision in its order. `clause` says where it stands; `source` is “seed” or “đề xuất”."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="%(class)ss")
    order = models.PositiveIntegerField()
    clause = models.CharField("căn cứ", max_length=20, blank=True)
    source = models.CharField(max_length=40, blank=True)

    class Meta:
        abstract = True
        ordering = ["campaign", "order"]


class LegalBasis(CampaignPart):
    """An act the decision rests on, as the decision cites it."""

    kind = models.CharField(max_length=60)
    number = models.CharField(max_length=60, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=500, blank=True)
    text = models.TextField()
    note = models.CharField("ghi chú", max_length=300, blank=True)

    class Meta(CampaignPart.Meta):
        constraints = [models.UniqueConstraint(fields=["campaign", "order"], name="one_legal_basis_a_place")]

    def __str__(self):
        return self.text


class PersonCategory(CampaignPart):
    code = models.CharField(max_length=15, choices=Category)
    label = models.CharField(max_length=60)

    class Meta(CampaignPart.Meta):
        constraints = [models.UniqueConstraint(fields=["campaign", "code"], name="a_category_is_named_once")]

    def __str__(self):
        return self.label


class Phase(CampaignPart):
    """A phase, [since, until); without `until` it goes on in “các năm tiếp theo”."""

    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    text = models.TextField()

    class Meta(CampaignPart.Meta):
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="one_phase_a_number"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="a_phase_runs_forwards"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def lines(self) -> list[str]:
        """What the phase sets out to do, one thing a line."""
        return self.text.splitlines()


class Indicator(CampaignPart):
    """One figure of the yearly report. Only counts are added up; rates come from sums with their denominators.

    `live` names the count over live records that prefills it (“pledged”); empty: typed by the unit.
    """

    class Kind(models.TextChoices):
        COUNT = "count", "Số đếm"
        YES_NO = "yes_no", "Có / không"
        DATE = "date", "Ngày"

    code = models.SlugField(max_length=60)
    number = models.CharField("số thứ tự", max_length=10)
    annex = models.CharField("phụ lục", max_length=5)
    annex_title = models.CharField(max_length=200)
    label = models.CharField(max_length=200)
    unit_of_measure = models.CharField("đơn vị tính", max_length=30, blank=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.COUNT)
    by_category = models.BooleanField(default=False)
    live = models.CharField(max_length=30, blank=True)
    at_most = models.CharField("không lớn hơn chỉ tiêu", max_length=60, blank=True)
    target = models.CharField(max_length=5, blank=True)
    help = models.CharField(max_length=300, blank=True)

    class Meta(CampaignPart.Meta):
        constraints = [
            models.UniqueConstraint(fields=["campaign", "code"], name="an_indicator_is_named_once")
        ]

    def __str__(self):
        return self.label


class Target(CampaignPart):
    """What a phase must reach: a corridor [floor, ceiling] of yearly change, or a share to reach.

    The rate is `numerator` ÷ `denominator`: codes of indicators, each summed before the division. Denominator
    “units” counts the units that owe a report.
    """

    class Reading(models.TextChoices):
        RELATIVE = "relative", "So với tỷ lệ năm trước"
        DIFFERENCE = "difference", "Số điểm phần trăm so với năm trước"
        LEVEL = "level", "Mức đạt được"

    class UnitOfChange(models.TextChoices):
        PERCENT = "percent", "%"
        PERCENTAGE_POINT = "percentage_point", "điểm phần trăm"
        COUNT = "count", "đơn vị"

    class Direction(models.TextChoices):
        UP = "up", "Tăng"
        DOWN = "down", "Giảm"
        REACH = "reach", "Đạt"

    code = models.CharField(max_length=5)
    phase = models.ForeignKey(Phase, null=True, blank=True, on_delete=models.PROTECT, related_name="targets")
    indicator = models.CharField("chỉ tiêu", max_length=300)
    numerator = models.CharField("tử số", max_length=60, blank=True)
    denominator = models.CharField("mẫu số", max_length=60)
    direction = models.CharField(max_length=6, choices=Direction)
    floor = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    ceiling = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    unit_of_change = models.CharField(max_length=20, choices=UnitOfChange)
    reading = models.CharField("cách hiểu", max_length=20, choices=Reading)
    text = models.TextField()
    note = models.CharField("ghi chú", max_length=500, blank=True)

    class Meta(CampaignPart.Meta):
        constraints = [
            models.UniqueConstraint(fields=["campaign", "code"], name="a_target_is_named_once"),
            models.CheckConstraint(
                condition=Q(floor__isnull=True) | Q(ceiling__isnull=True) | Q(ceiling__gte=F("floor")),
                name="a_corridor_opens_upwards",
            ),
        ]

    def __str__(self):
        return self.indicator


class Commitment(CampaignPart):
    """One of the five “không” of part III, verbatim."""

    text = models.CharField(max_length=200)

    class Meta(CampaignPart.Meta):
        constraints = [models.UniqueConstraint(fields=["campaign", "order"], name="one_commitment_a_place")]

    def __str__(self):
        return self.text


class TaskGroup(CampaignPart):
    """One of the six groups of tasks of part IV."""

    title = models.CharField(max_length=300)

    class Meta(CampaignPart.Meta):
        constraints = [models.UniqueConstraint(fields=["campaign", "order"], name="one_task_group_a_place")]

    def __str__(self):
        return self.title


class Task(CampaignPart):
    """One task of parts IV (in a group) and V (without), verbatim."""

    group = models.ForeignKey(
        TaskGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks"
    )
    text = models.TextField()

    class Meta(CampaignPart.Meta):
        constraints = [models.UniqueConstraint(fields=["campaign", "clause"], name="one_task_a_clause")]

    def __str__(self):
        return f"{self.clause} {self.text[:60]}"


class Recipient(CampaignPart):
    """A line of “Kính gửi” or “Nơi nhận” of the roll-up."""

    class Role(models.TextChoices):
        TO = "to", "Kính gửi"
        COPY = "copy", "Nơi nhận"

    role = models.CharField(max_length=5, choices=Role)
    text = models.CharField(max_length=200)

    class Meta(CampaignPart.Meta):
        constraints = [
            models.UniqueConstraint(fields=["campaign", "role", "order"], name="one_recipient_a_line")
        ]

    def __str__(self):
        return self.text


class ReportSection(CampaignPart):
    """A heading of the yearly report; where `is_free`, the unit writes text under it."""

    number = models.CharField(max_length=10)
    title = models.CharField(max_length=300)
    level = models.PositiveSmallIntegerField()
    is_free = models.BooleanField(default=True)
    group = models.ForeignKey(TaskGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    help = models.CharField(max_length=500, blank=True)

    class Meta(CampaignPart.Meta):
        constraints = [models.UniqueConstraint(fields=["campaign", "number"], name="one_section_a_number")]

    def __str__(self):
        return f"{self.number}. {self.title}"
