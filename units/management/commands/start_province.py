from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ledger.workflow import StepRefused
from units.services.beginning import start_province
from vietnamese.letters import nfc


class Command(BaseCommand):
    help = "Bắt đầu một tỉnh, thành phố thật: tài khoản Sở Nội vụ đầu tiên, bằng mã kích hoạt dùng một lần."

    def add_arguments(self, parser):
        parser.add_argument("--username", required=True, help="số hiệu cán bộ của người đầu tiên")
        parser.add_argument("--full-name", required=True, help="họ và tên")
        parser.add_argument(
            "--home-affairs", default="hue-agency:SNV-2025", help="mã của Sở Nội vụ trong tệp đơn vị"
        )

    def handle(self, *args, **options):
        try:
            user, code = start_province(
                username=nfc(options["username"]),
                full_name=nfc(options["full_name"]),
                home_affairs_key=options["home_affairs"],
            )
        except StepRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Số hiệu cán bộ: {user.username}\nMã kích hoạt (dùng một lần, 30 ngày): {code}")
        self.stdout.write(f"Mở {settings.BASE_URL}/kich-hoat/ để đặt mật khẩu.")
