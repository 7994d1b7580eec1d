"""A roster that moves people: their open pledges follow, and what they have signed since keeps it from being undone."""

import pytest

from ledger.workflow import StepRefused
from pledges.models import Pledge
from tests.pledges.acts import sign
from tests.units.rosters import again, applied, line_of
from units.services import rosters

pytestmark = pytest.mark.django_db


def test_an_open_pledge_follows_who_is_moved_by_a_roster_and_comes_back(cast, campaign):
    pledge = sign(cast.school_official, campaign)
    assert pledge.signing_unit == cast.school
    found = applied(cast.ward, cast.clerk, line_of(cast.school_official, unit=cast.division.name))
    pledge.refresh_from_db()
    assert (pledge.signing_unit, pledge.unit) == (cast.ward, cast.school), (
        "who confirms changes, what was signed stays"
    )
    rosters.undo_roster(upload=found, by=again(cast.clerk))
    pledge.refresh_from_db()
    assert pledge.signing_unit == cast.school


def test_a_pledge_signed_since_keeps_the_roster(cast, campaign):
    found = applied(cast.ward, cast.clerk, line_of(cast.school_official, unit=cast.division.name))
    sign(cast.school_official, campaign)
    with pytest.raises(StepRefused, match="Ưng Thị Ẩn đã ký bản cam kết năm"):
        rosters.undo_roster(upload=found, by=again(cast.clerk))
    assert Pledge.objects.get().signing_unit == cast.ward
