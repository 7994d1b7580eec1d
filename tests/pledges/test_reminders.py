"""Who is reminded, when, of what, and that nobody is told twice (features S12, S14; rule R12)."""

from datetime import date, datetime, time, timedelta

import pytest

from ledger import clock
from ledger.models import Event
from notices.models import Digest, DigestLine, Notice
from notices.services import send_due
from pledges import reminding
from pledges.models import Drive, Pledge, Refusal, Reminding
from pledges.services import reminders
from pledges.tasks import remind_due
from tests.factories import appoint, employ, make_user, person
from tests.pledges.acts import confirm, sign
from tests.pledges.test_substitutes import stand_in
from units.models import Absence, Appointment, Employment, User

# Thursday 1 October opens, Friday 30 October 2026 is the day.
OPENS, DUE = date(2026, 10, 1), date(2026, 10, 30)


@pytest.fixture
def drive(campaign, cast, on_day) -> Drive:
    on_day(OPENS)
    Drive.objects.all().delete()
    return Drive.objects.create(
        campaign=campaign, year=2026, opens_on=OPENS, due_on=DUE, ladder=[-14, 0], escalate_after=7
    )


@pytest.fixture
def reminded_on(on_day, drive):
    """`reminded_on(day)` → the reminding that the beat of that noon made, or None."""

    def run(day: date) -> Reminding | None:
        on_day(day)
        return reminders.remind_due()

    return run


def told(user: User, *, on: date | None = None) -> list[str]:
    rows = Notice.objects.filter(user=user, effect__startswith="pledges.")
    if on is not None:
        rows = rows.filter(effect__contains=f":{on:%Y%m%d}:")
    return list(rows.order_by("pk").values_list("text", flat=True))


def test_when_it_opens_everybody_who_owes_is_told_once_and_nobody_else(cast, reminded_on):
    made = reminded_on(OPENS)
    assert told(cast.official) == ["Bản cam kết năm 2026 chưa ký; hạn hết ngày 30/10/2026."]
    assert told(cast.chair_of_province) == [], "he pledges on paper: nobody is above him"
    assert made and made.people == len(cast.people) - 1
    assert reminded_on(OPENS) is None and len(told(cast.official)) == 1


def test_on_the_days_of_the_ladder_who_has_signed_is_left_alone(cast, campaign, reminded_on):
    reminded_on(OPENS)
    sign(cast.official, campaign)
    rung = date(2026, 10, 16)
    reminded_on(rung)
    assert told(cast.official, on=rung) == []
    assert told(cast.school_official, on=rung) == ["Bản cam kết năm 2026 chưa ký; hạn hết ngày 30/10/2026."]


def test_between_them_nobody_is_told_again(cast, reminded_on):
    reminded_on(OPENS)
    made = reminded_on(OPENS + timedelta(days=1))
    assert made and (made.people, made.heads) == (0, 0)


def test_on_the_day_and_after_it_the_sentence_names_the_day(cast, reminded_on):
    reminded_on(DUE)
    assert told(cast.official) == ["Bản cam kết năm 2026 chưa ký; hạn hết ngày 30/10/2026."]
    late = date(2026, 11, 6)
    reminded_on(late)
    assert told(cast.official, on=late) == [
        "Bản cam kết năm 2026 chưa ký; hạn chung là ngày 30/10/2026, đã qua."
    ]


def test_after_days_of_silence_one_reminding_makes_up_for_all(cast, reminded_on):
    reminded_on(OPENS)
    reminded_on(date(2026, 11, 2))
    assert Reminding.objects.count() == 2
    assert len(told(cast.official)) == 2
    assert reminded_on(date(2026, 11, 3)).people == 0


def test_not_at_night_and_not_on_days_off(cast, drive, monkeypatch, on_day, reminded_on):
    assert reminded_on(date(2026, 10, 17)) is None, "a Saturday"
    early = datetime.combine(date(2026, 10, 16), time(6, 59), clock.VIETNAM)
    shift = early - clock.now() + clock.offset()
    monkeypatch.setenv(clock.OFFSET_VARIABLE, str(shift.total_seconds()))
    assert reminders.remind_due() is None and Reminding.objects.count() == 0


def test_not_before_the_drive_opens(reminded_on):
    assert reminded_on(OPENS - timedelta(days=1)) is None


def test_who_is_excused_on_long_leave_or_has_refused_is_not_told(cast, campaign, reminded_on):
    Absence.objects.create(user=cast.official, kind="long_leave", reason="Thai sản", since=OPENS)
    Absence.objects.create(
        user=cast.clerk, kind="excused", reason="Điều trị", since=OPENS, until=date(2026, 12, 1)
    )
    Refusal.objects.create(
        campaign=campaign,
        year=2026,
        user=cast.school_official,
        unit=cast.school,
        signing_unit=cast.school,
        reason="Riêng.",
    )
    reminded_on(OPENS)
    for user in (cast.official, cast.clerk, cast.school_official):
        assert told(user) == []


