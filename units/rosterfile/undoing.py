"""Taking an applied roster back exactly, as long as nothing was built on it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q

from ledger.register import Register
from units.models import Absence, ActivationCode, Appointment, Employment, RosterRow, RosterUpload, User
from units.rosterfile.applying import among

BATCH = 2000
FEW = 5


@dataclass(frozen=True)
class Applied:
    """What one roster did: keys of the people it made, and of all whose place or category it changed, and when."""

    made: frozenset[int]
    touched: frozenset[int]
    at: datetime


# The floors above say what they hold of these people since then: “bản cam kết của Ưng Thị Ẩn”.
dependants: Register[Callable[[Applied], list[str]]] = Register("roster dependants")


def applied(upload: RosterUpload) -> Applied:
    made = frozenset(User.objects.filter(among(upload.journal["made"])).values_list("pk", flat=True))
    rows = among(upload.journal["opened"]) | Q(pk__in=[row[0] for row in upload.journal["closed"]])
    touched = Employment.objects.filter(rows).values_list("user_id", flat=True)
    assert upload.applied_at is not None
    return Applied(made, made | frozenset(touched), upload.applied_at)


def in_the_way(upload: RosterUpload) -> list[str]:
    """What depends on the roster by now, the first few of each kind; empty: it can be taken back."""
    act = applied(upload)
    found = [*_lives(act), *_later_changes(upload, act), *_changed_since(upload)]
    for _name, ask in dependants:
        found += ask(act)
    return found


def _lives(act: Applied) -> Iterator[str]:
    """People it made who have begun to use the portal, or hold something."""
    for batch in _batches(sorted(act.made)):
        people = User.objects.filter(pk__in=batch)
        for name in people.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).values_list(
            "full_name", flat=True
        )[:FEW]:
            yield f"{name} đã kích hoạt tài khoản"
        for model, what in ((Appointment, "đã được giao chức vụ"), (Absence, "có thời gian vắng mặt đã ghi")):
            names = model.objects.filter(user__in=batch).values_list("user__full_name", flat=True)
            for name in names.distinct()[:FEW]:
                yield f"{name} {what}"


def _later_changes(upload: RosterUpload, act: Applied) -> Iterator[str]:
    """Employments that are no longer as the roster left them, and later ones of the same people."""
    opened = Employment.objects.filter(among(upload.journal["opened"]))
    closed = {row[0]: row[3] for row in upload.journal["closed"]}
    names: set[str] = set()
    for batch in _batches(sorted(act.touched)):
        rows = Employment.objects.filter(user__in=batch, pk__gt=upload.journal["last"])
        names |= set(rows.values_list("user__full_name", flat=True))
    for batch in _batches(sorted(closed)):
        ended = Employment.objects.filter(pk__in=batch).values_list("pk", "until", "user__full_name")
        names |= {name for key, until, name in ended if str(until) != closed[key]}
    planned = upload.journal["planned"]
    limited = opened.filter(until__isnull=False).values_list("pk", "until", "user__full_name")
    names |= {name for key, until, name in limited if str(until) != planned.get(str(key))}
    yield from (f"{name} có thay đổi về nơi làm việc sau đó" for name in sorted(names)[:FEW])


def _changed_since(upload: RosterUpload) -> Iterator[str]:
    """Names or titles that somebody changed again."""
    for row in _described(upload):
        user = row.user
        if user and (user.full_name, user.job_title) != (row.full_name, row.job_title):
            yield f"{user.full_name} đã được sửa họ tên hoặc chức danh sau đó"


def _described(upload: RosterUpload) -> Iterable[RosterRow]:
    rows = upload.rows.filter(user__isnull=False).exclude(before={}).exclude(action=RosterRow.Action.GONE)
    return rows.select_related("user")


def undo(upload: RosterUpload) -> None:
    """Call after `in_the_way` found nothing, in the same transaction and under the same lock."""
    journal = upload.journal
    Employment.objects.filter(among(journal["opened"])).delete()
    for until, ending, keys in _alike(journal["closed"]):
        for batch in _batches(keys):
            Employment.objects.filter(pk__in=batch).update(until=until, ending=ending)
    _restore(upload)
    for batch in _batches(sorted(applied_people(upload))):
        ActivationCode.objects.filter(user__in=batch).delete()
        User.objects.filter(pk__in=batch)._raw_delete("default")


def applied_people(upload: RosterUpload) -> Iterable[int]:
    return User.objects.filter(among(upload.journal["made"])).values_list("pk", flat=True)


def _alike(closed: list[list[Any]]) -> Iterator[tuple[date | None, str, list[int]]]:
    """Employments grouped by what they were: nearly all were open without an end."""
    groups: dict[tuple[str | None, str], list[int]] = {}
    for key, until, ending, _day in closed:
        groups.setdefault((until, ending), []).append(key)
    for (until, ending), keys in groups.items():
        yield date.fromisoformat(until) if until else None, ending, keys


def _restore(upload: RosterUpload) -> None:
    """Names, titles, birth years and ends of contracts as they were, from what the rows remember."""
    people, contracts = [], []
    for row in _described(upload):
        user, before = row.user, row.before
        assert user is not None
        for name in ("full_name", "birth_year", "job_title"):
            setattr(user, name, before.get(name, getattr(user, name)))
        people.append(user.fill_keys())
        if row.since is None and "contract_until" in before:
            contracts.append((user.pk, before["contract_until"]))
    fields = ["full_name", "search_key", "sort_key", "birth_year", "job_title"]
    User.objects.bulk_update(people, fields, batch_size=500)
    for user_id, until in contracts:
        Employment.objects.on(upload.on).filter(user=user_id).update(contract_until=until)


def _batches(keys: list) -> Iterator[list]:
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]
