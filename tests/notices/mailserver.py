"""A real SMTP server on loopback, as small as a test needs: it keeps what it accepted and refuses whom it is told."""

import contextlib
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Mailbox:
    """What the server was given. `refuse`: address → answer to RCPT; `at_data`: answer to the letter itself, or
    “hang up” after it was read and before anything was answered.
    """

    port: int = 0
    letters: list[tuple[str, EmailMessage]] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    at_data: str = ""
    seen: int = 0
    after_accepting: threading.Event | None = None

    def to(self, address: str) -> list[EmailMessage]:
        return [letter for receiver, letter in self.letters if receiver == address]

    @property
    def receivers(self) -> list[str]:
        return sorted(receiver for receiver, _letter in self.letters)


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        box: Mailbox = self.server.box  # type: ignore[attr-defined]
        receiver = ""
        self._say("220 mail.test ESMTP")
        while line := self.rfile.readline():
            word = line.decode(errors="replace").strip()
            verb = word[:4].upper()
            if verb == "QUIT":
                self._say("221 bye")
                return
            if verb == "RCPT":
                receiver = word.partition("<")[2].partition(">")[0]
                self._say(box.refuse.get(receiver, "250 ok"))
            elif verb == "DATA":
                self._say("354 go on")
                body = self._letter()
                box.seen += 1
                if box.at_data == "hang up":
                    return
                if box.at_data:
                    self._say(box.at_data)
                    continue
                box.letters.append((receiver, message_from_bytes(body, policy=policy.default)))
                if box.after_accepting is not None:
                    box.after_accepting.wait(30)
                self._say("250 kept")
            else:
                self._say("250 ok")

    def _letter(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines).replace(b"\r\n", b"\n")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    box: Mailbox


@contextlib.contextmanager
def mail_server(box: Mailbox) -> Iterator[Mailbox]:
    """Serves on loopback until the block ends; on `box.port` where it is given."""
    with _Server(("127.0.0.1", box.port), _Talk) as server:
        server.box = box
        box.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield box
        finally:
            server.shutdown()
            thread.join()
