"""Who may act for a head, in which manner, for how long, and what stands above his name (decree 30/2020)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from ledger.workflow import StepRefused
from tests.factories import appoint, employ, make_user, person
from units import faults, roster, services, signing, slips
from units.models import Appointment, Employment, FactorReset, Post, User

pytestmark = pytest.mark.usefixtures("in_autumn_2026")

TODAY = date(2026, 11, 22)
SINCE, UNTIL = date(2026, 6, 1), date(2027, 1, 1)
PAPER = {"document": "QĐ số 9/QĐ-UBND", "covers": "Ký báo cáo quý", "until": UNTIL}


@pytest.fixture
def deputy(cast):
    return person("Phạm Thị Hương", cast.ward, post=("deputy", "Phó Chủ tịch UBND phường"))


def post_of_head(unit):
    return Post.objects.get(unit=unit, kind="head")


def vacate(user, on=SINCE):
    Appointment.objects.filter(user=user).update(until=on)


def give(cast, user, manner, by=None, **fields):
    asked = {"since": SINCE, **fields}
    return services.appoint(post=post_of_head(cast.ward), user=user, manner=manner, by=by, **asked)


@pytest.mark.parametrize("manner", ["holder", "acting", "in_charge"])
def test_a_head_s_post_is_occupied_by_one_in_whatever_manner(cast, deputy, manner):
    with pytest.raises(StepRefused, match="Tôn Thất Đức đang giữ chức vụ Chủ tịch UBND phường từ 01/01/2024"):
        give(cast, deputy, manner)
    vacate(cast.head)
    give(cast, deputy, manner)
    with pytest.raises(StepRefused, match="Phạm Thị Hương đang giữ"):
        give(cast, cast.clerk, "holder", since=TODAY)


@pytest.mark.parametrize("manner", ["deputises", "by_order", "by_authority"])
def test_while_the_post_is_vacant_there_is_nobody_to_act_for(cast, deputy, manner):
    vacate(cast.head)
    with pytest.raises(StepRefused, match="đang khuyết"):
        give(cast, deputy, manner, **PAPER)


def test_only_a_deputy_of_the_same_unit_signs_for_the_head(cast, deputy):
    with pytest.raises(StepRefused, match="không phải cấp phó"):
        give(cast, cast.clerk, "deputises")
    elsewhere = person("Phó Nơi Khác", cast.other_ward, post=("deputy", "Phó Chủ tịch UBND xã"))
    with pytest.raises(StepRefused, match="không phải cấp phó"):
        give(cast, elsewhere, "deputises")
    assert give(cast, deputy, "deputises").given_by.user == cast.head


def test_a_deputy_signs_for_the_head_no_longer_than_he_is_deputy(cast, deputy):
    Appointment.objects.filter(user=deputy).update(until=date(2026, 10, 1))
    with pytest.raises(StepRefused, match="chỉ là cấp phó từ 01/01/2024 đến hết 30/09/2026"):
        give(cast, deputy, "deputises", until=UNTIL)


def give_clerk(cast, unit, user, **fields):
    post, _ = Post.objects.get_or_create(unit=unit, kind="clerk", title="Cán bộ đầu mối")
    return services.appoint(post=post, user=user, by=cast.home_affairs, **({"since": SINCE} | fields))


def test_a_post_given_where_one_is_seconded_ends_with_the_planned_return(cast):
    services.second(
        user=cast.official, host=cast.other_ward, since=SINCE, until=TODAY, decision="QĐ 7", by=None
    )
    assert give_clerk(cast, cast.other_ward, cast.official).until == TODAY
    assert not User.objects.get(pk=cast.official.pk).posts_today


def test_a_post_given_to_who_is_to_leave_ends_with_his_work(cast):
    services.end_employment(user=cast.official, on=UNTIL, ending="retired", by=None)
    assert give_clerk(cast, cast.division, cast.official).until == UNTIL
    services.end_employment(user=cast.school_official, on=UNTIL, ending="retired", by=None)
    with pytest.raises(StepRefused, match="Ưng Thị Ẩn nghỉ hưu từ ngày 01/01/2027"):
        give_clerk(cast, cast.school, cast.school_official, until=date(2027, 2, 1))


def test_a_post_where_one_is_to_work_no_more_ends_earlier_or_needs_a_document(cast):
    services.move_person(user=cast.official, unit=cast.school, on=UNTIL, by=None)
    with pytest.raises(StepRefused, match=r"phường Kim Long đến trước ngày 01/01/2027\. .* giao kiêm nhiệm"):
        give_clerk(cast, cast.division, cast.official, until=date(2027, 2, 1))
    assert give_clerk(cast, cast.division, cast.official, document="QĐ 5 giao kiêm nhiệm").until is None


@pytest.mark.parametrize("ending", sorted(Employment.FINAL))
def test_no_document_keeps_a_post_for_who_leaves_for_good(cast, ending):
    services.end_employment(user=cast.official, on=UNTIL, ending=ending, by=None)
    assert give_clerk(cast, cast.ward, cast.official, document="QĐ 5").until == UNTIL
    with pytest.raises(StepRefused, match=r"Kăn Lịch .* từ ngày 01/01/2027"):
        give_clerk(cast, cast.school, cast.official, document="QĐ 5", since=UNTIL)


def test_a_post_lasts_where_one_is_employed_again_on_the_day_one_leaves(cast):
    services.end_employment(user=cast.official, on=UNTIL, ending="contract_over", by=None)
    again = {"user": cast.official, "unit": cast.division, "category": "vien_chuc", "by": None}
    services.reemploy(since=UNTIL, **again)
    assert give_clerk(cast, cast.division, cast.official).until is None


def test_a_change_of_category_does_not_end_a_post_a_later_move_does(cast):
    cast.official.employments.update(until=TODAY)
    employ(cast.official, cast.division, "can_bo", since=TODAY)
    row = give_clerk(cast, cast.division, cast.official)
    assert row.until is None
    services.end_appointment(appointment=row, on=TODAY, by=cast.home_affairs)
    services.move_person(user=cast.official, unit=cast.school, on=UNTIL, by=None)
    assert give_clerk(cast, cast.division, cast.official, since=TODAY).until == UNTIL


def test_acting_by_order_ends_with_the_work_below_the_head(cast):
    services.end_employment(user=cast.official, on=UNTIL, ending="retired", by=None)
    assert give(cast, cast.official, "by_order", by=cast.head).until == UNTIL
    services.move_person(user=cast.school_official, unit=cast.division, on=UNTIL, by=None)
    assert give(cast, cast.school_official, "by_order", by=cast.head).until is None
    services.move_person(user=cast.clerk, unit=cast.other_ward, on=UNTIL, by=None)
    assert give(cast, cast.clerk, "by_order", by=cast.head).until == UNTIL


def test_no_document_is_asked_for_where_none_would_help(cast):
    services.move_person(user=cast.official, unit=cast.other_ward, on=date(2026, 12, 1), by=None)
    with pytest.raises(StepRefused) as refusal:
        give(cast, cast.official, "by_authority", **PAPER)
    assert str(refusal.value) == (
        "Kăn Lịch chỉ làm việc tại UBND phường Kim Long và đơn vị trực thuộc đến trước ngày 01/12/2026. Chọn ngày kết "
        "thúc không muộn hơn."
    )


def test_who_ceases_to_be_deputy_ceases_to_sign_for_the_head(cast, deputy):
    row = give(cast, deputy, "deputises")
    second = appoint(deputy, cast.ward, "deputy", "Phó Chủ tịch thường trực")
    elsewhere = appoint(deputy, cast.other_ward, "deputy", "Phó Chủ tịch UBND xã")
    first = deputy.appointments.exclude(pk__in=[row.pk, second.pk, elsewhere.pk]).get()
    services.end_appointment(appointment=first, on=TODAY, by=cast.home_affairs)
    row.refresh_from_db()
    assert row.until is None, "he is deputy in a second post"
    services.end_appointment(appointment=second, on=TODAY, by=cast.home_affairs)
    row.refresh_from_db()
    assert row.until == TODAY


def test_a_deputy_who_goes_takes_no_other_deputy_along(cast, deputy):
    other = person("Phó Thứ Hai", cast.ward, post=("deputy", "Phó Chủ tịch UBND phường"))
    row = give(cast, other, "deputises")
    # Data of before this rule: nobody else's end may touch them.
    Appointment.objects.filter(user=other, post__kind="deputy").update(until=date(2026, 10, 1))
    services.end_appointment(appointment=deputy.appointments.get(), on=TODAY, by=cast.home_affairs)
    row.refresh_from_db()
    assert row.until is None


@pytest.mark.parametrize("manner", ["by_order", "by_authority"])
def test_by_order_and_by_authority_stay_within_the_unit_and_below(cast, manner):
    with pytest.raises(StepRefused, match="không thuộc UBND phường Kim Long"):
        give(cast, cast.stranger, manner, **PAPER)
    assert give(cast, cast.official, manner, **PAPER), "a division of the ward"


@pytest.mark.parametrize("missing", sorted(PAPER))
def test_an_authority_needs_its_document_its_scope_and_its_end(cast, missing):
    fields = {**PAPER, missing: None if missing == "until" else ""}
    with pytest.raises(StepRefused, match="phải có văn bản, phạm vi"):
        give(cast, cast.clerk, "by_authority", **fields)


def test_nothing_is_passed_on(cast, deputy):
    received = give(cast, cast.clerk, "by_authority", **PAPER)
    with pytest.raises(StepRefused, match="không giao lại"):
        give(cast, cast.official, "by_authority", given_by=received, **PAPER)
    clerk = User.objects.get(pk=cast.clerk.pk)
    with pytest.raises(StepRefused, match="không giao được chức vụ"):
        give(cast, deputy, "deputises", by=clerk, given_by=cast.head.appointments.get())


def test_a_substitute_s_time_lies_within_the_giver_s(cast, deputy):
    Appointment.objects.filter(user=cast.head).update(until=date(2026, 12, 1))
    for until in (None, UNTIL):
        with pytest.raises(StepRefused, match="từ 01/01/2024 đến hết 30/11/2026"):
            give(cast, deputy, "deputises", until=until)
    row = give(cast, deputy, "deputises", until=date(2026, 12, 1))
    services.end_appointment(appointment=cast.head.appointments.get(), on=TODAY, by=cast.home_affairs)
    row.refresh_from_db()
    assert row.until == TODAY, "it ends with the giver's"


def test_nobody_acts_for_himself_and_only_a_head_is_acted_for(cast, deputy):
    with pytest.raises(StepRefused, match="đang giữ chức vụ"):
        give(cast, cast.head, "by_order")
    with pytest.raises(StepRefused, match="Chỉ người đứng đầu"):
        post = Post.objects.get(unit=cast.ward, kind="clerk")
        services.appoint(post=post, user=deputy, manner="by_order", since=SINCE, by=None)
    with pytest.raises(StepRefused, match="Chọn hình thức"):
        services.substitute(
            given_by=cast.head.appointments.get(), user=deputy, manner="holder", since=SINCE, by=cast.head
        )


def test_only_a_substitute_is_limited_and_only_to_what_there_is(cast, deputy):
    with pytest.raises(StepRefused, match="Không có chức năng chess"):
        give(cast, deputy, "deputises", functions=["chess"])
    vacate(cast.head)
    with pytest.raises(StepRefused, match="mới giới hạn theo chức năng"):
        give(cast, deputy, "acting", functions=["reports"])


def test_an_inspector_has_a_decision_and_a_term(cast):
    post = services.create_post(
        unit=cast.home_affairs_unit,
        kind="inspector",
        title="Thành viên Đoàn kiểm tra số 1",
        by=cast.home_affairs,
    )
    asked = {"post": post, "user": cast.stranger, "since": SINCE, "by": cast.home_affairs}
    for fields in ({"document": "QĐ 5"}, {"until": UNTIL}):
        with pytest.raises(StepRefused, match="theo quyết định có số và có thời hạn"):
            services.appoint(**asked, **fields)
    assert services.appoint(**asked, document="QĐ 5", until=UNTIL)


@pytest.mark.parametrize("kind", ["home_affairs", "leadership", "standing_committee"])
def test_what_reaches_over_the_province_is_given_by_the_leaders_of_home_affairs_alone(cast, kind):
    root_post = services.create_post(
        unit=cast.home_affairs_unit, kind=kind, title="Chức vụ mới", by=cast.home_affairs_head
    )
    assert root_post.scope == cast.root
    with pytest.raises(StepRefused, match="không giao được"):
        services.appoint(post=root_post, user=cast.stranger, since=SINCE, by=cast.home_affairs)
    with pytest.raises(StepRefused, match="không lập được"):
        services.create_post(unit=cast.ward, kind=kind, title="Khác", by=cast.home_affairs)
    assert services.appoint(post=root_post, user=cast.stranger, since=SINCE, by=cast.home_affairs_head)


def test_while_home_affairs_has_no_head_its_officials_put_one_in(cast):
    post = post_of_head(cast.home_affairs_unit)
    asked = {"post": post, "user": cast.clerk, "since": TODAY, "by": cast.home_affairs}
    with pytest.raises(StepRefused):
        services.appoint(**asked)
    vacate(cast.home_affairs_head)
    asked["by"] = User.objects.get(pk=cast.home_affairs.pk)
    assert services.appoint(**asked)


@pytest.mark.parametrize(
    ("role", "kind", "may"),
    [
        ("head", "clerk", True),
        ("head", "head", False),
        ("head", "union_chair", False),
        ("chair_of_province", "head", True),
        ("home_affairs", "head", True),
        ("clerk", "clerk", False),
        ("other_head", "clerk", False),
        ("official", "clerk", False),
    ],
)
def test_who_gives_posts_of_the_ward(cast, role, kind, may):
    vacate(cast.head, TODAY) if kind == "head" else None
    post, _ = Post.objects.get_or_create(unit=cast.ward, kind=kind, defaults={"title": "Chức vụ"})
    asked = {"post": post, "user": make_user("Người Được Giao"), "since": TODAY, "by": getattr(cast, role)}
    if may:
        assert services.appoint(**asked)
    else:
        with pytest.raises(StepRefused, match="không giao được chức vụ"):
            services.appoint(**asked)


def test_nobody_gives_himself_a_post(cast):
    post = services.create_post(unit=cast.ward, kind="deputy", title="Phó Chủ tịch", by=cast.head)
    with pytest.raises(StepRefused, match="chính mình"):
        services.appoint(post=post, user=cast.head, since=TODAY, by=cast.head)


def test_a_post_is_made_once_and_keeps_its_name_apart(cast):
    with pytest.raises(StepRefused, match="đã có chức vụ người đứng đầu"):
        services.create_post(unit=cast.ward, kind="head", title="Chủ tịch", by=cast.home_affairs)
    first = services.create_post(unit=cast.ward, kind="deputy", title="Phó Chủ tịch", by=cast.head)
    with pytest.raises(StepRefused, match="đã có chức vụ Phó Chủ tịch"):
        services.create_post(unit=cast.ward, kind="deputy", title="Phó Chủ tịch", by=cast.head)
    other = services.create_post(unit=cast.ward, kind="deputy", title="Phó Chủ tịch thứ hai", by=cast.head)
    with pytest.raises(StepRefused, match="đã có chức vụ Phó Chủ tịch"):
        services.rename_post(post=other, title="Phó Chủ tịch", by=cast.head)
    services.rename_post(post=first, title="Phó Chủ tịch Thường trực", by=cast.head)
    assert Post.objects.get(pk=first.pk).title == "Phó Chủ tịch Thường trực"


def test_what_has_ended_does_not_end_again(cast):
    row = cast.head.appointments.get()
    services.end_appointment(appointment=row, on=TODAY - timedelta(days=3), by=cast.home_affairs)
    with pytest.raises(StepRefused, match="đã kết thúc"):
        services.end_appointment(appointment=row, on=TODAY, by=cast.home_affairs)


def test_a_post_given_for_later_is_annulled_when_ended_before(cast, deputy):
    vacate(cast.head)
    row = give(cast, deputy, "holder", since=date(2026, 12, 1))
    services.end_appointment(appointment=row, on=TODAY, by=cast.home_affairs)
    row.refresh_from_db()
    assert (row.since, row.until) == (date(2026, 12, 1), date(2026, 12, 1))


# What stands above the name ----------------------------------------------------------------------------------------


def lines(unit, user, function="reports"):
    return signing.block(unit, user, TODAY, function).lines


def test_a_head_of_an_agency_signs_in_his_own_title(cast):
    assert lines(cast.home_affairs_unit, cast.home_affairs_head) == ("GIÁM ĐỐC",)


def test_the_head_of_a_people_s_committee_signs_for_all_its_members(cast):
    assert lines(cast.ward, cast.head) == ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")


def test_a_deputy_signs_for_the_head(cast, deputy):
    give(cast, deputy, "deputises")
    assert lines(cast.ward, deputy) == ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")
    agency_deputy = person("Trần Văn Phó", cast.home_affairs_unit, post=("deputy", "Phó Giám đốc Sở Nội vụ"))
    assert lines(cast.home_affairs_unit, agency_deputy) == ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")


@pytest.mark.parametrize(
    ("manner", "expected"),
    [
        ("acting", ("TM. ỦY BAN NHÂN DÂN", "Q. CHỦ TỊCH")),
        ("in_charge", ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")),
    ],
)
def test_who_acts_or_is_in_charge_of_a_vacant_post(cast, deputy, manner, expected):
    vacate(cast.head)
    give(cast, deputy, manner)
    assert lines(cast.ward, deputy) == expected
    assert signing.block(cast.ward, None, TODAY, "reports").name == "Phạm Thị Hương"


@pytest.mark.parametrize(("manner", "mark"), [("by_order", "TL."), ("by_authority", "TUQ.")])
def test_by_order_and_by_authority_one_signs_for_the_head_s_person(cast, manner, mark):
    chief = person("Chánh Văn Phòng", cast.division, post=("head", "Chánh Văn phòng"))
    give(cast, chief, manner, **PAPER)
    block = signing.block(cast.ward, chief, TODAY, "reports")
    assert block.lines == (f"{mark} CHỦ TỊCH", "CHÁNH VĂN PHÒNG")
    assert block.said == f"{mark} Chủ tịch, Chánh Văn phòng"


def test_a_substitute_for_reports_signs_nothing_else(cast):
    give(cast, cast.official, "by_order", functions=["reports"])
    assert lines(cast.ward, cast.official)[0] == "TL. CHỦ TỊCH"
    assert signing.block(cast.ward, cast.official, TODAY, "campaigns").authority == []


def test_a_vacant_post_leaves_the_name_open(cast):
    vacate(cast.head)
    block = signing.block(cast.ward, None, TODAY, "reports")
    assert (block.lines, block.name) == (("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), "")


def test_a_signature_block_is_two_queries(cast, deputy, django_assert_num_queries):
    with django_assert_num_queries(2):
        signing.block(cast.ward, deputy, TODAY, "reports")


# Rights of substitutes by function -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "case",
    [
        ([], "reports.submit_unitreport", True),
        ([], "campaigns.submit_unitplan", True),
        (["reports"], "reports.submit_unitreport", True),
        (["reports"], "campaigns.submit_unitplan", False),
        (["campaigns", "pledges"], "campaigns.submit_unitplan", True),
        (["campaigns", "pledges"], "reports.submit_unitreport", False),
    ],
)
@pytest.mark.parametrize("manner", ["deputises", "by_order", "by_authority"])
def test_a_substitute_does_what_his_document_gives_him(cast, deputy, manner, case):
    functions, asked, may = case
    give(cast, deputy, manner, functions=functions, **PAPER)
    assert User.objects.get(pk=deputy.pk).has_perm(asked, cast.ward) is may


@pytest.mark.parametrize("manner", ["deputises", "by_order", "by_authority"])
@pytest.mark.parametrize(
    ("since", "until"), [(SINCE, TODAY), (date(2026, 12, 1), UNTIL)], ids=["over", "to come"]
)
def test_outside_its_days_a_substitute_s_post_gives_nothing(cast, deputy, manner, since, until):
    give(cast, deputy, manner, **{**PAPER, "since": since, "until": until})
    assert not User.objects.get(pk=deputy.pk).has_perm("reports.submit_unitreport", cast.ward)


def test_one_accountant_for_two_schools_counts_in_one(cast):
    accountant = make_user("Kế Toán")
    employ(accountant, cast.school)
    appoint(accountant, cast.other_ward, "clerk", "Kế toán kiêm nhiệm")
    before = roster.headcounts(TODAY, [cast.other_ward.pk])
    assert roster.headcounts(TODAY, [cast.school.pk])[cast.school.pk] == {"cong_chuc": 1, "vien_chuc": 3}
    assert sum(before[cast.other_ward.pk].values()) == 2, "a post is no employment"


@pytest.fixture
def reporting_clerk(cast):
    """The ward's clerk, who signs reports alone for the head of Home Affairs."""
    giver = cast.home_affairs_head.appointments.get()
    row = appoint(cast.clerk, cast.home_affairs_unit, "head", "Giám đốc", until=UNTIL)
    Appointment.objects.filter(pk=row.pk).update(
        manner="by_authority", functions=["reports"], document="QĐ 9", covers="Báo cáo", given_by=giver
    )
    return User.objects.get(pk=cast.clerk.pk)


def test_who_signs_reports_for_home_affairs_sees_no_faults_and_no_lost_factors_of_others(
    cast, reporting_clerk
):
    assert reporting_clerk.works_for_home_affairs
    assert faults.found(TODAY) and faults.for_user(reporting_clerk) == []
    FactorReset.objects.create(user=cast.official, asked_by=cast.home_affairs, reason="Mất điện thoại")
    assert not FactorReset.objects.visible_to(reporting_clerk).exists()


def test_who_signs_reports_for_home_affairs_prints_no_slip_of_one_who_signs_for_others(cast, reporting_clerk):
    for user in (cast.head, cast.official):
        user.set_unusable_password()
        user.save()
    assert slips.waiting(cast.ward, reporting_clerk).without == [cast.official]


def test_who_signs_reports_for_home_affairs_sends_nobody_out_of_his_own_charge(
    cast, reporting_clerk, client_of, post_form
):
    url = reverse("units:person_move", args=[cast.official.public_id])
    sent = {"unit": cast.other_ward.name, "on": "01/12/2026", "category": "cong_chuc"}
    answer = post_form(client_of(reporting_clerk), url, sent)
    assert "ngoài phạm vi phụ trách" in answer.content.decode()
    assert cast.official.employments.get().unit == cast.division
