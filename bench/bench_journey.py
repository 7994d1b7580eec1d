"""Launch morning: journeys a second of the portal, against the same portal on Django's own hasher and connections.

A journey is six requests of one person by HTTP on loopback: the page of login, the login, the home page, the form,
the signing, the receipt. Both portals are gunicorn with deploy/gunicorn.conf.py on the same PostgreSQL and Redis;
bench/django_defaults.py says what the other is. Each has its own people, whose passwords its own hasher has hashed.
Rounds are interleaved; the median counts. PostgreSQL only. Usage: python -m bench.bench_journey [ROUNDS] [JOURNEYS]
"""

import statistics
import sys
from collections.abc import Iterator

import django

django.setup()

from django.urls import reverse  # noqa: E402 - needs the settings

from bench import portal, riders  # noqa: E402

NAME, GOAL, FLOOR = "journey", 7.0, 4.0
PEOPLE, CLIENTS = 12_000, 8
# Of so many journeys of ours the other portal makes one: it is that much slower, and a round takes both as long.
FEWER = 4
LOGIN, HOME, SIGN = (reverse(name) for name in ("login", "home", "pledges:pledge_sign"))
WORDS = "Giải quyết hồ sơ đúng hạn, không để dân đi lại nhiều lần."
OURS, OTHER = "mod(id, 2) = 1", "mod(id, 2) = 0"


class Person:
    """Keeps cookies, as a browser does."""

    def __init__(self, rider: riders.Rider) -> None:
        self.rider = rider
        self.cookies: dict[str, str] = {}

    async def ask(
        self, path: str, fields: dict[str, str] | None = None, *, status: int = 200
    ) -> riders.Answer:
        method = "GET" if fields is None else "POST"
        answer = await self.rider.send(riders.request(method, path, self.cookies, fields))
        assert answer.status == status, (path, answer.status, answer.body[-2000:])
        self.cookies |= answer.cookies
        return answer


async def journey(rider: riders.Rider, number: int) -> None:
    person = Person(rider)
    login = await person.ask(LOGIN)
    who = {"username": f"H{number}", "password": portal.PASSWORD}
    await person.ask(LOGIN, login.hidden | who, status=302)
    await person.ask(HOME)
    form = await person.ask(SIGN)
    signed = await person.ask(SIGN, form.hidden | {"own_words": WORDS}, status=302)
    receipt = await person.ask(signed.location)
    assert "Đã ký cam kết năm".encode() in receipt.body


def a_second(server: portal.Server, people: Iterator[int], count: int) -> tuple[float, float]:
    """Journeys a second, and seconds of processor each took in gunicorn."""
    before = server.cpu_seconds()
    done, seconds = riders.ride(server.port, CLIENTS, iter([next(people) for _ in range(count)]), journey)
    return len(done) / seconds, (server.cpu_seconds() - before) / count


def main() -> None:
    given = [int(word) for word in sys.argv[1:]]
    count, journeys = (*given, *(5, 120)[len(given) :])
    with portal.province(PEOPLE):
        portal.collect_static(portal.environment("namkhong.settings"))
        portal.passwords("default", OURS)
        portal.passwords("pbkdf2_sha256", OTHER)
        with portal.served() as ours, portal.served("bench.django_defaults") as other:
            mine = iter(range(portal.FIRST_SIGNER, PEOPLE, 2))
            theirs = iter(range(portal.FIRST_SIGNER + 1, PEOPLE, 2))
            a_second(ours, mine, 16)
            a_second(other, theirs, 16)
            ratios = []
            for number in range(count):
                fast, own = a_second(ours, mine, journeys)
                slow, default = a_second(other, theirs, max(CLIENTS, journeys // FEWER))
                ratios.append(fast / slow)
                print(
                    f"round {number + 1}: {fast:.1f} journeys a second ({own * 1000:.0f} ms of processor each) "
                    f"against {slow:.1f} ({default * 1000:.0f} ms): {ratios[-1]:.2f}",
                    flush=True,
                )
    ratio = statistics.median(ratios)
    print(f"bench {NAME}: ratio {ratio:.2f} (goal {GOAL}, floor {FLOOR})")
    sys.exit(ratio < FLOOR)


if __name__ == "__main__":
    main()
