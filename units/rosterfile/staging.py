"""Rows and faults of an upload into their tables, all at once; what an earlier check left there goes."""

import json
from itertools import islice

from ledger.copying import copy_rows
from units.models import RosterFault, RosterRow, RosterUpload
from units.rosterfile.compare import Staged
from units.rosterfile.grid import Fault

COLUMNS = (
    *(
        "line",
        "code",
        "full_name",
        "search_key",
        "sort_key",
        "birth_year",
        "job_title",
        "category",
        "contract_id",
    ),
    *("contract_until", "since", "unit_id", "user_id", "action", "before", "upload_id"),
)
# Nobody mends ten thousand cells by hand: the rest is counted.
MOST_FAULTS = 10_000
NOTHING = "{}"


def stage(upload: RosterUpload, rows: list[Staged], faults: list[Fault]) -> None:
    """Inside the transaction that says what the check found."""
    RosterRow.objects.filter(upload=upload)._raw_delete("default")
    RosterFault.objects.filter(upload=upload)._raw_delete("default")
    copy_rows(
        RosterRow._meta.db_table,
        COLUMNS,
        [
            (*row[:14], json.dumps(row[14], ensure_ascii=False) if row[14] else NOTHING, upload.pk)
            for row in rows
        ],
    )
    RosterFault.objects.bulk_create(
        [
            RosterFault(
                upload=upload, cell=fault.cell, line=fault.line, code=fault.code, message=fault.message[:500]
            )
            for fault in islice(faults, MOST_FAULTS)
        ],
        batch_size=1000,
    )
