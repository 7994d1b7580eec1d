"""What waits for a person in the reports: one's own units' reports, and those to take in."""

from django.urls import reverse

from ledger import clock
from reports import board, deadlines
from reports.models import ReportingRound, UnitReport
from units.duties import Duty
from units.models import Post, User

LOOK_BACK_DAYS = 366
ACTIONS = {
    board.NOT_BEGUN: "Lập báo cáo",
    UnitReport.Status.DRAFT: "Lập tiếp",
    UnitReport.Status.RETURNED: "Sửa báo cáo",
    UnitReport.Status.PRESENTED: "Xem và gửi",
}


def of(user: User) -> list[Duty]:
    user = user.acting_in("reports")
    return [*_writing(user), *_reviewing(user), *_board(user)]


def _writing(user: User) -> list[Duty]:
    """Rounds of the last year in which a unit of the user has not sent its report."""
    found = []
    for call in board.calls(user):
        is_old = deadlines.days_overdue(call.reporting_round, user.today) > LOOK_BACK_DAYS
        presented = call.state == UnitReport.Status.PRESENTED
        if not call.is_missing or is_old or (presented and not user.post_in(call.unit.pk, Post.Kind.HEAD)):
            continue
        found.append(
            Duty(
                title=f"{call.reporting_round.name}, {call.unit.name}",
                url=_url(call),
                detail=_detail(call, user),
                due_on=deadlines.due_day(call.reporting_round),
                tone=call.tone,
                action=ACTIONS[call.state],
            )
        )
    return found


def _detail(call: board.Call, user: User) -> str:
    """Once the day has passed, the state itself says how long ago."""
    if call.days_late:
        return call.word
    return f"{call.word}; {deadlines.countdown(call.reporting_round, user.today)}"


def _url(call: board.Call) -> str:
    if call.report is None:
        begin = reverse("reports:unitreport_begin", args=[call.reporting_round.public_id])
        return f"{begin}?don-vi={call.unit.public_id}"
    if call.state == UnitReport.Status.PRESENTED:
        return call.report.get_absolute_url()
    return reverse("reports:unitreport_edit", args=[call.report.public_id])


def _reviewing(user: User) -> list[Duty]:
    if not (user.works_for_home_affairs or user.posts_of(Post.Kind.HEAD)):
        return []
    own = [post.unit_id for post in user.posts_of(Post.Kind.HEAD, Post.Kind.CLERK)]
    rows = (
        UnitReport.objects.visible_to(user)
        .exclude(unit_id__in=own)
        .filter(status=UnitReport.Status.SUBMITTED)
    )
    sent = list(rows.order_by("sent_at").values_list("sent_at", flat=True))
    if not sent:
        return []
    days = (user.today - clock.local(sent[0]).date()).days
    return [
        Duty(
            title="báo cáo chờ tiếp nhận",
            url=reverse("reports:unitreport_list"),
            detail=f"Báo cáo gửi sớm nhất đã chờ {days} ngày." if days else "Gửi trong hôm nay.",
            count=len(sent),
            action="Xem",
        )
    ]


def _board(user: User) -> list[Duty]:
    """For Home Affairs: the round that is open or was due last."""
    if not user.works_for_home_affairs:
        return []
    asked = (
        ReportingRound.objects.visible_to(user).filter(opens_on__lte=user.today).order_by("-due_on").first()
    )
    if asked is None or deadlines.days_overdue(asked, user.today) > LOOK_BACK_DAYS:
        return []
    tally = board.tally(board.standing(asked, user.today))
    overdue = deadlines.days_overdue(asked, user.today)
    return [
        Duty(
            title=asked.name,
            url=asked.get_absolute_url(),
            detail=f"{tally.sent}/{tally.total} đơn vị đã gửi; {deadlines.countdown(asked, user.today)}",
            due_on=deadlines.due_day(asked),
            tone="late" if overdue and tally.sent < tally.total else "waiting",
            action="Xem bảng theo dõi",
        )
    ]
