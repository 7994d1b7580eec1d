from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "units"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Đơn vị và con người"
