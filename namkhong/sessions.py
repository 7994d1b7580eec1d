"""Sessions in the database (rule R01), read by the one statement that every page of a person begins with.

Its plan stands on the connection (`ledger.prepared`), so that the row costs less than a way through a cache, and a
session that was ended is over everywhere at once.
"""

from typing import Any

from django.contrib.sessions.backends import db
from django.db import connection

from ledger.prepared import Statement

# By the database's clock: that of the domain may be set for a test, the end of a session is written by Django's.
_LIVING = Statement(
    "read_session",
    "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > CURRENT_TIMESTAMP",
)


class SessionStore(db.SessionStore):
    def load(self) -> dict[str, Any]:
        with connection.cursor() as cursor:
            _LIVING.execute(cursor, [self.session_key])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row[0])
