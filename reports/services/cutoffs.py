"""Head-counts of a round, frozen once when its data window has ended (feature O8)."""

from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Concat

from ledger import clock
from ledger.workflow import StepRefused
from reports.figures import cutoff_code
from reports.models import ReportingRound
from units.models import Cutoff, User
from units.services import freeze_headcounts


def freeze_ended_windows(*, by: User | None = None) -> list[str]:
    """Freeze the head-counts of every round whose data window is over and whose are not frozen yet; the codes frozen.

    A query over rows, so a day that passed while everything was off is made up for (rule R12), as the rosters then say.
    """
    frozen = Cutoff.objects.filter(code=Concat(Value(cutoff_code("")), OuterRef("code")))
    over = ReportingRound.objects.filter(~Exists(frozen), data_until__lte=clock.today())
    return [code for row in over.order_by("data_until", "code") if (code := _freeze(row, by))]


def _freeze(row: ReportingRound, by: User | None) -> str:
    try:
        return freeze_headcounts(code=cutoff_code(row.code), on=row.data_last, by=by).code
    except StepRefused:
        return ""  # somebody else was first
