"""Who writes, sends and reviews for a unit on a day: the same people as the portal's rules would find."""

from dataclasses import dataclass
from datetime import date, datetime

from ledger import clock
from namkhong.demo.chronicle import By
from namkhong.demo.dice import Dice
from namkhong.demo.nodes import Node, Province
from namkhong.demo.places import HOME_AFFAIRS
from units.models import Post, User


@dataclass
class Offices:
    dice: Dice
    units: Province

    def writer(self, node: Node, kind: str, at: datetime) -> By | None:
        """The head or the clerk of the unit; the head writes where there is no clerk."""
        day = clock.local(at).date()
        found = node.holder(kind, day) or node.holder(Post.Kind.HEAD, day)
        return By(found[1], found[0]) if found else None

    def reviewer(self, node: Node, at: datetime) -> By | None:
        """Home Affairs for the first level; for its own unit, and below the first level, the head above."""
        day = clock.local(at).date()
        if self._goes_to_home_affairs(node):
            posts = self.units.nodes[HOME_AFFAIRS].held[Post.Kind.HOME_AFFAIRS]
            serving = [By(person, term.post) for term, person in posts if term.holds(day)]
            return self.dice.choice(serving) if serving else None
        return self.writer(node.parent, Post.Kind.HEAD, at) if node.parent else None

    def home_affairs(self, day: date) -> list[User]:
        return self._holders(self.units.nodes[HOME_AFFAIRS], day, Post.Kind.HOME_AFFAIRS)

    def reviewers(self, node: Node, day: date) -> list[User]:
        """Who is told that something was sent."""
        if self._goes_to_home_affairs(node) or node.parent is None:
            return self.home_affairs(day)
        return self._holders(node.parent, day, Post.Kind.HEAD) or self.home_affairs(day)

    def heads(self, node: Node, day: date) -> list[User]:
        return self._holders(node, day, Post.Kind.HEAD)

    def authors(self, node: Node, day: date) -> list[User]:
        return self._holders(node, day, Post.Kind.HEAD, Post.Kind.CLERK)

    def _goes_to_home_affairs(self, node: Node) -> bool:
        return node.is_first_level and node.unit.source_key != HOME_AFFAIRS

    def _holders(self, node: Node, day: date, *kinds: str) -> list[User]:
        return [person.user for kind in kinds for term, person in node.held.get(kind, []) if term.holds(day)]
