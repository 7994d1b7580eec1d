"""Some forty kinds of acts on one small province, to be begun two at a time at the same instant (rule R16)."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import combinations_with_replacement
from typing import Any

from django.db import connection, models

from campaigns.models import Campaign, UnitPlan
from campaigns.services import begin_plan, save_plan
from ledger import clock, jobs
from ledger.workflow import StepRefused
from pledges.models import BulkItem, Pledge, SelfReview, SignedList
from pledges.services import bulk, decline, remarks, renewing, signedlists
from reports import services as reports
from reports.models import ReportingRound, UnitReport
from tests.campaigns.plans import draft, rows_of
from tests.cast import Cast, make_cast
from tests.factories import appoint, make_campaign, make_unit, person, place
from tests.pledges import acts, looking_back
from tests.pledges.crowds import crowd, ordered
from tests.pledges.test_signedlists import begin, enter, recorded, tick
from tests.reports import stories
from tests.together import at_once
from tests.units.acts import DECISION, existing, merge, move, new, orders, rename, split
from tests.units.rosters import applied, checked, line, line_of, work
from tests.units.rosters import ordered as ordered_roster
from units import services as units
from units.models import Appointment, Employment, Post, Reorganisation, RosterUpload, User
from units.queries import in_force
from units.services import rosters
from units.services.rosterwork import NotImported

# Between the statements of an act, so that two of them meet everywhere.
LONGEST_PAUSE = 0.004
# What is under way for a unit, by the field that names it: none of it may be left at a unit that has ended.
UNDER_WAY: list[tuple[type[models.Model], str, tuple[str, ...]]] = [
    (Pledge, "signing_unit", ("awaiting_head", "awaiting_union", "returned")),
    (SelfReview, "signing_unit", ("draft", "awaiting_head", "awaiting_union", "returned")),
    (SignedList, "unit", ("draft",)),
    (UnitPlan, "unit", ("draft", "submitted", "returned")),
    (UnitReport, "unit", ("draft",)),
]


@dataclass
class World:
    """The cast in the year's work: pledges in every state, lists, a review, a plan, rosters, an act to correct."""

    cast: Cast
    campaign: Campaign
    round: ReportingRound
    today: date
    waiting: Pledge
    crowd: list[Pledge]
    for_union: Pledge
    misplaced: Pledge
    complete: Pledge
    new_head: User
    reviewed: SelfReview
    listed: SignedList
    ticked: User
    plan: UnitPlan
    newcomer: User
    recorded: SignedList
    applied: RosterUpload
    checked: RosterUpload
    at_renamed: User
    done: Reorganisation


def make_world(cast: Cast, campaign: Campaign) -> World:
    today = clock.today()
    sign, confirm = acts.sign, acts.confirm
    waiting = sign(cast.clerk, campaign)
    complete = confirm(sign(cast.official, campaign), cast.head)
    head_s = confirm(sign(cast.school_head, campaign), cast.head)
    reviewed = looking_back.send(looking_back.write(head_s))
    plan = draft(cast, campaign, unit=cast.other_ward, by=cast.other_head, year=today.year)
    entered = recorded(cast.other_ward, campaign, cast.other_head, cast.stranger, head=True)
    ticked = person("Trần Văn Giấy", cast.ward)
    listed = tick(begin(cast.ward, campaign, cast.head), cast.head, ticked)
    at_renamed, done = _renamed(cast, campaign, today)
    return World(
        cast=cast,
        campaign=campaign,
        round=stories.make_round(campaign),
        today=today,
        waiting=waiting,
        crowd=crowd(cast.ward, 30, campaign),
        for_union=confirm(sign(cast.school_official, campaign), cast.school_head),
        misplaced=_misplaced(cast, campaign),
        complete=complete,
        new_head=_new_head(cast, campaign, today),
        reviewed=reviewed,
        listed=listed,
        ticked=ticked,
        plan=plan,
        newcomer=_newcomer(cast),
        recorded=SignedList.objects.get(pk=entered.pledges[0].on_lists.get().signed_list_id),
        applied=applied(cast.school, cast.home_affairs, line("HUE990001", "Lê Thị Mới"), on=today),
        checked=checked(cast.ward, cast.home_affairs, line_of(cast.clerk, job_title="Chuyên viên"), on=today),
        at_renamed=at_renamed,
        done=done,
    )


def _newcomer(cast: Cast) -> User:
    """With a slip and no password yet; the division's head post is his to be given."""
    user = person("Lê Thị Mới Đến", cast.division)
    user.set_unusable_password()
    user.save(update_fields=["password"])
    units.issue_codes(users=[user], unit=cast.division, by=None)
    units.create_post(unit=cast.division, kind="head", title="Trưởng phòng", by=None)
    return user


