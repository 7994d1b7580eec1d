"""Two acts of reorganisation to look at: one planned for a day to come, one entered by mistake and corrected."""

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from ledger import clock
from namkhong.demo import places
from namkhong.demo.chronicle import By
from namkhong.demo.dice import Dice
from namkhong.demo.nodes import Node
from namkhong.demo.story import Story
from units.models import Placement, Post, Reorganisation, Unit
from units.reorganisation.orders import Heir, NewUnit, Orders
from units.reorganisation.register import Line
from units.workflow import REORGANISATION
from vietnamese.dates import short_date

Kind, Status = Reorganisation.Kind, Reorganisation.Status
REASON = "Nhập nhầm đơn vị tiếp nhận: trạm không đổi cơ quan chủ quản."


def arrange(story: Story) -> None:
    dice = story.dice("reorganisations")
    _plan_merger(story, dice)
    _move_and_correct(story, dice)


def _plan_merger(story: Story, dice: Dice) -> None:
    """Two schools become one on the first of a month to come; the sweep carries it out on its day."""
    first, second = (story.units.nodes[key] for key in places.MERGING_SCHOOLS)
    at = dice.at(story.years.days_ago(6))
    by, on = _by(story, at), _first_of_a_month(story.years.on + timedelta(days=40))
    decided = clock.local(at).date() - timedelta(days=5)
    new = NewUnit(
        name=f"{first.unit.name} - {second.unit.name.removeprefix('Trường Tiểu học ')}",
        kind=Unit.Kind.SCHOOL.value,
        abbr=first.unit.abbr,
        place=first.unit.place,
        superior_lines=tuple(first.unit.superior_lines),
        header_lines=(*first.unit.header_lines, f"- {second.unit.header_lines[-1]}"),
        head_title="Hiệu trưởng",
        deputy_title="Phó Hiệu trưởng",
        source_note="dữ liệu minh họa",
    )
    orders = Orders(
        kind=Kind.MERGER.value,
        on=on,
        decision=f"Quyết định số 3390/QĐ-UBND ngày {short_date(decided)} (minh họa)",
        decided_on=decided,
        predecessors=(first.unit.public_id, second.unit.public_id),
        heirs=(Heir(new=new),),
    )
    subject = f"Sáp nhập {first.unit.name}, {second.unit.name} thành {new.name}"
    act = _act(orders, subject, by, at, dice, status=Status.PLANNED, version=2)
    act.save()
    _tell(story, "draft", act, by, at)
    _tell(story, "plan", act, by, at + timedelta(minutes=4), {"from": "draft", "to": "planned"})


def _move_and_correct(story: Story, dice: Dice) -> None:
    """A health station was moved below the wrong commune and stood there for no day."""
    node, wrong = story.units.nodes[places.HEALTH_STATION], story.units.nodes[places.LEADERLESS]
    at = dice.at(story.years.days_ago(70))
    corrected_at = dice.after(at, 1, 3)
    by, on = _by(story, at), clock.local(at).date()
    orders = Orders(
        kind=Kind.MOVE.value,
        on=on,
        decision=f"Quyết định số 2204/QĐ-UBND ngày {short_date(on)} (minh họa)",
        decided_on=on,
        predecessors=(node.unit.public_id,),
        parent=wrong.unit.public_id,
    )
    act = _act(
        orders,
        f"Chuyển {node.unit.name} về trực thuộc {wrong.unit.name}",
        by,
        at,
        dice,
        status=Status.ANNULLED,
        version=3,
    )
    act.report = [_stored(Line("Đơn vị đổi cơ quan chủ quản", 1, names=(node.unit.name,)))]
    act.done_at, act.journal = at, _journal(node, wrong, on, orders.decision)
    act.save()
    counter = Reorganisation(
        public_id=dice.public_id(),
        kind=Kind.CORRECTION,
        subject=f"Đính chính: {act.subject}",
        on=on,
        decision=f"Công văn số 418/SNV-TCBC ngày {short_date(clock.local(corrected_at).date())} (minh họa)",
        note=REASON,
        orders=act.orders,
        report=act.report,
        status=Status.DONE,
        done_at=corrected_at,
        created_at=corrected_at,
        corrects=act,
        by=by.person.user,
    )
    counter.save()
    units = [node, wrong]
    _tell(story, "perform", act, by, at, {"from": "draft", "to": "done"})
    _tell_units(story, "units.reorganise", act, units, by, at)
    change = {"from": "done", "to": "annulled", "decision": counter.decision}
    _tell(story, "correct", act, by, corrected_at, change, facts=False, reason=REASON)
    _tell_units(story, "units.correct_reorganisation", counter, units, by, corrected_at)


