"""One roster imported by a process of its own, as a worker would; prints its peak memory and that of its reader in MiB.

Used by bench_roster_import. Usage: python -m bench.roster_worker FILE UNIT_ID USER_ID
"""

import logging
import resource
import sys
from pathlib import Path

import django

django.setup()

from bench.rosters import DAY  # noqa: E402
from ledger import jobs  # noqa: E402 - after the settings
from units.models import RosterUpload, Unit, User  # noqa: E402
from units.services import rosters  # noqa: E402


def import_roster(unit: Unit, by: User, content: bytes) -> RosterUpload:
    """From the file to the applied act: what the request does, then both jobs."""
    upload = rosters.upload_roster(
        unit=unit, content=content, filename="danh-sach.xlsx", on=DAY, complete=False, by=by
    )
    jobs.run(rosters.CHECK, upload.checks.get().pk)
    upload.refresh_from_db()
    job = rosters.apply_roster(upload=upload, digest=rosters.digest_of(upload), by=User.objects.get(pk=by.pk))
    jobs.run(rosters.APPLY, job.pk)
    upload.refresh_from_db()
    assert upload.status == RosterUpload.Status.APPLIED, (upload.status, upload.counts)
    return upload


def main() -> None:
    logging.disable(logging.WARNING)
    file, unit_id, user_id = sys.argv[1:]
    import_roster(Unit.objects.get(pk=unit_id), User.objects.get(pk=user_id), Path(file).read_bytes())
    # The kernel's maximum of a process begins with the size of whoever started it; this one with the program.
    status = Path("/proc/self/status").read_text()
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    print(peak // 1024, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)


if __name__ == "__main__":
    main()
