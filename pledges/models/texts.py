"""The words of a pledge: the frame around the five commitments, what a unit adds below. Versions never change."""

from django.conf import settings
from django.db import models

from campaigns.models import Campaign
from ledger import clock
from ledger.public_id import PublicIdField
from pledges.queries import UnitAdditionQuerySet
from units.models import Unit


class PledgeText(models.Model):
    """The frame around the five commitments; a change is a new version. `subject` has a place for `{year}`.

    `published_at` is empty for the words that the campaign began with: they were signed on paper before the portal knew
    them.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="pledge_texts")
    version = models.PositiveIntegerField()
    subject = models.CharField("trích yếu", max_length=300)
    intro = models.TextField()
    own_words_label = models.CharField(max_length=200)
    leader_clause = models.TextField("điều thêm của người đứng đầu", blank=True)
    closing = models.TextField()
    # What a collective pledge of a unit to the head above says in the place of `intro`.
    collective_intro = models.TextField("lời của bản cam kết tập thể", blank=True)
    # Whether who has signed an earlier version this year signs again; false for a slip of the pen put right.
    renews = models.BooleanField("phải ký lại", default=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "version"], name="one_pledge_text_a_version")
        ]

    def __str__(self):
        return f"{self.campaign} ({self.version})"


class UnitAddition(models.Model):
    """What a unit asks of its people besides the five commitments, printed below them (feature S1).

    The unit is one with papers of its own; it reaches the people whose nearest such unit it is. Of several versions
    the latest counts; an empty `text` ends the addition. `renews`: who has signed this year signs again.
    """

    public_id = PublicIdField()
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="unit_additions")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="pledge_additions")
    version = models.PositiveIntegerField()
    text = models.TextField("nội dung của đơn vị", blank=True)
    renews = models.BooleanField("phải ký lại", default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    objects = UnitAdditionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "unit", "version"], name="one_unit_addition_a_version"
            )
        ]

    def __str__(self):
        return f"{self.unit} ({self.version})"
