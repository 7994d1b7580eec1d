"""The professional line: an authority reads and totals its units' papers, once, and takes no step."""

import pytest
from django.urls import reverse

from campaigns.models import UnitPlan
from ledger import clock
from pledges.models import Pledge
from reports import lines
from reports.models import UnitReport
from tests.campaigns.plans import submitted
from tests.factories import SINCE, appoint, make_unit, person, place
from tests.pledges.acts import sign
from tests.reports.stories import accept, bring_to, queries_of, send
from tests.units.acts import rename
from units.models import Absence, ProfessionalLine, Unit, User

PAGE = reverse("reports:line_totals")
STEPS = ["edit", "refresh", "present", "withdraw", "submit", "recall", "return", "accept"]


def put_in_line(unit: Unit, authority: Unit, **fields) -> ProfessionalLine:
    return ProfessionalLine.objects.create(
        unit=unit, authority=authority, since=fields.pop("since", SINCE), **fields
    )


@pytest.fixture
def authority(cast) -> User:
    """The head of Sở Y tế, in whose line the ward stands (and, below it, the school)."""
    put_in_line(cast.ward, cast.other_agency)
    put_in_line(cast.school, cast.other_agency)
    return person("Lê Thị Sở", cast.other_agency, post=("head", "Giám đốc"))


def afresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


# --- What is read


def test_a_head_and_a_clerk_of_the_authority_read_what_was_sent(cast, campaign, report, authority):
    clerk = person("Lê Văn Thư", cast.other_agency, post=("clerk", "Cán bộ tổng hợp"))
    plan = submitted(cast, campaign)
    for reader in (authority, clerk):
        assert not UnitReport.objects.visible_to(afresh(reader)).exists(), "a draft is the unit's own"
        assert list(UnitPlan.objects.visible_to(afresh(reader))) == [plan]
    send(report, cast)
    for reader in (authority, clerk):
        assert list(UnitReport.objects.visible_to(afresh(reader))) == [report]


def test_other_people_of_the_authority_and_other_authorities_read_nothing(cast, report, authority):
    send(report, cast)
    official = person("Lê Văn Viên", cast.other_agency)
    deputy = person("Lê Văn Phó", cast.other_agency, post=("deputy", "Phó Giám đốc"))
    for reader in (official, deputy, cast.other_head):
        assert not UnitReport.objects.visible_to(afresh(reader)).exists()


def test_the_line_has_days(cast, report, authority):
    send(report, cast)
    ProfessionalLine.objects.filter(unit=cast.ward).update(until=clock.today())
    assert not UnitReport.objects.visible_to(afresh(authority)).exists()


def test_pledges_are_read_as_totals_alone(cast, campaign, authority, client_of):
    pledge = sign(cast.school_official, campaign)
    assert not Pledge.objects.visible_to(afresh(authority)).exists()
    page = client_of(authority).get(PAGE).content.decode()
    assert cast.school_official.full_name not in page and pledge.get_absolute_url() not in page


def test_the_papers_of_a_unit_under_its_earlier_name_are_read_too(cast, report, authority):
    accept(send(report, cast), cast)
    rename(cast.ward, "UBND phường Hương Uyển", on=clock.today())
    heir = Unit.objects.get(name="UBND phường Hương Uyển")
    if not ProfessionalLine.objects.filter(unit=heir).exists():
        put_in_line(heir, cast.other_agency, since=clock.today())
    assert list(UnitReport.objects.visible_to(afresh(authority))) == [report]


# --- Nothing is done


@pytest.mark.parametrize("status", ["submitted", "returned", "accepted"])
@pytest.mark.parametrize("step", STEPS)
def test_no_step_of_a_report_is_open_to_the_authority(
    cast, *, report, authority, client_of, post_form, status, step
):
    bring_to(report, status, cast)
    before = UnitReport.objects.values().get()
    address = reverse(f"reports:unitreport_{step}", args=[report.public_id])
    assert post_form(client_of(authority), address).status_code == 403
    assert UnitReport.objects.values().get() == before


@pytest.mark.parametrize("step", ["edit", "submit", "return", "accept"])
def test_no_step_of_a_plan_is_open_to_the_authority(cast, *, campaign, authority, client_of, post_form, step):
    plan = submitted(cast, campaign)
    address = reverse(f"campaigns:unitplan_{step}", args=[plan.public_id])
    assert post_form(client_of(authority), address).status_code == 403
    assert UnitPlan.objects.get().status == "submitted"


# --- Totals


def test_units_are_listed_with_their_report_and_people_and_everybody_is_counted_once(
    cast, campaign, opened, report, authority
):
    send(report, cast)
    sign(cast.school_official, campaign)
    found = lines.line(afresh(authority), opened)
    rows = {row.unit: row for row in found.rows}
    assert set(rows) == {cast.ward, cast.school}
    assert (rows[cast.ward].standing.word, rows[cast.ward].bearer) == ("Đã gửi, chờ tiếp nhận", None)
    assert rows[cast.school].bearer == cast.ward
    assert rows[cast.ward].counts == lines.Counts(people=6, owing=6, signed=1), "with all units below"
    assert rows[cast.school].counts == lines.Counts(people=3, owing=3, signed=1)
    assert found.total == lines.Counts(people=6, owing=6, signed=1), "the school stands below the ward: once"


def test_who_owes_no_pledge_counts_as_a_person_and_not_as_owing(cast, campaign, opened, authority):
    Absence.objects.create(user=cast.school_official, kind="long_leave", reason="Ốm dài ngày", since=SINCE)
    assert lines.line(afresh(authority), opened).total == lines.Counts(people=6, owing=5, signed=0)


@pytest.mark.parametrize(
    ("role", "status"), [("authority", 200), ("head", 403), ("home_affairs", 403), ("official", 403)]
)
def test_the_page_is_for_who_leads_a_line(cast, *, opened, authority, client_of, role, status):
    user = authority if role == "authority" else getattr(cast, role)
    assert client_of(user).get(PAGE).status_code == status


def test_the_list_of_reports_leads_there(cast, opened, authority, client_of):
    link = f'href="{PAGE}"'
    assert link in client_of(authority).get(reverse("reports:unitreport_list")).content.decode()
    assert link not in client_of(cast.head).get(reverse("reports:unitreport_list")).content.decode()


@pytest.mark.parametrize("units", [1, 3])
def test_the_page_takes_the_same_queries_for_one_unit_and_for_three(
    cast, *, opened, report, authority, client_of, units
):
    send(report, cast)
    for number in range(units):
        unit = make_unit(f"Trường số {number}", kind=Unit.Kind.SCHOOL)
        place(unit, cast.ward, own_papers=True, own=False)
        put_in_line(unit, cast.other_agency)
        person(f"Lê Thị {number}", unit)
    assert queries_of(client_of(authority), PAGE) == 17


def test_a_head_of_two_units_reads_the_line_of_each(cast, opened, authority):
    second = make_unit("Sở Giáo dục và Đào tạo")
    place(second, cast.root)
    appoint(authority, second, "head", "Giám đốc")
    put_in_line(cast.division, second)
    assert {row.unit for row in lines.line(afresh(authority), opened).rows} == {
        cast.ward,
        cast.school,
        cast.division,
    }
