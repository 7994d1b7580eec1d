"""Who has left comes back as the same person, and a leave written down for a later day is taken back."""

from datetime import date

import pytest
from django.urls import reverse

from ledger.models import Event
from ledger.workflow import StepRefused
from tests.factories import PASSWORD, appoint, make_user
from tests.units.rosters import applied, checked, codes_of, line, line_of
from units import roster, services, slips
from units.models import Employment, User
from units.services.accounts import issue_codes

pytestmark = pytest.mark.usefixtures("in_autumn_2026")

LEFT = date(2026, 9, 1)
BACK = date(2026, 11, 1)
NEXT_YEAR = date(2027, 1, 1)


def leave(user, on=LEFT, ending="left"):
    services.end_employment(user=user, on=on, ending=ending, by=None)


def come_back(cast, user, **more):
    asked = {"unit": cast.school, "category": "vien_chuc", "since": BACK, "by": cast.home_affairs} | more
    return services.reemploy(user=user, **asked)


def again(user: User) -> User:
    return User.objects.get(pk=user.pk)


def page_of(client_of, viewer, user) -> str:
    return client_of(viewer).get(user.get_absolute_url()).content.decode()


def address(route: str, user: User) -> str:
    return reverse(f"units:{route}", args=[user.public_id])


def test_who_left_works_again_as_the_same_person(cast):
    leave(cast.school_official)
    come_back(cast, cast.school_official, unit=cast.division, job_title="Chuyên viên")
    rows = cast.school_official.employments.order_by("since")
    assert [(row.unit, row.since, row.until) for row in rows] == [
        (cast.school, date(2024, 1, 1), LEFT),
        (cast.division, BACK, None),
    ]
    assert again(cast.school_official).job_title == "Chuyên viên"
    told = Event.objects.filter(object_id=cast.school_official.public_id).values_list("kind", flat=True)
    assert "units.reemploy" in told


def test_a_leave_recorded_by_mistake_leaves_no_gap_when_he_comes_back_from_its_day(cast):
    leave(cast.school_official, ending="died")
    come_back(cast, cast.school_official, since=LEFT)
    for day in (date(2026, 8, 31), LEFT, BACK):
        assert roster.headcounts(day, [cast.school.pk])[cast.school.pk] == {"vien_chuc": 3}


def test_nobody_comes_back_while_he_works(cast):
    with pytest.raises(StepRefused, match="đang thuộc Trường Tiểu học Kim Long 1"):
        come_back(cast, cast.school_official)


def test_the_account_of_who_comes_back_is_opened_by_a_new_slip_alone(cast, client_of):
    client = client_of(cast.school_official)
    leave(cast.school_official)
    come_back(cast, cast.school_official)
    assert client.get(reverse("home")).status_code == 302, "a session from before has ended"
    user = again(cast.school_official)
    assert not user.check_password(PASSWORD)
    assert issue_codes(users=[user], unit=cast.school, by=cast.home_affairs) == 1
    services.activate(user=user, password=PASSWORD)
    assert client_of(again(user)).get(reverse("home")).status_code == 200


def test_who_is_employed_again_before_he_leaves_keeps_his_password(cast):
    leave(cast.school_official, on=NEXT_YEAR, ending="contract_over")
    come_back(cast, cast.school_official, since=NEXT_YEAR)
    assert again(cast.school_official).check_password(PASSWORD)
    assert roster.employment_of(cast.school_official, NEXT_YEAR).unit == cast.school


def test_home_affairs_alone_writes_down_that_somebody_comes_back(cast, client_of, post_form):
    leave(cast.school_official)
    assert "Tiếp nhận lại" in page_of(client_of, cast.home_affairs, cast.school_official)
    sent = {"unit": "Trường Tiểu học Kim Long 1", "since": "01/11/2026", "category": "vien_chuc"}
    url = address("person_reemploy", cast.school_official)
    assert post_form(client_of(cast.school_head), url, sent).status_code == 404
    client = client_of(cast.home_affairs)
    form = client.get(url).context["form"]
    assert form["unit"].value() == cast.school.name
    assert post_form(client, url, {**sent, "since": "31/02/2026"}).status_code == 422
    assert post_form(client, url, sent).status_code == 302
    assert roster.employment_of(cast.school_official, BACK).unit == cast.school
    assert "Tiếp nhận lại" not in page_of(client_of, cast.home_affairs, cast.school_official)


