"""Where a person confirms pledges: as head or as chair of the base union, of which unit. A desk, a list that waits."""

from dataclasses import dataclass

from pledges.models import Pledge
from pledges.parties import HEAD, UNION
from pledges.queries import PledgeQuerySet
from units.models import Post, Unit, User

PARTIES: dict[str, str] = {Post.Kind.HEAD: HEAD, Post.Kind.UNION_CHAIR: UNION}


@dataclass(frozen=True)
class Desk:
    """`key` names it in addresses: “head-” or “union-” and the unit."""

    party: str
    unit: Unit
    post: Post

    @property
    def key(self) -> str:
        return f"{self.party}-{self.unit.public_id}"

    @property
    def label(self) -> str:
        return f"{self.post.title}, {self.unit.name}"

    def waiting(self, pledges: PledgeQuerySet, user: User) -> PledgeQuerySet:
        return pledges.waiting_at(self.unit, self.party, user)


def of(user: User) -> list[Desk]:
    """Those of today's posts that reach pledges; a post held in two manners is one desk. No query of its own."""
    posts = user.acting_in("pledges").posts_of(*PARTIES)
    found: dict[str, Desk] = {}
    for post in posts:
        desk = Desk(PARTIES[post.kind], post.unit, post)
        found.setdefault(desk.key, desk)
    return list(found.values())


def at(user: User, party: str, unit_id: int) -> Desk | None:
    return next((desk for desk in of(user) if (desk.party, desk.unit.pk) == (party, unit_id)), None)


def remarks(pledge: Pledge) -> list[str]:
    """What in a pledge is more than the words that all have, for a list that shows none of its text."""
    kinds: dict[str, str] = {
        Pledge.Kind.LEADER: "Có điều của người đứng đầu",
        Pledge.Kind.COLLECTIVE: "Bản cam kết tập thể",
    }
    said = [kinds.get(pledge.kind, "")]
    said += ["Có nội dung của đơn vị"] if pledge.addition_id else []
    said += [] if pledge.channel == Pledge.Channel.PORTAL else [Pledge.Channel(pledge.channel).label]
    return [word for word in said if word]
