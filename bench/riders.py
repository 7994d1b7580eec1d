"""Browsers without a screen: requests written out beforehand, answers read as bytes, all in one process.

A rider keeps one connection open and sends one request after another, as a browser does. Costs some 0.15 ms of
processor time a request, so that on two cores nearly all is the portal's.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
COOKIE = re.compile(rb"\r\nset-cookie: *([^=]+)=([^;]*)", re.IGNORECASE)
LOCATION = re.compile(rb"\r\nlocation: *([^\r]+)", re.IGNORECASE)
CLOSES = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
Given = TypeVar("Given")
HIDDEN = re.compile(rb'<input type="hidden" name="([a-z0-9_]+)" value="([^"]*)"')


def hidden(page: bytes) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in HIDDEN.findall(page)}


@dataclass
class Answer:
    status: int
    head: bytes
    body: bytes
    seconds: float

    @property
    def location(self) -> str:
        found = LOCATION.search(self.head)
        return found.group(1).decode() if found else ""

    @property
    def cookies(self) -> dict[str, str]:
        return {name.decode(): value.decode() for name, value in COOKIE.findall(self.head)}

    @property
    def hidden(self) -> dict[str, str]:
        """The hidden fields of the page's forms: the key of the submission, the token, the digest of the text."""
        return hidden(self.body)


def request(method: str, path: str, cookies: dict[str, str], fields: dict[str, str] | None = None) -> bytes:
    body = urlencode(fields).encode() if fields is not None else b""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept-Language: vi"]
    if cookies:
        lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in cookies.items()))
    if fields is not None:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Rider:
    """One connection, opened again where the server closed it between two requests."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def send(self, said: bytes) -> Answer:
        begin = time.perf_counter()
        for _attempt in range(3):
            if self.reader is None or self.reader.at_eof():
                self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
            try:
                return await self._ask(said, begin)
            except (asyncio.IncompleteReadError, ConnectionError):
                # Kept open too long for the server; the request carries its key, so once more is harmless.
                self.close()
        raise ConnectionError("the portal does not answer")

    async def _ask(self, said: bytes, begin: float) -> Answer:
        assert self.reader is not None
        assert self.writer is not None
        self.writer.write(said)
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = LENGTH.search(head)
        body = await self.reader.readexactly(int(length.group(1))) if length else b""
        if CLOSES.search(head):
            self.close()
        return Answer(int(head[9:12]), head, body, time.perf_counter() - begin)

    def close(self) -> None:
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None


def ride(
    port: int, riders: int, trips: Iterator[Any], trip: Callable[[Rider, Any], Awaitable[Given]]
) -> tuple[list[Given], float]:
    """`trip(rider, one)` for every one of `trips`, so many at a time; what they gave, and seconds in all."""

    async def work(given: list[Given]) -> None:
        rider = Rider(port)
        for one in trips:
            given.append(await trip(rider, one))  # noqa: PERF401 - one after the other
        rider.close()

    async def all_of_them() -> tuple[list[Given], float]:
        given: list[Given] = []
        begin = time.perf_counter()
        await asyncio.gather(*(work(given) for _ in range(riders)))
        return given, time.perf_counter() - begin

    return asyncio.run(all_of_them())
