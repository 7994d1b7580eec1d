"""What a roster that is to be undone must leave alone: pledges its people have signed since."""

from pledges.book import close_the_book
from pledges.models import Pledge
from units.rosterfile.undoing import BATCH, FEW, Applied


def signed_since(act: Applied) -> list[str]:
    """Whoever signs at this moment is waited for, and seen."""
    close_the_book()
    keys = sorted(act.touched)
    found: list[tuple[str, int]] = []
    for start in range(0, len(keys), BATCH):
        rows = Pledge.objects.filter(user__in=keys[start : start + BATCH], signed_at__gte=act.at)
        found += rows.values_list("user__full_name", "year")[:FEW]
    return [f"{name} đã ký bản cam kết năm {year}" for name, year in found]
