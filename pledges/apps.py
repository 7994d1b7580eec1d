from django.apps import AppConfig


class PledgesConfig(AppConfig):
    name = "pledges"
    verbose_name = "Bản cam kết"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # Models exist only once the apps are ready.
        from campaigns import loader  # noqa: PLC0415
        from ledger import jobs  # noqa: PLC0415
        from notices import letters  # noqa: PLC0415
        from pledges import listmovers, movers, reminding, reviewmovers, rosters  # noqa: PLC0415
        from pledges.models import BlankForm, BookJob, BulkConfirmation, PaperJob, SigningDraft  # noqa: PLC0415
        from pledges.services import (  # noqa: PLC0415
            blankforms,
            books,
            bulk,
            bulkwork,
            drives,
            paper,
            signedfiles,
            terms,
            texts,
        )
        from units.reorganisation import register  # noqa: PLC0415
        from units.rosterfile import undoing  # noqa: PLC0415

        loader.parts.enter(texts.TABLE, texts.load_pledge_texts)
        loader.parts.enter(drives.TABLE, drives.load_drives)
        loader.parts.enter(terms.TABLE, terms.load_review_term)
        loader.uses.enter("pledges", texts.rests_on)
        on_lists = register.Mover(listmovers.LABEL, listmovers.move, listmovers.undo)
        register.movers.enter("pledges.pledge", register.Mover(movers.LABEL, movers.move, movers.undo))
        looks_back = register.Mover(reviewmovers.LABEL, reviewmovers.move, reviewmovers.undo)
        register.movers.enter("pledges.selfreview", looks_back)
        register.movers.enter("pledges.signedlist", on_lists)
        undoing.dependants.enter("pledges.pledge", rosters.signed_since)
        jobs.register(paper.KIND, PaperJob, paper.print_paper, queue=jobs.PAPERS)
        jobs.register(bulk.KIND, BulkConfirmation, bulkwork.run_bulk)
        jobs.register(books.KIND, BookJob, books.make_book)
        jobs.register(blankforms.KIND, BlankForm, blankforms.print_blank, queue=jobs.PAPERS)
        jobs.register(signedfiles.KIND, SigningDraft, signedfiles.print_draft, queue=jobs.PAPERS)
        letters.still.enter(reminding.OWN, reminding.still_open)
        letters.still.enter(reminding.HEAD, reminding.still_asked)
        for kind in (reminding.ABOVE, reminding.HOME_AFFAIRS):
            letters.still.enter(kind, reminding.still_in_office)
