import argparse
import json
from collections import Counter
from datetime import date

from django.core.management.base import BaseCommand

from ledger import clock
from units.models import Unit
from vietnamese.dates import parse_date


def _day(text: str) -> date:
    try:
        return parse_date(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


class Command(BaseCommand):
    help = "In số đơn vị đang hoạt động vào một ngày, theo loại, là một đối tượng JSON."

    def add_arguments(self, parser):
        parser.add_argument("--on", type=_day, help="ngày, ví dụ 2019-06-01 hoặc 1/6/2019 (mặc định hôm nay)")

    def handle(self, *args, **options):
        living = Counter(Unit.objects.on(options["on"] or clock.today()).values_list("kind", flat=True))
        counts = {kind: living[kind] for kind in Unit.Kind.values if living[kind]}
        self.stdout.write(json.dumps(counts, ensure_ascii=False))
