"""Who does not sign says so with a reason: counted apart, seen by his head, taken back or ended by signing."""

import pytest
from django.urls import reverse

from ledger import clock, events
from ledger.workflow import StepRefused
from notices.models import Notice
from pledges import duties, services
from pledges.models import Pledge, Refusal
from tests.factories import employ
from tests.pledges.acts import afresh, send_back, sign, withdraw
from units.models import Employment, User

REASON = "Tôi đã cam kết ở nơi khác."
LIST = "pledges:refusal_list"


def decline(user: User, campaign, reason: str = REASON) -> Refusal:
    by = afresh(user)
    return services.decline(by=by, campaign=campaign, year=by.today.year, reason=reason)


@pytest.fixture
def refusal(cast, campaign):
    return decline(cast.school_official, campaign)


def test_a_refusal_stands_beside_the_duty_and_the_head_is_told(cast, refusal):
    assert (refusal.unit, refusal.signing_unit, refusal.reason) == (cast.school, cast.school, REASON)
    assert "Ưng Thị Ẩn ghi nhận không ký" in Notice.objects.get(user=cast.school_head).text
    assert duties.of(afresh(cast.school_official)) == []
    assert duties.card(afresh(cast.school_official)).word == "Không ký"
    act = events.history("pledges.refusal", refusal.public_id)[0]
    assert (act.kind, act.reason) == ("pledges.refusal.decline", REASON)


def test_it_needs_a_reason_and_is_said_once(cast, campaign, refusal):
    with pytest.raises(StepRefused, match="Cần ghi lý do"):
        decline(cast.official, campaign, " ")
    with pytest.raises(StepRefused, match="đã ghi nhận không ký"):
        decline(cast.school_official, campaign)
    assert Refusal.objects.count() == 1


def test_who_has_signed_does_not_decline(cast, campaign, signed):
    with pytest.raises(StepRefused, match="đã ký cam kết năm nay"):
        decline(cast.school_official, campaign)


@pytest.mark.parametrize("ended", ["returned", "withdrawn"])
def test_who_is_to_sign_again_may_decline_instead(cast, campaign, signed, ended):
    if ended == "returned":
        send_back(signed, cast.school_head)
    else:
        withdraw(signed, cast.school_official)
    assert decline(cast.school_official, campaign).ended_at is None


@pytest.fixture
def moved(cast, signed):
    """He signed at the school, where it waits; since today he works in the other ward."""
    Employment.objects.filter(user=cast.school_official).update(until=clock.today(), ending="moved")
    employ(cast.school_official, cast.other_ward, "vien_chuc", since=clock.today())
    return cast.school_official


def test_who_moved_with_a_pledge_on_its_way_takes_it_back_first(cast, campaign, signed, moved):
    with pytest.raises(StepRefused, match="xin rút bản đó trước"):
        decline(moved, campaign)
    withdraw(signed, moved)
    assert decline(moved, campaign).signing_unit == cast.other_ward


def test_the_page_tells_him_so_instead_of_the_form(cast, campaign, moved, client_of):
    page = client_of(moved).get(reverse("pledges:pledge_decline"), follow=True).content.decode()
    assert "xin rút bản đó trước" in page and "Lý do không ký" not in page


def test_who_signs_nothing_here_declines_nothing(cast, campaign):
    with pytest.raises(StepRefused, match="trên giấy"):
        decline(cast.chair_of_province, campaign)


def test_signing_ends_it(cast, campaign, refusal):
    pledge = sign(cast.school_official, campaign)
    refusal.refresh_from_db()
    assert refusal.ended_at == pledge.signed_at


def test_taking_it_back_opens_the_duty_and_keeps_what_was_said(cast, campaign, refusal):
    services.take_back_refusal(refusal=refusal, by=cast.school_official)
    assert [duty.action for duty in duties.of(afresh(cast.school_official))] == ["Ký cam kết"]
    assert Refusal.objects.get().reason == REASON
    with pytest.raises(StepRefused, match="đã được rút lại"):
        services.take_back_refusal(refusal=refusal, by=cast.school_official)
    assert decline(cast.school_official, campaign).pk != refusal.pk


def test_nobody_takes_back_what_another_said(cast, refusal):
    with pytest.raises(StepRefused, match="Chỉ người"):
        services.take_back_refusal(refusal=refusal, by=cast.school_head)


@pytest.mark.parametrize(
    ("role", "sees"),
    [("school_head", True), ("head", True), ("home_affairs", True), ("other_head", False)],
)
def test_the_reason_is_read_by_heads_above_and_home_affairs(cast, refusal, client_of, role, sees):
    page = client_of(cast.people[role]).get(reverse(LIST)).content.decode()
    assert (REASON in page) == sees


@pytest.mark.parametrize("role", ["clerk", "union_chair", "school_official", "stranger", "leadership"])
def test_no_clerk_and_no_colleague_reads_reasons(cast, refusal, client_of, role):
    assert client_of(cast.people[role]).get(reverse(LIST)).status_code == 403


def test_the_list_of_pledges_says_how_many_do_not_sign(cast, refusal, client_of):
    page = client_of(cast.school_head).get(reverse("pledges:pledge_list")).content.decode()
    assert "1 người ghi nhận không ký" in page


def test_the_pages_do_it(cast, campaign, client_of, post_form):
    client = client_of(cast.school_official)
    url = reverse("pledges:pledge_decline")
    assert url in client.get(reverse("pledges:pledge_sign")).content.decode()
    assert "Lý do không ký" in client.get(url).content.decode()
    page = post_form(client, url, {"reason": REASON}, follow=True).content.decode()
    assert "Đã ghi nhận ông/bà không ký" in page and reverse("pledges:refusal_end") in page
    assert REASON in client.get(reverse("pledges:pledge_sign")).content.decode()
    assert REASON in client.get(reverse("pledges:refusal_end")).content.decode()
    page = post_form(client, reverse("pledges:refusal_end"), {}, follow=True).content.decode()
    assert "Đã rút lại việc không ký." in page
    assert not Refusal.objects.filter(ended_at__isnull=True).exists()
    page = client.get(reverse("pledges:refusal_end")).content.decode()
    assert "không có ghi nhận" in page


def test_a_late_click_on_not_signing_is_a_sentence(cast, campaign, client_of, post_form):
    client = client_of(cast.school_official)
    sign(cast.school_official, campaign)
    page = post_form(client, reverse("pledges:pledge_decline"), {"reason": REASON}, follow=True)
    assert "đã ký cam kết năm nay" in page.content.decode()
    assert Pledge.objects.count() == 1 and not Refusal.objects.exists()


@pytest.mark.parametrize("refusals", [1, 3])
def test_the_list_takes_the_same_queries(cast, campaign, client_of, django_assert_num_queries, refusals):
    for user in (cast.official, cast.clerk, cast.school_official)[:refusals]:
        decline(user, campaign)
    client = client_of(cast.head)
    client.get(reverse(LIST))
    with django_assert_num_queries(8):
        client.get(reverse(LIST))
