"""Lists signed by hand that are not recorded yet pass to the unit that takes the place of theirs."""

import pytest

from ledger import clock, events
from ledger.workflow import StepRefused
from pledges.models import Pledge, SignedList
from tests.factories import appoint, make_user
from tests.pledges.test_signedlists import begin, enter, tick
from tests.units.acts import dissolve, existing, merge, new, unit_called
from units.services import correct_reorganisation


@pytest.fixture
def draft(cast, campaign) -> SignedList:
    """Begun today by the ward's clerk, with one name ticked."""
    return tick(begin(cast.ward, campaign, cast.clerk), cast.clerk, cast.official)


def merged(cast):
    return merge(
        cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân"), on=clock.today(), by=cast.home_affairs
    )


def line(lines):
    return next(one for one in lines if one["label"] == "Danh sách ký cam kết trên giấy đang nhập")


def test_a_draft_passes_to_the_heir_with_its_names_and_is_recorded_there(cast, draft):
    act = merged(cast)
    heir = unit_called("UBND phường Phú Xuân")
    draft.refresh_from_db()
    assert draft.unit == heir
    assert [row.user for row in draft.people.all()] == [cast.official]
    assert line(act.report)["moved"] == 1
    last = events.history("pledges.signedlist", draft.public_id)[-1]
    assert last.kind == "pledges.signedlist.move"


def test_what_was_recorded_stays_with_the_unit_that_recorded_it(cast, draft):
    enter(draft, cast.clerk)
    merged(cast)
    draft.refresh_from_db()
    assert (draft.unit, draft.status) == (cast.ward, "entered")
    assert Pledge.objects.get().content["paper"]["list"] == draft.public_id


def test_what_was_recorded_is_read_by_the_heirs_clerk_and_changed_by_nobody_there(cast, draft, client_of):
    enter(draft, cast.clerk)
    merged(cast)
    clerk = make_user("Lê Thị Kế")
    appoint(clerk, unit_called("UBND phường Phú Xuân"), "clerk", "Cán bộ đầu mối", since=clock.today())
    client, address = client_of(clerk), draft.get_absolute_url()
    assert cast.official.full_name in client.get(address).content.decode()
    assert client.get(f"{address}huy/").status_code == 403
    assert client_of(cast.school_head).get(address).status_code == 404


def test_the_correction_brings_it_back(cast, draft):
    act = merged(cast)
    correct_reorganisation(act=act, decision="Công văn số 1", reason="Nhập nhầm", by=cast.home_affairs)
    draft.refresh_from_db()
    assert draft.unit == cast.ward


def test_not_after_somebody_has_worked_on_it(cast, draft):
    act = merged(cast)
    SignedList.objects.filter(pk=draft.pk).update(version=99)
    with pytest.raises(StepRefused, match="đã được nhập tiếp"):
        correct_reorganisation(act=act, decision="Công văn số 1", reason="Nhập nhầm", by=cast.home_affairs)


def test_a_merger_into_a_unit_that_continues_does_the_same(cast, draft):
    merge(cast.ward, cast.other_ward, into=existing(cast.other_ward), on=clock.today(), by=cast.home_affairs)
    draft.refresh_from_db()
    assert draft.unit == cast.other_ward


def test_of_a_unit_without_an_heir_it_is_named_as_not_recorded(cast, campaign):
    begin(cast.other_agency, campaign, cast.chair_of_province)
    act = dissolve(cast.other_agency, on=clock.today(), by=cast.home_affairs)
    found = line(act.report)
    assert (found["moved"], found["stays"]) == (0, 1)
    assert "Sở Y tế chưa ghi nhận" in found["warnings"][0]
