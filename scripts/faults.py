"""`make faults`: the long proofs of tests/faults, whole, on PostgreSQL + Redis. `make test` runs a seeded sample.

A proof tells what it counted by `record_property("injected", n)`, and so for survived, lost and doubled; they are added
up here in one line: `faults: N injected, N survived, L lost, D doubled`.
"""

import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

sys.path.insert(0, str(Path(__file__).resolve().parent))

from servers import ROOT, production_servers, stop_on_signals

COUNTED = ("injected", "survived", "lost", "doubled")


def add_up(report: Path) -> Counter[str]:
    total: Counter[str] = Counter()
    for told in ElementTree.parse(report).iter("property"):  # noqa: S314 - pytest wrote it a moment ago
        if told.get("name") in COUNTED:
            total[str(told.get("name"))] += int(str(told.get("value")))
    return total


def main() -> None:
    stop_on_signals()
    with tempfile.TemporaryDirectory() as folder, production_servers() as environment:
        report = Path(folder) / "report.xml"
        command = [
            sys.executable,
            "-m",
            "pytest",
            "tests/faults",
            "-m",
            "faults",
            "-q",
            f"--junit-xml={report}",
        ]
        code = subprocess.run([*command, *sys.argv[1:]], cwd=ROOT, env=environment, check=False).returncode
        total = add_up(report)
    print("faults: " + ", ".join(f"{total[name]} {name}" for name in COUNTED))
    sys.exit(code or int(total["lost"] + total["doubled"] > 0))


if __name__ == "__main__":
    main()
