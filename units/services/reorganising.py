"""Acts of reorganisation: rehearsed, drafted, carried out, planned for their day, withdrawn, corrected.

One act is one transaction. A rehearsal is the same act rolled back, so what is shown is what would be done.
"""

import logging
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from ledger import clock
from ledger.crossing import Busy, told_when_busy
from ledger.events import EventDraft, record, record_many, signature_of
from ledger.workflow import StepRefused
from units.locks import change_organisation
from units.models import Appointment, Reorganisation, User
from units.reorganisation import account, reach
from units.reorganisation.account import Standing
from units.reorganisation.carrying import carry_out
from units.reorganisation.dependants import refuse_changes, refuse_dangling, refuse_later_acts
from units.reorganisation.journal import Journal
from units.reorganisation.orders import Orders
from units.reorganisation.register import Line, movers
from units.services.posts import close_appointments
from units.workflow import REORGANISATION
from vietnamese.dates import short_date

logger = logging.getLogger(__name__)
Status = Reorganisation.Status
NOT_AS_SHOWN = "Tổ chức hoặc hồ sơ đã thay đổi sau khi xem trước; chưa có gì được thực hiện. Hãy xem lại."


@dataclass(frozen=True)
class Rehearsal:
    """What an act would do. `before` and `after`: the units it touches on the eve and from its day."""

    subject: str
    lines: tuple[Line, ...]
    warnings: tuple[str, ...]
    digest: str
    before: tuple[Standing, ...]
    after: tuple[Standing, ...]


@told_when_busy()
@transaction.atomic
def rehearse_reorganisation(
    *, orders: Orders, by: User | None, act: Reorganisation | None = None
) -> Rehearsal:
    """The act itself, rolled back. `act`: the one kept with these orders, where there is one. Raises StepRefused where
    it is not possible.
    """
    if act and act.status in (Status.DONE, Status.WITHDRAWN, Status.ANNULLED):
        raise StepRefused("Việc sắp xếp này không còn ở trạng thái chờ thực hiện.")
    with transaction.atomic():
        outcome = carry_out(act or _new_act(orders, by, Status.PLANNED), orders, by, rehearsal=True)
        transaction.set_rollback(True)
    return Rehearsal(
        subject=outcome.subject,
        lines=outcome.lines,
        warnings=outcome.warnings,
        digest=outcome.digest,
        before=outcome.before,
        after=outcome.after,
    )


@transaction.atomic
def reorganise(*, orders: Orders, by: User | None, expect_digest: str = "") -> Reorganisation:
    """Carries the act out at once: its day is today or earlier.

    Raises StepRefused, having done nothing, where it is impossible or, with `expect_digest`, where its report is no
    longer the one that was shown.
    """
    _refuse_days_to_come(orders)
    change_organisation()
    act = _new_act(orders, by, Status.DRAFT)
    return _perform(act, orders, by=by, expect_digest=expect_digest)


@transaction.atomic
def draft_reorganisation(*, orders: Orders, by: User) -> Reorganisation:
    """Keeps the orders to look at; nothing is done. Raises StepRefused where the act is not possible."""
    subject = rehearse_reorganisation(orders=orders, by=by).subject
    act = _new_act(orders, by, Status.DRAFT, subject=subject)
    record(
        "units.reorganisation.draft",
        by=by,
        object_kind=REORGANISATION.kind,
        object_id=act.public_id,
        data=_facts(act),
    )
    return act


@transaction.atomic
def plan_reorganisation(*, orders: Orders, by: User) -> Reorganisation:
    """For a day to come: carried out at the first moment of that day, if `by` still may order it then."""
    return _plan(draft_reorganisation(orders=orders, by=by), by=by)


@transaction.atomic
def carry_out_draft(*, act: Reorganisation, expect_digest: str, by: User) -> Reorganisation:
    """What was drafted (or refused on its day) and has been looked at: done now, or planned when its day is to come."""
    change_organisation()
    act = Reorganisation.objects.select_for_update(no_key=True).get(pk=act.pk)
    orders = Orders.from_json(act.orders)
    if act.on <= clock.today():
        return _perform(act, orders, by=by, expect_digest=expect_digest or "nothing was shown")
    if rehearse_reorganisation(orders=orders, by=by, act=act).digest != expect_digest:
        raise StepRefused(NOT_AS_SHOWN)
    return _plan(act, by=by)


@transaction.atomic
def withdraw_reorganisation(*, act: Reorganisation, reason: str, by: User) -> Reorganisation:
    """Before it is done. What is done can only be corrected."""
    return REORGANISATION.take(act, "withdraw", by=by, reason=reason)[0]


def perform_due_reorganisations() -> int:
    """Every planned act whose day has come, in the order of days, each in a transaction of its own. Returns how many
    were done; what is refused is kept with the reason.
    """
    due = Reorganisation.objects.filter(status=Status.PLANNED, on__lte=clock.today())
    return sum(_perform_due(pk) for pk in list(due.order_by("on", "pk").values_list("pk", flat=True)))


@transaction.atomic
def correct_reorganisation(
    *, act: Reorganisation, decision: str, reason: str, by: User | None
) -> Reorganisation:
    """A counter-act: from the act's own day everything is as it was before, and both acts are kept.

    Raises StepRefused, naming what stands on the act by now, where it can no longer be taken back.
    """
    if not decision.strip():
        raise StepRefused("Cần ghi số, ký hiệu của văn bản đính chính.")
    change_organisation()
    if act.kind == Reorganisation.Kind.CORRECTION:
        raise StepRefused(
            "Một việc đính chính không được đính chính lại; hãy thực hiện việc sắp xếp lần nữa."
        )
    act = REORGANISATION.take(act, "correct", by=by, reason=reason, data={"decision": decision})[0]
    refuse_later_acts(act)
    journal = Journal(act.journal["rows"])
    # Not in reverse: pledges before reviews, as everybody takes them. (Lists come first elsewhere, and hold the
    # organisation still.)
    for name, theirs in act.journal["movers"]:
        movers[name].undo(theirs)
    refuse_changes(journal)
    journal.take_back()
    refuse_dangling(act, journal)
    _end_out_of_reach(act, journal, by)
    counter = _counter_act(act, decision, reason, by)
    _tell_units("units.correct_reorganisation", counter, act.journal.get("involved", ()), by)
    return counter


