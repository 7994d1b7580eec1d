"""Reads a TOML file so that every fault found in it, now or later, can be told with its line."""

import hashlib
import re
import tomllib
import unicodedata
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

_TABLE = re.compile(r"\s*\[\[?\s*([\w-]+)\s*\]")
_KEY = re.compile(r"\s*([\w-]+)\s*=")
_LONG_QUOTE = re.compile(r'"""|' + "'''")
_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")

Place = tuple[str, int, str]


class Fault(Exception):
    """One thing wrong at the n-th occurrence (from 0) of a table, at one of its keys; told in Vietnamese."""

    def __init__(self, table: str, index: int, key: str, sentence: str):
        super().__init__(sentence)
        self.table, self.index, self.key, self.sentence = table, index, key, sentence


class BrokenFile(Exception):
    """The file cannot be loaded, and nothing of it was. `str(error)`: one line a fault, with file and line."""

    def __init__(self, name: str, faults: list[tuple[int, str]]):
        told = [
            f"{name}, dòng {line}: {sentence}" if line else f"{name}: {sentence}" for line, sentence in faults
        ]
        super().__init__("\n".join(told))
        self.faults = faults


@dataclass(frozen=True)
class DataFile:
    """A file as read: `data` as tomllib gives it, texts in NFC, and where in the file each of it stands."""

    name: str
    data: dict[str, Any]
    places: dict[Place, int]
    sha256: str

    def line(self, table: str, index: int = 0, key: str = "") -> int:
        """Line of a key; of its table when the key is absent; 0 when the table is."""
        return self.places.get((table, index, key)) or self.places.get((table, index, ""), 0)

    def broken(self, faults: list[Fault]) -> BrokenFile:
        told = [(self.line(fault.table, fault.index, fault.key), fault.sentence) for fault in faults]
        return BrokenFile(self.name, sorted(told))


def read(path: Path) -> DataFile:
    """Raises BrokenFile when the file is absent, is not UTF-8 or is not TOML."""
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8")
        data = tomllib.loads(text, parse_float=Decimal)
    except OSError as error:
        raise BrokenFile(path.name, [(0, f"không đọc được tệp ({path}).")]) from error
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BrokenFile(path.name, [(line, "có chữ không phải UTF-8. Lưu lại tệp với mã UTF-8.")]) from error
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(path.name, text, str(error)) from error
    return DataFile(path.name, _composed(data), locate(text), hashlib.sha256(raw).hexdigest())


def _not_toml(name: str, text: str, message: str) -> BrokenFile:
    lines = text.split("\n")
    found = _PLACE.search(message)
    line, column = (int(found[1]), int(found[2])) if found else (len(lines), 1)
    content = lines[line - 1].strip()
    what = "ngày giờ không có trong lịch" if "Invalid date" in message else "không đúng cú pháp TOML"
    return BrokenFile(name, [(line, f"{what} ở cột {column}: {content[:80]}")])


def _composed(value: Any) -> Any:
    """The same words, their letters in NFC (rule R34); nothing else of a quoted text is touched."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [_composed(one) for one in value]
    if isinstance(value, dict):
        return {key: _composed(one) for key, one in value.items()}
    return value


def locate(text: str) -> dict[Place, int]:
    """Line of each table (key "") and of each key, by table and occurrence; what stands inside long strings is text."""
    places: dict[Place, int] = {}
    seen: Counter[str] = Counter()
    table, index, quote = "", 0, ""
    for number, line in enumerate(text.split("\n"), 1):
        if quote:
            quote = _open_quote(line, quote)
            continue
        if found := _TABLE.match(line):
            table, index = found[1], seen[found[1]]
            seen[table] += 1
            places[table, index, ""] = number
        elif found := _KEY.match(line):
            places[table, index, found[1]] = number
            quote = _open_quote(line, "")
    return places


def _open_quote(line: str, quote: str) -> str:
    """The long quotation mark that is still open at the end of the line; empty when none is."""
    while True:
        if quote:
            _, found, line = line.partition(quote)
            if not found:
                return quote
            quote = ""
        elif opening := _LONG_QUOTE.search(line):
            quote, line = opening[0], line[opening.end() :]
        else:
            return ""
