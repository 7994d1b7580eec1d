from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from units import loader, services

DEFAULT = Path("data/units/hue_in_force.csv")


class Command(BaseCommand):
    help = "Nạp các cơ quan, chính quyền địa phương đang hoạt động từ tệp CSV; nạp lại không làm thay đổi gì."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, default=DEFAULT)

    def handle(self, *args, file: Path, **options):
        try:
            rows = loader.read(file)
            added, changed = services.load_units(rows=rows, by=None)
        except FileNotFoundError as error:
            raise CommandError(f"Không có tệp {file}.") from error
        except loader.BrokenFile as error:
            raise CommandError(str(error)) from error
        if not added and not changed:
            self.stdout.write(f"Không có gì thay đổi: {len(rows)} đơn vị đã có đủ.")
            return
        self.stdout.write(f"Đã thêm {len(added)} đơn vị, sửa mô tả {len(changed)} đơn vị.")
