"""Who answers for a unit's pledge when its head goes up or heads both, and when the unit itself takes another name."""

from datetime import timedelta

import pytest
from django.urls import reverse

from ledger import clock
from ledger.workflow import StepRefused
from notices.models import Notice
from pledges import duties
from pledges.models import Pledge
from pledges.parties import open_steps, who_answers
from pledges.rules import answers_for
from tests.factories import appoint
from tests.pledges.acts import (
    afresh,
    confirm,
    hand_over,
    revoke,
    send_back,
    sign_for_unit,
    withdraw,
)
from tests.pledges.crowds import ordered, worked
from tests.units.acts import existing, merge, rename, unit_called
from units.models import Appointment, Employment, User

SIGN = "pledges:collective_sign"
NEW_NAME = "Trường Tiểu học Hương Long"


@pytest.fixture
def collective(cast, campaign):
    """The school's, waiting for the chairman of the ward."""
    return sign_for_unit(cast.school_head, cast.school, campaign)


def reread(pledge: Pledge) -> Pledge:
    return Pledge.objects.get(pk=pledge.pk)


def of_units(user: User) -> list[tuple[str, str]]:
    """Duties about pledges of units: title and address."""
    return [(duty.title, duty.url) for duty in duties.of(afresh(user)) if "tập thể" in duty.title]


# --- Two heads at a time


def test_of_two_heads_neither_signs_over_the_other(cast, campaign):
    appoint(cast.school_official, cast.school, "head", "Hiệu trưởng", since=clock.today())
    sign_for_unit(cast.school_official, cast.school, campaign)
    assert of_units(cast.school_official) == of_units(cast.school_head) == []
    with pytest.raises(StepRefused, match="đã được ký lúc"):
        sign_for_unit(cast.school_head, cast.school, campaign)


# --- The same person on both sides


@pytest.fixture
def chairman_in_charge(cast, collective) -> User:
    """The chairman of the ward is in charge of the school, too."""
    today = clock.today()
    Appointment.objects.filter(user=cast.school_head).update(until=today)
    held = appoint(cast.head, cast.school, "head", "Hiệu trưởng", since=today)
    Appointment.objects.filter(pk=held.pk).update(manner="in_charge")
    return cast.head


def test_who_answers_for_a_unit_does_not_confirm_what_it_pledges(collective, chairman_in_charge):
    for act in (confirm, send_back):
        with pytest.raises(StepRefused, match="Không ai xác nhận bản cam kết của chính mình"):
            act(collective, chairman_in_charge)
    user = afresh(chairman_in_charge)
    assert open_steps(reread(collective), user, user.today) == {"withdraw"}


def test_nor_does_he_revoke_it(cast, collective):
    confirm(collective, cast.head)
    held = appoint(cast.head, cast.school, "head", "Hiệu trưởng", since=clock.today())
    Appointment.objects.filter(user=cast.school_head).update(until=clock.today())
    assert held.user == cast.head
    with pytest.raises(StepRefused, match="của chính mình"):
        revoke(collective, cast.head)
    assert revoke(collective, cast.home_affairs).status == Pledge.Status.WITHDRAWN


def test_it_is_on_none_of_his_lists(cast, collective, chairman_in_charge):
    user = afresh(chairman_in_charge)
    assert not Pledge.objects.waiting_for(user).exists()
    assert not Pledge.objects.waiting_at(cast.ward, "head", user).exists()
    assert not Pledge.objects.on_their_way(user.today).exists()


def test_confirming_many_leaves_it_out(cast, collective, chairman_in_charge):
    bulk = worked(ordered(cast.head, cast.ward, [collective]))
    assert bulk.items.get().reason == "Không ai xác nhận bản cam kết của chính mình."
    assert reread(collective).status == Pledge.Status.AWAITING_HEAD


@pytest.fixture
def gone_up(cast, collective) -> User:
    """Who signed for the school heads the ward by now; a teacher heads the school."""
    today = clock.today()
    Appointment.objects.filter(user__in=[cast.school_head, cast.head]).update(until=today)
    Employment.objects.filter(user=cast.school_head).update(unit=cast.ward)
    appoint(cast.school_head, cast.ward, "head", "Chủ tịch UBND phường", since=today)
    appoint(cast.school_official, cast.school, "head", "Hiệu trưởng", since=today)
    return cast.school_head


def test_when_its_signer_heads_the_unit_above_the_new_head_is_asked_to_sign_again(
    cast, campaign, collective, gone_up
):
    title = f"Bản cam kết tập thể năm {collective.year} của Trường Tiểu học Kim Long 1 phải ký lại"
    assert of_units(cast.school_official) == [(title, reverse(SIGN, args=[cast.school.public_id]))]
    assert of_units(gone_up) == []
    sign_for_unit(cast.school_official, cast.school, campaign)
    assert of_units(cast.school_official) == []
    assert list(Pledge.objects.waiting_for(afresh(gone_up))) == [collective]


def test_meanwhile_it_is_counted_for_nobody_to_confirm(cast, campaign, collective, gone_up):
    today = clock.today()
    assert not Pledge.objects.on_their_way(today).exists()
    sign_for_unit(cast.school_official, cast.school, campaign)
    assert [row.for_head for row in Pledge.objects.on_their_way(today)] == [True]


