"""The portal's own settings; static files are read from where they are, so that nothing need be collected first."""

from namkhong.settings import *  # noqa: F403 - Django's way of extending settings
from namkhong.settings import STORAGES as REAL_STORAGES

STORAGES = REAL_STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
