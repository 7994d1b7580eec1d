from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "documents"
    verbose_name = "Văn bản"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # Models exist only once the apps are ready.
        from documents.models import SlipJob  # noqa: PLC0415
        from documents.services import slips  # noqa: PLC0415
        from ledger import jobs  # noqa: PLC0415

        jobs.register(slips.KIND, SlipJob, slips.print_slips)
