"""One pledge, what was signed before it was signed again, and who confirmed it (clause IV.4)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from campaigns.models import Campaign
from documents.models import Paper
from ledger import clock
from ledger.public_id import PublicIdField
from pledges.models.texts import PledgeText, UnitAddition
from pledges.queries import PledgeQuerySet, RefusalQuerySet
from units.models import Category, Post, Unit, User


class Pledge(models.Model):
    """One person’s pledge of one year, or a unit’s by its head (`COLLECTIVE`). `unit` and `post_title` are those of the
    moment of signing.

    `content` is the canonical record that was shown and confirmed, `sha256` its digest (rule R26; built in
    `pledges.wording`). After a return the person signs again: `round` counts, and what was signed before stands in
    `EarlierRecord`.
    """

    class Status(models.TextChoices):
        AWAITING_HEAD = "awaiting_head", "Chờ người đứng đầu"
        AWAITING_UNION = "awaiting_union", "Chờ công đoàn cơ sở"
        COMPLETE = "complete", "Đã đủ xác nhận"
        RETURNED = "returned", "Bị trả lại"
        WITHDRAWN = "withdrawn", "Đã rút"

    class Kind(models.TextChoices):
        INDIVIDUAL = "individual", "Cá nhân"
        LEADER = "leader", "Người đứng đầu"
        COLLECTIVE = "collective", "Tập thể đơn vị"

    class Channel(models.TextChoices):
        """How the person signed; counted apart (feature S13)."""

        PORTAL = "portal", "Xác nhận điện tử"
        PAPER = "paper", "Bản giấy"
        SIGNED_FILE = "signed_file", "Tệp ký số cá nhân"

    public_id = PublicIdField()
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="pledges")
    year = models.PositiveSmallIntegerField("năm")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="pledges")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.INDIVIDUAL)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="pledges")
    signing_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="pledges_to_confirm")
    category = models.CharField(max_length=15, choices=Category)
    post_title = models.CharField(max_length=120, blank=True)
    text = models.ForeignKey(PledgeText, on_delete=models.PROTECT, related_name="+")
    addition = models.ForeignKey(
        UnitAddition, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    channel = models.CharField("hình thức ký", max_length=12, choices=Channel, default=Channel.PORTAL)
    own_words = models.TextField("nội dung cụ thể", blank=True)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    status = models.CharField(max_length=15, choices=Status, default=Status.AWAITING_HEAD)
    version = models.PositiveIntegerField(default=1)
    round = models.PositiveIntegerField("lần ký", default=1)
    signed_at = models.DateTimeField(default=clock.now)
    completed_at = models.DateTimeField(null=True, blank=True)
    check_code = models.CharField(max_length=40, unique=True)
    paper = models.ForeignKey(Paper, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # Of a pledge that came on paper or in a personally signed file: the portal's evidence, a file of its own.
    evidence = models.ForeignKey(Paper, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # Since when the words signed are no longer those to sign: the duty is open again, what was signed stays.
    stale_since = models.DateTimeField("phải ký lại từ", null=True, blank=True)

    objects = PledgeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "year", "user"],
                condition=~Q(kind="collective"),
                name="a_person_pledges_once_a_year",
            ),
            models.UniqueConstraint(
                fields=["campaign", "year", "unit"],
                condition=Q(kind="collective"),
                name="a_unit_pledges_once_a_year",
            ),
            models.CheckConstraint(
                condition=~Q(status="complete") | Q(completed_at__isnull=False),
                name="a_complete_pledge_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["signing_unit", "year", "status"], name="pledges_waiting"),
            models.Index(fields=["unit", "year", "category"], name="pledges_by_unit"),
        ]

    def __str__(self):
        return f"Bản cam kết năm {self.year} của {self.user}"

    def get_absolute_url(self):
        return reverse("pledges:pledge_detail", args=[self.public_id])

    @property
    def event_unit_id(self) -> str:
        return self.unit.public_id


class EarlierRecord(models.Model):
    """What the person signed in a round that was returned, before he signed again. Never changed, never deleted."""

    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="earlier_records")
    round = models.PositiveIntegerField("lần ký")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    channel = models.CharField(max_length=12, choices=Pledge.Channel, default=Pledge.Channel.PORTAL)
    # Of a round that was complete: its code and paper, which then no longer count.
    check_code = models.CharField(max_length=40, blank=True)
    paper = models.ForeignKey(Paper, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pledge", "round"], name="a_round_is_kept_once")]

    def __str__(self):
        return f"{self.pledge} ({self.round})"


class Signature(models.Model):
    """One party's confirmation of the record with this digest (“xác nhận điện tử”: law 20/2023/QH15, article 22.4).

    Points to the post as it was held then; nothing cascades into it (rule R24).
    """

    class Party(models.TextChoices):
        OFFICIAL = "official", "Người cam kết"
        HEAD = "head", "Người đứng đầu"
        UNION = "union", "Công đoàn cơ sở"

    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="signatures")
    party = models.CharField(max_length=10, choices=Party)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="signatures")
    post = models.ForeignKey(Post, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    post_title = models.CharField(max_length=120, blank=True)
    round = models.PositiveIntegerField("lần ký", default=1)
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(default=clock.now)
    # {"by": "password" | "code" | "paper" | "certificate", "at": moment}: the fresh proof behind it (feature S5).
    proof = models.JSONField(default=dict, blank=True)
    # Who wrote down a confirmation given on paper.
    entered_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pledge", "party", "round"], name="a_party_confirms_once"),
        ]

    def __str__(self):
        return f"{self.get_party_display()}: {self.name}"


class Refusal(models.Model):
    """A person says that he does not sign this year, and why. It stands beside the duty until he takes it back or
    signs; never deleted.
    """

    public_id = PublicIdField()
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="refusals")
    year = models.PositiveSmallIntegerField("năm")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="refusals")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    signing_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField("lý do", max_length=1000)
    at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = RefusalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "year", "user"],
                condition=Q(ended_at__isnull=True),
                name="a_person_refuses_once_at_a_time",
            ),
        ]

    def __str__(self):
        return f"{self.user} ({self.year})"
