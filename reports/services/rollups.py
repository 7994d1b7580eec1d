"""Compiling a round: asked for, or due by its day; done by a worker, stored once (rules R05–R09, R12, R15)."""

from django.db import IntegrityError, transaction

from documents import press
from documents.fonts import FontsMissing
from documents.press import PressRefused
from documents.services import store_paper
from documents.typeset import report_html
from ledger import clock, events, jobs
from ledger.canonical import digest
from ledger.jobs import Hold
from ledger.models import Job
from ledger.workflow import StepRefused
from reports import deadlines, rollup
from reports.models import ReportingRound, Rollup
from reports.services.acts import first_post
from units.models import Post, Unit, User
from vietnamese.dates import moment

KIND = "reports.rollup"
STEPS = ("Chốt số liệu", "Lập văn bản", "Dựng PDF", "Lưu")


class NotCompiled(Exception):
    """The roll-up cannot be made. `sentence` says why, for its page."""

    def __init__(self, sentence: str):
        super().__init__(sentence)
        self.sentence = sentence


@transaction.atomic
def compile_rollup(*, reporting_round: ReportingRound, by: User | None) -> Rollup:
    """Queue the compilation of a round, as its reports stand when the work begins. Before or after its due day.

    Raises StepRefused while one is under way. `by` None: the machine itself.
    """
    queued = _queue(reporting_round, by=by)
    if queued is None:
        raise StepRefused(_under_way(reporting_round))
    return queued


def compile_due_rounds(*, by: User | None = None) -> list[Rollup]:
    """Queue every round whose term has run out and which was not yet compiled for it; each once, whoever asks first.

    A query over rows, so a day that passed while everything was off is made up for (rule R12); the latest first.
    """
    at = clock.now()
    overdue = ReportingRound.objects.filter(due_on__lt=clock.local(at).date()).order_by("-due_on", "code")
    done = set(Rollup.objects.filter(round__in=overdue, slot__isnull=False).values_list("slot", flat=True))
    due = [row for row in overdue if deadlines.deadline(row) <= at and slot(row) not in done]
    return [queued for row in due if (queued := _queue(row, by=by, slot=slot(row)))]


def slot(reporting_round: ReportingRound) -> str:
    """The scheduled occasion: this round, this due day."""
    return f"{reporting_round.code}:{deadlines.due_day(reporting_round).isoformat()}"


@transaction.atomic
def cancel_rollup(*, rollup: Rollup, by: User) -> Rollup:
    """Stop a compilation; its worker notices at its next step and publishes nothing. StepRefused when it is over."""
    stopped = Rollup.objects.filter(pk=rollup.pk, status__in=[Job.Status.QUEUED, Job.Status.RUNNING]).update(
        status=Job.Status.CANCELLED, finished_at=clock.now(), lease_until=None
    )
    rollup.refresh_from_db()
    if not stopped:
        raise StepRefused(f"Lần tổng hợp này đang ở trạng thái “{rollup.get_status_display()}”.")
    _record("cancel", rollup, by)
    return rollup


def active(reporting_round: ReportingRound) -> Rollup | None:
    return Rollup.objects.active().filter(round=reporting_round).first()


def _queue(reporting_round: ReportingRound, *, by: User | None, slot: str | None = None) -> Rollup | None:
    """None when constraints say that one is under way, or that the slot was used."""
    try:
        with transaction.atomic():
            queued = Rollup.objects.create(round=reporting_round, slot=slot, by=by, steps=len(STEPS))
            _record("queue", queued, by, {"round": reporting_round.code, "slot": slot or ""})
            jobs.poke(KIND, queued)
    except IntegrityError:
        return None
    return queued


def _under_way(reporting_round: ReportingRound) -> str:
    running = active(reporting_round)
    if running is None:
        return "Kỳ này vừa được tổng hợp xong. Tải lại trang để xem."
    who = f" theo yêu cầu của {running.by}" if running.by else ""
    return f"{reporting_round.name} đang được tổng hợp{who} từ {moment(running.created_at)}. Đây là tiến độ của lần đó."


def run(job: Job, hold: Hold) -> None:
    """The work of a worker: what `ledger.jobs` calls with the claim in hand. A zombie's writes end in LeaseLost."""
    found = Rollup.objects.select_related("round__campaign", "by").get(pk=job.pk)
    if found.by and not found.by.has_perm("reports.compile_rollup"):
        raise NotCompiled("Người yêu cầu không còn quyền tổng hợp báo cáo, nên lần tổng hợp này đã dừng.")

    def say(step: int) -> None:
        hold.progress(step, len(STEPS), STEPS[step - 1])

    manifest, title, body = _make(found.round, say)
    say(4)
    _publish(found, hold, manifest, title, body)


def fresh(*, reporting_round: ReportingRound) -> bytes:
    """The paper as it would be made now; nothing is stored. Raises NotCompiled."""
    return _make(reporting_round, lambda step: None)[2]


def _make(reporting_round: ReportingRound, say) -> tuple[rollup.Manifest, str, bytes]:
    say(1)
    try:
        with rollup.snapshot():
            manifest = rollup.gather(reporting_round)
        say(2)
        paper = rollup.compose(manifest)
        html = report_html(paper)
        say(3)
        return manifest, paper.document_title, press.render(html, title=paper.document_title)
    except (rollup.NoAuthor, PressRefused, FontsMissing) as error:
        raise NotCompiled(str(error)) from error


def _publish(found: Rollup, hold: Hold, manifest: rollup.Manifest, title: str, body: bytes) -> None:
    """Paper, result and event appear together, or not at all when the hold was lost meanwhile."""
    sha256 = digest(manifest)
    author = Unit.objects.get(source_key=manifest["author"]["key"])
    with transaction.atomic():
        paper = store_paper(
            kind=KIND,
            title=title,
            body=body,
            object_kind=KIND,
            object_id=found.public_id,
            unit_id=author.public_id,
            manifest_sha256=sha256,
            is_demo=manifest["demo"],
            by=found.by,
        )
        hold.finish(paper=paper, manifest=manifest, manifest_sha256=sha256)
        _record("finish", found, found.by, {"manifest": sha256, "paper": paper.sha256})


def _record(act: str, rollup: Rollup, by: User | None, data: dict | None = None) -> None:
    events.record(
        f"{KIND}.{act}",
        by=by,
        post=first_post(by, Post.Kind.HOME_AFFAIRS) if by else None,
        object_kind=KIND,
        object_id=rollup.public_id,
        data=data,
    )
