"""Who is told what, inside the portal and by one letter a day."""

from datetime import date, datetime, time

from django.conf import settings
from django.db import models
from django.db.models import Q

from ledger import clock
from ledger.public_id import PublicIdField
from notices.queries import DigestQuerySet, NoticeQuerySet

# Letters of a day leave from this hour on, when those whose day begins at 7:00 have said all they have to say.
LEAVES_AT = time(7, 30)


def leaves_at(day: date) -> datetime:
    return datetime.combine(day, LEAVES_AT, clock.VIETNAM)


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


class Digest(models.Model):
    """The one letter of a day to one person, as a row before it leaves (rules R04, R05): the outbox.

    `waiting` → `taken` (a worker holds it until `lease_until`; nothing has left) → `sending` (written before the mail
    server is spoken to) → `sent`. A worker that dies while `sending` leaves what nobody can know: `unsure`, never sent
    a second time. The same words stand in the portal.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", "Chờ gửi"
        TAKEN = "taken", "Đang chuẩn bị"
        SENDING = "sending", "Đang gửi"
        SENT = "sent", "Đã gửi"
        REFUSED = "refused", "Máy chủ thư từ chối"
        FAILED = "failed", "Không gửi được"
        UNSURE = "unsure", "Không rõ đã gửi hay chưa"
        DROPPED = "dropped", "Không còn gì để gửi"

    public_id = PublicIdField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="digests")
    on = models.DateField("ngày")
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    send_after = models.DateTimeField("gửi từ lúc")
    attempts = models.PositiveSmallIntegerField("số lần thử", default=0)
    token = models.CharField(max_length=26, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField("gửi lúc", null=True, blank=True)
    # What the mail server answered, in its code and class; never the address.
    fault = models.CharField(max_length=120, blank=True)

    objects = DigestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "on"], name="one_letter_a_person_a_day"),
            models.CheckConstraint(
                condition=~Q(status="sent") | Q(sent_at__isnull=False), name="a_sent_letter_says_when"
            ),
        ]
        indexes = [
            models.Index(
                fields=["send_after"],
                condition=Q(status__in=["waiting", "taken", "sending"]),
                name="letters_to_send",
            )
        ]

    def __str__(self):
        return f"{self.user}, {self.on:%d/%m/%Y}"


class DigestLine(models.Model):
    """One sentence of a letter, without names (feature Z13). `kind` says who knows whether it still holds."""

    digest = models.ForeignKey(Digest, on_delete=models.PROTECT, related_name="lines")
    kind = models.CharField(max_length=40)
    effect = models.CharField(max_length=120)
    text = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest", "effect"], name="a_letter_says_a_thing_once")
        ]

    def __str__(self):
        return self.text
