"""The same portal with what Django has of itself: its first password hasher, a new connection a request, sessions in
the database alone. The other side of bench_journey, frozen.
"""

from django.conf import global_settings

from namkhong.settings import *  # noqa: F403 - Django's way of extending settings
from namkhong.settings import DATABASES

PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS
DATABASES["default"] |= {
    "CONN_MAX_AGE": 0,
    "CONN_HEALTH_CHECKS": False,
}
SESSION_ENGINE = global_settings.SESSION_ENGINE
