"""Rounds, what each unit reports in them, and the roll-up made of it (clause V.5)."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from campaigns.models import Campaign, Indicator, ReportSection
from documents.models import Paper
from ledger import clock
from ledger.models import Job
from ledger.public_id import PublicIdField
from reports.queries import ReportingRoundQuerySet, RollupQuerySet, UnitReportQuerySet, WaiverQuerySet
from units.models import Category, Unit


class ReportingRound(models.Model):
    """A call for reports. Data window [data_since, data_until) and due date are free of each other.

    The deadline is the end of `due_on` in Việt Nam, moved to the next working day where `moves_to_working_day` says so.
    """

    class Kind(models.TextChoices):
        ANNUAL = "annual", "Định kỳ hằng năm"
        AD_HOC = "ad_hoc", "Đột xuất"

    public_id = PublicIdField()
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="rounds")
    code = models.CharField("mã kỳ", max_length=20, unique=True)
    name = models.CharField("tên kỳ", max_length=200)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.ANNUAL)
    year = models.PositiveSmallIntegerField("năm")
    data_since = models.DateField("số liệu từ ngày")
    data_until = models.DateField("số liệu đến trước ngày")
    opens_on = models.DateField("mở từ ngày")
    due_on = models.DateField("hạn gửi")
    moves_to_working_day = models.BooleanField(
        "chuyển sang ngày làm việc tiếp theo nếu trùng ngày nghỉ", default=False
    )
    created_at = models.DateTimeField(default=clock.now)

    objects = ReportingRoundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(data_until__gt=F("data_since")), name="a_data_window_runs_forwards"
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("opens_on")), name="a_round_opens_before_it_is_due"
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("reports:round_board", args=[self.public_id])

    @property
    def data_last(self) -> date:
        """The last day of the data window, as people say it."""
        return self.data_until - timedelta(days=1)


class UnitReport(models.Model):
    """One unit's report in one round. What was sent stands in its sealed versions."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Đang lập"
        PRESENTED = "presented", "Đã trình lãnh đạo"
        SUBMITTED = "submitted", "Đã gửi, chờ tiếp nhận"
        RETURNED = "returned", "Bị trả lại"
        ACCEPTED = "accepted", "Đã tiếp nhận"

    public_id = PublicIdField()
    round = models.ForeignKey(ReportingRound, on_delete=models.PROTECT, related_name="reports")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="reports")
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=1)
    first_sent_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    objects = UnitReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "unit"], name="a_unit_reports_once_a_round"),
            models.CheckConstraint(
                condition=~Q(status__in=["submitted", "accepted"]) | Q(sent_at__isnull=False),
                name="a_sent_report_says_when",
            ),
            models.CheckConstraint(
                condition=Q(status="accepted", accepted_at__isnull=False)
                | (~Q(status="accepted") & Q(accepted_at__isnull=True)),
                name="an_accepted_report_says_when",
            ),
        ]

    def __str__(self):
        return f"{self.round}, {self.unit}"

    def get_absolute_url(self):
        return reverse("reports:unitreport_detail", args=[self.public_id])

    @property
    def event_unit_id(self) -> str:
        return self.unit.public_id

    def current(self) -> "ReportVersion":
        """The last version: open while the report is written, sealed once it is sent."""
        return self.versions.latest("number")

    def last_sent(self) -> "ReportVersion | None":
        return self.versions.filter(sealed_at__isnull=False).order_by("-number").first()


class Handover(models.Model):
    """A report that passed to another unit by an act of reorganisation, or back by its counter-act. Never changed.

    What was sealed before it was sealed by the giver: the hash of such a version names the giver for ever.
    """

    report = models.ForeignKey(UnitReport, on_delete=models.PROTECT, related_name="handovers")
    giver = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    taker = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    on = models.DateField("từ ngày")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["report", "at", "pk"]

    def __str__(self):
        return f"{self.giver} → {self.taker}"


