"""What a reorganisation does to self-reviews: who is right from its day remarks on what is open."""

from datetime import timedelta

import pytest

from ledger import clock, events
from ledger.workflow import StepRefused
from pledges.models import SelfReview
from tests.factories import appoint, person
from tests.pledges.acts import confirm, sign
from tests.pledges.looking_back import OPEN_DAY, again, remark, send, write
from tests.units.acts import existing, merge, move, new, rename, unit_called
from units.services import correct_reorganisation, move_person


@pytest.fixture(autouse=True)
def while_it_is_open(on_day):
    on_day(OPEN_DAY)


@pytest.fixture
def sent(cast, complete):
    return send(write(complete))


def test_a_merger_hands_open_reviews_to_the_head_of_the_new_unit(cast, sent):
    before = (sent.sha256, again(sent).answers, again(sent).sent_at)
    merge(
        cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân"), on=clock.today(), by=cast.home_affairs
    )
    heir = unit_called("UBND phường Phú Xuân")
    moved = again(sent)
    assert moved.signing_unit == heir
    assert (moved.sha256, moved.answers, moved.sent_at) == before
    last = events.history("pledges.selfreview", sent.public_id)[-1]
    assert (last.kind, last.data["to"]) == ("pledges.selfreview.move", heir.public_id)
    head = person("Lê Mới", heir)
    appoint(head, heir, "head", heir.posts.get(kind="head").title)
    assert remark(moved, head).status == SelfReview.Status.COMPLETE


def test_a_leaders_review_goes_to_whoever_stands_above_him_from_that_day(cast, campaign):
    of_head = send(write(confirm(sign(cast.school_head, campaign), cast.head)))
    of_teacher = send(write(sign(cast.school_official, campaign)))
    move(cast.school, to=cast.other_ward, on=clock.today())
    assert again(of_head).signing_unit == cast.other_ward
    assert again(of_teacher).signing_unit == cast.school


def test_a_complete_review_stays_and_its_heirs_head_reads_it(cast, sent):
    remark(sent, cast.head)
    merge(cast.ward, cast.other_ward, into=existing(cast.other_ward), on=clock.today(), by=cast.home_affairs)
    assert again(sent).signing_unit == cast.ward
    reader = type(cast.other_head).objects.get(pk=cast.other_head.pk)
    assert sent in SelfReview.objects.visible_to(reader)


def test_a_correction_brings_everything_back(cast, sent):
    before = SelfReview.objects.filter(pk=sent.pk).values().get()
    act = rename(cast.ward, "UBND phường Hương Uyển", on=clock.today())
    assert again(sent).signing_unit != cast.ward
    correct_reorganisation(act=act, decision="Công văn số 1", reason="Nhập nhầm", by=cast.home_affairs)
    assert SelfReview.objects.filter(pk=sent.pk).values().get() == before


def test_a_correction_is_refused_once_the_heir_has_remarked(cast, sent):
    act = rename(cast.ward, "UBND phường Hương Uyển", on=clock.today())
    remark(again(sent), cast.head)
    with pytest.raises(StepRefused, match="1 bản tự đánh giá chuyển theo việc sắp xếp này"):
        correct_reorganisation(act=act, decision="Công văn số 1", reason="Nhập nhầm", by=cast.home_affairs)


def test_who_moved_away_since_is_remarked_on_where_he_works_now(cast, campaign):
    move_person(user=cast.official, unit=cast.other_ward, on=clock.today() - timedelta(days=20), by=None)
    official = type(cast.official).objects.get(pk=cast.official.pk)
    review = send(write(confirm(sign(official, campaign), cast.other_head)))
    assert review.signing_unit == cast.other_ward
    merge(cast.ward, cast.division, into=new("UBND phường Phú Xuân"), on=clock.today() - timedelta(days=60))
    assert again(review).signing_unit == cast.other_ward
