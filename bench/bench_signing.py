"""Acts of signing a second through the real server, as a share of pgbench writing the same rows in the same run."""

import random
import statistics
import sys
import time

import django

django.setup()

from django.urls import reverse  # noqa: E402 - needs the settings
from ledger import clock  # noqa: E402

from bench import pgbench, portal, riders  # noqa: E402
from bench.portal import FIRST_SIGNER  # noqa: E402

NAME, GOAL, FLOOR = "signing", 0.20, 0.12
CLIENTS = 8
WORDS = "Giải quyết hồ sơ đúng hạn, không để dân đi lại nhiều lần.\nKhông nhận quà của người có việc."
SIGN = reverse("pledges:pledge_sign")


def ready_to_sign(port: int, keys: list[str]) -> list[bytes]:
    """The POSTs of people who have the page before them: each has read it a moment ago."""

    async def read(rider: riders.Rider, key: str) -> bytes:
        page = await rider.send(riders.request("GET", SIGN, {"phien": key}))
        assert page.status == 200, page
        fields = page.hidden | {"own_words": WORDS}
        return riders.request("POST", SIGN, {"phien": key, **page.cookies}, fields)

    posts, seconds = riders.ride(port, CLIENTS, iter(keys), read)
    print("GET/s", len(keys) / seconds)
    return posts


async def sign(rider: riders.Rider, said: bytes) -> riders.Answer:
    answer = await rider.send(said)
    assert answer.status == 302, (answer.status, answer.body[-3000:])
    assert answer.location.startswith("/cam-ket/"), answer.location
    return answer


def main() -> None:
    with portal.province(30_000):
        portal.collect_static(portal.environment("namkhong.settings"))
        with portal.served() as server:
            people = iter(range(FIRST_SIGNER, 30_000))
            take = lambda n: [next(people) for _ in range(n)]
            posts = ready_to_sign(server.port, portal.signed_in(take(20)))
            riders.ride(server.port, 1, iter(posts[:-1]), sign)
            before = pgbench.moment()
            riders.ride(server.port, 1, iter(posts[-1:]), sign)
            written = pgbench.Written.since(before)
            print(written.names(), written.size())
            from pledges.models import Pledge

            uid = Pledge.objects.latest("pk").user_id
            with pgbench.script(written, user_id=uid, people=30000) as path:
                for number in range(5):
                    posts = ready_to_sign(server.port, portal.signed_in(take(400)))
                    c = server.cpu_seconds()
                    done, seconds = riders.ride(server.port, CLIENTS, iter(posts), sign)
                    c = server.cpu_seconds() - c
                    mine = len(done) / seconds
                    bare = pgbench.per_second(path, clients=CLIENTS, seconds=3, number=2 * number)
                    bare2 = (
                        pgbench.per_second(
                            path, clients=CLIENTS, seconds=3, number=2 * number + 1, mode="prepared"
                        )
                        if len(sys.argv) > 1
                        else 0
                    )
                    print(
                        f"{mine:.0f}/s cpu {c / len(done) * 1000:.2f} ms share {c / seconds:.2f} against {bare:.0f} {bare2:.0f}: {mine / bare:.3f}",
                        flush=True,
                    )


if __name__ == "__main__":
    main()
