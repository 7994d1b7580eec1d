from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from ledger.crossing import Busy
from units import loader
from units.services.units import load_contract_kinds, load_units

UNITS, CONTRACTS = Path("data/units/hue_in_force.csv"), Path("data/units/contract_kinds.csv")


class Command(BaseCommand):
    help = "Nạp các đơn vị đang hoạt động và các loại hợp đồng từ tệp CSV; nạp lại không làm thay đổi gì."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, default=settings.BASE_DIR / UNITS)
        parser.add_argument("--contracts", type=Path, default=settings.BASE_DIR / CONTRACTS)

    def handle(self, *args, file: Path, contracts: Path, **options):
        try:
            with transaction.atomic():
                rows = loader.read(file)
                added, changed = load_units(rows=rows, by=None)
                kinds = load_contract_kinds(kinds=loader.read_contracts(contracts), by=None)
        except FileNotFoundError as error:
            raise CommandError(f"Không có tệp {error.filename}.") from error
        except (loader.BrokenFile, Busy) as error:
            raise CommandError(str(error)) from error
        if not added and not changed and not kinds:
            self.stdout.write(f"Không có gì thay đổi: {len(rows)} đơn vị đã có đủ.")
            return
        self.stdout.write(
            f"Đã thêm {len(added)} đơn vị, sửa mô tả {len(changed)} đơn vị, thêm {len(kinds)} loại hợp đồng."
        )
