from django.db import models

from ledger.queries import JobQuerySet


class PaperQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Bytes are served by the owning app under its own permission; this floor lists papers to nobody."""
        return self.none()


class SlipJobQuerySet(JobQuerySet):
    def visible_to(self, user):
        """Only who ordered the slips: a file of codes is for the hands that give them out."""
        return self.filter(by_id=user.pk) if user.is_authenticated else self.none()
