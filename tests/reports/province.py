"""A whole province that has reported: real units of Huế, two yearly rounds, reports in every state. Deterministic.

`python -m tests.reports.province FILE` makes it in the empty database of DATABASE_URL and writes its roll-up.
"""

import hashlib
import random
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import django

if __name__ == "__main__":
    django.setup()

from django.core.management import call_command

from campaigns.models import Campaign, Indicator, ReportSection
from ledger.canonical import digest
from reports.models import Figure, Narrative, ReportingRound, ReportVersion, UnitReport
from tests.cast import Cast
from tests.factories import ROOT, appoint, employ, make_campaign, make_unit, make_user, place
from units import tree
from units.models import Category, Unit, User

PROPOSALS = (
    "Đề nghị UBND thành phố sớm ban hành quy chế mẫu về đối thoại giữa người đứng đầu và CBCCVC.",
    "Đề nghị Sở Nội vụ hướng dẫn cách tính tỷ lệ tiêu cực để các đơn vị báo cáo thống nhất.",
    "Đề nghị tổ chức tập huấn nghiệp vụ lấy ý kiến hài lòng cho cấp xã.",
)
SHORTCOMINGS = (
    "Công tác tuyên truyền ở một số đơn vị trực thuộc còn hình thức, chưa thường xuyên.",
    "Việc tự phê bình và phê bình còn nể nang, ngại va chạm.",
    "Một số người mới tuyển dụng chưa ký bản cam kết.",
)
TEXTS = {
    "II.3": ("Duy trì nghiêm nội quy, quy chế; thực hiện văn hóa công sở.",),
    "III.2": SHORTCOMINGS,
    "III.3": (
        "Khối lượng công việc tăng sau khi sắp xếp đơn vị hành chính.",
        "Người đứng đầu chưa kiểm tra thường xuyên.",
    ),
    "III.4": ("Người đứng đầu phải gương mẫu và kiểm tra thường xuyên.",),
    "V": (*PROPOSALS, "Không.", "- Đề nghị bổ sung kinh phí tuyên truyền;\n- Đề nghị khen thưởng kịp thời."),
}


PLAIN = {
    "headcount": {"can_bo": 2, "cong_chuc": 30, "vien_chuc": 8, "nguoi_lao_dong": 0},
    "pledged": {"can_bo": 2, "cong_chuc": 29, "vien_chuc": 8, "nguoi_lao_dong": 0},
    "reached": 40,
    "meetings": 3,
    "dialogue_held": 1,
    "dialogue_on": date(2026, 5, 12),
    "violators": 0,
}


@dataclass
class Province:
    campaign: Campaign
    home_affairs: User
    director: User
    last: ReportingRound
    this: ReportingRound


def make_province(
    *, seed: int = 1, missing: int = 4, waiting: int = 2, returned: int = 1, late: int = 3
) -> Province:
    """`missing` … count first-level units of this year's round; last year two units sent nothing."""
    campaign = make_campaign()
    call_command("load_units", ROOT / "data/units/hue_in_force.csv", verbosity=0)
    snv = Unit.objects.get(source_key="hue-agency:SNV-2025")
    director = _official("Phan Quốc Sơn", snv, "head", "Giám đốc")
    home_affairs = _official("Hoàng Thị Ngọc Ánh", snv, "home_affairs", "Chuyên viên")
    province = Province(campaign, home_affairs, director, _round(campaign, 2025), _round(campaign, 2026))
    states = dict.fromkeys(range(2), "missing")
    _reports(province.last, states, 0, random.Random(seed))
    dice = random.Random(seed + 1)
    states = {}
    wanted = ["missing"] * missing + ["submitted"] * waiting + ["returned"] * returned
    for state, at in zip(wanted, dice.sample(range(len(_owing(province.this))), len(wanted)), strict=True):
        states[at] = state
    _reports(province.this, states, late, dice)
    return province


