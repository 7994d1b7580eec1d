from django.apps import AppConfig


class VietnameseConfig(AppConfig):
    name = "vietnamese"
    verbose_name = "Chữ, ngày và số tiếng Việt"
