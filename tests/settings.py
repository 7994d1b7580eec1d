"""The portal's own settings, on loopback HTTP, with a throw-away folder, key and broker."""

import atexit
import os
import shutil
import tempfile

_var = tempfile.mkdtemp(prefix="namkhong-test-")
atexit.register(shutil.rmtree, _var, ignore_errors=True)
os.environ["NAMKHONG_VAR"] = _var
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)
os.environ.setdefault("NAMKHONG_BASE_URL", "http://127.0.0.1:8000")

# scripts/test.py gives a Redis; every parallel process of pytest takes two of its databases.
if _redis := os.environ.get("NAMKHONG_TEST_REDIS"):
    _number = 2 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    os.environ["CELERY_BROKER_URL"] = f"{_redis}/{_number}"
    os.environ["REDIS_URL"] = f"{_redis}/{_number + 1}"

from namkhong.settings import *  # noqa: F403 - Django's way of extending settings
from namkhong.settings import ALLOWED_HOSTS as REAL_HOSTS
from namkhong.settings import DATABASES, ON_SQLITE
from namkhong.settings import STORAGES as REAL_STORAGES

ALLOWED_HOSTS = [*REAL_HOSTS, "testserver"]
STORAGES = REAL_STORAGES | {
    # Hashed names need collectstatic first; tests read the files from where they are.
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

if ON_SQLITE:
    # A file, so that a worker process sees the same rows and WAL is really used.
    DATABASES["default"]["TEST"] = {"NAME": f"{_var}/test.sqlite3"}
