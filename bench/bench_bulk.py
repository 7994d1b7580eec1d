"""Four hundred pledges confirmed by one person under one proof, by the worker's own function: how long its work takes.

Five rounds of the longest way (no union: state, event, signature, order and poke of the paper, notice for each). The
ratio is the bound of the issue, 5 s, against the median round; beside it the statements of a hundred.
Usage: python -m bench.bench_bulk [PLEDGES] [ROUNDS]      (400 and 5 by default)
"""

import statistics
import sys
import time

import django

django.setup()

from django.db import connection  # noqa: E402 - needs the settings
from django.test.utils import CaptureQueriesContext  # noqa: E402

from ledger import jobs  # noqa: E402
from pledges.models import BulkConfirmation, PaperJob, Signature  # noqa: E402
from pledges.services import bulk, bulkwork  # noqa: E402
from tests.cast import Cast, make_cast  # noqa: E402
from tests.factories import make_campaign  # noqa: E402
from tests.pledges.crowds import crowd, ordered, outcomes  # noqa: E402

NAME, BOUND, GOAL, FLOOR = "bulk", 5.0, 5.0, 1.0


def one_round(cast: Cast, campaign, number: int) -> float:
    order = ordered(cast.head, cast.ward, crowd(cast.ward, number, campaign))
    begin = time.perf_counter()
    assert jobs.run(bulk.KIND, order.pk)
    seconds = time.perf_counter() - begin
    order.refresh_from_db()
    assert (order.status, outcomes(order)) == ("done", {"done": number})
    return seconds


def statements(cast: Cast, campaign) -> list[int]:
    """Of three hundreds one after another."""
    order = ordered(cast.head, cast.ward, crowd(cast.ward, 300, campaign))
    moment = order.created_at
    BulkConfirmation.objects.claim(
        order.pk, token=order.public_id, at=moment, lease_until=moment + jobs.LEASE
    )
    found = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as said:
            bulkwork._next_batch(order, jobs.Hold(BulkConfirmation, order.pk, order.public_id))
        found.append(len(said))
    return found


def main() -> None:
    number, rounds = (*map(int, sys.argv[1:]), *(400, 5)[len(sys.argv) - 1 :])
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        cast, campaign = make_cast(), make_campaign()
        took = [one_round(cast, campaign, number) for _ in range(rounds)]
        confirmed = Signature.objects.filter(party="head").count()
        assert confirmed == PaperJob.objects.count() == number * rounds
        words = ", ".join(f"{one:.2f}" for one in took)
        print(
            f"{number} confirmed on {connection.vendor}: {words} s; statements of each hundred: "
            f"{statements(cast, campaign)}",
            flush=True,
        )
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
    ratio = BOUND / statistics.median(took)
    print(f"bench {NAME}: ratio {ratio:.2f} (goal {GOAL}, floor {FLOOR})")
    sys.exit(ratio < FLOOR)


if __name__ == "__main__":
    main()
