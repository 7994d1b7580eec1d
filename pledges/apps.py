from django.apps import AppConfig


class PledgesConfig(AppConfig):
    name = "pledges"
    verbose_name = "Bản cam kết"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # Models exist only once the apps are ready.
        from campaigns import loader  # noqa: PLC0415
        from ledger import jobs  # noqa: PLC0415
        from pledges.models import PaperJob  # noqa: PLC0415
        from pledges.services import paper, texts  # noqa: PLC0415

        loader.parts.enter(texts.TABLE, texts.load_pledge_texts)
        loader.uses.enter("pledges", texts.rests_on)
        jobs.register(paper.KIND, PaperJob, paper.print_paper)
