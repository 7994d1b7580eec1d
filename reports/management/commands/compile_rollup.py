import os
import tempfile
import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from documents.services import PaperDamaged, read_paper
from ledger import jobs
from ledger.workflow import StepRefused
from reports.models import ReportingRound, Rollup
from reports.services import rollups

# A worker that is awake takes the job within a second; then this process only watches.
WORKER_SECONDS = 3.0
LOOK_AGAIN = 0.3


class Command(BaseCommand):
    help = "Tổng hợp một kỳ báo cáo và ghi bản PDF ra tệp: cùng một việc như nút “Tổng hợp” trên Cổng."

    def add_arguments(self, parser):
        parser.add_argument("--round", required=True, help="mã kỳ báo cáo, ví dụ BC2026")
        parser.add_argument("--output", required=True, type=Path, help="tệp PDF sẽ ghi")
        parser.add_argument(
            "--fresh", action="store_true", help="lập lại văn bản từ số liệu hiện có, không lưu gì trên Cổng"
        )

    def handle(self, *args, **options):
        reporting_round = self._round(options["round"])
        try:
            body = self._fresh(reporting_round) if options["fresh"] else self._stored(reporting_round)
            _write(options["output"], body)
        except rollups.NotCompiled as refusal:
            raise CommandError(refusal.sentence) from refusal
        except (PaperDamaged, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Đã ghi {options['output']} ({len(body)} byte).")

    def _round(self, code: str) -> ReportingRound:
        found = ReportingRound.objects.select_related("campaign").filter(code=code).first()
        if found is None:
            known = ", ".join(ReportingRound.objects.order_by("-due_on").values_list("code", flat=True))
            raise CommandError(f"Không có kỳ báo cáo “{code}”. Các kỳ đã mở: {known or 'chưa có kỳ nào'}.")
        return found

    def _fresh(self, reporting_round: ReportingRound) -> bytes:
        return rollups.fresh(reporting_round=reporting_round)

    def _stored(self, reporting_round: ReportingRound) -> bytes:
        rollup = self._wait(self._queued(reporting_round))
        if rollup.paper is None:
            raise CommandError(rollup.error or f"Lần tổng hợp đã dừng: {rollup.get_status_display()}.")
        return read_paper(rollup.paper)

    def _queued(self, reporting_round: ReportingRound) -> Rollup:
        """A new compilation, or the one already under way."""
        try:
            return rollups.compile_rollup(reporting_round=reporting_round, by=None)
        except StepRefused as refusal:
            running = rollups.active(reporting_round)
            if running is None:
                raise CommandError(str(refusal)) from refusal
            self.stdout.write(str(refusal))
            return running

    def _wait(self, rollup: Rollup) -> Rollup:
        """Until it is over; the work is done here when no worker takes it, or when its worker died."""
        here_from = time.monotonic() + WORKER_SECONDS
        said = ""
        while not rollup.is_over:
            if time.monotonic() < here_from or not jobs.run(rollups.KIND, rollup.pk):
                time.sleep(LOOK_AGAIN)
            rollup.refresh_from_db()
            if rollup.message and rollup.message != said:
                said = rollup.message
                self.stdout.write(f"Bước {rollup.step}/{rollup.steps}: {said}")
        return rollup


def _write(target: Path, body: bytes) -> None:
    """The file appears whole or not at all (rule R14)."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    with os.fdopen(handle, "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(target)
