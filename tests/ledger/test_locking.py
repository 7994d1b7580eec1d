"""Rows that had to be waited for are found, and read as they are then."""

from threading import Event

import pytest
from django.db import transaction

from ledger.locking import locked, locked_row
from tests.factories import make_unit, place
from tests.together import at_once, somebody_waits
from tests.waiting import wait_until
from units.models import Placement

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("several", [True, False])
def test_a_row_whose_foreign_key_changed_meanwhile_is_read_with_what_it_points_to_now(several):
    old, new = make_unit("UBND phường Cũ"), make_unit("UBND phường Mới")
    row = place(make_unit("Trường Tiểu học"), old)
    changed, found = Event(), []

    def change():
        with transaction.atomic():
            Placement.objects.filter(pk=row.pk).update(parent=new)
            changed.set()
            wait_until(somebody_waits)

    def lock():
        changed.wait(30)
        rows = Placement.objects.select_related("parent")
        with transaction.atomic():
            found.extend(locked(rows.filter(pk=row.pk)) if several else [locked_row(rows, row.pk)])

    assert at_once(change, lock) == ["done", "done"]
    assert [one.parent.name for one in found] == ["UBND phường Mới"]
