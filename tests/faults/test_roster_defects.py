"""Three hundred defects in rosters: each told at its cell, nothing else blamed, nothing applied."""

import random
from datetime import date

import pytest

from ledger import jobs
from ledger.workflow import StepRefused
from tests.cast import Cast
from tests.factories import make_unit, place
from tests.faults.rosters import IN_A_LINE, KINDS, Draft, draft, harmless
from tests.units.rosterfile.files import CONTEXT, UNITS, faults
from units.models import ContractKind, Employment, RosterCheck, RosterUpload, Unit, User
from units.rosterfile import columns, reading
from units.rosterfile.understanding import understand
from units.services import rosters

SEED, WHOLE, PART, SAMPLE = 2607, 300, 50, 30


def one(number: int) -> tuple[str, Draft, dict[str, str]]:
    """Defect `number` of the three hundred: every kind comes in turn, at places drawn by lot."""
    dice = random.Random(SEED * 1000 + number)
    kind = sorted(KINDS)[number % len(KINDS)]
    roster = draft(dice, people=dice.randrange(8, 24))
    expected = KINDS[kind](roster, dice.randrange(len(roster.rows)))
    return kind, roster, expected


def thirty() -> tuple[Draft, dict[str, str]]:
    """Thirty defects drawn by lot in one file, so that one reading proves them."""
    dice = random.Random(SEED)
    roster, expected = draft(dice, people=SAMPLE * 2), {}
    for at, kind in enumerate(dice.sample(sorted(IN_A_LINE), SAMPLE)):
        expected |= IN_A_LINE[kind](roster, at * 2)
    return roster, expected


@pytest.fixture
def branch(cast: Cast) -> Unit:
    """The units and kinds of contract that the rosters name, below one agency."""
    top = cast.other_agency
    for name in UNITS.values():
        place(make_unit(name), top)
    for number, name in enumerate(CONTEXT.contract_names):
        ContractKind.objects.create(code=f"k{number}", name=name)
    return top


def people_and_places() -> tuple[list, list]:
    """All that an import may write: who there is, and who works where."""
    return list(User.objects.order_by("pk").values()), list(Employment.objects.order_by("pk").values())


def told_by_the_portal(roster: Draft, branch: Unit, by: User) -> dict[str, str]:
    """Uploaded and checked as a person would; what the page shows. Applying it is refused."""
    upload = rosters.upload_roster(
        unit=branch, content=roster.bytes(), filename="x.xlsx", on=date(2026, 11, 15), complete=False, by=by
    )
    assert jobs.run(rosters.CHECK, RosterCheck.objects.get(upload=upload).pk)
    upload.refresh_from_db()
    assert upload.status == RosterUpload.Status.FAULTY
    with pytest.raises(StepRefused):
        rosters.apply_roster(upload=upload, digest=rosters.digest_of(upload), by=by)
    return dict(upload.faults.values_list("cell", "code"))


@pytest.mark.faults
@pytest.mark.parametrize("first", range(0, WHOLE, PART))
def test_each_of_three_hundred_defects_is_told_at_its_cell_and_nothing_is_applied(
    first, cast, branch, record_property
):
    before, astray = people_and_places(), []
    for number in range(first, first + PART):
        kind, roster, expected = one(number)
        told = told_by_the_portal(roster, branch, cast.home_affairs)
        if told != expected or people_and_places() != before:
            astray.append((number, kind, expected, told))
    record_property("injected", PART)
    record_property("survived", PART - len(astray))
    record_property("lost", len(astray))
    assert astray == []


def test_thirty_defects_in_one_file_are_told_each_at_its_cell():
    """The sample of the proof above, without the database."""
    roster, expected = thirty()
    assert faults(roster.bytes()) == expected


@pytest.mark.django_db
def test_a_file_with_thirty_defects_changes_nothing(cast, branch):
    before = people_and_places()
    roster, expected = thirty()
    assert told_by_the_portal(roster, branch, cast.home_affairs) == expected
    assert people_and_places() == before


def test_control_a_file_without_defect_gives_its_people_and_no_fault():
    roster = draft(random.Random(SEED), people=20)
    harmless(roster)
    sheet = reading.read(roster.bytes(), "x.xlsx")
    understood = understand(sheet, columns.guess(sheet.headings), CONTEXT)
    assert understood.faults == []
    assert [entry.line for entry in understood.rows] == [roster.line(at) for at in range(20)]
    assert understood.rows[0].full_name == "Nguyễn Văn An A"
    assert understood.rows[2].full_name == "Đặng Văn Đoàn"
