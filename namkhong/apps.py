from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class NamkhongConfig(AppConfig):
    name = "namkhong"
    verbose_name = "Năm Không"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Both need the models: Django registers checks on import, and permissions.py enters the policy.
        from namkhong import checks, permissions  # noqa: F401, PLC0415


class UsedStaticFiles(StaticFilesConfig):
    """Of the packages' files, collectstatic takes those that pages use: a second instead of a minute."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        *("bootstrap-*", "*.rtl.*", "*.esm.*", "bootstrap.css*", "bootstrap.js*"),
        *("bootstrap.min.js*", "bootstrap.bundle.js*"),
        *("htmax-*", "htmx-4*", "ext", "django_tables2", "import_export"),
    ]
