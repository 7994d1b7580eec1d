from django.conf import settings
from django.core.management.base import BaseCommand

from documents.seal_keys import has_own_key, make_own_key


class Command(BaseCommand):
    help = "Tạo khóa và chứng thư tự lập để đóng chữ ký số của hệ thống; đã có thì giữ nguyên."

    def handle(self, *args, **options):
        if settings.SEAL_PKCS12:
            self.stdout.write("Cổng dùng khóa ghi ở NAMKHONG_SEAL_PKCS12; không tạo khóa khác.")
        elif has_own_key():
            self.stdout.write(f"Đã có khóa trong {settings.SEAL_FOLDER}.")
        else:
            make_own_key()
            self.stdout.write(f"Đã tạo khóa trong {settings.SEAL_FOLDER}. Sao lưu thư mục này ở nơi an toàn.")
