"""Pledges signed by hand: a unit's list or sheets, the pages photographed or scanned, who signed (feature S13)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from campaigns.models import Campaign
from ledger import clock
from ledger.models import Job
from ledger.public_id import PublicIdField
from pledges.models.pledge import Pledge
from pledges.queries import BlankFormQuerySet, SignedListQuerySet
from units.models import Unit, User

ACTIVE = Q(status__in=["queued", "running"])


class BlankForm(Job):
    """The order to print a unit's “Danh sách ký cam kết” or its pre-filled sheets with QR; `content` is who stood on it
    and which words, so that a list signed later is matched with what was printed.
    """

    class Form(models.TextChoices):
        LIST = "list", "Danh sách ký cam kết"
        SHEETS = "sheets", "Bản cam kết in sẵn của từng người"

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("năm")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    form = models.CharField("dạng", max_length=10, choices=Form)
    people = models.PositiveIntegerField("số người", default=0)
    content = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64, blank=True)
    path = models.CharField(max_length=80, blank=True)

    objects = BlankFormQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Job.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year", "form", "by"],
                condition=ACTIVE,
                name="a_blank_form_is_ordered_once_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["poked_at"], condition=ACTIVE, name="blank_forms_waiting")]

    def __str__(self):
        return f"{self.get_form_display()}: {self.unit}, {self.year}"

    def get_absolute_url(self):
        return reverse("pledges:blankform_detail", args=[self.public_id])


class SignedList(models.Model):
    """Pages signed by hand, and what the clerk wrote down of them. `head_signed`, `union_signed`: the pages carry the
    head's or the union's signature for all; `head_signer`: who signed in the head's stead (KT., TL., TUQ.), none for
    the head himself. Entered once; taken back only as a whole, with a reason.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "Đang nhập"
        ENTERED = "entered", "Đã ghi nhận"
        WITHDRAWN = "withdrawn", "Đã hủy"

    public_id = PublicIdField()
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="signed_lists")
    year = models.PositiveSmallIntegerField("năm")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="signed_lists")
    blank = models.ForeignKey(BlankForm, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    signed_on = models.DateField("ngày ký")
    head_signed = models.BooleanField("có chữ ký người đứng đầu", default=False)
    head_signer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    union_signed = models.BooleanField("có chữ ký công đoàn cơ sở", default=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    entered_at = models.DateTimeField(null=True, blank=True)

    objects = SignedListQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="entered") | Q(entered_at__isnull=False), name="an_entered_list_says_when"
            ),
        ]

    def __str__(self):
        return f"Danh sách ký ngày {self.signed_on:%d/%m/%Y}: {self.unit}"

    def get_absolute_url(self):
        return reverse("pledges:signedlist_detail", args=[self.public_id])

    @property
    def event_unit_id(self) -> str:
        return self.unit.public_id


class Scan(models.Model):
    """One page of a signed list as a picture: re-encoded, without metadata, kept in the vault (rule R33).

    `width`, `height` in pixels; the long side of an A4 page must have 2,300 (NĐ 30/2020/NĐ-CP, annex I, part II: 200
    dpi), whatever the file says of its dpi.
    """

    public_id = PublicIdField()
    signed_list = models.ForeignKey(SignedList, on_delete=models.PROTECT, related_name="scans")
    number = models.PositiveSmallIntegerField("trang")
    filename = models.CharField(max_length=200)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["signed_list", "number"], name="a_page_has_one_number"),
            models.UniqueConstraint(fields=["signed_list", "sha256"], name="a_page_is_uploaded_once"),
        ]

    def __str__(self):
        return f"{self.signed_list}, trang {self.number}"


class ListedPerson(models.Model):
    """One person ticked on a signed list, and the pledge that came of it; `page` is the scan it stands on, if told."""

    signed_list = models.ForeignKey(SignedList, on_delete=models.PROTECT, related_name="people")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    page = models.ForeignKey(Scan, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    pledge = models.ForeignKey(
        Pledge, null=True, blank=True, on_delete=models.PROTECT, related_name="on_lists"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["signed_list", "user"], name="a_person_stands_on_a_list_once")
        ]

    def __str__(self):
        return f"{self.user}, {self.signed_list}"
