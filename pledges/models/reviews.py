"""The year-end look back at a pledge: the person against the five commitments, then head and union (feature S20)."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from campaigns.models import Campaign
from ledger import clock
from ledger.public_id import PublicIdField
from pledges.models.pledge import Pledge
from pledges.queries import SelfReviewQuerySet
from units.models import Post, User


class ReviewTerm(models.Model):
    """From which day of a year its people may review themselves, and by when they should: from the decision's file
    (`[[self_review]]`), so that Sở Nội vụ changes it without a programmer.
    """

    campaign = models.OneToOneField(Campaign, on_delete=models.PROTECT, related_name="review_term")
    opens_month = models.PositiveSmallIntegerField("mở từ tháng")
    opens_day = models.PositiveSmallIntegerField("mở từ ngày")
    due_month = models.PositiveSmallIntegerField("hạn tháng")
    due_day = models.PositiveSmallIntegerField("hạn ngày")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(due_month__gt=F("opens_month"))
                | Q(due_month=F("opens_month"), due_day__gte=F("opens_day")),
                name="a_review_opens_before_it_is_due",
            ),
        ]

    def __str__(self):
        return f"Tự đánh giá: {self.opens_day}/{self.opens_month} đến {self.due_day}/{self.due_month}"


class SelfReview(models.Model):
    """`answers`: one {"kept": Kept, "words": str} for each of the five commitments, in the order of the decision; with
    `words` they are the draft, what was sent stands in `SentReview`.

    Sent by the person; remarked on by whoever is head then, and by the union where one takes part. After a return the
    person sends again: `round` counts.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "Đang viết"
        AWAITING_HEAD = "awaiting_head", "Chờ người đứng đầu nhận xét"
        AWAITING_UNION = "awaiting_union", "Chờ công đoàn cơ sở nhận xét"
        COMPLETE = "complete", "Đã có đủ nhận xét"
        RETURNED = "returned", "Bị trả lại"

    class Kept(models.TextChoices):
        FULLY = "fully", "Thực hiện tốt"
        MOSTLY = "mostly", "Còn hạn chế"
        NOT = "not", "Chưa thực hiện được"

    public_id = PublicIdField()
    pledge = models.OneToOneField(Pledge, on_delete=models.PROTECT, related_name="review")
    signing_unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField(default=list)
    words = models.TextField("tự đánh giá chung", blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    status = models.CharField(max_length=15, choices=Status, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=1)
    round = models.PositiveIntegerField("lần gửi", default=1)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = SelfReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["draft", "returned"]) | Q(sent_at__isnull=False),
                name="a_sent_review_says_when",
            ),
        ]
        indexes = [models.Index(fields=["signing_unit", "status"], name="reviews_waiting")]

    def __str__(self):
        return f"Tự đánh giá: {self.pledge}"

    def get_absolute_url(self):
        return reverse("pledges:selfreview_detail", args=[self.public_id])

    @property
    def event_unit_id(self) -> str:
        return self.pledge.event_unit_id


class SentReview(models.Model):
    """What the person sent in one round: the canonical record shown and its digest (rule R26). Never changed."""

    review = models.ForeignKey(SelfReview, on_delete=models.PROTECT, related_name="sendings")
    round = models.PositiveIntegerField("lần gửi")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(default=clock.now)
    # As in `Signature.proof`.
    proof = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "round"], name="a_review_is_sent_once_a_round")
        ]

    def __str__(self):
        return f"{self.review} ({self.round})"


class Remark(models.Model):
    """What head or union wrote under a review, one of each in a round; never changed. `sha256` is the digest of the
    record that was read (rule R23).
    """

    class Party(models.TextChoices):
        HEAD = "head", "Người đứng đầu"
        UNION = "union", "Công đoàn cơ sở"

    review = models.ForeignKey(SelfReview, on_delete=models.PROTECT, related_name="remarks")
    party = models.CharField(max_length=10, choices=Party)
    agrees = models.BooleanField("nhất trí với tự đánh giá", default=True)
    words = models.TextField("nhận xét", blank=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    post_title = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(default=clock.now)
    round = models.PositiveIntegerField("lần gửi", default=1)
    proof = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "party", "round"], name="a_party_remarks_once")
        ]

    def __str__(self):
        return f"{self.get_party_display()}: {self.name}"
