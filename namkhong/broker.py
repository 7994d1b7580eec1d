"""Celery's embedded broker: messages as files in a folder, made safe.

Kombu's own filesystem transport opens the final name and then writes, so a consumer can take a file that is still
empty, and the message is gone. Here a file gets its name only when it is whole (write, then rename), and who takes a
message is decided by another rename. The folder may vanish at any moment: it is made again. What was in it is found
again by the sweeper, because the broker only carries pokes (rules R01, R05).

Layout: <folder>/messages/<queue>/<time>.<id>.msg and <folder>/bindings/<exchange>/<digest>.
"""

import hashlib
import logging
import shutil
import uuid
from pathlib import Path
from queue import Empty
from time import monotonic_ns
from typing import Any, ClassVar
from urllib.parse import quote

from kombu.transport import filesystem
from kombu.transport.filesystem import exchange_queue_t as Binding
from kombu.utils.json import dumps, loads

logger = logging.getLogger(__name__)

# A live worker empties its queue of announcements five times a second; one that keeps this many is dead.
ABANDONED = 200


def _write_whole(target: Path, content: str) -> None:
    """`target` appears with all of `content` or not at all, even when its folder is deleted meanwhile."""
    draft = target.with_name(f".{uuid.uuid4().hex}.part")
    for attempt in range(3):
        try:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft.write_text(content)
            draft.rename(target)
        except FileNotFoundError:
            if attempt == 2:
                raise
        else:
            return


def _files(folder: Path) -> list[Path]:
    """Whole files of a folder, oldest first; none when the folder is gone."""
    try:
        return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except FileNotFoundError:
        return []


class Channel(filesystem.Channel):
    # What this process has bound, by folder and exchange: written again when the folder was deleted.
    bound: ClassVar[dict[tuple[Path, str], set[Binding]]] = {}

    @property
    def folder(self) -> Path:
        return Path(self.transport_options["folder"])

    def _queue_folder(self, queue: str) -> Path:
        return self.folder / "messages" / quote(queue, safe="@")

    def _exchange_folder(self, exchange: str) -> Path:
        return self.folder / "bindings" / quote(exchange, safe="@")

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        name = f"{monotonic_ns():020d}.{uuid.uuid4().hex}.msg"
        _write_whole(self._queue_folder(queue) / name, dumps(payload))

    def _put_fanout(self, exchange: str, payload: Any, routing_key: str, **kwargs: Any) -> None:
        for binding in self.get_table(exchange):
            if self._size(binding.queue) > ABANDONED:
                self._delete(binding.queue, exchange, binding.routing_key, binding.pattern)
            else:
                self._put(binding.queue, payload)

    def _get(self, queue: str, timeout: Any = None) -> Any:
        for path in _files(self._queue_folder(queue)):
            taken = path.with_name(f".{uuid.uuid4().hex}.taken")
            try:
                path.rename(taken)
                content = taken.read_text()
                taken.unlink()
                return loads(content)
            except FileNotFoundError:
                continue  # another consumer took it, or the folder was deleted
            except ValueError:
                logger.warning("an unreadable message was dropped from queue %s", queue)
        raise Empty

    def _size(self, queue: str) -> int:
        return len(_files(self._queue_folder(queue)))

    def _purge(self, queue: str) -> int:
        found = _files(self._queue_folder(queue))
        for path in found:
            path.unlink(missing_ok=True)
        return len(found)

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        binding = Binding(routing_key or "", pattern or "", queue or "")
        self.bound.setdefault((self.folder, exchange), set()).add(binding)
        self._write_binding(exchange, binding)

    def _binding_file(self, exchange: str, binding: Binding) -> Path:
        name = hashlib.sha256(dumps(list(binding)).encode()).hexdigest()[:32]
        return self._exchange_folder(exchange) / name

    def _write_binding(self, exchange: str, binding: Binding) -> None:
        _write_whole(self._binding_file(exchange, binding), dumps(list(binding)))

    def get_table(self, exchange: str) -> list[Binding]:
        if not self._exchange_folder(exchange).is_dir():
            for binding in self.bound.get((self.folder, exchange), set()):
                self._write_binding(exchange, binding)
        table = []
        for path in _files(self._exchange_folder(exchange)):
            try:
                table.append(Binding(*loads(path.read_text())))
            except (FileNotFoundError, ValueError):
                continue  # unbound meanwhile
        return table

    def _delete(
        self, queue: str, exchange: str, routing_key: str, pattern: str, *args: Any, **kwargs: Any
    ) -> None:
        binding = Binding(routing_key or "", pattern or "", queue or "")
        self.bound.get((self.folder, exchange), set()).discard(binding)
        self._binding_file(exchange, binding).unlink(missing_ok=True)
        shutil.rmtree(self._queue_folder(queue), ignore_errors=True)


class Transport(filesystem.Transport):
    Channel = Channel
