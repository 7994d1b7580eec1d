"""The letter of a day: to whom, what it says, and that nobody gets two, through a real mail server."""

from datetime import timedelta

import pytest

from ledger import clock
from notices import letters
from notices.models import Digest, DigestLine
from notices.services import collect, send_due
from tests.notices.mailserver import Mailbox, mail_server


def status_of(user) -> list[str]:
    return list(Digest.objects.filter(user=user).order_by("on").values_list("status", flat=True))


def test_all_lines_of_a_day_are_one_letter_and_who_has_no_address_gets_none(addressed, mailbox, write):
    write(addressed.official, addressed.head, addressed.stranger, text="Một việc.", effect="one")
    write(addressed.official, text="Hai việc.", effect="two")
    assert send_due() == 2
    assert mailbox.receivers == ["duc@hue.test", "lich@hue.test"]
    (letter,) = mailbox.to("lich@hue.test")
    body = letter.get_content()
    assert "- Một việc.\n- Hai việc.\n" in body and "Đăng nhập để xem: http" in body
    assert send_due() == 0 and status_of(addressed.official) == ["sent"]


def test_a_letter_names_nobody_and_says_who_wrote_it(addressed, mailbox, write):
    write(addressed.official)
    send_due()
    (letter,) = mailbox.to("lich@hue.test")
    everything = letter.as_string() + letter.get_content() + str(letter["Subject"])
    assert addressed.official.full_name not in everything and addressed.official.username not in everything
    assert letter["Auto-Submitted"] == "auto-generated"
    digest = Digest.objects.get(user=addressed.official)
    assert letter["Message-ID"].startswith(f"<{digest.public_id}@")


def test_the_same_effect_stands_in_a_letter_once(addressed, write):
    write(addressed.official)
    write(addressed.official)
    assert DigestLine.objects.count() == 1


def test_what_comes_after_the_letter_left_stands_in_that_of_the_next_day(addressed, mailbox, write, at):
    write(addressed.official, effect="one")
    send_due()
    write(addressed.official, text="Việc đến sau.", effect="two")
    assert send_due() == 0
    at(8, days=1)
    assert send_due() == 1
    assert "Việc đến sau." in mailbox.to("lich@hue.test")[-1].get_content()
    assert len(mailbox.letters) == 2


def test_nothing_leaves_before_half_past_seven(addressed, mailbox, write, at):
    at(7, 10)
    write(addressed.official)
    assert send_due() == 0
    at(7, 31)
    assert send_due() == 1


def test_who_may_not_log_in_any_more_gets_no_letter(addressed, mailbox, write):
    write(addressed.official, addressed.head)
    addressed.official.is_active = False
    addressed.official.save(update_fields=["is_active"])
    assert send_due() == 1 and mailbox.receivers == ["duc@hue.test"]
    assert status_of(addressed.official) == ["dropped"]


def test_who_has_done_his_part_meanwhile_gets_no_letter(addressed, mailbox, write, monkeypatch):
    monkeypatch.setitem(letters.still._entries, "done?", lambda people: people - {addressed.official.pk})
    write(addressed.official, addressed.head, kind="done?")
    assert send_due() == 1 and mailbox.receivers == ["duc@hue.test"]
    assert status_of(addressed.official) == ["dropped"]


def test_one_refused_address_holds_up_nobody_else(addressed, mailbox, write):
    mailbox.refuse["lich@hue.test"] = "550 no such mailbox"
    write(addressed.official, addressed.head, addressed.clerk)
    assert send_due() == 2
    assert mailbox.receivers == ["duc@hue.test", "ut@hue.test"]
    refused = Digest.objects.get(user=addressed.official)
    assert (refused.status, refused.fault) == ("refused", "recipient 550")
    assert "lich" not in refused.fault


def test_a_full_mailbox_is_tried_again_later_and_given_up_in_the_end(addressed, mailbox, write, at):
    mailbox.refuse["lich@hue.test"] = "452 mailbox full"
    write(addressed.official)
    assert send_due() == 0 and send_due() == 0
    assert Digest.objects.get().attempts == 1
    for hour in (13, 14, 16, 20):
        at(hour)
        send_due()
    letter = Digest.objects.get()
    assert (letter.status, letter.attempts) == ("failed", 5)


