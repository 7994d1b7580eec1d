"""A PDF that somebody brings back: is it, byte for byte, a paper of ours (rule R28)?

It is hashed as it arrives and kept nowhere. One that is not ours may still say which paper it once was, by the check
code that stands in its description, beside every page and in the seal: then it was changed. Reading a PDF that the
plain bytes do not explain happens in a limited child.
"""

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

CHILD = Path(__file__).with_name("copies_child.py")
LARGEST = 20 * 1024 * 1024
MEMORY_BYTES, CPU_SECONDS, WALL_SECONDS = 768 * 1024**2, 5, 10
# As it stands in the file: a dash may be written as an octal escape.
_CODE = re.compile(rb"(?<![0-9A-Z])(?:[0-9A-HJKMNP-TV-Z]{5}(?:-|\\055)){3}[0-9A-HJKMNP-TV-Z]{5}(?![0-9A-Z])")
# A file that names more papers than this explains nothing.
MOST_CODES = 20


class Copy(UploadedFile):
    """The file that was sent: its bytes in memory (none when too large), its SHA-256 computed while they came."""

    def __init__(self, name: str, body: bytes, sha256: str, size: int):
        super().__init__(None, name, "", size)
        self.body = body
        self.sha256 = sha256

    def codes(self) -> list[str]:
        """The check codes that stand in it, without believing any of them."""
        return _codes(self.body) or _codes_inside(self.body)


class Reception(FileUploadHandler):
    """Takes the bytes as they come and writes none of them to a disk; of more than `LARGEST` it keeps none."""

    def new_file(self, *args, **kwargs) -> None:
        super().new_file(*args, **kwargs)
        self.hash, self.size = hashlib.sha256(), 0
        self.chunks: list[bytes] = []

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.size += len(raw_data)
        if self.size > LARGEST:
            self.chunks.clear()
            return
        self.hash.update(raw_data)
        self.chunks.append(raw_data)

    def file_complete(self, file_size: int) -> Copy:
        return Copy(self.file_name or "", b"".join(self.chunks), self.hash.hexdigest(), file_size)


def _codes(text: bytes) -> list[str]:
    found = dict.fromkeys(match.replace(rb"\055", b"-").decode() for match in _CODE.findall(text))
    return list(found)[:MOST_CODES]


def _codes_inside(body: bytes) -> list[str]:
    """What the child could read: nothing when the PDF is broken, hostile or too slow."""
    try:
        child = subprocess.run(
            [sys.executable, "-s", "-P", "-W", "ignore", str(CHILD), str(MEMORY_BYTES), str(CPU_SECONDS)],
            input=body,
            capture_output=True,
            timeout=WALL_SECONDS,
            env={"LANG": "C.UTF-8"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return []
    if child.returncode:
        return []
    return _codes("\n".join(json.loads(child.stdout)).encode())
