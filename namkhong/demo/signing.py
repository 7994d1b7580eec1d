"""The acts on a pledge, as `pledges.services` would record them: its row, signatures, earlier records, events, notices."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from ledger import clock
from ledger.canonical import digest
from namkhong.demo import pledge_wording as wording
from namkhong.demo.chronicle import By
from namkhong.demo.dice import Dice
from namkhong.demo.nodes import Node, Person
from namkhong.demo.story import Story
from namkhong.demo.writing import insert
from pledges.models import EarlierRecord, Pledge, PledgeText, Signature
from pledges.parties import HEAD, OFFICIAL, UNION
from pledges.wording import shown_record, signed_record, titled
from pledges.workflow import PLEDGE, facts
from units.models import Category, Employment, Post
from units.proof import BY_PASSWORD

WRITES_OWN_WORDS = 0.55


@dataclass
class Draft:
    """One pledge on its way, with what hangs on it."""

    pledge: Pledge
    person: Person
    signing: Node
    signatures: list[Signature] = field(default_factory=list)
    earlier: list[EarlierRecord] = field(default_factory=list)

    def head(self, at: datetime) -> By | None:
        """Who confirms first; None while the post is vacant, or is the person's own by now."""
        day = clock.local(at).date()
        found = self.signing.holder(Post.Kind.HEAD, day)
        if not found or found[1] is self.person:
            return None
        return By(found[1], found[0], self.signing.quality(Post.Kind.HEAD, day))

    def chair(self, head: By, at: datetime) -> By | None:
        """As `parties.UnionOn.takes_part`: nobody confirms twice, or his own."""
        day = clock.local(at).date()
        found = self.signing.holder(Post.Kind.UNION_CHAIR, day) if self.signing.union_on(day) else None
        if found is None or found[1] in (self.person, head.person):
            return None
        return By(found[1], found[0])


