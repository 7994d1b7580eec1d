"""`manage.py seed_demo`: a made-up province to look at. Never on a database with real people."""

import argparse
import gc
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from ledger import clock, seal
from ledger.workflow import StepRefused
from namkhong.demo import accounts, seeding
from namkhong.demo.seeding import Seeded
from namkhong.greeting import table
from units.models import User
from vietnamese.dates import parse_date
from vietnamese.numbers import grouped


def _day(text: str) -> date:
    try:
        return parse_date(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


class Command(BaseCommand):
    help = "Nạp dữ liệu minh họa: người, cam kết, kế hoạch, báo cáo bịa ra theo một hạt giống; in tài khoản dùng thử."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--officials", type=int, default=3000, help="số người (mặc định 3000)")
        parser.add_argument("--seed", type=int, default=2607, help="cùng hạt giống thì cùng dữ liệu")
        parser.add_argument("--on", type=_day, help="ngày nhìn vào dữ liệu (mặc định hôm nay)")
        parser.add_argument(
            "--accounts", type=Path, help="tệp ghi tài khoản (mặc định var/demo-accounts.json)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        on = options["on"] or clock.today()
        file = options["accounts"] or settings.VAR / "demo-accounts.json"
        try:
            seeding.refuse_unless_possible(options["officials"], on)
        except StepRefused as refused:
            raise CommandError(str(refused)) from refused
        if people := User.objects.count():
            self.say(options, f"Không có gì thay đổi: đã có dữ liệu minh họa với {grouped(people)} người.")
            return
        # Hundreds of thousands of rows are held until they are written; looking for garbage among them only costs time.
        gc.disable()
        with transaction.atomic():
            seeded = seeding.seed(officials=options["officials"], seed=options["seed"], on=on)
            draft = accounts.draft_file(seeded.accounts, file)
        draft.replace(file)
        seal.seal_pending()
        gc.enable()
        self.say(options, _told(seeded))
        self.say(options, f"{table(seeded.accounts)}\n\nCác tài khoản được ghi ở {file}.")

    def say(self, options: dict[str, Any], text: str) -> None:
        if options["verbosity"]:
            self.stdout.write(text)


def _told(seeded: Seeded) -> str:
    return (
        f"Đã nạp dữ liệu minh họa: {grouped(seeded.people)} người ở {grouped(seeded.units)} đơn vị, "
        f"{grouped(seeded.pledges)} bản cam kết, {grouped(seeded.plans)} kế hoạch, {grouped(seeded.reports)} báo cáo, "
        f"{grouped(seeded.events)} sự kiện.\n"
    )
