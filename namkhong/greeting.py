"""What the person who typed `make run` sees between the start and the ready portal."""

import json
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django_otp.plugins.otp_totp.models import TOTPDevice

from reports.models import Rollup

READY_SECONDS = 60.0
COLUMNS = {
    "role": "Vai trò",
    "username": "Tên đăng nhập",
    "password": "Mật khẩu",
    "name": "Họ và tên",
    "unit": "Đơn vị",
}
BAR_WIDTH = 30
COMMAND = "make code ACCOUNT="


class Greeting:
    """Told step by step from the supervisor's loop: the address, the roll-up being compiled, the demo accounts."""

    def __init__(self, *, say: Callable[[str], None], is_terminal: bool) -> None:
        self.say = say
        self.is_terminal = is_terminal
        self.since = time.monotonic()
        self.shown = ""
        self.steps = [self.wait_for_web, self.watch_rollup, self.show_accounts]

    def tick(self) -> None:
        if self.steps and self.steps[0]():
            self.steps.pop(0)

    def wait_for_web(self) -> bool:
        if _answers():
            self.say(f"Cổng đang chạy tại {settings.BASE_URL}/")
            return True
        if time.monotonic() - self.since > READY_SECONDS:
            self.say(
                f"Cổng chưa trả lời sau {READY_SECONDS:.0f} giây; xem {settings.VAR / 'log' / 'web.log'}"
            )
            self.since = time.monotonic()
        return False

    def watch_rollup(self) -> bool:
        """The compilation of the last round that is due, queued by `prepare`, by the worker's start or by a person."""
        try:
            rollups = Rollup.objects.select_related("round", "paper")
            rollup = rollups.order_by("-round__due_on", "-created_at").first()
        except DatabaseError:
            self.say(
                "Chưa đọc được cơ sở dữ liệu: chạy `manage.py serve --prepare`, hoặc xem máy chủ dữ liệu."
            )
            return True
        finally:
            connection.close()
        if rollup is None:
            return True
        if not rollup.is_over:
            self._draw(f"{rollup}: {_bar(rollup.step, rollup.steps)} {rollup.message}")
            return False
        self._end_line()
        if rollup.paper:
            self.say(f"Báo cáo tổng hợp “{rollup.round}”: {paper_file(rollup.paper.path)}")
        else:
            self.say(f"{rollup}: {rollup.get_status_display().lower()}. {rollup.error}")
        return True

    def show_accounts(self) -> bool:
        """Only a demo province has this file; a real one has no printed passwords."""
        file = settings.VAR / "demo-accounts.json"
        if file.is_file():
            accounts = json.loads(file.read_text())
            self.say("\nTài khoản dùng thử (dữ liệu minh họa):\n\n" + table(accounts))
            if told := _about_codes(accounts):
                self.say(told)
        self.say("\nCtrl-C để dừng.")
        return True

    def _draw(self, line: str) -> None:
        if line == self.shown:
            return
        self.shown = line
        if self.is_terminal:
            sys.stdout.write(f"\r\033[K{line[:110]}")
            sys.stdout.flush()
        else:
            self.say(line)

    def _end_line(self) -> None:
        if self.shown and self.is_terminal:
            self.say("")


def _about_codes(accounts: list[dict[str, str]]) -> str:
    """Which of these accounts are asked for a second factor, and how their codes are had without a telephone."""
    usernames = [row["username"] for row in accounts]
    try:
        asked = set(
            TOTPDevice.objects.filter(
                confirmed=True, user__is_demo=True, user__username__in=usernames
            ).values_list("user__username", flat=True)
        )
    except DatabaseError:
        return ""
    finally:
        connection.close()
    lines = [f"  {row['role']}: {COMMAND}{row['username']}" for row in accounts if row["username"] in asked]
    if not lines:
        return ""
    return "\n".join(
        ["\nSau mật khẩu, các tài khoản này được hỏi mã xác thực hai bước; xem mã bằng lệnh:", *lines]
    )


def _answers() -> bool:
    """Asks the web server itself, not the proxy before it."""
    web = HTTPConnection(settings.BIND, timeout=2)
    try:
        web.request("GET", "/suc-khoe/", headers={"Host": settings.ALLOWED_HOSTS[0]})
        return web.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        web.close()


def paper_file(path: str) -> Path:
    return Path(settings.MEDIA_ROOT) / path


def _bar(step: int, steps: int) -> str:
    filled = BAR_WIDTH * step // steps if steps else 0
    return f"[{'█' * filled}{'·' * (BAR_WIDTH - filled)}] {step}/{steps or '?'}"


def table(accounts: list[dict[str, str]]) -> str:
    rows = [COLUMNS, *accounts]
    widths = {key: max(len(row.get(key, "")) for row in rows) for key in COLUMNS}
    lines = ["  ".join(row.get(key, "").ljust(widths[key]) for key in COLUMNS).rstrip() for row in rows]
    return "\n".join([lines[0], "  ".join("─" * width for width in widths.values()), *lines[1:]])
