"""A list signed by hand carries the signature of who stood in for the head (decree 30/2020/NĐ-CP, article 13)."""

from datetime import timedelta

import pytest

from ledger import clock
from ledger.workflow import StepRefused
from pledges.models import Pledge, Signature, SignedList
from tests.factories import person
from tests.marks import mark
from tests.pledges.test_signedlists import begin, enter, tick
from tests.pledges.test_substitutes import stand_in
from units.models import Appointment, User

pytestmark = pytest.mark.usefixtures("in_autumn_2026")


@pytest.fixture
def deputy(cast) -> User:
    found = person("Phạm Thị Phó", cast.school, "vien_chuc", ("deputy", "Phó Hiệu trưởng"))
    stand_in(found, cast.school, "deputises", "pledges")
    return found


def by_deputy(made: SignedList, by: User, deputy: User, *people: User) -> SignedList:
    return tick(made, by, *people, head=True, signer=deputy.public_id)


def test_the_deputy_s_signature_is_recorded_as_his_in_the_quality_in_which_he_signed(cast, campaign, deputy):
    made = by_deputy(
        begin(cast.school, campaign, cast.school_head), cast.school_head, deputy, cast.school_official
    )
    enter(made, cast.school_head)
    row = Signature.objects.get(party="head")
    assert (row.user, row.name) == (deputy, "Phạm Thị Phó")
    assert row.post_title == "KT. Hiệu trưởng, Phó Hiệu trưởng"


def test_an_acting_head_s_signature_says_that_he_was_acting(cast, campaign):
    Appointment.objects.filter(user=cast.school_head).update(manner="acting")
    made = begin(cast.school, campaign, cast.school_head)
    enter(tick(made, cast.school_head, cast.school_official, head=True), cast.school_head)
    assert Signature.objects.get(party="head").post_title == "Q. Hiệu trưởng"


def test_his_own_pledge_on_that_list_waits_for_the_head(cast, campaign, deputy):
    made = begin(cast.school, campaign, cast.school_head)
    enter(by_deputy(made, cast.school_head, deputy, deputy, cast.school_official), cast.school_head)
    found = dict(Pledge.objects.values_list("user", "status"))
    assert found == {deputy.pk: "awaiting_head", cast.school_official.pk: "awaiting_union"}
    assert not Signature.objects.filter(party="head", pledge__user=deputy).exists()


def test_who_did_not_stand_in_that_day_is_refused_by_name(cast, campaign, deputy):
    earlier = clock.today() - timedelta(days=10)
    Appointment.objects.filter(user=deputy, manner="deputises").update(since=clock.today())
    made = begin(cast.school, campaign, cast.school_head, on=earlier)
    made = by_deputy(made, cast.school_head, deputy, cast.school_official)
    with pytest.raises(StepRefused, match=f"Ngày {earlier:%d/%m/%Y} Phạm Thị Phó không được giao ký thay"):
        enter(made, cast.school_head)


def test_nor_who_stands_in_for_reports_alone(cast, campaign, deputy, client_of):
    Appointment.objects.filter(user=deputy, manner="deputises").update(functions=["reports"])
    made = begin(cast.school, campaign, cast.school_head)
    assert "Ai ký ở chỗ đó?" not in client_of(cast.school_head).get(made.get_absolute_url()).content.decode()
    with pytest.raises(StepRefused, match="không được giao ký thay"):
        enter(by_deputy(made, cast.school_head, deputy, cast.school_official), cast.school_head)


def test_the_page_offers_who_stood_in_and_keeps_the_choice(cast, campaign, deputy, client_of, post_form):
    made = begin(cast.school, campaign, cast.school_head)
    client, url = client_of(cast.school_head), made.get_absolute_url()
    assert "KT. Hiệu trưởng, Phó Hiệu trưởng: Phạm Thị Phó" in client.get(url).content.decode()
    typed = {
        "version": made.version,
        "signed_on": f"{made.signed_on:%d/%m/%Y}",
        "people": cast.school_official.public_id,
        "head_signed": "on",
        "head_signer": deputy.public_id,
    }
    review = post_form(client, url, {**typed, "act": "go"}, follow=True).content.decode()
    assert "Chữ ký người đứng đầu: Phạm Thị Phó, KT. Hiệu trưởng, Phó Hiệu trưởng." in review
    made.refresh_from_db()
    assert made.head_signer == deputy
    post_form(client, url, {**typed, "version": made.version, "head_signer": "", "act": "save"})
    made.refresh_from_db()
    assert made.head_signer is None


def test_nobody_else_can_be_named(cast, campaign, deputy, client_of, post_form):
    made = begin(cast.school, campaign, cast.school_head)
    typed = {
        "version": made.version,
        "signed_on": f"{made.signed_on:%d/%m/%Y}",
        "head_signed": "on",
        "act": "save",
    }
    answer = post_form(
        client_of(cast.school_head),
        made.get_absolute_url(),
        {**typed, "head_signer": cast.stranger.public_id},
    )
    assert answer.status_code == 422
    made.refresh_from_db()
    assert not made.head_signed


@pytest.fixture
def only_earlier(deputy) -> User:
    """The deputy stood in until yesterday."""
    Appointment.objects.filter(user=deputy, manner="deputises").update(until=clock.today())
    return deputy


