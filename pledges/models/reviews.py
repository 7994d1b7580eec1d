"""The year-end look back at a pledge: the person against the five commitments, then head and union (feature S20)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from ledger import clock
from ledger.public_id import PublicIdField
from pledges.models.pledge import Pledge
from pledges.queries import SelfReviewQuerySet
from units.models import Post, User


class SelfReview(models.Model):
    """`answers`: one {"kept": Kept, "words": str} for each of the five commitments, in the order of the decision.

    Sent by the person; remarked on by whoever is head then, and by the union where one takes part.
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


class Remark(models.Model):
    """What head or union wrote under a review. One of each; never changed."""

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

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "party"], name="a_party_remarks_once")]

    def __str__(self):
        return f"{self.get_party_display()}: {self.name}"
