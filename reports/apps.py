from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Báo cáo"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from ledger import jobs  # noqa: PLC0415 - models load after the apps
        from reports.models import Rollup  # noqa: PLC0415
        from reports.services import rollups  # noqa: PLC0415

        jobs.register(rollups.KIND, Rollup, rollups.run)
