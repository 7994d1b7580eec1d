"""`manage.py serve`: the whole portal on one machine, in one terminal."""

import argparse
import shutil
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from namkhong.greeting import Greeting
from namkhong.prepare import prepare
from namkhong.supervisor import Supervisor, portal_processes


class Command(BaseCommand):
    help = "Chạy cổng: máy chủ web, tiến trình nền và bộ nhắc giờ; Ctrl-C để dừng tất cả."
    # The checks run in the web server and in the worker, which do the serving.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--prepare", action="store_true", help="chuẩn bị cơ sở dữ liệu và tệp tĩnh trước khi chạy"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.CELERY_BROKER_URL.startswith("filesystem:"):
            # Only pokes stand there; those of an earlier run are worth nothing, the sweeper finds their rows.
            shutil.rmtree(settings.BROKER_FOLDER, ignore_errors=True)
        if options["prepare"]:
            prepare(self.say)
        supervisor = Supervisor(portal_processes(settings.BASE_DIR, settings.VAR / "log"), tell=self.say)
        supervisor.catch_signals()
        try:
            supervisor.run(Greeting(say=self.say, is_terminal=self.stdout.isatty()).tick)
        finally:
            self.say("\nĐang dừng…")
            supervisor.stop()
            self.say("Đã dừng.")

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
