"""A province of 1,200 units and the roster files of its people, made up for the benchmarks of imports."""

import random
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
from django.db import connection

from bench import organisation
from ledger.copying import copy_rows
from ledger.public_id import new_public_id
from units.models import Appointment, Category, Employment, Post, Unit, User
from vietnamese.keys import person_sort_key, search_key

UNITS, FIRST_LEVEL = 1200, 60
SINCE, DAY = date(2020, 1, 1), date(2026, 11, 1)
HEADINGS = (
    *("Số hiệu", "Họ và tên", "Năm sinh", "Chức danh", "Đối tượng", "Đơn vị", "Loại hợp đồng"),
    *("Hợp đồng đến hết ngày", "Ngày vào đơn vị"),
)
FAMILY = "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Tôn".split()  # noqa: SIM905 - names read better in a line
MIDDLE = "Văn Thị Hữu Đức Ngọc Minh Thanh Quang Xuân Thu Hoài Bảo Gia Nhật Quốc Anh Kim Đình Như".split()  # noqa: SIM905 - names read better in a line
GIVEN = "An Bình Châu Dũng Em Giang Hà Hiền Hùng Hương Lan Linh Long Mai Nga Oanh Sơn Thủy Tú Uyên Yến Ưng Ẩn".split()  # noqa: SIM905 - names read better in a line
TITLES = (
    "Chuyên viên",
    "Giáo viên",
    "Văn thư",
    "Kế toán",
    "Y sĩ",
    "Nhân viên",
    "Thủ quỹ",
    "Cán sự",
    "Bác sĩ",
)
WORDS = {"Cán bộ": 5, "Công chức": 20, "Viên chức": 65, "Người lao động": 10}


def province() -> tuple[Unit, User]:
    """The tree, and the official of Sở Nội vụ who imports."""
    units = [
        Unit(
            pk=number,
            name="UBND thành phố Huế" if number == 1 else f"Trường Tiểu học số {number}",
            kind=Unit.Kind.PROVINCE if number == 1 else Unit.Kind.SCHOOL,
            since=SINCE,
            source_key=f"u{number}",
        ).fill_keys()
        for number in range(1, UNITS + 1)
    ]
    Unit.objects.bulk_create(units, batch_size=500)
    placed = [
        (SINCE, number, None if number == 1 else 1 if number <= FIRST_LEVEL + 1 else 2 + number % FIRST_LEVEL)
        for number in range(1, UNITS + 1)
    ]
    copy_rows(
        "units_placement",
        ("since", "unit_id", "parent_id", "in_scope", "own_papers", "plan_duty", "report_duty", "decision"),
        [(*row, True, True, "own", "own", "") for row in placed],
    )
    official = User(username="SNV1", full_name="Hoàng Thị Ngọc Ánh")
    official.set_unusable_password()
    official.save()
    Employment.objects.create(user=official, unit=units[1], category=Category.CONG_CHUC, since=SINCE)
    post = Post.objects.create(
        unit=units[1], kind=Post.Kind.HOME_AFFAIRS, title="Chuyên viên", scope=units[0]
    )
    Appointment.objects.create(post=post, user=official, since=SINCE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('units_unit_id_seq', 100000)")
        cursor.execute("ANALYZE")
    return units[0], official


def people(count: int, seed: int = 2607) -> list[list[Any]]:
    """Rows of a roster, every cell as an office would type it."""
    dice = random.Random(seed)
    words = [word for word, share in WORDS.items() for _ in range(share)]
    rows: list[list[Any]] = []
    for number in range(count):
        unit = 2 + dice.randrange(UNITS - 1)
        name = f"{dice.choice(FAMILY)} {dice.choice(MIDDLE)} {dice.choice(MIDDLE)} {dice.choice(GIVEN)}"
        year = 1966 + dice.randrange(38)
        rows.append(
            [
                f"H57.{number:06}",
                name,
                year,
                f"{dice.choice(TITLES)} bậc {1 + number % 9}",
                dice.choice(words),
                f"Trường Tiểu học số {unit}",
                "",
                "",
                date(2021 + number % 5, 1 + number % 12, 1 + number % 28),
            ]
        )
    return rows


def next_year(rows: list[list[Any]]) -> list[list[Any]]:
    """Of a hundred people four have a new title, three work elsewhere, two have come in the place of others."""
    found = []
    for number, row in enumerate(rows):
        kind, now = number % 100, list(row)
        if kind < 4:
            now[3] = f"{row[3]} chính"
        elif kind < 7:
            now[5] = f"Trường Tiểu học số {2 + (number * 7) % (UNITS - 1)}"
            now[8] = DAY
        elif kind < 9:
            now[0], now[2] = f"H58.{number:06}", row[2] - 1
        found.append(now)
    return found


def workbook(rows: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Danh sách")
    sheet.append(HEADINGS)
    for row in rows:
        sheet.append([value if value != "" else None for value in row])
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def settle(rows: list[list[Any]]) -> None:
    """The same people in the database already, as an earlier import left them."""
    codes = {
        "Cán bộ": "can_bo",
        "Công chức": "cong_chuc",
        "Viên chức": "vien_chuc",
        "Người lao động": "nguoi_lao_dong",
    }
    copy_rows(
        "units_user",
        (
            *("id", "password", "username", "public_id", "full_name", "search_key", "sort_key", "job_title"),
            *("birth_year", "code_from_portal", "is_active", "is_demo", "session_epoch"),
        ),
        [
            (
                *(1000 + number, "!" + "x" * 40, row[0], new_public_id(), row[1], search_key(row[1])),
                *(person_sort_key(row[1]), row[3], row[2], False, True, False, 0),
            )
            for number, row in enumerate(rows)
        ],
    )
    copy_rows(
        "units_employment",
        ("user_id", "unit_id", "category", "since", "ending"),
        [
            (1000 + number, int(row[5].rpartition(" ")[2]), codes[row[4]], row[8], "")
            for number, row in enumerate(rows)
        ],
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('units_user_id_seq', 200000)")
        cursor.execute("ANALYZE")


def empty() -> None:
    """Everything but the tree goes, so that each round begins alike."""
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE units_rosterrow, units_rosterfault, units_rostercheck, units_rosterapply, units_rosterupload,"
            " ledger_event, ledger_eventtext, units_employment RESTART IDENTITY CASCADE"
        )
        cursor.execute("DELETE FROM units_user WHERE username <> 'SNV1'")
        cursor.execute(
            "INSERT INTO units_employment (user_id, unit_id, category, since, ending)"
            " SELECT id, 2, 'cong_chuc', '2020-01-01', '' FROM units_user"
        )
    organisation.settle()
