"""Who works where and who holds which post, with those who came, moved and left."""

from collections.abc import Iterator
from datetime import date, timedelta

from namkhong.demo import places, profiles, province
from namkhong.demo.dice import Dice
from namkhong.demo.names import Names
from namkhong.demo.nodes import Node, Person, Province
from namkhong.demo.profiles import CAN_BO, CONG_CHUC, NGUOI_LAO_DONG, Profile
from namkhong.demo.years import Years
from units.models import Appointment, Employment, Post, User

NEW_HEAD, LEAVES, JOINS, MOVES = 0.05, 0.02, 0.035, 0.015
HOME_AFFAIRS_STAFF = 4
VACANT = 2
Ending = Employment.Ending
COMMITTEE_TITLE = "Ủy viên Ban Thường vụ Thành ủy"


class Staff:
    """Fills the province with people. `people` come in the order of their codes."""

    def __init__(self, dice: Dice, years: Years, units: Province) -> None:
        self.dice, self.years, self.units = dice, years, units
        self.names = Names(dice)
        self.people: list[Person] = []
        self.extra_posts: list[Post] = []
        self.chosen: set[int] = set()

    def fill(self) -> list[Person]:
        for node in self.units.nodes.values():
            works = _works(node, self.dice)
            for work, category in works:
                self._hire(node, work, category)
            self._fill_posts(node)
        self._fill_root()
        self._fill_home_affairs()
        self._change_heads()
        self._leave_heads_vacant()
        self._move_and_leave()
        return self.people

    # --- One by one

    def _hire(self, node: Node, work: str, category: str) -> Person:
        user = User(
            username=f"H{len(self.people) + 1:06}",
            public_id=self.dice.public_id(),
            full_name=self.names.next(highland=node.highland, woman=_woman(work, self.dice)),
            job_title=work,
            is_demo=True,
        ).fill_keys()
        person = Person(user)
        self.employ(person, node, category, self._first_day(node))
        self.people.append(person)
        return person

    def _first_day(self, node: Node) -> date:
        """Most came with the unit; the rest month by month, teachers with the school year."""
        oldest = max(node.unit.since, date(1996, 9, 1))
        if node.profile.family == profiles.SCHOOL:
            year = self.dice.randint(oldest.year, self.years.on.year)
            day = date(year, 9, self.dice.choice([1, 1, 5, 15]))
        elif oldest.year < 2025 or self.dice.happens(0.15):
            span = (self.years.on - oldest).days
            day = (oldest + timedelta(days=self.dice.randrange(span))).replace(day=1)
        else:
            day = oldest
        latest = self.years.days_ago(40)
        return max(oldest, day) if day < latest else max(oldest, min(latest, node.since))

    def employ(self, person: Person, node: Node, category: str, since: date) -> None:
        person.jobs.append(Employment(user=person.user, unit=node.unit, category=category, since=since))
        node.people.append(person)

    def _appoint(
        self, node: Node, person: Person, post: Post, since: date | None = None, until: date | None = None
    ) -> Appointment:
        """From the first day the person is there and the unit stands in the tree, unless told otherwise."""
        first = max(since or node.since, person.jobs[0].since)
        term = self.term(person, post, first, until)
        node.held.setdefault(post.kind, []).append((term, person))
        return term

    def term(self, person: Person, post: Post, since: date, until: date | None = None, **more) -> Appointment:
        term = Appointment(
            public_id=self.dice.public_id(), post=post, user=person.user, since=since, until=until, **more
        )
        person.terms.append(term)
        return term

    # --- Posts

    def _fill_posts(self, node: Node) -> None:
        """The first people of the list lead; the next keep the papers and chair the union."""
        heirs = iter(node.people)
        wanted = [Post.Kind.HEAD] + [Post.Kind.DEPUTY] * _deputies(node)
        for kind in [*wanted, Post.Kind.CLERK, Post.Kind.UNION_CHAIR]:
            if kind in node.posts and (person := next(heirs, None)):
                ended = node.union.until if kind == Post.Kind.UNION_CHAIR and node.union else None
                if kind != Post.Kind.CLERK:
                    self._came_with_the_unit(node, person)
                self._appoint(node, person, node.posts[kind], until=ended)

    def _came_with_the_unit(self, node: Node, person: Person) -> None:
        job = person.jobs[0]
        job.since = min(job.since, node.since)

    def _fill_root(self) -> None:
        """Leadership: the chair and two of the deputies; and two of the standing committee."""
        root = self.units.root
        leaders = [
            root.held[Post.Kind.HEAD][0][1],
            *(person for _, person in root.held[Post.Kind.DEPUTY][:2]),
        ]
        posts = [
            self.extra_post(root, Post.Kind.LEADERSHIP, title)
            for title in ("Chủ tịch UBND thành phố", "Phó Chủ tịch UBND thành phố")
        ]
        for place, person in enumerate(leaders):
            self._appoint(root, person, posts[min(place, 1)])
        committee = self.extra_post(root, Post.Kind.STANDING_COMMITTEE, COMMITTEE_TITLE)
        for person in root.people[-2:]:
            person.user.job_title = COMMITTEE_TITLE
            person.jobs[0].category = CAN_BO
            self._came_with_the_unit(root, person)
            self._appoint(root, person, committee)

    def _fill_home_affairs(self) -> None:
        office = self.units.nodes[places.HOME_AFFAIRS]
        division = self.units.nodes[places.HOME_AFFAIRS_DIVISION]
        titles = ["Trưởng phòng Công chức, viên chức", "Chuyên viên phụ trách Cuộc vận động"]
        posts = [self.extra_post(office, Post.Kind.HOME_AFFAIRS, title) for title in titles]
        for place, person in enumerate(division.people[:HOME_AFFAIRS_STAFF]):
            self._came_with_the_unit(division, person)
            self._appoint(office, person, posts[min(place, 1)])

    def extra_post(self, node: Node, kind: str, title: str) -> Post:
        post = Post(
            public_id=self.dice.public_id(),
            unit=node.unit,
            kind=kind,
            title=title,
            scope=self.units.root.unit,
        )
        self.extra_posts.append(post)
        return post

    # --- What changed since

    def usual_nodes(self) -> list[Node]:
        """Where nobody of the printed accounts is at home."""
        return [node for key, node in self.units.nodes.items() if key not in places.KEPT and node.parent]

    def _change_heads(self) -> None:
        """The head retires, the deputy follows."""
        for node in self.usual_nodes():
            deputies = node.held.get(Post.Kind.DEPUTY, [])
            day = self._some_month(node, 30, 400)
            if deputies and day and node.size > least_to_spare(node) and self.dice.happens(NEW_HEAD):
                self.retire_head(node, day)
                term, heir = deputies[0]
                term.until = day
                self._appoint(node, heir, node.posts[Post.Kind.HEAD], since=day)

    def _leave_heads_vacant(self) -> None:
        """Two posts of heads stand empty, below the first level where there are such units: a fault to be shown."""
        able = [
            node for node in self.usual_nodes() if node.own_papers and len(node.held[Post.Kind.HEAD]) == 1
        ]
        below = [node for node in able if not node.is_first_level]
        for node in self.dice.sample(below if len(below) >= VACANT else able, VACANT):
            self.retire_head(node, self._some_month(node, 20, 90) or self.years.days_ago(10))

    def retire_head(self, node: Node, day: date) -> None:
        term, person = node.held[Post.Kind.HEAD][0]
        term.until = person.jobs[0].until = day
        person.jobs[0].ending = Ending.RETIRED
        person.user.is_active = False

    def _some_month(self, node: Node, least: int, most: int) -> date | None:
        """The first of a month, so many days ago, when the unit had stood for a while."""
        day = self.years.days_ago(self.dice.randint(least, most)).replace(day=1)
        return day if day > node.since + timedelta(days=45) else None

    def _move_and_leave(self) -> None:
        nodes = self.usual_nodes()
        by_family: dict[str, list[Node]] = {}
        for node in nodes:
            by_family.setdefault(node.profile.family, []).append(node)
        for node in nodes:
            for person in [person for person in node.people if not person.terms]:
                others = [other for other in by_family[node.profile.family] if other is not node]
                self._fate(node, person, others)

    def _fate(self, node: Node, person: Person, others: list[Node]) -> None:
        job, chance = person.jobs[0], self.dice.random()
        if len(person.jobs) > 1:
            return
        if chance < JOINS:
            came_on = self.years.days_ago(self.dice.randint(12, 330)).replace(day=1)
            job.since = max(job.since, came_on)
            return
        day = self._some_month(node, 15, 480)
        if day is None or day <= job.since + timedelta(days=60):
            return
        if chance < JOINS + LEAVES:
            job.until, job.ending, person.user.is_active = day, Ending.LEFT, False
        elif chance < JOINS + LEAVES + MOVES and others:
            other = self.dice.choice(others)
            if other.since < day:
                job.until, job.ending = day, Ending.MOVED
                self.employ(person, other, job.category, day)


