"""Who changes the organisation is alone in it, and waits for that before he holds anything (rule R16)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from html import unescape
from threading import Event

import pytest
from django.db import connection, transaction
from django.urls import reverse

from ledger import clock
from ledger.crossing import SAID, Busy
from tests.cast import make_cast
from tests.factories import make_user
from tests.together import at_once, impatient, locked_before_it_gave_up, somebody_waits
from tests.units.acts import DAY, Kind, merge, new, orders, rename
from tests.units.rosters import applied, line
from tests.waiting import wait_until
from units import services
from units.locks import change_organisation, hold_organisation
from units.models import Appointment, Employment, Post, Reorganisation
from units.queries import in_force
from units.services import people, rosters
from vietnamese.dates import short_date

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
LATER = date(2027, 1, 1)


def _employs(cast):
    newcomer = make_user("Người mới")
    return lambda: services.employ(user=newcomer, unit=cast.ward, category="cong_chuc", since=DAY, by=None)


def _appoints(cast):
    post = Post.objects.create(unit=cast.division, kind="clerk", title="Cán bộ đầu mối")
    return lambda: services.appoint(post=post, user=cast.official, since=DAY, by=None)


def _ends_a_post(cast):
    held = Appointment.objects.filter(user=cast.clerk).first()
    return lambda: services.end_appointment(appointment=held, on=DAY, by=None)


def _returns(cast):
    services.end_employment(user=cast.official, on=LATER, ending="retired", by=None)
    return lambda: services.take_back_leave(user=cast.official, by=None)


def _undoes_a_roster(cast):
    found = applied(cast.ward, cast.home_affairs, line("HUE990001", "Lê Thị Mới", unit=cast.ward.name))
    return lambda: rosters.undo_roster(upload=found, by=cast.home_affairs)


def _corrects(cast):
    act = rename(cast.ward, "UBND phường Kim Long Thượng")
    return lambda: services.correct_reorganisation(act=act, decision="2/QĐ", reason="Nhầm tên", by=None)


CHANGES = {
    "employs": _employs,
    "moves": lambda cast: (
        lambda: services.move_person(user=cast.clerk, unit=cast.other_agency, on=DAY, by=None)
    ),
    "ends an employment": lambda cast: (
        lambda: services.end_employment(user=cast.official, on=LATER, ending="retired", by=None)
    ),
    "takes back a leave": _returns,
    "seconds": lambda cast: (
        lambda: services.second(
            user=cast.official, host=cast.other_agency, since=DAY, decision="1/QĐ", by=None
        )
    ),
    "notes an absence": lambda cast: (
        lambda: services.absent(
            user=cast.official, kind="long_leave", reason="Nghỉ thai sản", since=DAY, by=None
        )
    ),
    "appoints": _appoints,
    "ends a post": _ends_a_post,
    "opens a union": lambda cast: (
        lambda: services.open_union(unit=cast.other_ward, since=DAY, decision="1/QĐ", by=None)
    ),
    "places in a line": lambda cast: (
        lambda: services.place_in_line(
            unit=cast.school, authority=cast.other_agency, since=DAY, decision="1/QĐ", by=None
        )
    ),
    "undoes a roster": _undoes_a_roster,
    "reorganises": lambda cast: lambda: rename(cast.ward, "UBND phường Kim Long Thượng"),
    "corrects a reorganisation": _corrects,
}


@pytest.mark.parametrize("change", CHANGES)
def test_who_is_not_let_in_yet_has_locked_nothing(change):
    act = CHANGES[change](make_cast())
    with transaction.atomic():
        hold_organisation()
        assert locked_before_it_gave_up(act) == []


def test_who_relies_on_the_organisation_holds_up_who_changes_it_and_nobody_else():
    with transaction.atomic():
        hold_organisation()
        assert at_once(hold_organisation_for_a_moment) == ["done"]
        with pytest.raises(Busy):
            at_once(change_impatiently)


def hold_organisation_for_a_moment():
    with transaction.atomic():
        hold_organisation()


def change_impatiently():
    impatient()
    with transaction.atomic():
        change_organisation()


def test_a_person_who_moves_as_his_unit_ends_waits_for_nobody_who_waits_for_him(monkeypatch):
    """Seen on a server: the move had the person's row, the merger his employment, and each wanted the other's."""
    cast = make_cast()
    looks, begun = people.refuse_before_an_act, Event()

    def when_the_merger_has_begun(row):
        begun.set()
        wait_until(somebody_waits)
        looks(row)

    monkeypatch.setattr(people, "refuse_before_an_act", when_the_merger_has_begun)

    def moves():
        services.move_person(user=cast.clerk, unit=cast.other_agency, on=DAY, by=None)

    def merges():
        begun.wait(30)
        merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân"))

    assert at_once(moves, merges) == ["done", "done"]
    assert Employment.objects.get(in_force(DAY), user=cast.clerk).unit_id == cast.other_agency.pk


def test_a_form_that_waited_too_long_stays_open_with_all_that_was_typed(client_of, post_form):
    cast = make_cast()
    desk = client_of(cast.home_affairs)
    typed = {
        "unit": cast.other_agency.name,
        "on": short_date(clock.today()),
        "job_title": "Chuyên viên chính",
    }

    def sends():
        impatient()
        return post_form(desk, reverse("units:person_move", args=[cast.clerk.public_id]), typed)

    with transaction.atomic():
        change_organisation()
        answer = elsewhere(sends)
    page = unescape(answer.content.decode())
    assert answer.status_code == 422 and SAID in page
    assert all(f'value="{value}"' in page for value in typed.values())
    assert Employment.objects.filter(user=cast.clerk).count() == 1


def elsewhere(act: Callable):
    def run():
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result(timeout=60)


def test_a_planned_act_that_finds_another_under_way_stays_planned(on_day):
    cast = make_cast()
    merging = orders(Kind.MERGER, cast.ward, cast.other_ward, heirs=[new("UBND phường Phú Xuân")], on=LATER)
    act = services.plan_reorganisation(orders=merging, by=cast.home_affairs)
    on_day(LATER)

    def performs():
        impatient()
        return services.perform_due_reorganisations()

    with transaction.atomic():
        hold_organisation()
        assert elsewhere(performs) == 0
    act.refresh_from_db()
    assert (act.status, act.refusal) == (Reorganisation.Status.PLANNED, "")
    assert services.perform_due_reorganisations() == 1
