"""Rosters of the cast, written as a file and worked on as a worker would."""

from datetime import date

from ledger import jobs
from ledger.jobs import Hold
from ledger.public_id import new_public_id
from ledger.sheets import Table, write_csv
from tests.factories import make_user
from units.models import Employment, RosterUpload, User
from units.rosterfile.columns import HEADINGS
from units.rosterfile.template import FIELDS
from units.services import rosters

DAY = date(2026, 11, 1)
WORDS = {
    "can_bo": "Cán bộ",
    "cong_chuc": "Công chức",
    "vien_chuc": "Viên chức",
    "nguoi_lao_dong": "Người lao động",
}


def line(code: str = "", name: str = "", **cells) -> list:
    """One row in the columns of the template; what is not said stays empty."""
    told = {"code": code, "full_name": name, "category": "Viên chức"} | cells
    return [told.get(field) for field in FIELDS]


def line_of(user: User, **cells) -> list:
    """The row of a person exactly as the portal has him."""
    held = Employment.objects.filter(user=user, until=None).select_related("unit").get()
    told = {
        "birth": user.birth_year,
        "job_title": user.job_title,
        "category": WORDS[held.category],
        "unit": held.unit.name,
    }
    return line(user.username, cells.pop("full_name", user.full_name), **(told | cells))


def file_of(*lines: list, headings: list[str] | None = None) -> bytes:
    return write_csv(Table("Danh sách", headings or [HEADINGS[field] for field in FIELDS], lines))


def upload(unit, by, *lines, on: date = DAY, complete: bool = False, content: bytes = b"") -> RosterUpload:
    return rosters.upload_roster(
        unit=unit,
        content=content or file_of(*lines),
        filename="danh-sach.csv",
        on=on,
        complete=complete,
        by=by,
    )


def work(kind: str, job) -> None:
    """What the worker does with a job it claimed, on this connection; what fails is raised."""
    found, token = jobs.kinds[kind], new_public_id()
    moment = jobs.clock.now()
    assert found.model.objects.claim(job.pk, token=token, at=moment, lease_until=moment + jobs.LEASE)
    found.run(found.model.objects.get(pk=job.pk), Hold(found.model, job.pk, token))


def checked(unit, by, *lines, **more) -> RosterUpload:
    found = upload(unit, by, *lines, **more)
    work(rosters.CHECK, found.checks.get())
    found.refresh_from_db()
    return found


def ordered(found: RosterUpload, by):
    return rosters.apply_roster(upload=found, digest=rosters.digest_of(found), by=by)


def applied(unit, by, *lines, **more) -> RosterUpload:
    found = checked(unit, by, *lines, **more)
    assert found.status == "checked", list(found.faults.values_list("cell", "message"))
    work(rosters.APPLY, ordered(found, by))
    found.refresh_from_db()
    return found


def codes_of(found: RosterUpload) -> list[tuple[str, str]]:
    return list(found.faults.values_list("cell", "code"))


def again(user: User) -> User:
    """The person as the next request reads him: posts are kept for one request."""
    return User.objects.get(pk=user.pk)


def former(name: str, unit, *, until: date, ending: str = "", **fields) -> User:
    user = make_user(name, **fields)
    Employment.objects.create(
        user=user, unit=unit, category="vien_chuc", since=date(2024, 1, 1), until=until, ending=ending
    )
    return user