def least_to_spare(node: Node) -> int:
    return province.least(node) + 1


def _deputies(node: Node) -> int:
    if node.parent is None:
        return 3
    spare = node.size - province.least(node)
    return min(node.profile.deputies, 1 + spare // 4)


def _works(node: Node, dice: Dice) -> Iterator[tuple[str, str]]:
    """Title of the work and category of everybody in the unit, those with posts first."""
    profile = node.profile
    leading = 1 + _deputies(node)
    for _ in range(leading):
        yield _leaders_work(profile), profile.leading_category
    if node.own_papers:
        yield profile.clerk_work, profile.category
    for _ in range(node.size - leading - node.own_papers):
        if dice.happens(profile.helper_share):
            yield dice.choice(profile.helpers), NGUOI_LAO_DONG
        else:
            work = dice.weighted(dict(profile.staff))
            is_elected = profile is profiles.COMMUNE_CORE and "HĐND" in work
            yield work, CAN_BO if is_elected else profile.category


def _leaders_work(profile: Profile) -> str:
    """What they are besides their post: teachers and doctors remain so."""
    by_family = {
        profiles.SCHOOL: next(iter(profile.staff)),
        profiles.HEALTH: "Bác sĩ",
        profiles.SERVICE: "Chuyên viên",
    }
    return by_family.get(
        profile.family, "Chuyên viên chính" if profile.category == CONG_CHUC else "Chuyên viên"
    )


def _woman(work: str, dice: Dice) -> bool | None:
    """Some work is done by women, some by men, nearly everywhere."""
    if work in {"Giáo viên mầm non", "Hộ sinh", "Nhân viên cấp dưỡng", "Điều dưỡng"}:
        return dice.happens(0.97)
    if work in {"Nhân viên bảo vệ", "Nhân viên lái xe", "Chỉ huy trưởng Ban Chỉ huy quân sự"}:
        return dice.happens(0.02)
    return None
