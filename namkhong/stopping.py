"""Stops a worker between two steps of its loop, never in the middle of one.

Celery runs its whole cold shutdown inside the handler of SIGQUIT. When the signal comes just while the loop hands a
task to the pool, the handler waits for a lock that the interrupted loop holds, and the worker hangs until it is killed
(seen in one stop of fifty, because a new worker is busy with what waited for it). Here the handler only says that
somebody asked; a thread hands Celery's own handler to the loop, which runs it at its next step.
"""

import os
import signal
import threading
from collections.abc import Callable
from queue import SimpleQueue
from types import FrameType
from typing import Protocol

from celery.signals import worker_ready

Handler = Callable[[int, FrameType | None], object]

# Longer than one step of the loop; a loop that waits for its broker takes none.
STEP_SECONDS = 4.0


class Loop(Protocol):
    """What is used of Celery's consumer."""

    def call_soon(self, callback: Callable[..., object], *arguments: object) -> object: ...


def stop_between_steps(loop: Loop, shut_down: Handler, *, patience: float = STEP_SECONDS) -> Handler:
    """A handler of SIGQUIT that has `loop` run `shut_down`; after `patience` seconds without a step of the loop the
    worker is told to end without one. In a process forked from this one the signal does nothing: the thread is not
    there, and the parent stops its pool.
    """
    asked: SimpleQueue[int] = SimpleQueue()
    begun = threading.Event()

    def run(number: int) -> None:
        begun.set()
        shut_down(number, None)

    def wait() -> None:
        loop.call_soon(run, asked.get())
        if not begun.wait(patience):
            from celery.worker import state  # noqa: PLC0415 - loaded in a worker, and only there

            state.should_terminate = os.EX_OK

    def handle(number: int, frame: FrameType | None) -> None:
        asked.put(number)  # the one way to tell a thread that may be called within itself

    threading.Thread(target=wait, name="stop", daemon=True).start()
    return handle


@worker_ready.connect(dispatch_uid="stop_between_steps")
def install(sender: Loop, **kwargs: object) -> None:
    """Once: a worker becomes ready again after each loss of its broker, with the handler still in place."""
    stock = signal.getsignal(signal.SIGQUIT)
    if callable(stock) and getattr(stock, "__module__", "") != __name__:
        signal.signal(signal.SIGQUIT, stop_between_steps(sender, stock))