def test_a_code_of_somebody_who_left_leads_to_his_page(cast, client_of, post_form):
    leave(cast.school_official)
    url = reverse("units:person_add", args=[cast.school.public_id])
    sent = {"full_name": "Ưng Thị Ẩn", "category": "vien_chuc", "since": "01/11/2026", "post_kind": ""}
    client = client_of(cast.home_affairs)
    shown = post_form(client, url, {**sent, "username": cast.school_official.username}).content.decode()
    assert f'bấm “Tiếp nhận lại” ở <a href="{cast.school_official.get_absolute_url()}">' in shown
    shown = post_form(client, url, {**sent, "username": cast.official.username}).content.decode()
    assert "đã là của Kăn Lịch" in shown and "Tiếp nhận lại" not in shown


def test_the_name_of_who_left_is_only_text_in_the_link_to_his_page(cast, client_of, post_form):
    stranger = make_user("<b>Tên</b>")
    Employment.objects.create(
        user=stranger, unit=cast.school, category="vien_chuc", since=date(2024, 1, 1), until=LEFT
    )
    url = reverse("units:person_add", args=[cast.school.public_id])
    sent = {"full_name": "A", "category": "vien_chuc", "since": "01/11/2026", "username": stranger.username}
    shown = post_form(client_of(cast.home_affairs), url, sent).content.decode()
    assert "&lt;b&gt;Tên&lt;/b&gt;" in shown and "<b>Tên</b>" not in shown


def test_a_roster_says_who_writes_down_that_somebody_comes_back(cast):
    leave(cast.school_official)
    row = line(cast.school_official.username, cast.school_official.full_name, unit=cast.school.name)
    found = checked(cast.school, again(cast.school_head), row)
    assert codes_of(found) == [("A2", "person_has_left")]
    assert "Sở Nội vụ ghi “Tiếp nhận lại”" in found.faults.get().message


@pytest.mark.parametrize("ending", sorted(Employment.FINAL))
def test_nobody_who_left_for_good_comes_back_by_a_roster_alone(cast, ending):
    leave(cast.school_official, ending=ending)
    row = line(cast.school_official.username, cast.school_official.full_name, unit=cast.school.name)
    assert codes_of(checked(cast.school, again(cast.school_head), row)) == [("A2", "person_has_left")]


def test_who_was_missing_on_a_list_and_is_on_a_later_one_gets_in_by_a_new_slip_alone(cast, client_of):
    client = client_of(cast.school_official)
    everybody = [line_of(user) for user in (cast.school_head, cast.union_chair, cast.school_official)]
    applied(cast.school, again(cast.school_head), *everybody[:2], complete=True, on=LEFT)
    stays, epoch = again(cast.union_chair).password, again(cast.school_official).session_epoch
    applied(cast.school, again(cast.school_head), *everybody, on=BACK)
    user = again(cast.school_official)
    assert roster.employment_of(user, BACK).unit == cast.school
    assert not user.has_usable_password() and user.session_epoch == epoch + 1
    assert client.get(reverse("home")).status_code == 302
    assert again(cast.union_chair).password == stays


def test_who_is_to_come_back_on_a_later_day_gets_no_slip_before_it(cast):
    leave(cast.school_official)
    come_back(cast, cast.school_official, since=NEXT_YEAR)
    user = again(cast.school_official)
    assert not user.has_usable_password()
    assert user not in slips.waiting(cast.school, again(cast.home_affairs)).without
    with pytest.raises(StepRefused, match="hiện không thuộc đơn vị nào"):
        services.renew_code(user=user, by=cast.home_affairs)


def test_a_leave_to_come_is_taken_back_and_he_works_on(cast):
    leave(cast.clerk, on=NEXT_YEAR, ending="retired")
    services.take_back_leave(user=cast.clerk, reason="Ghi nhầm người", by=cast.home_affairs)
    row = cast.clerk.employments.get()
    assert (row.until, row.ending) == (None, "")
    assert Event.objects.get(kind="units.take_back_leave").data == {"on": "2027-01-01", "ending": "retired"}
    leave(cast.clerk, on=date(2027, 6, 1), ending="retired")


