"""The year's drive: its days on the calendar, who sets them, how the next year follows (feature S14)."""

from datetime import date

import pytest
from django.urls import reverse

from campaigns.loader import Fault
from ledger import clock
from ledger.models import Event
from ledger.workflow import StepRefused
from pledges import drivedays
from pledges.models import Drive
from pledges.services import drives
from tests.pledges.acts import afresh


@pytest.fixture
def drive(campaign) -> Drive:
    """Sunday 31 May 2026 is the day; who has not signed is reminded two weeks before, on it, and a week after."""
    Drive.objects.all().delete()
    return Drive.objects.create(
        campaign=campaign,
        year=2026,
        opens_on=date(2026, 5, 1),
        due_on=date(2026, 5, 31),
        ladder=[-14, 0, 7],
        escalate_after=7,
    )


def test_days_off_move_to_the_next_working_day(drive):
    assert drivedays.due_day(drive) == date(2026, 6, 1)
    assert [(rung.day, rung.offset) for rung in drivedays.rungs(drive)] == [
        (date(2026, 5, 18), -14),
        (date(2026, 6, 1), 0),
        (date(2026, 6, 8), 7),
        (date(2026, 6, 15), 14),
    ]


def test_those_above_hear_on_days_of_their_own_whatever_the_ladder(drive):
    drive.ladder, drive.escalate_after = [-3], 10
    told = [(rung.day, rung.to_heads_above, rung.to_home_affairs) for rung in drivedays.rungs(drive)]
    assert told == [
        (date(2026, 5, 29), False, False),
        (date(2026, 6, 11), True, False),
        (date(2026, 6, 22), True, True),
    ]


def test_two_rungs_that_fall_on_one_working_day_are_one(drive):
    drive.ladder = [-2, -1, 0]
    days = [rung.day for rung in drivedays.rungs(drive)]
    assert len(days) == len(set(days))


def test_no_rung_before_the_drive_opens_or_after_its_year(drive):
    drive.ladder = [-60, 170]
    drive.due_on = date(2026, 12, 20)
    drive.opens_on = date(2026, 12, 1)
    days = [rung.day for rung in drivedays.rungs(drive)]
    assert min(days) >= drive.opens_on and max(days) <= date(2026, 12, 31)


def test_of_days_missed_only_the_latest_counts(drive):
    missed = drivedays.latest_missed(drive, date(2026, 5, 15), date(2026, 6, 9))
    assert missed and missed.day == date(2026, 6, 8)
    assert drivedays.latest_missed(drive, date(2026, 6, 8), date(2026, 6, 9)) is None


def test_a_year_that_nobody_set_follows_the_last_one_and_is_written_once(campaign, drive):
    moved = drivedays.drive_of(campaign, 2028)
    assert (
        moved
        and moved.pk is None
        and (moved.opens_on, moved.due_on)
        == (
            date(2028, 5, 1),
            date(2028, 5, 31),
        )
    )
    first = drives.follow_last_year(campaign=campaign, year=2028)
    again = drives.follow_last_year(campaign=campaign, year=2028)
    assert first == again and Drive.objects.filter(year=2028).count() == 1


def test_the_29th_of_february_moves_to_the_28th(campaign, drive):
    drive.due_on = date(2028, 2, 29)
    assert drivedays._same_day(drive.due_on, 2029) == date(2029, 2, 28)


def test_without_any_drive_there_is_none_to_follow(campaign):
    Drive.objects.all().delete()
    assert drives.follow_last_year(campaign=campaign, year=2026) is None


def test_the_decision_brings_a_proposal_and_loading_again_leaves_what_was_set(campaign):
    kept = Drive.objects.get(campaign=campaign, year=2026)
    assert (kept.opens_on, kept.due_on) == (date(2026, 1, 12), date(2026, 3, 31))
    Drive.objects.filter(pk=kept.pk).update(due_on=date(2026, 4, 30))
    row = {
        "year": 2026,
        "opens_on": date(2026, 1, 12),
        "due_on": date(2026, 3, 31),
        "days_before": "30, 14",
        "days_after": "0",
        "escalate_after": 7,
    }
    assert drives.load_drives(campaign, {"pledge_drive": [row]}) == []
    assert Drive.objects.get(pk=kept.pk).due_on == date(2026, 4, 30)
    for key, wrong in (("days_before", "hai tuần"), ("due_on", date(2027, 1, 1)), ("escalate_after", 0)):
        with pytest.raises(Fault):
            drives.load_drives(campaign, {"pledge_drive": [row | {"year": 2026, key: wrong}]})


