"""A worker is stopped between two steps of its loop."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from celery.worker import state

from namkhong import stopping


class Loop:
    """Keeps what it was asked to do until its next step, as Celery's consumer does."""

    def __init__(self) -> None:
        self.soon: list[Callable[[], object]] = []
        self.asked = threading.Event()

    def call_soon(self, callback: Callable[..., object], *arguments: object) -> None:
        self.soon.append(lambda: callback(*arguments))
        self.asked.set()

    def step(self) -> None:
        assert self.asked.wait(10)
        for callback in self.soon:
            callback()


@pytest.fixture(autouse=True)
def own_handler() -> Iterator[None]:
    before = signal.getsignal(signal.SIGQUIT)
    yield
    signal.signal(signal.SIGQUIT, before)
    state.should_terminate = None


def test_a_lock_that_the_loop_holds_when_the_signal_comes_is_free_when_it_is_stopped() -> None:
    loop, queue, told = Loop(), threading.Lock(), list[bool]()

    def shut_down(number: int, frame: object) -> None:
        told.append(queue.acquire(blocking=False))

    signal.signal(signal.SIGQUIT, shut_down)
    stopping.install(loop)
    with queue:
        signal.raise_signal(signal.SIGQUIT)
        assert loop.asked.wait(10)
        assert not told
    loop.step()
    assert told == [True]


def test_asked_twice_it_is_shut_down_once() -> None:
    loop, told = Loop(), list[int]()
    handle = stopping.stop_between_steps(loop, lambda number, frame: told.append(number))
    handle(signal.SIGQUIT, None)
    handle(signal.SIGQUIT, None)
    loop.step()
    assert told == [signal.SIGQUIT]


def test_ready_again_the_worker_keeps_the_handler_it_has() -> None:
    signal.signal(signal.SIGQUIT, lambda number, frame: None)
    stopping.install(Loop())
    first = signal.getsignal(signal.SIGQUIT)
    stopping.install(Loop())
    assert signal.getsignal(signal.SIGQUIT) is first


def test_a_loop_that_waits_for_its_broker_ends_without_a_step() -> None:
    loop = Loop()
    stopping.stop_between_steps(loop, lambda number, frame: None, patience=0.01)(signal.SIGQUIT, None)
    assert loop.asked.wait(10)
    deadline = time.monotonic() + 10
    while state.should_terminate is None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert state.should_terminate == os.EX_OK


def test_a_forked_process_leaves_the_signal_to_its_parent() -> None:
    loop = Loop()
    signal.signal(signal.SIGQUIT, stopping.stop_between_steps(loop, lambda number, frame: None))
    child = os.fork()
    if child == 0:
        signal.raise_signal(signal.SIGQUIT)
        os._exit(os.EX_OK)
    assert os.waitpid(child, 0)[1] == os.EX_OK
    assert not loop.asked.wait(0.2)
