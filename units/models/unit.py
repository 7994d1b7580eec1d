"""Units, where they stand, their unions, and the professional line beside the administrative one."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from ledger.public_id import PublicIdField
from units.models.period import Period, forwards
from units.queries import PeriodQuerySet, UnitQuerySet
from vietnamese.keys import search_key, sort_key


class Unit(Period):
    """One legal existence of an authority or agency. Its parent, scope and duties stand in dated placements.

    `name` is the authority (“UBND phường Kim Long”), `area_name` the area it governs (“phường Kim Long”).
    Codes of the state are reused, so `gso_code` is no key; `source_key` is ours, for loading the same file twice.
    A new name, a merger or a split ends the row and begins another, joined by a `Succession`; a new parent does not.
    """

    class Kind(models.TextChoices):
        PROVINCE = "thanh_pho_truc_thuoc_tw", "Ủy ban nhân dân thành phố"
        OLD_PROVINCE = "tinh", "Ủy ban nhân dân tỉnh"
        SPECIALISED = "co_quan_chuyen_mon", "Cơ quan chuyên môn"
        ADMINISTRATIVE = "co_quan_hanh_chinh_khac", "Cơ quan hành chính khác"
        PUBLIC_SERVICE = "don_vi_su_nghiep", "Đơn vị sự nghiệp"
        CITY = "thanh_pho", "Ủy ban nhân dân thành phố thuộc tỉnh"
        DISTRICT_URBAN = "quan", "Ủy ban nhân dân quận"
        TOWN_DISTRICT = "thi_xa", "Ủy ban nhân dân thị xã"
        DISTRICT = "huyen", "Ủy ban nhân dân huyện"
        WARD = "phuong", "Ủy ban nhân dân phường"
        COMMUNE = "xa", "Ủy ban nhân dân xã"
        TOWNSHIP = "thi_tran", "Ủy ban nhân dân thị trấn"
        SCHOOL = "truong_hoc", "Trường học"
        HEALTH_STATION = "tram_y_te", "Trạm y tế"
        DIVISION = "phong", "Phòng, ban trực thuộc"

    public_id = PublicIdField()
    name = models.CharField("tên", max_length=200)
    area_name = models.CharField("địa bàn", max_length=200, blank=True)
    abbr = models.CharField("chữ viết tắt", max_length=30, blank=True)
    superior_lines = models.JSONField("cơ quan chủ quản trên văn bản", default=list, blank=True)
    header_lines = models.JSONField("tên trên văn bản", default=list, blank=True)
    place = models.CharField("địa danh", max_length=60, default="Huế")
    kind = models.CharField("loại", max_length=30, choices=Kind)
    gso_code = models.CharField("mã Tổng cục Thống kê", max_length=10, blank=True)
    source_key = models.CharField(max_length=60, unique=True)
    source_note = models.CharField("nguồn", max_length=300, blank=True)
    search_key = models.CharField(max_length=220, editable=False, db_index=True)
    sort_key = models.CharField(max_length=600, editable=False)

    objects = UnitQuerySet.as_manager()

    class Meta(Period.Meta):
        abstract = False
        constraints = [forwards("a_unit_lives_forwards")]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.fill_keys()
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("units:unit_detail", args=[self.public_id])

    def fill_keys(self) -> "Unit":
        """Also called before bulk writes, which do not pass through `save`."""
        self.search_key, self.sort_key = search_key(self.name), sort_key(self.name)
        return self

    @property
    def statutory_lines(self) -> list[str]:
        return self.header_lines or [self.name.upper()]


class KindName(models.Model):
    """What Sở Nội vụ calls a kind of unit, where that is not the name it comes with: levels of government change by law
    and differ between provinces, while what the portal does with a kind does not depend on its name."""

    kind = models.CharField("loại", max_length=30, choices=Unit.Kind, unique=True)
    name = models.CharField("tên gọi", max_length=80)

    def __str__(self):
        return self.name


class Placement(Period):
    """Where a unit stands from one day to another, and what it owes. `decision` put it there, where one is known."""

    class Duty(models.TextChoices):
        OWN = "own", "Tự lập và gửi"
        WITHIN_PARENT = "within_parent", "Chung với cấp trên"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="placements")
    parent = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="child_placements"
    )
    in_scope = models.BooleanField("thuộc phạm vi cuộc vận động", default=True)
    own_papers = models.BooleanField("tự ban hành văn bản", default=True)
    plan_duty = models.CharField("kế hoạch", max_length=15, choices=Duty, default=Duty.WITHIN_PARENT)
    report_duty = models.CharField("báo cáo", max_length=15, choices=Duty, default=Duty.WITHIN_PARENT)
    decision = models.CharField("theo văn bản", max_length=200, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        constraints = [
            forwards("a_placement_lives_forwards"),
            models.UniqueConstraint(
                fields=["unit"], condition=Q(until__isnull=True), name="a_unit_stands_in_one_place"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("unit")), name="no_unit_is_its_own_parent"
            ),
        ]

    def __str__(self):
        return f"{self.unit} từ {self.since}"


class BaseUnion(Period):
    """The base trade union of a unit, while it exists. Most administrative agencies have none since 15/6/2025."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="unions")
    name = models.CharField("tên", max_length=200)
    decision = models.CharField("theo văn bản", max_length=200, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        constraints = [
            forwards("a_union_lives_forwards"),
            models.UniqueConstraint(
                fields=["unit"], condition=Q(until__isnull=True), name="a_unit_has_one_union"
            ),
        ]

    def __str__(self):
        return self.name


class ProfessionalLine(Period):
    """A unit's professional superior (Sở Giáo dục và Đào tạo over a commune's schools), beside the administrative one.

    The authority's head and clerks read the unit's papers and totals. It is no step of any workflow and no node of the
    tree that is added up, so nothing counts twice.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="professional_lines")
    authority = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="professional_units")
    decision = models.CharField("theo văn bản", max_length=200, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        constraints = [
            forwards("a_professional_line_runs_forwards"),
            models.UniqueConstraint(
                fields=["unit"], condition=Q(until__isnull=True), name="a_unit_has_one_professional_line"
            ),
            models.CheckConstraint(
                condition=~Q(authority=F("unit")), name="no_unit_is_its_own_professional_authority"
            ),
        ]

    def __str__(self):
        return f"{self.unit} theo ngành {self.authority}"
