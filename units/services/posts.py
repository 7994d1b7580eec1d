"""Posts and who holds them or stands in for the holder (decree 30/2020/NĐ-CP, article 13)."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from ledger import events
from ledger.events import EventDraft, signature_of
from ledger.workflow import Correctable, StepRefused
from units import activation, rules, tenure
from units.locks import changes_organisation
from units.models import Appointment, Employment, Post, User
from units.queries import GUARDED_POSTS, in_force, overlapping, subtree_ids
from vietnamese.dates import short_date

Manner, Kind = Appointment.Manner, Post.Kind
# Who acts for the head without occupying his post: only while there is one, and only within his term.
SUBSTITUTES = frozenset({Manner.DEPUTISES, Manner.BY_ORDER, Manner.BY_AUTHORITY})
# What a substitute may be limited to: the first words of the portal's permissions.
FUNCTIONS = {"campaigns": "Kế hoạch", "pledges": "Bản cam kết", "reports": "Báo cáo"}
VACANT_ONLY = frozenset({Manner.ACTING, Manner.IN_CHARGE})
DEPUTIES = (Kind.DEPUTY, Kind.LEADERSHIP)


@changes_organisation
def appoint(
    *,
    post: Post,
    user: User,
    since: date,
    until: date | None = None,
    manner: str = Manner.HOLDER,
    document: str = "",
    covers: str = "",
    functions: Sequence[str] = (),
    given_by: Appointment | None = None,
    by: User | None,
) -> Appointment:
    """Raises StepRefused with the rule that stands in the way, naming the other appointment where there is one.

    A substitute acts for `given_by`, by default whoever occupies the post that day. Who is to leave loses it then.
    """
    post = Post.objects.select_for_update(of=("self",), no_key=True).select_related("unit").get(pk=post.pk)
    # Who is leaving at this moment is waited for, and has left.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    row = Appointment(post=post, user=user, since=since, until=until, manner=manner, document=document)
    row.covers, row.functions = covers, sorted(set(functions))
    row.given_by = given_by or (occupants(post, since).first() if manner in SUBSTITUTES else None)
    _check_giver(row, by)
    _check_period(row)
    tenure.limit(row)
    if manner in SUBSTITUTES:
        _check_substitute(row)
    else:
        _check_occupant(row)
    row.save()
    if post.kind in GUARDED_POSTS:
        activation.void_slip(user)
    _record("units.appoint", [row], by, since=since.isoformat(), manner=str(manner))
    return row


def substitute(
    *, given_by: Appointment, user: User, manner: str, since: date, by: User, **more
) -> Appointment:
    """Someone acts for the holder of a post: KT., TL. or TUQ. See `appoint`."""
    if manner not in SUBSTITUTES:
        raise Correctable("Chọn hình thức: ký thay, thừa lệnh hoặc thừa ủy quyền.", "manner")
    return appoint(
        post=given_by.post, user=user, manner=manner, since=since, given_by=given_by, by=by, **more
    )


def occupants(post: Post, on: date) -> QuerySet[Appointment]:
    rows = Appointment.objects.filter(in_force(on), post=post, manner__in=Appointment.OCCUPYING)
    return rows.select_related("user").order_by("since", "pk")


def _check_giver(row: Appointment, by: User | None) -> None:
    """The same rule as the permission, read again under the lock (rule R06); nobody gives himself a post (R22)."""
    if by is None:
        return
    if by.pk == row.user_id:
        raise Correctable("Không ai tự giao chức vụ cho chính mình.", "user")
    may = rules.may_substitute if row.manner in SUBSTITUTES else rules.may_give
    if not may(by, row.post):
        raise Correctable(
            f"Ông/bà không giao được chức vụ {row.post.title} của {row.post.unit.name}.",
            "manner",
            "post_kind",
        )


def _check_period(row: Appointment) -> None:
    post, unit = row.post, row.post.unit
    if row.until and row.until <= row.since:
        raise Correctable("Ngày kết thúc phải sau ngày bắt đầu.", "until")
    if row.since < unit.since or (unit.until and row.since >= unit.until):
        raise Correctable(f"{unit.name} không hoạt động tại ngày {short_date(row.since)}.", "since", "on")
    if post.kind == Kind.INSPECTOR and not (row.document and row.until):
        raise Correctable(
            "Thành viên đoàn kiểm tra phải theo quyết định có số và có thời hạn.",
            "until" if row.document else "document",
        )
    unknown = set(row.functions) - set(FUNCTIONS)
    if unknown:
        raise Correctable(f"Không có chức năng {', '.join(sorted(unknown))}.", "functions")
    same = Appointment.objects.filter(overlapping(row.since, row.until), post=post, user=row.user).first()
    if same:
        raise Correctable(f"{row.user.full_name} đang giữ chức vụ {post.title} {same.in_words}.", "user")


def _check_occupant(row: Appointment) -> None:
    """One at a time for a head; acting and in charge only while nobody holds the post."""
    if row.functions:
        raise Correctable(
            "Chỉ người ký thay, thừa lệnh hoặc thừa ủy quyền mới giới hạn theo chức năng.", "functions"
        )
    if row.given_by_id:
        raise StepRefused("Người giữ chức vụ không nhận quyền từ người khác.")
    if row.post.kind != Kind.HEAD and row.manner not in VACANT_ONLY:
        return
    others = Appointment.objects.filter(
        overlapping(row.since, row.until), post=row.post, manner__in=Appointment.OCCUPYING
    )
    other = others.select_related("user").order_by("since").first()
    if other is None:
        return
    how = "" if other.manner == Manner.HOLDER else f" ({other.get_manner_display().lower()})"
    raise Correctable(
        f"{other.user.full_name} đang giữ chức vụ {row.post.title}{how} {other.in_words}; "
        "kết thúc trước rồi mới giao cho người khác.",
        "post_kind",
        "since",
    )


def _check_substitute(row: Appointment) -> None:
    if row.post.kind != Kind.HEAD:
        raise Correctable("Chỉ người đứng đầu có người ký thay, thừa lệnh hoặc thừa ủy quyền.", "manner")
    giver = row.given_by
    if giver is None:
        raise Correctable(
            f"Chức vụ {row.post.title} đang khuyết: không có ai để ký thay. Giao quyền hoặc giao phụ trách.",
            "manner",
        )
    if giver.post_id != row.post_id or giver.manner not in Appointment.OCCUPYING:
        raise Correctable(
            "Người đang ký thay, thừa lệnh hoặc thừa ủy quyền không giao lại cho người khác.", "manner"
        )
    if giver.user_id == row.user_id:
        raise Correctable("Không ai thay cho chính mình.", "user")
    ends_late = giver.until is not None and (row.until is None or row.until > giver.until)
    if row.since < giver.since or ends_late or not giver.holds(row.since):
        raise Correctable(
            f"Thời gian thay phải nằm trong thời gian {giver.user.full_name} giữ chức vụ: {giver.in_words}.",
            "until" if ends_late else "since",
        )
    if row.manner == Manner.DEPUTISES:
        _check_deputy(row)
    else:
        _check_within_unit(row)
    lacking = [name for name in ("document", "covers", "until") if not getattr(row, name)]
    if row.manner == Manner.BY_AUTHORITY and lacking:
        raise Correctable("Thừa ủy quyền phải có văn bản, phạm vi công việc và ngày kết thúc.", *lacking)


def _check_deputy(row: Appointment) -> None:
    deputy = Appointment.objects.filter(
        in_force(row.since),
        user=row.user,
        post__unit=row.post.unit,
        post__kind__in=DEPUTIES,
        manner__in=Appointment.OCCUPYING,
    ).first()
    if deputy is None:
        raise Correctable(
            f"{row.user.full_name} không phải cấp phó của {row.post.unit.name}: chỉ cấp phó ký thay (KT.).",
            "user",
        )
    if deputy.until and (row.until is None or row.until > deputy.until):
        raise Correctable(f"{row.user.full_name} chỉ là cấp phó {deputy.in_words}.", "until")


def _check_within_unit(row: Appointment) -> None:
    units = subtree_ids([row.post.unit_id], row.since)
    if not Employment.objects.filter(in_force(row.since), user=row.user, unit_id__in=units).exists():
        raise Correctable(
            f"{row.user.full_name} không thuộc {row.post.unit.name} hay đơn vị trực thuộc tại ngày "
            f"{short_date(row.since)}.",
            "user",
        )


@changes_organisation
def end_appointment(*, appointment: Appointment, on: date, by: User | None, reason: str = "") -> Appointment:
    """The post is lost from that day: today means that the very next request is refused. Substitutes end with it."""
    rows = Appointment.objects.select_for_update(of=("self",), no_key=True).select_related(
        "post__unit", "user"
    )
    row = rows.get(pk=appointment.pk)
    if row.until and row.until <= on:
        raise Correctable(
            f"{row.user.full_name} giữ chức vụ {row.post.title} {row.in_words}; đã kết thúc.", "on"
        )
    close_appointments(Appointment.objects.filter(pk=row.pk), on=on, by=by, reason=reason)
    row.refresh_from_db()
    return row


def close_appointments(
    rows: QuerySet[Appointment], *, on: date, by: User | None, reason: str = ""
) -> list[Appointment]:
    """These and their substitutes end that day, one that has not begun is annulled; set by set, one event each.

    Who ceases to be a deputy ceases to sign for the head (KT.).
    """
    running = Q(until__isnull=True) | Q(until__gt=on) & ~Q(until=F("since"))
    keys = list(rows.filter(running).values_list("pk", flat=True))
    with_them = (
        Q(pk__in=keys) | Q(given_by_id__in=keys) | Q(pk__in=_signing_as_deputies(keys, on).values("pk"))
    )
    found = Appointment.objects.filter(running).filter(with_them)
    ended = list(found.select_related("post__unit", "user"))
    mine = Appointment.objects.filter(pk__in=[row.pk for row in ended])
    mine.filter(since__gte=on).update(until=F("since"))
    mine.filter(since__lt=on).update(until=on)
    _record("units.end_appointment", ended, by, reason=reason, on=on.isoformat())
    return ended


def _signing_as_deputies(keys: list[int], on: date) -> QuerySet[Appointment]:
    """KT. of those whose posts of deputy are among these, and who are deputies of the same unit in no other post."""
    deputy = Appointment.objects.filter(
        user=OuterRef("user"),
        post__unit=OuterRef("post__unit"),
        post__kind__in=DEPUTIES,
        manner__in=Appointment.OCCUPYING,
    )
    loses, remains = deputy.filter(pk__in=keys), deputy.filter(in_force(on)).exclude(pk__in=keys)
    return Appointment.objects.filter(Exists(loses), ~Exists(remains), manner=Manner.DEPUTISES)


def _record(kind: str, rows: list[Appointment], by: User | None, *, reason: str = "", **data: str) -> None:
    events.record_many(
        [
            EventDraft(
                kind=kind,
                object_kind="units.post",
                object_id=row.post.public_id,
                person_id=by.public_id if by else "",
                unit_id=row.post.unit.public_id,
                data={"user": row.user.public_id, "appointment": row.public_id, **data},
                text=signature_of(by, None, reason=reason),
            )
            for row in rows
        ]
    )
