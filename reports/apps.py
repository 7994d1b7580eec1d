from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Báo cáo"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from ledger import jobs  # noqa: PLC0415 - models load after the apps
        from reports import movers  # noqa: PLC0415
        from reports.models import Rollup  # noqa: PLC0415
        from reports.services import rollups  # noqa: PLC0415
        from units.reorganisation import register  # noqa: PLC0415

        register.movers.enter("reports.unitreport", register.Mover(movers.LABEL, movers.move, movers.undo))
        jobs.register(rollups.KIND, Rollup, rollups.run)
