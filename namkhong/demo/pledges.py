"""The pledges of the demo province: who signed when, who confirmed, what still waits (clause IV.4)."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from campaigns.models import Campaign
from ledger import clock
from ledger.canonical import digest
from namkhong.demo import pledge_wording as wording
from namkhong.demo.chronicle import By, Chronicle
from namkhong.demo.dice import Dice
from namkhong.demo.letters import Letters
from namkhong.demo.province import Node, Person, Province
from namkhong.demo.years import Years
from pledges.models import EarlierRecord, Pledge, PledgeText, Signature
from pledges.parties import HEAD, OFFICIAL, UNION
from pledges.wording import shown_record, signed_record, titled
from pledges.workflow import PLEDGE, facts
from units.models import BaseUnion, Category, Post, Unit

BATCH = 1000
State = Pledge.Status
# What becomes of a person's pledge. COMPLETE: all confirm. The rest stop on the way.
COMPLETE, UNSIGNED, AGAIN = "complete", "unsigned", "again"
RETURNED, WAITS_HEAD, WAITS_UNION = "returned", "waits_head", "waits_union"
# Share of people who sign, by how a unit takes the campaign; most take it seriously.
RATES = (1.0, 1.0, 1.0, 1.0, 0.97, 0.95, 0.92, 0.88, 0.8, 0.7)
SIGNS_LATE = 0.1
WRITES_OWN_WORDS = 0.55


@dataclass
class Draft:
    """One pledge on its way, with what hangs on it."""

    pledge: Pledge
    person: Person
    signing: Node
    signatures: list[Signature] = field(default_factory=list)
    earlier: list[EarlierRecord] = field(default_factory=list)


@dataclass
class Pledging:
    dice: Dice
    years: Years
    units: Province
    campaign: Campaign
    chronicle: Chronicle
    letters: Letters
    # Persons whose pledge of the last year is not left to chance.
    fates: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.text = PledgeText.objects.filter(campaign=self.campaign).latest("version")
        self.commitments = list(self.campaign.commitments.values_list("text", flat=True))
        self.by_unit = {node.unit.pk: node for node in self.units.nodes.values()}
        self.rates = {key: self.dice.choice(RATES) for key in self.units.nodes}
        self.launches: dict[tuple[str, int], date] = {}
        self.drafts: list[Draft] = []

    def sign_all(self, people: list[Person]) -> int:
        for year in self.years.all:
            for person in people:
                self._person(person, year)
        pledges = Pledge.objects.bulk_create([draft.pledge for draft in self.drafts], batch_size=BATCH)
        for draft in self.drafts:
            for row in (*draft.signatures, *draft.earlier):
                row.pledge_id = draft.pledge.pk
        EarlierRecord.objects.bulk_create([row for draft in self.drafts for row in draft.earlier])
        signatures = [row for draft in self.drafts for row in draft.signatures]
        Signature.objects.bulk_create(signatures, batch_size=BATCH)
        return len(pledges)

    # --- One person, one year

    def _person(self, person: Person, year: int) -> None:
        fate = self._fate(person, year)
        at = self._moment_of_signing(person, year, fate)
        if fate == UNSIGNED or at is None or at >= self.years.end:
            return
        draft = self._sign(person, year, at)
        if draft is None:
            return
        self.drafts.append(draft)
        if fate in (RETURNED, AGAIN):
            at = self._return(draft, at)
            if at is None or fate == RETURNED:
                return
            at = self._sign_again(draft, at)
        if fate != WAITS_HEAD and at is not None:
            self._confirm(draft, at, fate)

    def _fate(self, person: Person, year: int) -> str:
        chosen = self.fates.get(id(person)) if self.years.is_last(year) else None
        if chosen:
            return chosen
        home = self.by_unit[person.jobs[-1].unit.pk]
        papers = next(step for step in home.path() if step.own_papers)
        rate = self.rates[papers.unit.source_key]
        if not self.dice.happens(rate if self.years.is_last(year) else 1 - (1 - rate) / 3):
            return UNSIGNED
        slow = 1.0 if self.years.is_last(year) else 0.1
        return self.dice.weighted(
            {
                COMPLETE: 0.93,
                AGAIN: 0.012,
                RETURNED: 0.007 * slow,
                WAITS_HEAD: 0.02 * slow,
                WAITS_UNION: 0.02 * slow,
            }
        )

    def _moment_of_signing(self, person: Person, year: int, fate: str) -> datetime | None:
        """After the unit's launch; who came later, after coming; who still waits, in the last weeks."""
        if fate in (WAITS_HEAD, WAITS_UNION) and self.years.is_last(year):
            return self.dice.at(self.dice.day(self.years.days_ago(17), self.years.days_ago(5)))
        home = self.by_unit[person.jobs[0].unit.pk]
        day = self._launch(next(step for step in home.path() if step.own_papers), year)
        day += timedelta(
            days=self.dice.randint(16, 90) if self.dice.happens(SIGNS_LATE) else self.dice.randint(0, 15)
        )
        if person.jobs[0].since > day:
            day = person.jobs[0].since + timedelta(days=self.dice.randint(5, 40))
        at = self.dice.at(self.dice.day(day, day))
        return at if clock.local(at).year == year else None

    def _launch(self, papers: Node, year: int) -> date:
        key = (papers.unit.source_key, year)
        if key not in self.launches:
            stands = max(papers.since, self.units.in_use_since)
            first = max(date(year, 1, 12), stands + timedelta(days=12))
            self.launches[key] = self.dice.day(first, first + timedelta(days=40))
        return self.launches[key]

    # --- Acts

    def _sign(self, person: Person, year: int, at: datetime) -> Draft | None:
        day = clock.local(at).date()
        job = person.job_on(day)
        signing = self._signing_node(person, self.by_unit[job.unit.pk], day) if job else None
        if job is None or signing is None or signing.since > day:
            return None
        pledge = Pledge(
            public_id=self.dice.public_id(),
            campaign_id=self.campaign.pk,
            year=year,
            user_id=person.user.pk,
            text_id=self.text.pk,
            check_code=self.dice.check_code(),
            status=State.AWAITING_HEAD,
        )
        draft = Draft(pledge, person, signing)
        self._fill(draft, at)
        self._tell(draft, "sign", at, By(person, _head_post(person, day)), {"to": str(pledge.status)})
        return draft

    def _signing_node(self, person: Person, home: Node, day: date) -> Node | None:
        """As `roster.signing_unit_from`: above every unit the person heads, the nearest with papers of its own."""
        path = home.path()
        headed = {post.unit.pk for post in person.posts_on(day, Post.Kind.HEAD)}
        first = max((place + 1 for place, step in enumerate(path) if step.unit.pk in headed), default=0)
        return next((step for step in path[first:] if step.own_papers), None)

    def _fill(self, draft: Draft, at: datetime) -> None:
        """What the person confirms, and his signature under it, as `pledges.services.signing` records them."""
        pledge, person, day = draft.pledge, draft.person, clock.local(at).date()
        job, post = person.job_on(day), _head_post(person, day)
        assert job is not None
        title = _title(person, job.category, day)
        shown = self._shown(draft, job.unit, str(job.category), title, leads=post is not None, day=day)
        words = self._own_words(self.by_unit[job.unit.pk], leads=post is not None)
        record = signed_record(shown, own_words=words, signed_at=at)
        pledge.kind = Pledge.Kind.LEADER if post else Pledge.Kind.INDIVIDUAL
        pledge.unit, pledge.signing_unit_id, pledge.category = job.unit, draft.signing.unit.pk, job.category
        pledge.post_title, pledge.own_words = title, words
        pledge.content, pledge.sha256, pledge.signed_at = record, digest(record), at
        self._put_signature(draft, OFFICIAL, By(person, post), title, at)

    def _shown(
        self, draft: Draft, unit: Unit, category: str, title: str, *, leads: bool, day: date
    ) -> dict[str, Any]:
        return shown_record(
            campaign=self.campaign,
            text=self.text,
            commitments=self.commitments,
            year=draft.pledge.year,
            kind=Pledge.Kind.LEADER if leads else Pledge.Kind.INDIVIDUAL,
            person=draft.person.user,
            post_title=title,
            category=category,
            unit=unit,
            signing_unit=draft.signing.unit,
            addressed_to=_addressees(draft.signing, day),
        )

    def _own_words(self, home: Node, *, leads: bool) -> str:
        if not self.dice.happens(WRITES_OWN_WORDS):
            return ""
        return self.dice.choice(wording.LEADERS_WORDS if leads else wording.OWN_WORDS[home.profile.family])

    def _return(self, draft: Draft, at: datetime) -> datetime | None:
        """The head sends it back; None where there is no head, or it would fall into the days of counting."""
        at = self.dice.after(at, 1, 6)
        by = self._head(draft, at)
        year = draft.pledge.year
        counting = year in self.years.rounds and clock.local(at).date() >= self.years.opens_on(year)
        if by is None or counting or at >= self.years.end:
            return None
        self._move(draft, "return", at, by, reason=self.dice.choice(wording.PLEDGE_RETURNS))
        effect = f"{PLEDGE.kind}.return:{draft.pledge.public_id}:{draft.pledge.round}"
        text = f"Bản cam kết năm {year} bị trả lại. Xem lý do và ký lại."
        self.letters.tell([draft.person.user], effect, text, draft.pledge, at)
        return at

    def _sign_again(self, draft: Draft, at: datetime) -> datetime | None:
        at = self.dice.after(at, 1, 9)
        pledge, day = draft.pledge, clock.local(at).date()
        year = pledge.year
        if at >= self.years.end or day.year != year or draft.person.job_on(day) is None:
            return None
        if year in self.years.rounds and day >= self.years.opens_on(year):
            return None
        kept = {"content": pledge.content, "sha256": pledge.sha256, "signed_at": pledge.signed_at}
        draft.earlier.append(EarlierRecord(round=pledge.round, **kept))
        pledge.round += 1
        self._fill(draft, at)
        self._move(draft, "sign_again", at, By(draft.person, _head_post(draft.person, day)))
        return at

    def _confirm(self, draft: Draft, at: datetime, fate: str) -> None:
        at = self.dice.after(at, 1, 4 if fate == WAITS_UNION else 8)
        by = self._head(draft, at)
        if by is None or at >= self.years.end:
            return
        day = clock.local(at).date()
        chair = self._chair(draft, by, day)
        if chair is None:
            self._complete(draft, "countersign_complete", at, by, HEAD)
            return
        self._move(draft, "countersign", at, by)
        self._put_signature(draft, HEAD, by, by.post.title if by.post else "", at)
        if fate != WAITS_UNION:
            self._confirm_for_union(draft, self.dice.after(at, 1, 8), by, chair)

    def _confirm_for_union(self, draft: Draft, at: datetime, head: By, chair: By) -> None:
        """The union that has ended meanwhile takes no part: the head completes with two confirmations."""
        union = draft.signing.union
        ended = union is not None and not union.holds(clock.local(at).date())
        if at >= self.years.end:
            return
        if ended:
            self._complete(draft, "complete_without_union", self.dice.after(at, 0, 5), head, None)
        else:
            self._complete(draft, "countersign_union", at, chair, UNION)

    # --- Who

    def _head(self, draft: Draft, at: datetime) -> By | None:
        found = draft.signing.holder(Post.Kind.HEAD, clock.local(at).date())
        return By(found[1], found[0]) if found and found[1] is not draft.person else None

    def _chair(self, draft: Draft, head: By, day: date) -> By | None:
        """As `parties.UnionOn.takes_part`: nobody confirms twice, or his own."""
        if draft.signing.union_on(day) is None:
            return None
        found = draft.signing.holder(Post.Kind.UNION_CHAIR, day)
        if found is None or found[1] in (draft.person, head.person):
            return None
        return By(found[1], found[0])

    # --- Rows

    def _complete(self, draft: Draft, step: str, at: datetime, by: By, party: str | None) -> None:
        draft.pledge.completed_at = at
        self._move(draft, step, at, by)
        if party:
            self._put_signature(draft, party, by, by.post.title if by.post else "", at)
        effect = f"{PLEDGE.kind}.complete:{draft.pledge.public_id}"
        text = f"Bản cam kết năm {draft.pledge.year} đã đủ xác nhận."
        self.letters.tell([draft.person.user], effect, text, draft.pledge, at)

    def _move(self, draft: Draft, step_name: str, at: datetime, by: By, reason: str = "") -> None:
        pledge, target = draft.pledge, PLEDGE.step(step_name).target
        data = {"from": str(pledge.status), "to": str(target)}
        pledge.status, pledge.version = target, pledge.version + 1
        self._tell(draft, step_name, at, by, data, reason)

    def _tell(
        self, draft: Draft, act: str, at: datetime, by: By, data: dict[str, Any], reason: str = ""
    ) -> None:
        self.chronicle.tell(
            f"{PLEDGE.kind}.{act}",
            at,
            object_id=draft.pledge.public_id,
            by=by,
            unit_id=draft.pledge.unit.public_id,
            data=data | facts(draft.pledge),
            reason=reason,
        )

    def _put_signature(self, draft: Draft, party: str, by: By, title: str, at: datetime) -> None:
        draft.signatures.append(
            Signature(
                party=party,
                user_id=by.person.user.pk,
                post_id=by.post.pk if by.post else None,
                name=by.person.user.full_name,
                post_title=title,
                round=draft.pledge.round,
                sha256=draft.pledge.sha256,
                at=at,
            )
        )


def _head_post(person: Person, day: date) -> Post | None:
    return next(iter(person.posts_on(day, Post.Kind.HEAD)), None)


def _title(person: Person, category: str, day: date) -> str:
    """As `pledges.wording.title_of`, on that day."""
    leading = person.posts_on(day, Post.Kind.HEAD) or person.posts_on(day, Post.Kind.DEPUTY)
    return leading[0].title if leading else person.user.job_title or str(Category(category).label)


def _addressees(signing: Node, day: date) -> list[str]:
    """As `pledges.wording.addressees`, on that day."""
    line = titled(signing.posts[Post.Kind.HEAD].title, signing.unit.name)
    union: BaseUnion | None = signing.union_on(day)
    return [line, f"Ban Chấp hành {union.name}"] if union else [line]