def test_who_joins_is_told_with_the_next_day_also_when_entered_late(cast, reminded_on):
    reminded_on(OPENS)
    newcomer = make_user("Lê Mới")
    employ(newcomer, cast.school, since=date(2026, 9, 15))
    reminded_on(date(2026, 10, 5))
    assert told(newcomer) == ["Bản cam kết năm 2026 chưa ký; hạn hết ngày 30/10/2026."]
    reminded_on(date(2026, 10, 6))
    assert len(told(newcomer)) == 1 and len(told(cast.official)) == 1


def test_who_comes_back_from_long_leave_is_told_when_he_is_back(cast, reminded_on):
    reminded_on(OPENS)
    Absence.objects.create(
        user=cast.official, kind="long_leave", reason="Học", since=date(2026, 10, 2), until=date(2026, 10, 20)
    )
    reminded_on(date(2026, 10, 16))
    reminded_on(date(2026, 10, 20))
    assert len(told(cast.official)) == 2


def test_new_words_are_told_to_who_had_signed(cast, campaign, drive, reminded_on):
    pledge = sign(cast.official, campaign)
    reminded_on(OPENS)
    assert told(cast.official) == []
    Pledge.objects.filter(pk=pledge.pk).update(stale_since=clock.now())
    reminded_on(date(2026, 10, 5))
    assert told(cast.official) == ["Bản cam kết năm 2026 phải ký lại; hạn hết ngày 30/10/2026."]


def test_heads_and_chairs_hear_how_many_wait_and_how_many_are_missing(cast, campaign, drive, reminded_on):
    sign(cast.school_official, campaign)
    confirm(sign(cast.school_head, campaign), cast.head)
    reminded_on(DUE)
    waits = "1 bản cam kết chờ ông/bà xác nhận"
    assert f"Cam kết năm 2026, đến ngày 30/10/2026: {waits}; 1 người của đơn vị chưa ký." in told(
        cast.school_head
    )
    pledge = Pledge.objects.get(user=cast.school_official)
    confirm(pledge, cast.school_head)
    late = date(2026, 11, 6)
    reminded_on(late)
    assert f"Cam kết năm 2026, đến ngày 06/11/2026: {waits}." in told(cast.union_chair, on=late)


@pytest.fixture
def of_the_teacher(cast, campaign, drive) -> Pledge:
    """Confirmed by the headmistress; it waits for the union of the school."""
    return confirm(sign(cast.school_official, campaign), cast.school_head)


@pytest.mark.parametrize("how", ["the union ended", "nobody else is in it"])
def test_what_a_union_that_takes_no_part_is_waited_for_is_the_head_s_to_close(
    cast, of_the_teacher, reminded_on, how
):
    if how == "the union ended":
        cast.school.unions.update(until=date(2026, 10, 10))
    else:
        Appointment.objects.filter(user=cast.union_chair).update(until=date(2026, 10, 10))
        appoint(
            cast.school_official, cast.school, "union_chair", "Chủ tịch Công đoàn", since=date(2026, 10, 10)
        )
    reminded_on(DUE)
    assert any("1 bản cam kết chờ" in text for text in told(cast.school_head))
    for chair in (cast.union_chair, cast.school_official):
        assert not any("chờ ông/bà xác nhận" in text for text in told(chair))


@pytest.mark.parametrize(("functions", "hears"), [((), True), (("pledges",), True), (("reports",), False)])
def test_at_a_vacant_post_who_stands_in_with_a_right_to_pledges_hears(
    cast, campaign, reminded_on, functions, hears
):
    deputy = person("Lê Phó", cast.school, post=("deputy", "Phó Hiệu trưởng"))
    stand_in(deputy, cast.school, "deputises", *functions)
    sign(cast.school_official, campaign)
    rung = date(2026, 10, 16)
    reminded_on(rung)
    assert not any("chờ ông/bà" in text for text in told(deputy)), "the headmistress is there"
    Appointment.objects.filter(user=cast.school_head).update(until=rung)
    reminded_on(DUE)
    assert any("1 bản cam kết chờ ông/bà" in text for text in told(deputy)) is hears


def test_after_a_week_the_head_above_hears_and_after_two_home_affairs(cast, drive, reminded_on):
    above = "Quá hạn ký cam kết năm 2026, đến ngày 06/11/2026: 1 đơn vị bên dưới còn 3 người chưa ký."
    reminded_on(DUE)
    assert not any("Quá hạn" in text for text in told(cast.head))
    first = date(2026, 11, 6)
    reminded_on(first)
    assert above in told(cast.head, on=first)
    assert not any("Quá hạn" in text for text in told(cast.home_affairs))
    second = date(2026, 11, 13)
    reminded_on(second)
    assert [text for text in told(cast.home_affairs, on=second) if "Quá hạn" in text]


