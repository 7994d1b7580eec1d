"""A checked roster written as sets: a fixed number of statements, whatever the number of people.

The rows to write stand in the staging table; two temporary tables hold what the statements need beside them: the codes
and ids of people to come, and the employments to close with what they were.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, models

from ledger import clock, events
from ledger.copying import copy_rows
from ledger.public_id import new_public_id
from units import activation
from units.locks import change_organisation
from units.models import Post, RosterRow, RosterUpload, User
from units.reorganisation.register import Transition, movers
from units.rosterfile import absences

Journal = dict[str, Any]

TABLES = """
CREATE TEMPORARY TABLE roster_new (row_id bigint PRIMARY KEY, public_id varchar(26), username varchar(30),
                                   from_portal boolean);
CREATE TEMPORARY TABLE roster_end (row_id bigint PRIMARY KEY, employment_id bigint, until date,
                                   ending varchar(15), payroll_unit_id bigint, day date)
"""
HELD = "e.since <= %(on)s AND (e.until IS NULL OR e.until > %(on)s)"
ENDS = f"""
INSERT INTO roster_end (row_id, employment_id, until, ending, payroll_unit_id, day)
SELECT r.id, e.id, e.until, e.ending, e.payroll_unit_id, COALESCE(r.since, %(on)s)
  FROM units_rosterrow r JOIN units_employment e ON e.user_id = r.user_id AND {HELD}
 WHERE r.upload_id = %(upload)s AND (r.since IS NOT NULL OR r.action = 'gone')
"""  # noqa: S608 - constants joined; values are parameters
CLOSE = """
UPDATE units_employment SET until = d.day, ending = CASE r.action WHEN 'moved' THEN 'moved' ELSE '' END
  FROM roster_end d JOIN units_rosterrow r ON r.id = d.row_id
 WHERE units_employment.id = d.employment_id
"""
# A planned end goes with whom it is for; a planned return from a secondment does not (see people.move_person).
STAYS_PLANNED = "(r.action = 'changed' OR d.payroll_unit_id IS NULL)"
REOPEN = f"""
INSERT INTO units_employment (user_id, unit_id, category, payroll_unit_id, contract_id, contract_until, since, until,
                              ending)
SELECT r.user_id, r.unit_id, r.category, CASE r.action WHEN 'changed' THEN d.payroll_unit_id END, r.contract_id,
       r.contract_until, r.since, CASE WHEN {STAYS_PLANNED} THEN d.until END,
       CASE WHEN d.until IS NOT NULL AND {STAYS_PLANNED} THEN d.ending ELSE '' END
  FROM units_rosterrow r LEFT JOIN roster_end d ON d.row_id = r.id
 WHERE r.upload_id = %(upload)s AND r.since IS NOT NULL AND r.user_id IS NOT NULL
RETURNING id, until
"""  # noqa: S608 - constants joined; values are parameters
EMPLOY = """
INSERT INTO units_employment (user_id, unit_id, category, contract_id, contract_until, since, ending)
SELECT u.id, r.unit_id, r.category, r.contract_id, r.contract_until, r.since, ''
  FROM roster_new n JOIN units_rosterrow r ON r.id = n.row_id JOIN units_user u ON u.username = n.username
RETURNING id
"""
PEOPLE = """
INSERT INTO units_user (public_id, username, code_from_portal, full_name, search_key, sort_key, job_title, birth_year,
                        password{more})
SELECT n.public_id, n.username, n.from_portal, r.full_name, r.search_key, r.sort_key, r.job_title, r.birth_year,
       {password}{values}
  FROM roster_new n JOIN units_rosterrow r ON r.id = n.row_id
 ORDER BY n.row_id
