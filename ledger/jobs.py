"""Long work (rules R05–R09): the row is the intention, the broker only pokes, a lease says who works on it."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from celery import current_app
from django.db import OperationalError, connection, transaction
from django.db.models import F

from ledger import clock
from ledger.crossing import Busy
from ledger.models import Job
from ledger.public_id import new_public_id
from ledger.queries import MAX_ATTEMPTS
from ledger.register import Register

logger = logging.getLogger(__name__)

# Where pokes go. A worker serves all queues in turn, so that hundreds of papers do not stand before one roll-up.
QUEUE, PAPERS = "celery", "papers"
LEASE = timedelta(seconds=30)
RENEW_SECONDS = 10.0
POKE_AGAIN_AFTER = timedelta(seconds=10)


class LeaseLost(Exception):
    """Another worker, or a person who cancelled, owns the job now: stop and publish nothing."""


@dataclass(frozen=True)
class JobKind:
    """`run(job, hold)` does the work and ends by `hold.finish(...)` in the transaction that stores the result."""

    model: Any
    run: Callable[[Any, "Hold"], None]
    queue: str = QUEUE


kinds: Register[JobKind] = Register("jobs")


def register(name: str, model: type[Job], run: Callable[[Any, "Hold"], None], *, queue: str = QUEUE) -> None:
    kinds.enter(name, JobKind(model, run, queue))


@dataclass
class Hold:
    """A worker's hold on one job. Every write goes through the token: a slow zombie changes nothing."""

    model: Any
    pk: int
    token: str
    over: threading.Event = field(default_factory=threading.Event)

    def _update(self, **fields) -> None:
        if self.model.objects.held(self.pk, self.token).update(**fields) != 1:
            raise LeaseLost(f"{self.model.__name__} {self.pk}")

    def progress(self, step: int, steps: int, message: str) -> None:
        """Call outside long transactions, so that the page sees it."""
        self._update(step=step, steps=steps, message=message, lease_until=clock.now() + LEASE)

    def renew(self) -> None:
        self._update(lease_until=clock.now() + LEASE)

    def finish(self, **result) -> None:
        """Publish by compare-and-set. In one transaction with the rows of the result, which LeaseLost rolls back."""
        self._update(
            status=Job.Status.DONE,
            step=F("steps"),
            message="",
            finished_at=clock.now(),
            lease_until=None,
            **result,
        )

    def fail(self, sentence: str) -> None:
        self._update(status=Job.Status.FAILED, error=sentence, finished_at=clock.now(), lease_until=None)

    def keep_alive(self) -> None:
        """Body of the thread that renews the lease while a long step (a rendering) runs."""
        try:
            while not self.over.wait(RENEW_SECONDS):
                self.renew()
        except LeaseLost:
            logger.warning("lease lost", extra={"job": self.pk})
        finally:
            connection.close()


def poke(kind: str, job: Job) -> None:
    """After the commit, tell the broker. If it is away, the sweeper will find the row."""
    transaction.on_commit(partial(_send, kind, job.pk))


def _send(kind: str, pk: int) -> None:
    try:
        queue = kinds[kind].queue
        current_app.send_task("ledger.tasks.run_job", args=[kind, pk], queue=queue, retry=False)
    except Exception as error:  # noqa: BLE001 - whatever ails the broker, the row is the truth and the poke only haste
        logger.warning("poke failed", extra={"job_kind": kind, "job": pk, "error": type(error).__name__})


def run(kind: str, pk: int) -> bool:
    """Claim and do one job in this process; False when another holds it or it is over."""
    found = kinds[kind]
    moment, token = clock.now(), new_public_id()
    if not found.model.objects.claim(pk, token=token, at=moment, lease_until=moment + LEASE):
        return False
    hold = Hold(found.model, pk, token)
    keeper = threading.Thread(target=hold.keep_alive, daemon=True)
    keeper.start()
    try:
        _work(found, hold)
    finally:
        hold.over.set()
        keeper.join()
    return True


def _work(found: JobKind, hold: Hold) -> None:
    try:
        found.run(found.model.objects.get(pk=hold.pk), hold)
    except LeaseLost:
        logger.warning("a late worker stopped without publishing", extra={"job": hold.pk})
    except (OperationalError, Busy):
        raise  # the database was away or busy: the lease runs out and the sweeper starts the job again
    except Exception as error:
        logger.exception("job failed", extra={"job": hold.pk})
        hold.fail(_sentence(error))


def _sentence(error: Exception) -> str:
    said = getattr(error, "sentence", "")
    return said or "Có lỗi ngoài dự kiến khi thực hiện. Báo cho quản trị hệ thống; có thể thử lại."


def sweep() -> int:
    """Poke every job that waits without a worker; give up on one that has used all its attempts. Returns pokes sent."""
    pokes = 0
    for name, kind in kinds:
        model = kind.model
        moment = clock.now()
        stuck = model.objects.claimable(moment)
        stuck.filter(attempts__gte=MAX_ATTEMPTS).update(
            status=Job.Status.FAILED, error=f"Đã thử {MAX_ATTEMPTS} lần mà không xong.", finished_at=moment
        )
        waiting = stuck.filter(poked_at__lt=moment - POKE_AGAIN_AFTER)
        for pk in list(waiting.values_list("pk", flat=True)):
            waiting.filter(pk=pk).update(poked_at=moment)
            _send(name, pk)
            pokes += 1
    return pokes
