"""Who: units through time, people, posts and who holds them. Periods are half-open, [since, until)."""

from datetime import date
from functools import cached_property

import rules
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from ledger import clock
from ledger.public_id import PublicIdField
from units.queries import PeriodQuerySet, UnitQuerySet, UserManager, ancestor_ids, in_force, subtree_ids
from vietnamese.keys import person_sort_key, search_key, sort_key


class Period(models.Model):
    since = models.DateField("từ ngày")
    until = models.DateField("đến trước ngày", null=True, blank=True)

    class Meta:
        abstract = True

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


def forwards(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gt=F("since")), name=name)


class Category(models.TextChoices):
    """The four categories of people of clause II.2, kept apart in every figure."""

    CAN_BO = "can_bo", "Cán bộ"
    CONG_CHUC = "cong_chuc", "Công chức"
    VIEN_CHUC = "vien_chuc", "Viên chức"
    NGUOI_LAO_DONG = "nguoi_lao_dong", "Người lao động"


class Unit(Period):
    """One legal existence of an authority or agency. Its parent, scope and duties stand in dated placements.

    `name` is the authority (“UBND phường Kim Long”), `area_name` the area it governs (“phường Kim Long”).
    Codes of the state are reused, so `gso_code` is no key; `source_key` is ours, for loading the same file twice.
    """

    class Kind(models.TextChoices):
        PROVINCE = "thanh_pho_truc_thuoc_tw", "Ủy ban nhân dân thành phố"
        SPECIALISED = "co_quan_chuyen_mon", "Cơ quan chuyên môn"
        ADMINISTRATIVE = "co_quan_hanh_chinh_khac", "Cơ quan hành chính khác"
        PUBLIC_SERVICE = "don_vi_su_nghiep", "Đơn vị sự nghiệp"
        WARD = "phuong", "Ủy ban nhân dân phường"
        COMMUNE = "xa", "Ủy ban nhân dân xã"
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


class Placement(Period):
    """Where a unit stands from one day to another, and what it owes."""

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


class Succession(models.Model):
    """A unit that ended and the one that took its place, by which decision."""

    class Kind(models.TextChoices):
        MERGER = "merger", "Hợp nhất, sáp nhập"
        SPLIT = "split", "Chia, tách"
        RENAMING = "renaming", "Đổi tên"
        DISSOLUTION = "dissolution", "Giải thể"

    kind = models.CharField(max_length=15, choices=Kind)
    predecessor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="origins"
    )
    on = models.DateField("từ ngày")
    decision = models.CharField("theo văn bản", max_length=200, blank=True)
    verified = models.BooleanField("đã xác minh", default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="a_succession_is_told_once"),
            models.CheckConstraint(
                condition=Q(successor__isnull=False) | Q(kind="dissolution"),
                name="only_a_dissolution_has_no_successor",
            ),
        ]

    def __str__(self):
        return f"{self.predecessor} → {self.successor}"


