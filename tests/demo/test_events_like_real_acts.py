"""Events of the demo province look like those the real acts leave: the same kinds, keys of data, words and parties."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from campaigns import services as plan_services
from ledger import clock
from ledger.models import Event, EventText
from pledges import services as pledge_services
from pledges.models import Pledge
from pledges.services import reminders
from reports import services as report_services
from reports.models import ReportingRound
from tests.campaigns import plans
from tests.demo.provinces import LOADS, province
from tests.factories import make_user
from tests.pledges import acts, looking_back
from units import services as unit_services
from units.models import BaseUnion, Category, Post
from units.reorganisation.orders import Heir, NewUnit, Orders

pytestmark = pytest.mark.django_db

Shape = tuple


def shapes() -> dict[str, set[Shape]]:
    """By kind: whose object, which data, which words, and whether person, post and unit are said."""
    texts = EventText.objects.in_bulk()
    found: dict[str, set[Shape]] = defaultdict(set)
    for event in Event.objects.exclude(kind__in=LOADS):
        said = frozenset(texts[event.pk].text) if event.pk in texts else frozenset()
        types = frozenset((name, type(value).__name__) for name, value in event.data.items())
        parties = (bool(event.person_id), bool(event.post_id), bool(event.unit_id))
        found[event.kind].add((event.object_kind, types, said, parties))
    return found


@pytest.fixture(scope="module")
def seeded_shapes(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), province():
        return shapes()


@pytest.fixture
def real_shapes(cast, campaign):
    _people_and_duties(cast)
    _pledges(cast, campaign)
    _reviews(cast)
    _reminding(campaign)
    _plans(cast, campaign)
    _reports(cast, campaign)
    _people_away_and_lines(cast)
    _reorganisations(cast)
    return shapes()


def _people_away_and_lines(cast) -> None:
    """With an end and without one; what nobody signed in did, as when a roster is loaded."""
    since = clock.today() - timedelta(days=9)
    for user, until in ((cast.official, None), (cast.stranger, clock.today() + timedelta(days=9))):
        unit_services.absent(user=user, kind="long_leave", reason="Đi học", since=since, until=until, by=None)
    unit_services.second(
        user=cast.school_official, host=cast.other_agency, since=since, decision="QĐ 7", by=None
    )
    unit_services.place_in_line(
        unit=cast.school, authority=cast.other_agency, since=since, decision="QĐ 8", by=None
    )


def _reorganisations(cast) -> None:
    today = clock.today()
    moved = Orders(
        kind="move",
        on=today - timedelta(days=3),
        decision="QĐ 9",
        predecessors=(cast.school.public_id,),
        parent=cast.other_ward.public_id,
    )
    act = unit_services.reorganise(orders=moved, by=cast.home_affairs)
    unit_services.correct_reorganisation(act=act, decision="CV 1", reason="Nhập nhầm.", by=cast.home_affairs)
    renamed = Orders(
        kind="renaming",
        on=today + timedelta(days=30),
        decision="QĐ 10",
        predecessors=(cast.school.public_id,),
        heirs=(Heir(new=NewUnit(name="Trường Tiểu học Kim Long", kind="truong_hoc")),),
    )
    unit_services.plan_reorganisation(orders=renamed, by=cast.home_affairs)


def _people_and_duties(cast) -> None:
    person = make_user("Ra Pát Ngọc Hà")
    since = clock.today()
    unit_services.employ(user=person, unit=cast.ward, category=Category.CONG_CHUC, since=since, by=None)
    post = Post.objects.get(unit=cast.ward, kind=Post.Kind.CLERK)
    unit_services.appoint(post=post, user=person, since=since, by=None)
    unit_services.choose_duties(
        unit=cast.school, plan_duty="own", report_duty="own", since=since, by=cast.head
    )


def _pledges(cast, campaign) -> None:
    """By a teacher with a union, an official without one, a head, and a teacher whose union ends meanwhile."""
    returned = acts.send_back(acts.sign(cast.school_official, campaign), cast.school_head)
    again = acts.sign(returned.user, campaign)
    acts.confirm_for_union(acts.confirm(again, cast.school_head), cast.union_chair)
    acts.confirm(acts.sign(cast.official, campaign), cast.head)
    acts.withdraw(acts.sign(cast.clerk, campaign), cast.clerk)
    leader = acts.send_back(acts.sign(cast.school_head, campaign), cast.head)
    acts.confirm(acts.sign(leader.user, campaign), cast.head)
    late = make_user("Tôn Thất Ái")
    unit_services.employ(
        user=late, unit=cast.school, category=Category.VIEN_CHUC, since=clock.today(), by=None
    )
    waiting = acts.confirm(acts.sign(late, campaign), cast.school_head)
    BaseUnion.objects.update(until=clock.today())
    pledge_services.complete_without_union(pledge=waiting, by=acts.afresh(cast.school_head))


def on_monday(month: int):
    """Ten o'clock in Huế on the first Monday of a month of this year."""
    first = date(clock.today().year, month, 1)
    monday = first + timedelta(days=-first.weekday() % 7)
    return time_machine.travel(datetime(monday.year, month, monday.day, 3, tzinfo=UTC), tick=False)


