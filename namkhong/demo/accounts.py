"""The people whose accounts are printed, one for each role, and what waits for them."""

import hashlib
import json
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django_otp.plugins.otp_totp.models import TOTPDevice

from namkhong.demo import places, pledges, scripts
from namkhong.demo.cases import Cases
from namkhong.demo.nodes import Node, Person, Province
from units.activation import ALPHABET
from units.factors import typed_secret
from units.models import Post, User

GROUPS, GROUP = 4, 4
WAITING_AT_SCHOOL = 2


@dataclass(frozen=True)
class Account:
    role: str
    person: Person
    node: Node


@dataclass
class Cast:
    """Accounts, and fates that are not left to chance: of pledges by person, of reports by the unit's source key."""

    accounts: list[Account]
    pledge_fates: dict[int, str]
    report_fates: dict[str, str]
    plan_fates: dict[str, str]


def choose(units: Province, cases: Cases) -> Cast:
    accounts = [
        *_accounts(units),
        *(Account(role, *cases.roles[name]) for name, role in ROLES_OF_CASES.items()),
    ]
    fates = {id(one.person): pledges.COMPLETE for one in accounts}
    fates |= {id(one.person): fate for one in accounts if (fate := OWN_PLEDGES.get(one.role))}
    for node, wanted in _waiting(units):
        idle = [person for person in _ordinary(node) if id(person) not in fates]
        fates |= {id(person): fate for person, fate in zip(idle, wanted, strict=False)}
    # Two heads of the first level wait for the chair of the province.
    heads = [node.held[Post.Kind.HEAD][-1][1] for node in units.nodes.values() if node.is_first_level]
    fates |= {id(person): pledges.WAITS_HEAD for person in [one for one in heads if id(one) not in fates][:2]}
    return Cast(accounts, fates, REPORTS, PLANS)


# Roles, as the table prints them.
OFFICIAL, SCHOOL_OFFICIAL = "Công chức phường", "Viên chức trường học (có công đoàn)"
WARD_HEAD, CLERK, UNION_CHAIR = (
    "Chủ tịch UBND phường",
    "Cán bộ đầu mối của phường",
    "Chủ tịch công đoàn cơ sở",
)
SCHOOL_HEAD, OTHER_HEAD = "Hiệu trưởng", "Người đứng đầu đơn vị khác"
HOME_AFFAIRS, HOME_AFFAIRS_HEAD = "Cán bộ Sở Nội vụ", "Giám đốc Sở Nội vụ"
LEADERSHIP, STANDING_COMMITTEE = "Lãnh đạo UBND thành phố", "Ban Thường vụ Thành ủy"
# Those of `cases`, in the order of the table.
ROLES_OF_CASES = {
    "acting_head": "Quyền Hiệu trưởng (Q.)",
    "in_charge": "Phó Chủ tịch phụ trách UBND xã (KT.)",
    "deputises": "Phó Giám đốc ký thay (KT.)",
    "by_authority": "Người được ủy quyền (TUQ.)",
    "inspector": "Thành viên đoàn kiểm tra",
    "professional_clerk": "Cán bộ đầu mối theo ngành (giáo dục)",
    "accountant": "Kế toán kiêm nhiệm hai trường",
}
# Asked for a second factor: Sở Nội vụ always, the leadership when acting.
SECOND_FACTOR = (HOME_AFFAIRS, HOME_AFFAIRS_HEAD, LEADERSHIP, STANDING_COMMITTEE)

OWN_PLEDGES = {
    OFFICIAL: pledges.UNSIGNED,
    SCHOOL_OFFICIAL: pledges.RETURNED,
    STANDING_COMMITTEE: pledges.UNSIGNED,
    **dict.fromkeys(ROLES_OF_CASES.values(), pledges.UNSIGNED),
}
REPORTS = {
    places.WARD: scripts.DRAFT,
    places.SCHOOL: scripts.SUBMITTED,
    places.HOME_AFFAIRS: scripts.PRESENTED,
    places.OTHER_COMMUNE: scripts.RETURNED,
}
PLANS = dict.fromkeys(REPORTS, scripts.ACCEPTED)


