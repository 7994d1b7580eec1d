"""The book of pledges closed for a moment: nobody signs while what is to be signed, or to whom, changes."""

from django.db import connection

from units.locks import hold_organisation
from units.models import User


def close_the_book(by: User | None = None) -> None:
    """Until this transaction ends nobody signs: whoever has begun is waited for, so that no pledge with the old words,
    or to a unit that is gone, slips in after the change. SQLite has one writer at a time anyway.

    What `by` may do is asked again afterwards. This table alone: whoever points to a pledge looks it up as he commits,
    and may hold any other by then.
    """
    hold_organisation(by)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE pledges_pledge IN EXCLUSIVE MODE")