def test_a_full_mailbox_that_has_room_again_gets_its_letter_once(addressed, mailbox, write, at):
    mailbox.refuse["lich@hue.test"] = "452 mailbox full"
    write(addressed.official)
    send_due()
    mailbox.refuse.clear()
    at(12, 10)
    assert send_due() == 1 and send_due() == 0
    assert len(mailbox.letters) == 1


def test_while_the_mail_server_is_away_letters_wait_and_then_leave_once(
    addressed, settings_of_mail, write, at
):
    with mail_server(Mailbox()) as gone:
        port = gone.port
    settings_of_mail(port)
    write(addressed.official, addressed.head)
    assert send_due() == 0
    assert set(Digest.objects.values_list("status", flat=True)) == {"waiting"}
    at(12, 6)
    with mail_server(Mailbox(port=port)) as back:
        assert send_due() == 2
        assert back.receivers == ["duc@hue.test", "lich@hue.test"]


def test_a_letter_refused_after_reading_is_certain_and_not_sent_twice(addressed, mailbox, write, at):
    mailbox.at_data = "451 try later"
    write(addressed.official)
    assert send_due() == 0 and status_of(addressed.official) == ["waiting"]
    mailbox.at_data = ""
    at(12, 10)
    assert send_due() == 1 and len(mailbox.letters) == 1


def test_a_connection_that_broke_after_the_letter_leaves_what_nobody_knows_and_no_second_letter(
    addressed, mailbox, write, at
):
    mailbox.at_data = "hang up"
    write(addressed.official)
    assert send_due() == 0 and status_of(addressed.official) == ["unsure"]
    mailbox.at_data = ""
    at(20)
    assert send_due() == 0 and mailbox.seen == 1


def test_letters_after_a_broken_connection_go_with_the_next_one(addressed, mailbox, write, at):
    mailbox.at_data = "hang up"
    write(addressed.official, addressed.head, addressed.clerk)
    send_due()
    mailbox.at_data = ""
    at(12, 30)
    assert send_due() == 2 and len(mailbox.letters) == 2
    assert sorted(Digest.objects.values_list("status", flat=True)) == ["sent", "sent", "unsure"]


def test_a_worker_that_died_before_it_spoke_of_a_letter_loses_nothing(addressed, mailbox, write):
    write(addressed.official)
    Digest.objects.update(status="taken", token="a dead worker", lease_until=clock.now() - timedelta(1))
    assert send_due() == 1 and len(mailbox.letters) == 1


def test_a_worker_that_died_while_sending_is_never_made_up_for(addressed, mailbox, write):
    write(addressed.official)
    Digest.objects.update(status="sending", token="a dead worker", lease_until=clock.now() - timedelta(1))
    assert send_due() == 0 and mailbox.letters == []
    assert status_of(addressed.official) == ["unsure"]


def test_what_another_worker_holds_is_left_to_it(addressed, mailbox, write):
    write(addressed.official)
    Digest.objects.update(status="taken", token="another", lease_until=clock.now() + timedelta(minutes=1))
    assert send_due() == 0
    assert Digest.objects.get().token == "another"


def test_a_letter_of_yesterday_gives_way_to_that_of_today(addressed, mailbox, write):
    write(addressed.official, text="Hôm qua.", effect="old", on=clock.today() - timedelta(days=1))
    write(addressed.official, text="Hôm nay.", effect="new")
    assert send_due() == 1
    (letter,) = mailbox.to("lich@hue.test")
    assert "Hôm nay." in letter.get_content() and status_of(addressed.official) == ["dropped", "sent"]


def test_what_could_not_be_sent_for_days_is_given_up(addressed, mailbox, write):
    write(addressed.official, on=clock.today() - timedelta(days=4))
    assert send_due() == 0 and status_of(addressed.official) == ["failed"]


@pytest.mark.parametrize("people", [1, 3])
def test_collecting_takes_the_same_statements_however_many_people(
    addressed, django_assert_num_queries, write, people
):
    users = [addressed.official, addressed.head, addressed.clerk][:people]
    with django_assert_num_queries(6):
        write(*users)


@pytest.mark.parametrize("people", [1, 3])
def test_taking_and_reading_a_batch_takes_the_same_statements(
    addressed, mailbox, django_assert_max_num_queries, write, people
):
    write(*[addressed.official, addressed.head, addressed.clerk][:people])
    # Two statements a letter: before the server hears of it and after; the rest is the batch's.
    with django_assert_max_num_queries(18 + 2 * people):
        assert send_due() == people
    assert collect([], on=clock.today()) == 0