def test_a_return_that_the_leave_had_annulled_comes_to_pass_again(cast):
    services.second(
        user=cast.official, host=cast.school, since=LEFT, until=date(2027, 3, 1), decision="QĐ 7", by=None
    )
    leave(cast.official, on=NEXT_YEAR)
    services.take_back_leave(user=cast.official, by=None)
    assert roster.employment_of(cast.official, date(2027, 2, 28)).unit == cast.school
    assert roster.employment_of(cast.official, date(2027, 3, 1)).unit == cast.division


@pytest.mark.parametrize("on", [None, LEFT], ids=["works on", "left already"])
def test_only_a_leave_that_is_still_to_come_is_taken_back(cast, on):
    if on:
        leave(cast.official, on=on)
    with pytest.raises(StepRefused, match="không có lần nghỉ hưu, thôi việc nào còn ở phía trước"):
        services.take_back_leave(user=cast.official, by=None)


def test_who_may_write_down_a_leave_takes_it_back_through_the_page(cast, client_of, post_form):
    services.absent(user=cast.official, kind="long_leave", reason="Đi học", since=LEFT, by=None)
    leave(cast.official, on=NEXT_YEAR)
    assert "Bỏ ghi nghỉ hưu, thôi việc" in page_of(client_of, cast.head, cast.official)
    assert "Tiếp nhận lại" not in page_of(client_of, cast.head, cast.official)
    url = address("person_stay", cast.official)
    client = client_of(cast.head)
    assert "Bỏ ghi “thôi việc” từ 01/01/2027; người này làm việc tiếp." in client.get(url).content.decode()
    assert post_form(client, url).status_code == 302
    assert not again(cast.official).has_left_by(NEXT_YEAR)
    assert "Bỏ ghi nghỉ hưu, thôi việc" not in page_of(client_of, cast.head, cast.official)


def test_the_page_names_what_does_not_come_back_by_itself(cast, client_of):
    appoint(cast.head, cast.ward, "inspector", "Đoàn kiểm tra", since=date(2027, 2, 1))
    appoint(cast.head, cast.ward, "clerk", "Văn thư", until=LEFT)
    for since in (LEFT, date(2027, 3, 1)):
        until = date(2026, 10, 1) if since == LEFT else None
        services.absent(user=cast.head, kind="long_leave", reason="Đi học", since=since, until=until, by=None)
    leave(cast.head, on=NEXT_YEAR)
    shown = client_of(cast.home_affairs).get(address("person_stay", cast.head)).content.decode()
    here = "UBND phường Kim Long"
    assert f"cần thì giao lại: Chủ tịch UBND phường, {here}; Đoàn kiểm tra, {here}.</li>" in shown
    assert "cần thì ghi lại: nghỉ dài ngày từ 01/03/2027.</li>" in shown


def test_an_end_that_was_known_before_the_leave_is_known_again(cast, client_of):
    ends = date(2027, 6, 1)
    cast.official.employments.update(until=ends, ending="contract_over")
    leave(cast.official, on=NEXT_YEAR, ending="retired")
    shown = client_of(cast.home_affairs).get(address("person_stay", cast.official)).content.decode()
    assert "Lần kết thúc đã ghi trước đó trở lại: hết hợp đồng từ 01/06/2027." in shown
    services.take_back_leave(user=cast.official, by=None)
    row = cast.official.employments.get()
    assert (row.until, row.ending) == (ends, "contract_over")


def test_a_return_comes_to_pass_again_with_its_own_end(cast, client_of):
    ends = date(2027, 6, 1)
    cast.official.employments.update(until=ends, ending="retired")
    services.second(
        user=cast.official, host=cast.school, since=LEFT, until=date(2027, 3, 1), decision="QĐ 7", by=None
    )
    leave(cast.official, on=NEXT_YEAR)
    shown = client_of(cast.home_affairs).get(address("person_stay", cast.official)).content.decode()
    assert "Lại về Phòng Văn hóa - Xã hội phường Kim Long từ 01/03/2027 như đã định." in shown
    services.take_back_leave(user=cast.official, by=None)
    rows = cast.official.employments.order_by("since").values_list("unit", "until", "ending")
    assert list(rows)[1:] == [
        (cast.school.pk, date(2027, 3, 1), "returned"),
        (cast.division.pk, ends, "retired"),
    ]