def _end_out_of_reach(act: Reorganisation, journal: Journal, by: User | None) -> None:
    """Who acts by order or by authority of a head that, with the act taken back, does not stand above him; also where
    he moved away himself after the act had ended it.
    """
    given_back = journal.pks(Appointment)
    for day, rows in reach.out_of_reach(act.on, reach.placed_by(journal), given_back).items():
        given = Appointment.objects.filter(pk__in=[row.pk for row in rows])
        close_appointments(given, on=day, by=by, reason=f"Đính chính: {act.subject}"[:500])


def _counter_act(act: Reorganisation, decision: str, reason: str, by: User | None) -> Reorganisation:
    return Reorganisation.objects.create(
        kind=Reorganisation.Kind.CORRECTION,
        subject=f"Đính chính: {act.subject}"[: account.SUBJECT_LENGTH],
        on=act.on,
        decision=decision,
        note=reason[:500],
        orders=act.orders,
        report=act.report,
        status=Status.DONE,
        done_at=clock.now(),
        corrects=act,
        by=by,
    )


def _new_act(orders: Orders, by: User | None, status: str, *, subject: str = "") -> Reorganisation:
    if orders.kind not in Reorganisation.Kind.values:
        raise StepRefused("Không có loại việc sắp xếp này.")
    return Reorganisation.objects.create(
        kind=orders.kind,
        subject=subject,
        on=orders.on,
        decision=orders.decision,
        decided_on=orders.decided_on,
        note=orders.note,
        verified=orders.verified,
        orders=orders.as_json(),
        status=status,
        by=by,
    )


def _perform(
    act: Reorganisation, orders: Orders, *, by: User | None, expect_digest: str = ""
) -> Reorganisation:
    with transaction.atomic():
        outcome = carry_out(act, orders, by)
        if expect_digest and outcome.digest != expect_digest:
            raise StepRefused(NOT_AS_SHOWN)
        done = REORGANISATION.take(
            act,
            "perform",
            by=by,
            data=_facts(act),
            stamps={
                "subject": outcome.subject,
                "report": account.stored(outcome.lines),
                "journal": outcome.journal | {"involved": list(outcome.involved)},
                "done_at": clock.now(),
                "refusal": "",
            },
        )[0]
        _tell_units("units.reorganise", done, outcome.involved, by)
        return done


def _plan(act: Reorganisation, *, by: User) -> Reorganisation:
    if act.on <= clock.today():
        raise StepRefused(f"Ngày {short_date(act.on)} không phải một ngày sắp tới; hãy thực hiện ngay.")
    Reorganisation.objects.filter(pk=act.pk).update(by=by)
    act.by = by
    return REORGANISATION.take(act, "plan", by=by, data=_facts(act), stamps={"refusal": ""})[0]


def _perform_due(pk: int) -> bool:
    try:
        with told_when_busy(), transaction.atomic():
            change_organisation()
            act = Reorganisation.objects.select_for_update(no_key=True).get(pk=pk)
            if act.status != Status.PLANNED:
                return False
            _refuse_without_authority(act.by_id)
            _perform(act, Orders.from_json(act.orders), by=act.by)
            return True
    except Busy:
        logger.warning(
            "a planned reorganisation waits: another act is under way", extra={"reorganisation": pk}
        )
    except StepRefused as refusal:
        _keep_refusal(pk, str(refusal))
    except Exception:
        # It must not hold up the others, stays planned and is tried again at the next beat.
        logger.exception("a planned reorganisation failed", extra={"reorganisation": pk})
    return False


def _refuse_without_authority(user_id: int | None) -> None:
    """Read again on the day (rule R06): who planned the act must still work for Sở Nội vụ."""
    planner = User.objects.filter(pk=user_id).first()
    if planner is None or not planner.is_active or not planner.works_for_home_affairs:
        name = planner.full_name if planner else "Người lên lịch"
        raise StepRefused(f"{name} không còn quyền sắp xếp tổ chức; cần người khác của Sở Nội vụ thực hiện.")


def _keep_refusal(pk: int, sentence: str) -> None:
    logger.warning("a planned reorganisation was refused", extra={"reorganisation": pk})
    act = Reorganisation.objects.get(pk=pk)
    if act.status == Status.PLANNED:
        REORGANISATION.take(act, "refuse", by=None, reason=sentence, stamps={"refusal": sentence})


def _refuse_days_to_come(orders: Orders) -> None:
    if orders.on > clock.today():
        raise StepRefused(f"Ngày {short_date(orders.on)} chưa đến; hãy lên lịch việc này.")


def _facts(act: Reorganisation) -> dict[str, Any]:
    return {"kind": act.kind, "on": act.on.isoformat()}


def _tell_units(kind: str, act: Reorganisation, units: Any, by: User | None) -> None:
    """In the history of every unit concerned: which act it was."""
    record_many(
        [
            EventDraft(
                kind=kind,
                object_kind="units.unit",
                object_id=public_id,
                person_id=by.public_id if by else "",
                unit_id=public_id,
                data=_facts(act) | {"act": act.public_id},
                text=signature_of(by),
            )
            for public_id in dict.fromkeys(units)
        ]
    )
