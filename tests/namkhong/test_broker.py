"""The embedded broker, against real processes that write and read at the same time."""

import multiprocessing
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection, Exchange, Queue
from kombu.transport import filesystem

from namkhong import broker

LARGE = "x" * 200_000
EACH = 60


def connect(folder: Path) -> Connection:
    return Connection(
        "filesystem://",
        transport=broker.Transport,
        transport_options={"folder": str(folder), "polling_interval": 0.01},
    )


@pytest.fixture
def channel(tmp_path: Path) -> Iterator[broker.Channel]:
    with connect(tmp_path / "broker") as connection:
        yield connection.channel()


def produce(folder: Path, producer: int) -> None:
    with connect(folder) as connection:
        channel = connection.channel()
        for number in range(EACH):
            channel._put("work", {"id": f"{producer}-{number}", "body": LARGE})


def consume(folder: Path, taken: "multiprocessing.Queue[str]", until: float) -> None:
    with connect(folder) as connection:
        channel = connection.channel()
        while time.monotonic() < until:
            try:
                message = channel._get("work")
            except Empty:
                continue
            assert message["body"] == LARGE
            taken.put(message["id"])
    taken.put("done")


def run_all(jobs: list[tuple[Callable[..., None], tuple[object, ...]]]) -> list[multiprocessing.Process]:
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=job, args=arguments) for job, arguments in jobs]
    for process in processes:
        process.start()
    return processes


def collect(taken: "multiprocessing.Queue[str]", consumers: int) -> list[str]:
    found: list[str] = []
    while consumers:
        word = taken.get(timeout=30)
        if word == "done":
            consumers -= 1
        else:
            found.append(word)
    return found


def test_concurrent_consumers_take_every_message_whole_and_once(tmp_path: Path) -> None:
    taken: multiprocessing.Queue[str] = multiprocessing.Queue()
    until = time.monotonic() + 4
    processes = run_all(
        [(consume, (tmp_path, taken, until))] * 2 + [(produce, (tmp_path, number)) for number in range(2)]
    )
    found = collect(taken, consumers=2)
    for process in processes:
        process.join()
        assert process.exitcode == 0
    assert sorted(found) == sorted(f"{producer}-{number}" for producer in range(2) for number in range(EACH))


def test_a_message_is_invisible_until_it_is_whole(channel: broker.Channel, monkeypatch) -> None:
    """The window that the stock transport leaves open, held open: a consumer looks while the producer still writes."""
    seen = []
    write_text = Path.write_text

    def look_while_writing(path: Path, content: str) -> int:
        path.touch()
        seen.append(channel._size("work"))
        with pytest.raises(Empty):
            channel._get("work")
        return write_text(path, content)

    monkeypatch.setattr(Path, "write_text", look_while_writing)
    channel._put("work", {"id": 1})
    monkeypatch.undo()
    assert seen == [0]
    assert channel._get("work") == {"id": 1}


def test_the_stock_transport_does_lose_the_message_that_is_being_written(tmp_path: Path) -> None:
    """Negative control: why namkhong/broker.py exists. Remove it when kombu writes and renames."""
    folders = {name: str(tmp_path) for name in ("data_folder_in", "data_folder_out", "control_folder")}
    with Connection("filesystem://", transport=filesystem.Transport, transport_options=folders) as connection:
        stock = connection.channel()
        (tmp_path / "1_a.work.msg").touch()  # what the producer's open() leaves before its write()
        with pytest.raises(ValueError, match="Expecting value"):
            stock._get("work")
        assert not (tmp_path / "1_a.work.msg").exists()


def test_messages_come_in_the_order_they_were_sent(channel: broker.Channel) -> None:
    for number in range(12):
        channel._put("work", number)
    assert [channel._get("work") for _ in range(12)] == list(range(12))


def test_a_deleted_folder_is_made_again_by_producer_and_consumer(channel: broker.Channel) -> None:
    channel._put("work", 1)
    shutil.rmtree(channel.folder)
    with pytest.raises(Empty):
        channel._get("work")
    channel._put("work", 2)
    assert channel._get("work") == 2


def test_announcements_still_arrive_after_the_folder_was_deleted(tmp_path: Path) -> None:
    """Celery binds its queues once, at the start; what it bound is written again."""
    exchange = Exchange("news", type="fanout")
    with connect(tmp_path / "broker") as connection:
        queue = Queue("listener", exchange, channel=connection.default_channel)
        queue.declare()
        shutil.rmtree(tmp_path / "broker")
        connection.Producer(exchange=exchange).publish({"heard": True})
        message = queue.get()
        assert message is not None
        assert message.payload == {"heard": True}


def test_a_broken_file_is_dropped_and_the_next_message_comes(channel: broker.Channel) -> None:
    channel._put("work", 1)
    broken = channel._queue_folder("work") / "00000000000000000000.broken.msg"
    broken.write_text('{"half":')
    assert channel._get("work") == 1
    assert not broken.exists()


def test_a_dead_listener_does_not_fill_the_disk(channel: broker.Channel, monkeypatch) -> None:
    monkeypatch.setattr(broker, "ABANDONED", 5)
    channel._queue_bind("news", "", "", "dead")
    for number in range(20):
        channel._put_fanout("news", number, "")
    assert channel._size("dead") == 0
    assert channel.get_table("news") == []


def test_queue_names_cannot_leave_the_folder(channel: broker.Channel) -> None:
    channel._put("../../outside", 1)
    assert channel._get("../../outside") == 1
    assert list(channel.folder.parent.iterdir()) == [channel.folder]


def test_purge_empties_one_queue_only(channel: broker.Channel) -> None:
    channel._put("work", 1)
    channel._put("other", 2)
    assert channel._purge("work") == 1
    assert (channel._size("work"), channel._size("other")) == (0, 1)
