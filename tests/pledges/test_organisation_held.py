"""Acts on many pledges that rely on who works where hold the organisation still, before they hold anything (R16)."""

from threading import Event

import pytest
from django.db import transaction

from campaigns.models import UnitPlan
from campaigns.services import plans
from ledger import clock
from pledges import movers
from pledges.models import Pledge, SelfReview, SignedList
from pledges.services import listentry, publish_addition, renewing, reviews, signedlists, signing
from tests.cast import make_cast
from tests.factories import make_campaign
from tests.pledges.acts import afresh, confirm, proved, sign
from tests.pledges.looking_back import OPEN_DAY, write
from tests.pledges.test_signedlists import begin, recorded, tick
from tests.together import at_once, locked_before_it_gave_up, somebody_waits
from tests.units.acts import Kind, new, orders, rename
from tests.waiting import wait_until
from units.locks import change_organisation
from units.models import Appointment, Unit, User
from units.services import correct_reorganisation, end_appointment, rehearse_reorganisation

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(transactional_db):
    return make_cast()


@pytest.fixture
def campaign(transactional_db):
    return make_campaign()


def _enters_a_list(cast, campaign):
    made = tick(begin(cast.school, campaign, cast.school_head), cast.school_head, cast.school_official)
    made.refresh_from_db()
    by = afresh(cast.school_head)
    return lambda: listentry.enter_list(signed_list=made, seen_version=made.version, by=by, proof=proved())


def _withdraws_a_list(cast, campaign):
    recorded(cast.school, campaign, cast.school_head, cast.school_official)
    made, by = SignedList.objects.get(), afresh(cast.school_head)
    return lambda: signedlists.withdraw_list(signed_list=made, reason="Nhầm tờ quét", by=by)


def _publishes_an_addition(cast, campaign):
    by, words = afresh(cast.school_head), "Không dạy thêm trái quy định"
    return lambda: publish_addition(
        unit=cast.school, campaign=campaign, text=words, renews=True, seen_version=0, by=by
    )


def _asks_for_renewal(cast, campaign):
    by = afresh(cast.school_head)
    return lambda: renewing.ask_renewal(
        unit=cast.school, campaign=campaign, reason="Hiệu trưởng mới", seen_count=1, by=by
    )


@pytest.mark.parametrize(
    "act", [_enters_a_list, _withdraws_a_list, _publishes_an_addition, _asks_for_renewal]
)
def test_who_is_not_let_in_yet_has_locked_nothing(cast, campaign, act):
    asked = act(cast, campaign)
    with transaction.atomic():
        change_organisation()
        assert locked_before_it_gave_up(asked) == []


def test_who_signs_waits_for_no_change_of_the_organisation(cast, campaign):
    """Thousands sign on one day; one row each is taken, and foreign keys wait for no lock of a unit or a person."""
    with transaction.atomic():
        change_organisation()
        Unit.objects.select_for_update(no_key=True).get(pk=cast.school.pk)
        assert at_once(lambda: sign(cast.school_official, campaign)) == ["done"]


# --- Begun as the unit ends


def pausing(monkeypatch, module, name: str) -> Event:
    """The first call of `module.name` goes on only when somebody else waits; set once it has been made."""
    called, real = Event(), getattr(module, name)

    def waits(*args, **kwargs):
        found = real(*args, **kwargs)
        if not called.is_set():
            called.set()
            wait_until(somebody_waits)
        return found

    monkeypatch.setattr(module, name, waits)
    return called


def rename_once(begun: Event, unit: Unit):
    def act():
        begun.wait(30)
        return rename(unit, "UBND phường Kim Long Thượng", on=clock.today())

    return act


def test_a_pledge_signed_as_the_unit_ends_goes_to_its_heir(cast, campaign, monkeypatch):
    begun = pausing(monkeypatch, signing, "propose")
    signed = at_once(lambda: sign(cast.official, campaign), rename_once(begun, cast.ward))
    assert signed == ["done", "done"]
    assert Pledge.objects.get().signing_unit.name == "UBND phường Kim Long Thượng"


def test_a_rehearsal_leaves_the_book_open(cast, campaign, monkeypatch):
    signed, said = [], movers.said

    def in_the_midst(*lines):
        signed.extend(at_once(lambda: sign(cast.official, campaign)))
        return said(*lines)

    monkeypatch.setattr(movers, "said", in_the_midst)
    asked = orders(Kind.RENAMING, cast.ward, heirs=[new("UBND phường Kim Long Thượng")])
    rehearse_reorganisation(orders=asked, by=cast.home_affairs)
    assert signed == ["done"]


def test_a_review_begun_as_the_unit_ends_goes_to_its_heir(cast, campaign, monkeypatch, on_day):
    on_day(OPEN_DAY)
    pledge = confirm(sign(cast.official, campaign), cast.head)
    begun = pausing(monkeypatch, reviews.reviewing, "above")
    assert at_once(lambda: write(pledge), rename_once(begun, cast.ward)) == ["done", "done"]
    assert SelfReview.objects.get().signing_unit.name == "UBND phường Kim Long Thượng"


def test_a_plan_begun_as_the_unit_ends_goes_to_its_heir(cast, campaign, monkeypatch):
    begun = pausing(monkeypatch, plans.tree, "load")
    year = clock.today().year

    def begin_plan():
        plans.begin_plan(by=cast.head, campaign=campaign, unit=cast.ward, year=year)

    assert at_once(begin_plan, rename_once(begun, cast.ward)) == ["done", "done"]
    assert UnitPlan.objects.get().unit.name == "UBND phường Kim Long Thượng"


def test_a_name_under_which_somebody_signs_at_this_moment_is_not_taken_back(cast, campaign, monkeypatch):
    act = rename(cast.ward, "UBND phường Kim Long Thượng", on=clock.today())
    begun = pausing(monkeypatch, signing, "propose")

    def take_back():
        begun.wait(30)
        correct_reorganisation(act=act, decision="Công văn số 1", reason="Nhầm tên", by=cast.home_affairs)

    said = at_once(lambda: sign(cast.official, campaign), take_back)
    # Who has signed under the new name stands on it: it is taken back no more.
    assert said[0] == "done" and said[1] != "done"
    assert Pledge.objects.get().signing_unit.name == "UBND phường Kim Long Thượng"


# --- A post that ends meanwhile


@pytest.mark.parametrize("asks", [_publishes_an_addition, _asks_for_renewal])
def test_a_head_whose_post_ends_as_he_waits_is_refused(cast, campaign, asks):
    """What the request had read of his posts before it waited counts no more (rule R06)."""
    act = asks(cast, campaign)
    by = next(cell.cell_contents for cell in act.__closure__ if isinstance(cell.cell_contents, User))
    assert by.posts_today
    ended = Event()

    def end():
        with transaction.atomic():
            change_organisation()
            held = Appointment.objects.get(user=cast.school_head, post__kind="head")
            end_appointment(appointment=held, on=clock.today(), by=None)
            ended.set()
            wait_until(somebody_waits)

    def ask():
        ended.wait(30)
        act()

    assert at_once(end, ask) == ["done", renewing.ONLY_HEAD]
