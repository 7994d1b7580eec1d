"""Who issues the roll-up: the unit of the Home Affairs posts, under the names it has on paper on that day."""

from typing import Any

from reports.models import ReportingRound
from units import signing
from units.models import Post
from units.tree import Tree


class NoAuthor(Exception):
    """Nobody issues the roll-up. `str(error)` says in one sentence what is missing."""

    def __init__(self):
        super().__init__("Chưa đơn vị nào có vị trí “Cán bộ Sở Nội vụ”, nên chưa lập được báo cáo tổng hợp.")


def author(members: Tree, reporting_round: ReportingRound) -> dict[str, Any]:
    """The signer named is who occupied the head's post on the due day (“Q.”, or “KT.” for a deputy in charge); nobody,
    where the post is vacant. Raises NoAuthor.
    """
    posts = Post.objects.filter(kind=Post.Kind.HOME_AFFAIRS, unit__in=members.placements).select_related(
        "unit"
    )
    units = sorted({post.unit for post in posts}, key=lambda unit: (unit.sort_key, unit.source_key))
    root = members.root
    if not units or root is None:
        raise NoAuthor
    unit = units[0]
    mark = signing.block(unit, None, reporting_round.due_on, "reports")
    return {
        "key": unit.source_key,
        "name": unit.name,
        "issuer": f"{unit.name} {root.area_name}".strip(),
        "superior_lines": unit.superior_lines or [root.name.upper()],
        "agency_lines": unit.statutory_lines,
        "symbol": unit.abbr,
        "place": unit.place,
        "authority": list(mark.lines),
        "signer": mark.name,
        "province": root.area_name or root.name,
    }
