"""The units of the demo province: those that are loaded, and below them the ones of the catalogue."""

from collections.abc import Iterable
from datetime import date

from namkhong.demo import profiles
from namkhong.demo.catalogue import HIGHLANDS, Candidate, FirstLevel, candidates
from namkhong.demo.dice import Dice
from namkhong.demo.nodes import Node, Province
from namkhong.demo.places import CHOSEN, SCHOOL
from namkhong.demo.profiles import Profile
from units.models import BaseUnion, Placement, Post, Unit

OWN, WITHIN_PARENT = Placement.Duty.OWN, Placement.Duty.WITHIN_PARENT
# Base unions of administrative agencies and of units paid wholly by the budget ended by 15/6/2025 (programme of
# Nghị quyết 60-NQ/TW, carried out by Tổng Liên đoàn Lao động Việt Nam); the first day without one:
UNIONS_ENDED = date(2025, 6, 16)
UNION_CHANCE = {profiles.SCHOOL: 0.12, profiles.HEALTH: 0.3, profiles.SERVICE: 0.5}
OWN_DUTY_CHANCE = {
    profiles.HOSPITAL: 0.8, profiles.HIGH_SCHOOL: 0.7, profiles.BRANCH: 0.5, profiles.CENTRE: 0.3,
    profiles.PRIMARY: 0.25, profiles.SECONDARY: 0.2, profiles.KINDERGARTEN: 0.15,
}  # fmt: skip
# Days from which some parents, after the first months, let units below plan and report themselves.
CHOSEN_LATER = (date(2025, 9, 1), date(2025, 10, 1), date(2026, 1, 1), date(2026, 2, 1))


def build(dice: Dice, officials: int, on: date) -> Province:
    """Reads what is loaded; new rows stay unsaved. Units are taken in until the people asked for fill them."""
    nodes = _loaded_nodes(dice)
    placements: list[Placement] = []
    fresh: list[Node] = []
    listed = [
        FirstLevel(node.unit.source_key, node.unit.name, node.unit.area_name, node.unit.gso_code)
        for node in nodes.values()
        if node.parent
    ]
    places = sum(node.profile.usual for node in nodes.values())
    for one in _in_order(candidates(listed)):
        if places + one.profile.usual > officials and one.source_key not in CHOSEN:
            break
        places += one.profile.usual
        node = _fresh_node(one, nodes[one.parent], dice, on)
        nodes[one.source_key] = node
        fresh.append(node)
        placements += _placements(node)
    _set_sizes(list(nodes.values()), officials)
    return Province(nodes, placements, fresh)


def _in_order(found: Iterable[Candidate]) -> list[Candidate]:
    return sorted(found, key=lambda one: one.source_key not in CHOSEN)


def _loaded_nodes(dice: Dice) -> dict[str, Node]:
    """The same whether the tree came with its history or without: keys decide the order, not when rows were written."""
    rows = Placement.objects.filter(until__isnull=True).select_related("unit", "parent")
    nodes: dict[str, Node] = {}
    for row in sorted(rows, key=_from_the_top):
        unit = row.unit
        parent = nodes[row.parent.source_key] if row.parent else None
        nodes[unit.source_key] = Node(
            unit=unit,
            parent=parent,
            profile=_core_profile(unit),
            since=row.since,
            own_papers=row.own_papers,
            own_since=row.since if row.report_duty == OWN else None,
            highland=unit.gso_code in HIGHLANDS,
        )
    kept = [node.unit.pk for node in nodes.values()]
    leading = Post.objects.filter(kind__in=[Post.Kind.HEAD, Post.Kind.DEPUTY], unit_id__in=kept)
    for post in leading.select_related("unit"):
        nodes[post.unit.source_key].posts[post.kind] = post
    for union in BaseUnion.objects.filter(unit_id__in=kept).select_related("unit"):
        nodes[union.unit.source_key].union = union
    for node in nodes.values():
        _give_posts(node, dice)
    return nodes


def _from_the_top(row: Placement) -> tuple[bool, bool, str]:
    """The province, its agencies, its communes."""
    return row.parent_id is not None, bool(row.unit.area_name), row.unit.source_key


def _core_profile(unit: Unit) -> Profile:
    if unit.kind == Unit.Kind.PROVINCE:
        return profiles.ROOT_CORE
    if unit.area_name:
        return profiles.COMMUNE_CORE
    return profiles.SERVICE_CORE if unit.kind == Unit.Kind.PUBLIC_SERVICE else profiles.AGENCY_CORE


