"""Acts on many pledges that rely on who works where hold the organisation still, before they hold anything (R16)."""

import pytest
from django.db import transaction

from pledges.models import SignedList
from pledges.services import listentry, publish_addition, renewing, signedlists
from tests.cast import make_cast
from tests.factories import make_campaign
from tests.pledges.acts import afresh, proved, sign
from tests.pledges.test_signedlists import begin, recorded, tick
from tests.together import at_once, locked_before_it_gave_up
from units.locks import change_organisation
from units.models import Unit

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(transactional_db):
    return make_cast()


@pytest.fixture
def campaign(transactional_db):
    return make_campaign()


def _enters_a_list(cast, campaign):
    made = tick(begin(cast.school, campaign, cast.school_head), cast.school_head, cast.school_official)
    made.refresh_from_db()
    by = afresh(cast.school_head)
    return lambda: listentry.enter_list(signed_list=made, seen_version=made.version, by=by, proof=proved())


def _withdraws_a_list(cast, campaign):
    recorded(cast.school, campaign, cast.school_head, cast.school_official)
    made, by = SignedList.objects.get(), afresh(cast.school_head)
    return lambda: signedlists.withdraw_list(signed_list=made, reason="Nhầm tờ quét", by=by)


def _publishes_an_addition(cast, campaign):
    by, words = afresh(cast.school_head), "Không dạy thêm trái quy định"
    return lambda: publish_addition(
        unit=cast.school, campaign=campaign, text=words, renews=True, seen_version=0, by=by
    )


def _asks_for_renewal(cast, campaign):
    by = afresh(cast.school_head)
    return lambda: renewing.ask_renewal(
        unit=cast.school, campaign=campaign, reason="Hiệu trưởng mới", seen_count=1, by=by
    )


@pytest.mark.parametrize(
    "act", [_enters_a_list, _withdraws_a_list, _publishes_an_addition, _asks_for_renewal]
)
def test_who_is_not_let_in_yet_has_locked_nothing(cast, campaign, act):
    asked = act(cast, campaign)
    with transaction.atomic():
        change_organisation()
        assert locked_before_it_gave_up(asked) == []


def test_who_signs_waits_for_no_change_of_the_organisation(cast, campaign):
    """Thousands sign on one day; one row each is taken, and foreign keys wait for no lock of a unit or a person."""
    with transaction.atomic():
        change_organisation()
        Unit.objects.select_for_update(no_key=True).get(pk=cast.school.pk)
        assert at_once(lambda: sign(cast.school_official, campaign)) == ["done"]
