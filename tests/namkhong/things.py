"""One object of every model that an address names, in each of five places, for the product of rights."""

from datetime import timedelta
from typing import Any

from campaigns import services as plans
from campaigns.content import content_of, digest
from campaigns.models import Campaign, UnitPlan
from documents.models import SlipJob
from ledger import clock, jobs
from notices.models import Notice
from notices.services import tell
from pledges.models import Pledge
from reports import services as reports
from reports.models import ReportingRound, Rollup, UnitReport, Waiver
from reports.services import rollups
from tests.cast import Cast
from tests.namkhong.pledge_things import around_pledges
from tests.pledges.acts import sign
from tests.reports.stories import make_round
from units import services
from units.models import (
    Appointment,
    ContractKind,
    FactorReset,
    Placement,
    Post,
    Reorganisation,
    RosterUpload,
    Unit,
    User,
)
from units.reorganisation.orders import Heir, NewUnit, Orders
from units.services import rosters

PLACES = ("own", "child", "sibling", "parent", "foreign")
Things = dict[type, dict[str, Any]]


def make_things(cast: Cast, campaign: Campaign) -> Things:
    """Of the ward Kim Long, its school, the commune beside it, the city above, and the commune's school."""
    Placement.objects.filter(unit=cast.school).update(plan_duty="own", report_duty="own")
    round_ = make_round(campaign)
    units = {
        "own": cast.ward,
        "child": cast.school,
        "sibling": cast.other_ward,
        "parent": cast.root,
        "foreign": cast.foreign_school,
    }
    people = {
        "own": cast.official,
        "child": cast.school_official,
        "sibling": cast.stranger,
        "parent": cast.parent_clerk,
        "foreign": cast.foreign_official,
    }
    heads = {
        "own": cast.head,
        "child": cast.school_head,
        "sibling": cast.other_head,
        "foreign": cast.foreign_head,
    }
    keepers = {place: _keeper(cast, place) for place in PLACES}
    pledges = {place: sign(user, campaign) for place, user in people.items()}
    return around_pledges(campaign, units, keepers, heads, pledges) | {
        Unit: units,
        User: people,
        Campaign: {"own": campaign},
        ReportingRound: {"own": round_},
        ContractKind: {"own": _contract_kind()},
        Pledge: pledges,
        UnitPlan: {place: _plan(units[place], head, campaign) for place, head in heads.items()},
        UnitReport: {place: _report(units[place], head, round_) for place, head in heads.items()},
        Rollup: {"own": _rollup(round_, cast.home_affairs)},
        Waiver: {
            "own": Waiver.objects.create(
                round=round_, unit=cast.other_agency, reason="…", by=cast.home_affairs
            )
        },
        Notice: {place: _notice(people[place], place) for place in ("own", "sibling")},
        Post: {place: Post.objects.filter(unit=unit).order_by("pk").first() for place, unit in units.items()},
        Appointment: {
            place: Appointment.objects.filter(post__unit=unit).order_by("pk").first()
            for place, unit in units.items()
        },
        Reorganisation: _acts(cast),
        RosterUpload: {
            place: rosters.upload_roster(
                unit=unit,
                content=b"x",
                filename="a.csv",
                on=clock.today(),
                complete=False,
                by=cast.home_affairs,
            )
            for place, unit in units.items()
        },
        SlipJob: {
            place: SlipJob.objects.create(unit=unit, by=keepers[place]) for place, unit in units.items()
        },
        FactorReset: {
            "own": FactorReset.objects.create(
                user=cast.leadership, reason="Mất điện thoại", asked_by=cast.home_affairs_head
            )
        },
    }


def _contract_kind() -> ContractKind:
    return ContractKind.objects.get_or_create(code="hop-dong-thu", defaults={"name": "Hợp đồng thử"})[0]


def _plan(unit: Unit, head: User, campaign: Campaign) -> UnitPlan:
    plan = plans.begin_plan(by=head, campaign=campaign, unit=unit, year=clock.today().year)
    UnitPlan.objects.filter(pk=plan.pk).update(aims="Thực hiện Cuộc vận động.", arrangements="Cả đơn vị.")
    plan.refresh_from_db()
    return plans.submit_plan(plan=plan, by=head, seen=digest(content_of(plan)))


def _report(unit: Unit, head: User, round_: ReportingRound) -> UnitReport:
    return reports.submit_report(
        report=reports.begin_report(reporting_round=round_, unit=unit, by=head), by=head
    )


def _rollup(round_: ReportingRound, by: User) -> Rollup:
    rollup = rollups.compile_rollup(reporting_round=round_, by=by)
    jobs.run("reports.rollup", rollup.pk)
    return rollup


def _notice(user: User, effect: str) -> Notice:
    tell(users=[user], effect=effect, text="…", url="/")
    return Notice.objects.get(user=user, effect=effect)


def _acts(cast: Cast) -> dict[str, Reorganisation]:
    """One that is done and one that waits for its day; where they happen makes no difference to rights."""
    office = Heir(
        new=NewUnit("Văn phòng Sở Y tế", kind=Unit.Kind.DIVISION, parent=cast.other_agency.public_id)
    )
    orders = {"kind": "founding", "decision": "Quyết định số 1", "heirs": (office,)}
    done = Orders(on=clock.today(), **orders)
    coming = Orders(on=clock.today() + timedelta(days=30), **orders)
    return {
        "own": services.reorganise(orders=done, by=cast.home_affairs),
        "foreign": services.plan_reorganisation(orders=coming, by=cast.home_affairs),
    }


def _keeper(cast: Cast, place: str) -> User:
    """Who ordered the slips of a unit."""
    return {
        "own": cast.clerk,
        "child": cast.school_clerk,
        "sibling": cast.other_head,
        "parent": cast.parent_clerk,
        "foreign": cast.foreign_head,
    }[place]