# --- Sở Nội vụ sets it


@pytest.fixture
def this_year(campaign) -> Drive:
    year = clock.today().year
    found = drives.follow_last_year(campaign=campaign, year=year)
    assert found is not None
    return found


def typed(drive: Drive, **changed) -> dict[str, str]:
    year = drive.year
    kept = {
        "opens_on": f"02/02/{year}",
        "due_on": f"30/04/{year}",
        "days_before": "14, 3",
        "days_after": "0, 7",
        "escalate_after": "7",
        "version": str(drive.version),
    }
    return kept | changed


def test_home_affairs_sets_the_days_and_an_event_keeps_what_they_were(cast, this_year, client_of, post_form):
    url = reverse("pledges:drive_set")
    client = client_of(cast.home_affairs)
    assert "31/03" in client.get(url).content.decode()
    assert post_form(client, url, typed(this_year)).status_code == 302
    kept = Drive.objects.get(pk=this_year.pk)
    assert (kept.due_on, kept.ladder, kept.version) == (date(kept.year, 4, 30), [-14, -3, 0, 7], 2)
    event = Event.objects.get(kind="pledges.drive.set")
    assert event.data["before"]["due_on"] == f"{kept.year}-03-31"
    assert event.data["after"]["due_on"] == f"{kept.year}-04-30"


def test_looking_first_shows_the_working_days_and_saves_nothing(cast, this_year, client_of, post_form):
    url = reverse("pledges:drive_set")
    page = post_form(client_of(cast.home_affairs), url, typed(this_year) | {"xem": "1"})
    said = page.content.decode()
    assert page.status_code == 200 and "Nếu đặt như dưới đây" in said and "Chưa lưu" in said
    assert Drive.objects.get(pk=this_year.pk).version == this_year.version


def test_who_changes_what_another_has_changed_is_told_and_changes_nothing(
    cast, this_year, client_of, post_form
):
    url = reverse("pledges:drive_set")
    Drive.objects.filter(pk=this_year.pk).update(version=5)
    page = post_form(client_of(cast.home_affairs), url, typed(this_year))
    assert page.status_code == 422 and "Người khác vừa đổi" in page.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"days_before": "mười bốn"},
        {"days_before": "-3"},
        {"days_after": "500"},
        {"escalate_after": "0"},
        {"due_on": "31/02/2026"},
        {"due_on": "01/01/2020"},
    ],
    ids=str,
)
def test_days_that_cannot_be_are_refused_on_the_page(cast, this_year, client_of, post_form, wrong):
    url = reverse("pledges:drive_set")
    answer = post_form(client_of(cast.home_affairs), url, typed(this_year, **wrong))
    assert answer.status_code == 422
    assert Drive.objects.get(pk=this_year.pk).version == this_year.version


def test_a_year_that_is_over_is_not_set_any_more(cast, campaign, this_year):
    with pytest.raises(StepRefused):
        drives.set_drive(
            campaign=campaign,
            year=this_year.year - 1,
            opens_on=date(this_year.year - 1, 1, 5),
            due_on=date(this_year.year - 1, 3, 1),
            ladder=[0],
            escalate_after=7,
            seen_version=1,
            by=afresh(cast.home_affairs),
        )


@pytest.mark.parametrize("role", ["head", "clerk", "official", "leadership", "union_chair"])
def test_nobody_else_sets_it(cast, this_year, client_of, role):
    assert client_of(cast.people[role]).get(reverse("pledges:drive_set")).status_code == 403


def test_the_next_year_can_be_set_before_it_begins(cast, this_year, client_of, post_form):
    year = this_year.year + 1
    url = f"{reverse('pledges:drive_set')}?nam={year}"
    body = typed(this_year) | {"opens_on": f"05/01/{year}", "due_on": f"28/02/{year}"}
    assert post_form(client_of(cast.home_affairs), url, body).status_code == 302
    assert Drive.objects.get(year=year).due_on == date(year, 2, 28)
