from django.apps import AppConfig


class PledgesConfig(AppConfig):
    name = "pledges"
    verbose_name = "Bản cam kết"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # Models exist only once the apps are ready.
        from campaigns import loader  # noqa: PLC0415
        from ledger import jobs  # noqa: PLC0415
        from pledges import movers, rosters  # noqa: PLC0415
        from pledges.models import PaperJob  # noqa: PLC0415
        from pledges.services import paper, texts  # noqa: PLC0415
        from units.reorganisation import register  # noqa: PLC0415
        from units.rosterfile import undoing  # noqa: PLC0415

        loader.parts.enter(texts.TABLE, texts.load_pledge_texts)
        loader.uses.enter("pledges", texts.rests_on)
        register.movers.enter("pledges.pledge", register.Mover(movers.LABEL, movers.move, movers.undo))
        undoing.dependants.enter("pledges.pledge", rosters.signed_since)
        jobs.register(paper.KIND, PaperJob, paper.print_paper, queue=jobs.PAPERS)