def _journal(node: Node, wrong: Node, on: date, decision: str) -> dict[str, Any]:
    """What the act wrote: the placement closed (and opened again by the correction), and one that now holds no day."""
    kept = Placement.objects.get(unit=node.unit, until__isnull=True)
    lost = Placement.objects.create(
        unit=node.unit,
        parent=wrong.unit,
        own_papers=kept.own_papers,
        plan_duty=kept.plan_duty,
        report_duty=kept.report_duty,
        decision=decision,
        since=on,
        until=on,
    )
    label = Placement._meta.label_lower
    rows = [
        {
            "do": "change",
            "model": label,
            "pks": [kept.pk],
            "was": {"until": None},
            "now": {"until": on.isoformat()},
        },
        {
            "do": "open",
            "model": label,
            "pks": [lost.pk],
            "was": {},
            "now": {"parent_id": wrong.unit.pk, "until": None},
        },
    ]
    units = sorted([node.unit.pk, wrong.unit.pk])
    return {
        "rows": rows,
        "movers": [],
        "units": units,
        "involved": [node.unit.public_id, wrong.unit.public_id],
    }


def _act(orders: Orders, subject: str, by: By, at: datetime, dice: Dice, **more: Any) -> Reorganisation:
    return Reorganisation(
        public_id=dice.public_id(),
        kind=orders.kind,
        subject=subject,
        on=orders.on,
        decision=orders.decision,
        decided_on=orders.decided_on,
        orders=orders.as_json(),
        by=by.person.user,
        created_at=at,
        **more,
    )


def _tell(  # noqa: PLR0917 - one event, told in the order of its columns
    story: Story,
    step: str,
    act: Reorganisation,
    by: By,
    at: datetime,
    change: dict[str, Any] | None = None,
    *,
    facts: bool = True,
    reason: str = "",
) -> None:
    story.chronicle.tell(
        f"{REORGANISATION.kind}.{step}",
        at,
        object_id=act.public_id,
        by=By(by.person),
        data=(change or {}) | (_facts(act) if facts else {}),
        reason=reason,
    )


def _tell_units(  # noqa: PLR0917 - as above
    story: Story, kind: str, act: Reorganisation, nodes: list[Node], by: By, at: datetime
) -> None:
    for node in nodes:
        story.chronicle.tell(
            kind,
            at,
            object_kind="units.unit",
            object_id=node.unit.public_id,
            by=By(by.person),
            unit_id=node.unit.public_id,
            data=_facts(act) | {"act": act.public_id},
        )


def _facts(act: Reorganisation) -> dict[str, Any]:
    return {"kind": act.kind, "on": act.on.isoformat()}


def _stored(line: Line) -> dict[str, Any]:
    return asdict(line) | {"warnings": list(line.warnings), "names": list(line.names)}


def _by(story: Story, at: datetime) -> By:
    office = story.units.nodes[places.HOME_AFFAIRS]
    found = office.holder(Post.Kind.HOME_AFFAIRS, clock.local(at).date())
    assert found is not None, "the office of Home Affairs is never empty"
    return By(found[1], found[0])


def _first_of_a_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
