"""A morning of signing while everything is killed: what was acknowledged is there once, who was in doubt is told truly.

5,000 people sign from 8 client processes through gunicorn on PostgreSQL (fsync on), and 60 times a gunicorn master or
worker, the Celery worker, PostgreSQL's postmaster or one of its backends gets `kill -9`. `make test` runs a sample.
"""

import time
from collections import Counter
from pathlib import Path

import pytest

from tests.faults.rollups import RECOVERY_SECONDS
from tests.faults.signings import Portal, Storm, portal, storm
from tests.waiting import wait_until

# The schema of its own PostgreSQL is that of the tests' database (`db`).
pytestmark = [pytest.mark.postgres, pytest.mark.worker, pytest.mark.django_db]
SEED = 2607
UNKEYED = "tests.faults.signings_without_key"
# What the pledges' own events are called, and how often each pledge may have them.
STORED = """
SELECT u.username, coalesce(p.status, ''), coalesce(p.round, 0), count(p.id) OVER (PARTITION BY u.id),
       (SELECT count(*) FROM pledges_signature s WHERE s.pledge_id = p.id AND s.party = 'official'),
       (SELECT count(*) FROM pledges_signature s WHERE s.pledge_id = p.id AND s.party = 'head'),
       coalesce('/cam-ket/' || p.public_id || '/', ''), coalesce(p.public_id, '')
  FROM units_user u LEFT JOIN pledges_pledge p ON p.user_id = u.id WHERE u.username LIKE 'S%'
"""
EVENTS = """
SELECT object_id, replace(kind, 'pledges.pledge.', ''), count(*) FROM ledger_event
 WHERE object_kind = 'pledges.pledge' GROUP BY 1, 2
"""
UNFINISHED = "SELECT 1 FROM pledges_paperjob WHERE status IN ('queued', 'running')"
PAPERS = """
SELECT p.public_id, (p.paper_id IS NOT NULL)::int,
       (SELECT count(*) FROM documents_paper d WHERE d.object_id = p.public_id AND d.kind = 'pledge')
  FROM pledges_pledge p WHERE p.status = 'complete'
"""
NOTICES = "SELECT effect, user_id, count(*) FROM notices_notice GROUP BY 1, 2 HAVING count(*) > 1"


class Account:
    """The acts that clients were told of, beside the rows that there are."""

    def __init__(self, one: Portal, happened: Storm) -> None:
        self.lost: list[str] = []
        self.doubled: list[str] = []
        self.acknowledged = 0
        expected: dict[str, Counter[str]] = {}
        places: dict[str, set[str]] = {}
        for act in happened.acts:
            if act["places"]:
                self.acknowledged += 1
                expected.setdefault(act["who"], Counter())[act["kind"]] += 1
                places.setdefault(act["who"], set()).update(act["places"])
        events: dict[str, Counter[str]] = {}
        for key, kind, count in one.rows(EVENTS):
            events.setdefault(key, Counter())[kind] = count
        for who, _status, rounds, rows, own, heads, address, key in one.rows(STORED):
            told = expected.get(who, Counter())
            stored = Counter(row=rows, round=rounds, own=own, head=heads)
            due = Counter(
                row=min(1, told["sign"]),
                round=told["sign"] + told["sign_again"],
                own=told["sign"] + told["sign_again"],
                head=told["countersign_complete"],
            )
            self.compare(who, due + told, stored + events.get(key, Counter()))
            if places.get(who, {address}) != {address}:
                self.lost.append(f"{who} was led to {places[who]}, the pledge is {address}")

    def compare(self, who: str, due: Counter[str], stored: Counter[str]) -> None:
        self.lost += [f"{who}: {name} ×{count}" for name, count in (due - stored).items()]
        self.doubled += [f"{who}: {name} ×{count}" for name, count in (stored - due).items()]


def weather(tmp_path: Path, record_property, *, people: int, kills: int) -> None:
    """The storm, then what must hold."""
    with portal(tmp_path) as one:
        units = one.start(people)
        begin = time.monotonic()
        happened = storm(one, units, kills=kills, seed=SEED)
        record_property("seconds", round(time.monotonic() - begin))
        one.keep()
        wait_until(one.answers, RECOVERY_SECONDS, "the portal after the storm")
        wait_until(lambda: not one.rows(UNFINISHED), 2 * RECOVERY_SECONDS, "the papers")
        account = Account(one, happened)
        check_papers(one, account)
        struck = sum(happened.kills.values())
        stands = not (happened.errors or happened.wrong or account.lost or account.doubled)
        record_property("injected", struck)
        record_property("survived", struck if stands else 0)
        record_property("lost", len(account.lost))
        record_property("doubled", len(account.doubled))
        record_property("acts", len(happened.acts))
        record_property("in_doubt", happened.in_doubt)
        record_property("killed", dict(happened.kills))
        assert not happened.errors
        assert struck == kills
        assert not account.lost
        assert not account.doubled
        assert not happened.wrong
        assert account.acknowledged == len(happened.acts)
        assert sum(act["kind"] == "sign" for act in happened.acts) == people
        assert "Nhật ký nguyên vẹn" in one.run("manage.py", "verify_ledger")


def check_papers(one: Portal, account: Account) -> None:
    """What the worker owed: a paper for every complete pledge, once, and no notice twice."""
    for key, has_paper, papers in one.rows(PAPERS):
        if not has_paper:
            account.lost.append(f"{key}: no paper")
        if papers > 1:
            account.doubled.append(f"{key}: {papers} papers")
    account.doubled += [f"notice {effect}" for effect, _user, _count in one.rows(NOTICES)]


def test_a_sample_of_the_storm(tmp_path, record_property):
    weather(tmp_path, record_property, people=96, kills=4)


@pytest.mark.faults
def test_five_thousand_signings_and_sixty_kills(tmp_path, record_property):
    weather(tmp_path, record_property, people=5000, kills=60)


def test_without_the_key_the_same_storm_is_not_survived(tmp_path):
    """Negative control: what comes a second time is then done a second time, or refused although it was done."""
    with portal(tmp_path, UNKEYED) as one:
        units = one.start(80)
        happened = storm(one, units, kills=2, seed=SEED)
        one.keep()
        wait_until(one.answers, RECOVERY_SECONDS, "the portal after the storm")
        account = Account(one, happened)
    assert not happened.errors
    assert [each for each in account.doubled if "sign_again" in each]
    assert [each for each in happened.wrong if "Ông/bà đã ký cam kết" in each]
