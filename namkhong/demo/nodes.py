"""People and units of the demo province as the story knows them: who is where and holds what, on any day."""

from dataclasses import dataclass, field
from datetime import date

from namkhong.demo.places import HOME_AFFAIRS
from namkhong.demo.profiles import Profile
from units.models import Absence, Appointment, BaseUnion, Employment, Placement, Post, Unit, User
from units.signing import MODES, bare_title


@dataclass(frozen=True)
class Person:
    """Someone with all employments and appointments, in the order of time."""

    user: User
    jobs: list[Employment] = field(default_factory=list)
    terms: list[Appointment] = field(default_factory=list)
    absences: list[Absence] = field(default_factory=list)

    def job_on(self, day: date) -> Employment | None:
        return next((job for job in self.jobs if job.holds(day)), None)

    def posts_on(self, day: date, *kinds: str) -> list[Post]:
        """Held, acted in or in charge of: who signs for another by order or authority holds no post by that."""
        held = [term for term in self.terms if term.holds(day) and term.manner in Appointment.OCCUPYING]
        return [term.post for term in held if term.post.kind in kinds]

    def owes(self, day: date) -> bool:
        """A pledge, as `pledges.coverage.owes` says."""
        job = self.job_on(day)
        pledges = job is not None and (job.contract is None or job.contract.pledges)
        return pledges and not any(absence.holds(day) for absence in self.absences)


@dataclass(eq=False)
class Node:
    """A unit in the tree. `since` is the day it stands there, `own_since` the day it plans and reports itself."""

    unit: Unit
    parent: "Node | None"
    profile: Profile
    since: date
    own_papers: bool
    own_since: date | None = None
    highland: bool = False
    size: int = 0
    union: BaseUnion | None = None
    posts: dict[str, Post] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)
    held: dict[str, list[tuple[Appointment, Person]]] = field(default_factory=dict)

    def owes(self, day: date) -> bool:
        """Whether it plans and reports itself on that day."""
        return self.own_since is not None and self.own_since <= day

    def path(self) -> list["Node"]:
        node, steps = self, [self]
        while node.parent is not None:
            node = node.parent
            steps.append(node)
        return steps

    def bearer(self, day: date) -> "Node | None":
        """Whose plan or report covers this unit that day."""
        return next((step for step in self.path() if step.owes(day)), None)

    def holder(self, kind: str, day: date) -> tuple[Post, Person] | None:
        """Post and person; None while it is vacant. The longest-serving of several."""
        found = [(term, person) for term, person in self.held.get(kind, []) if term.holds(day)]
        return (found[0][0].post, found[0][1]) if found else None

    def quality(self, kind: str, day: date) -> str:
        """In what quality its post is filled, as `units.signing.block` says: “Q. Hiệu trưởng”."""
        term, person = next(pair for pair in self.held[kind] if pair[0].holds(day))
        if term.manner == Appointment.Manner.HOLDER:
            return term.post.title
        title = bare_title(term.post.title, self.unit)
        if term.manner == Appointment.Manner.ACTING:
            return f"{MODES[term.manner]} {title}"
        own = person.posts_on(day, Post.Kind.DEPUTY)[0].title
        return f"{MODES[term.manner]} {title}, {bare_title(own, self.unit)}"

    def union_on(self, day: date) -> BaseUnion | None:
        return self.union if self.union and self.union.holds(day) else None

    @property
    def is_first_level(self) -> bool:
        return self.parent is not None and self.parent.parent is None


@dataclass
class Province:
    nodes: dict[str, Node]
    placements: list[Placement]
    fresh: list[Node]

    @property
    def root(self) -> Node:
        return next(node for node in self.nodes.values() if node.parent is None)

    @property
    def in_use_since(self) -> date:
        """The portal's first day in the story: Sở Nội vụ, which runs it, is there."""
        return self.nodes[HOME_AFFAIRS].since

    def owing(self, day: date) -> list[Node]:
        return [node for node in self.nodes.values() if node.owes(day)]
