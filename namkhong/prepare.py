"""What stands before the first request: tables, the decision, a province to look at, static files under hashed names.

Every step looks first whether it is done, so the second start takes seconds. Rounds that became due meanwhile are
queued for the worker.
"""

import hashlib
import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from campaigns.models import Campaign
from documents.seal_keys import has_own_key, make_own_key
from reports.services.rollups import compile_due_rounds
from units.models import Unit, User
from units.services import perform_due_reorganisations

DECISION = "data/campaigns/2607.toml"


def prepare(say: Callable[[str], None]) -> None:
    for text, is_done, act in (
        ("Tạo bảng dữ liệu", _is_migrated, _migrate),
        ("Nạp Quyết định và lịch sử các đơn vị từ năm 2019 (chỉ lần đầu)", _is_loaded, _load),
        ("Tạo một tỉnh minh họa để xem thử (chỉ lần đầu)", _is_inhabited, _seed),
        ("Tạo khóa đóng chữ ký số của hệ thống (chỉ lần đầu)", _has_seal, make_own_key),
        ("Gom tệp tĩnh", _static_is_current, _collect_static),
    ):
        if not is_done():
            begin = time.monotonic()
            say(f"{text}…")
            act()
            say(f"  xong sau {time.monotonic() - begin:.1f} giây")
    # First the organisation of today, then the rounds that count on it.
    perform_due_reorganisations()
    compile_due_rounds()


def _is_migrated() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _migrate() -> None:
    call_command("migrate", verbosity=0, interactive=False)


def _is_loaded() -> bool:
    return Campaign.objects.exists() and Unit.objects.exists()


def _load() -> None:
    call_command("load_campaign", str(settings.BASE_DIR / DECISION), stdout=StringIO())
    if not Unit.objects.exists():
        call_command("load_history", stdout=StringIO())
    call_command("load_units", stdout=StringIO())


def _is_inhabited() -> bool:
    """Made-up people only where nobody is yet, and never under the portal's real address."""
    return settings.IN_PRODUCTION or User.objects.exists()


def _seed() -> None:
    call_command("seed_demo", stdout=StringIO())


def _has_seal() -> bool:
    return bool(settings.SEAL_PKCS12) or has_own_key()


def _static_stamp() -> Path:
    return settings.VAR / "static.digest"


def _static_digest() -> str:
    """Changes with the name, size or time of any static file, ours or a package's."""
    seen = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            seen.update(f"{name} {storage.size(name)} {storage.get_modified_time(name)}\n".encode())
    return seen.hexdigest()


def _static_is_current() -> bool:
    stamp = _static_stamp()
    return stamp.is_file() and stamp.read_text() == _static_digest()


def _collect_static() -> None:
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    _static_stamp().write_text(_static_digest())
