"""The units an act founds: each with its place, its duties, its posts and its union."""

from django.db.models import Q

from units.models import BaseUnion, Placement, Post, Unit
from units.reorganisation.journal import Journal
from units.reorganisation.orders import NewUnit
from units.reorganisation.situation import Kind, Situation


def found(situation: Situation, journal: Journal) -> list[Unit]:
    """Opens the units named in the orders and puts them among the heirs of the situation."""
    wanted = [(place, heir.new) for place, heir in enumerate(situation.orders.heirs) if heir.new]
    units = journal.open([_unit(new, place, situation) for place, new in wanted])
    for (place, new), unit in zip(wanted, units, strict=True):
        situation.heirs[place] = unit
        situation.names[unit.pk] = new.name
    placements = [_placement(new, unit, situation) for (_place, new), unit in zip(wanted, units, strict=True)]
    for row in journal.open(placements):
        situation.standing[row.unit_id] = row
    unions = [
        BaseUnion(unit=unit, name=new.union_name, since=situation.on, decision=situation.orders.decision)
        for (_place, new), unit in zip(wanted, units, strict=True)
        if new.union_name
    ]
    journal.open(unions)
    return units


def _unit(new: NewUnit, place: int, situation: Situation) -> Unit:
    return Unit(
        name=new.name,
        kind=new.kind,
        area_name=new.area_name,
        abbr=new.abbr,
        gso_code=new.gso_code,
        place=new.place,
        superior_lines=list(new.superior_lines),
        header_lines=list(new.header_lines),
        source_key=new.source_key or f"act:{situation.act.public_id}:{place}",
        source_note=new.source_note,
        since=situation.on,
    ).fill_keys()


def _placement(new: NewUnit, unit: Unit, situation: Situation) -> Placement:
    main = situation.predecessors[0] if situation.predecessors else None
    former = situation.standing[main.pk] if main else None
    parent = (
        situation.new_parents[new.parent].pk if new.parent else situation.place_of(main.pk) if main else None
    )
    own = Placement.Duty.OWN if is_root(parent, situation) else ""
    return Placement(
        unit=unit,
        parent_id=parent,
        in_scope=new.in_scope,
        own_papers=former.own_papers if new.own_papers is None and former else new.own_papers is not False,
        plan_duty=new.plan_duty or own or (former.plan_duty if former else Placement.Duty.WITHIN_PARENT),
        report_duty=new.report_duty
        or own
        or (former.report_duty if former else Placement.Duty.WITHIN_PARENT),
        decision=situation.orders.decision,
        since=situation.on,
    )


def is_root(unit_id: int | None, situation: Situation) -> bool:
    """Right below the root every unit plans and reports by itself."""
    row = situation.standing.get(unit_id) if unit_id else None
    return row is not None and row.parent_id is None


def open_posts(situation: Situation, journal: Journal) -> list[Post]:
    """Posts of head and deputy where the new units have none yet, called as in the orders or as the main predecessor's.

    A renamed unit's posts have been continued before (see `posts`); here it gets a head's post only if it had none.
    """
    wanted = [
        (heir.new, unit)
        for heir, unit in zip(situation.orders.heirs, situation.heirs, strict=True)
        if heir.new and unit
    ]
    near = [unit.pk for unit in situation.predecessors[:1]] + [unit.pk for _new, unit in wanted]
    kinds = Q(kind=Post.Kind.HEAD) | Q(kind=Post.Kind.DEPUTY)
    there: dict[int, list[Post]] = {}
    for post in Post.objects.filter(kinds, unit_id__in=near).order_by("pk"):
        there.setdefault(post.unit_id, []).append(post)
    former = there.get(situation.predecessors[0].pk, []) if situation.predecessors else []
    rows = [
        Post(unit=unit, kind=kind, title=title)
        for new, unit in wanted
        for kind, title in _titles(new, former, renamed=situation.kind == Kind.RENAMING)
        if not any(post.kind == kind for post in there.get(unit.pk, []))
    ]
    return journal.open(rows)


def _titles(new: NewUnit, former: list[Post], *, renamed: bool) -> list[tuple[str, str]]:
    heads = [post.title for post in former if post.kind == Post.Kind.HEAD]
    deputies = [post.title for post in former if post.kind == Post.Kind.DEPUTY]
    head = new.head_title or next(iter(heads), Post.Kind.HEAD.label)
    titles = [new.deputy_title] if new.deputy_title else [] if renamed else list(dict.fromkeys(deputies))
    return [(Post.Kind.HEAD, head), *((Post.Kind.DEPUTY, title) for title in titles)]