def test_who_stood_in_on_the_day_that_is_typed_is_offered_before_anything_is_recorded(
    cast, campaign, only_earlier, client_of, post_form
):
    made = begin(cast.school, campaign, cast.school_head)
    client, url = client_of(cast.school_head), made.get_absolute_url()
    assert "Ai ký ở chỗ đó?" not in client.get(url).content.decode()
    earlier = clock.today() - timedelta(days=10)
    typed = {"version": made.version, "signed_on": f"{earlier:%d/%m/%Y}", "head_signed": "on", "act": "go"}
    answer = post_form(client, url, typed | {"people": cast.school_official.public_id})
    assert answer.url == url, "not yet to the page that records"
    page = client.get(url).content.decode()
    assert f"Ngày ký đã đổi thành {earlier:%d/%m/%Y}" in page and "Phạm Thị Phó" in page


def test_who_is_noted_and_may_not_have_signed_that_day_stays_until_another_is_chosen(
    cast, campaign, only_earlier, client_of, post_form
):
    made = begin(cast.school, campaign, cast.school_head)
    by_deputy(made, cast.school_head, only_earlier, cast.school_official)
    client, url = client_of(cast.school_head), made.get_absolute_url()
    page = client.get(url).content.decode()
    assert "Phạm Thị Phó (ngày này không được giao)" in page
    assert f'value="{only_earlier.public_id}" id="signer1" checked' in page
    made.refresh_from_db()
    typed = {
        "version": made.version,
        "signed_on": f"{made.signed_on:%d/%m/%Y}",
        "people": cast.school_official.public_id,
        "head_signed": "on",
        "head_signer": only_earlier.public_id,
        "act": "go",
    }
    review = post_form(client, url, typed, follow=True)
    assert review.redirect_chain[-1][0] == url and "chọn lại người ký" in review.content.decode()
    assert SignedList.objects.get().head_signer == only_earlier


# --- What was ticked is not lost


def test_the_marks_of_another_stay_beside_mine_and_his_day_is_told(
    cast, campaign, deputy, client_of, post_form
):
    made = begin(cast.school, campaign, cast.school_head)
    opened, his_day = made.version, clock.today() - timedelta(days=3)
    made.signed_on = his_day
    by_deputy(made, cast.school_head, deputy, cast.union_chair)
    typed = {"version": opened, "people": cast.school_official.public_id, "act": "save"}
    answer = post_form(
        client_of(cast.school_head),
        made.get_absolute_url(),
        typed | {"signed_on": f"{clock.today():%d/%m/%Y}"},
    )
    page = answer.content.decode()
    assert 'id="head_signed" checked' in page and f'value="{deputy.public_id}" id="signer1" checked' in page
    assert f"Người kia ghi ngày ký {his_day:%d/%m/%Y}" in str(answer.context["form"].errors["signed_on"])


@pytest.mark.parametrize(
    ("days_ahead", "sentence"),
    [
        (None, "Ngày 31/02/2026 không có trong lịch."),
        (1, "Ngày ký chưa tới."),
        (-800, "Ngày ký phải trong năm"),
    ],
)
def test_a_wrong_day_is_told_at_its_field_and_the_ticks_stay(sent, cast, days_ahead, sentence):
    day = clock.today() + timedelta(days=days_ahead or 0)
    made, answer = sent(signed_on=f"{day:%d/%m/%Y}" if days_ahead else "31/02/2026", act="go")
    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page
    assert is_ticked(page, cast.school_official) and not is_ticked(page, cast.union_chair)
    assert 'name="head_signed" id="head_signed" checked' in page
    assert not made.people.exists()


@pytest.fixture
def sent(cast, campaign, client_of, post_form):
    """`sent(**typed)` → a list of the school and the answer to the page with one tick and the head's signature."""

    def send(**typed):
        made = begin(cast.school, campaign, cast.school_head)
        ticks = {"version": made.version, "people": cast.school_official.public_id, "head_signed": "on"}
        return made, post_form(client_of(cast.school_head), made.get_absolute_url(), ticks | typed)

    return send


def test_saved_by_another_meanwhile_both_hands_ticks_stand_together_and_are_saved_by_the_next_press(
    cast, campaign, client_of, post_form
):
    made = begin(cast.school, campaign, cast.school_head)
    opened = made.version
    tick(made, cast.school_head, cast.union_chair)
    typed = {
        "version": opened,
        "signed_on": f"{made.signed_on:%d/%m/%Y}",
        "people": cast.school_official.public_id,
        "act": "save",
    }
    client, url = client_of(cast.school_head), made.get_absolute_url()
    answer = post_form(client, url, typed)
    page = answer.content.decode()
    assert answer.status_code == 422 and "vừa được người khác lưu" in page
    assert is_ticked(page, cast.school_official) and is_ticked(page, cast.union_chair)
    made.refresh_from_db()
    assert mark(answer, "version") == str(made.version)
    assert set(made.people.values_list("user", flat=True)) == {cast.union_chair.pk}
    both = [cast.school_official.public_id, cast.union_chair.public_id]
    assert post_form(client, url, typed | {"version": made.version, "people": both}).status_code == 302
    assert made.people.count() == 2


def test_a_wrong_day_does_not_write_over_what_another_saved_meanwhile(cast, campaign, client_of, post_form):
    made = begin(cast.school, campaign, cast.school_head)
    client, url = client_of(cast.school_head), made.get_absolute_url()
    opened = made.version
    tick(made, cast.school_head, cast.union_chair)
    typed = {"version": opened, "people": cast.school_official.public_id, "act": "save"}
    answer = post_form(client, url, typed | {"signed_on": "31/02/2026"})
    assert mark(answer, "version") == str(opened)
    answer = post_form(client, url, typed | {"signed_on": f"{made.signed_on:%d/%m/%Y}"})
    assert answer.status_code == 422 and "vừa được người khác lưu" in answer.content.decode()


def is_ticked(page: str, user: User) -> bool:
    return " checked" in page.partition(f'value="{user.public_id}"')[2].partition(">")[0]