class Acts:
    def __init__(self, story: Story, dice: Dice) -> None:
        self.story, self.dice = story, dice
        self.text = PledgeText.objects.filter(campaign=story.campaign).latest("version")
        self.commitments = list(story.campaign.commitments.values_list("text", flat=True))
        self.nodes = {node.unit.pk: node for node in story.units.nodes.values()}
        self.drafts: list[Draft] = []

    # --- One after another

    def sign(self, person: Person, year: int, at: datetime) -> Draft | None:
        """None: employed nowhere that day, or nobody stands above."""
        day = clock.local(at).date()
        job = person.job_on(day)
        signing = self._signing_node(person, job, day) if job else None
        if signing is None:
            return None
        pledge = Pledge(
            public_id=self.dice.public_id(),
            campaign_id=self.story.campaign.pk,
            year=year,
            user_id=person.user.pk,
            text_id=self.text.pk,
            check_code=self.dice.check_code(),
            status=Pledge.Status.AWAITING_HEAD,
        )
        draft = Draft(pledge, person, signing)
        self._fill(draft, at)
        self._tell(draft, "sign", at, By(person, _head_post(person, day)), {"to": str(pledge.status)})
        self.drafts.append(draft)
        return draft

    def send_back(self, draft: Draft, at: datetime, by: By) -> None:
        self._move(draft, "return", at, by, reason=self.dice.choice(wording.PLEDGE_RETURNS))
        effect = f"{PLEDGE.kind}.return:{draft.pledge.public_id}:{draft.pledge.round}"
        text = f"Bản cam kết năm {draft.pledge.year} bị trả lại. Xem lý do và ký lại."
        self.story.letters.tell([draft.person.user], effect, text, draft.pledge, at)

    def withdraw(self, draft: Draft, at: datetime) -> None:
        reason = self.dice.choice(wording.WITHDRAWALS)
        self._move(draft, "withdraw", at, By(draft.person), reason=reason)

    def sign_again(self, draft: Draft, at: datetime) -> None:
        pledge = draft.pledge
        kept = {"content": pledge.content, "sha256": pledge.sha256, "signed_at": pledge.signed_at}
        draft.earlier.append(EarlierRecord(round=pledge.round, **kept))
        pledge.round += 1
        self._fill(draft, at)
        self._move(
            draft, "sign_again", at, By(draft.person, _head_post(draft.person, clock.local(at).date()))
        )

    def countersign(self, draft: Draft, at: datetime, head: By) -> None:
        """The union comes next."""
        self._move(draft, "countersign", at, head)
        self._put_signature(draft, HEAD, head, at)

    def countersign_complete(self, draft: Draft, at: datetime, head: By) -> None:
        self._complete(draft, "countersign_complete", at, head)
        self._put_signature(draft, HEAD, head, at)

    def countersign_union(self, draft: Draft, at: datetime, chair: By) -> None:
        self._complete(draft, "countersign_union", at, chair)
        self._put_signature(draft, UNION, chair, at)

    def complete_without_union(self, draft: Draft, at: datetime, head: By) -> None:
        self._complete(draft, "complete_without_union", at, head)

    # --- What is confirmed

    def _signing_node(self, person: Person, job: Employment, day: date) -> Node | None:
        """As `roster.signing_unit_from`: above every unit the person heads, the nearest with papers of its own."""
        path = self.nodes[job.unit_id].path()
        headed = {post.unit_id for post in person.posts_on(day, Post.Kind.HEAD)}
        first = max((place + 1 for place, step in enumerate(path) if step.unit.pk in headed), default=0)
        found = next((step for step in path[first:] if step.own_papers), None)
        return found if found and found.since <= day else None

    def _fill(self, draft: Draft, at: datetime) -> None:
        """What the person confirms, and his signature under it, as `pledges.services.signing` records them."""
        pledge, person, day = draft.pledge, draft.person, clock.local(at).date()
        job, post = person.job_on(day), _head_post(person, day)
        assert job is not None
        pledge.kind = Pledge.Kind.LEADER if post else Pledge.Kind.INDIVIDUAL
        pledge.unit, pledge.signing_unit_id, pledge.category = job.unit, draft.signing.unit.pk, job.category
        pledge.post_title, pledge.own_words = _title(person, job.category, day), self._own_words(draft)
        record = signed_record(self._shown(draft, day, post), own_words=pledge.own_words, signed_at=at)
        pledge.content, pledge.sha256, pledge.signed_at = record, digest(record), at
        self._put_signature(draft, OFFICIAL, By(person, post), at, title=pledge.post_title)

    def _shown(self, draft: Draft, day: date, post: Post | None) -> dict[str, Any]:
        pledge = draft.pledge
        return shown_record(
            campaign=self.story.campaign,
            text=self.text,
            commitments=self.commitments,
            year=pledge.year,
            kind=pledge.kind,
            person=draft.person.user,
            post_title=pledge.post_title,
            category=pledge.category,
            unit=pledge.unit,
            signing_unit=draft.signing.unit,
            addressed_to=_addressees(draft.signing, day),
            post=post,
        )

    def _own_words(self, draft: Draft) -> str:
        if not self.dice.happens(WRITES_OWN_WORDS):
            return ""
        if draft.pledge.kind == Pledge.Kind.LEADER:
            return self.dice.choice(wording.LEADERS_WORDS)
        return self.dice.choice(wording.OWN_WORDS[self.nodes[draft.pledge.unit.pk].profile.family])

    # --- Rows

    def _complete(self, draft: Draft, step: str, at: datetime, by: By) -> None:
        draft.pledge.completed_at = at
        self._move(draft, step, at, by)
        effect = f"{PLEDGE.kind}.complete:{draft.pledge.public_id}:{draft.pledge.round}"
        text = f"Bản cam kết năm {draft.pledge.year} đã đủ xác nhận."
        self.story.letters.tell([draft.person.user], effect, text, draft.pledge, at)

    def _move(self, draft: Draft, step_name: str, at: datetime, by: By, *, reason: str = "") -> None:
        pledge, target = draft.pledge, PLEDGE.step(step_name).target
        data = {"from": str(pledge.status), "to": str(target)}
        pledge.status, pledge.version = target, pledge.version + 1
        self._tell(draft, step_name, at, by, data, reason=reason)

    def _tell(
        self, draft: Draft, act: str, at: datetime, by: By, data: dict[str, Any], *, reason: str = ""
    ) -> None:
        self.story.chronicle.tell(
            f"{PLEDGE.kind}.{act}",
            at,
            object_id=draft.pledge.public_id,
            by=by,
            unit_id=draft.pledge.unit.public_id,
            data=data | facts(draft.pledge),
            reason=reason,
        )

    def _put_signature(self, draft: Draft, party: str, by: By, at: datetime, *, title: str = "") -> None:
        draft.signatures.append(
            Signature(
                party=party,
                user_id=by.person.user.pk,
                post_id=by.post.pk if by.post else None,
                name=by.person.user.full_name,
                post_title=title or by.quality or (by.post.title if by.post else ""),
                round=draft.pledge.round,
                sha256=draft.pledge.sha256,
                at=at,
                proof={"by": BY_PASSWORD, "at": at.isoformat()},
            )
        )

    def save(self) -> int:
        """Returns the number of pledges."""
        insert([draft.pledge for draft in self.drafts])
        for draft in self.drafts:
            for signature in draft.signatures:
                signature.pledge_id = draft.pledge.pk
            for record in draft.earlier:
                record.pledge_id = draft.pledge.pk
        EarlierRecord.objects.bulk_create([row for draft in self.drafts for row in draft.earlier])
        signatures = [row for draft in self.drafts for row in draft.signatures]
        insert(signatures)
        return len(self.drafts)


def _head_post(person: Person, day: date) -> Post | None:
    return next(iter(person.posts_on(day, Post.Kind.HEAD)), None)


def _title(person: Person, category: str, day: date) -> str:
    """As `pledges.wording.title_of`, on that day."""
    leading = person.posts_on(day, Post.Kind.HEAD) or person.posts_on(day, Post.Kind.DEPUTY)
    return leading[0].title if leading else person.user.job_title or str(Category(category).label)


def _addressees(signing: Node, day: date) -> list[str]:
    """As `pledges.wording.addressees`, on that day."""
    line = titled(signing.posts[Post.Kind.HEAD].title, signing.unit.name)
    union = signing.union_on(day)
    return [line, f"Ban Chấp hành {union.name}"] if union else [line]
