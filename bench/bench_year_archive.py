"""Memory of packing a year's sealed pledges into one ZIP: 30,000 against 3,000 (feature S22).

The peak of the process that packs, so it is run small first. The files are stand-ins of 20 KB kept through the vault; a
few hundred of them stand for all, because what is measured is what a pledge costs in memory, not how fast a disk is.
Usage: python -m bench.bench_year_archive [PLEDGES]
"""

import random
import resource
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402 - needs the settings
from django.db import connection  # noqa: E402

from bench.organisation import fill, settle  # noqa: E402
from campaigns.models import Campaign  # noqa: E402
from documents import vault  # noqa: E402
from documents.models import Paper  # noqa: E402
from pledges import archive  # noqa: E402
from pledges.models import BookJob, Pledge, PledgeText  # noqa: E402
from units.models import Employment, Unit  # noqa: E402

NAME, GOAL, FLOOR = "year-archive", 1.3, 1.6
DAY, MOMENT = date(2026, 11, 15), datetime(2026, 3, 2, 2, tzinfo=UTC)
FILES, SIZE, BATCH = 300, 20_000, 2000


def stored() -> list[tuple[str, str]]:
    chance = random.Random(2607)
    bodies = (b"%PDF-1.7\n" + chance.randbytes(SIZE) for _ in range(FILES))
    return [(vault.keep(body), vault.sha256_of(body)) for body in bodies]


def pledge(text: PledgeText, year: int, people: int, files: list[tuple[str, str]]) -> None:
    who = Employment.objects.order_by("pk").values_list("user_id", "unit_id", "user__full_name")
    rows = list(who[:people])
    for start in range(0, len(rows), BATCH):
        papers = Paper.objects.bulk_create(
            Paper(
                kind="pledge", title="", object_kind="bench", object_id="", sha256=files[at % FILES][1], size=SIZE,
                pages=1, path=files[at % FILES][0], manifest_sha256="", effect=f"bench:{year}:{at}", created_at=MOMENT,
            )
            for at in range(start, min(start + BATCH, len(rows)))
        )  # fmt: skip
        Pledge.objects.bulk_create(
            Pledge(
                campaign=text.campaign, year=year, user_id=user_id, unit_id=unit_id, signing_unit_id=unit_id,
                category="vien_chuc", text=text, status="complete", signed_at=MOMENT, completed_at=MOMENT,
                content={"person": {"name": name, "post": "Viên chức"}}, sha256="", paper=paper,
                check_code=f"{paper.pk:020}",
            )
            for (user_id, unit_id, name), paper in zip(rows[start : start + BATCH], papers, strict=True)
        )  # fmt: skip


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def packed(text: PledgeText, year: int, folder: Path) -> float:
    """Peak of this process after packing that year, in MB."""
    job = BookJob(campaign=text.campaign, year=year, unit=Unit.objects.get(pk=1), form="archive")
    begin = time.perf_counter()
    made = archive.pack(job, folder / "made", DAY, lambda done: None)
    size = (folder / "made").stat().st_size / 1e6
    took = time.perf_counter() - begin
    print(
        f"{made.pledges} pledges, {made.files} files, {size:.0f} MB in {took:.1f} s: peak {peak_mb():.0f} MB"
    )
    return peak_mb()


def measure(people: int, folder: Path) -> float:
    settings.MEDIA_ROOT = folder / "papers"
    fill(people)
    campaign = Campaign.objects.create(
        code="bench", decision_on=DAY, since=DAY, report_due_month=11, report_due_day=15
    )
    text = PledgeText.objects.create(
        campaign=campaign, version=1, subject="", intro="", own_words_label="", closing=""
    )
    files = stored()
    pledge(text, 2025, people // 10, files)
    pledge(text, 2026, people, files)
    settle()
    few = packed(text, 2025, folder)
    return packed(text, 2026, folder) / few


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 30_000
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        with tempfile.TemporaryDirectory() as folder:
            ratio = measure(people, Path(folder))
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
    print(f"bench {NAME}: ratio {ratio:.2f} (goal {GOAL}, floor {FLOOR})")
    sys.exit(ratio > FLOOR)


if __name__ == "__main__":
    main()
