"""How people get in: one-time codes, and the reset of a lost second factor."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from ledger import clock
from ledger.public_id import PublicIdField
from units.queries import FactorResetQuerySet


class ActivationCode(models.Model):
    """A one-time code of a slip (rule R36), worked out from `nonce` and the portal's key, never stored."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="activation")
    nonce = models.CharField(max_length=26)
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self):
        return f"{self.user.username}"


class FactorReset(models.Model):
    """The reset of a lost second factor by two people of Sở Nội vụ: one asks, another grants or refuses, or the first
    takes it back (`closed_by`). Kept for ever.
    """

    public_id = PublicIdField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="factor_resets")
    reason = models.CharField("lý do", max_length=300)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    granted_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = FactorResetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(granted_by__isnull=True, closed_by__isnull=True),
                name="one_open_factor_reset_a_person",
            ),
            models.CheckConstraint(
                condition=Q(granted_by__isnull=True) | Q(closed_by__isnull=True),
                name="a_factor_reset_is_granted_or_closed",
            ),
            models.CheckConstraint(condition=~Q(asked_by=F("user")), name="nobody_asks_for_his_own_reset"),
            models.CheckConstraint(
                condition=Q(granted_by__isnull=True)
                | (~Q(granted_by=F("asked_by")) & ~Q(granted_by=F("user"))),
                name="a_factor_is_reset_by_two_people",
            ),
        ]

    def __str__(self):
        return f"{self.user}, {self.asked_at:%d/%m/%Y}"

    def get_absolute_url(self):
        return reverse("factor_reset_grant", args=[self.public_id])
