from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "units"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Đơn vị và con người"

    def ready(self):
        # Models and views exist only once the apps are ready.
        from ledger import jobs  # noqa: PLC0415
        from ledger.views import gates  # noqa: PLC0415
        from units.models import RosterApply, RosterCheck  # noqa: PLC0415
        from units.services import rosters, rosterwork  # noqa: PLC0415
        from units.views.gates import factor_given, session_holds  # noqa: PLC0415

        gates.enter("units.session", session_holds)
        gates.enter("units.factor", factor_given)
        jobs.register(rosters.CHECK, RosterCheck, rosterwork.run_check)
        jobs.register(rosters.APPLY, RosterApply, rosterwork.run_apply)
