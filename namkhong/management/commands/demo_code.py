"""`manage.py demo_code`: what the telephone of a made-up person would show. Never for a real one."""

import argparse
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from units import factors
from units.models import User


class Command(BaseCommand):
    help = "In mã xác thực hiện nay của một tài khoản minh họa (thay cho ứng dụng trên điện thoại)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("username", help="tên đăng nhập, ví dụ CB000001")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.IN_PRODUCTION:
            raise CommandError("Lệnh này chỉ dành cho cổng minh họa trên máy này, không chạy trên cổng thật.")
        # One answer for an unknown person, a real one and one without a device: nothing is learnt by asking.
        person = User.objects.filter(username=options["username"].upper(), is_demo=True).first()
        device = factors.device_of(person) if person else None
        if device is None:
            raise CommandError(
                f"{options['username']} không phải tài khoản minh họa đã cài xác thực hai bước."
            )
        code, seconds = factors.code_to_give(device)
        wait = f" (dùng được sau {seconds} giây: mỗi mã chỉ dùng một lần)" if seconds else ""
        self.stdout.write(f"{code}{wait}")
