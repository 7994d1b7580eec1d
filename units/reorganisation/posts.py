"""Posts of the units an act ends, and posts elsewhere that reach over them.

A renaming must not vacate the head's post: its posts begin again in the heir with their holders and substitutes. In
every other act the posts of head, deputy, clerk and union chair end with their unit, because the new unit's need a
decision of their own; posts of the whole province (Home Affairs, leadership) and inspectors' pass on to the main heir.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from units.models import Appointment, Post
from units.queries import overlapping
from units.reorganisation.journal import Journal, Values, continued, hand_over
from units.reorganisation.situation import Kind, Situation

CARRIED = (Post.Kind.HOME_AFFAIRS, Post.Kind.LEADERSHIP, Post.Kind.STANDING_COMMITTEE, Post.Kind.INSPECTOR)


@dataclass(frozen=True)
class Posted:
    """Appointments that run on, and those that ended, in the units that ended."""

    continued: int
    ended: int


def pass_on(situation: Situation, journal: Journal) -> Posted:
    ended = situation.ended_ids
    if not ended:
        return Posted(0, 0)
    posts = list(Post.objects.filter(Q(unit_id__in=ended) | Q(scope_id__in=ended)).order_by("pk"))
    rows = list(
        Appointment.objects.select_for_update(no_key=True)
        .filter(overlapping(situation.on, None), post__in=posts)
        .order_by("since", "pk")
    )
    begun = set(
        Appointment.objects.filter(post__in=posts, since__lt=situation.on).values_list("post_id", flat=True)
    )
    follow = _follow(posts, {row.post_id for row in rows}, begun, situation, journal)
    stays = {post.pk for post in posts if post.unit_id not in ended and post.pk not in follow}
    _hand_over([row for row in rows if row.post_id not in stays], follow, situation, journal)
    counted = [row for row in rows if row.post_id not in stays]
    return Posted(
        continued=sum(row.post_id in follow for row in counted),
        ended=sum(row.post_id not in follow for row in counted),
    )


def _follow(
    posts: list[Post], held: set[int], begun: set[int], situation: Situation, journal: Journal
) -> dict[int, int]:
    """The post that takes over from each: made in the heir, or beside the old one where only the scope changes."""
    ended, heir = situation.ended_ids, situation.carrier
    if heir is None:
        return {}
    wanted: dict[tuple, list[int]] = {}
    for post in posts:
        if post.unit_id in ended and _runs_on(post, held, situation):
            titled = _title(post, posts, situation)
            scope = heir.pk if post.scope_id in ended else post.scope_id
            wanted.setdefault((heir.pk, post.kind, titled, scope), []).append(post.pk)
        elif post.unit_id not in ended and post.pk in begun and post.kind != Post.Kind.HEAD:
            wanted.setdefault((post.unit_id, post.kind, post.title, heir.pk), []).append(post.pk)
    unheld = [
        post
        for post in posts
        if post.unit_id not in ended and not any(post.pk in old for old in wanted.values())
    ]
    journal.change(_alone(unheld, wanted, heir.pk), scope_id=heir.pk)
    there = _there(list(wanted))
    fresh = [key for key in wanted if key not in there]
    made = journal.open([Post(unit_id=u, kind=k, title=t, scope_id=s) for u, k, t, s in fresh])
    there |= {key: post.pk for key, post in zip(fresh, made, strict=True)}
    return {old: there[key] for key, olds in wanted.items() for old in olds}


def _alone(unheld: list[Post], wanted: dict[tuple, list[int]], scope_id: int) -> list[Post]:
    """Those whose scope can change in place. Where a post of that title over the heir is there or comes, as when two
    units merge that were each reached by one, the others give way to it: they are added to `wanted`.
    """
    keys = {post.pk: (post.unit_id, post.kind, post.title, scope_id) for post in unheld}
    taken = {*wanted, *_there(list(keys.values()))}
    found = []
    for post in unheld:
        if keys[post.pk] in taken:
            wanted.setdefault(keys[post.pk], []).append(post.pk)
        else:
            taken.add(keys[post.pk])
            found.append(post)
    return found


def _runs_on(post: Post, held: set[int], situation: Situation) -> bool:
    if situation.kind == Kind.RENAMING:
        union = next((heir.new.union_name for heir in situation.orders.heirs if heir.new), "")
        return post.kind != Post.Kind.UNION_CHAIR or bool(union)
    return post.kind in CARRIED and post.pk in held


def _title(post: Post, posts: list[Post], situation: Situation) -> str:
    """In a renamed unit the head and an only deputy are called as the orders say."""
    new = next((heir.new for heir in situation.orders.heirs if heir.new), None)
    alike = Counter((other.unit_id, other.kind) for other in posts)[(post.unit_id, post.kind)]
    if situation.kind != Kind.RENAMING or new is None or alike > 1:
        return post.title
    return {Post.Kind.HEAD: new.head_title, Post.Kind.DEPUTY: new.deputy_title}.get(
        Post.Kind(post.kind)
    ) or post.title


def _there(keys: list[tuple]) -> dict[tuple, int]:
    units = {key[0] for key in keys}
    rows = Post.objects.filter(unit_id__in=units).order_by("-pk")
    known = {(post.unit_id, post.kind, post.title, post.scope_id): post.pk for post in rows}
    return {key: known[key] for key in keys if key in known}


def _hand_over(
    rows: list[Appointment], follow: dict[int, int], situation: Situation, journal: Journal
) -> None:
    """Holders first, so that their substitutes can act for the appointment that runs on."""
    spans = _spans([row for row in rows if row.post_id in follow], follow, situation.on)
    takes_over = {row.pk: follow[row.post_id] for row in rows if row.post_id in follow}
    runs_on: dict[int, Appointment] = {}

    def values_of(row: Appointment, place: int = 0) -> Values | None:
        if place >= len(spans.get(row.pk, ())):
            return None
        values: Values = {"post_id": takes_over[row.pk]}
        if giver := runs_on.get(row.given_by_id or 0):
            values["given_by_id"] = giver.pk
        since, until = spans[row.pk][place]
        if (since, until) != _days(row, situation.on):
            values |= {"since": since, "until": None if until == date.max else until}
        return values

    again = [(row, place) for row in rows for place in range(1, len(spans.get(row.pk, ())))]
    given = {row.given_by_id for row in rows}
    first = {row.pk for row in rows if row.given_by_id is None or row.pk in given}
    runs_on |= hand_over(journal, [row for row in rows if row.pk in first], situation.on, values_of)
    gaps = [continued(row, **values) for row, place in again if (values := values_of(row, place))]
    hand_over(journal, [row for row in rows if row.pk not in first], situation.on, values_of)
    journal.open(gaps)


Span = tuple[date, date]


def _spans(rows: list[Appointment], follow: dict[int, int], on: date) -> dict[int, list[Span]]:
    """By key of each appointment, the days on which it runs on, `date.max` where there is no end.

    Who would then hold one post twice, because two units had it or the heir has it already, holds it once: by the
    appointment of the heir, then by the one that begins first from `on`, then by the longest; others only fill gaps.
    """
    taken: dict[tuple[int, int], list[Span]] = defaultdict(list)
    for row in Appointment.objects.filter(overlapping(on, None), post_id__in=set(follow.values())):
        taken[row.post_id, row.user_id].append(_days(row, on))
    found: dict[int, list[Span]] = {}
    for row in sorted(rows, key=lambda row: _turn(row, on)):
        theirs = taken[follow[row.post_id], row.user_id]
        found[row.pk] = _gaps(_days(row, on), theirs)
        theirs += found[row.pk]
    return found


def _days(row: Appointment, on: date) -> Span:
    return max(row.since, on), row.until or date.max


def _turn(row: Appointment, on: date) -> tuple[date, int, date, int]:
    since, until = _days(row, on)
    return since, -until.toordinal(), row.since, row.pk


def _gaps(span: Span, taken: list[Span]) -> list[Span]:
    """The parts of the span that none of the others holds."""
    since, until = span
    gaps = []
    for start, end in [*sorted(taken), (until, until)]:
        if since < min(start, until):
            gaps.append((since, min(start, until)))
        since = max(since, end)
    return gaps