def make_small_province(cast: Cast, campaign: Campaign) -> Province:
    """The cast's four first-level units: two accepted (one of them late), one waiting, one missing."""
    people = cast.people
    small = Province(
        campaign,
        people["home_affairs"],
        people["home_affairs_head"],
        _round(campaign, 2025),
        _round(campaign, 2026),
    )
    make_report(small.last, cast.home_affairs_unit, figures=PLAIN, texts={})
    make_report(small.this, cast.home_affairs_unit, figures=PLAIN, texts={"V": PROPOSALS[0]})
    make_report(small.this, cast.ward, days_late=3, figures=PLAIN, texts={"V": PROPOSALS[0]})
    make_report(small.this, cast.other_agency, state="submitted", figures=PLAIN, texts={})
    return small


def _official(name: str, unit: Unit, kind: str, title: str) -> User:
    user = make_user(name)
    employ(user, unit, Category.CONG_CHUC, since=date(2025, 3, 1))
    appoint(user, unit, kind, title, since=date(2025, 3, 1))
    return user


def _round(campaign: Campaign, year: int) -> ReportingRound:
    return ReportingRound.objects.create(
        campaign=campaign,
        code=f"BC-{year}",
        name=f"Báo cáo năm {year}",
        year=year,
        data_since=date(year, 1, 1),
        data_until=date(year, 11, 1),
        opens_on=date(year, 10, 1),
        due_on=date(year, 11, 15),
    )


def _owing(reporting_round: ReportingRound) -> list[Unit]:
    return tree.load(reporting_round.due_on).owing("report_duty")


def _reports(reporting_round: ReportingRound, states: dict[int, str], late: int, dice: random.Random) -> None:
    for at, unit in enumerate(_owing(reporting_round)):
        state = states.get(at, "accepted")
        if state == "missing":
            continue
        days = 0
        if late and state == "accepted":
            late, days = late - 1, dice.randint(1, 9)
        make_report(reporting_round, unit, state=state, days_late=days, dice=dice)


def make_report(
    reporting_round: ReportingRound,
    unit: Unit,
    *,
    state: str = "accepted",
    days_late: int = 0,
    dice: random.Random | None = None,
    figures: dict[str, int | dict[str, int]] | None = None,
    texts: dict[str, str] | None = None,
    typed: dict[tuple[str, str], int] | None = None,
) -> UnitReport:
    """A sent report with its sealed version; `figures` and `texts` replace the drawn ones, `typed` is by figure."""
    dice = dice or random.Random(0)
    sent = datetime.combine(reporting_round.due_on, datetime.min.time(), UTC) + timedelta(
        hours=3, days=days_late
    )
    by = User.objects.order_by("pk").first()
    report = UnitReport.objects.create(
        round=reporting_round, unit=unit, status=state, first_sent_at=sent, sent_at=sent, created_by=by,
        accepted_at=sent + timedelta(hours=2) if state == "accepted" else None,
        public_id=_public_id(f"report:{reporting_round.code}:{unit.source_key}"),
    )  # fmt: skip
    version = ReportVersion.objects.create(report=report, number=1)
    drawn = _figures(dice, reporting_round) if figures is None else figures
    words = {number: dice.choice(choice) for number, choice in TEXTS.items()} if texts is None else texts
    fill_version(version, reporting_round.campaign, drawn, words)
    for (code, category), value in (typed or {}).items():
        version.figures.filter(indicator__code=code, category=category).update(typed=value)
    sealed = digest({"unit": unit.source_key, "figures": drawn, "texts": words})
    ReportVersion.objects.filter(pk=version.pk).update(sealed_at=sent, sha256=sealed)
    return report


