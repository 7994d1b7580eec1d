"""Nothing of one pledge passes for a part of another: a seeded sample. Whole: tests/faults/test_transplants.py."""

from ledger.canonical import digest
from tests.pledges.transplants import KINDS, make_world, post_confirming, post_signing, try_all


def test_every_kind_of_transplant_is_refused_and_nothing_is_written(cast, campaign, client_of):
    world = make_world(cast, campaign, client_of)
    refused = try_all(world, 3 * len(KINDS), seed=2607)
    assert refused == dict.fromkeys(KINDS, 3)


def test_what_is_one_s_own_is_accepted(cast, campaign, client_of):
    """The control: the same posts with the right digest sign and confirm."""
    world = make_world(cast, campaign, client_of)
    user = world.people[0]
    assert "Đã ký cam kết" in post_signing(world, user, digest(world.shown(user)))
    pledge, head = world.waiting[0]
    assert "Đã xác nhận bản cam kết" in post_confirming(world, pledge, head, pledge.sha256)
