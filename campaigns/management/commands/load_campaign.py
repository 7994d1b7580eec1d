from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaigns.datafile import BrokenFile
from campaigns.services import load_campaign
from ledger.crossing import Busy


class Command(BaseCommand):
    help = "Nạp một quyết định từ tệp TOML; nạp lại tệp không đổi thì không thay đổi gì."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="ví dụ data/campaigns/2607.toml")

    def handle(self, *args, path: Path, verbosity: int, **options) -> None:
        try:
            loaded = load_campaign(path=path)
        except (BrokenFile, Busy) as error:
            raise CommandError(f"Không nạp được, dữ liệu giữ nguyên.\n{error}") from error
        if verbosity:
            self.stdout.write(str(loaded))