RETURNING id
"""
DESCRIBE = """
UPDATE units_user SET full_name = r.full_name, search_key = r.search_key, sort_key = r.sort_key,
                      job_title = r.job_title, birth_year = r.birth_year
  FROM units_rosterrow r
 WHERE r.upload_id = %(upload)s AND r.user_id = units_user.id AND r.action IN ('new', 'changed', 'moved')
   AND (r.full_name <> units_user.full_name OR r.job_title <> units_user.job_title
        OR r.birth_year IS DISTINCT FROM units_user.birth_year)
"""
CONTRACTS = f"""
UPDATE units_employment SET contract_until = r.contract_until
  FROM units_rosterrow r JOIN units_employment e ON e.user_id = r.user_id AND {HELD}
 WHERE r.upload_id = %(upload)s AND r.action = 'changed' AND r.since IS NULL AND units_employment.id = e.id
   AND e.contract_until IS DISTINCT FROM r.contract_until
"""  # noqa: S608 - constants joined; values are parameters
GIVEN_CODES = """
UPDATE units_rosterrow SET code = n.username FROM roster_new n WHERE units_rosterrow.id = n.row_id AND n.from_portal
"""
LAST = "SELECT (SELECT MAX(id) FROM units_employment), (SELECT MAX(id) FROM units_appointment)"
# What is told of each person: the kinds are those of units.services.people.
TOLD = {
    "units.employ": "r.action = 'new'",
    "units.move_person": "r.action = 'moved'",
    "units.change_person": "r.action = 'changed'",
    "units.end_employment": "r.action = 'gone'",
}


ABOUT = """u.public_id, w.public_id, {build}('roster', %s, 'since', COALESCE(r.since, %s), 'category', r.category)
  FROM units_rosterrow r JOIN units_user u ON u.username = r.code JOIN units_unit w ON w.id = r.unit_id
 WHERE r.upload_id = %s AND {which} ORDER BY r.id"""


@dataclass(frozen=True)
class Act:
    """One applying: what, by whom in which post. `give_codes(count=)` makes codes for people who have none."""

    upload: RosterUpload
    by: User
    post: Post | None
    give_codes: Callable[..., list[str]]

    @property
    def params(self) -> dict[str, Any]:
        return {"upload": self.upload.pk, "on": self.upload.on}


def lock() -> None:
    """From here to the end of the transaction nobody else changes where people work; pages still read."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '30s'")
    change_organisation()


def apply(act: Act) -> Journal:
    """Writes what the staged rows say; returns what `undoing` needs to take exactly that back."""
    with connection.cursor() as cursor:
        for statement in TABLES.split(";"):
            cursor.execute(statement)
        journal = _write(cursor, act)
        # After a failure the transaction takes them away.
        cursor.execute("DROP TABLE roster_new")
        cursor.execute("DROP TABLE roster_end")
    return journal


def _write(cursor: Any, act: Act) -> Journal:
    _newcomers(act)
    _close_old_accounts(act)
    params = act.params
    cursor.execute(ENDS, params)
    cursor.execute("SELECT employment_id, until, ending, day FROM roster_end ORDER BY employment_id")
    closed = [[key, _iso(until), ending, _iso(day)] for key, until, ending, day in cursor.fetchall()]
    cursor.execute(CLOSE)
    cursor.execute(REOPEN, params)
    reopened = cursor.fetchall()
    planned = {str(key): _iso(until) for key, until in reopened if until}
    cursor.execute(DESCRIBE, params)
    cursor.execute(CONTRACTS, params)
    made = _returned(cursor, _people(), params)
    opened = [key for key, _until in reopened] + _returned(cursor, EMPLOY, params)
    cursor.execute(GIVEN_CODES)
    journal: Journal = {"closed": closed, "opened": runs(opened), "planned": planned, "made": runs(made)}
    journal |= {"absences": absences.end(act.upload, by=act.by, post=act.post)} | _last(cursor)
    _tell(act, TOLD)
    return journal


def _last(cursor: Any) -> Journal:
    """What is written later has a greater key."""
    cursor.execute(LAST)
    employment, appointment = cursor.fetchone()
    return {"last": employment or 0, "last_post": appointment or 0}


