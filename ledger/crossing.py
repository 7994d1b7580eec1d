"""Acts that get in each other's way (rule R16): who waited too long, or had to give way, may send the same again."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError

from ledger.workflow import Correctable

logger = logging.getLogger(__name__)

LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED = "55P03", "40P01"
SAID = "Một việc khác trên cùng dữ liệu đang được thực hiện nên việc này chưa được thực hiện. Xin thử lại sau ít phút."


class Busy(Correctable):
    """Nothing was done because another act was in the way; nothing is wrong with what was asked."""


@contextmanager
def told_when_busy() -> Iterator[None]:
    """Around a whole transaction, or what begins one: the database's refusal to wait any longer becomes Busy."""
    try:
        yield
    except OperationalError as error:
        if not _is_in_the_way(error):
            raise
        # Of a deadlock somebody should know: acts that cross are to be found and put in order.
        logger.warning("an act gave way to another: %s", str(error).splitlines()[0])
        raise Busy(SAID) from error


def _is_in_the_way(error: OperationalError) -> bool:
    code = getattr(error.__cause__, "pgcode", None)
    return code in {LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED} or str(error) == "database is locked"
