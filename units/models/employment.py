"""Where people are employed, when they are away, and the numbers frozen of them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ledger import clock
from units.models.period import Period, forwards
from units.models.person import User
from units.models.unit import Unit
from units.queries import AbsenceQuerySet, EmploymentQuerySet, SettingQuerySet


class Category(models.TextChoices):
    """The four categories of people of clause II.2, kept apart in every figure."""

    CAN_BO = "can_bo", "Cán bộ"
    CONG_CHUC = "cong_chuc", "Công chức"
    VIEN_CHUC = "vien_chuc", "Viên chức"
    NGUOI_LAO_DONG = "nguoi_lao_dong", "Người lao động"


class ContractKind(models.Model):
    """A kind of contract and what Sở Nội vụ decides of it: whether its people count in head-counts and must pledge."""

    code = models.SlugField("mã", max_length=30, unique=True)
    name = models.CharField("tên", max_length=120)
    counts = models.BooleanField("tính vào số người", default=True)
    pledges = models.BooleanField("phải ký cam kết", default=True)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    objects = SettingQuerySet.as_manager()

    class Meta:
        ordering = ["order", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(counts=True) | Q(pledges=False), name="who_must_pledge_is_counted"
            )
        ]

    def __str__(self):
        return self.name


class Employment(Period):
    """A person on the strength of a unit; what head-counts are made of. One at a time for each person.

    `unit` is the place of work, where the person counts and pledges; `payroll_unit` the unit that pays when it is
    another one (biệt phái). Without a contract kind the person counts and pledges.
    """

    class Ending(models.TextChoices):
        MOVED = "moved", "Chuyển công tác"
        REORGANISED = "reorganised", "Sắp xếp tổ chức"
        SECONDED = "seconded", "Biệt phái"
        RETURNED = "returned", "Hết biệt phái"
        RETIRED = "retired", "Nghỉ hưu"
        LEFT = "left", "Thôi việc"
        CONTRACT_OVER = "contract_over", "Hết hợp đồng"
        DIED = "died", "Từ trần"

    # Who ended so works nowhere any more; to come back, he is employed anew.
    FINAL = frozenset({Ending.RETIRED, Ending.LEFT, Ending.CONTRACT_OVER, Ending.DIED})

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="employments")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="employments")
    category = models.CharField("đối tượng", max_length=15, choices=Category)
    payroll_unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="paid_employments"
    )
    contract = models.ForeignKey(
        ContractKind, null=True, blank=True, on_delete=models.PROTECT, related_name="employments"
    )
    contract_until = models.DateField("hợp đồng đến hết ngày", null=True, blank=True)
    ending = models.CharField("lý do kết thúc", max_length=15, choices=Ending, blank=True)

    objects = EmploymentQuerySet.as_manager()

    class Meta:
        constraints = [
            forwards("an_employment_lives_forwards"),
            models.UniqueConstraint(
                fields=["user"], condition=Q(until__isnull=True), name="a_person_is_employed_in_one_unit"
            ),
            models.CheckConstraint(
                condition=Q(category__in=Category.values), name="one_of_the_four_categories"
            ),
            models.CheckConstraint(
                condition=Q(payroll_unit__isnull=True) | ~Q(payroll_unit=F("unit")),
                name="a_seconded_person_is_paid_elsewhere",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "category", "since", "until", "contract"], name="employment_by_unit")
        ]

    def __str__(self):
        return f"{self.user} · {self.unit}"


class Absence(Period):
    """A time in which a person stays on the strength but owes no pledge: long leave, or excused with a reason."""

    class Kind(models.TextChoices):
        LONG_LEAVE = "long_leave", "Nghỉ dài ngày"
        EXCUSED = "excused", "Được miễn"

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="absences")
    kind = models.CharField("loại", max_length=12, choices=Kind)
    reason = models.CharField("lý do", max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        constraints = [
            forwards("an_absence_lives_forwards"),
            models.CheckConstraint(condition=~Q(reason=""), name="an_absence_says_why"),
            models.CheckConstraint(
                condition=~Q(kind="excused") | Q(until__isnull=False), name="an_excuse_has_an_end"
            ),
        ]

    def __str__(self):
        return f"{self.user}: {self.get_kind_display()} từ {self.since:%d/%m/%Y}"


class Cutoff(models.Model):
    """Head-counts as they stood when somebody froze them for one day: a later correction of a roster leaves them."""

    code = models.CharField("mã", max_length=60, unique=True)
    on = models.DateField("tại ngày")
    taken_at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects = SettingQuerySet.as_manager()

    def __str__(self):
        return f"{self.code} ({self.on:%d/%m/%Y})"


class FrozenCount(models.Model):
    """People of one unit (without those below it) and one category at a cut-off."""

    cutoff = models.ForeignKey(Cutoff, on_delete=models.PROTECT, related_name="counts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=15, choices=Category)
    people = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cutoff", "unit", "category"], name="a_count_is_frozen_once")
        ]

    def __str__(self):
        return f"{self.unit}: {self.people}"