def _misplaced(cast: Cast, campaign: Campaign) -> Pledge:
    """Signed at the school by a teacher who works in the ward since."""
    pledge = acts.sign(person("Lê Thị Chuyển", cast.school), campaign)
    Employment.objects.filter(user=pledge.user_id).update(unit=cast.ward)
    return pledge


def _renamed(cast: Cast, campaign: Campaign, today: date) -> tuple[User, Reorganisation]:
    """A third ward, renamed today: one of its people has signed before, one has not yet."""
    ward = make_unit("UBND phường Thủy Xuân", kind=cast.ward.kind)
    place(ward, cast.root)
    head = person("Võ Văn Thủy", ward, post=("head", "Chủ tịch UBND phường"))
    acts.confirm(acts.sign(person("Trần Thị Trước", ward), campaign), head)
    return person("Lê Văn Sau", ward), rename(ward, "UBND phường Thủy Xuân Thượng", on=today)


def _new_head(cast: Cast, campaign: Campaign, today: date) -> User:
    """Of Sở Nội vụ, where the head before him confirmed one pledge."""
    unit = cast.home_affairs_unit
    acts.confirm(acts.sign(person("Trần Văn Nội", unit), campaign), cast.home_affairs_head)
    Appointment.objects.filter(user=cast.home_affairs_head).update(until=today)
    found = person("Lê Văn Giám", unit)
    appoint(found, unit, "head", "Giám đốc", since=today)
    return found


def _apply(found: RosterUpload, by: User) -> None:
    """What its page says when the organisation has changed since it was checked is a refusal like any other."""
    try:
        work(rosters.APPLY, ordered_roster(found, by))
    except NotImported as refusal:
        raise StepRefused(refusal.sentence) from refusal


ACTS: dict[str, Callable[[World], Any]] = {
    "signs": lambda w: acts.sign(w.cast.home_affairs, w.campaign),
    "signs for the unit": lambda w: acts.sign_for_unit(w.cast.head, w.cast.ward, w.campaign),
    "declines": lambda w: decline(
        by=acts.afresh(w.cast.union_chair), campaign=w.campaign, year=w.today.year, reason="Tự ghi lý do"
    ),
    "signs under the new name": lambda w: acts.sign(w.at_renamed, w.campaign),
    "confirms": lambda w: acts.confirm(w.waiting, w.cast.head),
    "confirms for the union": lambda w: acts.confirm_for_union(w.for_union, w.cast.union_chair),
    "confirms many": lambda w: jobs.run(bulk.KIND, ordered(w.cast.head, w.cast.ward, w.crowd).pk),
    "returns": lambda w: acts.send_back(w.waiting, w.cast.head),
    "withdraws": lambda w: acts.withdraw(w.waiting, w.cast.clerk),
    "revokes": lambda w: acts.revoke(w.complete, w.cast.head),
    "hands over": lambda w: acts.hand_over(w.misplaced, w.cast.home_affairs),
    "adds words": lambda w: acts.add(w.cast.head, w.cast.ward, w.campaign, "Không hẹn lại quá một lần."),
    "asks for renewal": lambda w: renewing.ask_renewal(
        unit=w.cast.home_affairs_unit,
        campaign=w.campaign,
        reason="Giám đốc mới",
        seen_count=1,
        by=acts.afresh(w.new_head),
    ),
    "writes a review": lambda w: looking_back.write(w.complete),
    "remarks": lambda w: looking_back.remark(w.reviewed, w.cast.head),
    "returns a review": lambda w: looking_back.send_back(w.reviewed, w.cast.head),
    "agrees to many": lambda w: remarks.agree_to_many(
        by=acts.afresh(w.cast.head), seen={w.reviewed.public_id: w.reviewed.sha256}, proof=acts.proved()
    ),
    "sends a review": lambda w: looking_back.send(looking_back.write(w.complete)),
    "activates": lambda w: units.activate(user=w.newcomer, password="mot-mat-khau-dai-2607"),
    "renews a code": lambda w: units.renew_code(user=w.newcomer, by=w.cast.home_affairs),
    "makes him head": lambda w: units.appoint(
        post=Post.objects.get(unit=w.cast.division, kind="head"), user=w.newcomer, since=w.today, by=None
    ),
    "names him anew": lambda w: units.rename_person(user=w.newcomer, full_name="Lê Thị Mới Hơn", by=None),
    "begins a list": lambda w: begin(w.cast.school, w.campaign, w.cast.school_head),
    "enters a list": lambda w: enter(w.listed, w.cast.head),
    "ticks a list": lambda w: tick(w.listed, w.cast.head, w.ticked),
    "withdraws a list": lambda w: signedlists.withdraw_list(
        signed_list=w.recorded, reason="Nhầm tờ quét", by=acts.afresh(w.cast.other_head)
    ),
    "begins a plan": lambda w: begin_plan(
        by=acts.afresh(w.cast.head), campaign=w.campaign, unit=w.cast.ward, year=w.today.year
    ),
    "saves a plan": lambda w: save_plan(
        by=acts.afresh(w.cast.other_head),
        plan=w.plan,
        aims="Mục tiêu khác",
        arrangements="",
        rows=rows_of(w.plan),
        expect_version=w.plan.version,
    ),
    "begins a report": lambda w: reports.begin_report(
        reporting_round=w.round, unit=w.cast.ward, by=acts.afresh(w.cast.clerk)
    ),
    "renames": lambda w: rename(w.cast.ward, "UBND phường Kim Long Thượng", on=w.today),
    "merges": lambda w: merge(w.cast.ward, w.cast.other_ward, into=existing(w.cast.other_ward), on=w.today),
    "corrects": lambda w: units.correct_reorganisation(
        act=w.done, decision="Công văn số 1", reason="Nhầm tên", by=w.cast.home_affairs
    ),
    "splits": lambda w: split(
        w.cast.ward, new("UBND phường Kim Long Thượng"), new("UBND phường Kim Long Hạ"), on=w.today
    ),
    "moves a unit": lambda w: move(w.cast.school, to=w.cast.other_ward, on=w.today),
    "chooses duties": lambda w: units.choose_duties(
        unit=w.cast.school,
        plan_duty="within_parent",
        report_duty="within_parent",
        since=w.today,
        by=w.cast.head,
    ),
    "rehearses": lambda w: units.rehearse_reorganisation(
        orders=orders("renaming", w.cast.school, heirs=[new("Trường Tiểu học Mới")], on=w.today), by=None
    ),
    "moves a person": lambda w: units.move_person(
        user=w.cast.clerk, unit=w.cast.other_ward, on=w.today, by=None
    ),
    "retires a person": lambda w: units.end_employment(
        user=w.cast.official, on=w.today, ending="retired", by=None
    ),
    "seconds a person": lambda w: units.second(
        user=w.cast.school_official, host=w.cast.ward, since=w.today, decision=DECISION, by=None
    ),
    "appoints": lambda w: units.appoint(
        post=Post.objects.get(unit=w.cast.ward, kind="clerk"), user=w.cast.official, since=w.today, by=None
    ),
    "ends a post": lambda w: units.end_appointment(
        appointment=Appointment.objects.get(user=w.cast.head, post__kind="head"), on=w.today, by=None
    ),
    "closes a union": lambda w: units.close_union(unit=w.cast.school, on=w.today, decision=DECISION, by=None),
    "applies a roster": lambda w: _apply(w.checked, w.cast.home_affairs),
    "undoes a roster": lambda w: rosters.undo_roster(upload=w.applied, by=w.cast.home_affairs),
}

