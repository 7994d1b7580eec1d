"""`make test`: the whole suite twice, embedded and as in production. ARGS go to pytest: make test ARGS="-k pledge".

Usage: scripts/test.py [--only sqlite|postgres] [pytest arguments]
"""

import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from servers import ROOT, embedded, production_servers, stop_on_signals

CLOSING = re.compile(r"\b\d+ (passed|failed|error|skipped|deselected)|no tests ran")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
NO_TESTS = 5


def run_pytest(name: str, environment: dict[str, str], arguments: list[str]) -> tuple[int, str]:
    """Runs pytest, lets its output through, and returns its exit code and its last counts as a line."""
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "worksteal", *arguments]
    if sys.stdout.isatty():
        command.append("--color=yes")
    print(f"\n== {name}", flush=True)
    closing = "nothing"
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        for line in run.stdout:
            sys.stdout.write(line)
            sys.stdout.flush()
            if CLOSING.search(line):
                closing = COLOURS.sub("", line).strip(" =\n")
    return run.returncode, f"{name}: {closing}"


def main() -> None:
    stop_on_signals()
    arguments = sys.argv[1:]
    only = ""
    if "--only" in arguments:
        at = arguments.index("--only")
        only = arguments[at + 1]
        del arguments[at : at + 2]
    results = []
    if only in ("", "sqlite"):
        results.append(run_pytest("SQLite", embedded(), arguments))
    if only in ("", "postgres"):
        with production_servers() as environment:
            # Pages look the same on every database: the browser drives them once, in the first run.
            once = [] if only or "-m" in arguments else ["-m", "not browser"]
            # Nor does what touches no database need a second one.
            second = {} if only else {"NAMKHONG_TEST_SECOND_RUN": "1"}
            results.append(run_pytest("PostgreSQL + Redis", environment | second, [*once, *arguments]))
    print()
    for _, line in results:
        print(line)
    codes = {code for code, _ in results}
    # A selection by ARGS may be empty on one of the two.
    sys.exit(max(codes - {NO_TESTS}, default=NO_TESTS))


if __name__ == "__main__":
    main()
