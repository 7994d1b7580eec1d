"""A unit excused from a round with a reason: its own state on the board, never counted as missing."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from ledger import clock, events
from ledger.workflow import StepRefused
from notices.models import Notice
from reports import board, duties, rollup, services
from reports.models import Waiver
from reports.rollup.facts import Facts
from tests.reports.stories import accept, send
from units.models import Unit, User

REASON = "Mới thành lập ngày 01/11/2026"


@pytest.fixture
def waiver(cast, opened) -> Waiver:
    return services.excuse_unit(reporting_round=opened, unit=cast.ward, reason=REASON, by=cast.home_affairs)


def excuse(cast, opened, unit: Unit, reason: str = REASON, by: User | None = None) -> Waiver:
    return services.excuse_unit(reporting_round=opened, unit=unit, reason=reason, by=by or cast.home_affairs)


def of(opened, unit):
    return next(row for row in board.standing(opened, clock.today()) if row.unit == unit)


def test_the_board_shows_the_unit_as_excused_with_the_reason(cast, opened, waiver):
    row = of(opened, cast.ward)
    assert (row.state, row.tone, row.word) == ("excused", "none", f"Được miễn: {REASON}")
    assert not row.is_missing and not row.is_sent


def test_an_excused_unit_is_neither_missing_nor_in_the_total(cast, opened, waiver):
    tally = board.tally(board.standing(opened, clock.today()))
    assert (tally.sent, tally.total, tally.first_level_total, tally.excused) == (0, 3, 3, 1)


def test_what_an_excused_unit_sends_all_the_same_counts(cast, opened, waiver):
    report = services.begin_report(reporting_round=opened, unit=cast.ward, by=cast.clerk)
    accept(send(report, cast), cast)
    assert of(opened, cast.ward).state == "accepted"
    assert board.tally(board.standing(opened, clock.today())).total == 4


def test_the_head_and_the_clerk_are_told_and_asked_no_more(cast, opened, waiver):
    told = Notice.objects.filter(effect__startswith="reports.waiver.grant").values_list("user", flat=True)
    assert set(told) == {cast.head.pk, cast.clerk.pk}
    reader = User.objects.get(pk=cast.clerk.pk)
    assert not [duty for duty in duties.of(reader) if cast.ward.name in duty.title]


def test_it_can_be_taken_back_once(cast, opened, waiver):
    services.withdraw_waiver(waiver=waiver, by=cast.home_affairs)
    assert of(opened, cast.ward).state == board.NOT_BEGUN
    with pytest.raises(StepRefused, match="đã được bỏ trước đó"):
        services.withdraw_waiver(waiver=Waiver.objects.get(pk=waiver.pk), by=cast.home_affairs)
    excuse(cast, opened, cast.ward)
    kinds = [act.kind for act in events.history("reports.waiver", waiver.public_id)]
    assert kinds == ["reports.waiver.grant", "reports.waiver.withdraw"]


@pytest.mark.parametrize(
    ("unit", "sentence"),
    [
        ("ward", "đã được miễn"),
        ("division", "không thuộc diện báo cáo"),
        ("home_affairs_unit", "của chính mình"),
    ],
)
def test_what_is_refused_says_why(cast, opened, waiver, unit, sentence):
    with pytest.raises(StepRefused, match=sentence):
        excuse(cast, opened, getattr(cast, unit))


def test_who_has_sent_is_not_excused_and_nobody_without_a_reason(cast, opened, report):
    with pytest.raises(StepRefused, match="Cần ghi lý do"):
        excuse(cast, opened, cast.other_ward, reason="  ")
    send(report, cast)
    with pytest.raises(StepRefused, match="đã gửi báo cáo"):
        excuse(cast, opened, cast.ward)


def test_the_database_knows_one_waiver_a_unit_and_a_round(cast, opened, waiver):
    with pytest.raises(IntegrityError), transaction.atomic():
        Waiver.objects.create(round=opened, unit=cast.ward, reason="x", by=cast.home_affairs)


def test_the_roll_up_names_the_excused_and_does_not_count_them(cast, opened, waiver):
    facts = Facts(rollup.gather(opened))
    assert facts.total("headcount").owing == 3
    (row,) = facts.units("excused")
    assert (row["name"], row["reason"], row["days_late"]) == (cast.ward.name, REASON, 0)
    said = " ".join(block.text for block in rollup.compose(facts.manifest).opening)
    assert (
        f"Được miễn báo cáo trong kỳ này, không tính vào số đơn vị trên: 1 đơn vị ({cast.ward.name}: {REASON})"
        in said
    )
    assert "Có 3 cơ quan, đơn vị, địa phương trực tiếp báo cáo" in said


# --- Pages


def test_home_affairs_excuses_and_takes_back_on_pages(cast, opened, client_of, post_form):
    browser = client_of(cast.home_affairs)
    address = reverse("reports:waiver_grant", args=[opened.public_id])
    page = browser.get(address).content.decode()
    assert cast.ward.name in page and cast.home_affairs_unit.name not in page.partition("<select")[2]
    post_form(browser, address, {"unit": cast.ward.pk, "reason": REASON})
    shown = browser.get(opened.get_absolute_url()).content.decode()
    assert REASON in shown and "Được miễn: 1 đơn vị" in shown
    waiver = Waiver.objects.get()
    post_form(browser, reverse("reports:waiver_withdraw", args=[waiver.public_id]))
    assert REASON not in browser.get(opened.get_absolute_url()).content.decode()


def test_a_form_without_a_reason_says_so(cast, opened, client_of, post_form):
    address = reverse("reports:waiver_grant", args=[opened.public_id])
    answer = post_form(client_of(cast.home_affairs), address, {"unit": cast.ward.pk, "reason": ""})
    assert answer.status_code == 422 and "Cần ghi lý do." in answer.content.decode()
    assert not Waiver.objects.exists()


@pytest.mark.parametrize("role", ["head", "clerk", "leadership", "chair_of_province", "official"])
def test_nobody_else_excuses(cast, *, opened, waiver, client_of, post_form, role):
    browser = client_of(getattr(cast, role))
    grant = reverse("reports:waiver_grant", args=[opened.public_id])
    assert post_form(browser, grant, {"unit": cast.other_ward.pk, "reason": "x"}).status_code == 403
    withdraw = reverse("reports:waiver_withdraw", args=[waiver.public_id])
    assert post_form(browser, withdraw).status_code in (403, 404)
    assert Waiver.objects.in_force().count() == 1