def _reviews(cast) -> None:
    """On a day when the year is looked back on: of one whose union remarks too, and of one without."""
    BaseUnion.objects.update(until=None)
    with on_monday(11):
        for user, head in ((cast.school_official, cast.school_head), (cast.official, cast.head)):
            pledge = Pledge.objects.get(user=user, kind="individual")
            review = looking_back.remark(looking_back.send(looking_back.write(pledge)), head)
            if review.status == "awaiting_union":
                looking_back.remark_for_union(review, cast.union_chair)
    BaseUnion.objects.update(until=clock.today())


def _reminding(campaign) -> None:
    """On the first working day after the drive began."""
    with on_monday(3):
        assert reminders.remind_due() is not None


def _plans(cast, campaign) -> None:
    returned = plans.returned(cast, campaign)
    again = plan_services.submit_plan(by=cast.head, plan=returned, seen=plans.plan_hash(returned))
    plan_services.accept_plan(by=cast.home_affairs, plan=again, seen=plans.plan_hash(again))


def _reports(cast, campaign) -> None:
    today = clock.today()
    opened = report_services.open_round(
        by=cast.home_affairs,
        campaign=campaign,
        code="BC",
        name="Báo cáo",
        year=today.year,
        data_since=today - timedelta(days=365),
        data_until=today,
        opens_on=today - timedelta(days=9),
        due_on=today + timedelta(days=9),
    )
    report = _begun_and_presented(cast, opened)
    report = report_services.submit_report(report=report, by=cast.head)
    seen = {"seen_sha256": report.last_sent().sha256}
    report = report_services.return_report(
        report=report, by=cast.home_affairs, reason="Thiếu mục II.1.", **seen
    )
    report = report_services.submit_report(report=report, by=cast.head)
    seen = {"seen_sha256": report.last_sent().sha256}
    report_services.accept_report(report=report, by=cast.home_affairs, **seen)


def _begun_and_presented(cast, opened: ReportingRound):
    clerk = acts.afresh(cast.clerk)
    report = report_services.begin_report(reporting_round=opened, unit=cast.ward, by=clerk)
    report = report_services.save_report(
        report=report, by=clerk, entries={}, texts={}, expect_version=report.version
    )
    report_services.refresh_figures(report=report, by=clerk, expect_version=report.version)
    return report_services.present(report=report, by=clerk)


def test_the_demo_leaves_no_event_that_no_act_leaves(seeded_shapes, real_shapes):
    assert set(seeded_shapes) <= set(real_shapes)


def test_every_kind_of_event_looks_as_the_real_act_leaves_it(seeded_shapes, real_shapes):
    for kind, found in seeded_shapes.items():
        assert found <= real_shapes[kind], kind


def test_the_demo_shows_every_act_of_the_story(seeded_shapes):
    """So that the comparison means something."""
    acts_shown = {kind.rpartition(".")[2] for kind in seeded_shapes}
    assert {
        "sign",
        "sign_again",
        "countersign",
        "countersign_union",
        "countersign_complete",
        "return",
    } <= acts_shown
    assert {
        "begin",
        "save",
        "refresh",
        "present",
        "submit",
        "accept",
        "open",
        "employ",
        "appoint",
        "second",
        "absent",
        "place_in_line",
    } <= acts_shown
    assert {"draft", "plan", "perform", "reorganise", "correct", "correct_reorganisation"} <= acts_shown
    assert "choose_duties" in acts_shown
