"""Acts of days to come that name the same units: the one that comes second may then be refused on its day."""

from units.models import Reorganisation
from units.reorganisation.orders import Orders
from units.reorganisation.situation import Situation
from vietnamese.dates import short_date


def warnings(situation: Situation) -> tuple[str, ...]:
    """A sentence for each other planned act that reorganises a unit of this one, or whose unit this one reorganises."""
    mine = situation.orders
    planned = Reorganisation.objects.filter(status=Reorganisation.Status.PLANNED).exclude(pk=situation.act.pk)
    return tuple(
        f"“{act.subject}” đã được lên lịch từ {short_date(act.on)} và cũng thay đổi đơn vị của việc này; "
        "việc thực hiện sau có thể không còn thực hiện được, hãy xem lại cả hai."
        for act in planned.order_by("on", "pk")
        if _share_a_unit(mine, Orders.from_json(act.orders))
    )


def _share_a_unit(mine: Orders, theirs: Orders) -> bool:
    return bool(theirs.named_units & set(mine.predecessors) or mine.named_units & set(theirs.predecessors))