def _fresh_node(one: Candidate, parent: Node, dice: Dice, on: date) -> Node:
    profile = one.profile
    unit = Unit(
        public_id=dice.public_id(),
        name=one.name,
        abbr=_abbr(one),
        superior_lines=parent.unit.statutory_lines
        if not parent.unit.area_name
        else [parent.unit.name.upper()],
        header_lines=list(one.lines),
        place=parent.unit.place,
        kind=profile.kind,
        source_key=one.source_key,
        source_note=f"dữ liệu minh họa; {one.note}".removesuffix("; "),
        since=_founded(profile, parent, dice),
    ).fill_keys()
    node = Node(unit, parent, profile, parent.since, profile.own_papers, highland=parent.highland)
    node.own_since = _own_since(node, dice, on)
    _give_posts(node, dice)
    return node


def _abbr(one: Candidate) -> str:
    """“THKL” of Trường Tiểu học Kim Long; a division goes by its own words: “PVHXH”."""
    words, of = one.lines
    if not one.profile.own_papers:
        return _initials(words) if one.profile.abbr == "P" else one.profile.abbr
    for general in ("PHƯỜNG ", "XÃ ", "KHU VỰC "):
        of = of.removeprefix(general)
    return one.profile.abbr + _initials(of)


def _initials(words: str) -> str:
    return "".join(word[0] for word in words.split() if word[0].isalpha())


def _founded(profile: Profile, parent: Node, dice: Dice) -> date:
    """Schools and hospitals are older than the authorities above them; divisions began with theirs."""
    if profile.family not in {profiles.SCHOOL, profiles.HEALTH}:
        return parent.since
    return date(dice.randint(1976, 2012), 9, 5)


def _own_since(node: Node, dice: Dice, on: date) -> date | None:
    """Below the first level the parent chooses; some chose only after the first months."""
    if node.unit.source_key == SCHOOL:
        return node.since
    if not dice.happens(OWN_DUTY_CHANCE.get(node.profile, 0)):
        return None
    chosen = dice.choice(CHOSEN_LATER)
    return chosen if dice.happens(0.3) and chosen < on else node.since


def _placements(node: Node) -> list[Placement]:
    where = {
        "unit": node.unit,
        "parent": node.parent.unit if node.parent else None,
        "own_papers": node.own_papers,
    }
    if node.own_since is None:
        return [Placement(**where, since=node.since)]
    own = Placement(**where, plan_duty=OWN, report_duty=OWN, since=node.own_since)
    if node.own_since == node.since:
        return [own]
    return [Placement(**where, since=node.since, until=node.own_since), own]


def _give_posts(node: Node, dice: Dice) -> None:
    def post(kind: str, title: str) -> None:
        node.posts.setdefault(kind, Post(public_id=dice.public_id(), unit=node.unit, kind=kind, title=title))

    if node.profile.head:
        post(Post.Kind.HEAD, node.profile.head)
        post(Post.Kind.DEPUTY, node.profile.deputy)
    if node.own_papers:
        post(Post.Kind.CLERK, "Cán bộ đầu mối")
        node.union = node.union or _union(node, dice)
    if node.union:
        post(Post.Kind.UNION_CHAIR, "Chủ tịch Công đoàn cơ sở")


def _union(node: Node, dice: Dice) -> BaseUnion | None:
    """Units not paid wholly by the budget keep theirs; the others had one until June 2025 if they stood then."""
    if node.parent is None or node.profile is profiles.HEALTH_STATION:
        return None
    keeps = dice.happens(UNION_CHANCE.get(node.profile.family, 0)) or node.profile is profiles.SERVICE_CORE
    until = None if keeps or node.unit.source_key == SCHOOL else UNIONS_ENDED
    if until and node.since >= until:
        return None
    return BaseUnion(unit=node.unit, name=f"Công đoàn cơ sở {node.unit.name}", since=node.since, until=until)


def least(node: Node) -> int:
    """Head, deputy and clerk; in a division head and deputy. The root has its leadership."""
    if node.parent is None:
        return 8
    if node.unit.source_key in CHOSEN:
        return CHOSEN[node.unit.source_key]
    return 3 + (node.union is not None) if node.own_papers else 2


def _set_sizes(nodes: list[Node], officials: int) -> None:
    """People in proportion to what is usual, never fewer than the posts need; the largest units even out the rest."""
    scale = officials / sum(node.profile.usual for node in nodes)
    for node in nodes:
        node.size = max(least(node), int(node.profile.usual * scale))
    largest = sorted(nodes, key=lambda node: -node.profile.usual)
    rest = officials - sum(node.size for node in nodes)
    while rest:
        before = rest
        for node in largest:
            step = (rest > 0) - (rest < 0)
            if step and node.size + step >= least(node):
                node.size += step
                rest -= step
        if rest == before:
            raise ValueError(f"{officials} people are too few for {len(nodes)} units")
