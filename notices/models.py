"""Who is told what, inside the portal."""

from django.conf import settings
from django.db import models

from ledger import clock
from ledger.public_id import PublicIdField
from notices.queries import NoticeQuerySet


class Notice(models.Model):
    """One sentence to one person about one object. `effect` makes it come once however often it is sent (R06)."""

    public_id = PublicIdField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices")
    effect = models.CharField(max_length=120)
    text = models.CharField(max_length=500)
    url = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "effect"], name="a_person_is_told_once")]

    def __str__(self):
        return self.text
