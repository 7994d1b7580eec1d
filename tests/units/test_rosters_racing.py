"""Two rosters at once: whoever comes second finds that what he saw is no longer so."""

from threading import Thread

import pytest
from django.db import connection

from ledger import jobs
from tests.cast import make_cast
from tests.units.rosters import checked, line, line_of, ordered
from units.models import Employment, User
from units.services import rosters

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def both(*orders) -> None:
    """Two workers, each on a connection of its own, as two processes would be."""

    def run(order) -> None:
        try:
            jobs.run(rosters.APPLY, order.pk)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(order,)) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_of_two_rosters_that_move_one_person_one_is_applied():
    cast = make_cast()
    to_school = checked(cast.ward, cast.clerk, line_of(cast.official, unit=cast.school.name))
    to_ward = checked(cast.ward, cast.head, line_of(cast.official, unit=cast.ward.name))
    orders = [ordered(to_school, cast.clerk), ordered(to_ward, cast.head)]
    both(*orders)
    for order in orders:
        order.refresh_from_db()
    assert sorted(order.status for order in orders) == ["done", "failed"]
    refused = next(order for order in orders if order.status == "failed")
    assert "đã thay đổi sau khi kiểm tra" in refused.error
    assert Employment.objects.filter(user=cast.official).count() == 2


def test_two_rosters_at_once_give_each_newcomer_a_code_of_his_own():
    cast = make_cast()

    mine = [line("", f"Lê Văn {name}", unit=cast.school.name, birth=1990) for name in ("Cam", "Quýt")]
    theirs = [line("", f"Đỗ Thị {name}", birth=1991) for name in ("Xoài", "Mận")]
    orders = [
        ordered(checked(cast.ward, cast.clerk, *mine), cast.clerk),
        ordered(checked(cast.other_ward, cast.other_head, *theirs), cast.other_head),
    ]
    both(*orders)
    codes = User.objects.filter(code_from_portal=True).order_by("username").values_list("username", flat=True)
    assert list(codes) == ["NK000001", "NK000002", "NK000003", "NK000004"]