def fill_version(version: ReportVersion, campaign: Campaign, figures: dict, texts: dict[str, str]) -> None:
    rows = []
    for indicator in Indicator.objects.filter(campaign=campaign):
        value = figures.get(indicator.code)
        if value is None:
            continue
        if isinstance(value, date):
            rows.append(Figure(version=version, indicator=indicator, day=value))
            continue
        for category, number in (value if isinstance(value, dict) else {"": value}).items():
            kind = "computed" if indicator.live else "typed"
            rows.append(Figure(version=version, indicator=indicator, category=category, **{kind: number}))
    Figure.objects.bulk_create(rows)
    sections = {section.number: section for section in ReportSection.objects.filter(campaign=campaign)}
    Narrative.objects.bulk_create(
        Narrative(version=version, section=sections[number], text=text) for number, text in texts.items()
    )


def _public_id(seed: str) -> str:
    return hashlib.sha256(seed.encode()).hexdigest()[:26]


def _figures(dice: random.Random, reporting_round: ReportingRound) -> dict:
    people = {"can_bo": dice.randint(1, 8), "cong_chuc": dice.randint(10, 60)}
    people |= {"vien_chuc": dice.randint(0, 250), "nguoi_lao_dong": dice.randint(0, 30)}
    pledged = {category: max(0, count - dice.choice((0, 0, 0, 1, 3))) for category, count in people.items()}
    headcount = sum(people.values())
    violators = dice.choice((0, 0, 0, 0, 1, 1, 2))
    issued = dice.randint(50, 400)
    returned = issued - dice.randint(0, 40)
    received = dice.randint(0, 4)
    leaders = dice.randint(2, 9)
    rated = _split(headcount, (0.15, 0.6, 0.24, 0.01))
    found = {
        "headcount": people, "pledged": pledged, "reached": headcount - dice.choice((0, 0, 2)),
        "leaders": leaders, "leaders_pledged": leaders - dice.choice((0, 0, 0, 1)), "new_unpledged": dice.randint(0, 3),
        "plan_sent": int(dice.random() < 0.95), "meetings": dice.randint(1, 12), "attendances": headcount * 2,
        "articles": dice.randint(0, 30), "column_issues": dice.choice((0, 0, 12)),
        "dialogue_held": int(dice.random() < 0.9), "policy_contributions": dice.randint(0, 15),
        "procedures_published": dice.randint(5, 180), "inspections": dice.randint(0, 6),
        "petitions_received": received, "petitions_resolved": received, "violators": violators,
        "violators_1": min(violators, 1), "violators_2": max(0, violators - 1), "violators_3": 0, "violators_4": 0,
        "violators_5": 0, "reprimanded": min(violators, 1), "warned": max(0, violators - 1), "pay_lowered": 0,
        "demoted": 0, "removed": 0, "dismissed": 0, "ballots_issued": issued, "ballots_returned": returned,
        "satisfied": returned - dice.randint(0, returned // 8), "groups_commended": dice.randint(0, 5),
        "people_commended": dice.randint(0, 30), "groups_nominated": dice.randint(0, 2),
        "people_nominated": dice.randint(0, 4), "rated_this_year": 0, "rated_excellent": rated[0],
        "rated_good": rated[1], "rated_fair": rated[2], "rated_failed": rated[3],
    }  # fmt: skip
    if found["dialogue_held"]:
        found["dialogue_on"] = date(reporting_round.year, dice.randint(2, 10), dice.randint(1, 28))
    for code in ("ballots_issued", "ballots_returned", "satisfied"):
        if dice.random() < 0.1:
            found.pop(code)
    return found


def _split(whole: int, shares: tuple[float, ...]) -> list[int]:
    parts = [int(whole * share) for share in shares]
    parts[1] += whole - sum(parts)
    return parts


def add_school(province: Province, ward_key: str, name: str) -> Unit:
    """A school with a report duty of its own below a ward."""
    school = make_unit(name, kind=Unit.Kind.SCHOOL, source_key=f"test:{name}", since=date(2025, 7, 1))
    place(school, Unit.objects.get(source_key=ward_key), since=date(2025, 7, 1))
    return school


if __name__ == "__main__":
    from reports.services import rollups

    call_command("migrate", verbosity=0)
    Path(sys.argv[1]).write_bytes(rollups.fresh(reporting_round=make_province().this))
