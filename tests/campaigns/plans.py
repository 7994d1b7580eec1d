"""Plans in every state, made by the acts that lead there, and their form as a browser would send it."""

from datetime import date

from campaigns import services
from campaigns.content import content_of, digest
from campaigns.forms import WORDS, PlanForm
from campaigns.models import Campaign, UnitPlan
from ledger import clock

YEAR = clock.today().year
AIMS = "Nâng cao trách nhiệm, thái độ phục vụ nhân dân."


def rows_of(plan: UnitPlan) -> list[services.PlannedRow]:
    """The plan's own lines, as saving without a change gives them back."""
    return [
        services.PlannedRow(group=row.group, key=row.pk, **{name: getattr(row, name) for name in WORDS})
        for row in plan.rows.select_related("group").order_by("order")
    ]


def draft(cast, campaign: Campaign, *, unit=None, by=None, year: int = YEAR) -> UnitPlan:
    unit, by = unit or cast.ward, by or cast.head
    plan = services.begin_plan(by=by, campaign=campaign, unit=unit, year=year)
    return services.save_plan(
        by=by, plan=plan, aims=AIMS, arrangements="", rows=rows_of(plan), expect_version=plan.version
    )


def submitted(cast, campaign: Campaign, *, unit=None, by=None, year: int = YEAR) -> UnitPlan:
    plan = draft(cast, campaign, unit=unit, by=by, year=year)
    return services.submit_plan(by=by or cast.head, plan=plan, seen=digest(content_of(plan)))


def returned(cast, campaign: Campaign) -> UnitPlan:
    plan = submitted(cast, campaign)
    return services.return_plan(
        by=cast.home_affairs, plan=plan, reason="Nhóm 4 chưa có thời hạn.", seen=plan_hash(plan)
    )


def accepted(cast, campaign: Campaign, *, unit=None, by=None) -> UnitPlan:
    plan = submitted(cast, campaign, unit=unit, by=by)
    return services.accept_plan(by=cast.home_affairs, plan=plan, seen=plan_hash(plan))


MAKERS = {"draft": draft, "submitted": submitted, "returned": returned, "accepted": accepted}


def plan_hash(plan: UnitPlan) -> str:
    return UnitPlan.objects.get(pk=plan.pk).content_hash


def page_data(plan: UnitPlan) -> dict[str, str]:
    """What the edit page sends when nothing on it is touched."""
    form = PlanForm(plan=UnitPlan.objects.get(pk=plan.pk))
    data = {name: form[name].value() for name in form.fields}
    for group in form.groups:
        data[group.count_name] = len(group.rows)
        for row in group.rows:
            data |= {row[name].html_name: row[name].value() or "" for name in ("key", *WORDS)}
    return {name: str(value) for name, value in data.items()}


def own_line(plan: UnitPlan, text: str, *, due_on: date | None = None) -> UnitPlan:
    """Adds a line of the unit's own to the first group."""
    group = plan.campaign.taskgroups.first()
    rows = [*rows_of(plan), services.PlannedRow(group=group, text=text, due_on=due_on)]
    return services.save_plan(
        by=plan.created_by,
        plan=plan,
        aims=plan.aims,
        arrangements="",
        rows=rows,
        expect_version=UnitPlan.objects.get(pk=plan.pk).version,
    )
