from django.core.management.base import BaseCommand, CommandError

from ledger import seal
from ledger.models import Event, Seal


class Command(BaseCommand):
    help = "Kiểm tra nhật ký: sự kiện bị sửa, bị xóa, đổi chỗ, đuôi bị cắt, chưa đóng dấu. Khác 0 khi có lỗi."

    def handle(self, *args, **options):
        found = list(seal.problems())
        if found:
            raise CommandError("\n".join(found))
        self.stdout.write(f"Nhật ký nguyên vẹn: {Event.objects.count()} sự kiện, {Seal.objects.count()} dấu.")
