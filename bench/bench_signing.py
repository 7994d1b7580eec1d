"""Acts of signing a second through the real server, as a share of pgbench writing the same rows in the same run.

Timed is the POST alone, by HTTP on loopback, of people who came in, gave their proof and opened the page a moment ago
(untimed, by the same server): session, CSRF, rights and posts read anew, form, idempotency key, the words compared with
those shown, pledge, signature, event, receipt, one durable transaction, redirect. gunicorn runs with
deploy/gunicorn.conf.py; PostgreSQL with fsync on. pgbench writes the very rows that one act was seen to write, into
the same tables, with as many clients (8: as many as gunicorn has threads). Rounds are interleaved; the median counts.

Then 200 connections sign at once while one client of Sở Nội vụ reads the board: p99 may be ten times p50 at most.
PostgreSQL only. Usage: python -m bench.bench_signing [ROUNDS] [ACTS in a round]
"""

import asyncio
import statistics
import sys
from collections.abc import Iterator

import django

django.setup()

from django.db import connection  # noqa: E402 - needs the settings
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from bench import pgbench, portal, riders  # noqa: E402
from pledges.models import Pledge  # noqa: E402

NAME, GOAL, FLOOR = "signing", 0.20, 0.12
PEOPLE, CLIENTS, SECONDS = 30_000, 8, 2
CROWD, CROWD_ACTS, TAIL = 200, 1600, 10.0
WORDS = "Giải quyết hồ sơ đúng hạn, không để dân đi lại nhiều lần.\nKhông nhận quà của người có việc."
SIGN = reverse("pledges:pledge_sign")


def ready(port: int, people: list[int]) -> list[bytes]:
    """The POSTs of these people, who have the page before them."""

    async def read(rider: riders.Rider, key: str) -> bytes:
        page = await rider.send(riders.request("GET", SIGN, {"phien": key}))
        assert page.status == 200, page
        fields = page.hidden | {"own_words": WORDS}
        return riders.request("POST", SIGN, {"phien": key, **page.cookies}, fields)

    return riders.ride(port, CLIENTS, iter(portal.signed_in(people)), read)[0]


async def sign(rider: riders.Rider, said: bytes) -> float:
    answer = await rider.send(said)
    assert answer.status == 302, (answer.status, answer.body[-2000:])
    return answer.seconds


def queries(person: int) -> int:
    """Statements of one act, those of the transaction included."""
    client = Client()
    client.cookies["phien"] = portal.signed_in([person])[0]
    fields = riders.hidden(client.get(SIGN).content) | {"own_words": WORDS}
    with CaptureQueriesContext(connection) as asked:
        assert client.post(SIGN, fields).status_code == 302
    return len(asked)


def one_act(server: portal.Server, people: Iterator[int]) -> tuple[pgbench.Written, int]:
    """The rows that one act writes, and whose they are; after a few by which everything is warm."""
    warm = ready(server.port, [next(people) for _ in range(40)])
    riders.ride(server.port, CLIENTS, iter(warm[:-1]), sign)
    before = pgbench.moment()
    riders.ride(server.port, 1, iter(warm[-1:]), sign)
    return pgbench.Written.since(before), Pledge.objects.latest("pk").user_id


def rounds(server: portal.Server, people: Iterator[int], count: int, acts: int) -> float:
    written, user_id = one_act(server, people)
    print(
        f"one act: {queries(next(people))} statements, {len(written.rows)} rows of {written.size()} bytes in all:"
    )
    print("  " + ", ".join(written.names()), flush=True)
    shares = []
    with pgbench.script(written, user_id=user_id, people=PEOPLE) as path:
        for number in range(count):
            posts = ready(server.port, [next(people) for _ in range(acts)])
            before = server.cpu_seconds()
            done, seconds = riders.ride(server.port, CLIENTS, iter(posts), sign)
            used = server.cpu_seconds() - before
            bare = pgbench.per_second(path, clients=CLIENTS, seconds=SECONDS, number=number)
            shares.append(len(done) / seconds / bare)
            print(
                f"round {number + 1}: {len(done) / seconds:.0f} acts a second ({used / len(done) * 1000:.1f} ms of "
                f"processor each in gunicorn, {used / seconds:.2f} of it busy) against {bare:.0f}: {shares[-1]:.3f}",
                flush=True,
            )
    return statistics.median(shares)


async def crowded(port: int, posts: list[bytes], board: bytes) -> tuple[list[float], list[float]]:
    """Seconds of each act and of each reading of the board."""
    waiting, acts, reads = iter(posts), [], []
    over = asyncio.Event()

    async def person() -> None:
        rider = riders.Rider(port)
        for said in waiting:
            acts.append(await sign(rider, said))  # noqa: PERF401 - one after the other
        rider.close()

    async def reader() -> None:
        rider = riders.Rider(port)
        while not over.is_set():
            answer = await rider.send(board)
            assert answer.status == 200, answer.status
            reads.append(answer.seconds)
        rider.close()

    reading = asyncio.create_task(reader())
    await asyncio.gather(*(person() for _ in range(CROWD)))
    over.set()
    await reading
    return acts, reads


def crowd(server: portal.Server, people: Iterator[int]) -> float:
    """p99 as a multiple of p50."""
    address = portal.open_board()
    key = portal.signed_in([portal.OFFICER], factor=True)[0]
    posts = ready(server.port, [next(people) for _ in range(CROWD_ACTS)])
    acts, reads = asyncio.run(crowded(server.port, posts, riders.request("GET", address, {"phien": key})))
    cuts = statistics.quantiles(acts, n=100)
    print(
        f"{CROWD} connections, {len(acts)} acts: p50 {cuts[49] * 1000:.0f} ms, p99 {cuts[98] * 1000:.0f} ms; "
        f"the board was read {len(reads)} times, median {statistics.median(reads) * 1000:.0f} ms",
        flush=True,
    )
    return cuts[98] / cuts[49]


def main() -> None:
    given = [int(word) for word in sys.argv[1:]]
    count, acts = (*given, *(7, 300)[len(given) :])
    with portal.province(PEOPLE):
        portal.collect_static(portal.environment("namkhong.settings"))
        with portal.served() as server:
            people = iter(range(portal.FIRST_SIGNER, PEOPLE))
            ratio = rounds(server, people, count, acts)
            tail = crowd(server, people)
    print(f"p99 is {tail:.1f} times p50 (at most {TAIL:.0f})")
    print(f"bench {NAME}: ratio {ratio:.3f} (goal {GOAL}, floor {FLOOR})")
    sys.exit(ratio < FLOOR or tail > TAIL)


if __name__ == "__main__":
    main()
