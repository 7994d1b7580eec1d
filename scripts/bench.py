"""`make bench`: every bench/bench_*.py in turn, on a PostgreSQL of its own. ARGS are words of names: ARGS=rollup.

Each prints as its last line `bench NAME: ratio R (goal G, floor F)`; these lines are repeated at the end. A ratio on
the wrong side of its floor is the benchmark's own non-zero exit.
"""

import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from servers import ROOT, production_servers, stop_on_signals


def run_one(file: Path, environment: dict[str, str]) -> tuple[int, str]:
    print(f"\n== {file.name}", flush=True)
    last = ""
    command = [sys.executable, "-m", f"bench.{file.stem}"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        for line in run.stdout:
            sys.stdout.write(line)
            sys.stdout.flush()
            last = line.strip() or last
    return run.returncode, last


def main() -> None:
    stop_on_signals()
    words = sys.argv[1:]
    files = [
        file
        for file in sorted((ROOT / "bench").glob("bench_*.py"))
        if not words or any(word in file.stem for word in words)
    ]
    with production_servers() as environment:
        settings = environment | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
        results = [(file.stem, *run_one(file, settings)) for file in files]
    print()
    for name, code, line in results:
        print(line if code == 0 else f"{name}: exit {code}; {line}")
    sys.exit(any(code for _, code, _ in results))


if __name__ == "__main__":
    main()