def _close_old_accounts(act: Act) -> None:
    """Who had left and comes back by the list gets in by a new slip alone, as in `units.services.returns`."""
    back = RosterRow.objects.filter(upload=act.upload, action=RosterRow.Action.NEW, user__isnull=False)
    people = User.objects.knowing_who_left(clock.today()).filter(pk__in=back.values("user"), has_left=True)
    activation.close_accounts(people)


def _newcomers(act: Act) -> None:
    """Ids for all, codes for those who come without one."""
    rows = RosterRow.objects.filter(upload=act.upload, action=RosterRow.Action.NEW, user=None)
    new = list(rows.order_by("line").values_list("pk", "code"))
    given = iter(act.give_codes(count=missing) if (missing := sum(not code for _, code in new)) else ())
    copy_rows(
        "roster_new",
        ("row_id", "public_id", "username", "from_portal"),
        [(pk, new_public_id(), code or next(given), not code) for pk, code in new],
    )


def _people() -> str:
    """The statement that makes people, with the model's own defaults for what a roster does not say."""
    told = PEOPLE.partition("{more}")[0]
    more = {
        field.column: field.get_default()
        for field in User._meta.concrete_fields
        if not field.primary_key and not field.null and field.column and field.column not in told
    }
    return PEOPLE.format(
        more="".join(f", {column}" for column in more),
        password=_unusable(),
        values="".join(f", {_literal(value)}" for value in more.values()),
    )


def _unusable() -> str:
    """SQL for what `make_password(None)` gives: an exclamation mark and forty characters nobody can guess."""
    if connection.vendor == "postgresql":
        return "'!' || left(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 40)"
    return "'!' || lower(hex(randomblob(20)))"


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return ("true" if value else "false") if connection.vendor == "postgresql" else str(int(value))
    return str(value) if isinstance(value, int) else "''"


def move_papers(act: Act) -> Journal:
    """Open pledges follow those who change their unit, as in an act of reorganisation: what each mover did, by name."""
    moved = RosterRow.objects.filter(upload=act.upload, action=RosterRow.Action.MOVED)
    people = dict(moved.values_list("user_id", "unit_id"))
    if not people:
        return {}
    change = Transition(
        act=None,
        on=act.upload.on,
        heirs={},
        people=people,
        split_off={},
        placed_anew=frozenset(),
        by=act.by,
    )
    return {name: mover.move(change).journal for name, mover in movers}


def tell_undone(act: Act) -> None:
    """Before the undoing: the people it made are still there to be named."""
    _tell(act, {"units.undo_roster": "r.action <> 'same'"})


def _tell(act: Act, told: dict[str, str]) -> None:
    build = "jsonb_build_object" if connection.vendor == "postgresql" else "json_object"
    for kind, which in told.items():
        events.record_rows(
            kind,
            by=act.by,
            post=act.post,
            object_kind="units.user",
            rows=ABOUT.format(build=build, which=which),
            params=[act.upload.public_id, act.upload.on, act.upload.pk],
        )


def _returned(cursor: Any, statement: str, params: Any) -> list[int]:
    cursor.execute(statement, params)
    return [row[0] for row in cursor.fetchall()]


def _iso(day: date | None) -> str | None:
    return day if day is None or isinstance(day, str) else day.isoformat()


def runs(keys: Iterable[int]) -> list[list[int]]:
    """[5, 6, 7, 9] → [[5, 7], [9, 9]]: thousands of rows made together are told in a few words."""
    found: list[list[int]] = []
    for key in sorted(keys):
        if found and found[-1][1] == key - 1:
            found[-1][1] = key
        else:
            found.append([key, key])
    return found


def among(spans: list[list[int]], name: str = "pk") -> models.Q:
    """The rows whose key lies in one of the runs."""
    found = models.Q(pk__in=[])
    for first, last in spans:
        found |= models.Q(**{f"{name}__range": (first, last)})
    return found