def _accounts(units: Province) -> list[Account]:
    nodes = units.nodes
    ward, school, office = nodes[places.WARD], nodes[places.SCHOOL], nodes[places.HOME_AFFAIRS]
    holders = [
        (WARD_HEAD, ward, Post.Kind.HEAD),
        (CLERK, ward, Post.Kind.CLERK),
        (SCHOOL_HEAD, school, Post.Kind.HEAD),
        (UNION_CHAIR, school, Post.Kind.UNION_CHAIR),
        (HOME_AFFAIRS, office, Post.Kind.HOME_AFFAIRS),
        (HOME_AFFAIRS_HEAD, office, Post.Kind.HEAD),
        (LEADERSHIP, units.root, Post.Kind.LEADERSHIP),
        (STANDING_COMMITTEE, units.root, Post.Kind.STANDING_COMMITTEE),
        (OTHER_HEAD, nodes[places.OTHER_COMMUNE], Post.Kind.HEAD),
    ]
    found = [Account(role, node.held[kind][0][1], node) for role, node, kind in holders]
    division = nodes[places.WARD_DIVISION]
    officials = [
        Account(OFFICIAL, _longest_serving(division), division),
        Account(SCHOOL_OFFICIAL, _longest_serving(school), school),
    ]
    return [*officials, *found]


def _ordinary(node: Node) -> list[Person]:
    """Without posts, those who came first before the others."""
    return sorted(
        (person for person in node.people if not person.terms), key=lambda person: person.jobs[0].since
    )


def _longest_serving(node: Node) -> Person:
    return _ordinary(node)[0]


def _waiting(units: Province) -> list[tuple[Node, list[str]]]:
    """Where somebody's pledge waits for one of the accounts: the ward's head, the school's head and its union."""
    at_school = [pledges.WAITS_UNION] * WAITING_AT_SCHOOL + [pledges.WAITS_HEAD] * WAITING_AT_SCHOOL
    return [
        (units.nodes[places.SCHOOL], at_school),
        (units.nodes[places.WARD_DIVISION], [pledges.WAITS_HEAD]),
        (units.nodes[places.WARD], [pledges.WAITS_HEAD, pledges.WITHDRAWN]),
        (units.nodes[places.HOME_AFFAIRS], [pledges.WAITS_HEAD]),
        (units.nodes[places.OTHER_COMMUNE], [pledges.WAITS_HEAD]),
    ]


def open_accounts(accounts: list[Account], seed: int) -> list[dict[str, str]]:
    """Fresh passwords, from the system's random source and never from the seed; returns the rows of the table.

    The second factor's secret does come from the seed, so that a telephone set up once knows the next demo too.
    """
    rows = []
    for one in accounts:
        password = _new_password()
        user = one.person.user
        user.password = make_password(password)
        rows.append(
            {
                "role": one.role,
                "username": user.username,
                "password": password,
                "name": user.full_name,
                "unit": one.node.unit.name,
                "secret": _second_factor(one, seed) if one.role in SECOND_FACTOR else "",
            }
        )
    User.objects.bulk_update([one.person.user for one in accounts], ["password"])
    return rows


def _second_factor(one: Account, seed: int) -> str:
    """A confirmed device; its secret as one types it into the application."""
    secret = hashlib.sha256(f"{seed}:second factor:{one.person.user.username}".encode()).hexdigest()[:40]
    TOTPDevice.objects.create(user=one.person.user, name="demo", key=secret)
    return typed_secret(secret)


def _new_password() -> str:
    """“xk7m-2hpr-94tb-qw5d”: 78 random bits, no letter that is taken for another."""
    letters = [secrets.choice(ALPHABET.lower()) for _ in range(GROUPS * GROUP)]
    return "-".join("".join(letters[at : at + GROUP]) for at in range(0, len(letters), GROUP))


def draft_file(rows: list[dict[str, str]], path: Path) -> Path:
    """A file beside `path`, readable by its owner alone; put in place once the rows are committed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as draft:
        json.dump(rows, draft, ensure_ascii=False, indent=2)
        draft.flush()
        os.fsync(draft.fileno())
    return Path(draft.name)
