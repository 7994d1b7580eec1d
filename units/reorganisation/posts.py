"""Posts of the units an act ends, and posts elsewhere that reach over them.

A renaming must not vacate the head's post: its posts begin again in the heir with their holders and substitutes. In
every other act the posts of head, deputy, clerk and union chair end with their unit, because the new unit's need a
decision of their own; posts of the whole province (Home Affairs, leadership) and inspectors' pass on to the main heir.
"""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Q

from units.models import Appointment, Post
from units.reorganisation.journal import Journal, Values, hand_over
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
        Appointment.objects.select_for_update()
        .filter(Q(until__isnull=True) | Q(until__gt=situation.on), post__in=posts)
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
    """Holders first, so that their substitutes can act for the appointment that runs on.

    Who would then hold one post twice, because two units had it or the heir has it already, holds it once.
    """
    lasting = Q(until__isnull=True) | Q(until__gt=situation.on)
    held = Appointment.objects.filter(lasting, post_id__in=set(follow.values()))
    taken = set(held.values_list("post_id", "user_id"))
    doubled: set[int] = set()
    for row in rows:
        key = (follow.get(row.post_id, 0), row.user_id)
        if row.holds(situation.on) and key in taken:
            doubled.add(row.pk)
        taken.add(key)
    runs_on: dict[int, Appointment] = {}

    def values_of(row: Appointment) -> Values | None:
        post = follow.get(row.post_id)
        if post is None or row.pk in doubled:
            return None
        giver = runs_on.get(row.given_by_id or 0)
        return {"post_id": post} | ({"given_by_id": giver.pk} if giver else {})

    given = {row.given_by_id for row in rows}
    first = {row.pk for row in rows if row.given_by_id is None or row.pk in given}
    runs_on |= hand_over(journal, [row for row in rows if row.pk in first], situation.on, values_of)
    hand_over(journal, [row for row in rows if row.pk not in first], situation.on, values_of)
