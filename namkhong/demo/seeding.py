"""Making the demo province: everything in one transaction, or nothing."""

from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from campaigns.models import Campaign
from ledger.workflow import StepRefused
from namkhong.demo import accounts, drives, places, province, reorganisations, roll, rounds
from namkhong.demo.cases import Cases
from namkhong.demo.dice import Dice
from namkhong.demo.plans import Planning
from namkhong.demo.pledges import Pledging
from namkhong.demo.reports import Reporting
from namkhong.demo.reviews import Looking
from namkhong.demo.staff import Staff
from namkhong.demo.story import Story
from namkhong.demo.years import FIRST_DAY, Years
from units.models import Unit, User
from vietnamese.dates import short_date

FEWEST, MOST = 400, 100_000


@dataclass(frozen=True)
class Seeded:
    """How many there are of everything, and the table of accounts."""

    people: int
    units: int
    pledges: int
    plans: int
    reports: int
    events: int
    accounts: list[dict[str, str]]


def refuse_unless_possible(officials: int, on: date) -> None:
    """Raises StepRefused: real people are there, nothing is loaded, or what is asked for cannot be."""
    if User.objects.filter(is_demo=False).exists():
        raise StepRefused(
            "Cơ sở dữ liệu này có người thật nên không nạp dữ liệu minh họa. Hãy dùng một cơ sở dữ liệu mới."
        )
    if not Campaign.objects.exists() or not Unit.objects.filter(source_key=places.WARD).exists():
        raise StepRefused(
            "Chưa có Quyết định hoặc đơn vị: chạy `manage.py load_campaign data/campaigns/2607.toml`, "
            "`manage.py load_history` rồi `manage.py load_units` trước."
        )
    if not FEWEST <= officials <= MOST:
        raise StepRefused(f"Số người phải từ {FEWEST} đến {MOST}.")
    if on < FIRST_DAY:
        raise StepRefused(
            f"Dữ liệu minh họa cần chính quyền cấp xã đã hoạt động một thời gian: chọn ngày từ {short_date(FIRST_DAY)}."
        )


@transaction.atomic
def seed(*, officials: int, seed: int, on: date) -> Seeded:
    """The province as it stands on the morning of `on`. Call `refuse_unless_possible` first."""
    years = Years(on)
    units = province.build(Dice.of(seed, "units"), officials, on)
    staff = Staff(Dice.of(seed, "people"), years, units)
    people = staff.fill()
    cases = Cases(Dice.of(seed, "cases"), years, units, staff).arrange()
    roll.save(units, people, staff.extra_posts, cases)
    cast = accounts.choose(units, cases)
    story = Story(seed, years, units, Campaign.objects.current())
    roll.tell(story, people, cases)
    _count_rows()
    reorganisations.arrange(story)
    pledged = Pledging(story, cast.pledge_fates).sign_all(people)
    drives.arrange(story)
    Looking(story).back()
    planned = Planning(story, cast.plan_fates).write_all()
    reported = Reporting(story, cast.report_fates).write_all(rounds.open_all(story))
    story.letters.write()
    _count_rows()
    return Seeded(
        people=len(people),
        units=len(units.nodes),
        pledges=pledged,
        plans=planned,
        reports=reported,
        events=story.chronicle.write(),
        accounts=accounts.open_accounts(cast.accounts, seed),
    )


def _count_rows() -> None:
    """PostgreSQL plans by statistics, which it gathers by itself only later: thousands of rows have just come."""
    if connection.vendor == "postgresql":
        # By name: catalogues are shared with the server's other databases, and so are the locks on them.
        tables = ", ".join(map(connection.ops.quote_name, connection.introspection.table_names()))
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {tables}")
