"""Sessions in the database (rule R01), read by the one statement that every page of a person begins with.

Its plan stands on the connection (`ledger.prepared`), so that the row costs less than a way through a cache, and a
session that was ended is over everywhere at once.
"""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.db import connection
from django.utils.crypto import get_random_string

from ledger.prepared import Statement

KEY_LENGTH = 32
# By the database's clock: that of the domain may be set for a test, the end of a session is written by Django's.
_LIVING = Statement(
    "read_session",
    "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > CURRENT_TIMESTAMP",
)


class SessionStore(db.SessionStore):
    # A key of 165 random bits is nobody else's: Django would look, write an empty row and write the same row again.
    unwritten = False

    def cycle_key(self) -> None:
        if self.session_key is not None:
            self.unwritten = False
            super().cycle_key()
            return
        self._session_cache: dict[str, Any] = dict(self.items())
        self._session_key = get_random_string(KEY_LENGTH, VALID_KEY_CHARS)
        self.unwritten = self.modified = True

    def save(self, must_create: bool = False) -> None:
        super().save(must_create or self.unwritten)
        self.unwritten = False

    def load(self) -> dict[str, Any]:
        with connection.cursor() as cursor:
            _LIVING.execute(cursor, [self.session_key])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row[0])
