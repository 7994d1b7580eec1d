from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = "Cuộc vận động"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # Models exist only once the apps are ready.
        from campaigns import movers  # noqa: PLC0415
        from units.reorganisation import register  # noqa: PLC0415

        register.movers.enter("campaigns.unitplan", register.Mover(movers.LABEL, movers.move, movers.undo))
