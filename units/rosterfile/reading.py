"""A roster file read safely (rules R31, R34): bytes in, a grid of typed cells out, or one sentence why not.

Whatever is parsed is parsed in a child process with limits of memory and time and without our database, settings and
network. What comes back is plain JSON.
"""

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from units.rosterfile.grid import Fault, Mark, Merged, Refused, Row, Sheet, Value
from units.rosterfile.workbook import FILE_BYTES, MIB

__all__ = ["Limits", "Refused", "Row", "Sheet", "read"]

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-s", "-P", "-W", "ignore", "-m", "units.rosterfile.reading_child"]
# Nothing of our environment: no addresses, no keys, no locale; only where the child finds its own modules.
ENVIRONMENT = {
    "PYTHONPATH": str(ROOT),
    "LANG": "C.UTF-8",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    # A second arena of memory would take 64 MiB of the addresses that the child may use.
    "MALLOC_ARENA_MAX": "1",
}


@dataclass(frozen=True)
class Limits:
    """What one file may take. Measured: 30,000 rows of 9 columns take 0.6 s of processor and 90 MB."""

    rows: int = 60_000
    columns: int = 40
    text: int = 500
    memory_bytes: int = 200 * MIB
    cpu_seconds: int = 4
    wall_seconds: float = 30.0


def read(content: bytes, filename: str, limits: Limits | None = None) -> Sheet:
    """The one sheet of an XLSX or CSV file that holds a roster. Raises Refused."""
    if len(content) > FILE_BYTES:
        raise Refused(
            f"Tệp nặng {len(content) / MIB:.1f} MB, quá mức cho phép ({FILE_BYTES // MIB} MB). Hãy chép riêng bảng "
            "danh sách sang một tệp mới, không kèm ảnh, rồi tải lại.".replace(".", ",", 1)
        )
    limits = limits or Limits()
    try:
        child = subprocess.run(
            COMMAND,
            input=job_for_child(content, filename, limits),
            capture_output=True,
            timeout=limits.wall_seconds,
            env=ENVIRONMENT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Refused(_TOO_LONG, f"wall clock {limits.wall_seconds} s") from error
    if child.returncode == 0:
        return _sheet(json.loads(child.stdout))
    raise refusal(child.returncode, child.stderr.decode(errors="replace"))


def job_for_child(content: bytes, filename: str, limits: Limits) -> bytes:
    return json.dumps({"filename": filename, "limits": asdict(limits)}).encode() + b"\n" + content


_TOO_LONG = "Đọc tệp quá lâu nên đã dừng. Hãy chép riêng bảng danh sách sang một tệp mới rồi tải lại."
_TOO_MUCH = (
    "Tệp cần nhiều bộ nhớ hơn mức cho phép: có quá nhiều ô, hoặc có ô nằm rất xa bảng. Hãy chép riêng bảng danh sách "
    "sang một tệp mới rồi tải lại."
)


def refusal(exit_code: int, said: str) -> Refused:
    """What a child that ended so, having said this, means for the person."""
    if exit_code == 3:
        return Refused(*json.loads(said.strip().rpartition("\n")[2])["refused"])
    if exit_code in (-9, -24):
        return Refused(_TOO_LONG, f"killed by signal {-exit_code}")
    if exit_code in (4, -6, -11):
        return Refused(_TOO_MUCH, said[-500:])
    return Refused("Không đọc được tệp này như một bảng tính.", f"exit {exit_code}: {said[-2000:]}")


def _sheet(answer: dict) -> Sheet:
    values = [_value(value) for value in answer["values"]]
    return Sheet(
        name=answer["name"],
        headings_row=answer["headings_row"],
        headings=answer["headings"],
        rows=[Row(codes[0], [values[at] for at in codes[1:]]) for codes in answer["rows"]],
        marks={(line, column): Mark(kind, detail) for line, column, kind, detail in answer["marks"]},
        merged=[Merged(*block) for block in answer.get("merged", ())],
        hidden_rows=[(first, last) for first, last in answer.get("hidden_rows", ())],
        hidden_columns=frozenset(answer.get("hidden_columns", ())),
        faults=[_hidden_sheet(name) for name in answer.get("hidden_sheets", ())],
    )


def _value(value) -> Value:
    return date.fromisoformat(value["d"]) if isinstance(value, dict) else value


def _hidden_sheet(name: str) -> Fault:
    return Fault(
        f"{name[:31]}!A1",
        0,
        "hidden_sheet",
        f"Trang tính “{name[:31]}” đang bị ẩn mà cũng chứa danh sách. Hãy xóa trang này, hoặc bỏ ẩn và gộp vào bảng.",
    )
