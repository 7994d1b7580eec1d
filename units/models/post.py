"""Posts of a unit and who holds or substitutes them, from when to when."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ledger.public_id import PublicIdField
from units.models.period import Period, forwards
from units.models.unit import Unit
from units.queries import AppointmentQuerySet, PostQuerySet


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
        INSPECTOR = "inspector", "Thành viên đoàn kiểm tra"

    public_id = PublicIdField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    kind = models.CharField("loại", max_length=20, choices=Kind)
    title = models.CharField("chức vụ", max_length=120)
    scope = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(kind="head"), name="a_unit_has_one_head_post"
            ),
            # Where the unit a post reaches over is renamed, a post of the same title over its heir stands beside it.
            models.UniqueConstraint(
                fields=["unit", "kind", "title"],
                condition=Q(scope__isnull=True),
                name="a_post_is_named_once_in_its_unit",
            ),
            models.UniqueConstraint(
                fields=["unit", "kind", "title", "scope"],
                condition=Q(scope__isnull=False),
                name="a_post_is_named_once_in_its_unit_over_each_scope",
            ),
        ]

    def __str__(self):
        return f"{self.title}, {self.unit}"


class Appointment(Period):
    """Who holds a post, or acts in it for the holder, from when to when.

    `manner` decides what stands above the name on papers (NĐ 30/2020/NĐ-CP, article 13): the holder signs in his own
    title, `ACTING` (quyền) with “Q.”, `IN_CHARGE` (a deputy “phụ trách” or “điều hành” while the post is vacant) and
    `DEPUTISES` (a deputy for the holder, for a period) with “KT.”, `BY_ORDER` with “TL.”, `BY_AUTHORITY` with “TUQ.”.
    The last needs its document, what it covers and its end. `functions` limits a substitute to some of what the portal
    does (“pledges”, “reports”, “campaigns”: the first words of permissions); empty reaches all. `given_by` is the
    holder's appointment that the substitute acts for: never itself a substitute's, so nothing is passed on.
    """

    class Manner(models.TextChoices):
        HOLDER = "holder", "Giữ chức vụ"
        ACTING = "acting", "Quyền (Q.)"
        IN_CHARGE = "in_charge", "Phụ trách, điều hành (KT.)"
        DEPUTISES = "deputises", "Ký thay (KT.)"
        BY_ORDER = "by_order", "Thừa lệnh (TL.)"
        BY_AUTHORITY = "by_authority", "Thừa ủy quyền (TUQ.)"

    # In these manners a post is occupied, a head's by one at a time. The others stand beside its holder.
    OCCUPYING = (Manner.HOLDER, Manner.ACTING, Manner.IN_CHARGE)

    public_id = PublicIdField()
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="appointments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appointments")
    manner = models.CharField("hình thức", max_length=15, choices=Manner, default=Manner.HOLDER)
    document = models.CharField("theo văn bản", max_length=200, blank=True)
    covers = models.CharField("phạm vi công việc", max_length=300, blank=True)
    functions = models.JSONField("chức năng", default=list, blank=True)
    given_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="substitutes"
    )

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints = [
            forwards("an_appointment_lives_forwards"),
            models.UniqueConstraint(
                fields=["post", "user"], condition=Q(until__isnull=True), name="a_person_holds_a_post_once"
            ),
            models.CheckConstraint(
                condition=~Q(manner="by_authority")
                | (~Q(document="") & ~Q(covers="") & Q(until__isnull=False)),
                name="an_authority_has_document_scope_and_end",
            ),
        ]

    def __str__(self):
        return f"{self.user}: {self.post}"