PAIRS = list(combinations_with_replacement(ACTS, 2))


def present_world(on_day: Callable[[date], None]) -> World:
    """In November, when reviews are open."""
    on_day(looking_back.OPEN_DAY)
    return make_world(make_cast(), make_campaign())


def cross(world: World, first: str, second: str, seed: int) -> list[str]:
    """Both at once, each statement after a moment of its own; “done” or the sentence of the refusal for each.

    Whatever the database itself refuses (a deadlock, a broken constraint, too long a wait) is raised.
    """

    def dawdling(name: str) -> Callable[[], Any]:
        chance = random.Random(f"{seed} {name}")

        def pause(execute, sql, params, many, context):
            time.sleep(chance.uniform(0, LONGEST_PAUSE))
            return execute(sql, params, many, context)

        def act():
            with connection.execute_wrapper(pause):
                ACTS[name](world)

        return act

    return at_once(dawdling(first), dawdling(second))


def what_cannot_be(world: World) -> list[str]:
    """Faults of the rows that no order of acts may leave behind."""
    today = world.today
    held = Employment.objects.filter(in_force(today)).values("user").annotate(times=models.Count("pk"))
    faults = [f"{row['user']} works {row['times']} times" for row in held if row["times"] > 1]
    said_done = BulkItem.objects.filter(outcome=BulkItem.Outcome.DONE)
    unsigned = said_done.exclude(pledge__signatures__party="head").values_list("pledge", flat=True)
    faults += [f"pledge {key} is said to be confirmed and is not" for key in unsigned]
    for model, unit, states in UNDER_WAY:
        left = model._default_manager.filter(status__in=states, **{f"{unit}__until__lte": today})
        faults += [f"{row} ({row.status}) is left at {getattr(row, unit)}" for row in left]
    return faults
