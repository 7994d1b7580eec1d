"""Taking an applied roster back exactly, as long as nothing was built on it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import F, Q

from ledger.register import Register
from units.models import (
    Absence,
    ActivationCode,
    Appointment,
    Employment,
    Reorganisation,
    RosterRow,
    RosterUpload,
    User,
)
from units.reorganisation.journal import Journal
from units.rosterfile import absences
from units.rosterfile.applying import Act, among, runs
from vietnamese.dates import short_date

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
    """What depends on the roster by now, the first few of each kind; empty: it can be taken back. First what can be
    put right, since only a few are told.
    """
    act = applied(upload)
    found = [
        *_acts_since(upload),
        *_units_ended(upload),
        *_lives(act),
        *_posts_since(upload),
        *_absences_since(upload),
        *_later_changes(upload, act),
        *_changed_since(upload),
    ]
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


def _posts_since(upload: RosterUpload) -> Iterator[str]:
    """Posts given since to people whom it moved or took back. Older rosters did not keep which post was the last."""
    if "last_post" not in upload.journal:
        return
    rows = upload.rows.filter(user__isnull=False)
    back = rows.filter(action=RosterRow.Action.NEW).values("user")
    moved = rows.filter(action=RosterRow.Action.MOVED).values("user")
    posts = Appointment.objects.filter(Q(user__in=back) | Q(user__in=moved)).exclude(until=F("since"))
    later = posts.filter(pk__gt=upload.journal["last_post"])
    for name in later.values_list("user__full_name", flat=True).distinct().order_by()[:FEW]:
        yield f"{name} đã được giao chức vụ sau đó"


def _absences_since(upload: RosterUpload) -> Iterator[str]:
    """Absences of those who would be employed nowhere, and those it ended that somebody changed since."""
    back = upload.rows.filter(user__isnull=False, action=RosterRow.Action.NEW).values("user")
    written = Absence.objects.filter(user__in=back, since__gte=upload.on).exclude(until=F("since"))
    for name in written.values_list("user__full_name", flat=True).distinct().order_by()[:FEW]:
        yield f"{name} có thời gian vắng mặt đã ghi"
    for name in list(dict.fromkeys(absences.changed_since(upload)))[:FEW]:
        yield f"{name} đã được sửa thời gian vắng mặt sau đó"


def _units_ended(upload: RosterUpload) -> Iterator[str]:
    """People who would stand again in a unit that has ended since, or be paid by it."""
    restored = {row[0]: row[1] for row in upload.journal["closed"]}
    ended = Q(unit__until__isnull=False) | Q(payroll_unit__until__isnull=False)
    told: dict[str, str] = {}
    for batch in _batches(sorted(restored)):
        rows = Employment.objects.filter(ended, pk__in=batch).select_related("user", "unit", "payroll_unit")
        for row in rows.order_by("pk"):
            for unit in filter(None, (row.unit, row.payroll_unit)):
                if unit.until and (restored[row.pk] is None or restored[row.pk] > unit.until.isoformat()):
                    told[row.user.full_name] = (
                        f"{unit.name} đã kết thúc hoạt động từ {short_date(unit.until)}"
                    )
    yield from (f"{name} sẽ trở về nơi không còn: {why}" for name, why in list(told.items())[:FEW])


def _acts_since(upload: RosterUpload) -> Iterator[str]:
    """Acts of reorganisation carried out since that changed what it wrote: they could not be corrected any more."""
    spans = [*upload.journal["opened"], *runs(row[0] for row in upload.journal["closed"])]
    acts = Reorganisation.objects.filter(status=Reorganisation.Status.DONE, done_at__gt=upload.applied_at)
    for act in acts.order_by("done_at"):
        changed = Journal(act.journal.get("rows", [])).pks(Employment)
        if any(first <= key <= last for key in changed for first, last in spans):
            yield (
                f"việc sắp xếp tổ chức “{act.subject}” từ {short_date(act.on)}, ghi sau đó, đã thay đổi nơi làm việc "
                "của người trong danh sách này; đính chính việc ấy trước"
            )


def _changed_since(upload: RosterUpload) -> Iterator[str]:
    """Names, titles, birth years or contracts that somebody changed again, another roster too."""
    people = {row.user.pk: (row, row.user) for row in _described(upload) if row.user}
    people |= {user.pk: (row, user) for row, user in _newcomers(upload)}
    for batch in _batches(sorted(people)):
        held = Employment.objects.on(upload.on).filter(user__in=batch)
        contracts = dict(held.values_list("user_id", "contract_until"))
        for key in batch:
            row, user = people[key]
            if (user.full_name, user.job_title) != (row.full_name, row.job_title):
                yield f"{user.full_name} đã được sửa họ tên hoặc chức danh sau đó"
            elif user.birth_year != row.birth_year:
                yield f"{user.full_name} đã được sửa năm sinh sau đó"
            elif contracts.get(key, row.contract_until) != row.contract_until:
                yield f"{user.full_name} đã được sửa ngày hết hợp đồng sau đó"


def _described(upload: RosterUpload) -> Iterable[RosterRow]:
    rows = upload.rows.filter(user__isnull=False).exclude(before={}).exclude(action=RosterRow.Action.GONE)
    return rows.select_related("user")


def _newcomers(upload: RosterUpload) -> Iterator[tuple[RosterRow, User]]:
    rows = {row.code: row for row in upload.rows.filter(user=None, action=RosterRow.Action.NEW)}
    for user in User.objects.filter(among(upload.journal["made"])):
        if user.username in rows:
            yield rows[user.username], user


def undo(act: Act) -> None:
    """Call after `in_the_way` found nothing, in the same transaction and under the same lock."""
    upload, journal = act.upload, act.upload.journal
    Employment.objects.filter(among(journal["opened"])).delete()
    for until, ending, keys in _alike(journal["closed"]):
        for batch in _batches(keys):
            Employment.objects.filter(pk__in=batch).update(until=until, ending=ending)
    absences.restore(upload, by=act.by, post=act.post)
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