class Waiver(models.Model):
    """A unit that owes no report in one round, by a decision of Sở Nội vụ, with the reason. It ends with the round.

    Taken back, it stays as a row that says when and by whom.
    """

    public_id = PublicIdField()
    round = models.ForeignKey(ReportingRound, on_delete=models.PROTECT, related_name="waivers")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="waivers")
    reason = models.CharField("lý do", max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = WaiverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "unit"],
                condition=Q(withdrawn_at__isnull=True),
                name="a_unit_is_excused_once_a_round",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_waiver_says_why"),
            models.CheckConstraint(
                condition=Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True)
                | Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False),
                name="a_withdrawn_waiver_says_who_and_when",
            ),
        ]

    def __str__(self):
        return f"{self.unit}: {self.round}"

    def get_absolute_url(self):
        return self.round.get_absolute_url()


class ReportVersion(models.Model):
    """One state of a report's content. Sealed at sending: from then on it, its figures and its words never change."""

    report = models.ForeignKey(UnitReport, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    sealed_at = models.DateTimeField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["report", "number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="one_report_version_a_number"),
            models.UniqueConstraint(
                fields=["report"], condition=Q(sealed_at__isnull=True), name="a_report_has_one_open_version"
            ),
            models.CheckConstraint(
                condition=Q(sealed_at__isnull=True, sha256="") | (Q(sealed_at__isnull=False) & ~Q(sha256="")),
                name="a_sealed_version_has_its_hash",
            ),
        ]

    def __str__(self):
        return f"{self.report} ({self.number})"


class Figure(models.Model):
    """One figure of a version. `computed` comes from live records, `typed` from the unit and counts where both stand.

    Counts are stored as numbers, yes/no as 1/0, dates in `day`. `category` is empty where the indicator has none.
    """

    version = models.ForeignKey(ReportVersion, on_delete=models.CASCADE, related_name="figures")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=15, choices=Category, blank=True)
    computed = models.IntegerField(null=True, blank=True)
    typed = models.IntegerField(null=True, blank=True)
    day = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "indicator", "category"], name="a_figure_stands_once"),
            models.CheckConstraint(
                condition=Q(computed__isnull=True) | Q(computed__gte=0), name="no_negative_count"
            ),
            models.CheckConstraint(
                condition=Q(typed__isnull=True) | Q(typed__gte=0), name="no_negative_typed_count"
            ),
        ]

    def __str__(self):
        return f"{self.indicator}: {self.value}"

    @property
    def value(self) -> int | None:
        return self.computed if self.typed is None else self.typed

    @property
    def is_typed(self) -> bool:
        """Whether the unit's own number stands in place of one the portal could count."""
        return self.typed is not None and bool(self.indicator.live)


class Narrative(models.Model):
    """The words of a version under one heading."""

    version = models.ForeignKey(ReportVersion, on_delete=models.CASCADE, related_name="narratives")
    section = models.ForeignKey(ReportSection, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "section"], name="one_text_a_section")]

    def __str__(self):
        return f"{self.section}"


class Rollup(Job):
    """The compilation of a round into a BÁO CÁO. `slot` is the scheduled occasion, made once; empty when a person asks.

    `manifest` names every report that went in (public id, version, hash), who was missing and late, and the numbers.
    """

    round = models.ForeignKey(ReportingRound, on_delete=models.PROTECT, related_name="rollups")
    slot = models.CharField(max_length=60, null=True, blank=True, unique=True)
    manifest = models.JSONField(default=dict, blank=True)
    manifest_sha256 = models.CharField(max_length=64, blank=True)
    paper = models.ForeignKey(Paper, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = RollupQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round"],
                condition=Q(status__in=["queued", "running"]),
                name="a_round_is_compiled_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="done") | Q(paper__isnull=False), name="a_finished_rollup_has_its_paper"
            ),
        ]

    def __str__(self):
        return f"Tổng hợp {self.round}"

    def get_absolute_url(self):
        return reverse("reports:rollup_detail", args=[self.public_id])
