from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ledger.workflow import StepRefused
from units import history, loader
from units.services.history import load_history

ACTS, FOLDER = Path("data/hue_successions.csv"), Path("data/units")


class Command(BaseCommand):
    help = "Nạp lịch sử các đơn vị từ năm 2019 vào cơ sở dữ liệu mới; nạp lại không làm thay đổi gì."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, default=settings.BASE_DIR / ACTS)
        parser.add_argument(
            "--units", type=Path, default=settings.BASE_DIR / FOLDER, help="thư mục các danh sách đơn vị"
        )

    def handle(self, *args, file: Path, units: Path, **options):
        try:
            done = load_history(history=history.read(file, units), by=None)
        except FileNotFoundError as error:
            raise CommandError(f"Không có tệp {error.filename}.") from error
        except loader.BrokenFile as error:
            raise CommandError(
                f"{file.name}: {error}" if str(error).startswith("Dòng") else str(error)
            ) from error
        except StepRefused as refused:
            raise CommandError(str(refused)) from refused
        if not done.founded:
            self.stdout.write("Không có gì thay đổi: lịch sử đã được nạp.")
            return
        self.stdout.write(f"Đã lập {done.founded} đơn vị năm 2019, thực hiện {done.acts} lần sắp xếp.")