# --- What pages and notices call whom


@pytest.fixture
def new_head(cast, collective) -> User:
    today = clock.today()
    Appointment.objects.filter(user=cast.school_head).update(until=today)
    appoint(cast.school_official, cast.school, "head", "Hiệu trưởng", since=today)
    return cast.school_official


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        ("return", "Bản cam kết trở về Ưng Thị Ẩn kèm lý do"),
        ("revoke", "Bản cam kết của tập thể Trường Tiểu học Kim Long 1 không còn hiệu lực"),
    ],
)
@pytest.mark.usefixtures("new_head")
def test_pages_name_the_unit_and_its_head_in_office(cast, collective, client_of, step, sentence):
    if step == "revoke":
        confirm(collective, cast.head)
    url = reverse(f"pledges:pledge_{step}", args=[collective.public_id])
    page = client_of(cast.head).get(url).content.decode()
    assert sentence in page
    assert f"trở về {cast.school_head.full_name}" not in page


# --- The unit takes another name, or another's place


@pytest.fixture
def renamed(cast, collective):
    rename(cast.school, NEW_NAME, on=clock.today())
    return unit_called(NEW_NAME)


def test_its_head_answers_for_it_under_the_new_name(cast, collective, renamed):
    user = afresh(cast.school_head)
    assert answers_for(user, reread(collective))
    assert who_answers([reread(collective)], user.today) == {collective.pk: cast.school_head}
    assert withdraw(collective, cast.school_head).status == Pledge.Status.WITHDRAWN


def test_completed_it_is_told_to_him_and_not_signed_once_more(cast, campaign, collective, renamed):
    confirm(collective, cast.head)
    assert Notice.objects.filter(user=cast.school_head, text__endswith="đã đủ xác nhận.").count() == 1
    with pytest.raises(StepRefused, match="đã được ký"):
        sign_for_unit(cast.school_head, renamed, campaign)


def test_returned_it_is_signed_again_as_the_same_pledge(cast, campaign, collective, renamed, client_of):
    send_back(collective, cast.head)
    sign_url = reverse(SIGN, args=[renamed.public_id])
    assert [url for _, url in of_units(cast.school_head)] == [sign_url]
    client = client_of(cast.school_head)
    assert f'href="{sign_url}"' in client.get(collective.get_absolute_url()).content.decode()
    assert "Ghi rõ việc cụ thể." in client.get(sign_url).content.decode()
    again = sign_for_unit(cast.school_head, renamed, campaign)
    assert (again.pk, again.unit, again.round) == (collective.pk, renamed, 2)
    assert of_units(cast.school_head) == []


def test_the_list_of_his_units_shows_it_under_the_new_name(cast, collective, renamed, client_of):
    page = client_of(cast.school_head).get(reverse("pledges:pledge_list")).content.decode()
    assert collective.get_absolute_url() in page.partition(NEW_NAME)[2]


def test_it_is_handed_over_to_whoever_stands_above_the_new_name(cast, collective, renamed):
    Pledge.objects.update(signing_unit=cast.other_ward)
    assert hand_over(collective, cast.school_head).signing_unit == cast.ward


def test_after_two_names_it_is_still_his(cast, collective, renamed, on_day):
    on_day(clock.today() + timedelta(days=1))
    rename(renamed, "Trường Tiểu học Kim Long", on=clock.today())
    assert answers_for(afresh(cast.school_head), reread(collective))


def test_under_the_new_name_too_the_same_person_confirms_nothing_of_his_own(
    cast, collective, chairman_in_charge, renamed
):
    with pytest.raises(StepRefused, match="của chính mình"):
        confirm(collective, chairman_in_charge)
    assert not Pledge.objects.waiting_for(afresh(chairman_in_charge)).exists()


@pytest.fixture
def merged(cast, collective):
    """The school is merged into an agency that has a head."""
    head = cast.stranger
    appoint(head, cast.other_agency, "head", "Giám đốc")
    merge(cast.school, cast.other_agency, into=existing(cast.other_agency), on=clock.today())
    return head


def test_the_head_of_the_heir_answers_for_what_the_merged_unit_pledged(cast, collective, merged):
    assert who_answers([reread(collective)], clock.today()) == {collective.pk: merged}
    assert not Pledge.objects.waiting_for(afresh(merged)).exists()
    assert withdraw(collective, merged).status == Pledge.Status.WITHDRAWN


def test_returned_it_asks_the_heir_for_a_pledge_of_its_own(cast, campaign, collective, merged):
    """An heir is another body (decision 0010)."""
    Pledge.objects.update(status=Pledge.Status.RETURNED)
    assert len(of_units(merged)) == 1
    own = sign_for_unit(merged, cast.other_agency, campaign)
    assert own.pk != collective.pk
    assert of_units(merged) == []


@pytest.mark.usefixtures("renamed")
@pytest.mark.parametrize("many", [1, 3])
def test_asking_who_answers_takes_the_same_queries_for_one_and_for_three(
    collective, django_assert_num_queries, many
):
    rows = [Pledge.objects.select_related("unit").get(pk=collective.pk) for _ in range(many)]
    with django_assert_num_queries(2):
        who_answers(rows, clock.today())