def test_a_new_head_hears_and_the_old_one_does_not(cast, drive, reminded_on):
    Appointment.objects.filter(user=cast.school_head).update(until=DUE)
    appoint(cast.school_official, cast.school, "head", "Hiệu trưởng", since=DUE)
    reminded_on(DUE)
    assert any("của đơn vị" in text for text in told(cast.school_official))
    assert not any("của đơn vị" in text for text in told(cast.school_head))


def test_an_earlier_notice_is_laid_aside_by_a_newer_one(cast, reminded_on):
    reminded_on(OPENS)
    reminded_on(date(2026, 10, 16))
    unread = Notice.objects.filter(user=cast.official, read_at__isnull=True)
    assert unread.count() == 1 and ":20261016:" in unread.get().effect


def test_one_letter_a_person_holds_all_that_he_is_told_that_day(cast, reminded_on):
    User.objects.filter(pk=cast.school_head.pk).update(email="hieutruong@hue.test")
    reminded_on(DUE)
    (letter,) = Digest.objects.all()
    assert letter.user_id == cast.school_head.pk and letter.on == DUE
    texts = list(DigestLine.objects.values_list("text", flat=True))
    assert len(texts) == 2
    names = [user.full_name for user in cast.people.values()]
    assert not any(name in text for name in names for text in texts)


@pytest.fixture
def letter_to_the_head(cast, campaign, drive, reminded_on):
    """Written on the day, while the mail server was away: a pledge waits for the headmistress, a teacher has none."""
    User.objects.filter(pk=cast.school_head.pk).update(email="hieutruong@hue.test")
    confirm(sign(cast.school_head, campaign), cast.head)
    sign(cast.union_chair, campaign)
    reminded_on(DUE)
    return Digest.objects.get()


@pytest.fixture
def sent_late(letter_to_the_head, mailoutbox, on_day):
    """`sent_late()` → what the letters say that leave three days later."""

    def send() -> list[str]:
        on_day(date(2026, 11, 2))
        send_due()
        return [letter.body for letter in mailoutbox]

    return send


def test_a_letter_that_leaves_late_says_of_which_day_its_figures_are(sent_late):
    (body,) = sent_late()
    assert "đến ngày 30/10/2026: 1 bản cam kết chờ ông/bà xác nhận; 1 người của đơn vị chưa ký." in body


@pytest.mark.parametrize("left", ["one waits", "one has not signed", "nothing"])
def test_it_leaves_while_something_waits_or_is_missing(cast, campaign, sent_late, left):
    if left != "one waits":
        confirm(Pledge.objects.get(user=cast.union_chair), cast.school_head)
    if left != "one has not signed":
        pledge = sign(cast.school_official, campaign)
        confirm(pledge, cast.school_head)
    assert len(sent_late()) == (0 if left == "nothing" else 1)


def test_before_a_letter_leaves_the_same_is_asked_however_many_read_it(
    cast, of_the_teacher, django_assert_num_queries
):
    for readers in ([cast.school_head.pk], [user.pk for user in cast.people.values()]):
        with django_assert_num_queries(5):
            reminding.still_asked(readers)
    waiting = reminding.still_asked([user.pk for user in cast.people.values()])
    assert {cast.union_chair.pk, cast.school_head.pk} <= waiting


def test_who_left_or_moved_out_between_two_days_is_told_where_he_is_or_not_at_all(cast, reminded_on):
    reminded_on(OPENS)
    Employment.objects.filter(user=cast.official).update(until=date(2026, 10, 10))
    rung = date(2026, 10, 16)
    reminded_on(rung)
    assert told(cast.official, on=rung) == []


def test_it_leaves_one_event_a_day_and_the_slot_is_unique(cast, drive, reminded_on):
    reminded_on(OPENS)
    assert reminders.remind(drive=drive, on=OPENS) is None
    event = Event.objects.get(kind="pledges.drive.remind")
    assert event.data == {"on": "2026-10-01", "people": len(cast.people) - 1, "heads": 0, "all": False}


def test_the_beat_and_the_start_of_a_worker_ask_the_same(cast, drive, on_day):
    on_day(OPENS)
    assert remind_due() is True and remind_due() is False


def test_any_page_tells_the_worker_once_a_day_and_asks_the_database_nothing(
    cast, drive, on_day, django_assert_num_queries, monkeypatch
):
    sent = []
    monkeypatch.setattr(reminders.current_app, "send_task", lambda name, **more: sent.append(name))
    reminders._nudged.clear()
    on_day(OPENS)
    with django_assert_num_queries(0):
        reminders.nudge()
        reminders.nudge()
    on_day(OPENS + timedelta(days=1))
    reminders.nudge()
    assert sent == [reminders.TASK, reminders.TASK]


@pytest.mark.parametrize("people", [1, 30])
def test_a_reminding_takes_the_same_statements_however_many_people(
    cast, drive, django_assert_num_queries, on_day, people
):
    for number in range(people):
        person(f"Lê Thị {number}", cast.school)
    User.objects.update(email="ai@hue.test")
    on_day(DUE)
    with django_assert_num_queries(26):
        reminders.remind(drive=drive, on=DUE)