class BaseUnion(Period):
    """The base trade union of a unit, while it exists. Most administrative agencies have none since 15/6/2025."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="unions")
    name = models.CharField("tên", max_length=200)

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


class User(AbstractBaseUser):
    """A person of the administration. User name = personnel code; rights come from posts alone (no superuser)."""

    username = models.CharField("mã số cán bộ", max_length=30, unique=True)
    public_id = PublicIdField()
    full_name = models.CharField("họ và tên", max_length=120)
    search_key = models.CharField(max_length=130, editable=False, db_index=True)
    sort_key = models.CharField(max_length=500, editable=False)
    job_title = models.CharField("chức danh", max_length=120, blank=True)
    is_active = models.BooleanField("được đăng nhập", default=True)
    is_demo = models.BooleanField(default=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["full_name"]
    objects = UserManager()

    class Meta:
        indexes = [models.Index(fields=["is_demo"], condition=Q(is_demo=True), name="people_made_up")]

    def __str__(self):
        return self.full_name

    def save(self, *args, **kwargs):
        self.fill_keys()
        super().save(*args, **kwargs)

    def fill_keys(self) -> "User":
        self.search_key, self.sort_key = search_key(self.full_name), person_sort_key(self.full_name)
        return self

    def get_full_name(self) -> str:
        return self.full_name

    def has_perm(self, perm: str, obj=None) -> bool:
        """Asks the table of namkhong/permissions.py. Raises LookupError for a name that is not in it."""
        if not rules.perm_exists(perm):
            raise LookupError(f"no permission is called {perm}")
        return self.is_active and rules.has_perm(perm, self, obj)

    @cached_property
    def today(self) -> date:
        """The day this request works on: the same from its first query to its last."""
        return clock.today()

    @cached_property
    def posts_today(self) -> list["Post"]:
        """Posts held today with their units; one query, read again at every request (rule R21)."""
        return list(
            Post.objects.filter(in_force(self.today, "appointments__"), appointments__user=self)
            .annotate(
                at_home_affairs=Exists(
                    Post.objects.filter(unit=OuterRef("unit"), kind=Post.Kind.HOME_AFFAIRS)
                )
            )
            .select_related("unit", "scope")
            .order_by("pk")
        )

    def posts_of(self, *kinds: str) -> list["Post"]:
        return [post for post in self.posts_today if post.kind in kinds]

    def post_in(self, unit_id: int, *kinds: str) -> "Post | None":
        return next((post for post in self.posts_of(*kinds) if post.unit_id == unit_id), None)

    @property
    def works_for_home_affairs(self) -> bool:
        """In a post of Home Affairs, or head or deputy of the agency whose posts these are: he signs the roll-up."""
        leaders = self.posts_of(Post.Kind.HEAD, Post.Kind.DEPUTY)
        return bool(self.posts_of(Post.Kind.HOME_AFFAIRS)) or any(
            vars(post)["at_home_affairs"] for post in leaders
        )

    def units_above(self) -> list[int]:
        """Keys of the unit where the person works today and of all above it."""
        employment = self.employments.on(self.today).values_list("unit_id", flat=True).first()
        return ancestor_ids(employment, self.today) if employment else []

    def units_in_charge(self, *kinds: str) -> set[int]:
        """Keys of the units where the person holds one of these posts (head, clerk by default), and of all below."""
        posts = self.posts_of(*(kinds or (Post.Kind.HEAD, Post.Kind.CLERK)))
        return subtree_ids({post.scope_id or post.unit_id for post in posts}, self.today)


class Employment(Period):
    """A person on the strength of a unit; what head-counts are made of. One at a time for each person."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="employments")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="employments")
    category = models.CharField("đối tượng", max_length=15, choices=Category)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        constraints = [
            forwards("an_employment_lives_forwards"),
            models.UniqueConstraint(
                fields=["user"], condition=Q(until__isnull=True), name="a_person_is_employed_in_one_unit"
            ),
            models.CheckConstraint(
                condition=Q(category__in=Category.values), name="one_of_the_four_categories"
            ),
        ]
        indexes = [models.Index(fields=["unit", "category", "since", "until"], name="employment_by_unit")]

    def __str__(self):
        return f"{self.user} · {self.unit}"


class Post(models.Model):
    """A post of a unit, whoever holds it. Rights follow the post: over `scope` and below, else over its own unit."""

    class Kind(models.TextChoices):
        HEAD = "head", "Người đứng đầu"
        DEPUTY = "deputy", "Cấp phó"
        UNION_CHAIR = "union_chair", "Chủ tịch công đoàn cơ sở"
        CLERK = "clerk", "Cán bộ đầu mối"
        HOME_AFFAIRS = "home_affairs", "Cán bộ Sở Nội vụ"
        LEADERSHIP = "leadership", "Lãnh đạo UBND"
        STANDING_COMMITTEE = "standing_committee", "Ban Thường vụ"

    public_id = PublicIdField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    kind = models.CharField("loại", max_length=20, choices=Kind)
    title = models.CharField("chức vụ", max_length=120)
    scope = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(kind="head"), name="a_unit_has_one_head_post"
            ),
            models.UniqueConstraint(
                fields=["unit", "kind", "title"], name="a_post_is_named_once_in_its_unit"
            ),
        ]

    def __str__(self):
        return f"{self.title}, {self.unit}"


class Appointment(Period):
    """Who holds a post, from when to when."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="appointments")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")

    objects = PeriodQuerySet.as_manager()

    class Meta:
        constraints = [
            forwards("an_appointment_lives_forwards"),
            models.UniqueConstraint(
                fields=["post", "user"], condition=Q(until__isnull=True), name="a_person_holds_a_post_once"
            ),
        ]

    def __str__(self):
        return f"{self.user}: {self.post}"


class ActivationCode(models.Model):
    """A one-time code of a slip (rule R36), worked out from `nonce` and the portal's key, never stored."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="activation")
    nonce = models.CharField(max_length=26)
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self):
        return f"{self.user.username}"
