"""Units that owe no report in a round, by a decision of Sở Nội vụ (features O10, R7)."""

from django.db import IntegrityError, transaction
from django.urls import reverse

from ledger import clock, events
from ledger.workflow import StepRefused
from notices.services import tell
from reports import board
from reports.models import ReportingRound, Waiver
from reports.rules import holders
from reports.services.acts import WRITERS, first_post
from units.locks import hold_organisation
from units.models import Post, Unit, User
from vietnamese.letters import nfc

KIND = "reports.waiver"
OWN = "Không ai miễn báo cáo cho đơn vị của chính mình."


@transaction.atomic
def excuse_unit(*, reporting_round: ReportingRound, unit: Unit, reason: str, by: User) -> Waiver:
    """The unit is not missing in this round, and the board says why. Raises StepRefused where it owes no report, has
    sent it, or is excused already, and for one's own unit (rule R22).
    """
    hold_organisation(by)
    if any(post.unit_id == unit.pk for post in by.posts_today):
        raise StepRefused(OWN)
    if not nfc(reason):
        raise StepRefused("Cần ghi lý do.")
    standing = next(
        (row for row in board.standing(reporting_round, by.today) if row.unit.pk == unit.pk), None
    )
    if standing is None:
        raise StepRefused(f"{unit.name} không thuộc diện báo cáo trong kỳ này.")
    if standing.is_sent:
        raise StepRefused(f"{unit.name} đã gửi báo cáo của kỳ này.")
    try:
        with transaction.atomic():
            waiver = Waiver.objects.create(round=reporting_round, unit=unit, reason=nfc(reason), by=by)
    except IntegrityError:
        raise StepRefused(f"{unit.name} đã được miễn báo cáo trong kỳ này.") from None
    _record("grant", waiver, by, reason=waiver.reason)
    _tell(waiver, "grant", f"không phải gửi báo cáo. Lý do: {waiver.reason}")
    return waiver


@transaction.atomic
def withdraw_waiver(*, waiver: Waiver, by: User) -> Waiver:
    """The unit owes its report again. Raises StepRefused when the waiver was taken back before."""
    moment = clock.now()
    taken_back = Waiver.objects.in_force().filter(pk=waiver.pk)
    if taken_back.update(withdrawn_by=by, withdrawn_at=moment) != 1:
        raise StepRefused(f"Việc miễn báo cáo của {waiver.unit.name} đã được bỏ trước đó.")
    waiver.withdrawn_by, waiver.withdrawn_at = by, moment
    _record("withdraw", waiver, by)
    _tell(waiver, "withdraw", "lại phải gửi báo cáo: việc miễn đã được bỏ.")
    return waiver


def _record(act: str, waiver: Waiver, by: User, **words: str) -> None:
    events.record(
        f"{KIND}.{act}",
        by=by,
        post=first_post(by, Post.Kind.HOME_AFFAIRS),
        object_kind=KIND,
        object_id=waiver.public_id,
        unit_id=waiver.unit.public_id,
        data={"round": waiver.round.code},
        **words,
    )


def _tell(waiver: Waiver, act: str, what: str) -> None:
    tell(
        users=holders(clock.today(), *WRITERS, unit_ids=[waiver.unit_id]),
        effect=f"{KIND}.{act}:{waiver.public_id}",
        text=f"{waiver.round.name}: {waiver.unit.name} {what}",
        url=reverse("reports:unitreport_list"),
    )
