"""The process that reads a stranger's PDF, alone: no Django, no database, no network; memory and time are limited.

Reads the file from standard input and prints, as a JSON list, the short strings of it that could hold a check code: its
description and what stands in its signatures. See `documents.copies`.
"""

import ctypes
import io
import json
import os
import resource
import sys

CLONE_NEWNET = 0x40000000
MOST_OBJECTS, LONGEST = 5_000, 20_000


def confine(memory_bytes: int, cpu_seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    ctypes.CDLL(None).unshare(CLONE_NEWNET)


def strings_of(body: bytes) -> list[str]:
    import pikepdf  # noqa: PLC0415 - loaded after the limits are set

    found = []
    with pikepdf.open(io.BytesIO(body)) as pdf:
        for number, one in enumerate(pdf.objects):
            if number > MOST_OBJECTS:
                break
            if not isinstance(one, (pikepdf.Dictionary, pikepdf.Stream)):
                continue
            found += [str(value)[:LONGEST] for value in one.values() if isinstance(value, pikepdf.String)]
            if isinstance(one, pikepdf.Stream) and one.get("/Type") == "/Metadata":
                found.append(one.read_bytes()[:LONGEST].decode(errors="replace"))
    return found


def main() -> None:
    confine(int(sys.argv[1]), int(sys.argv[2]))
    body = sys.stdin.buffer.read()
    sys.stdout.write(json.dumps(strings_of(body)))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
