"""People and posts as they are in real provinces besides the usual: heads who act or are in charge, substitutes,
inspectors, one person for two schools, secondments, leave, short contracts, namesakes, codes given by the portal.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from namkhong.demo import places
from namkhong.demo.dice import Dice, morning
from namkhong.demo.nodes import Node, Person, Province
from namkhong.demo.profiles import NGUOI_LAO_DONG
from namkhong.demo.staff import Staff
from namkhong.demo.years import Years
from units.models import Absence, Appointment, ContractKind, Employment, Post, ProfessionalLine, Unit
from units.services.naming import PORTAL_FIGURES, PORTAL_PREFIX
from vietnamese.dates import short_date

Manner, Kind = Appointment.Manner, Post.Kind
# One in so many people is on long leave, is excused, works by a short contract, has no personnel code.
ON_LEAVE, EXCUSED = 350, 900
SHORT, WITHOUT_CODE = 0.2, 0.5
FEWEST = 3
USUAL_CONTRACT, SHORT_CONTRACT, OUTSIDE = "hd_111", "hd_duoi_12_thang", "cong_tac_vien"
LEAVES = ("Nghỉ thai sản", "Nghỉ thai sản", "Đi học tập trung", "Nghỉ ốm dài ngày")
EXCUSES = ("Đang chờ nghỉ hưu theo thông báo của đơn vị", "Đang điều trị bệnh dài ngày")
LINE = "Phân công quản lý ngành (dữ liệu minh họa)"


@dataclass
class Secondment:
    person: Person
    home: Node
    host: Node
    since: date
    decision: str


@dataclass
class Cases:
    """`roles` are those whose accounts are printed: the person, and the unit in which he acts."""

    dice: Dice
    years: Years
    units: Province
    staff: Staff
    roles: dict[str, tuple[Person, Node]] = field(default_factory=dict)
    absences: list[Absence] = field(default_factory=list)
    lines: list[ProfessionalLine] = field(default_factory=list)
    secondments: list[Secondment] = field(default_factory=list)

    def arrange(self) -> "Cases":
        self._acting_head()
        self._in_charge()
        self._substitutes()
        self._inspectors()
        self._accountant()
        self._secondment()
        self._comings_and_goings()
        self._namesakes()
        self._contracts()
        self._absences()
        self._professional_lines()
        self._birth_years()
        return self

    # --- Posts

    def _acting_head(self) -> None:
        node = self.units.nodes[places.ACTING_SCHOOL]
        person = self._steps_in(node, self.years.days_ago(40), Manner.ACTING)
        self.roles["acting_head"] = person, node

    def _in_charge(self) -> None:
        node = self.units.nodes[places.LEADERLESS]
        person = self._steps_in(node, self.years.days_ago(25), Manner.IN_CHARGE)
        self.roles["in_charge"] = person, node

    def _steps_in(self, node: Node, day: date, manner: str) -> Person:
        """The head retires and nobody is appointed: a deputy acts, or is in charge."""
        self.staff.retire_head(node, day)
        _, deputy = node.held[Kind.DEPUTY][0]
        document = f"Quyết định số {self.dice.randint(100, 900)}/QĐ ngày {short_date(day)} (minh họa)"
        term = self.staff.term(deputy, node.posts[Kind.HEAD], day, manner=manner, document=document)
        node.held[Kind.HEAD].append((term, deputy))
        return deputy

    def _substitutes(self) -> None:
        """Beside the holder, for a time: KT. by a deputy, TUQ. by document, TL."""
        nodes, soon = self.units.nodes, self.years.on + timedelta(days=10)
        education, health = nodes[places.EDUCATION], nodes[places.HEALTH]
        deputy = education.held[Kind.DEPUTY][0][1]
        self._stands_in(
            education, deputy, Manner.DEPUTISES, days=4, until=soon, covers="Giám đốc đi công tác"
        )
        self.roles["deputises"] = deputy, education
        clerk = health.held[Kind.CLERK][0][1]
        self._stands_in(
            health,
            clerk,
            Manner.BY_AUTHORITY,
            days=9,
            until=soon + timedelta(days=30),
            document=f"Giấy ủy quyền số 08/GUQ-SYT ngày {short_date(self.years.days_ago(9))} (minh họa)",
            covers="Xác nhận bản cam kết của công chức, người lao động",
            functions=["pledges"],
        )
        self.roles["by_authority"] = clerk, health
        office = nodes[places.CONSTRUCTION]
        self._stands_in(
            office,
            office.held[Kind.CLERK][0][1],
            Manner.BY_ORDER,
            days=60,
            covers="Văn bản đôn đốc",
            functions=["reports"],
        )
        self.roles["professional_clerk"] = education.held[Kind.CLERK][0][1], education

    def _stands_in(self, node: Node, person: Person, manner: str, *, days: int, **more) -> None:
        giver = node.held[Kind.HEAD][-1][0]
        since = self.years.days_ago(days)
        self.staff.term(person, node.posts[Kind.HEAD], since, manner=manner, given_by=giver, **more)

    def _inspectors(self) -> None:
        """A team by decision with a term: from the inspectorate and from another agency."""
        node = self.units.nodes[places.INSPECTORATE]
        post = self.staff.extra_post(node, Kind.INSPECTOR, "Thành viên đoàn kiểm tra")
        began = self.years.days_ago(15)
        decision = f"Quyết định số 3184/QĐ-UBND ngày {short_date(began)} (minh họa)"
        team = [node.held[Kind.CLERK][0][1], self.units.nodes[places.CONSTRUCTION].held[Kind.DEPUTY][0][1]]
        for person in team:
            self.staff.term(
                person, post, began, until=self.years.on + timedelta(days=45), document=decision,
                covers="Kiểm tra việc thực hiện Cuộc vận động",
            )  # fmt: skip
        self.roles["inspector"] = team[0], node

    def _accountant(self) -> None:
        """Employed in one school, keeps the papers of both (kiêm nhiệm)."""
        first, second = (self.units.nodes[key] for key in places.MERGING_SCHOOLS)
        person = self._ordinary(first)[0]
        person.user.job_title = "Kế toán"
        for node in (first, second):
            since = max(node.since, person.jobs[0].since, self.years.days_ago(200))
            term = self.staff.term(person, node.posts[Kind.CLERK], since)
            node.held[Kind.CLERK].append((term, person))
        self.roles["accountant"] = person, first

    # --- Employments

    def _secondment(self) -> None:
        """A teacher works for the sở, where he counts; his school pays."""
        home, host = self.units.nodes[places.ACTING_SCHOOL], self.units.nodes[places.EDUCATION]
        person, day = self._ordinary(home)[-1], self.years.days_ago(100).replace(day=1)
        person.jobs[0].since = min(person.jobs[0].since, day - timedelta(days=200))
        person.jobs[0].until, person.jobs[0].ending = day, Employment.Ending.SECONDED
        self.staff.employ(person, host, person.jobs[0].category, day)
        person.jobs[-1].payroll_unit = home.unit
        decision = f"Quyết định số 77/QĐ-SGDĐT ngày {short_date(day - timedelta(days=9))} (minh họa)"
        self.secondments.append(Secondment(person, home, host, day, decision))

    def _comings_and_goings(self) -> None:
        """At a school one is to retire on a day already known; one had left and works there again."""
        retiring, back = self._ordinary(self.units.nodes[places.ACTING_SCHOOL])[:2]
        job = retiring.jobs[0]
        job.until, job.ending = self.years.on + timedelta(days=45), Employment.Ending.RETIRED
        job = back.jobs[0]
        gone, again = (self.years.days_ago(days).replace(day=1) for days in (420, 260))
        job.since = min(job.since, gone - timedelta(days=200))
        job.until, job.ending = gone, Employment.Ending.LEFT
        back.jobs.append(Employment(user=back.user, unit=job.unit, category=job.category, since=again))

    def _contracts(self) -> None:
        """Workers by contract: most count and pledge, short ones count alone, the last one does neither."""
        kinds = {kind.code: kind for kind in ContractKind.objects.all()}
        if not {USUAL_CONTRACT, SHORT_CONTRACT, OUTSIDE} <= kinds.keys():
            return
        workers = [person for person in self._spare() if person.jobs[0].category == NGUOI_LAO_DONG]
        for person in workers:
            person.jobs[0].contract = kinds[USUAL_CONTRACT]
        short = self._some(workers, max(FEWEST, round(SHORT * len(workers))))
        without_code = 0
        for place, person in enumerate(short):
            job, began = person.jobs[0], self.years.days_ago(self.dice.randint(30, 280))
            job.since = max(self.units.nodes[job.unit.source_key].since, began)
            job.contract = kinds[OUTSIDE if place == len(short) - 1 else SHORT_CONTRACT]
            job.contract_until = job.since + timedelta(days=330)
            if place == 0 or self.dice.happens(WITHOUT_CODE):
                without_code += 1
                person.user.username = f"{PORTAL_PREFIX}{without_code:0{PORTAL_FIGURES}}"
                person.user.code_from_portal = True

    def _absences(self) -> None:
        people = [person for person in self._spare() if person.jobs[0].contract is None]
        away = self._some(people, 2 * FEWEST + len(people) // ON_LEAVE + len(people) // EXCUSED)
        excused = FEWEST + len(people) // EXCUSED
        for place, person in enumerate(away):
            since = max(person.jobs[0].since, self.years.days_ago(self.dice.randint(10, 120)))
            if place < excused:
                until: date | None = self.years.on + timedelta(days=self.dice.randint(20, 60))
                kind, reason = Absence.Kind.EXCUSED, self.dice.choice(EXCUSES)
            else:
                until = since + timedelta(days=182) if self.dice.happens(0.7) else None
                kind, reason = Absence.Kind.LONG_LEAVE, self.dice.choice(LEAVES)
            absence = Absence(
                user=person.user,
                kind=kind,
                reason=reason,
                since=since,
                until=until,
                created_at=morning(since),
            )
            person.absences.append(absence)
            self.absences.append(absence)

    # --- Names

    def _namesakes(self) -> None:
        """Two of one name in one school, told apart by their birth years."""
        older, younger = self._ordinary(self.units.nodes[places.SCHOOL])[-2:]
        younger.user.full_name = older.user.full_name
        younger.user.fill_keys()
        older.user.birth_year, younger.user.birth_year = 1971, 1994

    def _birth_years(self) -> None:
        for person in self.staff.people:
            youngest = person.jobs[0].since.year - 22
            year = self.dice.randint(min(1966, youngest), max(1966, youngest))
            person.user.birth_year = person.user.birth_year or year

    # --- The professional line

    def _professional_lines(self) -> None:
        """Sở Giáo dục và Đào tạo over the schools of the communes, Sở Y tế over their health stations."""
        authorities = {Unit.Kind.SCHOOL: places.EDUCATION, Unit.Kind.HEALTH_STATION: places.HEALTH}
        for node in self.units.fresh:
            key = authorities.get(Unit.Kind(node.unit.kind))
            if key and node.parent and node.parent.unit.area_name:
                authority = self.units.nodes[key]
                since = max(node.since, authority.since)
                self.lines.append(
                    ProfessionalLine(unit=node.unit, authority=authority.unit, since=since, decision=LINE)
                )

    # --- Whom to choose

    def _ordinary(self, node: Node) -> list[Person]:
        """Who works there without a post, the longest-serving first."""
        people = [person for person in node.people if not person.terms and len(person.jobs) == 1]
        return sorted(people, key=lambda person: person.jobs[0].since)

    def _spare(self) -> list[Person]:
        """Without posts, where nobody of the printed accounts is at home, and still there."""
        return [
            person
            for node in self.staff.usual_nodes()
            for person in self._ordinary(node)
            if person.jobs[0].until is None and not person.absences
        ]

    def _some(self, people: list[Person], wanted: int) -> list[Person]:
        return self.dice.some(people, wanted, wanted)
